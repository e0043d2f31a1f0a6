"""What there is to show of a circle; see ``state`` for what it follows from."""

from __future__ import annotations

from typing import Literal

import msgspec

from kith_crypto.errors import UsageError
from kith_protocol.circle.bodies import Attendance, CircleBody
from kith_protocol.circle.roster import Chain, CircleTerms, Roster
from kith_protocol.circle.seat import Seat

CircleState = Literal["joining", "open", "over", "left", "removed"]


class Heard(msgspec.Struct, frozen=True):
    """A message of a link as it was shown there.

    Attributes:
        writer: key of the seat it came from, as base64url; one's own for what one said.
        minute: by the writer's clock, since 1970-01-01 UTC.
        lane: of the device that wrote it, 8 bytes.
        seq: its number there.
        hash: names it, 32 bytes; another one in each link.
        body: what it says.
        link: conversation it stands in, 16 bytes.
        is_seen: an own one that the other side has seen.
        is_fork: another message claims its place in the link.
    """

    writer: str
    minute: int
    lane: bytes
    seq: int
    hash: bytes
    body: CircleBody
    link: bytes
    is_seen: bool = False
    is_fork: bool = False

    def __repr__(self) -> str:
        return "Heard(...)"


class Place(msgspec.Struct, frozen=True):
    """A member of the circle as the newest roster says.

    Attributes:
        seat: theirs.
        is_me: whether it is one's own.
        is_convener: whether they convene it.
        has_left: they said so; the next roster will not have them.
        has_acknowledged: whether they have read the terms as they are now.
    """

    seat: Seat
    is_me: bool
    is_convener: bool
    has_left: bool
    has_acknowledged: bool


class Words(msgspec.Struct, frozen=True):
    """A text that was said to all. Its ``repr`` shows nothing.

    Attributes:
        thing: names it, 16 bytes as base64url.
        writer: key of a seat, as base64url.
        seat: the writer's, if it is known still.
        minute: by the writer's clock.
        text: it.
        hashes: of the messages that brought it, by link: one, or for an own text all.
        seen: by how many links an own one was seen.
        is_fork: another message claims its place.
    """

    thing: str
    writer: str
    seat: Seat | None
    minute: int
    text: str
    hashes: dict[bytes, bytes]
    seen: int
    is_fork: bool

    def __repr__(self) -> str:
        return "Words(...)"


class Meeting(msgspec.Struct, frozen=True):
    """A session of the circle as its convener last said.

    Attributes:
        session: names it, 16 bytes as base64url.
        start: minute since 1970-01-01 UTC.
        minutes: how long.
        where: how one gets there.
        is_cancelled: whether it does not take place.
        revision: of the convener's last word.
        attends: by key of a seat, who comes.
        revisions: by key of a seat, the number of their last word.
    """

    session: str
    start: int
    minutes: int
    where: str
    is_cancelled: bool
    revision: int
    attends: dict[str, Attendance]
    revisions: dict[str, int]


class Circle(msgspec.Struct, frozen=True):
    """All of a circle. Its ``repr`` shows nothing.

    Attributes:
        state: how it stands with oneself.
        chain: the rosters that count.
        places: who has a seat now, in the order of the roster; only those whose seats came.
        unknown: how many more have one.
        words: what was said, in the order in which it is shown (``order``).
        meetings: sessions, earliest first.
        waiting: how many messages name a roster that has not come.
        is_split: somebody named another roster for a place in the chain that is known: the
            convener may be telling different things to different people.
        over_day: day from which nothing more is said, or None while it is not known.
        purge_day: day on which everything is deleted, likewise.
        farewell: words that came with one's removal.
    """

    state: CircleState
    chain: Chain
    places: tuple[Place, ...]
    unknown: int
    words: tuple[Words, ...]
    meetings: tuple[Meeting, ...]
    waiting: int
    is_split: bool
    over_day: int | None
    purge_day: int | None
    farewell: str

    def __repr__(self) -> str:
        return "Circle(...)"

    @property
    def roster(self) -> Roster:
        """Return the roster that counts now.

        Raises:
            UsageError: none has come yet.
        """
        newest = self.chain.newest
        if newest is None:
            raise UsageError("the convener has not let you in yet; look again later")
        return newest

    @property
    def terms(self) -> CircleTerms | None:
        """Return what the circle agrees on now, or None while no roster has come."""
        return None if self.chain.newest is None else self.chain.newest.terms

    @property
    def is_forked(self) -> bool:
        """Return whether the convener made two rosters for one place."""
        return self.chain.is_forked

    @property
    def me(self) -> Place:
        """Return one's own place.

        Raises:
            UsageError: one has none.
        """
        for place in self.places:
            if place.is_me:
                return place
        raise UsageError("you have no seat in this circle")

    def recipients(self) -> tuple[Seat, ...]:
        """Return the seats to which everything is said from now on: nobody else's."""
        if self.state != "open":
            return ()
        return tuple(place.seat for place in self.places if not (place.is_me or place.has_left))
