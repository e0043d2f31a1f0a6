"""Everything that one run of the demonstration has made so far, and how to be rid of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec

from kith_client.means import Means
from kith_client.member import Member
from kith_node.demo import holdings
from kith_node.demo.clock import MovedClock
from kith_node.demo.errors import CheckError
from kith_node.demo.fill import Account, Filling, Standing
from kith_node.demo.nodes import DemoNode
from kith_node.demo.progress import Progress
from kith_node.demo.view import View, read_view
from kith_node.demo.waiting import run_together

SHOWN_DIFFERENCES = 5


class Options(msgspec.Struct, frozen=True):
    """What to run.

    Attributes:
        nodes: communities, 1 to ``plan.MAX_NODES``.
        offers: to be published at first, at least ``plan.MIN_OFFERS``.
        seed: decides everything that is chosen.
        port_base: first of the ports, or None for free ones.
        keeps_homes: whether one account of each community keeps its keys in a folder.
    """

    nodes: int
    offers: int
    seed: int
    port_base: int | None = None
    keeps_homes: bool = False


@dataclasses.dataclass(slots=True)
class Stage:
    """The state of one run.

    Attributes:
        options: what to run.
        folder: holds everything that is made.
        means: of all members; its clock is *clock*.
        clock: is moved together with the nodes'.
        progress: shows and measures.
        nodes: of the communities, in their order.
        filling: accounts and what they published at first.
        singles: offers published later.
        passed_on: ids of offers by which mentees pass on what they learned.
        gone: ids of offers that must stand nowhere any more.
    """

    options: Options
    folder: Path
    means: Means
    clock: MovedClock
    progress: Progress
    nodes: list[DemoNode] = dataclasses.field(default_factory=list)
    filling: Filling = dataclasses.field(default_factory=lambda: Filling((), (), 0))
    singles: list[Standing] = dataclasses.field(default_factory=list)
    passed_on: set[str] = dataclasses.field(default_factory=set)
    gone: set[str] = dataclasses.field(default_factory=set)

    @property
    def actors(self) -> list[str]:
        """The communities' actors."""
        return [node.actor for node in self.nodes]

    @property
    def published(self) -> tuple[Standing, ...]:
        """Every offer that was ever published."""
        return (*self.filling.offers, *self.singles)

    def readers(self) -> list[Member]:
        """Return one member of each community."""
        return [account.member for account in self.first_accounts()]

    def first_accounts(self) -> list[Account]:
        """Return the first account of each community."""
        return [account for account in self.filling.accounts if account.place == 0]

    async def read_views(self) -> dict[str, View]:
        """Return what each node shows now, by its actor."""
        readers = dict(zip(self.actors, self.readers(), strict=True))
        return {actor: await read_view(reader, self.means) for actor, reader in readers.items()}

    async def check_holdings(self) -> dict[str, View]:
        """Return what each node shows, which is exactly what stands.

        Raises:
            CheckError: it is not.
        """
        standing: dict[str, set[str]] = {actor: set() for actor in self.actors}
        urls = {offer.url for offer in self.published} | self.passed_on
        for url in urls - self.gone:
            standing[holdings.author_of(url)].add(url)
        views = await self.read_views()
        refuse(holdings.find_differences(views, standing))
        return views

    async def close_members(self) -> None:
        """Close all members, so that other programs can open their keys."""
        accounts, self.filling = self.filling.accounts, Filling((), (), 0)
        for account in accounts:
            await account.member.close()

    async def stop(self) -> None:
        """End everything that was started; may be called again."""
        await self.close_members()
        await run_together(node.stop() for node in self.nodes)

    def kill(self) -> None:
        """End at once what ``stop`` did not get to."""
        for node in self.nodes:
            node.kill()


def refuse(differences: list[str]) -> None:
    """Return where there are none.

    Raises:
        CheckError: names the first few.
    """
    if differences:
        raise CheckError("; ".join(differences[:SHOWN_DIFFERENCES]))
