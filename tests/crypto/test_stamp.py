import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.ed25519 import SigningKey, parse_verify_key
from kith_crypto.envelope import Unstamped, encode_envelope, parse_envelope
from kith_crypto.errors import MalformedError, RemoteError, SignatureError
from kith_crypto.stamp import (
    POSTMARK_BYTES,
    encode_postmark,
    parse_postmark,
    postmark_of,
    stamp_envelope,
    verify_postmark,
    verify_stamp,
)
from kith_testing.correspondence import NODE, a_message, posted

ENVELOPE = posted(a_message()).envelope
RAW = encode_envelope(ENVELOPE)
OTHER = SigningKey.from_seed(bytes(32))


def test_the_stamps_of_the_vectors_are_made_and_verified(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    node = SigningKey.from_seed(bytes.fromhex(vectors["keys"]["node"]["seed"]))
    for name in ("knock", "answer", "message"):
        envelope = parse_envelope(bytes.fromhex(vectors[name]["envelope"]))
        handed_in = Unstamped(envelope.box, envelope.commitment, envelope.sealed)
        made = stamp_envelope(
            handed_in, node_key=node, wrapped_seal=envelope.wrapped_seal, day=envelope.day
        )
        assert made.envelope == envelope
        assert verify_stamp(envelope, [node.verify_key]).envelope is envelope
    postmark = encode_postmark(postmark_of(envelope))
    assert postmark.hex() == vectors["sender_seal"]["postmark"]


def test_every_stamped_part_matters() -> None:
    """One bit anywhere: version, box, commitment, day, wrapped seal, stamp or sealed text."""
    for position in [*range(60), *range(60, len(RAW), 53), 1280, 1281, 1344, len(RAW) - 1]:
        changed = bytearray(RAW)
        changed[position] ^= 1
        with pytest.raises((SignatureError, MalformedError)):
            verify_stamp(parse_envelope(bytes(changed)), [NODE.verify_key])


def test_a_retired_key_counts_while_it_is_listed() -> None:
    keys = [OTHER.verify_key, NODE.verify_key]
    assert verify_stamp(ENVELOPE, keys).envelope == ENVELOPE
    for too_few in ([OTHER.verify_key], []):
        with pytest.raises(SignatureError, match=r"\AEd25519 verification failed\Z"):
            verify_stamp(ENVELOPE, too_few)


def test_a_postmark_is_verified_without_the_sealed_text() -> None:
    raw = encode_postmark(postmark_of(ENVELOPE))
    assert len(raw) == POSTMARK_BYTES == 1377
    verify_postmark(parse_postmark(raw), [NODE.verify_key])


def test_parts_cannot_be_shifted_into_each_other() -> None:
    """The signed bytes would be the same."""
    mark = postmark_of(ENVELOPE)
    shifted = replace(mark, box=mark.box[:-1], commitment=mark.box[-1:] + mark.commitment)
    with pytest.raises(SignatureError):
        verify_postmark(shifted, [NODE.verify_key])
    with pytest.raises(ValueError):
        encode_postmark(shifted)


@pytest.mark.parametrize("size", [0, 1, 1376, 1378])
def test_refuses_a_postmark_of_another_size(size: int) -> None:
    with pytest.raises(MalformedError):
        parse_postmark(b"\x01" + bytes(size)[1:])


def test_refuses_a_postmark_of_another_version_or_an_impossible_day() -> None:
    raw = encode_postmark(postmark_of(ENVELOPE))
    for changed in (b"\x02" + raw[1:], raw[:81] + b"\xff" * 4 + raw[85:]):
        with pytest.raises(MalformedError):
            parse_postmark(changed)


@given(st.binary(max_size=100), st.binary(min_size=1, max_size=100))
def test_any_bytes_are_a_postmark_in_one_spelling_or_refused(start: bytes, fill: bytes) -> None:
    for total in (len(start), POSTMARK_BYTES):
        raw = (start + fill * POSTMARK_BYTES)[:total]
        with contextlib.suppress(RemoteError):
            assert encode_postmark(parse_postmark(raw)) == raw


@pytest.mark.parametrize(("size", "day"), [(1227, 1), (1228, -1), (1228, 2**32)])
def test_another_size_or_day_is_a_mistake_in_the_program(size: int, day: int) -> None:
    with pytest.raises(ValueError):
        stamp_envelope(a_message(), node_key=NODE, wrapped_seal=bytes(size), day=day)


def test_a_node_key_that_stamps_signs_nothing_else_with_this_label(load_vectors: Any) -> None:
    """A stamp is no signature of a "who": their labels differ."""
    vectors = load_vectors("kith_messages.json")
    node = parse_verify_key(bytes.fromhex(vectors["keys"]["node"]["public"]))
    mark = parse_postmark(bytes.fromhex(vectors["sender_seal"]["postmark"]))
    signature = bytes.fromhex(vectors["who"]["signature"])
    with pytest.raises(SignatureError):
        verify_postmark(replace(mark, stamp=signature), [node])
