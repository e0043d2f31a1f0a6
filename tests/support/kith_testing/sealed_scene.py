"""Two communities whose members do everything that two people can, and what is left of it.

Members knock, are declined, blocked and accepted, talk, send a file, report, close and leave.
Then both nodes are killed while envelopes wait in a queue and in boxes; started again, and
stopped as a steward would. What is in anybody's vault is written down.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.hashes import sha256
from kith_crypto.objects import box_address
from kith_protocol.conversation.events import Shown
from kith_protocol.conversation.records import OutgoingKnock
from kith_protocol.urls import offer_url
from kith_testing.community import CV_OFFER, PASSPHRASE, federation, wait_found
from kith_testing.crowd import new_invites
from kith_testing.mentorship_life import Life
from kith_testing.processes import NodeProcess
from kith_testing.rng import SeededRng
from kith_testing.secret_book import SecretBook
from kith_testing.seized_folder import SeizedFolder
from kith_testing.vault_secrets import keep_vault
from kith_testing.waiting import until

FILE_BYTES = 60_000
TEXT_LETTERS = 40


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """What is left of both nodes.

    Attributes:
        folder: holds ``{ending}/{number of the node}``, each a copy of a data directory.
        secret: everything in anybody's vault, and everything they wrote.
        gone: what belonged to the account that was deleted.
        present: what the second node must hold, or looking is worth nothing.
        actors: of the nodes.
        said: everything both have printed.
    """

    folder: Path
    secret: SecretBook
    gone: SecretBook
    present: SecretBook
    actors: tuple[str, ...]
    said: bytes

    def folders(self, ending: str) -> list[SeizedFolder]:
        """Return both folders as they were left."""
        return [SeizedFolder(self.folder / ending / str(number)) for number in range(2)]


async def play(folder: Path) -> Left:
    """Let everything happen, end it in both ways, and return what is left."""
    async with federation(folder / "nodes", 2) as nodes:
        scene = Scene(nodes)
        try:
            await scene.play()
            gone = await scene.say_goodbye()
            present = SecretBook()
            for box in scene.boxes():
                present.keep("box", box)
            await scene.fill_boxes_and_queue(folder / "killed")
            scene.keep_secrets()
            await nodes[1].kill()
            _copy(nodes[1], folder / "killed")
            for node in nodes:
                await node.start()
            for node in nodes:
                await node.stop()
                _copy(node, folder / "stopped")
        finally:
            await scene.close()
        said = b"".join(node.said() for node in nodes)
        actors = tuple(node.actor for node in nodes)
        return Left(folder, scene.secret, gone, present, actors, said)


def _copy(node: NodeProcess, folder: Path) -> None:
    shutil.copytree(node.data, folder / node.folder.name.removeprefix("node"))


class Scene:
    """Two communities in which everything happens that may happen between two people."""

    def __init__(self, nodes: list[NodeProcess]) -> None:
        self._nodes = nodes
        self._rng = SeededRng(71)
        self._people: dict[str, Member] = {}
        self._url = ""
        self.secret = SecretBook()

    # --- people ----------------------------------------------------------------------

    async def _join(self, name: str, at: int, *, role: str = "member") -> Member:
        link = await _invite(self._nodes[at], role)
        login = f"{name}-of-the-wide-marsh"
        joined = await Member.join(link, name=login, passphrase=PASSPHRASE)
        self.secret.keep("login name", login)
        self.secret.keep("passphrase", PASSPHRASE)
        self.secret.keep("recovery code", joined.recovery)
        self._people[name] = joined.member
        return joined.member

    async def close(self) -> None:
        """Close everybody, whether or not the nodes answer."""
        for member in self._people.values():
            await member.close()

    def write(self, size: int = TEXT_LETTERS) -> str:
        """Return a text that nobody else writes."""
        text = "".join(chr(97 + byte % 26) for byte in self._rng.bytes(size))
        self.secret.keep("text", text)
        return text

    # --- what happens ------------------------------------------------------------------

    async def play(self) -> None:
        """Knock, decline, block, accept, talk, send, report, withdraw, change a passphrase."""
        moderator = await self._join("moderator", 0, role="moderator")
        await moderator.moderation.make_key()
        mentor = await self._join("mentor", 0)
        published = await mentor.offers.publish(CV_OFFER)
        self._url = offer_url(self._nodes[0].url, published.record.id)
        for name in ("talking", "leaving", "declined", "blocked", "regretting", "waiting"):
            await self._join(name, 1)
        await self._join("neighbour", 0)
        for name in ("talking", "leaving", "declined", "blocked", "regretting", "neighbour"):
            await self._knock(name)
        regretting = self._people["regretting"].knocks
        await regretting.withdraw(regretting.made[0], self.write())
        await self._answer(mentor)
        for name in ("talking", "leaving", "neighbour"):
            await self._talk(name, mentor)
        await self._live(mentor)
        await self._send_file(self._people["talking"], mentor)
        await self._report(mentor)
        await self._change_passphrase(self._people["talking"])

    async def _knock(self, name: str) -> None:
        mentee, mentor = self._people[name], self._people["mentor"]
        persona = await mentee.personas.add(self.write(20), about=self.write())
        await wait_found(mentee, self._url)
        sent = await mentee.knocks.knock(self._url, self.write(), persona=persona)
        await until(partial(_has_come, mentor, sent), "the knock has come")

    async def _answer(self, mentor: Member) -> None:
        own = {
            name: member.knocks.made[0].conversation
            for name, member in self._people.items()
            if member.knocks.made
        }
        persona = await mentor.personas.add(self.write(20), about=self.write())
        for knock in mentor.knocks.tray:
            if knock.conversation == own["declined"]:
                await mentor.knocks.decline(knock, self.write())
            elif knock.conversation == own["blocked"]:
                await mentor.knocks.block(knock)
            elif knock.conversation != own["regretting"]:
                await mentor.knocks.accept(knock, self.write(), persona=persona)
        for name in ("talking", "leaving", "neighbour", "declined"):
            await until(partial(_is_answered, self._people[name]), "the answer has come")

    def _sides(self, name: str) -> tuple[Conversation, Conversation]:
        mentee, mentor = self._people[name], self._people["mentor"]
        conversation = mentee.knocks.made[0].conversation
        return (
            mentee.conversations.open(conversation),
            mentor.conversations.open(conversation),
        )

    async def _talk(self, name: str, mentor: Member) -> None:
        mine, theirs = self._sides(name)
        for number in range(6):
            writer, reader = (theirs, mine) if number % 2 else (mine, theirs)
            await self._say(writer, reader)
        assert mentor.conversations.list()

    async def _say(self, writer: Conversation, reader: Conversation) -> None:
        said = await writer.say(self.write())
        await until(partial(_has, reader, said.hash), "it has come")

    async def _live(self, mentor: Member) -> None:
        """Live a whole mentorship, of which each vault then holds its side."""
        mine, theirs = self._sides("talking")
        life = Life(mine, theirs, mentor, write=self.write, topic="career.cv")
        await life.agree()
        session = await life.plan_session()
        await life.move_session(session)
        await life.cancel_another()
        await life.work(session)
        await life.close()
        await life.thank()

    async def _send_file(self, mentee: Member, mentor: Member) -> None:
        data = self._rng.bytes(FILE_BYTES)
        self.secret.keep("file", data)
        self.secret.keep("file", data[:100])
        mine, theirs = self._sides("talking")
        await mine.send_file(data, name=self.write(20), media="image/png")

        async def is_whole() -> bool:
            await theirs.receive()
            return [one.data for one in theirs.files] == [data]

        await until(is_whole, "the file has come")
        assert mentee.conversations.list()
        assert mentor.conversations.list()

    async def _report(self, mentor: Member) -> None:
        _, theirs = self._sides("talking")
        [first, *_] = [
            one for one in theirs.messages if isinstance(one, Shown) and not one.is_own
        ]
        proof = theirs.evidence(first.hash)
        assert proof is not None
        await mentor.reports.report_message(proof, category="harassment", words=self.write())

    async def _change_passphrase(self, member: Member) -> None:
        self.secret.keep("vault key", member.keys.vault_key)
        words = "ember tunnel garnet willow saddle crisp"
        self.secret.keep("passphrase", words)
        self.secret.keep(
            "recovery code",
            await member.account.change_passphrase("talking-of-the-wide-marsh", words),
        )

    async def say_goodbye(self) -> SecretBook:
        """Let somebody close in peace and leave; return all that was theirs on the node."""
        mine, theirs = self._sides("leaving")
        await mine.close(self.write())
        await until(partial(_is_closed, theirs), "the goodbye has come")
        await theirs.close(self.write())
        await until(partial(_is_closed, mine), "so has the other one")
        leaver, gone = self._people["leaving"], SecretBook()
        for box in _own_boxes(leaver):
            gone.keep("box", box)
        gone.keep("verifier", sha256(leaver.community.auth))
        keep_vault(self.secret, leaver, public=self._public())
        before = self._member_ids(1)
        await leaver.leave()
        [member] = before - self._member_ids(1)
        gone.keep("member", member)
        return gone

    async def fill_boxes_and_queue(self, killed: Path) -> None:
        """Leave unread envelopes in boxes, then kill the first node and leave some queued."""
        waiting = self._people["waiting"]
        await wait_found(waiting, self._url)
        await waiting.knocks.knock(self._url, self.write())
        mine, theirs = self._sides("talking")
        for writer in (mine, theirs):
            await writer.say(self.write())
        mine_too, _ = self._sides("neighbour")
        await mine_too.say(self.write())

        async def is_sent() -> bool:
            return not any(_queued(node) for node in self._nodes)

        await until(is_sent, "everything lies in boxes")
        await self._nodes[0].kill()
        _copy(self._nodes[0], killed)
        await mine.say(self.write())

    # --- what is secret ----------------------------------------------------------------

    def boxes(self) -> Iterator[bytes]:
        """Yield the addresses of boxes that are there."""
        for name in ("talking", "neighbour"):
            yield from _own_boxes(self._people[name])

    def keep_secrets(self) -> None:
        """Write down what is in all vaults, and everybody's id."""
        for member in self._people.values():
            if not member.has_left:
                keep_vault(self.secret, member, public=self._public())

    def _public(self) -> set[str | bytes]:
        """Return what nodes may know: addresses of nodes, offers and boxes; random handles."""
        found: set[str | bytes] = {self._url, *(node.url for node in self._nodes)}
        for member in self._people.values():
            for offer in member.keys.offers:
                key = SigningKey.from_seed(offer.seed).verify_key
                found |= {offer.id, encode_base64url(offer.id), key}
            found |= set(_own_boxes(member))
            for kind in ("outgoing", "report"):
                ids = list(member.vault.list(kind))
                found |= {*ids, *map(parse_base64url, ids)}
        return found

    def _member_ids(self, number: int) -> set[bytes]:
        return set(_ids(self._nodes[number], "members.db", "SELECT id FROM members"))


