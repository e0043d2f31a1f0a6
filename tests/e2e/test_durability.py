"""Two communities whose members publish, change and withdraw while ``kill -9`` strikes.

Both nodes announce to each other all the time, so that whichever is killed was publishing and
receiving. After each kill its files are looked at as they lie there, then it goes on. What a
member's program has noted is what was acknowledged: it notes a change when the answer has come.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from kith_client.errors import NodeUnreachableError
from kith_client.records import OfferRecord
from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_protocol.chance import draw_below
from kith_protocol.offer_content import OfferContent, ProfileContent
from kith_protocol.urls import offer_url
from kith_testing.community import CV_OFFER, federation
from kith_testing.crowd import DAYS, Books, Crowd, Person, crowd_at, new_invites
from kith_testing.processes import NodeProcess
from kith_testing.rng import SeededRng
from kith_testing.waiting import until
from kith_testing.wholeness import Files, check_whole, copy_of

pytestmark = pytest.mark.e2e

WORKERS = 3
JOINS_PER_ROUND = 2
MOST_ANSWERS = 24  # acknowledged changes before the next kill, at most

MOST_TURNS = 100  # of the event loop, from the last of them to the kill


class Worker:
    """A member who changes things until the node is gone or enough has been done.

    Attributes:
        open_changes: offers of which a change was sent and not answered yet; the content is
            what it was to be, or None for a withdrawal.
    """

    def __init__(self, storm: "Storm", crowd: Crowd, person: Person) -> None:
        self._storm = storm
        self._crowd = crowd
        self.person = person
        self.open_changes: dict[bytes, OfferContent | None] = {}

    async def work(self) -> None:
        """Go on until the storm is over for now."""
        while not self._storm.is_over:
            try:
                await self._change_something()
            except NodeUnreachableError:
                return
            await self._storm.answered()

    async def resume(self) -> None:
        """Repeat what was not answered, as a member's program does."""
        await self.person.member.resume()
        for offer, content in list(self.open_changes.items()):
            await self._finish(offer, content)

    async def _change_something(self) -> None:
        member = self.person.member
        live = [record.id for record in member.keys.offers if record.state == "live"]
        draw = self._storm.draw(10)
        if draw < 2 and len(live) > 2:
            await self._finish(live[self._storm.draw(len(live))], None)
        elif draw < 4 and live:
            await self._finish(live[self._storm.draw(len(live))], self._content())
        elif draw == 4:
            picture = member.profiles.draw_picture()
            content = ProfileContent(self._crowd.phrase(), picture=picture)
            await member.profiles.publish(content, days=DAYS)
        else:
            await member.offers.publish(self._content(), days=DAYS)

    async def _finish(self, offer: bytes, content: OfferContent | None) -> None:
        offers = self.person.member.offers
        self.open_changes[offer] = content
        if content is None:
            await offers.withdraw(offer)
        else:
            await offers.edit(offer, content)
        del self.open_changes[offer]

    def _content(self) -> OfferContent:
        return replace(CV_OFFER, summary={"en": self._crowd.phrase()})


