"""What goes by between two nodes while their members knock, answer, talk and send a file.

Somebody sits in front of either node and keeps every byte; there is no TLS on loopback, so they
see what only the two nodes would see elsewhere. Members' own lines lead past them.
"""

import asyncio
import dataclasses
import sqlite3
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
import pytest

from kith_client.conversation import Conversation
from kith_client.means import Means
from kith_client.member import Member
from kith_client.personas import Persona
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import (
    ENVELOPE_HEAD_BYTES,
    SEALED_SIZES,
    Envelope,
    parse_envelope,
)
from kith_crypto.objects import box_address
from kith_protocol.box_page import ENVELOPE_TYPE
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.events import Shown
from kith_protocol.urls import offer_url
from kith_testing.community import CV_OFFER, IMMEDIATE, PASSPHRASE, connect, wait_found
from kith_testing.crowd import new_invites
from kith_testing.eavesdropper import Seen, open_past, overheard
from kith_testing.processes import NodeProcess, make_node, run_kith, running
from kith_testing.rng import SeededRng
from kith_testing.secret_book import SecretBook
from kith_testing.vault_secrets import keep_vault
from kith_testing.waiting import until

pytestmark = pytest.mark.e2e

MENTEES = 10
FIRST_BYTES = 8192
# Characters of a text, and how many bytes each of them takes.
TEXTS = [(size, "x") for size in (1, 30, 300, 1_500, 2_500, 3_500, 6_000, 9_000, 12_000)] + [
    (size, "𐍈") for size in (900, 4_000, 8_000, 12_000)
]
FILE_BYTES = 60_000
# What differs from one delivery to the next, whatever is in it.
CHANGING_HEADERS = {"content-digest", "signature", "signature-input"}


@dataclasses.dataclass(frozen=True, slots=True)
class Overheard:
    """What went by.

    Attributes:
        to_mentor: requests to the node where the offer is.
        to_mentees: requests to the node of those who knock.
        everything: every byte in either direction.
        knock_box: address of the offer's box.
        reply_boxes: addresses of all others.
        secret: what must not be in any of it.
        public: what must be, or the search is worth nothing.
        conversation_boxes: both boxes of the conversation in which a lot was said.
    """

    to_mentor: list[Seen]
    to_mentees: list[Seen]
    everything: bytes
    knock_box: bytes
    reply_boxes: frozenset[bytes]
    conversation_boxes: frozenset[bytes]
    secret: SecretBook
    public: SecretBook

    def deliveries(self) -> list[Seen]:
        """All requests that carry an envelope."""
        both = self.to_mentor + self.to_mentees
        return [seen for seen in both if seen.target.startswith("/mailboxes/")]

    def knocks(self) -> list[Seen]:
        """Those that carry one to the offer's box."""
        target = f"/mailboxes/{encode_base64url(self.knock_box)}"
        return [seen for seen in self.deliveries() if seen.target == target]


@pytest.fixture(scope="module")
def overheard_by(tmp_path_factory: pytest.TempPathFactory) -> Overheard:
    return asyncio.run(overhear(tmp_path_factory.mktemp("wire")))


async def overhear(folder: Path) -> Overheard:
    await run_kith("keyholder", "new", str(folder / "keyholder"))
    keyholders = folder / "keyholder" / "keyholders.json"
    nodes = [await make_node(folder / name, keyholders=keyholders) for name in ("one", "two")]
    for node in nodes:
        node.settings.update(IMMEDIATE)
    async with overheard(nodes) as ears, running(nodes), open_past(nodes) as http:
        await connect(*nodes)
        scene = Scene(nodes, Means(http=http))
        try:
            await scene.play()
            secret, public = scene.books()
        finally:
            await scene.close()
        return Overheard(
            to_mentor=ears[0].requests(),
            to_mentees=ears[1].requests(),
            everything=b"".join(ear.everything() for ear in ears),
            knock_box=scene.knock_box,
            reply_boxes=frozenset(scene.reply_boxes()),
            conversation_boxes=frozenset(scene.conversation_boxes()),
            secret=secret,
            public=public,
        )


