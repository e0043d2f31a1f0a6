"""What circles come to: cases for ``circle_vectors``, seen by one member each.

What came is written by hand; what is shown is what the code makes of it, as its own tests say.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.circle.bodies import (
    CircleAcknowledge,
    CircleAttend,
    CircleBody,
    CircleGoodbye,
    CircleLeave,
    CircleSession,
    CircleText,
)
from kith_protocol.circle.roster import Roster, roster_hash, terms_hash
from kith_protocol.circle.seat import Seat
from kith_protocol.circle.state import read_circle
from kith_protocol.circle.view import Circle, Heard

ALL = ("first", "ben comes", "cleo comes")
PEOPLE = ("ann", "ben", "cleo")
EVENING = 29_925_000


@dataclasses.dataclass(frozen=True)
class Cast:
    """Seats and rosters by name, and what is said with them."""

    seats: dict[str, Seat]
    rosters: dict[str, Roster]

    def under(self, roster: str) -> tuple[str, int, str]:
        """Return circle, epoch and hash, as bodies begin."""
        one = self.rosters[roster]
        return one.circle, one.epoch, roster_hash(one)

    def text(self, roster: str, text: str, follows: str = "") -> CircleText:
        """Return a text; its thing follows from what it says."""
        return CircleText(
            *self.under(roster), thing_of(text), text, thing_of(follows) if follows else ""
        )

    def session(
        self, roster: str, revision: int, start: int, *, is_cancelled: bool = False
    ) -> CircleSession:
        """Return a session."""
        thing = thing_of(f"session {revision} {start}")
        return CircleSession(
            *self.under(roster),
            thing,
            thing_of("evening"),
            revision,
            start,
            60,
            "The usual room",
            is_cancelled,
        )

    def attend(self, roster: str, revision: int, attends: str) -> CircleAttend:
        """Return an answer to it."""
        thing = thing_of(f"attend {revision} {attends}")
        return CircleAttend(
            *self.under(roster),
            thing,
            thing_of("evening"),
            revision,
            attends,  # type: ignore[arg-type] # one of three words
        )


def thing_of(name: str) -> str:
    """Return 16 bytes that stand for *name*."""
    return encode_base64url(sha256(name.encode())[:16])


@dataclasses.dataclass(frozen=True)
class Case:
    """What came to one member.

    Attributes:
        about: what it shows.
        member: who looks.
        rosters: names of those that came.
        people: whose seats came.
        said: who said what, in the order of minutes.
        days: after the day on which the circle began.
    """

    about: str
    member: str
    rosters: tuple[str, ...]
    people: tuple[str, ...]
    said: tuple[tuple[str, CircleBody], ...] = ()
    days: int = 5


def cases(cast: Cast) -> tuple[Case, ...]:
    """Return all cases."""
    text, under = cast.text, cast.under
    last = "cleo comes"
    changed = (*ALL, "nothing changes")
    handed = (*ALL, "ben convenes")
    new_terms = terms_hash(cast.rosters["nothing changes"].terms)
    leaving = CircleLeave(*under(last), thing_of("leaving"), "Thank you all")
    read = CircleAcknowledge(*under("nothing changes"), thing_of("read"), new_terms)
    return (
        Case("nobody has let one in yet", "dan", ALL, ("dan",), (("ann", text(last, "Hi")),)),
        Case(
            "three people talk",
            "ben",
            ALL,
            PEOPLE,
            (
                ("ann", text(last, "Welcome")),
                ("ben", text(last, "Hello", "Welcome")),
                ("cleo", text(last, "Hello, both", "Hello")),
            ),
        ),
        Case("one seat has not come", "ben", ALL, ("ann", "ben")),
        Case(
            "a stranger, and a roster that is not known",
            "ben",
            ALL,
            ("ann", "ben", "cleo", "dan"),
            (
                ("dan", text(last, "Let me in")),
                ("cleo", text("nothing changes", "I am ahead")),
                ("cleo", text("dan comes instead", "Somebody told me otherwise")),
            ),
        ),
        Case(
            "a session is moved, answered and cancelled",
            "cleo",
            ALL,
            PEOPLE,
            (
                ("ann", cast.session(last, 1, EVENING)),
                ("ben", cast.session(last, 9, EVENING)),
                ("ben", cast.attend(last, 1, "no")),
                ("ben", cast.attend(last, 2, "yes")),
                ("cleo", cast.attend(last, 1, "maybe")),
                ("ann", cast.session(last, 2, EVENING + 60, is_cancelled=True)),
            ),
        ),
        Case(
            "the convener who follows has the last word",
            "cleo",
            handed,
            PEOPLE,
            (
                ("ann", cast.session(last, 7, EVENING)),
                ("ben", cast.session("ben convenes", 2, EVENING + 30)),
            ),
        ),
        Case("terms are new for who has not read them", "ben", changed, PEOPLE),
        Case("and known to who has", "ben", changed, PEOPLE, (("ben", read),)),
        Case("somebody leaves", "ben", ALL, PEOPLE, (("cleo", leaving),)),
        Case("one leaves oneself", "cleo", ALL, PEOPLE, (("cleo", leaving),)),
        Case(
            "one is removed, with a word",
            "cleo",
            ALL,
            PEOPLE,
            (
                ("ben", CircleGoodbye(under(last)[0], 3, "Not by me")),
                ("ann", CircleGoodbye(under(last)[0], 3, "Take care")),
            ),
        ),
        Case("one is removed without", "cleo", (*ALL, "cleo is removed"), PEOPLE),
        Case("the day has come", "ben", ALL, PEOPLE, days=60),
        Case("archived", "cleo", (*handed, "ben archives"), PEOPLE),
    )


def case_of(
    case: Case, cast: Cast, *, began: int, plain: Callable[..., JsonValue]
) -> JsonObject:
    """Return *case* as it stands in the file, with what it comes to."""
    heard = [
        Heard(
            writer=cast.seats[who].key,
            minute=EVENING + number,
            lane=bytes(8),
            seq=number,
            hash=sha256(f"{case.about} {number}".encode()),
            body=body,
            link=sha256(who.encode())[:16],
            is_seen=who == case.member,
        )
        for number, (who, body) in enumerate(case.said, 1)
    ]
    today = began + case.days
    view = read_circle(
        cast.seats[case.member],
        convener=cast.seats["ann"].key,
        rosters=[cast.rosters[name] for name in case.rosters],
        seats=[cast.seats[name] for name in case.people],
        heard=heard,
        today=today,
    )
    return {
        "about": case.about,
        "member": case.member,
        "invited_by": "ann",
        "today": today,
        "rosters": list(case.rosters),
        "seats": list(case.people),
        "heard": [
            {
                "writer": who,
                "minute": one.minute,
                "seq": one.seq,
                "hash": encode_base64url(one.hash),
                "link": encode_base64url(one.link),
                "is_seen": one.is_seen,
                "body": plain(one.body),
            }
            for (who, _), one in zip(case.said, heard, strict=True)
        ],
        "view": _view(view, {seat.key: name for name, seat in cast.seats.items()}),
    }


def _view(view: Circle, names: dict[str, str]) -> JsonObject:
    return {
        "state": view.state,
        "places": [
            {
                "name": names[one.seat.key],
                "is_me": one.is_me,
                "is_convener": one.is_convener,
                "has_left": one.has_left,
                "has_acknowledged": one.has_acknowledged,
            }
            for one in view.places
        ],
        "unknown": view.unknown,
        "words": [
            {"writer": names[one.writer], "text": one.text, "seen": one.seen}
            for one in view.words
        ],
        "meetings": [
            {
                "start": one.start,
                "is_cancelled": one.is_cancelled,
                "revision": one.revision,
                "attends": {names[key]: word for key, word in sorted(one.attends.items())},
            }
            for one in view.meetings
        ],
        "waiting": view.waiting,
        "is_split": view.is_split,
        "over_day": view.over_day,
        "purge_day": view.purge_day,
        "farewell": view.farewell,
    }
