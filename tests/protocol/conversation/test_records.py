"""Records: as JSON and back, ids that never meet, pages of 64."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.strict_json import JsonValue
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.records import (
    MAX_PAGE_BYTES,
    MAX_PAGE_MESSAGES,
    RECORD_KINDS,
    IncomingKnock,
    OutgoingKnock,
    Page,
    Record,
    change_of,
    encode_record,
    lane_of,
    parse_record,
    record_id,
    record_kind,
)
from kith_testing.rng import SeededRng
from kith_testing.talking import HOME, NOW, a_draft, a_pair, a_sent_knock, stamped, taken_in

RNG = SeededRng(8)


def some_records() -> list[Record]:
    mentee, mentor = a_pair()
    sent = mentee.write(Text("hello"), now=NOW, rng=RNG)
    mentor.receive(stamped(sent.unstamped), node=HOME, now=NOW)
    changes = mentor.take_changes()
    records = [change.record for change in changes if change.record is not None]
    knocks: list[Record] = [a_draft(), taken_in(a_sent_knock())]
    return records + knocks


def test_every_kind_of_record_is_the_same_after_json() -> None:
    records = some_records()
    assert {record_kind(record) for record in records} == RECORD_KINDS
    for record in records:
        raw = msgspec.json.encode(encode_record(record))
        assert parse_record(record_kind(record), msgspec.json.decode(raw)) == record
        change = change_of(record)
        assert (change.kind, change.id) == (record_kind(record), record_id(record))


def test_no_two_records_have_the_same_name() -> None:
    records = some_records()
    names = {(record_kind(record), record_id(record)) for record in records}
    assert len(names) == len(records)


def test_copies_of_two_devices_have_different_names() -> None:
    draft, knock = a_draft(), taken_in(a_sent_knock())
    for copy in (draft, knock):
        assert isinstance(copy, OutgoingKnock | IncomingKnock)
        other = msgspec.structs.replace(copy, lane=b"another!")
        assert record_id(copy) != record_id(other)


def test_a_device_has_another_lane_in_each_conversation() -> None:
    lanes = {lane_of(b"a device", bytes((number,)) * 16) for number in range(20)}
    assert len(lanes) == 20
    assert {len(lane) for lane in lanes} == {8}
    assert lane_of(b"a device", bytes(16)) != lane_of(b"its clone", bytes(16))


@pytest.mark.parametrize("size", [1, 9000])
def test_a_page_holds_at_most_64_messages_and_not_too_many_bytes(size: int) -> None:
    mentee, _ = a_pair()
    known: dict[str, Page] = {}
    for _ in range(70):
        mentee.write(Text("x" * size), now=NOW, rng=RNG)
        for change in mentee.take_changes():
            if isinstance(change.record, Page):
                known[change.id] = change.record
    pages = sorted(known.values(), key=lambda page: page.number)
    assert [page.number for page in pages] == list(range(len(pages)))
    assert sum(len(page.messages) for page in pages) == 72
    for page in pages:
        assert len(page.messages) <= MAX_PAGE_MESSAGES
        assert sum(len(message.body) for message in page.messages) <= MAX_PAGE_BYTES


def test_writing_changes_only_the_last_page() -> None:
    mentee, _ = a_pair()
    for _ in range(70):
        mentee.write(Text("x"), now=NOW, rng=RNG)
    mentee.take_changes()
    mentee.write(Text("x"), now=NOW, rng=RNG)
    assert len([c for c in mentee.take_changes() if c.kind == "page"]) == 1
    assert mentee.take_changes() == ()


def test_records_of_two_conversations_do_not_load_together() -> None:
    records = some_records()[:-2]
    other = msgspec.structs.replace(records[0], conversation=bytes(16))
    with pytest.raises(UsageError):
        Conversation.load([*records, other], lane=bytes(8))
    with pytest.raises(UsageError):
        Conversation.load([], lane=bytes(8))


SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8)
NAMES = st.sampled_from(["conversation", "lane", "number", "messages", "role", "turn", "seed"])


@given(
    st.sampled_from([*sorted(RECORD_KINDS), "offer"]),
    st.dictionaries(NAMES, SCALARS | st.lists(SCALARS, max_size=2)),
)
def test_any_json_is_a_record_or_refused(kind: str, value: dict[str, JsonValue]) -> None:
    try:
        record = parse_record(kind, value)
    except MalformedError:
        return
    assert parse_record(kind, encode_record(record)) == record
