"""What a member may do in a circle now, and what their convener does with a join.

Everything is checked on the device of whoever acts, before anything is written; what others may
have done all the same is passed over by ``state``.

Source: SPEC.md, section on circles.
"""

from __future__ import annotations

from collections.abc import Iterable

from kith_crypto.errors import KithError, UsageError
from kith_protocol.circle.bodies import (
    CircleAcknowledge,
    CircleJoin,
    CircleLeave,
    CircleSession,
    Told,
)
from kith_protocol.circle.roster import CircleTerms, Roster, check_terms, terms_hash
from kith_protocol.circle.seat import Seat, check_seat
from kith_protocol.circle.view import Circle

_STATES = {
    "joining": "the convener has not let you in yet",
    "over": "the circle is over",
    "left": "you have left the circle",
    "removed": "you have no seat in this circle any more",
}


def check_open(circle: Circle) -> None:
    """Return if something may be said in *circle*.

    Raises:
        UsageError: it is over, or one is not in it.
    """
    if circle.state != "open":
        raise UsageError(_STATES[circle.state])


def check_may_tell(circle: Circle, body: Told) -> None:
    """Return if *body* may be said to all now.

    Raises:
        UsageError: the circle is over, one is not in it, has not read its terms as they are
            now, or it is the convener's part.
    """
    check_open(circle)
    if isinstance(body, CircleSession):
        check_convener(circle)
    if isinstance(body, CircleLeave) and circle.me.is_convener and len(circle.places) > 1:
        raise UsageError("hand the circle over to somebody or archive it before you leave")
    if not isinstance(body, CircleLeave | CircleAcknowledge) and not circle.me.has_acknowledged:
        raise UsageError("the circle has new terms: read and acknowledge them first")


def check_convener(circle: Circle) -> Roster:
    """Return the newest roster of a circle that goes on, if one convenes it.

    Raises:
        UsageError: somebody else does, or it is over.
    """
    check_open(circle)
    if not circle.me.is_convener:
        raise UsageError("only the convener of a circle does that")
    return circle.roster


def refusal_of(
    join: CircleJoin,
    circle: Circle,
    *,
    node: str,
    former: Iterable[str],
    coming: Iterable[Seat] = (),
) -> str:
    """Return why a convener does not let somebody in, or nothing.

    Args:
        join: what the invited person wrote.
        circle: as the convener sees it.
        node: origin of that person's node, by which they came.
        former: keys of seats that were in the circle before: nobody comes back under one.
        coming: seats of others who are let in with the same roster.
    """
    seat = join.seat
    try:
        roster = check_convener(circle)
        check_seat(seat)
    except KithError:
        return "not a seat for this circle"
    taken = [*(place.seat for place in circle.places), *coming]
    clashes = any(
        seat.key == one.key or seat.box == one.box or seat.reply == one.reply for one in taken
    )
    if seat.circle != roster.circle or clashes or seat.key in set(former):
        return "not a new seat for this circle"
    if seat.node != node:
        # Else a circle's letters could be turned on any node and box.
        return "the seat is at another node than its owner"
    if join.acknowledged != terms_hash(roster.terms):
        return "other terms than those of today"
    if len(taken) >= roster.terms.places:
        return "no place is left"
    return ""


def check_invite(seat: Seat, terms: CircleTerms, *, node: str) -> None:
    """Return if an invitation by the owner of *seat* can be accepted.

    Args:
        seat: the convener's.
        terms: of the circle.
        node: origin of the node by which the invitation came.

    Raises:
        MalformedError, CryptoError: seat or terms are not in order.
        UsageError: it is at another node.
    """
    check_seat(seat)
    check_terms(terms)
    if seat.node != node:
        raise UsageError("the invitation names another node than the one it came from")
