from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_crypto.content import MAX_CORE_BYTES, Opened
from kith_crypto.core import ROLE_MENTEE, encode_core
from kith_crypto.errors import KithError, MalformedError, SignatureError, TooLargeError
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import open_message
from kith_crypto.moderators import (
    KIND_REPORT,
    LARGEST_SEALED_BYTES,
    MAX_PAYLOAD_BYTES,
    SMALLEST_SEALED_BYTES,
    open_for_moderators,
    seal_for_moderators,
)
from kith_crypto.report import MAX_REPORT_BYTES, encode_report, make_report
from kith_crypto.stamp import Stamped
from kith_protocol.errors import PrivacyFloorError
from kith_protocol.proposal import encode_proposal
from kith_protocol.reporting import (
    MAX_WORDS_CHARACTERS,
    ProvenMessage,
    ProvenOffer,
    ReportPayload,
    check_report,
    clean_words,
    encode_application,
    encode_payload,
    parse_application,
    parse_payload,
)
from kith_testing.correspondence import (
    COMMUNITY,
    CONVERSATION,
    MENTEE,
    MENTOR_SEED,
    NODE,
    a_message,
    posted,
)
from kith_testing.resources import a_resource
from kith_testing.wire_documents import ASH, ASH_KEY, ELM, ELM_KEY, a_signed_offer


def open_here(stamped: Stamped) -> Opened:
    return open_message(
        stamped,
        [MENTOR_SEED],
        writer=MENTEE.verify_key,
        conversation=CONVERSATION,
        role=ROLE_MENTEE,
    )


STAMPED = posted(a_message("something unkind"))
OPENED = open_here(STAMPED)
PROOF = encode_report(make_report(STAMPED, OPENED))
MESSAGE = ReportPayload(
    kind="message",
    category="harassment",
    words="They go on\nafter I said no: https://example.org/@wren",
    may_pass_on=True,
    node=ASH,
    proof=PROOF,
)
DOCUMENT = a_signed_offer()
OFFER = ReportPayload(
    kind="offer",
    category="deception",
    words="",
    may_pass_on=False,
    node=ASH,
    proof=canonical_bytes(DOCUMENT),
)
NODE_KEYS = [NODE.verify_key]


def test_a_report_reads_back_as_it_was_written() -> None:
    for payload in (MESSAGE, OFFER):
        assert parse_payload(encode_payload(payload)) == payload


def test_a_report_shows_nothing_of_itself_in_logs() -> None:
    proven = check_report(MESSAGE, NODE_KEYS)
    assert "unkind" not in repr(MESSAGE) + repr(proven)


def test_a_true_report_proves_what_was_written_and_nothing_of_who() -> None:
    proven = check_report(MESSAGE, NODE_KEYS)
    assert isinstance(proven, ProvenMessage)
    assert proven.core.body["text"] == "something unkind"
    assert encode_core(proven.core) == OPENED.raw


def test_a_report_of_an_offer_proves_that_the_node_published_it() -> None:
    proven = check_report(OFFER, [ELM_KEY.verify_key, ASH_KEY.verify_key])
    assert isinstance(proven, ProvenOffer)
    assert proven.offer.id == DOCUMENT["id"]
    assert proven.document == DOCUMENT


@pytest.mark.parametrize("payload", [MESSAGE, OFFER])
def test_keys_of_another_node_prove_nothing(payload: ReportPayload) -> None:
    for keys in ([], [ELM_KEY.verify_key]):
        with pytest.raises(SignatureError):
            check_report(payload, keys)


def test_an_offer_is_not_proven_against_a_node_that_did_not_publish_it() -> None:
    with pytest.raises(SignatureError):
        check_report(replace(OFFER, node=ELM), [ASH_KEY.verify_key])


def test_an_offer_with_one_word_changed_is_not_proven() -> None:
    changed = canonical_bytes(DOCUMENT | {"kith:room": "full"})
    assert changed != OFFER.proof
    with pytest.raises(SignatureError):
        check_report(replace(OFFER, proof=changed), [ASH_KEY.verify_key])


@settings(max_examples=200)
@given(st.integers(0, len(PROOF) * 8 - 1))
def test_a_proof_with_any_bit_changed_is_false(bit: int) -> None:
    spoilt = bytearray(PROOF)
    spoilt[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SignatureError):
        check_report(replace(MESSAGE, proof=bytes(spoilt)), NODE_KEYS)


# What stands where in a proof: version, box, commitment, hash of the sealed text, day, wrapped
# seal, stamp, frank key, and the core with its header and body.
PARTS = {
    "version": 0,
    "box": 1,
    "commitment": 17,
    "sealed hash": 49,
    "day": 84,
    "wrapped seal": 85,
    "stamp": 1313,
    "frank key": 1377,
    "conversation": 1409 + 1,
    "role": 1409 + 17,
    "lane": 1409 + 18,
    "number": 1409 + 29,
    "previous": 1409 + 30,
    "minute": 1409 + 65,
    "text": -4,
}


@pytest.mark.parametrize("part", PARTS)
def test_a_proof_with_any_part_changed_is_false(part: str) -> None:
    spoilt = bytearray(PROOF)
    spoilt[PARTS[part]] ^= 1
    with pytest.raises(SignatureError):
        check_report(replace(MESSAGE, proof=bytes(spoilt)), NODE_KEYS)


def test_the_words_of_a_proven_envelope_prove_no_other_envelope() -> None:
    other = posted(a_message("something kind", seed=1))
    mixed = encode_report(
        replace(
            make_report(STAMPED, OPENED),
            postmark=make_report(other, open_here(other)).postmark,
        )
    )
    with pytest.raises(SignatureError):
        check_report(replace(MESSAGE, proof=mixed), NODE_KEYS)


