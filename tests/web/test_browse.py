"""Finding an offer of another community in a browser, without the node learning what for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, expect

from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_protocol.offer_content import OfferContent
from kith_testing import community, web_people
from kith_testing.browser import Visitor, visiting
from kith_testing.processes import NodeProcess

PROGRAM = OfferContent(
    topics=("software.python",),
    languages=("en", "de"),
    ways=("teach",),
    formats=("video",),
    summary={"en": "Your first program, step by step"},
    content={"en": "We write it together. No question is too small."},
)
# What nothing may be made of but text, in whichever direction it stands.
HOSTILE = OfferContent(
    topics=("craft.sewing",),
    languages=("en",),
    ways=("teach",),
    formats=("chat",),
    summary={"en": "<img src=x onerror='document.title=1'> {{7*7}} \u05d0\u05d1 &amp;"},
    content={"en": "<script>document.title='taken'</script> ${1+1} " + "long" * 60},
)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def offers(nodes: list[NodeProcess]) -> AsyncIterator[Member]:
    """Yield somebody of the second community, whose offers the first one has."""
    here, there = nodes
    mentor = await community.join(there, "mentor")
    async with mentor:
        made = [await mentor.offers.publish(one) for one in (PROGRAM, HOSTILE)]
        reader = await community.join(here, "reader")
        async with reader:
            for one in made:
                offer = encode_base64url(one.record.id)
                await community.wait_found(reader, f"{there.url}/offers/{offer}")
        yield mentor


async def enter(visitor: Visitor, node: NodeProcess) -> None:
    await web_people.join(visitor, await web_people.invite_link(node))
    await web_people.go_in(visitor.page)


async def test_an_offer_of_another_community_is_found_and_read(
    browser: Browser, nodes: list[NodeProcess], offers: Member
) -> None:
    here, there = nodes
    async with visiting(browser, here.url, size=(360, 740)) as visitor:
        page = visitor.page
        await enter(visitor, here)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.get_by_role("searchbox").fill("pyton")  # as one types it on a phone
        found = page.get_by_role("button", name="Your first program, step by step")
        await expect(found).to_be_visible()
        await expect(page.get_by_text(re.compile("About.*Python"))).to_be_visible()
        assert not [url for url in asked if "pyt" in url.lower()], "the words stay here"
        await found.click()
        await expect(page.get_by_role("heading", level=1, name="Your first")).to_be_visible()
        await expect(page.get_by_text("No question is too small.")).to_be_visible()
        assert page.url == f"{here.url}/", "an address says nothing"
        await page.go_back()
        await expect(page.get_by_role("searchbox")).to_have_value("pyton")
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360
        assert there.url.removeprefix("http://") in await page.locator("main").inner_text()


async def test_choices_narrow_down_and_are_taken_away(
    browser: Browser, nodes: list[NodeProcess], offers: Member
) -> None:
    async with visiting(browser, nodes[0].url) as visitor:
        page = visitor.page
        await enter(visitor, nodes[0])
        titles = page.locator("article h3")
        await expect(titles).to_have_count(2)
        await page.get_by_role("checkbox", name="Deutsch").check()
        await expect(titles).to_have_count(1)
        await page.get_by_role("checkbox", name="Deutsch").uncheck()
        await expect(titles).to_have_count(2)
        await page.get_by_role("searchbox").fill("zzzzqqqq")
        await expect(titles).to_have_count(0)


async def test_what_strangers_wrote_is_text_and_nothing_else(
    browser: Browser, nodes: list[NodeProcess], offers: Member
) -> None:
    async with visiting(browser, nodes[0].url, size=(360, 740)) as visitor:
        page = visitor.page
        await enter(visitor, nodes[0])
        title = await page.title()
        hostile = page.get_by_role("button", name="<img src=x")
        await expect(hostile).to_be_visible()
        await hostile.click()
        await expect(
            page.get_by_text("<script>document.title='taken'</script>")
        ).to_be_visible()
        assert await page.locator("main img, main script").count() == 0
        assert title.split()[0] in await page.title()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_without_a_line_what_is_kept_is_shown(
    browser: Browser, nodes: list[NodeProcess], offers: Member, tmp_path: Path
) -> None:
    async with visiting(browser, nodes[0].url) as visitor:
        page = visitor.page
        login = await web_people.join(visitor, await web_people.invite_link(nodes[0]))
        await web_people.go_in(page)
        await expect(page.locator("article h3")).to_have_count(2)
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        visitor.expect("ERR_INTERNET_DISCONNECTED")
        visitor.expect("Failed to fetch")
        await visitor.context.set_offline(True)
        await page.reload()
        await web_people.sign_in(visitor, login.name, login.passphrase)
        await expect(page.locator("article h3")).to_have_count(2)
        await visitor.context.set_offline(False)
