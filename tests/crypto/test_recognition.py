from typing import Any

import pytest

from kith_crypto.ed25519 import SigningKey, parse_verify_key
from kith_crypto.errors import SignatureError
from kith_crypto.recognition import derive_who, sign_who, verify_who
from kith_testing.correspondence import DAY, MEMBER, MENTEE, MENTOR, NODE, OFFER_ID

KEY = bytes(range(32))
WHO = derive_who(KEY, member_id=MEMBER, offer_id=OFFER_ID)
OTHER = SigningKey.from_seed(bytes(32)).verify_key


def _signed() -> bytes:
    return sign_who(NODE, WHO, offer_id=OFFER_ID, mentee_key=MENTEE.verify_key, day=DAY)


def test_who_is_that_of_the_vectors(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    vector = {name: bytes.fromhex(value) for name, value in vectors["who"].items()}
    offer_id = bytes.fromhex(vectors["offer_id"])
    node = SigningKey.from_seed(bytes.fromhex(vectors["keys"]["node"]["seed"]))
    mentee = parse_verify_key(bytes.fromhex(vectors["keys"]["mentee"]["public"]))
    who = derive_who(vector["who_key"], member_id=vector["member_id"], offer_id=offer_id)
    assert who == vector["who"]
    signature = sign_who(node, who, offer_id=offer_id, mentee_key=mentee, day=vectors["day"])
    assert signature == vector["signature"]


def test_the_same_member_is_recognised_at_one_offer_and_at_no_other() -> None:
    assert derive_who(KEY, member_id=MEMBER, offer_id=OFFER_ID) == WHO
    others = {
        derive_who(KEY, member_id=MEMBER, offer_id=bytes(16)),
        derive_who(KEY, member_id=bytes(16), offer_id=OFFER_ID),
        derive_who(bytes(32), member_id=MEMBER, offer_id=OFFER_ID),
    }
    assert len(others | {WHO}) == 4


def test_a_signature_holds_for_one_who_offer_key_day_and_node_only() -> None:
    right: dict[str, Any] = {
        "offer_id": OFFER_ID,
        "mentee_key": MENTEE.verify_key,
        "day": DAY,
    }
    verify_who([OTHER, NODE.verify_key], _signed(), WHO, **right)
    attempts: list[tuple[Any, bytes, bytes, dict[str, Any]]] = [
        ([OTHER], _signed(), WHO, right),
        ([], _signed(), WHO, right),
        ([NODE.verify_key], _signed()[:-1], WHO, right),
        ([NODE.verify_key], _signed(), bytes(16), right),
        ([NODE.verify_key], _signed(), WHO[:-1], right),
        ([NODE.verify_key], _signed(), WHO, {**right, "offer_id": bytes(16)}),
        ([NODE.verify_key], _signed(), WHO, {**right, "mentee_key": MENTOR.verify_key}),
        ([NODE.verify_key], _signed(), WHO, {**right, "day": DAY + 1}),
        ([NODE.verify_key], _signed(), WHO, {**right, "day": -1}),
        ([NODE.verify_key], _signed(), WHO, {**right, "day": 2**53}),
    ]
    for keys, signature, who, parts in attempts:
        with pytest.raises(SignatureError, match=r"\AEd25519 verification failed\Z"):
            verify_who(keys, signature, who, **parts)


def test_parts_of_another_size_are_mistakes_in_the_program() -> None:
    with pytest.raises(ValueError):
        derive_who(KEY, member_id=b"", offer_id=OFFER_ID)
    with pytest.raises(ValueError):
        derive_who(b"", member_id=MEMBER, offer_id=OFFER_ID)
    with pytest.raises(ValueError):
        sign_who(NODE, b"", offer_id=OFFER_ID, mentee_key=MENTEE.verify_key, day=DAY)
