"""Zones: found by name, guessed from the device, and their changes of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_client.zones import (
    Change,
    changes,
    default_zone,
    offset_at,
    read_zone,
    show_offset,
)
from kith_crypto.errors import UsageError


def at(clock: str) -> datetime:
    return datetime.fromisoformat(clock)


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Argentina/Ushuaia", "UTC"])
def test_a_zone_is_found_by_its_name(name: str) -> None:
    assert read_zone(name).key == name


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Europe/Berlim", "Europe/Berlin"),
        ("Kolkatta", "Asia/Kolkata"),
        ("Africa/Jerusalem", "Asia/Jerusalem"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_that_is_nearly_right_is_suggested(name: str, suggested: str) -> None:
    with pytest.raises(UsageError, match=rf"did you mean .*{suggested}\b"):
        read_zone(name)


@pytest.mark.parametrize(
    "name", ["", "Europe", "../UTC", "/etc/localtime", "localtime", "Factory", "zzzzzz", "\0"]
)
def test_what_names_no_place_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(UsageError, match=r"such as Africa/Nairobi|did you mean"):
        read_zone(name)


@given(st.text(max_size=40))
def test_any_text_is_a_zone_or_a_usage_error(text: str) -> None:
    try:
        zone = read_zone(text)
    except UsageError:
        return
    assert zone.key == text


@pytest.mark.parametrize(
    "setting",
    [
        "Africa/Nairobi",
        ":Africa/Nairobi",
        "/usr/share/zoneinfo/Africa/Nairobi",
        ":/usr/share/zoneinfo/Africa/Nairobi",
    ],
)
def test_the_environment_decides(setting: str, tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    found = default_zone({"TZ": setting}, localtime=link)
    assert (found.name, found.hint) == ("Africa/Nairobi", "")


def test_an_empty_setting_means_utc(tmp_path: Path) -> None:
    assert default_zone({"TZ": ""}, localtime=tmp_path / "none").name == "UTC"
    assert default_zone({"TZ": ""}, localtime=tmp_path / "none").hint == ""


def test_a_setting_that_names_no_place_gives_utc_and_a_hint(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    found = default_zone({"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}, localtime=link)
    assert found.name == "UTC"
    assert "say which one is yours" in found.hint


@pytest.mark.parametrize(
    "target",
    ["/usr/share/zoneinfo/Asia/Kolkata", "../usr/share/zoneinfo/Asia/Kolkata"],
)
def test_the_link_of_the_system_is_followed(target: str, tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to(target)
    again = tmp_path / "again"
    again.symlink_to("localtime")
    assert default_zone({}, localtime=link).name == "Asia/Kolkata"
    assert default_zone({}, localtime=again).name == "Asia/Kolkata"


def test_a_system_that_does_not_say_gives_utc_and_a_hint(tmp_path: Path) -> None:
    copy = tmp_path / "localtime"
    copy.write_bytes(b"TZif")
    circle = tmp_path / "circle"
    circle.symlink_to("circle")
    for path in (copy, circle, tmp_path / "none"):
        found = default_zone({}, localtime=path)
        assert found.name == "UTC"
        assert found.hint


def test_an_offset_is_that_of_its_moment() -> None:
    winter = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()) // 60
    summer = int(datetime(2027, 7, 1, tzinfo=UTC).timestamp()) // 60
    assert offset_at(winter, zone="Europe/Berlin") == 60
    assert offset_at(summer, zone="Europe/Berlin") == 120
    assert offset_at(winter, zone="Australia/Lord_Howe") == 660
    assert offset_at(summer, zone="Australia/Lord_Howe") == 630
    assert offset_at(summer, zone="Asia/Kolkata") == 330
    assert offset_at(summer, zone="America/New_York") == -240


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "+00:00"), (330, "+05:30"), (-210, "-03:30"), (840, "+14:00"), (-5, "-00:05")],
)
def test_an_offset_is_shown_as_people_write_it(minutes: int, shown: str) -> None:
    assert show_offset(minutes) == shown


def test_changes_are_told_by_the_clock_that_is_about_to_be_changed() -> None:
    hour = timedelta(hours=1)
    found = changes(ZoneInfo("Europe/Berlin"), first_year=2026, last_year=2027)
    assert found == {
        Change(hour, hour, "CET", is_standard=True): [at("2026-01-01T01:00")],
        Change(hour, 2 * hour, "CEST", is_standard=False): [
            at("2026-03-29T02:00"),
            at("2027-03-28T02:00"),
        ],
        Change(2 * hour, hour, "CET", is_standard=True): [
            at("2026-10-25T03:00"),
            at("2027-10-31T03:00"),
        ],
    }


def test_a_place_without_changes_has_only_a_beginning() -> None:
    [(change, times)] = changes(
        ZoneInfo("Asia/Kolkata"), first_year=2026, last_year=2030
    ).items()
    assert change.before == change.after == timedelta(hours=5, minutes=30)
    assert times == [at("2026-01-01T05:30")]
