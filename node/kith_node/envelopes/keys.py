"""Keys of a calendar period, in files named by it: made when needed, destroyed when over.

A week key wraps the sender seals of its week and is kept for nine: what was wrapped under an
older one nobody can open, whoever forces the node and the keyholders together. A "who" key
lasts a calendar year. Neither is ever in a backup.

Source: docs/privacy.md, *Lifetimes*; SPEC.md, section on sender seals.
"""

from __future__ import annotations

from pathlib import Path

from kith_crypto.randomness import Rng
from kith_crypto.seals import quarter_of
from kith_node.runtime.system import Clock
from kith_node.storage.key_files import destroy_key, open_key
from kith_protocol.day import DAY_S, DAYS_A_WEEK, Day, day_of, week_of

WEEKS_KEPT = 9
QUARTERS_A_YEAR = 4

_SUFFIX = ".key"


class _PeriodKeys:
    """The key files of one folder, by the number of their period."""

    def __init__(self, folder: Path, rng: Rng) -> None:
        self._folder = folder
        self._rng = rng
        self._keys: dict[int, bytes] = {}

    def make(self, period: int) -> bytes:
        """Return the key of *period*, which is made where missing."""
        if period not in self._keys:
            self._keys[period] = open_key(self._path(period), self._rng)
        return self._keys[period]

    def find(self, period: int) -> bytes | None:
        """Return the key of *period*, or None."""
        if period in self._keys or self._path(period).exists():
            return self.make(period)
        return None

    def destroy_before(self, first: int) -> None:
        """Destroy the keys of all periods before *first*."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._folder.glob(f"*{_SUFFIX}"):
            if path.stem.isascii() and path.stem.isdecimal() and int(path.stem) < first:
                destroy_key(path)
        self._keys = {period: key for period, key in self._keys.items() if period >= first}

    def _path(self, period: int) -> Path:
        return self._folder / f"{period}{_SUFFIX}"


class WeekKeys:
    """The keys that wrap sender seals, by the day number of each week's Monday."""

    def __init__(self, keys_dir: Path, *, clock: Clock, rng: Rng) -> None:
        """Take ``data_dir/keys``."""
        self._keys = _PeriodKeys(keys_dir / "week", rng)
        self._clock = clock

    def of_today(self) -> bytes:
        """Return the key of this week; it is made where missing."""
        return self._keys.make(week_of(day_of(self._clock.now())))

    def of_day(self, day: Day) -> bytes | None:
        """Return the key of the week that holds *day*, None where it is destroyed."""
        week = week_of(day)
        # Whether or not the job has come by yet.
        return self._keys.find(week) if week >= self._first() else None

    def turn(self) -> None:
        """Destroy the keys whose time is over."""
        self._keys.destroy_before(self._first())

    def _first(self) -> Day:
        this_week = week_of(day_of(self._clock.now()))
        return Day(this_week - (WEEKS_KEPT - 1) * DAYS_A_WEEK)


class WhoKeys:
    """The keys behind ``who``, by calendar year."""

    def __init__(self, keys_dir: Path, *, clock: Clock, rng: Rng) -> None:
        """Take ``data_dir/keys``."""
        self._keys = _PeriodKeys(keys_dir / "who", rng)
        self._clock = clock

    def of_today(self) -> bytes:
        """Return the key of this year; it is made where missing."""
        return self._keys.make(self._year())

    def turn(self) -> None:
        """Destroy the keys of past years."""
        self._keys.destroy_before(self._year())

    def _year(self) -> int:
        return quarter_of(day_of(self._clock.now())) // QUARTERS_A_YEAR


def seconds_to_midnight(clock: Clock) -> float:
    """Return the seconds until the next day begins."""
    return float(DAY_S - clock.now() % DAY_S)
