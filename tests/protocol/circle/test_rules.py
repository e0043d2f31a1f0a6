"""What a member may do, and whom a convener lets in."""

from __future__ import annotations

import msgspec
import pytest

from kith_crypto.errors import KithError, UsageError
from kith_protocol.circle.bodies import CircleJoin, CircleLeave, CircleSession, Told
from kith_protocol.circle.roster import terms_hash
from kith_protocol.circle.rules import (
    check_convener,
    check_invite,
    check_may_tell,
    refusal_of,
)
from kith_testing.circles import TERMS, TODAY, One, first, following, seen_by, text

ANN, BEN, CLEO = (One(number) for number in range(3))
FIRST = first(ANN)
TWO = following(FIRST, ANN, (ANN, BEN))
ANNS = seen_by(ANN, (FIRST, TWO), (ANN, BEN), convener=ANN)
BENS = seen_by(BEN, (FIRST, TWO), (ANN, BEN), convener=ANN)
AGREED = terms_hash(TERMS)


def refusal(
    join: CircleJoin, *, node: str = CLEO.seat.node, former: tuple[str, ...] = ()
) -> str:
    return refusal_of(join, ANNS, node=node, former=former)


def test_whoever_was_invited_and_agrees_is_let_in() -> None:
    assert refusal(CircleJoin(CLEO.seat, AGREED)) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"key": BEN.seat.key},
        {"box": BEN.seat.box},
        {"reply": BEN.seat.reply},
        {"name": "Mallory"},
        {"circle": "A" * 22},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_seat_is_refused(change: dict[str, str]) -> None:
    assert refusal(CircleJoin(msgspec.structs.replace(CLEO.seat, **change), AGREED))


def test_a_seat_of_somebody_who_is_in_is_refused() -> None:
    assert refusal(CircleJoin(BEN.seat, AGREED), node=BEN.seat.node)


def test_a_seat_at_another_node_than_its_owners_is_refused() -> None:
    assert refusal(CircleJoin(CLEO.seat, AGREED), node="https://victim.example")


def test_other_terms_are_refused() -> None:
    other = terms_hash(msgspec.structs.replace(TERMS, rhythm="Mondays"))
    assert refusal(CircleJoin(CLEO.seat, other))


def test_nobody_comes_back_under_a_former_key() -> None:
    assert refusal(CircleJoin(CLEO.seat, AGREED), former=(CLEO.seat.key,))


def test_two_who_come_at_once_have_different_keys() -> None:
    join = CircleJoin(CLEO.seat, AGREED)
    assert refusal_of(join, ANNS, node=CLEO.seat.node, former=(), coming=[CLEO.seat])


def test_a_full_circle_lets_nobody_in() -> None:
    few = msgspec.structs.replace(TERMS, places=3)
    full = following(TWO, ANN, (ANN, BEN, One(5)), terms=few)
    circle = seen_by(ANN, (FIRST, TWO, full), (ANN, BEN, One(5)), convener=ANN)
    join = CircleJoin(CLEO.seat, terms_hash(few))
    assert refusal_of(join, circle, node=CLEO.seat.node, former=()) == "no place is left"


def test_only_a_convener_lets_in_and_changes() -> None:
    join = CircleJoin(CLEO.seat, AGREED)
    assert refusal_of(join, BENS, node=CLEO.seat.node, former=())
    assert check_convener(ANNS) == TWO
    with pytest.raises(UsageError):
        check_convener(BENS)


def test_only_a_convener_plans() -> None:
    session = CircleSession("A" * 22, 2, "A" * 43, "A" * 22, "A" * 22, 1, 500, 60)
    check_may_tell(ANNS, session)
    with pytest.raises(UsageError):
        check_may_tell(BENS, session)


def test_a_convener_does_not_leave_others_alone() -> None:
    leave = CircleLeave("A" * 22, 2, "A" * 43, "A" * 22)
    check_may_tell(BENS, leave)
    with pytest.raises(UsageError):
        check_may_tell(ANNS, leave)
    check_may_tell(seen_by(ANN, (FIRST,), (ANN,), convener=ANN), leave)


def test_nothing_is_said_once_it_is_over_or_before_one_is_in() -> None:
    said: Told = text(TWO, "hello")
    over = seen_by(BEN, (FIRST, TWO), (ANN, BEN), convener=ANN, today=TERMS.ends)
    joining = seen_by(CLEO, (), (ANN, CLEO), convener=ANN, today=TODAY)
    for circle in (over, joining):
        with pytest.raises(UsageError):
            check_may_tell(circle, said)


def test_an_invitation_is_by_somebody_at_the_node_it_came_from() -> None:
    check_invite(ANN.seat, TERMS, node=ANN.seat.node)
    with pytest.raises(UsageError):
        check_invite(ANN.seat, TERMS, node="https://other.example")
    with pytest.raises(KithError):
        check_invite(msgspec.structs.replace(ANN.seat, name="Else"), TERMS, node=ANN.seat.node)
