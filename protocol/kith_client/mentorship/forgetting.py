"""Deleting what two people have said on the day they wished for when they closed.

The earlier of both wishes counts. Everything of the conversation goes: messages, keys, one's
own notes, and the box. What was thanked for stays with the mentor, whose it is. A knock that
came stays as long as a copy of its envelope could still be opened, so that it is never shown
as a new one.
"""

from __future__ import annotations

import msgspec

from kith_client.boxes import Boxes
from kith_client.keystore import SEED_DAYS, WEEK_DAYS
from kith_client.mentorship.records import (
    ANSWERS_KIND,
    GOAL_KIND,
    NOTE_KIND,
    AnswersRecord,
    GoalRecord,
    NoteRecord,
)
from kith_client.outbox import KIND as OUTGOING_KIND
from kith_client.outbox import Outgoing
from kith_client.shelf import Shelf
from kith_crypto.ed25519 import SigningKey
from kith_protocol.conversation.records import IncomingKnock, Talk, deletion_of
from kith_protocol.day import DAY_S, Day

_OPENS_S = (WEEK_DAYS + SEED_DAYS) * DAY_S
_BY_CONVERSATION = ("box", "phrase")
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
    records = shelf.records_of(conversation)
    for record in records:
        if isinstance(record, Talk):
            await boxes.close(SigningKey.from_seed(record.box_seed))
    shelf.apply(
        deletion_of(record)
        for record in records
        if not isinstance(record, IncomingKnock) or record.read_at + _OPENS_S < today * DAY_S
    )
    for kind, form in _OF_CONVERSATIONS.items():
        for key, value in shelf.all(kind, form).items():
            if getattr(value, "conversation", b"") == conversation:
                shelf.drop(kind, key)
    for kind in _BY_CONVERSATION:
        shelf.drop(kind, conversation)
    await shelf.save()
