"""A roster that was lost locks nobody out, and gives nobody power they had not."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.ed25519 import SigningKey
from kith_protocol.circle.roster import (
    CircleTerms,
    Roster,
    chain_of,
    first_roster,
    next_roster,
    roster_hash,
)
from kith_protocol.circle.seat import Seat, SeatKeys, make_keys, make_seat, seat_hash
from kith_testing.rng import SeededRng

CIRCLE = bytes(range(16))
TODAY = 20_780
TERMS = CircleTerms("Practising", TODAY, TODAY + 60)


class One:
    """Somebody with a seat."""

    def __init__(self, number: int) -> None:
        self.keys: SeatKeys = make_keys(SeededRng(number))
        self.key = SigningKey.from_seed(self.keys.seed)
        self.seat: Seat = make_seat(
            self.keys,
            circle=CIRCLE,
            node=f"https://n{number}.example",
            name=f"One {number}",
            picture="0" * 16,
        )


ANN, BEN, CLEO, DAN = (One(number) for number in range(4))


def grow(
    start: Roster, by: One, *groups: tuple[One, ...], convener: One | None = None
) -> list[Roster]:
    """Return the rosters that *by* makes one after the other, the last one handing over."""
    rosters = [start]
    for number, group in enumerate(groups, 1):
        is_last = number == len(groups) and convener is not None
        rosters.append(
            next_roster(
                rosters[-1],
                key=by.key,
                day=TODAY,
                seats=[one.seat for one in group],
                convener=convener.seat.key if is_last and convener else "",
            )
        )
    return rosters[1:]


FIRST = first_roster(TERMS, ANN.seat, key=ANN.key, day=TODAY)
WITH_BEN, WITH_CLEO, WITH_DAN = grow(
    FIRST, ANN, (ANN, BEN), (ANN, BEN, CLEO), (ANN, BEN, CLEO, DAN)
)


def epochs_for(who: One, *rosters: Roster) -> list[int]:
    """Return the epochs of the chain that *who* goes by."""
    chain = chain_of(
        rosters,
        circle=ANN.seat.circle,
        convener=ANN.seat.key,
        seat=seat_hash(who.seat),
    )
    return [roster.epoch for roster in chain.rosters]


def test_where_one_was_lost_the_next_one_of_the_same_convener_counts() -> None:
    assert epochs_for(BEN, WITH_BEN, WITH_DAN) == [2, 4]


def test_when_the_lost_one_comes_after_all_nothing_is_left_out() -> None:
    assert epochs_for(BEN, WITH_DAN, WITH_BEN, WITH_CLEO) == [2, 3, 4]


def test_a_joiner_whom_two_devices_let_in_goes_on_with_the_one_that_counts() -> None:
    # One device let Ben in and the other Cleo; then Ben in again.
    [bens] = grow(FIRST, ANN, (ANN, BEN))
    [cleos] = grow(FIRST, ANN, (ANN, CLEO))
    losing, winning, who = (
        (bens, cleos, BEN)
        if roster_hash(bens) > roster_hash(cleos)
        else (
            cleos,
            bens,
            CLEO,
        )
    )
    [both] = grow(winning, ANN, (ANN, BEN, CLEO))
    assert epochs_for(who, losing, both) == [2, 3]
    assert epochs_for(ANN, FIRST, losing, winning, both) == [1, 2, 3]


def test_who_has_handed_over_leads_nobody_on_who_knows_of_it() -> None:
    [handed] = grow(WITH_CLEO, ANN, (ANN, BEN, CLEO), convener=BEN)
    [bens] = grow(handed, BEN, (BEN, CLEO))
    lonely = msgspec.structs.replace(WITH_DAN, sign="")
    forged = grow(WITH_CLEO, ANN, (ANN, CLEO), (ANN, CLEO), (ANN, CLEO), (ANN, CLEO))
    known = (WITH_BEN, WITH_CLEO, handed, bens, *forged, forged[-1], lonely)
    assert epochs_for(BEN, *known) == [2, 3, 4, 5]
    chain = chain_of(
        known, circle=ANN.seat.circle, convener=ANN.seat.key, seat=seat_hash(CLEO.seat)
    )
    assert chain.rosters[-1] == bens
    # Nor with one of which nothing in between was ever shown.
    assert epochs_for(BEN, WITH_BEN, WITH_CLEO, handed, bens, forged[-1]) == [2, 3, 4, 5]


def test_nothing_follows_the_end() -> None:
    end = next_roster(
        WITH_BEN, key=ANN.key, day=TODAY, seats=[ANN.seat, BEN.seat], is_archived=True
    )
    assert epochs_for(BEN, WITH_BEN, end, WITH_DAN) == [2, 3]


@given(rosters=st.lists(st.sampled_from([FIRST, WITH_BEN, WITH_CLEO, WITH_DAN]), max_size=8))
def test_order_and_repetition_are_no_matter(rosters: list[Roster]) -> None:
    unique = sorted({roster_hash(one): one for one in rosters}.values(), key=roster_hash)
    assert epochs_for(BEN, *rosters) == epochs_for(BEN, *unique)
