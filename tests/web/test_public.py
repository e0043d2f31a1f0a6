"""What anybody sees of a community before they are a member."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from kith_testing.browser import visiting
from kith_testing.processes import NodeProcess


async def test_public_views_have_addresses_and_work_with_the_keyboard(
    browser: Browser, node: NodeProcess
) -> None:
    async with visiting(browser, node.url) as visitor:
        await visitor.open("/")
        page = visitor.page
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_have_count(1)
        for path in ("/safety", "/about", "/sign-in", "/join"):
            await visitor.open(path)
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert page.url == node.url + path


@pytest.mark.parametrize("path", ["/", "/safety", "/about", "/sign-in", "/join"])
async def test_nothing_is_wider_than_a_small_phone(
    browser: Browser, node: NodeProcess, path: str
) -> None:
    async with visiting(browser, node.url, size=(360, 740)) as visitor:
        await visitor.open(path)
        await expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        width = await visitor.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360