async def _invite(node: NodeProcess, role: str) -> str:
    if role == "member":
        [link] = await new_invites(node, 1)
        return link
    return str(
        json.loads(await node.kith("invite", "new", "--role", role, "--json"))["invites"][0]
    )


def _own_boxes(member: Member) -> Iterator[bytes]:
    for offer in member.keys.offers:
        yield _address(offer.box_seed)
    for kind in ("knock", "talk"):
        for value in member.vault.list(kind).values():
            yield _address(b64decode(str(value["box_seed"])))


def _address(seed: bytes) -> bytes:
    return box_address(SigningKey.from_seed(seed).verify_key)


async def _has_come(mentor: Member, sent: OutgoingKnock) -> bool:
    await mentor.knocks.check()
    return sent.conversation in {knock.conversation for knock in mentor.knocks.received}


async def _is_answered(mentee: Member) -> bool:
    await mentee.knocks.check()
    return mentee.knocks.made[0].state in {"accepted", "declined"}


async def _has(conversation: Conversation, message: bytes) -> bool:
    await conversation.receive()
    return message in {one.hash for one in conversation.messages if isinstance(one, Shown)}


async def _is_closed(conversation: Conversation) -> bool:
    await conversation.receive()
    return conversation.state in {"closed", "closed-by-peer"}


def _ids(node: NodeProcess, database: str, sql: str) -> list[bytes]:
    with closing(sqlite3.connect(f"file:{node.data / database}?mode=ro", uri=True)) as opened:
        return [row[0] for row in opened.execute(sql)]


def _queued(node: NodeProcess) -> list[bytes]:
    return _ids(node, "catalogue.db", "SELECT handle FROM posted WHERE state = 'queued'")
