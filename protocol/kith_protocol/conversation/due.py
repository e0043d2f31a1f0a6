"""What a conversation owes as time passes: decisions about its shelf and history.

* A gap is asked about once a day and given up after seven days.
* A reply key older than seven days that has taken messages is renewed. Two silent people owe
  each other nothing: a key that has taken none needs no renewal.
* What was asked for is sent again, once for each time it is asked; so is, at most once a day,
  what the other side has not seen although it has written a day later.
* Some time after the end the box is closed and the seeds die.
"""

from __future__ import annotations

from collections.abc import Mapping

from kith_protocol.conversation.events import Event, Gap, Received
from kith_protocol.conversation.history import History, lane_name
from kith_protocol.conversation.ledger import MAX_WAITING, LaneLog
from kith_protocol.conversation.records import Message, Seed
from kith_protocol.conversation.seeds import dead_seeds, newest_first
from kith_protocol.conversation.shelf import Shelf
from kith_protocol.day import DAY_S

ASK_S = DAY_S
GAP_S = 7 * DAY_S
REKEY_S = 7 * DAY_S
RESEND_S = 30 * DAY_S
MAX_RESENT = 64
QUIET_S = 45 * DAY_S  # a lane silent for longer counts no more; so long a box outlives an end


def settle(shelf: Shelf, history: History) -> list[Event]:
    """Return what can be shown now, after something came or was given up."""
    events: list[Event] = [Received(history.shown(message)) for message in history.settle()]
    for lane, log in history.peer_lanes.items():
        while len(log.waiting) > MAX_WAITING:
            events += _give_up(shelf, history, lane, log)
    return events


def give_up_gaps(shelf: Shelf, history: History, *, now: int) -> list[Event]:
    """Give up what has been waited for long enough; return what that shows."""
    events: list[Event] = []
    if history.frozen_at is not None:
        return events
    for lane, log in history.peer_lanes.items():
        while log.waiting_since is not None and now - log.waiting_since >= GAP_S:
            events += _give_up(shelf, history, lane, log)
    return events


def must_rekey(shelf: Shelf, history: History, *, now: int) -> bool:
    """Return whether the own reply key is to be renewed."""
    newest = next(iter(newest_first(shelf.seeds)), None)
    if newest is None or now - newest.made_at < REKEY_S:
        return False
    return history.heard > newest.heard


def must_ask(shelf: Shelf, history: History, *, now: int) -> bool:
    """Return whether to ask for what is missing or could not be opened."""
    asked_at = max(lane.asked_at for lane in shelf.lanes)
    if asked_at and now - asked_at < ASK_S:
        return False
    since = [log.waiting_since for log in history.peer_lanes.values()]
    if any(waiting is not None and now - waiting >= ASK_S for waiting in since):
        return True
    return max(lane.unreadable_at for lane in shelf.lanes) > asked_at


def to_resend(shelf: Shelf, history: History, *, now: int) -> tuple[bytes, ...]:
    """Return the hashes of own messages that are to be sent again, at most 64.

    Those of the last 30 days that whoever asks has not seen, even if they had seen them
    before their vault was put back; and those that are older than a day and unseen while the
    other side has written since: the last message of a lane leaves no gap that would be
    noticed there.
    """
    resent_at = shelf.own.resent_at
    found: list[Message] = []
    if history.asked_at > resent_at:
        found += _unseen(history, history.asked_ack, history.asked_at)
    if history.heard_at > resent_at and now - resent_at >= ASK_S:
        found += _unseen(history, history.acked, history.heard_at - ASK_S)
    found.sort(key=lambda message: (message.at, message.seq))
    recent = [message.hash for message in found if message.at > now - RESEND_S]
    return tuple(dict.fromkeys(recent))[-MAX_RESENT:]


def _unseen(history: History, acked: Mapping[bytes, int], upto: int) -> list[Message]:
    return [
        message
        for lane, log in history.own_lanes.items()
        for seq, messages in log.messages.items()
        for message in messages
        if seq > acked.get(lane, 0) and message.at <= upto
    ]


def is_over(history: History, *, is_closed: bool, now: int) -> bool:
    """Return whether nothing more is waited for.

    Args:
        history: of the conversation.
        is_closed: by both sides.
        now: seconds.
    """
    if history.ended_at is None:
        return False
    return now - history.ended_at >= (GAP_S if is_closed else QUIET_S)


def mortal_seeds(shelf: Shelf, history: History, *, now: int) -> list[Seed]:
    """Return the seeds that are to die now that the box is empty."""
    in_use = [log for log in history.peer_lanes.values() if now - log.last_at < QUIET_S]
    is_waiting = any(log.waiting for log in history.peer_lanes.values())
    is_settled = len(in_use) <= 1 and not is_waiting
    return dead_seeds(
        shelf.seeds,
        opened=shelf.opened,
        acked=history.acked,
        is_settled=is_settled,
        now=now,
    )


def _give_up(shelf: Shelf, history: History, lane: bytes, log: LaneLog) -> list[Event]:
    """Wait no longer for what the first of the waiting messages waits for."""
    first, count = log.first_gap()
    log.give_up(first + count - 1)
    shelf.note_given_up(lane_name(lane), log.given_up)
    shown = [Received(history.shown(message)) for message in history.settle()]
    return [Gap(lane, first, count), *shown]
