from typing import Any

import pytest

from kith_crypto import safety_words, signin
from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import KeyRefusedError
from kith_crypto.safety_words import SafetyWords, derive_safety_words
from kith_crypto.words import WORDS


def _told(vectors: Any) -> dict[str, Any]:
    keys = {
        name: SigningKey.from_seed(bytes.fromhex(vectors["keys"][name]["seed"])).verify_key
        for name in ("mentee", "mentor")
    }
    return {
        "mentee_key": keys["mentee"],
        "mentor_key": keys["mentor"],
        "conversation": bytes.fromhex(vectors["conversation"]),
        "knock_hash": bytes.fromhex(vectors["knock"]["core_hash"]),
        "answer_hash": bytes.fromhex(vectors["answer"]["core_hash"]),
    }


def test_the_words_are_those_of_the_vectors(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    derived = derive_safety_words(**_told(vectors))
    assert list(derived.words) == vectors["safety_words"]["words"]
    assert list(derived.numbers) == vectors["safety_words"]["numbers"]
    assert [WORDS[int(number)] for number in derived.numbers] == list(derived.words)
    assert len(derived.words) == 6


@pytest.mark.parametrize("part", ["conversation", "knock_hash", "answer_hash"])
def test_anything_else_gives_other_words(load_vectors: Any, part: str) -> None:
    vectors = load_vectors("kith_messages.json")
    told = _told(vectors)
    other = derive_safety_words(**{**told, part: bytes(len(told[part]))})
    assert list(other.words) != vectors["safety_words"]["words"]


def test_the_sides_cannot_be_swapped(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    told = _told(vectors)
    swapped = {**told, "mentee_key": told["mentor_key"], "mentor_key": told["mentee_key"]}
    assert list(derive_safety_words(**swapped).words) != vectors["safety_words"]["words"]


def test_equal_keys_are_refused(load_vectors: Any) -> None:
    told = _told(load_vectors("kith_messages.json"))
    with pytest.raises(KeyRefusedError):
        derive_safety_words(**{**told, "mentor_key": told["mentee_key"]})


@pytest.mark.parametrize("part", ["conversation", "knock_hash", "answer_hash"])
def test_parts_of_another_size_are_mistakes_in_the_program(
    load_vectors: Any, part: str
) -> None:
    told = _told(load_vectors("kith_messages.json"))
    with pytest.raises(ValueError):
        derive_safety_words(**{**told, part: told[part][:-1]})


def test_there_is_one_profile_of_argon2id_for_everything() -> None:
    for name in ("_MEMORY_KIB", "_PASSES", "_LANES"):
        assert getattr(safety_words, name) == getattr(signin, name)


def test_safety_words_show_nothing_when_printed() -> None:
    assert repr(SafetyWords(("a",) * 6, ("0000",) * 6)) == "SafetyWords(...)"
