"""A circle of twelve over three communities, from its announcement to its end.

Everything goes by real nodes. People come in by knocking at the offer that announces the
circle, two by an invitation in a conversation they have with the convener already. What happens
is kept as it was seen; a test looks at what it wants to know.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from kith_client.circles.circle import Circle
from kith_client.means import Means
from kith_client.member import Member
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.objects import box_address
from kith_protocol.circle.roster import CircleTerms
from kith_protocol.day import day_of
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import offer_url
from kith_testing.community import CV_OFFER, PASSPHRASE, federation, wait_found
from kith_testing.crowd import new_invites
from kith_testing.processes import NodeProcess
from kith_testing.secret_book import SecretBook
from kith_testing.vault_secrets import keep_vault
from kith_testing.waiting import until

PEOPLE = 12
CONVENER = "person-0"
GROUP = OfferContent(
    topics=("career.cv",),
    languages=("en",),
    ways=("practise",),
    formats=("chat",),
    group=True,
)


async def no_pause(_: float) -> None:
    """Wait not at all between two letters."""


class CircleScene:
    """Twelve people, their nodes, and a circle.

    Attributes:
        nodes: of the three communities; person *n* is at node *n* modulo 3.
        people: by name.
        circles: the circle as each of them has it.
    """

    def __init__(self, nodes: list[NodeProcess]) -> None:
        self.nodes = nodes
        self.people: dict[str, Member] = {}
        self.circles: dict[str, Circle] = {}
        self._offers: set[bytes] = set()

    @property
    def convener(self) -> Circle:
        """Return the circle as its convener has it."""
        return self.circles[CONVENER]

    def node_of(self, name: str) -> NodeProcess:
        """Return the node of somebody's community."""
        return self.nodes[int(name.removeprefix("person-")) % len(self.nodes)]

    def at(self, node: NodeProcess) -> list[str]:
        """Return who is at *node*."""
        return [name for name in self.people if self.node_of(name) is node]

    # --- how it begins ---------------------------------------------------------------

    async def gather(self) -> None:
        """Let twelve people join their communities."""
        for number in range(PEOPLE):
            name = f"person-{number}"
            [link] = await new_invites(self.node_of(name), 1)
            joined = await Member.join(
                link,
                name=f"{name}-of-marsh",
                passphrase=PASSPHRASE,
                means=Means(pause=no_pause),
            )
            self.people[name] = joined.member

    async def convene(self) -> None:
        """Let the first one convene a circle and announce it as an offer."""
        member = self.people[CONVENER]
        today = day_of(Means().clock.now())
        terms = CircleTerms(
            purpose="Practising interviews with each other, kindly",
            begins=today,
            ends=today + 60,
            places=PEOPLE,
            rules="What is said here stays here. Nobody is asked for a name.",
            rhythm="Every other Thursday evening",
        )
        circle = await member.circles.convene(terms, name=CONVENER)
        published = await member.offers.publish(GROUP)
        self._offers.add(published.record.id)
        await circle.convener.announce_by(published.record.id)
        self.circles[CONVENER] = circle

    async def ask(self, name: str) -> None:
        """Let somebody knock at the circle's offer and be admitted; they join."""
        member, convener = self.people[name], self.people[CONVENER]
        url = offer_url(self.nodes[0].url, self.convener.record.offer)
        await wait_found(member, url)
        knock = await member.knocks.knock(url, f"May I come, too? {name}")

        async def has_come() -> bool:
            await convener.knocks.check()
            return knock.conversation in {one.conversation for one in convener.knocks.tray}

        await until(has_come, "the knock has come")
        [one] = [one for one in convener.knocks.tray if one.conversation == knock.conversation]
        await convener.circles.admit(self.convener, one, "Gladly.")

        async def is_answered() -> bool:
            await member.knocks.check()
            return bool(member.conversations.list())

        await until(is_answered, "the answer has come")
        await self._join(name)

    async def invite(self, name: str) -> None:
        """Let the convener knock at somebody's own offer, and invite them in what follows."""
        member, convener = self.people[name], self.people[CONVENER]
        published = await member.offers.publish(CV_OFFER)
        self._offers.add(published.record.id)
        url = offer_url(self.node_of(name).url, published.record.id)
        await wait_found(convener, url)
        knock = await convener.knocks.knock(url, "Would you read mine?")

        async def has_come() -> bool:
            await member.knocks.check()
            return bool(member.knocks.tray)

        await until(has_come, "the knock has come")
        await member.knocks.accept(member.knocks.tray[0], "Of course.")

        async def is_answered() -> bool:
            await convener.knocks.check()
            ids = {one.id for one in convener.conversations.list()}
            return knock.conversation in ids

        await until(is_answered, "the answer has come")
        conversation = convener.conversations.open(knock.conversation)
        await self.convener.convener.invite(conversation, "You would be good company.")
        await self._join(name)

    async def _join(self, name: str) -> None:
        member = self.people[name]

        async def is_invited() -> bool:
            await member.conversations.check()
            return bool(member.circles.invitations)

        await until(is_invited, "the invitation has come")
        [invitation] = member.circles.invitations
        self.circles[name] = await member.circles.join(invitation, name=name)

    # --- what goes on ----------------------------------------------------------------

    async def look(self, name: str) -> None:
        """Let somebody read everything that has come."""
        await self.people[name].conversations.check()
        await self.people[name].circles.check()

    async def look_until(
        self, names: Sequence[str], holds: str, seen: partial[bool] | None = None
    ) -> None:
        """Let people look until *seen*, called with each one's circle, holds for all.

        Raises:
            AssertionError: it does not, in time.
        """

        async def look(name: str) -> None:
            async def is_so() -> bool:
                await self.look(name)
                return seen is None or seen(self.circles[name])

            await until(is_so, f"{name}: {holds}")

        await asyncio.gather(*(look(name) for name in names))

    async def fill(self) -> None:
        """Let eleven people come in: nine ask, two are invited."""
        await self.convene()
        names = [name for name in self.people if name != CONVENER]
        for name in names[:9]:
            await self.ask(name)
        for name in names[9:]:
            await self.invite(name)
        everybody = list(self.people)
        await self.look_until([CONVENER], "all are in", partial(has_people, count=PEOPLE))
        await self.look_until(everybody, "sees all", partial(has_people, count=PEOPLE))

    async def wait_sent(self, nodes: Sequence[NodeProcess]) -> None:
        """Wait until nothing waits to leave for another of *nodes*."""

        async def is_sent() -> bool:
            return not any(queued(node) for node in nodes)

        await until(is_sent, "everything lies in boxes")

    # --- what is left ----------------------------------------------------------------

    def copy(self, folder: Path) -> None:
        """Copy what lies on the disks of all nodes to ``{folder}/{number}``."""
        for number, node in enumerate(self.nodes):
            shutil.copytree(node.data, folder / str(number))

    def secrets(self) -> SecretBook:
        """Return everything in anybody's vault that no node may know."""
        book, public = SecretBook(), self._public()
        for member in self.people.values():
            keep_vault(book, member, public=public)
        return book

    def _public(self) -> set[str | bytes]:
        """Return what nodes may know: addresses of nodes, offers and boxes; random handles."""
        found: set[str | bytes] = {node.url for node in self.nodes}
        for member in self.people.values():
            for offer in member.keys.offers:
                key = SigningKey.from_seed(offer.seed).verify_key
                found |= {offer.id, encode_base64url(offer.id), key}
                found.add(_address(offer.box_seed))
                found |= {offer_url(node.url, offer.id) for node in self.nodes}
            found |= {_address(key.seed) for key in member.conversations.box_keys}
            found |= {_address(key.seed) for key in member.circles.box_keys}
            for knock in member.knocks.made:
                found.add(_address(knock.box_seed))
            for kind in ("outgoing", "report"):
                ids = list(member.vault.list(kind))
                found |= {*ids, *map(parse_base64url, ids)}
        return found


