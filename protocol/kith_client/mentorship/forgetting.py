"""Deleting what two people have said on the day they wished for when they closed.

The earlier of both wishes counts, that of the other side no sooner than two weeks after it was
read here (``Mentoring.kept_until``). Everything of the conversation goes: messages, keys, one's
own notes, and the box. What was thanked for stays with the mentor, whose it is.

Two things are left for a while, and go by themselves: a mark, so that what another device
still writes of the conversation goes, too; and of a knock that came its keys, without its
words, so that a copy of its envelope is not taken for a new one while it could be opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from kith_client.blocks import ENDED_KIND
from kith_client.box_term import KIND as BOX_KIND
from kith_client.boxes import Boxes
from kith_client.check_phrase import KIND as PHRASE_KIND
from kith_client.keystore import SEED_DAYS, WEEK_DAYS
from kith_client.mentorship.records import (
    ANSWERS_KIND,
    FORGOTTEN_KIND,
    GOAL_KIND,
    NOTE_KIND,
    AnswersRecord,
    ForgottenRecord,
    GoalRecord,
    NoteRecord,
)
from kith_client.outbox import KIND as OUTGOING_KIND
from kith_client.outbox import Outgoing
from kith_client.shelf import Shelf
from kith_crypto.core import encode_core, parse_core
from kith_crypto.ed25519 import SigningKey
from kith_protocol.conversation.events import Entry, Shown
from kith_protocol.conversation.records import (
    Change,
    IncomingKnock,
    Page,
    Record,
    Talk,
    change_of,
    deletion_of,
    record_id,
)
from kith_protocol.day import Day, day_of
from kith_protocol.mentorship.bodies import Closing

GRACE_DAYS = 14  # to report, or to keep a copy, as when two communities part
MARK_DAYS = WEEK_DAYS + SEED_DAYS  # as long as a knock can be opened

_NO_WORDS = "…"  # a knock has at least one character
_WORDS_OF_KNOCKS = frozenset({"hopes", "tried", "rhythm", "times", "card"})
_BY_CONVERSATION = (BOX_KIND, PHRASE_KIND, ENDED_KIND)
_OF_CONVERSATIONS: dict[str, type[msgspec.Struct]] = {
    ANSWERS_KIND: AnswersRecord,
    GOAL_KIND: GoalRecord,
    NOTE_KIND: NoteRecord,
    OUTGOING_KIND: Outgoing,
}


async def forget(conversation: bytes, *, shelf: Shelf, boxes: Boxes, today: Day) -> None:
    """Delete everything of a conversation here, and store that; repeated, it goes on.

    Args:
        conversation: 16 bytes.
        shelf: of the vault.
        boxes: where its box is closed.
        today: by one's own clock.
    """
    for record in shelf.records_of(conversation):
        if isinstance(record, Talk):
            await boxes.close(SigningKey.from_seed(record.box_seed))
    erase(conversation, shelf, today=today)
    await shelf.save()


def erase(conversation: bytes, shelf: Shelf, *, today: Day) -> None:
    """Delete everything of a conversation here; the caller saves, and closes its box.

    Args:
        conversation: 16 bytes.
        shelf: of the vault.
        today: by one's own clock.
    """
    shelf.put(FORGOTTEN_KIND, conversation, ForgottenRecord(today))
    _erase(conversation, shelf, keeps_knocks=True)


async def forget_leftovers(*, shelf: Shelf, boxes: Boxes, today: Day) -> None:
    """Delete what has come to the vault since of conversations that were forgotten.

    Args:
        shelf: of the vault.
        boxes: where a box is closed that another device still kept.
        today: by one's own clock.
    """
    marks = shelf.all(FORGOTTEN_KIND, ForgottenRecord)
    for conversation, mark in marks.items():
        for record in shelf.records_of(conversation):
            if isinstance(record, Talk):
                await boxes.close(SigningKey.from_seed(record.box_seed))
        is_over = mark.day + MARK_DAYS <= today
        _erase(conversation, shelf, keeps_knocks=not is_over)
        if is_over:
            shelf.drop(FORGOTTEN_KIND, conversation)
    if marks:
        await shelf.save()


def _erase(conversation: bytes, shelf: Shelf, *, keeps_knocks: bool) -> None:
    for record in shelf.records_of(conversation):
        shelf.apply(_changes_of(record, keeps_knocks=keeps_knocks))
    for kind, form in _OF_CONVERSATIONS.items():
        for key, value in shelf.all(kind, form).items():
            if getattr(value, "conversation", b"") == conversation:
                shelf.drop(kind, key)
    for kind in _BY_CONVERSATION:
        shelf.drop(kind, conversation)


def _changes_of(record: Record, *, keeps_knocks: bool) -> Iterator[Change]:
    """Yield what deletes *record*, or what is said in it."""
    if not (keeps_knocks and isinstance(record, IncomingKnock)):
        yield deletion_of(record)
        return
    kept = _without_words(record)
    if record_id(kept) != record_id(record):
        yield deletion_of(record)
    yield change_of(kept)


def _without_words(knock: IncomingKnock) -> IncomingKnock:
    """Return *knock* as far as it takes to know it again."""
    core = parse_core(knock.core)
    body = {name: value for name, value in core.body.items() if name not in _WORDS_OF_KNOCKS}
    silent = replace(core, body=body | {"words": _NO_WORDS})
    return replace(knock, core=encode_core(silent), proof=None, answer=None, answer_core=b"")


def closing_read_day(entries: Iterable[Entry], records: Iterable[Record]) -> Day:
    """Return the day on which the other side's closing was first read here, by one's own clock.

    Args:
        entries: of the conversation, with such a closing among them.
        records: all of the conversation.
    """
    hashes = {
        entry.hash
        for entry in entries
        if isinstance(entry, Shown) and not entry.is_own and isinstance(entry.body, Closing)
    }
    return min(
        day_of(message.at)
        for page in records
        if isinstance(page, Page)
        for message in page.messages
        if message.hash in hashes
    )
