"""Notes and goals for oneself: in the vault, never in a message."""

from __future__ import annotations

import msgspec

from kith_client.correspondence import Correspondence
from kith_client.mentorship.records import GOAL_KIND, NOTE_KIND, GoalRecord, NoteRecord
from kith_crypto.errors import UsageError
from kith_crypto.objects import ID_BYTES
from kith_protocol.conversation.body import MAX_HINT_CHARACTERS, check_words
from kith_protocol.day import Day
from kith_protocol.mentorship.bodies import MAX_NOTE_CHARACTERS, GoalState


class PrivateNote(msgspec.Struct, frozen=True):
    """A note that nobody else sees. Its ``repr`` shows nothing.

    Attributes:
        id: 16 bytes.
        session: that it is about, 16 bytes, or empty.
        day: of its last change.
    """

    id: bytes
    text: str
    session: bytes
    day: Day

    def __repr__(self) -> str:
        return "PrivateNote(...)"


class PrivateGoal(msgspec.Struct, frozen=True):
    """A goal that nobody else sees. Its ``repr`` shows nothing."""

    id: bytes
    text: str
    state: GoalState

    def __repr__(self) -> str:
        return "PrivateGoal(...)"


class Private:
    """What one side of a conversation keeps to itself."""

    def __init__(self, conversation: bytes, means: Correspondence) -> None:
        self._conversation = conversation
        self._kept = means

    @property
    def private_notes(self) -> tuple[PrivateNote, ...]:
        """Return one's own notes, oldest first."""
        found = self._kept.shelf.all(NOTE_KIND, NoteRecord).items()
        notes = [
            PrivateNote(key, one.text, one.session, Day(one.day))
            for key, one in found
            if one.conversation == self._conversation
        ]
        return tuple(sorted(notes, key=lambda note: (note.day, note.id)))

    async def keep_note(
        self, text: str, session: bytes = b"", *, note: bytes | None = None
    ) -> bytes:
        """Keep a note for oneself and return its id, 16 bytes.

        Args:
            text: at most 4000 characters.
            session: that it is about, or nothing.
            note: to be changed; a new one without.

        Raises:
            UsageError: there is no such note.
            MalformedError: the text is too long or holds misleading characters.
        """
        check_words(text, MAX_NOTE_CHARACTERS)
        key = self._key(NOTE_KIND, note, [one.id for one in self.private_notes])
        record = NoteRecord(self._conversation, text, session, self._kept.today)
        self._kept.shelf.put(NOTE_KIND, key, record)
        await self._kept.shelf.save()
        return key

    async def drop_note(self, note: bytes) -> None:
        """Throw a note of one's own away."""
        await self._drop(NOTE_KIND, note, [one.id for one in self.private_notes])

    @property
    def private_goals(self) -> tuple[PrivateGoal, ...]:
        """Return one's own goals, in the order of their ids, which are random."""
        found = self._kept.shelf.all(GOAL_KIND, GoalRecord)
        return tuple(
            PrivateGoal(key, one.text, one.state)
            for key, one in sorted(found.items())
            if one.conversation == self._conversation
        )

    async def keep_goal(
        self, text: str, *, state: GoalState = "open", goal: bytes | None = None
    ) -> bytes:
        """Keep a goal for oneself and return its id, 16 bytes.

        Args:
            text: at most 200 characters.
            state: open, reached or dropped.
            goal: to be changed; a new one without.

        Raises:
            UsageError: there is no such goal.
            MalformedError: the text is too long or holds misleading characters.
        """
        check_words(text, MAX_HINT_CHARACTERS)
        key = self._key(GOAL_KIND, goal, [one.id for one in self.private_goals])
        self._kept.shelf.put(GOAL_KIND, key, GoalRecord(self._conversation, text, state))
        await self._kept.shelf.save()
        return key

    async def drop_goal(self, goal: bytes) -> None:
        """Throw a goal of one's own away."""
        await self._drop(GOAL_KIND, goal, [one.id for one in self.private_goals])

    def _key(self, kind: str, key: bytes | None, known: list[bytes]) -> bytes:
        """Return *key*, or a new one."""
        if key is None:
            return self._kept.rng.bytes(ID_BYTES)
        if key not in known:
            raise UsageError(f"there is no such {kind}")
        return key

    async def _drop(self, kind: str, key: bytes, known: list[bytes]) -> None:
        if key not in known:
            raise UsageError(f"there is no such {kind}")
        self._kept.shelf.drop(kind, key)
        await self._kept.shelf.save()
