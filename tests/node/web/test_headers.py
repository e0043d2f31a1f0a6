"""What a browser is told lets the page do nothing but what it needs."""

from __future__ import annotations

import pytest

from kith_node.web.headers import ASSET_HEADERS, CONTENT_SECURITY_POLICY, PAGE_HEADERS

_DIRECTIVES = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))


def test_nothing_is_allowed_but_what_is_named() -> None:
    assert _DIRECTIVES["default-src"] == "'none'"


@pytest.mark.parametrize("word", ["'unsafe-inline'", "'unsafe-eval'", "data:", "blob:", "*"])
def test_no_source_is_let_in_by_a_side_door(word: str) -> None:
    assert word not in CONTENT_SECURITY_POLICY.split()
    assert "https:" not in CONTENT_SECURITY_POLICY


def test_scripts_come_from_one_policy_and_no_second_of_its_name_can_be_made() -> None:
    assert _DIRECTIVES["require-trusted-types-for"] == "'script'"
    assert _DIRECTIVES["trusted-types"] == "kith"


def test_the_page_is_asked_for_each_time_and_assets_are_kept() -> None:
    assert PAGE_HEADERS["Cache-Control"] == "no-cache"
    assert "immutable" in ASSET_HEADERS["Cache-Control"]
    same = PAGE_HEADERS.keys() - {"Cache-Control"}
    assert all(PAGE_HEADERS[name] == ASSET_HEADERS[name] for name in same)
