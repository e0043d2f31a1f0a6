import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.commitment import commit
from kith_crypto.core import ROLE_MENTEE, encode_core
from kith_crypto.ed25519 import SigningKey, parse_verify_key
from kith_crypto.errors import MalformedError, RemoteError, SignatureError
from kith_crypto.message import open_message
from kith_crypto.report import (
    MAX_REPORT_BYTES,
    MIN_REPORT_BYTES,
    Report,
    encode_report,
    make_report,
    parse_report,
    verify_report,
)
from kith_crypto.stamp import Stamped, postmark_of
from kith_testing.correspondence import (
    CONVERSATION,
    MENTEE,
    MENTOR_SEED,
    NODE,
    a_core,
    a_message,
    posted,
)

KEYS = [NODE.verify_key]
NOT_PROVEN = r"\Athe report is not proven\Z"


def _report(stamped: Stamped) -> Report:
    opened = open_message(
        stamped,
        [MENTOR_SEED],
        writer=MENTEE.verify_key,
        conversation=CONVERSATION,
        role=ROLE_MENTEE,
    )
    return make_report(stamped, opened)


REPORT = _report(posted(a_message("threat")))
RAW = encode_report(REPORT)


def test_the_report_of_the_vectors_is_proven_and_its_spoilt_forms_are_not(
    load_vectors: Any,
) -> None:
    vectors = load_vectors("kith_messages.json")
    node = parse_verify_key(bytes.fromhex(vectors["keys"]["node"]["public"]))
    raw = bytes.fromhex(vectors["reports"]["report"])
    report = parse_report(raw)
    proven = verify_report(report, [node])
    assert encode_report(report) == raw
    assert proven.core.body["text"] == vectors["reports"]["text"]
    assert proven.postmark.day == vectors["day"]
    assert len(vectors["reports"]["refused"]) == 7
    for name, spoilt in vectors["reports"]["refused"].items():
        with pytest.raises((SignatureError, MalformedError)):
            pytest.fail(f"{name}: {verify_report(parse_report(bytes.fromhex(spoilt)), [node])}")


def test_a_report_shows_the_message_and_its_numbers_and_nothing_else() -> None:
    proven = verify_report(parse_report(RAW), KEYS)
    assert proven.core.body == {"type": "text", "text": "threat"}
    assert (proven.core.seq, proven.core.minute) == (2, 29_923_200)
    stamped = posted(a_message("threat"))
    assert stamped.envelope.sealed not in RAW
    assert len(RAW) == 1377 + 32 + len(REPORT.core)


def test_any_changed_byte_is_refused() -> None:
    for position in range(len(RAW)):
        changed = bytearray(RAW)
        changed[position] ^= 1
        with pytest.raises((SignatureError, MalformedError)):
            verify_report(parse_report(bytes(changed)), KEYS)


@given(st.integers(0, len(RAW) - 1), st.binary(min_size=1, max_size=40))
def test_any_shorter_or_longer_report_is_refused(size: int, more: bytes) -> None:
    for raw in (RAW[:size], RAW + more):
        with pytest.raises((SignatureError, MalformedError)):
            verify_report(parse_report(raw), KEYS)


def test_another_node_or_none_proves_nothing() -> None:
    other = SigningKey.from_seed(bytes(32)).verify_key
    for keys in ([other], []):
        with pytest.raises(SignatureError, match=NOT_PROVEN):
            verify_report(REPORT, keys)
    assert verify_report(REPORT, [other, NODE.verify_key]).core.body["text"] == "threat"


def test_a_message_cannot_be_put_into_another_envelope() -> None:
    stamped = posted(a_message("kind words", seed=5))
    with pytest.raises(SignatureError):
        make_report(
            stamped,
            open_message(
                posted(a_message("threat")),
                [MENTOR_SEED],
                writer=MENTEE.verify_key,
                conversation=CONVERSATION,
                role=ROLE_MENTEE,
            ),
        )
    mixed = replace(_report(stamped), core=REPORT.core, frank_key=REPORT.frank_key)
    with pytest.raises(SignatureError, match=NOT_PROVEN):
        verify_report(mixed, KEYS)


def test_words_never_written_are_not_proven_by_any_key() -> None:
    invented = encode_core(a_core({"type": "text", "text": "invented"}))
    for frank_key in (REPORT.frank_key, bytes(32), b"", REPORT.frank_key + b"\0"):
        with pytest.raises(SignatureError, match=NOT_PROVEN):
            verify_report(replace(REPORT, core=invented, frank_key=frank_key), KEYS)


def test_a_committed_text_that_is_no_message_is_not_proven() -> None:
    raw, frank_key = b"not the core of a message" * 4, bytes(32)
    unstamped = replace(a_message(), commitment=commit(frank_key, raw))
    stamped = posted(unstamped)
    report = replace(_report(posted(a_message())), core=raw, frank_key=frank_key)
    report = replace(report, postmark=postmark_of(stamped.envelope))
    with pytest.raises(SignatureError, match=NOT_PROVEN):
        verify_report(report, KEYS)


@given(st.binary(max_size=200), st.integers(0, 300), st.binary(min_size=1, max_size=9))
def test_any_bytes_are_a_report_in_one_spelling_or_refused(
    start: bytes, more: int, fill: bytes
) -> None:
    for total in (len(start), MIN_REPORT_BYTES + more):
        raw = (start + fill * total)[:total]
        with contextlib.suppress(RemoteError):
            assert encode_report(parse_report(raw)) == raw


def test_sizes_are_bounded_at_both_ends() -> None:
    assert (MIN_REPORT_BYTES, MAX_REPORT_BYTES) == (1476, 65709)
    for size in (0, MIN_REPORT_BYTES - 1, MAX_REPORT_BYTES + 1):
        with pytest.raises(MalformedError):
            parse_report((RAW + bytes(MAX_REPORT_BYTES))[:size])
    longest = (RAW + bytes(MAX_REPORT_BYTES))[:MAX_REPORT_BYTES]
    assert encode_report(parse_report(longest)) == longest


@pytest.mark.parametrize(
    "parts", [{"frank_key": bytes(31)}, {"frank_key": bytes(33)}, {"core": b""}]
)
def test_parts_of_another_size_are_mistakes_in_the_program(parts: Any) -> None:
    with pytest.raises(ValueError):
        encode_report(replace(REPORT, **parts))


def test_reports_show_nothing_when_printed() -> None:
    assert repr(REPORT) == "Report(...)"
    assert repr(verify_report(REPORT, KEYS)) == "Proven(...)"
