"""Every screen that is joined on, looked at with axe-core, on a phone and on a desk."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from kith_testing import web_people
from kith_testing.browser import find_barriers, visiting
from kith_testing.processes import NodeProcess

PHONE, DESK = (360, 740), (1280, 900)


@pytest.mark.parametrize(("size", "is_dark"), [(PHONE, True), (DESK, False)])
@pytest.mark.parametrize("path", ["/", "/safety", "/about", "/sign-in", "/join"])
async def test_nothing_on_a_public_page_keeps_anybody_out(
    browser: Browser, node: NodeProcess, path: str, size: tuple[int, int], is_dark: bool
) -> None:
    async with visiting(browser, node.url, size=size, is_dark=is_dark) as visitor:
        await visitor.open(path)
        await expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        assert await find_barriers(visitor.page) == []


@pytest.mark.parametrize(("size", "is_dark"), [(PHONE, False), (DESK, True)])
async def test_nothing_on_a_members_screen_does(
    browser: Browser, node: NodeProcess, size: tuple[int, int], is_dark: bool
) -> None:
    async with visiting(browser, node.url, size=size, is_dark=is_dark) as visitor:
        # A node without offers in a language has no file of them, which the browser notes.
        visitor.expect("404")
        page = visitor.page
        found = []

        async def look() -> None:
            found.extend(await find_barriers(page))

        await web_people.join(visitor, await web_people.invite_link(node), on_step=look)
        await look()
        await web_people.go_in(page)
        await expect(page.get_by_role("searchbox")).to_be_visible()
        await look()
        areas = page.get_by_role("navigation").locator("a, button")
        for at in range(await areas.count()):
            await areas.nth(at).click()
            await expect(page.get_by_role("heading", level=1)).to_be_attached()
            await look()
        assert found == []