class Community:
    """One node and those who use it."""

    def __init__(self, node: NodeProcess, crowd: Crowd, storm: "Storm", made: int) -> None:
        self.node = node
        self._crowd = crowd
        self._storm = storm
        self._invites_made = made
        self._invites: list[str] = []
        self.workers = [Worker(storm, crowd, person) for person in crowd.people]
        self._joined = list(crowd.people)

    def give(self, invites: list[str]) -> None:
        """Take invites for those who will join."""
        self._invites += invites

    async def work(self) -> None:
        """Let everybody work, and some join."""
        async with asyncio.TaskGroup() as group:
            for worker in self.workers:
                group.create_task(worker.work())
            group.create_task(self._join())

    async def _join(self) -> None:
        for _ in range(JOINS_PER_ROUND):
            if self._storm.is_over:
                return
            try:
                # An invite whose answer was lost may be used up: it is not tried again.
                person = await self._crowd.join(self._invites.pop())
            except NodeUnreachableError:
                return
            self._joined.append(person)
            await self._storm.answered()

    def check(self, files: Files) -> None:
        """Check that the files of the killed node are whole and hold what it acknowledged."""
        check_whole(files, self.node.actor)
        verifiers = files.ids("members", "SELECT auth_hash FROM members")
        assert {sha256(person.auth) for person in self._joined} <= verifiers
        # Each invite made one member or is open still.
        open_invites = files.ids("members", "SELECT hash FROM invites")
        assert len(verifiers) + len(open_invites) == self._invites_made
        offers = files.pairs("objects", "SELECT id, bytes FROM offers")
        for worker in self.workers:
            for record in worker.person.member.keys.offers:
                _check_offer(record, offers.get(record.id), worker.open_changes)
            profiles = files.ids("objects", "SELECT id FROM profiles")
            for profile in worker.person.member.keys.profiles:
                assert profile.state == "making" or profile.id in profiles

    async def resume(self) -> None:
        """Let everybody finish what was interrupted."""
        for worker in self.workers:
            await worker.resume()

    def live(self) -> dict[str, str]:
        """Return what everybody here offers: address to words."""
        return {
            offer_url(self.node.url, record.id): record.content.summary["en"]
            for worker in self.workers
            for record in worker.person.member.keys.offers
            if record.state == "live"
        }

    async def check_sign_ins(self) -> None:
        """Check that everybody who was told that they had joined can sign in."""
        for person in self._joined:
            await person.member.account.get()


def _check_offer(
    record: OfferRecord, raw: object, open_changes: dict[bytes, OfferContent | None]
) -> None:
    if record.state == "making":
        return  # nobody was told anything
    name = encode_base64url(record.id)
    if record.state == "withdrawn":
        assert raw is None, f"{name} is back"
        return
    allowed = [record.content, open_changes.get(record.id, record.content)]
    if raw is None:
        assert None in allowed, f"{name} is lost"
        return
    assert isinstance(raw, bytes)
    words = [content.summary["en"].encode() for content in allowed if content is not None]
    assert any(one in raw for one in words), f"{name} holds something else"


class Storm:
    """Kills a node after a random number of answers, again and again."""

    def __init__(self, seed: int) -> None:
        self.rng = SeededRng(seed)
        self.communities: list[Community] = []
        self.is_over = True
        self._victims: list[Community] = []
        self._answers_left = 0
        self.answers = 0

    def draw(self, below: int) -> int:
        """Return a random number from 0 on."""
        return draw_below(below, self.rng)

    async def answered(self) -> None:
        """Count an acknowledged change; the last one kills."""
        self.answers += 1
        self._answers_left -= 1
        if self._answers_left == 0:
            # Not always right after an answer: others go on meanwhile.
            for _ in range(self.draw(MOST_TURNS)):
                await asyncio.sleep(0)
            for victim in self._victims:
                await victim.node.kill()
            self.is_over = True

    async def strike(self) -> None:
        """Let everybody work until some node is killed; check what is left and go on."""
        self._victims = [self.communities[:1], self.communities[1:], self.communities][
            self.draw(3)
        ]
        self._answers_left = 1 + self.draw(MOST_ANSWERS)
        self.is_over = False
        async with asyncio.TaskGroup() as group:
            for community in self.communities:
                group.create_task(community.work())
        received = {
            other.node.actor: list_received(other.node, victim.node)
            for victim in self._victims
            for other in self.communities
            if other not in self._victims
        }
        for victim in self._victims:
            with copy_of(victim.node.data) as files:
                victim.check(files)
                for actor, acknowledged in received.items():
                    check_received(files, actor, acknowledged)
        for victim in self._victims:
            await victim.node.start()
        for community in self.communities:
            await community.resume()