def test_the_longest_report_can_be_sealed() -> None:
    text = "x" * (MAX_CORE_BYTES - len(OPENED.raw) + len("something unkind"))
    stamped = posted(a_message(text))
    opened = open_here(stamped)
    proof = encode_report(make_report(stamped, opened))
    assert len(proof) == MAX_REPORT_BYTES
    raw = encode_payload(replace(MESSAGE, proof=proof, words="😀" * MAX_WORDS_CHARACTERS))
    seed = bytes(32)
    sealed = seal_for_moderators(
        sealing_public_key(seed), raw, kind=KIND_REPORT, community=COMMUNITY
    )
    assert len(sealed) == LARGEST_SEALED_BYTES
    opened_raw = open_for_moderators(seed, sealed, kind=KIND_REPORT, community=COMMUNITY)
    assert parse_payload(opened_raw).words.startswith("😀")


def test_the_report_of_a_short_message_fits_the_smallest_size() -> None:
    key = sealing_public_key(bytes(32))
    raw = encode_payload(MESSAGE)
    sealed = seal_for_moderators(key, raw, kind=KIND_REPORT, community=COMMUNITY)
    assert len(sealed) == SMALLEST_SEALED_BYTES


@pytest.mark.parametrize(
    "changes",
    [
        {"words": " blank in front"},
        {"words": "turned \u202e round"},
        {"words": "x" * (MAX_WORDS_CHARACTERS + 1)},
        {"words": "windows\r\nlines"},
        {"node": "https://Ash.example"},
        {"node": "https://ash.example/actor"},
        {"proof": b"{}"},
        {"proof": PROOF[:100]},
        {"kind": "offer"},
        {"kind": "profile"},
        {"category": "boredom"},
    ],
)
def test_what_could_not_be_read_is_not_written(changes: dict[str, object]) -> None:
    with pytest.raises(KithError):
        parse_payload(encode_payload(replace(MESSAGE, **changes)))


PROPOSAL = ReportPayload(
    kind="resource",
    category="other",
    words="It helped me",
    may_pass_on=False,
    node=ASH,
    proof=encode_proposal(a_resource()),
)


def test_a_proposal_reads_back_and_proves_nothing() -> None:
    assert parse_payload(encode_payload(PROPOSAL)) == PROPOSAL
    with pytest.raises(SignatureError):
        check_report(PROPOSAL, NODE_KEYS)


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "harassment"},
        {"may_pass_on": True},
        {"proof": OFFER.proof},
        {"proof": b"{}"},
        {"proof": PROPOSAL.proof + b" "},
    ],
)
def test_a_proposal_is_of_one_form(changes: dict[str, object]) -> None:
    with pytest.raises(KithError):
        encode_payload(replace(PROPOSAL, **changes))


def test_only_the_canonical_form_is_read() -> None:
    raw = encode_payload(OFFER)
    size = int.from_bytes(raw[1:5], "big")
    head, proof = raw[5 : 5 + size], raw[5 + size :]
    loose = head.replace(b'"category":', b'"category": ')
    for other in (loose, head.replace(b'"words":""', b'"words":"","words":""')):
        with pytest.raises(MalformedError):
            parse_payload(raw[:1] + len(other).to_bytes(4, "big") + other + proof)
    for other in (b"\x02" + raw[1:], raw[:5], b"", raw + b" ", raw[:1] + b"\xff" * 4 + raw[5:]):
        with pytest.raises(MalformedError):
            parse_payload(other)
    with pytest.raises(TooLargeError):
        parse_payload(raw + bytes(MAX_PAYLOAD_BYTES))


@given(st.text(max_size=300) | st.from_regex(r"[a\n\r \u0301\u2029é]{0,40}"))
def test_cleaning_words_once_is_enough(text: str) -> None:
    cleaned = clean_words(text)
    assert clean_words(cleaned) == cleaned
    assert len(cleaned) <= MAX_WORDS_CHARACTERS
    raw = encode_payload(replace(MESSAGE, words=cleaned))
    assert parse_payload(raw).words == cleaned


def test_cleaned_words_keep_their_lines_and_lose_what_misleads() -> None:
    assert clean_words(" one\r\n\ntwo\u202e \n") == "one\n\ntwo"
    assert clean_words("x" * 1999 + "\n\nyz") == "x" * 1999


RAW = encode_payload(MESSAGE)


@given(
    st.binary(max_size=200)
    | st.binary(max_size=100).map(lambda tail: RAW[:5] + tail)
    | st.tuples(st.integers(0, len(RAW) - 1), st.integers(0, 255)).map(
        lambda at: RAW[: at[0]] + bytes([at[1]]) + RAW[at[0] + 1 :]
    )
)
def test_any_bytes_are_a_report_or_refused(raw: bytes) -> None:
    try:
        payload = parse_payload(raw)
    except KithError:
        return
    assert encode_payload(payload) == raw


def test_an_application_reads_back_and_leads_to_nobody() -> None:
    words = "I repair radios\n\nand would like to learn Basque"
    assert parse_application(encode_application(words)) == words
    for contact in ("write to wren@example.org", "https://example.org", "ring 0151 234567"):
        with pytest.raises(PrivacyFloorError):
            encode_application(f"Hello\n{contact}")
    for wrong in ("", "x" * (MAX_WORDS_CHARACTERS + 1), " x", "x \ny"):
        with pytest.raises(MalformedError):
            encode_application(wrong)


@given(st.binary(max_size=100) | st.text(max_size=60).map(lambda t: f'{{"v":1,{t}'.encode()))
def test_any_bytes_are_an_application_or_refused(raw: bytes) -> None:
    try:
        words = parse_application(raw)
    except KithError:
        return
    assert encode_application(words) == raw
