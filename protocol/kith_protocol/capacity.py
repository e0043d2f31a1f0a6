"""Room at an offer: how many people fit, when it is paused, and when nobody seems to be there.

Values and rules without clock or network. What a mentor says of an offer stays in their vault;
a node learns one word of it, ``kith:room``. That word is a function of what is kept
(``room_of``), and a pause ends by being taken off what is kept, not by the clock alone: so two
devices whose clocks differ never turn an offer to and fro.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from kith_crypto.errors import UsageError
from kith_protocol.conversation.knock_machine import KnockState
from kith_protocol.offer_content import Room

MAX_PLACES = 99
SILENT_KNOCKS = 2  # so many unanswered in a row pause an offer

_ANSWERED: frozenset[KnockState] = frozenset({"accepted", "declined"})


class PlacesRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is kept of the room at one offer. Its ``repr`` shows nothing.

    Attributes:
        places: for how many people there is room at a time, 1 to 99; 0 for no limit.
        is_paused: nobody new for the moment.
        until: first day on which the pause is over; 0 until its owner ends it.
        is_silent: it was paused because knocks were left unanswered, not by its owner.
        counted_from: only knocks whose time was up after it count as unanswered, seconds.
    """

    places: int = 0
    is_paused: bool = False
    until: int = 0
    is_silent: bool = False
    counted_from: int = 0

    def __repr__(self) -> str:
        return "PlacesRules(...)"


class Asked(msgspec.Struct, frozen=True):
    """A knock that came, as far as it matters here.

    Attributes:
        state: as its mentor sees it.
        expires_at: until when it could be answered, seconds.
    """

    state: KnockState
    expires_at: int


def room_of(rules: PlacesRules, *, running: int) -> Room:
    """Return what others are told.

    Args:
        rules: of the offer.
        running: how many mentorships that began there go on.
    """
    is_taken = rules.places and running >= rules.places
    return "full" if rules.is_paused or is_taken else "open"


def with_places(rules: PlacesRules, places: int) -> PlacesRules:
    """Return *rules* with room for so many people; 0 for no limit.

    Raises:
        UsageError: not 0 to 99.
    """
    if not 0 <= places <= MAX_PLACES:
        raise UsageError(f"an offer has 1 to {MAX_PLACES} places, or no limit; not {places}")
    return replace(rules, places=places)


def pause(rules: PlacesRules, *, until: int, today: int) -> PlacesRules:
    """Return *rules*, paused by the offer's owner.

    Args:
        rules: as they were.
        until: first day on which it is open again, or 0 until its owner says so.
        today: a day.

    Raises:
        UsageError: that day has come already.
    """
    if until and until <= today:
        raise UsageError("that day has come already; name a later one, or none at all")
    return replace(rules, is_paused=True, until=until, is_silent=False)


def resume(rules: PlacesRules, *, now: int) -> PlacesRules:
    """Return *rules* without a pause; what was left unanswered until *now* is forgotten."""
    return replace(rules, is_paused=False, until=0, is_silent=False, counted_from=now)


def wake(rules: PlacesRules, *, today: int, now: int) -> PlacesRules:
    """Return *rules*, without the pause if its day has come."""
    is_due = rules.is_paused and 0 < rules.until <= today
    return resume(rules, now=now) if is_due else rules


def pause_if_silent(rules: PlacesRules, knocks: Iterable[Asked]) -> PlacesRules:
    """Return *rules*, paused if the last two knocks at the offer were left unanswered.

    Args:
        rules: as they were.
        knocks: all at this offer but those of people blocked there, in any order.
    """
    if rules.is_paused or count_unanswered(knocks, since=rules.counted_from) < SILENT_KNOCKS:
        return rules
    return replace(rules, is_paused=True, until=0, is_silent=True)


def count_unanswered(knocks: Iterable[Asked], *, since: int) -> int:
    """Return how many of the last knocks were left unanswered in a row.

    Knocks count in the order in which their time is up; those that wait, or were taken back,
    do not count at all.

    Args:
        knocks: at one offer.
        since: what was up by then does not count, seconds.
    """
    count = 0
    # Of two whose time is up together the answered one goes last: somebody is there.
    for knock in sorted(knocks, key=lambda one: (one.expires_at, one.state in _ANSWERED)):
        if knock.state in _ANSWERED:
            count = 0
        elif knock.state == "expired" and knock.expires_at > since:
            count += 1
    return count
