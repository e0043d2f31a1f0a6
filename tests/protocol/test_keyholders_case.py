from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.errors import DecryptionError, KithError, MalformedError, SignatureError
from kith_crypto.hashes import sha256
from kith_protocol.keyholders_case import (
    Case,
    check_case,
    encode_case,
    open_case,
    parse_case,
    purpose_of,
)
from kith_protocol.reported import describe_proven
from kith_testing.cases import (
    EPOCH,
    SEEDS,
    a_message_case,
    an_actor,
    an_offer_case,
    owner_seal,
)
from kith_testing.correspondence import MEMBER
from kith_testing.wire_documents import ASH_KEY, ELM, ELM_KEY

MESSAGE = a_message_case()
OFFER = an_offer_case()
RAW = encode_case(MESSAGE)


@pytest.mark.parametrize("case", [MESSAGE, OFFER])
def test_a_case_reads_back_and_shows_nothing_in_logs(case: Case) -> None:
    raw = encode_case(case)
    assert parse_case(raw) == case
    assert purpose_of(raw) == sha256(raw)
    assert repr(case) == "Case(...)"
    assert repr(check_case(case)) == "CheckedCase(...)"


@pytest.mark.parametrize("case", [MESSAGE, OFFER])
def test_the_member_whom_the_node_sealed_is_found(case: Case) -> None:
    checked = check_case(case)
    assert checked.node_key == ASH_KEY.verify_key
    assert checked.epochs[0] == EPOCH
    assert open_case(checked, SEEDS) == MEMBER


def test_an_extended_offers_seal_is_found_in_its_later_quarter() -> None:
    checked = check_case(an_offer_case(epoch=EPOCH + 1, days_later=100))
    assert checked.epochs[0] == EPOCH + 1
    assert open_case(checked, SEEDS) == MEMBER
    with pytest.raises(DecryptionError):
        open_case(checked, {EPOCH: SEEDS[EPOCH]})


def test_what_was_written_is_shown_before_anything_is_opened() -> None:
    heading, text = describe_proven(check_case(MESSAGE).proven)
    assert heading.startswith("text by the one who asked, 2026-")
    assert text == "text: something unkind"
    assert "craft.writing" in describe_proven(check_case(OFFER).proven)[1]


def test_what_is_shown_cannot_steer_a_terminal() -> None:
    case = a_message_case("one\n\x1b[2Jtwo \u202eowt")
    assert describe_proven(check_case(case).proven)[1:] == ("text: one", "  [2Jtwo owt")


@pytest.mark.parametrize(
    "spoilt",
    [
        replace(MESSAGE, report=replace(MESSAGE.report, node=ELM)),
        replace(MESSAGE, actor=an_actor(key=ELM_KEY)),
        replace(MESSAGE, actor=an_actor() | {"name": "Elm"}),
        replace(MESSAGE, actor={}),
        replace(OFFER, actor=an_actor(key=ELM_KEY)),
    ],
)
def test_a_case_that_does_not_hold_together_is_refused(spoilt: Case) -> None:
    with pytest.raises(SignatureError):
        check_case(spoilt)


@settings(max_examples=60)
@given(st.integers(0, len(MESSAGE.report.proof) - 1), st.integers(1, 255))
def test_a_case_with_a_changed_proof_opens_nothing(place: int, mask: int) -> None:
    proof = bytearray(MESSAGE.report.proof)
    proof[place] ^= mask
    spoilt = replace(MESSAGE, report=replace(MESSAGE.report, proof=bytes(proof)))
    with pytest.raises(SignatureError):
        check_case(spoilt)


def test_a_seal_of_something_else_opens_nobody() -> None:
    other = owner_seal(bytes(15) + b"\x01")
    for case in (replace(MESSAGE, seal=OFFER.seal), replace(OFFER, seal=other)):
        with pytest.raises(DecryptionError):
            open_case(check_case(case), SEEDS)
    with pytest.raises(DecryptionError):
        open_case(check_case(MESSAGE), {EPOCH: bytes(32)})
    with pytest.raises(DecryptionError):
        open_case(check_case(MESSAGE), {})


def test_only_the_canonical_form_is_read() -> None:
    for raw in (RAW + b" ", RAW.replace(b'"day":', b'"day": '), b"{}", b"[]"):
        with pytest.raises(MalformedError):
            parse_case(raw)


@given(
    st.binary(max_size=100)
    | st.tuples(st.integers(0, len(RAW) - 1), st.integers(0, 255)).map(
        lambda at: RAW[: at[0]] + bytes([at[1]]) + RAW[at[0] + 1 :]
    )
)
def test_any_bytes_are_a_case_or_refused(raw: bytes) -> None:
    try:
        case = parse_case(raw)
    except KithError:
        return
    assert encode_case(case) == raw