class Scene:
    """A mentor at the first node, and members of the second who knock at one offer."""

    def __init__(self, nodes: list[NodeProcess], means: Means) -> None:
        self._here, self._there = nodes
        self._means = means
        self._rng = SeededRng(41)
        self._mentees: list[Member] = []
        self._said: list[str] = []
        self._file = SeededRng(43).bytes(FILE_BYTES)
        self.mentor: Member
        self.url = ""

    async def play(self) -> None:
        """Let everything happen."""
        [link] = await new_invites(self._here, 1)
        self.mentor = await self._join(link, "mentor-of-the-marsh")
        for link in await new_invites(self._there, MENTEES):
            name = f"mentee-of-the-marsh-{len(self._mentees)}"
            self._mentees.append(await self._join(link, name))
        summary = {"en": self._phrase()}
        published = await self.mentor.offers.publish(
            msgspec.structs.replace(CV_OFFER, summary=summary)
        )
        self.summary = summary["en"]
        self.url = offer_url(self._here.url, published.record.id)
        for number, mentee in enumerate(self._mentees):
            await wait_found(mentee, self.url)
            await self._knock(mentee, number)
        await self._wait(self._have_all_come, "all knocks have come")
        await self._answer()
        await self._talk()

    async def close(self) -> None:
        """Close all members."""
        for member in (self.mentor, *self._mentees):
            await member.close()

    @property
    def knock_box(self) -> bytes:
        [offer] = self.mentor.keys.offers
        return _address(offer.box_seed)

    def reply_boxes(self) -> Iterable[bytes]:
        """Return the addresses of all boxes but the offer's."""
        for member in (self.mentor, *self._mentees):
            for kind in ("talk", "knock"):
                for value in member.vault.list(kind).values():
                    yield _address(b64decode(str(value["box_seed"])))

    def conversation_boxes(self) -> Iterable[bytes]:
        """Return both boxes of the first mentee's conversation."""
        [talk] = self._mentees[0].vault.list("talk").values()
        yield b64decode(str(talk["peer_box"]))
        yield _address(b64decode(str(talk["box_seed"])))

    def books(self) -> tuple[SecretBook, SecretBook]:
        """Return what nobody on the line may have read, and what they must have."""
        secret, public = SecretBook(), SecretBook()
        [offer] = self.mentor.keys.offers
        known: set[str | bytes] = {
            *(node.url for node in (self._here, self._there)),
            *(node.actor for node in (self._here, self._there)),
            *(offer.id, self.url, self.summary, encode_base64url(offer.id)),
            SigningKey.from_seed(offer.seed).verify_key,
            self.knock_box,
            *self.reply_boxes(),
        }
        for member in (self.mentor, *self._mentees):
            keep_vault(secret, member, public=known)
        for text in self._said:
            if len(text.encode()) >= 30:
                secret.keep("text", text)
                secret.keep("text", text[:24])  # also if it was cut
        secret.keep("file", self._file)
        secret.keep("file", self._file[:48])
        for node in (self._here, self._there):
            for what, file, sql in (
                ("member id", "members.db", "SELECT id FROM members"),
                ("handle", "catalogue.db", "SELECT handle FROM posted"),
                ("mark", "catalogue.db", "SELECT mark FROM posted"),
            ):
                for value in _select(node.data / file, sql):
                    secret.keep(what, value)
        public.keep("offer", self.summary)
        public.keep("knock box", self.knock_box)
        return secret, public

    async def _join(self, link: str, name: str) -> Member:
        joined = await Member.join(link, name=name, passphrase=PASSPHRASE, means=self._means)
        return joined.member

    def _phrase(self, size: int = 24) -> str:
        return "".join(chr(97 + byte % 26) for byte in self._rng.bytes(size))

    def _write(self, size: int, letter: str) -> str:
        """Return a text of so many characters that begins like no other."""
        self._said.append(self._phrase(min(size, 24)) + letter * max(size - 24, 0))
        return self._said[-1]

    async def _knock(self, mentee: Member, number: int) -> None:
        persona: Persona | None = None
        if number % 2:
            persona = await mentee.personas.add(self._phrase(), about=self._phrase(200))
        await mentee.knocks.knock(
            self.url,
            self._write((1, 50, 200, 400, 800)[number % 5], "x"),
            hopes=self._write(24 * (number % 3), "x"),
            persona=persona,
        )

    async def _wait(self, is_so: Callable[[], Awaitable[bool]], what: str) -> None:
        await until(is_so, what)

    async def _have_all_come(self) -> bool:
        await self.mentor.knocks.check()
        return len(self.mentor.knocks.tray) == MENTEES

    async def _answer(self) -> None:
        persona = await self.mentor.personas.add(self._phrase(), about=self._phrase(300))
        first = self._mentees[0].knocks.made[0].conversation
        for number, knock in enumerate(self.mentor.knocks.tray):
            words = self._write(800 if number % 2 else 30, "x")
            if knock.conversation == first or number % 3:
                await self.mentor.knocks.accept(knock, words, persona=persona)
            else:
                await self.mentor.knocks.decline(knock, words)
        for mentee in self._mentees:
            await self._wait(partial(_is_answered, mentee), "an answer has come")

    async def _talk(self) -> None:
        knock = self._mentees[0].knocks.made[0]
        mine = self._mentees[0].conversations.open(knock.conversation)
        theirs = self.mentor.conversations.open(knock.conversation)
        for number, (size, letter) in enumerate(TEXTS):
            writer, reader = (mine, theirs) if number % 2 else (theirs, mine)
            text = self._write(size, letter)
            await writer.say(text)
            await self._wait(partial(_has, reader, text), "a text has come")
        await mine.send_file(self._file, name=self._phrase(), media="image/png")

        async def is_whole() -> bool:
            await theirs.receive()
            return [one.data for one in theirs.files] == [self._file]

        await self._wait(is_whole, "the file has come")


