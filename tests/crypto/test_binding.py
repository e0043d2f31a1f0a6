from typing import Any

import pytest

from kith_crypto.binding import sign_binding, verify_binding
from kith_crypto.ed25519 import SigningKey, parse_verify_key
from kith_crypto.errors import SignatureError
from kith_testing.correspondence import CONVERSATION, MENTEE, MENTOR, NODE, OFFER

RIGHT: dict[str, Any] = {
    "conversation": CONVERSATION,
    "mentor_key": MENTOR.verify_key,
    "mentee_key": MENTEE.verify_key,
    "knock_hash": bytes(32),
}


def test_the_binding_is_that_of_the_vectors(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    keys = {
        name: SigningKey.from_seed(bytes.fromhex(key["seed"]))
        for name, key in vectors["keys"].items()
    }
    parts: dict[str, Any] = {
        "conversation": bytes.fromhex(vectors["conversation"]),
        "mentor_key": keys["mentor"].verify_key,
        "mentee_key": keys["mentee"].verify_key,
        "knock_hash": bytes.fromhex(vectors["knock"]["core_hash"]),
    }
    binding = sign_binding(keys["offer"], **parts)
    assert binding.hex() == vectors["binding"]
    verify_binding(parse_verify_key(keys["offer"].verify_key), binding, **parts)


def test_a_binding_holds_for_one_conversation_knock_and_pair_of_keys_only() -> None:
    binding = sign_binding(OFFER, **RIGHT)
    verify_binding(OFFER.verify_key, binding, **RIGHT)
    attempts = [
        (NODE.verify_key, binding, RIGHT),
        (OFFER.verify_key, binding + b"\0", RIGHT),
        (OFFER.verify_key, binding, {**RIGHT, "conversation": bytes(16)}),
        (OFFER.verify_key, binding, {**RIGHT, "mentor_key": NODE.verify_key}),
        (OFFER.verify_key, binding, {**RIGHT, "mentee_key": NODE.verify_key}),
        (OFFER.verify_key, binding, {**RIGHT, "knock_hash": b"x" * 32}),
    ]
    for key, signature, parts in attempts:
        with pytest.raises(SignatureError, match=r"\AEd25519 verification failed\Z"):
            verify_binding(key, signature, **parts)


def test_swapping_the_two_sides_gives_another_binding() -> None:
    swapped = {
        **RIGHT,
        "mentor_key": MENTEE.verify_key,
        "mentee_key": MENTOR.verify_key,
    }
    with pytest.raises(SignatureError):
        verify_binding(OFFER.verify_key, sign_binding(OFFER, **swapped), **RIGHT)


def test_equal_keys_are_refused_even_when_signed() -> None:
    equal = {**RIGHT, "mentee_key": MENTOR.verify_key}
    with pytest.raises(ValueError, match="different keys"):
        sign_binding(OFFER, **equal)
    message = b"kith/bind/v1\0" + CONVERSATION + MENTOR.verify_key * 2 + bytes(32)
    with pytest.raises(SignatureError):
        verify_binding(OFFER.verify_key, OFFER.sign(message), **equal)


@pytest.mark.parametrize("parts", [{"conversation": b""}, {"knock_hash": bytes(31)}])
def test_parts_of_another_size_are_mistakes_in_the_program(parts: Any) -> None:
    with pytest.raises(ValueError):
        sign_binding(OFFER, **{**RIGHT, **parts})
