"""Filling the communities: pseudonymous members join and publish, each with keys of their own.

Everything goes through ``kith_client`` over HTTP, as it would from a member's device; nothing
is written into a database from aside. Deriving the secrets of one account takes a quarter of a
second and 64 MiB, so only a few join at the same time.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from kith_client.means import Means
from kith_client.member import Member
from kith_crypto.passphrase import suggest_name, suggest_passphrase
from kith_node.demo.meetings import Place
from kith_node.demo.nodes import DemoNode
from kith_node.demo.plan import Plan, Planned
from kith_node.demo.waiting import patiently, run_together
from kith_protocol.offer_content import OfferContent, ProfileContent
from kith_protocol.urls import offer_url

JOINING_AT_ONCE = 2
PUBLISHING_AT_ONCE = 6
PROFILE_EVERY = 3  # accounts
SHOWN_OFFERS = 2
PASSPHRASE_NAME = "passphrase"  # noqa: S105 - the name of a file

_PRONOUNS = ("", "they/them", "she/her", "he/him")


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """One member.

    Attributes:
        community: position of its community.
        place: position within the community.
        member: open.
        home: folder of the keys, or None if they live in memory only.
        name: for signing in.
        passphrase: likewise.
    """

    community: int
    place: int
    member: Member
    home: Path | None
    name: str = dataclasses.field(repr=False)
    passphrase: str = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """An offer that was published.

    Attributes:
        id: 16 bytes.
        url: its id among nodes.
        planned: where it comes from.
        member: its owner.
    """

    id: bytes
    url: str
    planned: Planned
    member: Member


@dataclasses.dataclass(frozen=True, slots=True)
class Filling:
    """What was made.

    Attributes:
        accounts: all of them.
        offers: all that were published.
        profiles: how many accounts have one.
    """

    accounts: tuple[Account, ...]
    offers: tuple[Standing, ...]
    profiles: int


class Filler:
    """Lets people join and publish.

    Args:
        nodes: of the communities, serving.
        plan: who publishes what.
        means: clock, randomness and HTTP of all members.
        homes: folder in which the first account of each community keeps its keys and
            passphrase, for the person at the terminal; None keeps none.
        tick: called once for each offer.
    """

    def __init__(
        self,
        nodes: Sequence[DemoNode],
        plan: Plan,
        *,
        means: Means,
        homes: Path | None,
        tick: Callable[[], None],
    ) -> None:
        self._nodes = nodes
        self._plan = plan
        self._means = means
        self._homes = homes
        self._tick = tick
        self._joining = asyncio.Semaphore(JOINING_AT_ONCE)
        self._publishing = asyncio.Semaphore(PUBLISHING_AT_ONCE)

    async def fill(self, invites: Sequence[Sequence[str]]) -> Filling:
        """Return everything that was made.

        Args:
            invites: for each community one link per account.
        """
        # Community after community in turn, so that all nodes have something to do.
        places = [
            (community, place)
            for place in range(self._plan.accounts)
            for community in range(len(self._nodes))
        ]
        made = await run_together(
            self._run(community, place, invites[community][place])
            for community, place in places
        )
        return Filling(
            accounts=tuple(account for account, _, _ in made),
            offers=tuple(offer for _, offers, _ in made for offer in offers),
            profiles=sum(has_profile for _, _, has_profile in made),
        )

    async def _run(
        self, community: int, place: int, link: str
    ) -> tuple[Account, list[Standing], bool]:
        """Return one account after it did everything it has to do."""
        async with self._publishing:
            account = await self._join(community, place, link)
            planned = [
                offer
                for offer in self._plan.offers
                if (offer.community, offer.account) == (community, place)
            ]
            with account.member.batch():
                offers = [await self._publish(account, offer) for offer in planned]
                has_profile = bool(offers) and place % PROFILE_EVERY == 0
                if has_profile:
                    await self._publish_profile(account, offers)
        return account, offers, has_profile

    async def _join(self, community: int, place: int, link: str) -> Account:
        node, rng = self._nodes[community], self._means.rng
        home = None
        name, passphrase = suggest_name(rng), suggest_passphrase(rng)
        if self._homes is not None and place == 0:
            home = self._homes / node.community.name.lower()
            write_passphrase(home, passphrase)
        async with self._joining:
            joined = await patiently(
                lambda: Member.join(
                    link,
                    name=name,
                    passphrase=passphrase,
                    home=home,
                    means=self._means,
                )
            )
        return Account(community, place, joined.member, home, name, passphrase)

    async def _publish(self, account: Account, planned: Planned) -> Standing:
        offers = account.member.offers
        own = await patiently(lambda: offers.publish(planned.content, days=planned.days))
        self._tick()
        origin = self._nodes[account.community].origin
        return Standing(
            own.record.id, offer_url(origin, own.record.id), planned, account.member
        )

    async def _publish_profile(self, account: Account, offers: Sequence[Standing]) -> None:
        shown = offers[:SHOWN_OFFERS]
        profiles = account.member.profiles
        content = ProfileContent(
            pseudonym=suggest_name(self._means.rng).replace("-", " ").title(),
            picture=profiles.draw_picture(),
            pronouns=_PRONOUNS[account.place % len(_PRONOUNS)],
            languages=_first(content.languages for content in _contents(shown)),
            topics=_first(content.topics for content in _contents(shown)),
        )
        profile = await patiently(lambda: profiles.publish(content))
        for offer in shown:
            await patiently(functools.partial(profiles.show_offer, profile, offer.id))


def place_of(account: Account) -> Place:
    """Return where *account* stands in the plan."""
    return account.community, account.place


def write_passphrase(home: Path, passphrase: str) -> None:
    """Write the passphrase of a demonstration's account into its new folder."""
    home.mkdir(mode=0o700, parents=True)
    path = home / PASSPHRASE_NAME
    path.touch(mode=0o600)
    path.write_text(passphrase + "\n", encoding="utf-8")


def _contents(offers: Iterable[Standing]) -> Iterable[OfferContent]:
    return (offer.planned.content for offer in offers)


def _first(values: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the values of the first offer: what a profile says must fit what it shows."""
    return next(iter(values))
