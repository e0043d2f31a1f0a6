from typing import Any

import pytest
from msgspec.structs import replace

from kith_crypto.ed25519 import SigningKey, parse_verify_key
from kith_crypto.envelope import WRAPPED_SEAL_BYTES
from kith_crypto.errors import DecryptionError, SignatureError
from kith_crypto.hashes import sha256
from kith_crypto.seals import KIND_ENVELOPE, SEAL_BYTES, open_seal, quarter_of
from kith_crypto.sender_seal import envelope_digest, unwrap_seal, wrap_seal
from kith_crypto.stamp import parse_postmark, postmark_of, stamp_envelope
from kith_testing.correspondence import (
    COMMUNITY,
    DAY,
    KEYHOLDERS_SEED,
    MEMBER,
    NODE,
    WEEK_KEY,
    a_message,
    posted,
    seal_of,
)

UNSTAMPED = a_message()
MARK = postmark_of(posted(UNSTAMPED).envelope)
KEYS = [NODE.verify_key]


def test_the_sender_seal_of_the_vectors_is_wrapped_unwrapped_and_opened(
    load_vectors: Any,
) -> None:
    vectors = load_vectors("kith_messages.json")
    vector = {
        name: bytes.fromhex(value)
        for name, value in vectors["sender_seal"].items()
        if name != "epoch"
    }
    mark = parse_postmark(vector["postmark"])
    node = parse_verify_key(bytes.fromhex(vectors["keys"]["node"]["public"]))
    digest = envelope_digest(mark.box, mark.commitment, mark.sealed_hash)
    wrapped = wrap_seal(vector["week_key"], vector["seal"], nonce=vector["nonce"])
    assert digest == vector["digest"]
    assert wrapped == vector["wrapped"] == mark.wrapped_seal
    assert unwrap_seal(vector["week_key"], mark, own_keys=[node]) == vector["seal"]
    opened = open_seal(
        vector["keyholders_seed"],
        vector["seal"],
        kind=KIND_ENVELOPE,
        community=bytes.fromhex(vectors["community"]),
        epoch=vectors["sender_seal"]["epoch"],
    )
    assert quarter_of(vectors["day"]) == vectors["sender_seal"]["epoch"]
    assert (opened.member_id, opened.digest, opened.salt) == (
        vector["member_id"],
        digest,
        vector["salt"],
    )


def test_a_seal_names_the_member_and_the_very_envelope() -> None:
    seal = unwrap_seal(WEEK_KEY, MARK, own_keys=KEYS)
    opened = open_seal(
        KEYHOLDERS_SEED, seal, kind=KIND_ENVELOPE, community=COMMUNITY, epoch=quarter_of(DAY)
    )
    assert opened.member_id == MEMBER
    digest = sha256(UNSTAMPED.box + UNSTAMPED.commitment + sha256(UNSTAMPED.sealed))
    assert opened.digest == digest


def test_a_wrapped_seal_has_its_size_and_wraps_only_seals() -> None:
    assert len(wrap_seal(WEEK_KEY, bytes(SEAL_BYTES), nonce=bytes(12))) == WRAPPED_SEAL_BYTES
    with pytest.raises(ValueError, match="1200 bytes"):
        wrap_seal(WEEK_KEY, bytes(SEAL_BYTES - 1), nonce=bytes(12))


def test_two_wrapped_seals_of_one_member_have_nothing_in_common() -> None:
    first, second = (
        postmark_of(posted(UNSTAMPED, seed=seed).envelope).wrapped_seal for seed in (1, 2)
    )
    windows = {first[start : start + 6] for start in range(len(first) - 5)}
    assert not windows & {second[start : start + 6] for start in range(len(second) - 5)}


def test_is_unwrapped_only_with_the_key_of_its_week() -> None:
    with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
        unwrap_seal(bytes(32), MARK, own_keys=KEYS)


def test_is_unwrapped_only_for_a_stamp_of_this_node() -> None:
    other = SigningKey.from_seed(bytes(32))
    attempts = [
        (replace(MARK, wrapped_seal=bytes(1228)), KEYS),
        (replace(MARK, commitment=bytes(32)), KEYS),
        (replace(MARK, day=DAY + 1), KEYS),
        (MARK, [other.verify_key]),
        (MARK, []),
    ]
    for mark, keys in attempts:
        with pytest.raises(SignatureError):
            unwrap_seal(WEEK_KEY, mark, own_keys=keys)


def test_a_stamp_over_something_that_is_no_wrapped_seal_opens_nothing() -> None:
    stamped = stamp_envelope(UNSTAMPED, node_key=NODE, wrapped_seal=bytes(1228), day=DAY)
    with pytest.raises(DecryptionError):
        unwrap_seal(WEEK_KEY, postmark_of(stamped.envelope), own_keys=KEYS)


def test_a_seal_is_of_the_quarter_of_its_day() -> None:
    later = seal_of(UNSTAMPED, day=DAY + 92)
    with pytest.raises(DecryptionError):
        open_seal(
            KEYHOLDERS_SEED,
            later,
            kind=KIND_ENVELOPE,
            community=COMMUNITY,
            epoch=quarter_of(DAY),
        )
