"""Words put into somebody's mouth look real and prove nothing."""

from __future__ import annotations

import msgspec
import pytest

from kith_crypto.core import parse_core
from kith_crypto.errors import SignatureError
from kith_crypto.report import Report, encode_report, parse_report
from kith_node.demo.accusations import INVENTED, UNKIND, put_into_mouth
from kith_protocol.conversation.events import Evidence
from kith_protocol.reporting import ProvenMessage, check_report
from kith_testing.cases import a_message_case
from kith_testing.wire_documents import ASH, ASH_KEY

PAYLOAD = a_message_case(UNKIND).report
REPORT = parse_report(PAYLOAD.proof)
EVIDENCE = Evidence(ASH, REPORT.postmark, REPORT.frank_key, REPORT.core)


def check(evidence: Evidence) -> ProvenMessage:
    report = Report(evidence.postmark, evidence.frank_key, evidence.core)
    payload = msgspec.structs.replace(PAYLOAD, proof=encode_report(report))
    proven = check_report(payload, [ASH_KEY.verify_key])
    assert isinstance(proven, ProvenMessage)
    return proven


def test_the_real_message_is_proven() -> None:
    assert check(EVIDENCE).core.body["text"] == UNKIND


def test_other_words_in_it_are_well_formed_and_prove_nothing() -> None:
    false = put_into_mouth(EVIDENCE, INVENTED)
    real, changed = parse_core(EVIDENCE.core), parse_core(false.core)
    assert changed.body == {**real.body, "text": INVENTED}
    assert msgspec.structs.replace(changed, body=real.body) == real
    assert (false.postmark, false.frank_key) == (EVIDENCE.postmark, EVIDENCE.frank_key)
    with pytest.raises(SignatureError):
        check(false)


def test_the_same_words_again_are_the_same_proof() -> None:
    assert put_into_mouth(EVIDENCE, UNKIND) == EVIDENCE
