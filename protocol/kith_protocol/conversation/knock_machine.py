"""The states of a knock, for both sides, as two tables.

Each side keeps one state by its own clock. The rules where the two could disagree:

* **Accepting decides.** An acceptance that arrives after the mentee's own time was up, after
  they withdrew, or after another device of the mentor declined, still counts: the mentor
  believes in a conversation by then. A mentee who no longer wants it closes it.
* **Withdrawing works until the knock is accepted.** On the mentor's side a withdrawal that
  arrives after accepting changes nothing; one that arrives before makes accepting impossible.
* **Time is up for each side by its own clock.** The mentor cannot accept afterwards.

So once every message has arrived, both sides show ``accepted`` or neither does. A transition
that is not in the table changes nothing and says why. Two devices of one person may have moved
on separately; ``join`` says which state both then show, and it never undoes an acceptance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

KnockState = Literal[
    "draft",
    "queued",
    "delivered",
    "failed",
    "accepted",
    "declined",
    "expired",
    "withdrawn",
]
KnockEvent = Literal["send", "delivered", "failed", "accept", "decline", "time-up", "withdraw"]

KNOCK_DAYS = 7
MAX_OPEN_KNOCKS = 3
OPEN_STATES: frozenset[KnockState] = frozenset({"queued", "delivered"})

_Table = Mapping[tuple[KnockState, KnockEvent], KnockState]

_OUTGOING: _Table = {
    ("draft", "send"): "queued",
    ("queued", "delivered"): "delivered",
    ("queued", "failed"): "failed",
    ("queued", "accept"): "accepted",
    ("queued", "decline"): "declined",
    ("queued", "time-up"): "expired",
    ("queued", "withdraw"): "withdrawn",
    ("delivered", "accept"): "accepted",
    ("delivered", "decline"): "declined",
    ("delivered", "time-up"): "expired",
    ("delivered", "withdraw"): "withdrawn",
    ("failed", "send"): "queued",
    ("failed", "delivered"): "delivered",
    ("failed", "accept"): "accepted",
    ("failed", "decline"): "declined",
    ("failed", "time-up"): "expired",
    ("failed", "withdraw"): "withdrawn",
    ("expired", "accept"): "accepted",
    ("expired", "decline"): "declined",
    ("withdrawn", "accept"): "accepted",
    ("withdrawn", "decline"): "declined",
    ("declined", "accept"): "accepted",
}

_INCOMING: _Table = {
    ("delivered", "accept"): "accepted",
    ("delivered", "decline"): "declined",
    ("delivered", "time-up"): "expired",
    ("delivered", "withdraw"): "withdrawn",
    ("expired", "withdraw"): "withdrawn",
}

# What two devices of one person show when they have moved on separately.
_RANK: Mapping[KnockState, int] = {
    "draft": 0,
    "queued": 1,
    "failed": 2,
    "delivered": 3,
    "expired": 4,
    "withdrawn": 5,
    "declined": 6,
    "accepted": 7,
}


class Step(msgspec.Struct, frozen=True):
    """What an event does.

    Attributes:
        state: afterwards.
        reason: why nothing changed, or empty if it did.
    """

    state: KnockState
    reason: str = ""


def step_outgoing(state: KnockState, event: KnockEvent) -> Step:
    """Return what *event* does to a knock on the mentee's side."""
    return _step(_OUTGOING, state, event)


def step_incoming(state: KnockState, event: KnockEvent) -> Step:
    """Return what *event* does to a knock on the mentor's side; it begins as delivered."""
    return _step(_INCOMING, state, event)


def rank_of(state: KnockState) -> int:
    """Return the place of *state* when two devices of one person differ; the higher wins."""
    return _RANK[state]


def may_knock(states: Iterable[KnockState]) -> bool:
    """Return whether one more knock may be sent: at most three are open at a time."""
    return sum(state in OPEN_STATES for state in states) < MAX_OPEN_KNOCKS


def _step(table: _Table, state: KnockState, event: KnockEvent) -> Step:
    after = table.get((state, event))
    if after is None:
        return Step(state, f"a knock that is {state} takes no {event}")
    return Step(after)
