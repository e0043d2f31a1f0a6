"""Debian's Chromium, and people who sit in front of it.

Whatever a page does that it must not is a fault: an error on the console, a broken policy, a
request to anywhere but the node. A page that leaves with faults fails its test.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

WAIT_MS = 20_000  # for what is there in a second on a quiet machine

AXE = Path(__file__).parents[3] / "node" / "web" / "node_modules" / "axe-core" / "axe.min.js"

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_REPORT_POLICY = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


def find_chromium() -> str:
    """Return where Chromium is.

    Raises:
        AssertionError: there is none; ``BROWSER=0`` leaves the tests that need it out.
    """
    found = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    assert found, (
        "browser suite not run: there is no Chromium; on Debian: apt-get install chromium. "
        "To go on without: make test BROWSER=0"
    )
    return found


def is_wanted() -> bool:
    """Return whether the tests that need a browser are to run."""
    return os.environ.get("BROWSER", "1") != "0"


@contextlib.asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """Run Chromium without a window, with *flags* of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(),
            # Inside of a container it may have neither a sandbox of its own nor much /dev/shm.
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", *flags],
        )
        try:
            yield browser
        finally:
            await browser.close()


class Visitor:
    """Somebody with a browser profile of their own, at one node.

    Attributes:
        origin: of the node.
        context: their profile.
        page: what they look at.
        faults: what went wrong so far, in words.
    """

    def __init__(self, origin: str, context: BrowserContext, page: Page) -> None:
        self.origin = origin
        self.context = context
        self.page = page
        self.faults: list[str] = []
        self.expected: list[str] = []
        self.watch(page)

    def watch(self, page: Page) -> None:
        """Note what goes wrong in *page*."""
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on(
            "console",
            lambda said: (
                self.faults.append(f"console: {said.text}")
                if said.type in {"error", "warning"}
                else None
            ),
        )

    def expect(self, words: str) -> None:
        """Let a fault with these *words* pass: the test brings it about."""
        self.expected.append(words)

    async def open(self, path: str = "/") -> None:
        """Go to a public view, or to an address with a fragment."""
        await self.page.goto(self.origin + path)

    def check(self) -> None:
        """Raise if anything went wrong that was not expected."""
        left = [
            fault for fault in self.faults if not any(one in fault for one in self.expected)
        ]
        assert not left, "\n".join(left)

    def note_request(self, url: str) -> None:
        """Note a request that leaves for anywhere but the node."""
        parts = urlsplit(url)
        inside = parts.scheme in {"blob", "data"}
        if not inside and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.faults.append(f"request to {url}")


@contextlib.asynccontextmanager
async def visiting(
    browser: Browser,
    origin: str,
    *,
    language: str = "en",
    size: tuple[int, int] = (1280, 900),
    is_dark: bool = False,
) -> AsyncIterator[Visitor]:
    """Yield somebody new in front of the browser; fail afterwards if their page misbehaved."""
    context = await browser.new_context(
        locale=language,
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if is_dark else "light",
        reduced_motion="reduce",
        timezone_id="Europe/Lisbon",
    )
    try:
        await context.add_init_script(_REPORT_POLICY)
        visitor = Visitor(origin, context, await context.new_page())
        context.on("request", lambda request: visitor.note_request(request.url))
        yield visitor
        visitor.check()
    finally:
        await context.close()


async def find_barriers(page: Page) -> list[str]:
    """Return what axe-core finds on *page* that keeps people out (WCAG, best practices)."""
    if not AXE.exists():
        raise AssertionError("axe-core is not installed; run: make setup")
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations)"
    )
    return [
        f"{one['id']}: {one['help']}: "
        + ", ".join(str(node["target"]) for node in one["nodes"])
        for one in found
    ]
