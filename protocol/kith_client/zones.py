"""Time zones, on the device alone: which one a member means, and when its clocks change.

A zone is named as in the IANA database, ``Region/City``. It is never sent: the other side
learns at most what the clock shows at the moments that are proposed to them
(``mentorship.bodies.Slot``). The rules come from the system, or from the package ``tzdata``
where the system has none.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from kith_crypto.errors import UsageError

MINUTE_S = 60

_DAY_S = 86_400
_FOLDER = "zoneinfo/"  # what follows it in the path of a zone's file is the name
_NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})  # files that name no place
_MAX_SUGGESTIONS = 3
_MAX_LINKS = 8
_LIKENESS = 0.75

_UNKNOWN_ZONE = (
    "times are in UTC, as this device does not name its time zone; say which one is yours,"
    " such as Africa/Nairobi"
)


@dataclasses.dataclass(frozen=True, slots=True)
class DefaultZone:
    """The zone to take where nobody says one.

    Attributes:
        name: as in the IANA database.
        hint: what to tell the member about it; empty if the device knew.
    """

    name: str
    hint: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """How the clocks of a zone are changed.

    Attributes:
        before: by how much they were ahead of UTC until then.
        after: and from then on.
        name: the zone's abbreviation for the time that begins, such as ``CEST``.
        is_standard: whether that is no daylight saving time.
    """

    before: timedelta
    after: timedelta
    name: str
    is_standard: bool


def read_zone(name: str) -> ZoneInfo:
    """Return the time zone called *name*.

    Raises:
        UsageError: there is none; the text suggests others.
    """
    if name in _zone_names():
        return ZoneInfo(name)
    near = _suggest(name)
    if near:
        raise UsageError(f'there is no time zone "{name}"; did you mean {" or ".join(near)}?')
    raise UsageError(
        f'there is no time zone "{name}"; they are named by region and city, such as'
        " Africa/Nairobi"
    )


def default_zone(
    environ: Mapping[str, str], *, localtime: Path = Path("/etc/localtime")
) -> DefaultZone:
    """Return the zone that the device is set to, or UTC with a hint.

    Args:
        environ: of the process; ``TZ`` decides if it is there.
        localtime: a link to the zone's file on most systems.
    """
    if "TZ" in environ:
        setting = environ["TZ"].removeprefix(":")
        return _known(_name_of(setting)) if setting else DefaultZone("UTC")
    for target in _links(localtime):
        found = _known(_name_of(target))
        if not found.hint:
            return found
    return DefaultZone("UTC", _UNKNOWN_ZONE)


def in_zone(minute: int, zone: ZoneInfo) -> datetime:
    """Return what the clocks in *zone* show at *minute* since 1970-01-01 UTC."""
    return datetime.fromtimestamp(minute * MINUTE_S, UTC).astimezone(zone)


def offset_at(minute: int, *, zone: str) -> int:
    """Return by how many minutes clocks in *zone* are ahead of UTC at *minute*.

    Raises:
        UsageError: there is no such zone.
    """
    return offset_of(in_zone(minute, read_zone(zone)))


def offset_of(moment: datetime) -> int:
    """Return by how many minutes the clock of *moment*, which has a zone, is ahead of UTC."""
    ahead = moment.utcoffset()
    assert ahead is not None
    return int(ahead.total_seconds()) // MINUTE_S


def show_offset(minutes: int) -> str:
    """Return an offset as people write it: ``+05:30``."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def happens_twice(moment: datetime) -> bool:
    """Return whether clocks in its zone show the time of *moment* again, or did before."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def changes(zone: ZoneInfo, *, first_year: int, last_year: int) -> dict[Change, list[datetime]]:
    """Return how the clocks of *zone* change in some years, counted in UTC, and when each time.

    Each time is what the clocks show just before they are changed. The first one is the
    beginning of the first year, at which nothing changes.
    """
    start = int(datetime(first_year, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(last_year + 1, 1, 1, tzinfo=UTC).timestamp())
    found: dict[Change, list[datetime]] = {}
    for before, second in [(start, start), *_moments_of_change(zone, start, end)]:
        old, _, _ = _clock(zone, before)
        onset = datetime.fromtimestamp(second, UTC).replace(tzinfo=None) + old
        found.setdefault(Change(old, *_clock(zone, second)), []).append(onset)
    return found


def _moments_of_change(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a second before each change and that of the change."""
    for day in range(start, end, _DAY_S):
        if _clock(zone, day) != _clock(zone, day + _DAY_S):
            yield day, _change_within(zone, day)


def _change_within(zone: ZoneInfo, day: int) -> int:
    """Return the second at which clocks change; they do so at most once a day."""
    old, low, high = _clock(zone, day), day, day + _DAY_S
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _clock(zone, middle) == old else (low, middle)
    return high


def _clock(zone: ZoneInfo, second: int) -> tuple[timedelta, str, bool]:
    moment = datetime.fromtimestamp(second, UTC).astimezone(zone)
    return moment.utcoffset() or timedelta(), moment.tzname() or "", not moment.dst()


@functools.cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_ZONES)


def _known(name: str) -> DefaultZone:
    return DefaultZone(name) if name in _zone_names() else DefaultZone("UTC", _UNKNOWN_ZONE)


def _name_of(path: str) -> str:
    return path.partition(_FOLDER)[2] or path


def _links(path: Path) -> Iterator[str]:
    """Yield what *path* points to, what that points to, and so on."""
    for _ in range(_MAX_LINKS):
        try:
            target = path.readlink()
        except OSError:  # it is a file, or nothing at all
            return
        path = path.parent / target
        yield path.as_posix()


def _suggest(name: str) -> list[str]:
    """Return zones that *name* may be meant for, the likeliest first."""
    wanted = _fold(name)
    folded = {_fold(zone): zone for zone in sorted(_zone_names())}
    if wanted in folded:
        return [folded[wanted]]
    city = _city(wanted)
    same_city = [zone for key, zone in folded.items() if _city(key) == city and "/" in zone]
    if same_city:
        return same_city[:_MAX_SUGGESTIONS]
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=_LIKENESS)
    cities = {_city(key): zone for key, zone in folded.items() if "/" in zone}
    near_cities = difflib.get_close_matches(city, cities, n=2, cutoff=_LIKENESS)
    found = [*(folded[key] for key in near), *(cities[key] for key in near_cities)]
    return list(dict.fromkeys(found))


def _fold(name: str) -> str:
    return "_".join(name.casefold().split())


def _city(name: str) -> str:
    return name.rpartition("/")[2]
