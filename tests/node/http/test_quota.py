"""What one member may create in a while."""

import pytest

from kith_node.http.quota import Quota
from kith_node.http.route import MemberId
from kith_protocol.day import DAY_S
from kith_protocol.errors import TooManyError
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng

ONE, OTHER = MemberId(b"1" * 16), MemberId(b"2" * 16)


def test_a_member_has_a_share_of_their_own_that_fills_again() -> None:
    clock = FakeClock()
    quota = Quota(2, days=10, clock=clock, rng=SeededRng())
    quota.charge(ONE)
    quota.charge(ONE)
    with pytest.raises(TooManyError):
        quota.charge(ONE)
    quota.charge(OTHER)
    clock.advance(5 * DAY_S)
    quota.charge(ONE)
    with pytest.raises(TooManyError):
        quota.charge(ONE)


def test_nothing_is_counted_where_there_is_no_limit() -> None:
    quota = Quota(0, clock=FakeClock(), rng=SeededRng())
    for _ in range(1000):
        quota.charge(ONE)