@contextlib.asynccontextmanager
async def open_circle_scene(folder: Path) -> AsyncIterator[CircleScene]:
    """Yield three communities with twelve people in them."""
    async with federation(folder, 3) as nodes:
        scene = CircleScene(nodes)
        try:
            await scene.gather()
            yield scene
        finally:
            for member in scene.people.values():
                await member.close()


def has_people(circle: Circle, *, count: int) -> bool:
    """Return whether so many have a seat, and all of their seats have come."""
    view = circle.view
    return len(view.places) == count and not view.unknown


def has_said(circle: Circle, *, text: str) -> bool:
    """Return whether *text* was said."""
    return text in {words.text for words in circle.view.words}


def queued(node: NodeProcess) -> list[bytes]:
    """Return the handles of what waits to leave *node*."""
    return select(node.data, "catalogue.db", "SELECT handle FROM posted WHERE state = 'queued'")


def select(data: Path, database: str, sql: str) -> list[bytes]:
    """Return the first column of what *sql* finds in a node's database."""
    with closing(sqlite3.connect(f"file:{data / database}?mode=ro", uri=True)) as opened:
        return [row[0] for row in opened.execute(sql)]


def _address(seed: bytes) -> bytes:
    return box_address(SigningKey.from_seed(seed).verify_key)
