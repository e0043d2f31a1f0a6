"""The messages of a circle: one struct for each type of body.

An invitation and what answers it stand in the conversation that two people have already;
everything else in the links between the members (``links``). What is said in a circle names
the roster that its writer had: ``epoch`` and ``roster``, its hash; so a reader knows who else
was meant to read it, and that both see the same circle. ``thing`` (16 random bytes) is the same
in all links, so a text that went out eleven times is one.

What these messages lead to is ``state``'s part.

Source: SPEC.md, section on circles.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from kith_protocol.circle.roster import MAX_EPOCH, CircleTerms, Roster
from kith_protocol.circle.seat import Seat
from kith_protocol.conversation.body import Blob16, Blob32, BodyStruct, ShortWords
from kith_protocol.mentorship.bodies import First, Minute

MAX_CIRCLE_CHARACTERS = 4000
MAX_SEATS_TOLD = 8  # in one message: 8 of 2.2 KB and a roster of at most 20 KB
MAX_REVISION = 1000

Epoch = Annotated[int, msgspec.Meta(ge=1, le=MAX_EPOCH)]
Revision = Annotated[int, msgspec.Meta(ge=1, le=MAX_REVISION)]
Attendance = Literal["yes", "maybe", "no"]


class CircleInvite(BodyStruct, frozen=True, tag_field="type", tag="circle-invite"):
    """The convener invites the other side of a conversation.

    Attributes:
        seat: the convener's own.
        terms: what the circle agrees on now.
        people: how many it has now.
        words: as one likes.
    """

    seat: Seat
    terms: CircleTerms
    people: Annotated[int, msgspec.Meta(ge=1, le=30)]
    words: ShortWords = ""


class CircleJoin(BodyStruct, frozen=True, tag_field="type", tag="circle-join"):
    """Accepts an invitation.

    Attributes:
        seat: the writer's own.
        acknowledged: hash of the terms they have read.
    """

    seat: Seat
    acknowledged: Blob32


class CircleDecline(BodyStruct, frozen=True, tag_field="type", tag="circle-decline"):
    """Says no to an invitation, or takes a join back that has not led to a seat."""

    circle: Blob16
    words: ShortWords = ""


class CircleRoster(BodyStruct, frozen=True, tag_field="type", tag="circle-roster"):
    """Tells a member who is in the circle from now on. Written by its convener.

    Attributes:
        roster: the new one.
        seats: some of those in it that the member may not have yet; the rest come in further
            messages with the same roster.
    """

    roster: Roster
    seats: Annotated[tuple[Seat, ...], msgspec.Meta(max_length=MAX_SEATS_TOLD)] = ()


class CircleGoodbye(BodyStruct, frozen=True, tag_field="type", tag="circle-goodbye"):
    """Tells somebody that they have no seat in the circle any more. Written by its convener.

    Attributes:
        epoch: of the last roster in which they have a seat.
    """

    circle: Blob16
    epoch: Epoch
    words: ShortWords = ""


class CircleText(BodyStruct, frozen=True, tag_field="type", tag="circle-text"):
    """What a member says to all.

    Attributes:
        follows: thing of the text that the writer had seen last, or empty.
    """

    circle: Blob16
    epoch: Epoch
    roster: Blob32
    thing: Blob16
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_CIRCLE_CHARACTERS)]
    follows: Blob16 | First = ""


class CircleLeave(BodyStruct, frozen=True, tag_field="type", tag="circle-leave"):
    """The writer leaves: nobody writes to them from now on."""

    circle: Blob16
    epoch: Epoch
    roster: Blob32
    thing: Blob16
    words: ShortWords = ""


class CircleSession(BodyStruct, frozen=True, tag_field="type", tag="circle-session"):
    """A session as it is from now on. Counts if its writer convenes the circle.

    Attributes:
        session: names it.
        revision: one more than the last one's; the greatest counts.
        start: minute since 1970-01-01 UTC.
        minutes: how long.
        where: how one gets there, in words.
        is_cancelled: whether it does not take place.
    """

    circle: Blob16
    epoch: Epoch
    roster: Blob32
    thing: Blob16
    session: Blob16
    revision: Revision
    start: Minute
    minutes: Annotated[int, msgspec.Meta(ge=5, le=600)]
    where: ShortWords = ""
    is_cancelled: bool = False


class CircleAttend(BodyStruct, frozen=True, tag_field="type", tag="circle-attend"):
    """Whether the writer comes to a session.

    Attributes:
        session: names it.
        revision: one more than in the writer's last word on this session.
    """

    circle: Blob16
    epoch: Epoch
    roster: Blob32
    thing: Blob16
    session: Blob16
    revision: Revision
    attends: Attendance


class CircleAcknowledge(BodyStruct, frozen=True, tag_field="type", tag="circle-acknowledge"):
    """The writer has read terms that are new since they entered.

    Attributes:
        acknowledged: hash of these terms.
    """

    circle: Blob16
    epoch: Epoch
    roster: Blob32
    thing: Blob16
    acknowledged: Blob32


Told: TypeAlias = "CircleText | CircleLeave | CircleSession | CircleAttend | CircleAcknowledge"
"""What members tell all others, under the roster they have."""

TOLD: tuple[type[Told], ...] = (
    CircleText,
    CircleLeave,
    CircleSession,
    CircleAttend,
    CircleAcknowledge,
)

CircleBody: TypeAlias = (
    "CircleInvite | CircleJoin | CircleDecline | CircleRoster | CircleGoodbye | Told"
)

CIRCLE_BODIES: tuple[type[CircleBody], ...] = (
    CircleInvite,
    CircleJoin,
    CircleDecline,
    CircleRoster,
    CircleGoodbye,
    *TOLD,
)
