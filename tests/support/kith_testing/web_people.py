"""What people do in the web client, as they would: by what stands on the screen."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from kith_testing.browser import Visitor
from kith_testing.processes import NodeProcess

WORDS = 12


@dataclasses.dataclass(frozen=True)
class Login:
    """What somebody wrote down when they joined.

    Attributes:
        name: of the login.
        passphrase: of it.
        words: of the recovery sheet.
    """

    name: str
    passphrase: str
    words: tuple[str, ...]


async def invite_link(node: NodeProcess) -> str:
    """Return a new invite."""
    link: str = json.loads(await node.kith("invite", "new", "--json"))["invites"][0]
    return link


async def _do_nothing() -> None:
    pass


async def join(
    visitor: Visitor, link: str, *, on_step: Callable[[], Awaitable[None]] = _do_nothing
) -> Login:
    """Follow *link* to the end, with the login that is drawn, and write everything down.

    Args:
        visitor: who has none yet.
        link: an invite.
        on_step: is called at each step, before it is done.
    """
    page = visitor.page
    await page.goto(link)
    await page.get_by_role("checkbox").check()
    await on_step()
    await page.get_by_role("button", name="Continue").click()
    name = await shown(page, "Name")
    passphrase = await shown(page, "Passphrase")
    await on_step()
    await page.get_by_role("button", name="Join", exact=True).click()
    await expect(page.get_by_text("Your recovery sheet")).to_be_visible()
    lines = (
        await page.get_by_role("list", name="Recovery words").locator("li").all_inner_texts()
    )
    words = tuple(line.split()[-1].lstrip("0123456789") for line in lines)
    assert len(words) == WORDS
    await on_step()
    for box in await page.get_by_role("textbox").all():
        label = await box.evaluate("box => box.labels[0].textContent")
        number = int("".join(sign for sign in label if sign.isdigit()))
        await box.fill(words[number - 1])
    await page.get_by_role("button", name="Continue").click()
    return Login(name, passphrase, words)


async def go_in(page: Page) -> None:
    """Leave the choices of the last step as they are."""
    await page.get_by_role("button", name="Go in").click()


async def shown(page: Page, label: str) -> str:
    """Return what is drawn for somebody under *label*."""
    return await page.locator(".drawn", has_text=label).locator("output").inner_text()


async def sign_in(visitor: Visitor, name: str, passphrase: str) -> None:
    """Sign in at the public page."""
    await visitor.open("/sign-in")
    await visitor.page.get_by_label("Name", exact=True).fill(name)
    await visitor.page.get_by_label("Passphrase", exact=True).fill(passphrase)
    await visitor.page.locator("main").get_by_role("button", name="Sign in").click()
