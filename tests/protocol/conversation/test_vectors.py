"""The vectors of conversations are what the code makes, and stand for themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.envelope import parse_envelope
from kith_crypto.stamp import verify_stamp
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.records import (
    Record,
    encode_record,
    parse_record,
    record_id,
    record_kind,
)
from kith_testing.conversation_script import plain_entry
from kith_testing.conversation_vectors import make
from kith_testing.wire_vectors import render

FILE = Path(__file__).parents[3] / "protocol" / "vectors" / "conversation.json"


@pytest.fixture(scope="module")
def vectors() -> Any:
    return msgspec.json.decode(FILE.read_bytes())


def test_the_file_is_what_the_code_makes() -> None:
    assert FILE.read_bytes() == render(make()), "see kith_testing.conversation_vectors"


def test_every_envelope_is_stamped_by_the_node(vectors: Any) -> None:
    node = SigningKey.from_seed(bytes.fromhex(vectors["node_seed"]))
    for one in vectors["envelopes"].values():
        verify_stamp(parse_envelope(parse_base64url(one["envelope"])), [node.verify_key])


def test_every_record_is_read_and_written_as_it_stands(vectors: Any) -> None:
    for one in vectors["records"].values():
        record = parse_record(one["kind"], one["value"])
        assert (record_kind(record), record_id(record)) == (one["kind"], one["id"])
        assert encode_record(record) == one["value"]


def test_the_records_at_the_end_show_what_is_shown(vectors: Any) -> None:
    for script in vectors["scripts"]:
        end = script["end"]
        side = Conversation.load(
            (_record(vectors, name) for name in end["records"]),
            lane=parse_base64url(script["lane"]),
        )
        assert side.state == end["state"]
        assert [plain_entry(entry) for entry in side.messages()] == end["shown"]


def test_the_vectors_hold_whatever_can_be_told(vectors: Any) -> None:
    steps = [step for script in vectors["scripts"] for step in script["steps"]]
    told = {event["event"] for step in steps for event in _events(step)}
    assert told == {
        "after-freeze",
        "asked-again",
        "behind",
        "closed",
        "duplicate",
        "fork",
        "frozen",
        "gap",
        "received",
        "waiting",
    }


def _events(step: Any) -> list[Any]:
    events = step.get("events") or step.get("due", {}).get("events", [])
    return events if isinstance(events, list) else []


def _record(vectors: Any, name: str) -> Record:
    one = vectors["records"][name]
    return parse_record(one["kind"], one["value"])