def _address(seed: bytes) -> bytes:
    return box_address(SigningKey.from_seed(seed).verify_key)


async def _is_answered(mentee: Member) -> bool:
    await mentee.knocks.check()
    return mentee.knocks.made[0].state in {"accepted", "declined"}


async def _has(conversation: Conversation, text: str) -> bool:
    await conversation.receive()
    return any(
        isinstance(entry, Shown) and isinstance(entry.body, Text) and entry.body.text == text
        for entry in conversation.messages
    )


def _select(path: Path, sql: str) -> list[bytes]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute(sql)]


# --- envelopes -------------------------------------------------------------------


def fixed_headers(seen: Seen) -> dict[str, str]:
    return {name: text for name, text in seen.headers.items() if name not in CHANGING_HEADERS}


def shape_of(text: str) -> list[tuple[str, int]]:
    """Return the names of a signature's parts in order, and how long each of them is."""
    parts = text.replace("(", "").replace(")", "").split(";")
    return [(name, len(value)) for name, _, value in (part.partition("=") for part in parts)]


def envelope_of(seen: Seen) -> Envelope:
    return parse_envelope(seen.body)


def test_ten_knocks_to_one_offer_differ_in_random_fields_only(overheard_by: Overheard) -> None:
    knocks = overheard_by.knocks()
    assert len(knocks) == MENTEES
    first = knocks[0]
    for seen in knocks:
        assert len(seen.body) == ENVELOPE_HEAD_BYTES + FIRST_BYTES
        assert (seen.method, seen.target) == ("POST", first.target)
        assert list(seen.headers) == list(first.headers)
        assert fixed_headers(seen) == fixed_headers(first)
        for name in CHANGING_HEADERS:
            assert shape_of(seen.headers[name]) == shape_of(first.headers[name])
    envelopes = [envelope_of(seen) for seen in knocks]
    assert {seen.body[0] for seen in knocks} == {1}
    assert len({(one.box, one.day) for one in envelopes}) == 1
    for field in ("commitment", "wrapped_seal", "stamp", "sealed"):
        values = [getattr(one, field) for one in envelopes]
        assert len({value[:16] for value in values}) == MENTEES
        assert len({value[-16:] for value in values}) == MENTEES
    # No byte of what is random is the same in all of them, but by a rare chance.
    bodies = [seen.body for seen in knocks]
    same = [
        place for place, column in enumerate(zip(*bodies, strict=True)) if len({*column}) == 1
    ]
    assert [place for place in same if place < 17] == list(range(17))
    assert [place for place in same if 49 <= place < 53] == list(range(49, 53))
    assert len(same) == 17 + 4


