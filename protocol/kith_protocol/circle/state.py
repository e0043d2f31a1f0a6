"""A circle as one member sees it: what follows from the set of all that came.

Nobody agrees on an order: everything here is a function of the set of rosters, seats and
messages that a device has, so it does not matter in which order they came, how often, or on
which device. A message counts if its writer had a seat in the roster it names; one that names a
roster that has not come yet waits for it. What somebody says who was removed is not read any
more once their removal is known (the client's part).

Source: SPEC.md, section on circles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from kith_protocol.circle.bodies import (
    TOLD,
    CircleAcknowledge,
    CircleAttend,
    CircleGoodbye,
    CircleLeave,
    CircleSession,
    CircleText,
    Told,
)
from kith_protocol.circle.order import Said, rank_texts
from kith_protocol.circle.roster import (
    Chain,
    Roster,
    chain_of,
    seats_of,
    terms_hash,
)
from kith_protocol.circle.seat import Seat, seat_hash
from kith_protocol.circle.view import Circle, CircleState, Heard, Meeting, Place, Words

T = TypeVar("T")


def read_circle(
    own: Seat,
    *,
    convener: str,
    rosters: Iterable[Roster],
    seats: Iterable[Seat],
    heard: Iterable[Heard],
    today: int,
) -> Circle:
    """Return the circle that follows from all that came.

    Args:
        own: one's own seat.
        convener: key of who convened it when one was invited, as base64url.
        rosters: all that came or that one made; hostile ones may be among them.
        seats: all that came, checked (``check_seat``), one's own among them.
        heard: what was said in the links, by oneself and others.
        today: by one's own clock.
    """
    chain = chain_of(rosters, circle=own.circle, convener=convener, seat=seat_hash(own))
    known = {seat_hash(seat): seat for seat in [*seats, own] if seat.circle == own.circle}
    newest = chain.newest
    told = _told(own, chain, known, heard)
    left = {one.heard.writer for one in told.counted if isinstance(one.body, CircleLeave)}
    over_day, purge_day = _days(newest)
    return Circle(
        state=_state(own, chain, told, left, over_day, today),
        chain=chain,
        places=() if newest is None else _places(own, chain, known, left, told),
        unknown=0 if newest is None else sum(name not in known for name in newest.seats),
        words=_words(told, known),
        meetings=_meetings(told),
        waiting=told.waiting,
        is_split=told.is_split,
        over_day=over_day,
        purge_day=purge_day,
        farewell="" if told.goodbye is None else told.goodbye.words,
    )


class _One(msgspec.Struct, frozen=True):
    """A message that counts, and the roster it names."""

    heard: Heard
    body: Told
    roster: Roster


class _Told(msgspec.Struct, frozen=True):
    """Which messages count, in the order in which they are shown."""

    counted: tuple[_One, ...]
    waiting: int
    is_split: bool
    goodbye: CircleGoodbye | None


def _told(own: Seat, chain: Chain, known: Mapping[str, Seat], heard: Iterable[Heard]) -> _Told:
    keys = {
        name: {known[seat].key for seat in roster.seats if seat in known}
        for name, roster in chain.sound.items()
    }
    members = {key for taken in keys.values() for key in taken}
    counted: list[_One] = []
    waiting, is_split = 0, False
    goodbye: CircleGoodbye | None = None
    newest = chain.newest
    for one in sorted(heard, key=_order):
        body = one.body
        if isinstance(body, CircleGoodbye) and _removes(body, one.writer, own, newest):
            goodbye = body
        if not isinstance(body, TOLD) or body.circle != own.circle:
            continue
        roster = chain.sound.get(body.roster)
        if roster is not None:
            if roster.epoch == body.epoch and one.writer in keys[body.roster]:
                counted.append(_One(one, body, roster))
        elif newest is None:
            waiting += 1
        elif one.writer in members:  # nobody else can make the convener look two-faced
            waiting += body.epoch > newest.epoch
            is_split |= chain.rosters[0].epoch <= body.epoch <= newest.epoch
    return _Told(tuple(counted), waiting, is_split, goodbye)


def _removes(body: CircleGoodbye, writer: str, own: Seat, newest: Roster | None) -> bool:
    """Return whether it is the last word of who convenes the circle, as far as one knows."""
    if newest is None or body.circle != own.circle or writer == own.key:
        return False
    return writer == newest.convener and body.epoch >= newest.epoch


def _order(one: Heard) -> tuple[int, str, int, bytes]:
    return one.minute, one.writer, one.seq, one.hash


def _days(newest: Roster | None) -> tuple[int | None, int | None]:
    if newest is None:
        return None, None
    over = newest.terms.ends
    if newest.state == "archived":
        over = min(over, newest.day)
    return over, over + newest.terms.purge_days


def _state(
    own: Seat, chain: Chain, told: _Told, left: set[str], over_day: int | None, today: int
) -> CircleState:
    newest = chain.newest
    if own.key in left:
        return "left"
    if newest is None or over_day is None:
        return "joining"
    if told.goodbye is not None or seat_hash(own) not in newest.seats:
        return "removed"
    return "over" if newest.state == "archived" or today >= over_day else "open"


def _places(
    own: Seat, chain: Chain, known: Mapping[str, Seat], left: set[str], told: _Told
) -> tuple[Place, ...]:
    newest = chain.rosters[-1]
    wanted = terms_hash(newest.terms)
    entered = _entered(chain)
    # Whoever convenes, or did while the terms were these, has made or taken over what they say.
    acknowledged = {
        roster.convener for roster in chain.rosters if terms_hash(roster.terms) == wanted
    }
    acknowledged |= {
        one.heard.writer
        for one in told.counted
        if isinstance(one.body, CircleAcknowledge) and one.body.acknowledged == wanted
    }
    return tuple(
        Place(
            seat=seat,
            is_me=seat.key == own.key,
            is_convener=seat.key == newest.convener,
            has_left=seat.key in left,
            has_acknowledged=(
                seat.key in acknowledged or entered.get(seat_hash(seat)) == wanted
            ),
        )
        for seat in seats_of(newest, known.values())
    )


def _entered(chain: Chain) -> dict[str, str]:
    """Return which terms each seat acknowledged; of earlier ones, the first that one knows."""
    entered: dict[str, str] = {}
    for roster in chain.rosters:
        for name in roster.seats:
            entered.setdefault(name, terms_hash(roster.terms))
    return entered


def _words(told: _Told, known: Mapping[str, Seat]) -> tuple[Words, ...]:
    seats = {seat.key: seat for seat in known.values()}
    groups: dict[tuple[str, str], list[Heard]] = {}
    for one in told.counted:
        if isinstance(one.body, CircleText):
            groups.setdefault((one.heard.writer, one.body.thing), []).append(one.heard)
    # Two people may use one name; each text has its own place all the same.
    named: dict[str, str] = {}
    for writer, thing in groups:
        named.setdefault(thing, writer + thing)
    texts = {}
    for (writer, thing), group in groups.items():
        heard, body = _first(group)
        texts[writer + thing] = Said(heard.minute, named.get(body.follows, ""))
    ranks = rank_texts(texts)
    order = sorted(groups, key=lambda key: (ranks[key[0] + key[1]], _order(groups[key][0])))
    return tuple(_words_of(groups[key], seats.get(key[0])) for key in order)


def _first(group: list[Heard]) -> tuple[Heard, CircleText]:
    heard = group[0]
    assert isinstance(heard.body, CircleText)
    return heard, heard.body


def _words_of(group: list[Heard], seat: Seat | None) -> Words:
    first, body = _first(group)
    return Words(
        thing=body.thing,
        writer=first.writer,
        seat=seat,
        minute=first.minute,
        text=body.text,
        hashes={one.link: one.hash for one in group},
        seen=sum(one.is_seen for one in group),
        is_fork=any(one.is_fork for one in group),
    )


def _meetings(told: _Told) -> tuple[Meeting, ...]:
    # The convener who follows has the last word, whatever number the one before writes.
    best: dict[str, tuple[tuple[int, int, str], CircleSession]] = {}
    answers: dict[tuple[str, str], tuple[tuple[int, str], CircleAttend]] = {}
    for one in told.counted:
        body = one.body
        if isinstance(body, CircleSession) and one.heard.writer == one.roster.convener:
            rank = one.roster.epoch, body.revision, body.thing
            if body.session not in best or rank > best[body.session][0]:
                best[body.session] = rank, body
        if isinstance(body, CircleAttend):
            key, weight = (body.session, one.heard.writer), (body.revision, body.thing)
            if key not in answers or weight > answers[key][0]:
                answers[key] = weight, body
    meetings = [
        Meeting(
            session=body.session,
            start=body.start,
            minutes=body.minutes,
            where=body.where,
            is_cancelled=body.is_cancelled,
            revision=body.revision,
            attends=_answers(answers, body.session, lambda answer: answer.attends),
            revisions=_answers(answers, body.session, lambda answer: answer.revision),
        )
        for _, body in best.values()
    ]
    return tuple(sorted(meetings, key=lambda meeting: (meeting.start, meeting.session)))


def _answers(
    answers: Mapping[tuple[str, str], tuple[tuple[int, str], CircleAttend]],
    session: str,
    read: Callable[[CircleAttend], T],
) -> dict[str, T]:
    return {
        writer: read(answer)
        for (about, writer), (_, answer) in answers.items()
        if about == session
    }
