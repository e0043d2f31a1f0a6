"""Asking the nodes for wishes, each in the community of the person who has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import msgspec

from kith_client.member import Member
from kith_node.demo.fill import Standing
from kith_node.demo.view import View
from kith_node.demo.waiting import patiently, run_together
from kith_node.demo.wishes import TOP, Judge, Outcome, Wish, query_of
from kith_protocol.api import Hit
from kith_protocol.listed import read_listed

# A person's own offers, two at most, may stand among the first and do not count.
OWN_AT_MOST = 2
ASKING_AT_ONCE = 4


class Asked(msgspec.Struct, frozen=True):
    """One wish, what the node answered, and what became of it.

    Attributes:
        outcome: with the wish.
        hits: the first five that are not the person's own.
    """

    outcome: Outcome
    hits: tuple[Hit, ...]


def make_judge(
    views: Iterable[View], offers: Iterable[Standing], actors: Sequence[str]
) -> Judge:
    """Return who judges answers against everything that *views* show.

    Args:
        views: what each node shows.
        offers: what was published, to know whose is whose.
        actors: of the communities, by position.
    """
    whole = {one: read_listed(raw) for view in views for one, raw in view.items()}
    rows = {offer.url: offer.planned.row for offer in offers if offer.planned.row is not None}
    return Judge(whole, row_of=rows, actors=actors)


async def ask_all(
    wishes: Sequence[Wish],
    readers: Sequence[Member],
    judge: Judge,
    *,
    tick: Callable[[], None],
) -> list[Asked]:
    """Return what the nodes answered to *wishes*.

    Args:
        wishes: to be asked.
        readers: a member of each community; it shows the reader pass that all have.
        judge: knows what is right.
        tick: called once for each wish.
    """
    gate = asyncio.Semaphore(ASKING_AT_ONCE)

    async def ask(wish: Wish) -> Asked:
        query = query_of(wish, limit=TOP + OWN_AT_MOST)
        async with gate:
            answer = await patiently(lambda: readers[wish.community].search.find(query))
        tick()
        outcome = judge.judge(wish, (hit.id for hit in answer.hits))
        own = judge.own_of(wish)
        return Asked(outcome, tuple(hit for hit in answer.hits if hit.id not in own)[:TOP])

    return await run_together(ask(wish) for wish in wishes)
