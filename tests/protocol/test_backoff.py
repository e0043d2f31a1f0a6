import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.backoff import (
    Backoff,
    RetryPolicy,
    classify,
    fail,
    has_given_up,
    is_due,
    next_delay_s,
    parse_retry_after,
)
from kith_protocol.http_date import format_http_date
from kith_testing.rng import SeededRng

NOW = 1_795_000_000


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, "done") for status in (200, 202, 204)),
        *((status, "retry") for status in (408, 425, 429, 500, 502, 503, 599)),
        *((status, "drop") for status in (301, 307, 400, 401, 403, 404, 410, 413, 415)),
    ],
)
def test_an_answer_means_one_of_three_things(status: int, outcome: str) -> None:
    assert classify(status) == outcome


@given(st.integers(1, 1000), st.integers(0, 1000))
def test_delays_grow_from_a_minute_to_half_a_day(attempt: int, seed: int) -> None:
    delay_s = next_delay_s(attempt, rng=SeededRng(seed))
    assert 60 <= delay_s <= 12 * 3600
    if attempt == 1:
        assert delay_s <= 120
    if attempt >= 11:
        assert delay_s >= 6 * 3600


def test_peers_that_failed_together_do_not_come_back_together() -> None:
    assert len({next_delay_s(4, rng=SeededRng(seed)) for seed in range(50)}) > 30


def test_a_policy_sets_the_pace() -> None:
    quick = RetryPolicy(first_s=1, max_s=4, give_up_s=10)
    delays = {
        next_delay_s(n, rng=SeededRng(s), policy=quick) for n in (1, 9) for s in range(40)
    }
    assert delays == {1, 2, 3, 4}
    stubborn = RetryPolicy(first_s=5, max_s=5)
    assert next_delay_s(3, rng=SeededRng(), policy=stubborn) == 5


def test_reads_how_long_a_peer_asks_to_wait() -> None:
    assert parse_retry_after("120", now=NOW) == 120
    assert parse_retry_after(format_http_date(NOW + 90), now=NOW) == 90
    assert parse_retry_after(format_http_date(NOW - 90), now=NOW) == 0
    for text in ("", "-1", "1.5", "soon", "1" * 10, "٣"):
        assert parse_retry_after(text, now=NOW) is None


def test_nothing_is_sent_to_a_peer_before_its_time() -> None:
    assert is_due(None, now=NOW)
    state = fail(None, now=NOW, rng=SeededRng())
    assert not is_due(state, now=state.next_at - 1)
    assert is_due(state, now=state.next_at)
    assert state == Backoff(attempts=1, failing_since=NOW, next_at=state.next_at)


def test_failures_in_a_row_are_counted_from_the_first() -> None:
    rng = SeededRng()
    state = fail(None, now=NOW, rng=rng)
    again = fail(state, now=state.next_at, rng=rng)
    assert again.attempts == 2
    assert again.failing_since == NOW
    assert again.next_at - state.next_at >= 120


def test_what_a_peer_asks_for_is_honoured_within_reason() -> None:
    assert fail(None, now=NOW, rng=SeededRng(), retry_after_s=7200).next_at == NOW + 7200
    assert fail(None, now=NOW, rng=SeededRng(), retry_after_s=10**9).next_at == NOW + 12 * 3600
    assert fail(None, now=NOW, rng=SeededRng(), retry_after_s=0).next_at >= NOW + 60


def test_after_a_week_of_failures_it_is_over() -> None:
    assert not has_given_up(None, now=NOW)
    state = Backoff(attempts=20, failing_since=NOW, next_at=NOW)
    assert not has_given_up(state, now=NOW + 7 * 86_400 - 1)
    assert has_given_up(state, now=NOW + 7 * 86_400)


@given(st.integers(0, 100))
def test_a_week_of_failures_takes_a_bounded_number_of_tries(seed: int) -> None:
    rng = SeededRng(seed)
    state = fail(None, now=NOW, rng=rng)
    while not has_given_up(state, now=state.next_at):
        state = fail(state, now=state.next_at, rng=rng)
    assert 20 <= state.attempts <= 45
