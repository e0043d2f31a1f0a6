"""Rate limits: the burst, the long run, and bounded memory."""

import pytest

from kith_node.http.limits import Throttle
from kith_protocol.errors import TooManyError
from kith_testing.clock import FakeClock


def test_lets_a_burst_through_and_then_says_when_to_come_back() -> None:
    throttle = Throttle(0.5, 3, clock=FakeClock())
    for _ in range(3):
        throttle.take(b"caller")
    with pytest.raises(TooManyError) as caught:
        throttle.take(b"caller")
    assert caught.value.retry_after_s in {2, 3}


def test_the_long_run_is_the_rate() -> None:
    clock = FakeClock()
    throttle = Throttle(1.0, 2, clock=clock)
    passed = 0
    for _ in range(100):
        clock.advance(1)
        for _ in range(5):
            try:
                throttle.take(b"caller")
            except TooManyError:
                break
            passed += 1
    assert 100 <= passed <= 102


def test_a_refused_call_costs_nothing() -> None:
    clock = FakeClock()
    throttle = Throttle(1.0, 1, clock=clock)
    throttle.take(b"caller")
    for _ in range(50):
        with pytest.raises(TooManyError):
            throttle.take(b"caller")
    clock.advance(1)
    throttle.take(b"caller")


def test_callers_do_not_share_a_limit() -> None:
    throttle = Throttle(1.0, 1, clock=FakeClock())
    throttle.take(b"one")
    throttle.take(b"two")


def test_memory_is_bounded() -> None:
    throttle = Throttle(1.0, 1, clock=FakeClock(), max_keys=10)
    for number in range(11):
        throttle.take(number.to_bytes(2, "big"))
    # The oldest was forgotten, the newest was not.
    throttle.take(b"\0\0")
    with pytest.raises(TooManyError):
        throttle.take(b"\0\x0a")
