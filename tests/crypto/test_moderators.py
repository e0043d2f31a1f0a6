from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import DecryptionError, KeyRefusedError, TooLargeError
from kith_crypto.hpke import seal, sealing_public_key
from kith_crypto.moderators import (
    KIND_APPLICATION,
    KIND_REPORT,
    MAX_PAYLOAD_BYTES,
    open_for_moderators,
    seal_for_moderators,
)
from kith_crypto.objects import key_id
from kith_crypto.report import MAX_REPORT_BYTES, parse_report

SEED = bytes(range(32))
PUBLIC = sealing_public_key(SEED)
COMMUNITY = b"c" * 16


def _seal(payload: bytes, kind: int = KIND_REPORT) -> bytes:
    return seal_for_moderators(PUBLIC, payload, kind=kind, community=COMMUNITY)


def _open(sealed: bytes, kind: int = KIND_REPORT) -> bytes:
    return open_for_moderators(SEED, sealed, kind=kind, community=COMMUNITY)


def test_the_sealed_report_of_the_vectors_opens(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    vector = vectors["reports"]
    seed, sealed = bytes.fromhex(vector["moderators_seed"]), bytes.fromhex(vector["sealed"])
    community = bytes.fromhex(vectors["community"])
    payload = open_for_moderators(seed, sealed, kind=KIND_REPORT, community=community)
    assert sealing_public_key(seed).hex() == vector["moderators_key"]
    assert payload.hex() == vector["report"]
    assert parse_report(payload).core.hex() == vectors["message"]["core"]


@given(st.binary(max_size=60), st.integers(0, 7000))
def test_every_short_payload_looks_the_same_and_comes_back(start: bytes, size: int) -> None:
    payload = start + bytes(size - len(start)) if size > len(start) else start
    sealed = _seal(payload, KIND_APPLICATION)
    assert len(sealed) == 8192
    assert _open(sealed, KIND_APPLICATION) == payload


@pytest.mark.parametrize(
    ("payload", "sealed"),
    [(0, 8192), (7052, 8192), (7053, 16384), (MAX_REPORT_BYTES, 131_072), (129_932, 131_072)],
)
def test_longer_payloads_take_the_next_power_of_two(payload: int, sealed: int) -> None:
    text = _seal(bytes(payload))
    assert len(text) == sealed
    assert len(_open(text)) == payload


def test_refuses_what_no_report_can_be_as_long_as() -> None:
    assert MAX_PAYLOAD_BYTES == 129_932
    with pytest.raises(TooLargeError):
        _seal(bytes(MAX_PAYLOAD_BYTES + 1))


def test_opens_for_its_key_kind_and_community_only() -> None:
    sealed = _seal(b"report")
    attempts: list[tuple[bytes, bytes, int, bytes]] = [
        (bytes(32), sealed, KIND_REPORT, COMMUNITY),
        (SEED, sealed, KIND_APPLICATION, COMMUNITY),
        (SEED, sealed, KIND_REPORT, b"x" * 16),
        (SEED, sealed[:-1], KIND_REPORT, COMMUNITY),
        (SEED, sealed + b"\0", KIND_REPORT, COMMUNITY),
        (SEED, sealed * 2, KIND_REPORT, COMMUNITY),
        (SEED, b"", KIND_REPORT, COMMUNITY),
    ]
    for position in (0, 1119, 1120, 4000, 8191):
        changed = bytearray(sealed)
        changed[position] ^= 1
        attempts.append((SEED, bytes(changed), KIND_REPORT, COMMUNITY))
    for seed, text, kind, community in attempts:
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            open_for_moderators(seed, text, kind=kind, community=community)


def test_padding_that_is_not_zeros_is_refused() -> None:
    info = b"kith/moderators/v1\0\x01" + COMMUNITY + key_id(PUBLIC)
    for content in (bytes(7055) + b"\x01", b"\xff" * 7056):
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            _open(seal(PUBLIC, content, info=info))


def test_refuses_bad_keys_and_mistakes_in_the_program() -> None:
    with pytest.raises(KeyRefusedError):
        seal_for_moderators(PUBLIC[1:], b"", kind=KIND_REPORT, community=COMMUNITY)
    with pytest.raises(ValueError, match="reports and applications"):
        _seal(b"", kind=3)
    with pytest.raises(ValueError, match="16 bytes"):
        seal_for_moderators(PUBLIC, b"", kind=KIND_REPORT, community=b"")
