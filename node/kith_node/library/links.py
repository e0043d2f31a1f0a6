"""Whether links of the library still lead somewhere: looked up when a steward asks, only then.

Each page is asked for its head, and where a server does not answer that, for a little of its
body. Whoever owns the pages sees this node's address, so they are asked in a random order, with
a pause that the caller chooses, and nothing is told beside the address. Nothing is changed: the
stewards read the reports and decide.

Source: RFC 9110 §9.3 (HEAD), §15 (status codes).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Literal

import msgspec
import yarl

from kith_crypto.errors import MalformedError, UnavailableError
from kith_crypto.randomness import Rng
from kith_node.federation.addresses import RefusedAddressError
from kith_node.federation.fetch import Fetcher, Glance

MAX_REDIRECTS = 5
_ORDER_BYTES = 16

_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})

Verdict = Literal["works", "moved", "gone", "silent", "refused"]


class LinkReport(msgspec.Struct, frozen=True):
    """What became of one link.

    Attributes:
        url: as it stands in the library.
        verdict: ``works``; ``moved`` for good, to ``detail``; ``gone``; ``silent``: no answer
            that can be used, now; ``refused``: an address that this node doesn't connect to.
        detail: for people, ASCII; the new address where it moved, else why, or empty.
    """

    url: str
    verdict: Verdict
    detail: str = ""


async def check_links(
    fetcher: Fetcher,
    urls: Iterable[str],
    *,
    rng: Rng,
    pause: Callable[[], Awaitable[None]],
) -> AsyncIterator[LinkReport]:
    """Yield a report for each of *urls*, once, in random order.

    Args:
        fetcher: guards every connection.
        urls: links of resources.
        rng: draws the order.
        pause: awaited between two pages.
    """
    order = sorted(set(urls), key=lambda _: rng.bytes(_ORDER_BYTES))
    for at, url in enumerate(order):
        if at:
            await pause()
        yield await check_link(fetcher, url)


async def check_link(fetcher: Fetcher, url: str) -> LinkReport:
    """Return what became of the link *url*; never raises for what a server does."""
    start = url.partition("#")[0]
    place = moved = start
    is_for_good = True
    for _ in range(MAX_REDIRECTS + 1):
        try:
            seen = await _glance(fetcher, place)
        except (RefusedAddressError, MalformedError):
            return LinkReport(url, "refused", "" if place == start else "it leads elsewhere")
        except UnavailableError as error:
            return LinkReport(url, "silent", str(error))
        if seen.status not in _REDIRECTS:
            return _judge(url, seen.status, moved if moved != start else "")
        try:
            place = _joined(place, seen.location)
        except ValueError:
            return LinkReport(url, "silent", "a redirect to nowhere")
        # Only what moved for good is worth a change; a page may lead on to a language of it.
        is_for_good = is_for_good and seen.status in _PERMANENT
        moved = place if is_for_good else moved
    return LinkReport(url, "silent", "too many redirects")


async def _glance(fetcher: Fetcher, url: str) -> Glance:
    head = await fetcher.glance("HEAD", url)
    if head.status < 400:
        return head
    # Quite a few servers answer HEAD wrongly.
    return await fetcher.glance("GET", url)


def _judge(url: str, status: int, moved: str) -> LinkReport:
    if status in _GONE:
        return LinkReport(url, "gone", f"status {status}")
    if not 200 <= status < 300:
        return LinkReport(url, "silent", f"status {status}")
    return LinkReport(url, "moved", moved) if moved else LinkReport(url, "works")


def _joined(source: str, location: str) -> str:
    """Return where *location* leads from *source*, normalised, without fragment.

    Raises:
        ValueError: nowhere.
    """
    if not location:
        raise ValueError("no location")
    joined = yarl.URL(source, encoded=True).join(yarl.URL(location))
    return str(joined.with_fragment(None))
