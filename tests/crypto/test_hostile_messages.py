"""What a hostile node or member may send: spliced, cut, stuffed, with a good stamp or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_crypto.core import ROLE_MENTEE
from kith_crypto.envelope import Unstamped, encode_envelope, parse_envelope
from kith_crypto.errors import DecryptionError, MalformedError, SignatureError
from kith_crypto.hpke import seal, sealing_public_key
from kith_crypto.message import open_answer, open_knock, open_message
from kith_crypto.moderators import KIND_REPORT, open_for_moderators
from kith_crypto.objects import key_id
from kith_crypto.report import encode_report, make_report, parse_report, verify_report
from kith_crypto.stamp import Stamped, stamp_envelope, verify_stamp
from kith_crypto.vault import open_chunk
from kith_testing.correspondence import (
    CONVERSATION,
    MENTEE,
    MENTEE_SEED,
    MENTOR_BOX,
    MENTOR_SEED,
    NODE,
    OFFER,
    OFFER_ID,
    WEEK_SEED,
    a_message,
    posted,
)

pytestmark = pytest.mark.slow
KEYS = [NODE.verify_key]
STAMPED = posted(a_message())
RAW = encode_envelope(STAMPED.envelope)
PUBLIC = sealing_public_key(MENTOR_SEED)
splices = st.tuples(st.integers(0, len(RAW)), st.integers(0, 40), st.binary(max_size=40))


def _splice(raw: bytes, splice: tuple[int, int, bytes]) -> bytes:
    start, cut, put = splice
    return raw[:start] + put + raw[start + cut :]


def _refuse(stamped: Stamped) -> None:
    with pytest.raises(DecryptionError):
        open_knock(stamped, [WEEK_SEED], offer_id=OFFER_ID)
    with pytest.raises(DecryptionError):
        open_answer(
            stamped,
            [MENTEE_SEED],
            conversation=CONVERSATION,
            mentee_key=MENTEE.verify_key,
            knock_hash=bytes(32),
            offer_key=OFFER.verify_key,
        )
    with pytest.raises(DecryptionError):
        open_message(
            stamped,
            [MENTOR_SEED],
            writer=MENTEE.verify_key,
            conversation=CONVERSATION,
            role=ROLE_MENTEE,
        )


@given(splices)
@settings(max_examples=20_000)
def test_no_spliced_envelope_passes_its_stamp(splice: tuple[int, int, bytes]) -> None:
    raw = _splice(RAW, splice)
    if raw != RAW:
        with pytest.raises((MalformedError, SignatureError)):
            verify_stamp(parse_envelope(raw), KEYS)


@given(st.integers(0, 4095), st.binary(min_size=1, max_size=40))
@settings(max_examples=5000)
def test_no_spliced_sealed_text_opens_even_if_its_node_stamps_it(at: int, put: bytes) -> None:
    good = a_message()
    sealed = (good.sealed[:at] + put + good.sealed[at + len(put) :])[:4096]
    if sealed != good.sealed:
        unstamped = Unstamped(good.box, good.commitment, sealed)
        _refuse(stamp_envelope(unstamped, node_key=NODE, wrapped_seal=bytes(1228), day=1))


@given(st.binary(max_size=2960), st.binary(min_size=32, max_size=32))
@settings(max_examples=5000)
def test_nothing_that_somebody_seals_to_a_known_key_is_shown(
    content: bytes, commitment: bytes
) -> None:
    """Whoever knows a box and its reply key, but no conversation key, can say nothing."""
    info = b"kith/msg/v1\0" + MENTOR_BOX + key_id(PUBLIC) + commitment
    sealed = seal(PUBLIC, content + bytes(2960 - len(content)), info=info)
    unstamped = Unstamped(MENTOR_BOX, commitment, sealed)
    _refuse(stamp_envelope(unstamped, node_key=NODE, wrapped_seal=bytes(1228), day=1))


OPENED = open_message(
    STAMPED,
    [MENTOR_SEED],
    writer=MENTEE.verify_key,
    conversation=CONVERSATION,
    role=ROLE_MENTEE,
)
REPORT = encode_report(make_report(STAMPED, OPENED))


@given(splices)
@settings(max_examples=20_000)
def test_no_spliced_report_is_proven(splice: tuple[int, int, bytes]) -> None:
    raw = _splice(REPORT, (splice[0] % len(REPORT), *splice[1:]))
    if raw != REPORT:
        with pytest.raises((MalformedError, SignatureError)):
            verify_report(parse_report(raw), KEYS)


@given(st.binary(max_size=1024), st.sampled_from([0, 1024, 2048, 8192, 16384]))
@settings(max_examples=20_000)
def test_no_bytes_open_as_a_chunk_or_sealed_report(start: bytes, size: int) -> None:
    raw = start + bytes(max(size - len(start), 0))
    with pytest.raises(DecryptionError):
        open_chunk(bytes(32), 1, raw)
    with pytest.raises(DecryptionError):
        open_for_moderators(bytes(32), raw, kind=KIND_REPORT, community=bytes(16))