def list_received(sender: NodeProcess, receiver: NodeProcess) -> list[tuple[str, str, int]]:
    """Return object, kind and revision of what *receiver* has acknowledged to *sender*."""
    with closing(sqlite3.connect(sender.data / "catalogue.db")) as connection:
        return connection.execute(
            "SELECT object, kind, revision FROM outbox "
            "WHERE sequence <= (SELECT sent FROM peers WHERE actor = ?)",
            (receiver.actor,),
        ).fetchall()


def check_received(files: Files, actor: str, acknowledged: list[tuple[str, str, int]]) -> None:
    """Check that *files* hold what their node has acknowledged to *actor*."""
    live = files.pairs(
        "catalogue",
        "SELECT id, revision FROM catalogue_objects "
        f"WHERE author = '{actor}' AND bytes IS NOT NULL",
    )
    gone = files.ids("catalogue", "SELECT object FROM tombstones")
    for name, kind, revision in acknowledged:
        if kind == "delete":
            assert name in gone
            assert name not in live
        elif name not in gone:
            known = live.get(name, 0)
            assert isinstance(known, int)
            assert known >= revision, f"{name} is lost"


def shown(node: NodeProcess) -> dict[str, bytes]:
    """Return all live offers that *node* holds: address to bytes."""
    with closing(sqlite3.connect(node.data / "catalogue.db")) as connection:
        return dict(
            connection.execute("SELECT id, bytes FROM catalogue_objects WHERE bytes NOT NULL")
        )


async def wait_all_sent(node: NodeProcess) -> None:
    """Wait until nothing waits to be delivered from *node*."""

    async def is_all_sent() -> bool:
        with closing(sqlite3.connect(node.data / "catalogue.db")) as connection:
            [(is_sent,)] = connection.execute(
                "SELECT NOT EXISTS (SELECT 1 FROM letters) "
                "AND (SELECT min(sent) FROM peers) >= (SELECT max(sequence) FROM outbox)"
            )
        return bool(is_sent)

    await until(is_all_sent, f"{node.url} has sent everything")


def pending_receipts(node: NodeProcess) -> int:
    with closing(sqlite3.connect(node.data / "catalogue.db")) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM receipts WHERE state = 'pending'")
    return int(count)


@contextlib.asynccontextmanager
async def stormy(folder: Path, kills: int) -> AsyncIterator[Storm]:
    storm, books = Storm(seed=kills), Books()
    async with federation(folder, 2) as nodes, contextlib.AsyncExitStack() as stack:
        for node in nodes:
            count = WORKERS + JOINS_PER_ROUND * kills
            invites = await new_invites(node, count)
            crowd = await stack.enter_async_context(
                crowd_at(node.url, invites[:WORKERS], rng=storm.rng, books=books)
            )
            # The first steward's invite, made with the node, stays open.
            community = Community(node, crowd, storm, made=count + 1)
            community.give(invites[WORKERS:])
            storm.communities.append(community)
        yield storm


@pytest.mark.parametrize("kills", [10, pytest.param(50, marks=pytest.mark.slow)])
async def test_nothing_acknowledged_is_lost_and_nothing_is_half_done(
    tmp_path: Path, kills: int
) -> None:
    async with stormy(tmp_path, kills) as storm:
        for _ in range(kills):
            await storm.strike()
        here, there = storm.communities
        # Who could not reach the other waits a minute at least before trying again. A start
        # forgets that; the other one is up meanwhile.
        for community in storm.communities:
            await community.node.stop()
            await community.node.start()
            await wait_all_sent(community.node)

        async def is_exchanged() -> bool:
            return shown(here.node) == shown(there.node) and not any(
                pending_receipts(community.node) for community in storm.communities
            )

        await until(is_exchanged, "both hold the same and all withdrawals are confirmed")
        expected = {**here.live(), **there.live()}
        found = shown(here.node)
        assert set(found) == set(expected)
        for name, words in expected.items():
            assert words.encode() in found[name]
        for community in storm.communities:
            await community.check_sign_ins()
            await community.node.stop()
            with copy_of(community.node.data) as files:
                community.check(files)
        assert storm.answers > 5 * kills
