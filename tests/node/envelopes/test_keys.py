"""Keys of weeks and years: made when needed, kept for as long as is said, then destroyed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kith_node.envelopes.keys import WEEKS_KEPT, WeekKeys, WhoKeys
from kith_protocol.day import Day, day_of, week_of
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng

DAY_S = 86_400


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def _today(clock: FakeClock) -> Day:
    return day_of(clock.now())


def _weeks(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in (folder / "week").iterdir())


def test_a_week_has_one_key_named_by_its_monday(tmp_path: Path, clock: FakeClock) -> None:
    keys = WeekKeys(tmp_path, clock=clock, rng=SeededRng())
    key = keys.of_today()
    [path] = (tmp_path / "week").iterdir()
    assert path.name == f"{week_of(_today(clock))}.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.of_day(_today(clock)) == key
    # Another process, or the next start, finds the same.
    assert WeekKeys(tmp_path, clock=clock, rng=SeededRng(9)).of_today() == key


def test_nine_weeks_are_kept(tmp_path: Path, clock: FakeClock) -> None:
    keys = WeekKeys(tmp_path, clock=clock, rng=SeededRng())
    made = []
    for _ in range(15):
        made.append((_today(clock), keys.of_today()))
        keys.turn()
        assert len(_weeks(tmp_path)) <= WEEKS_KEPT
        clock.advance(7 * DAY_S)
    clock.advance(-7 * DAY_S)
    kept = [(day, key) for day, key in made if keys.of_day(day) is not None]
    assert kept == made[-WEEKS_KEPT:]
    assert all(keys.of_day(day) == key for day, key in kept)
    assert _weeks(tmp_path) == [week_of(day) for day, _ in kept]


def test_a_key_whose_time_is_over_is_not_used_before_the_job_has_come_by(
    tmp_path: Path, clock: FakeClock
) -> None:
    keys = WeekKeys(tmp_path, clock=clock, rng=SeededRng())
    first = _today(clock)
    keys.of_today()
    clock.advance(WEEKS_KEPT * 7 * DAY_S)
    assert keys.of_day(first) is None
    assert len(_weeks(tmp_path)) == 1
    keys.turn()
    assert _weeks(tmp_path) == []


def test_asking_for_a_week_makes_no_key(tmp_path: Path, clock: FakeClock) -> None:
    keys = WeekKeys(tmp_path, clock=clock, rng=SeededRng())
    assert keys.of_day(_today(clock)) is None
    assert keys.of_day(Day(_today(clock) + 70)) is None
    assert not (tmp_path / "week").exists()


def test_files_that_are_no_keys_stay(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "notes.key").write_bytes(b"n")
    WeekKeys(tmp_path, clock=clock, rng=SeededRng()).turn()
    assert (tmp_path / "week" / "notes.key").exists()


def test_a_year_has_one_who_key_and_the_next_year_destroys_it(
    tmp_path: Path, clock: FakeClock
) -> None:
    keys = WhoKeys(tmp_path, clock=clock, rng=SeededRng())
    key = keys.of_today()
    assert [path.name for path in (tmp_path / "who").iterdir()] == ["2026.key"]
    clock.advance(30 * DAY_S)  # still the same year
    assert keys.of_today() == key
    clock.advance(60 * DAY_S)
    keys.turn()
    assert keys.of_today() != key
    assert [path.name for path in (tmp_path / "who").iterdir()] == ["2027.key"]
