"""People with seats, rosters that follow each other, and messages, for tests of circles."""

from __future__ import annotations

from collections.abc import Iterable

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_protocol.circle.bodies import CircleBody, CircleText
from kith_protocol.circle.links import OwnSeat
from kith_protocol.circle.roster import (
    CircleTerms,
    Roster,
    first_roster,
    next_roster,
    roster_hash,
)
from kith_protocol.circle.seat import Seat, SeatKeys, make_keys, make_seat
from kith_protocol.circle.state import read_circle
from kith_protocol.circle.view import Circle, Heard
from kith_testing.rng import SeededRng

CIRCLE = bytes(range(16))
CIRCLE_NAME = encode_base64url(CIRCLE)
TODAY = 20_780
TERMS = CircleTerms("Practising", TODAY, TODAY + 60, places=30)


class One:
    """Somebody with a seat."""

    def __init__(self, number: int, *, circle: bytes = CIRCLE) -> None:
        self.keys: SeatKeys = make_keys(SeededRng(number))
        self.key = SigningKey.from_seed(self.keys.seed)
        self.seat: Seat = make_seat(
            self.keys,
            circle=circle,
            node=f"https://n{number % 3}.example",
            name=f"One {number}",
            picture="0" * 16,
        )
        self.own = OwnSeat(self.seat, self.keys, 0)


def first(convener: One) -> Roster:
    """Return the roster that *convener*'s circle begins with."""
    return first_roster(TERMS, convener.seat, key=convener.key, day=TODAY)


def following(
    previous: Roster,
    by: One,
    people: Iterable[One],
    *,
    convener: One | None = None,
    terms: CircleTerms | None = None,
    is_archived: bool = False,
) -> Roster:
    """Return the roster that *by* makes after *previous*."""
    return next_roster(
        previous,
        key=by.key,
        day=TODAY,
        seats=[one.seat for one in people],
        convener=convener.seat.key if convener is not None else "",
        terms=terms,
        is_archived=is_archived,
    )


def heard(writer: One, body: CircleBody, *, minute: int = 1, seq: int = 1) -> Heard:
    """Return *body* as it was read in the link with *writer*."""
    name = f"{writer.seat.key[:20]} {minute} {seq}".encode()
    return Heard(
        writer=writer.seat.key,
        minute=minute,
        lane=b"8 bytes.",
        seq=seq,
        hash=(name + bytes(32))[:32],
        body=body,
        link=b"link".ljust(16, b"."),
    )


def text(roster: Roster, words: str, *, epoch: int | None = None) -> CircleText:
    """Return a text under *roster*; its name follows from its words."""
    return CircleText(
        circle=CIRCLE_NAME,
        epoch=roster.epoch if epoch is None else epoch,
        roster=roster_hash(roster),
        thing=encode_base64url(words.encode().ljust(16, b".")[:16]),
        text=words,
    )


def seen_by(
    who: One,
    rosters: Iterable[Roster],
    people: Iterable[One],
    messages: Iterable[Heard] = (),
    *,
    convener: One,
    today: int = TODAY,
) -> Circle:
    """Return the circle as *who* sees it, whom *convener* invited."""
    return read_circle(
        who.seat,
        convener=convener.seat.key,
        rosters=rosters,
        seats=[one.seat for one in people],
        heard=messages,
        today=today,
    )
