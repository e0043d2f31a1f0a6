"""Joining, signing in, recovering and leaving in a hurry, as people do it in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from kith_client.member import Member
from kith_testing.browser import visiting
from kith_testing.processes import NodeProcess
from kith_testing.web_people import go_in, invite_link, join, sign_in

ANYTHING_KEPT = """
async () => {
  const kept = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    for (const store of database.objectStoreNames) {
      const all = await new Promise((resolve) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      for (const value of all) {
        const isRaw = value instanceof Uint8Array;
        kept.push(isRaw ? new TextDecoder("latin1").decode(value) : String(value));
      }
    }
    database.close();
  }
  return [...kept, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
}
"""

OF_THE_MEMBER = """
async () => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("data");
    request.onsuccess = () => resolve(request.result);
  });
  const kept = await new Promise((resolve) => {
    const request = database.transaction("data").objectStore("data").get("1");
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return [...kept];
}
"""


async def is_in(page: Page) -> None:
    """Wait until a member's first view is shown."""
    await expect(page.get_by_role("heading", level=1, name="Browse")).to_be_visible()


async def is_refused(page: Page) -> None:
    """Wait until it is said that nothing opened."""
    await expect(page.locator("[role=alert]", has_text=".").first).to_be_visible()


async def test_somebody_joins_on_a_phone_and_comes_back(
    browser: Browser, node: NodeProcess
) -> None:
    async with visiting(browser, node.url, size=(360, 740)) as visitor:
        page = visitor.page
        login = await join(visitor, await invite_link(node))
        await go_in(page)
        await is_in(page)
        assert page.url == f"{node.url}/"
        await page.reload()
        await expect(page.get_by_role("heading", level=1, name="Browse")).to_have_count(0)
        await sign_in(visitor, login.name.upper(), login.passphrase)
        await is_in(page)


async def test_what_stays_on_the_device_tells_nothing(
    browser: Browser, node: NodeProcess
) -> None:
    async with visiting(browser, node.url) as visitor:
        login = await join(visitor, await invite_link(node))
        await go_in(visitor.page)
        await is_in(visitor.page)
        await visitor.page.reload()
        kept = "\n".join(await visitor.page.evaluate(ANYTHING_KEPT))
        assert len(kept) > 100  # there is something, and it is locked
        for secret in (
            login.name,
            login.passphrase,
            *login.words,
            "offer",
            "seed",
            "readerPass",
        ):
            assert secret not in kept, secret
        for cookie in await visitor.context.cookies():
            pytest.fail(f"a cookie: {cookie}")


async def test_a_wrong_passphrase_is_said_and_nothing_else(
    browser: Browser, node: NodeProcess
) -> None:
    async with visiting(browser, node.url) as visitor:
        visitor.expect("401")  # the browser itself notes every refused call on its console
        await sign_in(visitor, "nobody", "nothing at all")
        await is_refused(visitor.page)
        await expect(visitor.page.get_by_label("Name", exact=True)).to_have_value("nobody")


async def test_an_invite_works_once(browser: Browser, node: NodeProcess) -> None:
    link = await invite_link(node)
    async with visiting(browser, node.url) as visitor:
        await join(visitor, link)
    async with visiting(browser, node.url) as visitor:
        visitor.expect("401")
        page = visitor.page
        await page.goto(link)
        await page.get_by_role("checkbox").check()
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_role("button", name="Join", exact=True).click()
        await is_refused(page)
        assert "#" not in page.url


async def test_an_account_of_the_browser_opens_on_the_command_line(
    browser: Browser, node: NodeProcess, tmp_path: Path
) -> None:
    async with visiting(browser, node.url) as visitor:
        login = await join(visitor, await invite_link(node))
        member = await Member.sign_in(
            node.url, name=login.name, passphrase=login.passphrase, home=tmp_path / "home"
        )
        async with member:
            assert member.vault.warnings == set()
            words = await member.account.change_passphrase("other-name", "quite another one")
        visitor.expect("401")
        await sign_in(visitor, login.name, login.passphrase)
        await is_refused(visitor.page)
        await sign_in(visitor, "other-name", "quite another one")
        await is_in(visitor.page)
        assert words


async def test_the_sheet_opens_the_vault_when_the_passphrase_is_lost(
    browser: Browser, node: NodeProcess, tmp_path: Path
) -> None:
    async with visiting(browser, node.url) as visitor:
        login = await join(visitor, await invite_link(node))
        joined = await Member.recover(
            node.url,
            words=" ".join(login.words),
            name="new-name",
            passphrase="a new passphrase",
            home=tmp_path / "home",
        )
        await joined.member.close()
        await sign_in(visitor, "new-name", "a new passphrase")
        await is_in(visitor.page)


@pytest.mark.parametrize("way", ["button", "keys"])
async def test_quick_exit_leaves_nothing_on_the_screen(
    browser: Browser, node: NodeProcess, way: str
) -> None:
    async with visiting(browser, node.url) as visitor:
        page = visitor.page
        await join(visitor, await invite_link(node))
        await go_in(page)
        await is_in(page)
        if way == "button":
            await page.get_by_role("button", name="Quick exit").click()
        else:
            await page.keyboard.press("Escape")
            await page.keyboard.press("Escape")
        await page.wait_for_url("about:blank")
        await page.go_back()
        await expect(page.get_by_role("heading", level=1, name="Browse")).to_have_count(0)


async def test_without_webassembly_it_takes_longer_and_works(
    browser: Browser, node: NodeProcess
) -> None:
    switched_off = 0

    async def switch_off(route: Route) -> None:
        nonlocal switched_off
        answer = await route.fetch()
        policy = answer.headers["content-security-policy"].replace(" 'wasm-unsafe-eval'", "")
        headers = {**answer.headers, "content-security-policy": policy}
        switched_off += "wasm" not in policy
        await route.fulfill(response=answer, headers=headers)

    async with visiting(browser, node.url) as visitor:
        await visitor.context.route("**/assets/stretch-*.js", switch_off)
        login = await join(visitor, await invite_link(node))
        await go_in(visitor.page)
        await is_in(visitor.page)
        assert switched_off == 1
        await visitor.page.reload()
        await sign_in(visitor, login.name, login.passphrase)
        await is_in(visitor.page)


async def test_locking_drops_what_was_open(browser: Browser, node: NodeProcess) -> None:
    async with visiting(browser, node.url) as visitor:
        visitor.expect("404")
        page = visitor.page
        login = await join(visitor, await invite_link(node))
        await go_in(page)
        await page.get_by_role("searchbox").fill("something private")
        await page.get_by_role("button", name="Lock now").click()
        await expect(page.get_by_role("searchbox")).to_have_count(0)
        await expect(page.get_by_label("Passphrase", exact=True)).to_be_visible()
        assert "private" not in await page.content()
        await page.get_by_label("Name", exact=True).fill(login.name)
        await page.get_by_label("Passphrase", exact=True).fill(login.passphrase)
        await page.locator("main").get_by_role("button", name="Sign in").click()
        await is_in(page)
        await expect(page.get_by_role("searchbox")).to_have_value("")


async def test_two_tabs_are_two_devices(browser: Browser, node: NodeProcess) -> None:
    async with visiting(browser, node.url) as visitor:
        visitor.expect("404")
        login = await join(visitor, await invite_link(node))
        await go_in(visitor.page)
        await is_in(visitor.page)
        kept = await visitor.page.evaluate(OF_THE_MEMBER)
        first, visitor.page = visitor.page, await visitor.context.new_page()
        visitor.watch(visitor.page)
        await sign_in(visitor, login.name, login.passphrase)
        await is_in(visitor.page)
        assert await first.evaluate(OF_THE_MEMBER) == kept, "the second tab keeps nothing"
        await visitor.page.close()
        await first.reload()
        visitor.page = first
        await sign_in(visitor, login.name, login.passphrase)
        await is_in(first)
