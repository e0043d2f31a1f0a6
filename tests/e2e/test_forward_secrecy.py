"""What recorded envelopes and copied chunks are worth to somebody who gets keys later.

Somebody on the line keeps every envelope. Later they get all reply keys that one side still
has: what was said more than one full turn ago stays closed. And whoever has copied a vault gets
nothing from it with what a member has after they have said that a device was taken.
"""

import asyncio
import dataclasses
import sqlite3
from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
import pytest

from kith_client.conversation import Conversation
from kith_client.errors import ProblemError
from kith_client.means import Means
from kith_client.member import Member
from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR
from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.envelope import Envelope, parse_envelope
from kith_crypto.errors import DecryptionError
from kith_crypto.message import open_message
from kith_crypto.objects import box_address, community_id
from kith_crypto.signin import derive_sign_in, unwrap_vault_key
from kith_crypto.stamp import verify_stamp
from kith_crypto.vault import open_chunk
from kith_node.federation.identity import SEED_NAME
from kith_protocol.api import Slots
from kith_protocol.conversation.records import Talk, parse_record
from kith_protocol.urls import offer_url
from kith_testing.community import (
    CV_OFFER,
    IMMEDIATE,
    PASSPHRASE,
    connect,
    join,
    wait_found,
)
from kith_testing.crowd import new_invites
from kith_testing.eavesdropper import Eavesdropper, open_past, overheard
from kith_testing.processes import NodeProcess, make_node, run_kith, running
from kith_testing.waiting import until

pytestmark = pytest.mark.e2e

TURNS = 5  # of either side
TEXTS_A_TURN = 2
NEW_PASSPHRASE = "ember tunnel garnet willow saddle crisp"