def test_a_delivery_says_nothing_but_box_and_envelope(overheard_by: Overheard) -> None:
    deliveries = overheard_by.deliveries()
    names = {tuple(seen.headers) for seen in deliveries}
    assert len(names) == 1, names
    for seen in deliveries:
        assert seen.headers["content-type"] == ENVELOPE_TYPE
        assert seen.target == f"/mailboxes/{encode_base64url(envelope_of(seen).box)}"
        assert "cookie" not in seen.headers
        assert "kith-reader" not in seen.headers
        assert "authorization" not in seen.headers
    keys = {
        seen.headers["signature-input"].split('keyid="')[1].split('"')[0] for seen in deliveries
    }
    assert len(keys) == 2  # one of each node


def test_only_the_sizes_that_sealed_texts_may_have_go_by(overheard_by: Overheard) -> None:
    deliveries = overheard_by.deliveries()
    sizes = {len(envelope_of(seen).sealed) for seen in deliveries}
    assert sizes == set(SEALED_SIZES)
    assert {len(seen.body) - ENVELOPE_HEAD_BYTES for seen in deliveries} == sizes
    for seen in deliveries:
        assert len(seen.body) == int(seen.headers["content-length"])


def test_first_messages_either_way_have_one_size(overheard_by: Overheard) -> None:
    others = overheard_by.reply_boxes - overheard_by.conversation_boxes
    answers = [seen for seen in overheard_by.deliveries() if envelope_of(seen).box in others]
    # All were answered, and only in one conversation more was said.
    assert len(answers) == MENTEES - 1
    assert {len(envelope_of(seen).sealed) for seen in answers} == {FIRST_BYTES}


def test_every_box_on_the_line_is_known_to_its_owner_alone(overheard_by: Overheard) -> None:
    boxes = {envelope_of(seen).box for seen in overheard_by.deliveries()}
    assert boxes <= {overheard_by.knock_box} | overheard_by.reply_boxes
    # No box serves two conversations.
    assert len(boxes) == 1 + MENTEES + 1


def test_no_two_envelopes_on_the_line_share_anything_random(overheard_by: Overheard) -> None:
    envelopes = [envelope_of(seen) for seen in overheard_by.deliveries()]
    assert len(envelopes) >= 2 * MENTEES + len(TEXTS)
    for field in ("commitment", "wrapped_seal", "stamp", "sealed"):
        values = [getattr(one, field) for one in envelopes]
        assert len(set(values)) == len(values)
        assert len({value[:16] for value in values}) == len(values)


# --- everything --------------------------------------------------------------------


def test_nothing_of_what_members_wrote_or_are_called_goes_by(overheard_by: Overheard) -> None:
    assert overheard_by.secret.search(overheard_by.everything) == set()


def test_the_search_was_for_every_kind_of_secret_and_finds_what_is_public(
    overheard_by: Overheard,
) -> None:
    assert overheard_by.secret.kinds() >= {
        "auth",
        "conversation key",
        "device",
        "file",
        "handle",
        "knock.box_seed",
        "knock.seed",
        "knocked.who",
        "mark",
        "member id",
        "name of a record of talk",
        "offer.box_seed",
        "offer.seed",
        "offer.weeks.seed",
        "page.lane",
        "page.messages.body",
        "page.messages.hash",
        "persona.content.pseudonym",
        "proofs.proofs.frank_key",
        "reply key",
        "seed.seed",
        "talk.box_seed",
        "talk.conversation",
        "talk.peer_key",
        "talk.seed",
        "text",
        "vault key",
    }
    assert len(overheard_by.secret) > 500
    found = overheard_by.public.search(overheard_by.everything)
    assert {"offer (raw)", "knock box (raw)", "knock box (base64url)"} <= found


def test_only_what_nodes_say_to_each_other_goes_by(overheard_by: Overheard) -> None:
    targets = {
        seen.target.split("?")[0]
        for seen in overheard_by.to_mentor + overheard_by.to_mentees
        if not seen.target.startswith("/mailboxes/")
    }
    assert not any(target.startswith("/api/") for target in targets), targets
    # Keys are fetched for all members at once, by a prefix that names nobody's offer.
    keys = {target for target in targets if target.startswith("/catalogue/keys/")}
    assert keys == {"/catalogue/keys/"}
