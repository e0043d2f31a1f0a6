"""Only whoever convenes a circle changes it, and everybody settles on the same rosters."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError, UsageError
from kith_protocol.circle.roster import (
    Chain,
    Roster,
    chain_of,
    check_next,
    check_roster,
    check_terms,
    next_roster,
    roster_hash,
)
from kith_protocol.circle.seat import seat_hash
from kith_testing.circles import CIRCLE_NAME, TERMS, TODAY, One, first, following

ANN, BEN, CLEO, DAN = (One(number) for number in range(4))
FIRST = first(ANN)
TWO = following(FIRST, ANN, (ANN, BEN))
THREE = following(TWO, ANN, (ANN, BEN, CLEO))
WITHOUT = following(THREE, ANN, (ANN, BEN))
HANDED = following(THREE, ANN, (ANN, BEN, CLEO), convener=BEN)
BENS = following(HANDED, BEN, (BEN, CLEO))
END = following(BENS, BEN, (BEN, CLEO), is_archived=True)


def chain(*rosters: Roster, who: One = ANN) -> Chain:
    return chain_of(
        rosters, circle=CIRCLE_NAME, convener=ANN.seat.key, seat=seat_hash(who.seat)
    )


def test_rosters_follow_each_other() -> None:
    for before, after in ((FIRST, TWO), (TWO, THREE), (THREE, HANDED), (HANDED, BENS)):
        assert check_next(before, after) is after
    assert chain(END, BENS, HANDED, THREE, TWO, FIRST).rosters[-1] == END


@pytest.mark.parametrize("name", [name for name in Roster.__struct_fields__ if name != "sign"])
def test_nothing_in_a_roster_can_be_changed(name: str) -> None:
    other: dict[str, object] = {
        "circle": "A" * 22,
        "epoch": 3,
        "previous": roster_hash(THREE),
        "convener": BEN.seat.key,
        "day": TODAY + 1,
        "terms": msgspec.structs.replace(TERMS, purge_days=7),
        "seats": THREE.seats,
        "state": "archived",
    }
    with pytest.raises(KithError):
        check_next(FIRST, msgspec.structs.replace(TWO, **{name: other[name]}))


def test_a_roster_by_anybody_else_is_not_taken() -> None:
    forged = msgspec.structs.replace(TWO, sign="")
    for signer in (BEN, CLEO):
        with pytest.raises(UsageError):
            following(TWO, signer, (ANN, BEN, CLEO))
        with pytest.raises(KithError):
            check_roster(TWO, signer=signer.seat.key)
    with pytest.raises(KithError):
        check_roster(forged, signer=ANN.seat.key)
    # One that begins a circle of the same name by oneself.
    usurped = first(CLEO)
    assert chain(usurped, FIRST, TWO).rosters == (FIRST, TWO)
    assert chain(usurped, who=CLEO).rosters == ()


def test_who_has_handed_over_cannot_take_the_circle_back_by_writing_more() -> None:
    longer = [THREE]
    for _ in range(8):
        longer.append(following(longer[-1], ANN, (ANN, CLEO)))
    found = chain(FIRST, TWO, *longer, HANDED, BENS, who=CLEO)
    assert found.rosters[-1] == BENS
    assert found.is_forked


def test_a_removal_wins_over_a_change_at_the_same_time() -> None:
    changed = following(THREE, ANN, (ANN, BEN, CLEO), terms=TERMS)
    assert chain(FIRST, TWO, THREE, changed, WITHOUT).rosters[-1] == WITHOUT


def test_of_two_alike_everybody_takes_the_same() -> None:
    bens, cleos = (following(FIRST, ANN, (ANN, one)) for one in (BEN, CLEO))
    found = {chain(FIRST, *pair).hashes for pair in ((bens, cleos), (cleos, bens))}
    assert found == {(roster_hash(FIRST), min(roster_hash(bens), roster_hash(cleos)))}


def test_nothing_follows_the_end() -> None:
    with pytest.raises(UsageError):
        following(END, BEN, (BEN, CLEO))
    assert chain(FIRST, TWO, THREE, HANDED, BENS, END, who=BEN).rosters[-1] == END


def test_a_convener_keeps_their_seat_and_the_bounds() -> None:
    with pytest.raises(UsageError):
        following(TWO, ANN, (BEN,))
    with pytest.raises(UsageError):
        following(TWO, ANN, (ANN, BEN, BEN))
    few = msgspec.structs.replace(TERMS, places=3)
    with pytest.raises(UsageError):
        following(TWO, ANN, (ANN, BEN, CLEO, DAN), terms=few)
    with pytest.raises(UsageError):
        following(TWO, ANN, (ANN, BEN), convener=CLEO)


@pytest.mark.parametrize(("begins", "ends"), [(10, 10), (10, 9), (10, 10 + 367)])
def test_a_circle_lasts_a_year_at_most(begins: int, ends: int) -> None:
    with pytest.raises(MalformedError):
        check_terms(msgspec.structs.replace(TERMS, begins=begins, ends=ends))


def test_days_do_not_go_back() -> None:
    later = next_roster(TWO, key=ANN.key, day=TODAY + 9, seats=[ANN.seat, BEN.seat])
    again = next_roster(later, key=ANN.key, day=TODAY, seats=[ANN.seat, BEN.seat])
    assert again.day == TODAY + 9


ALL = (FIRST, TWO, THREE, WITHOUT, HANDED, BENS, END)


@given(known=st.lists(st.sampled_from(ALL), max_size=10), who=st.sampled_from((ANN, BEN, CLEO)))
def test_the_chain_depends_on_the_set_alone(known: list[Roster], who: One) -> None:
    unique = {roster_hash(one): one for one in known}
    ordered = [unique[name] for name in sorted(unique)]
    assert chain(*known, who=who) == chain(*ordered, who=who)
    for before, after in zip(
        chain(*known, who=who).rosters, chain(*known, who=who).rosters[1:], strict=False
    ):
        assert after.epoch > before.epoch
