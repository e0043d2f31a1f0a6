"""Parts of a run are measured whether or not they are shown."""

from __future__ import annotations

import pytest

from kith_node.demo.clock import MovedClock
from kith_node.demo.progress import Progress
from kith_testing.clock import FakeClock


def test_parts_of_one_name_add_up() -> None:
    clock = FakeClock()
    progress = Progress(clock, is_quiet=True)
    for took in (2, 3):
        with progress.part("verify", "Comparing"):
            clock.advance(took)
    assert progress.seconds == {"verify": 5.0}


def test_a_part_that_fails_is_measured_too() -> None:
    clock = FakeClock()
    progress = Progress(clock, is_quiet=True)

    def fail() -> None:
        with progress.part("fill", "Filling"):
            clock.advance(4)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert progress.seconds == {"fill": 4.0}


def test_says_each_part_in_a_line_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress(FakeClock(), is_quiet=False)
    with progress.part("publish", "Publishing 2 offers", steps=2) as tick:
        tick()
    assert capsys.readouterr() == ("", "Publishing 2 offers\n")


def test_says_nothing_where_it_is_to_be_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(FakeClock(), is_quiet=True)
    with progress.part("publish", "Publishing", steps=2) as tick:
        tick()
    assert capsys.readouterr() == ("", "")


def test_a_moved_clock_is_whole_days_ahead_and_runs_on() -> None:
    clock = FakeClock(now=1_000_000)
    moved = MovedClock(clock)
    moved.days_ahead = 2
    clock.advance(5)
    assert moved.now() == 1_000_005 + 2 * 86_400
    assert moved.monotonic() == clock.monotonic()