@dataclasses.dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of one side's box, and what that side has today.

    Attributes:
        envelopes: all that came to the box but the first message, oldest first.
        texts: what was said to this side, turn by turn.
        talk: this side's part of the conversation.
        seeds: its reply keys of today.
        sender: key that the other side's node stamps with.
    """

    envelopes: Sequence[Envelope]
    texts: Sequence[Sequence[str]]
    talk: Talk
    seeds: Sequence[bytes]
    sender: VerifyKey

    def open(self) -> list[str]:
        """Return every text that the keys of today open."""
        other = ROLE_MENTOR if self.talk.role == ROLE_MENTEE else ROLE_MENTEE
        found = []
        for envelope in self.envelopes:
            try:
                opened = open_message(
                    verify_stamp(envelope, [self.sender]),
                    self.seeds,
                    writer=VerifyKey(self.talk.peer_key),
                    conversation=self.talk.conversation,
                    role=other,
                )
            except DecryptionError:
                continue
            found.append(str(opened.core.body["text"]))
        return found


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recorded]:
    return asyncio.run(record(tmp_path_factory.mktemp("recorded")))


async def record(folder: Path) -> dict[str, Recorded]:
    await run_kith("keyholder", "new", str(folder / "keyholder"))
    keyholders = folder / "keyholder" / "keyholders.json"
    nodes = [await make_node(folder / name, keyholders=keyholders) for name in ("one", "two")]
    for node in nodes:
        node.settings.update(IMMEDIATE)
    async with overheard(nodes) as ears, running(nodes), open_past(nodes) as http:
        await connect(*nodes)
        mentor, mentee = [
            (
                await Member.join(
                    (await new_invites(node, 1))[0],
                    name=f"member-of-{number}",
                    passphrase=PASSPHRASE,
                    means=Means(http=http),
                )
            ).member
            for number, node in enumerate(nodes)
        ]
        async with mentor, mentee:
            published = await mentor.offers.publish(CV_OFFER)
            url = offer_url(nodes[0].url, published.record.id)
            await wait_found(mentee, url)
            mine, theirs = await meet(mentor, mentee, url)
            said = await talk(mine, theirs)
            return {
                "mentor": recorded(mentor, ears[0], said["mentee"], nodes[1]),
                "mentee": recorded(mentee, ears[1], said["mentor"], nodes[0]),
            }


async def meet(mentor: Member, mentee: Member, url: str) -> tuple[Conversation, Conversation]:
    sent = await mentee.knocks.knock(url, "Would you read my CV?")

    async def has_come() -> bool:
        await mentor.knocks.check()
        return bool(mentor.knocks.tray)

    async def is_answered() -> bool:
        await mentee.knocks.check()
        return mentee.knocks.made[0].state == "accepted"

    await until(has_come, "the knock has come")
    await mentor.knocks.accept(mentor.knocks.tray[0], "Gladly.")
    await until(is_answered, "the answer has come")
    return (
        mentee.conversations.open(sent.conversation),
        mentor.conversations.open(sent.conversation),
    )


async def talk(mine: Conversation, theirs: Conversation) -> dict[str, list[list[str]]]:
    """Let both say something in turns; return what each side has said, turn by turn."""
    said: dict[str, list[list[str]]] = {"mentee": [], "mentor": []}
    for turn in range(TURNS):
        for name, writer, reader in (("mentee", mine, theirs), ("mentor", theirs, mine)):
            texts = [f"{name}, turn {turn}, text {number}" for number in range(TEXTS_A_TURN)]
            for text in texts:
                sent = await writer.say(text)
                await until(partial(has, reader, sent.hash), "it has come")
            said[name].append(texts)
    return said


async def has(conversation: Conversation, message: bytes) -> bool:
    await conversation.receive()
    return any(getattr(entry, "hash", b"") == message for entry in conversation.messages)


def recorded(
    member: Member, ear: Eavesdropper, texts: list[list[str]], sender: NodeProcess
) -> Recorded:
    [value] = member.vault.list("talk").values()
    own = parse_record("talk", value)
    assert isinstance(own, Talk)
    box = box_address(SigningKey.from_seed(own.box_seed).verify_key)
    raws = [seen.body for seen in ear.requests() if seen.target.startswith("/mailboxes/")]
    envelopes = [one for one in map(parse_envelope, raws) if one.box == box]
    is_mentee = own.role == ROLE_MENTEE
    seed = (sender.data / "keys" / SEED_NAME).read_bytes()
    return Recorded(
        envelopes=envelopes[1:] if is_mentee else envelopes,  # the first is the answer
        texts=texts,
        talk=own,
        seeds=[b64decode(str(one["seed"])) for one in member.vault.list("seed").values()],
        sender=SigningKey.from_seed(seed).verify_key,
    )


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_texts_older_than_a_full_turn_stay_closed_with_all_keys_of_today(
    sides: dict[str, Recorded], side: str
) -> None:
    one = sides[side]
    assert len(one.envelopes) == TURNS * TEXTS_A_TURN
    opened = one.open()
    # What was said last was said to a key that still lives: looking was not in vain.
    assert set(one.texts[-1]) <= set(opened)
    older = [text for texts in one.texts[:-2] for text in texts]
    assert len(older) == (TURNS - 2) * TEXTS_A_TURN
    assert set(opened).isdisjoint(older)


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_few_keys_live(sides: dict[str, Recorded], side: str) -> None:
    assert 1 <= len(sides[side].seeds) <= 3


def test_the_keys_of_one_side_open_nothing_that_went_to_the_other(
    sides: dict[str, Recorded],
) -> None:
    for side, other in (("mentor", "mentee"), ("mentee", "mentor")):
        assert dataclasses.replace(sides[side], seeds=sides[other].seeds).open() == []


# --- a device was taken ---------------------------------------------------------------


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[NodeProcess]:
    made = await make_node(tmp_path / "node")
    async with running([made]):
        yield made


def rows(node: NodeProcess, sql: str) -> list[tuple[int, bytes]]:
    path = node.data / "members.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def chunks(node: NodeProcess) -> dict[int, bytes]:
    return dict(rows(node, "SELECT chunk, bytes FROM vault_chunks"))


def slots(node: NodeProcess) -> Slots:
    [(_, raw)] = rows(node, "SELECT 0, slots FROM members")
    return msgspec.json.decode(raw, type=Slots)


def openable(vault_key: bytes, stored: dict[int, bytes]) -> set[int]:
    found = set()
    for number, raw in stored.items():
        try:
            open_chunk(vault_key, number, raw)
        except DecryptionError:
            continue
        found.add(number)
    return found


async def test_after_a_device_was_taken_copied_chunks_stay_closed_with_what_is_new(
    node: NodeProcess,
) -> None:
    async with await join(node, "member") as member:
        await member.personas.add("Heron of the marsh")
        old_key, old_chunks, old_slots = member.keys.vault_key, chunks(node), slots(node)
        await member.account.change_passphrase("member", NEW_PASSPHRASE)
        community = community_id(member.community.actor)
        new_chunks, new_slots = chunks(node), slots(node)
        new, old = [
            derive_sign_in("member", passphrase, community=community)
            for passphrase in (NEW_PASSPHRASE, PASSPHRASE)
        ]
        new_key = unwrap_vault_key(parse_base64url(new_slots.passphrase), new.wrap)
        assert new_key == member.keys.vault_key != old_key
        # Looking was not in vain.
        assert openable(old_key, old_chunks) == set(old_chunks)
        assert openable(new_key, new_chunks) == set(new_chunks)
        assert openable(new_key, old_chunks) == set()
        assert openable(old_key, new_chunks) == set()
        for slot in (old_slots.passphrase, old_slots.recovery):
            with pytest.raises(DecryptionError):
                unwrap_vault_key(parse_base64url(slot), new.wrap)
        for slot in (new_slots.passphrase, new_slots.recovery):
            with pytest.raises(DecryptionError):
                unwrap_vault_key(parse_base64url(slot), old.wrap)


async def test_after_a_device_was_taken_what_it_knew_signs_nobody_in(
    node: NodeProcess, tmp_path: Path
) -> None:
    [link] = await new_invites(node, 1)
    joined = await Member.join(link, name="member", passphrase=PASSPHRASE)
    async with joined.member as member:
        await member.personas.add("Heron of the marsh")
        taken = await Member.sign_in(
            node.url, name="member", passphrase=PASSPHRASE, home=tmp_path / "taken"
        )
        async with taken:
            await member.account.change_passphrase("member", NEW_PASSPHRASE)
            await member.personas.add("Somebody else")
            with pytest.raises(ProblemError):
                await taken.vault.sync()
            assert [one.content.pseudonym for one in taken.personas.list()] == [
                "Heron of the marsh"
            ]
    with pytest.raises(ProblemError):
        await Member.sign_in(node.url, name="member", passphrase=PASSPHRASE)
    with pytest.raises(ProblemError):
        await Member.recover(
            node.url, words=joined.recovery, name="member", passphrase=PASSPHRASE
        )
