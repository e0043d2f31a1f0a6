"""The messages of one lane: what follows what, what is missing, what claims the same place.

A lane of the other side is shown in order. Messages that come early wait, at most 64 of them;
what they wait for may arrive for seven days and is then reported as missing. A message that
comes later still is put into its place. Nothing that arrived is ever dropped here.
"""

from __future__ import annotations

from kith_crypto.core import NO_PREVIOUS
from kith_protocol.conversation.records import Message

MAX_WAITING = 64


class LaneLog:
    """All known messages of one device of one side.

    Attributes:
        messages: by number; more than one under a number is a fork.
        seen: up to which number all has arrived or been given up.
        given_up: up to which number nothing is waited for.
    """

    def __init__(self) -> None:
        self.messages: dict[int, list[Message]] = {}
        self.seen = 0
        self.given_up = 0

    @property
    def top(self) -> int:
        """The highest number there is."""
        return max(self.messages, default=0)

    @property
    def waiting(self) -> list[int]:
        """Numbers that have arrived, but not what comes before them."""
        return sorted(seq for seq in self.messages if seq > self.seen)

    @property
    def waiting_since(self) -> int | None:
        """When the first of those that wait came, or ``None``."""
        return min((self.messages[seq][0].at for seq in self.waiting), default=None)

    @property
    def last_at(self) -> int:
        """When the latest message came."""
        return max(
            (message.at for found in self.messages.values() for message in found), default=0
        )

    def add(self, message: Message) -> None:
        """Take in a message that is not here yet; ``advance`` shows what follows from it."""
        self.messages.setdefault(message.seq, []).append(message)

    def advance(self) -> list[Message]:
        """Return, in order, the messages that no longer wait."""
        shown: list[Message] = []
        while self.seen + 1 in self.messages:
            self.seen += 1
            shown += self.messages[self.seen]
        return shown

    def give_up(self, number: int) -> None:
        """Wait no longer for anything up to *number*."""
        self.given_up = max(self.given_up, number)
        self.seen = max(self.seen, number)

    def first_gap(self) -> tuple[int, int]:
        """Return first number and count of what the earliest of the waiting waits for."""
        return self.seen + 1, self.waiting[0] - self.seen - 1

    def missing(self) -> list[tuple[int, int]]:
        """Return first number and count of each run that was given up and never came."""
        gaps: list[tuple[int, int]] = []
        before = 0
        for seq in sorted(seq for seq in self.messages if seq <= self.seen):
            if seq > before + 1:
                gaps.append((before + 1, seq - before - 1))
            before = seq
        if self.seen > before:
            gaps.append((before + 1, self.seen - before))
        return gaps

    def is_fork(self, message: Message) -> bool:
        """Return whether *message* shares its place, or does not follow the one before."""
        if len(self.messages[message.seq]) > 1:
            return True
        if message.seq == 1:
            return message.previous != NO_PREVIOUS
        before = self.messages.get(message.seq - 1)
        return before is not None and all(message.previous != other.hash for other in before)

    def is_fork_around(self, message: Message) -> bool:
        """Return whether *message* or the one after it is a fork."""
        after = self.messages.get(message.seq + 1, ())
        return self.is_fork(message) or any(self.is_fork(other) for other in after)
