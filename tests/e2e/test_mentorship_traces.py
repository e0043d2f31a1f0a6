"""A node that carried a mentorship holds the same as one that carried small talk.

Two people of two communities first only write texts, then live a whole mentorship. After each,
both nodes are stopped as a steward would, with one message of each side unread. What their
databases hold then must be of the same shape: the same tables, the same kinds of rows, values
of the same lengths. Looking for what was said is ``test_sealed_privacy``'s part.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_protocol.urls import offer_url
from kith_testing.community import CV_OFFER, federation, join, wait_found
from kith_testing.mentorship_life import Life, numbered_texts
from kith_testing.processes import NodeProcess
from kith_testing.seized import tables
from kith_testing.waiting import until

pytestmark = pytest.mark.e2e

TEXTS = 24  # about as many as a mentorship has messages
DATABASES = ("members.db", "objects.db", "catalogue.db")
# Bytes of a vault, which grows with what is kept in it, in powers of two.
GROWING = ("vault_chunks", "bytes")

Shape = tuple[str, str, tuple[tuple[str, str, int], ...]]


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[set[Shape]]]:
    return asyncio.run(play(tmp_path_factory.mktemp("traces")))


def test_after_a_mentorship_rows_look_as_after_small_talk(
    shapes: dict[str, list[set[Shape]]],
) -> None:
    for number in range(2):
        assert shapes["mentorship"][number] == shapes["talk"][number]


def test_what_is_compared_holds_mailboxes_envelopes_and_vaults(
    shapes: dict[str, list[set[Shape]]],
) -> None:
    for found in shapes["mentorship"]:
        assert {table for _, table, _ in found} >= {"mailboxes", "envelopes", "vault_chunks"}


async def play(folder: Path) -> dict[str, list[set[Shape]]]:
    """Return the shapes of both nodes' rows, after small talk and after a mentorship."""
    found: dict[str, list[set[Shape]]] = {}
    async with federation(folder / "nodes", 2) as nodes:
        mentor, mentee = await join(nodes[0], "mentor"), await join(nodes[1], "mentee")
        write = numbered_texts()
        try:
            mine, theirs = await meet(mentor, mentee, nodes[0])
            for number in range(TEXTS):
                await say(*((mine, theirs) if number % 2 else (theirs, mine)), write())
            found["talk"] = await look(nodes, folder / "talk", mine, theirs)
            life = Life(mine, theirs, mentor, write=write, topic="career.cv")
            await life.agree()
            session = await life.plan_session()
            await life.move_session(session)
            await life.cancel_another()
            await life.work(session)
            await life.close()
            await life.thank()
            found["mentorship"] = await look(nodes, folder / "mentorship", mine, theirs)
        finally:
            await mentor.close()
            await mentee.close()
    return found


async def look(
    nodes: list[NodeProcess], folder: Path, mine: Conversation, theirs: Conversation
) -> list[set[Shape]]:
    """Leave one message of each side unread, stop the nodes and look; then go on."""
    write = numbered_texts()
    await say(mine, theirs, write())
    await say(theirs, mine, write())
    hashes = [(await writer.say(write())).hash for writer in (mine, theirs)]

    async def are_delivered() -> bool:
        return not any(queued(node) for node in nodes)

    await until(are_delivered, "both lie in boxes")
    for node in nodes:
        await node.stop()
    copies = [folder / str(number) for number in range(len(nodes))]
    for node, copy in zip(nodes, copies, strict=True):
        shutil.copytree(node.data, copy)
        await node.start()
    for reader, hashed in ((theirs, hashes[0]), (mine, hashes[1])):
        await until(reads(reader, hashed), "they are read after all")
    return [
        {shape for name in DATABASES for shape in shapes_of(copy / name)} for copy in copies
    ]


def shapes_of(database: Path) -> set[Shape]:
    """Return what rows look like: table, and name, type and length of each value."""
    return {
        (database.name, table, tuple(map(shape_of, [table] * len(row), columns, row)))
        for table, columns, rows in tables(database)
        for row in rows
    }


def shape_of(table: str, column: str, value: object) -> tuple[str, str, int]:
    if isinstance(value, bytes | str) and (table, column) != GROWING:
        return column, type(value).__name__, len(value)
    return column, type(value).__name__, 0


def queued(node: NodeProcess) -> bool:
    path = node.data / "catalogue.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        sql = "SELECT count(*) FROM posted WHERE state = 'queued'"
        [(count,)] = opened.execute(sql).fetchall()
    return bool(count)


async def say(writer: Conversation, reader: Conversation, text: str) -> None:
    said = await writer.say(text)
    await until(reads(reader, said.hash), "it is read")


def reads(reader: Conversation, message: bytes) -> Callable[[], Awaitable[bool]]:
    async def has_read() -> bool:
        await reader.receive()
        return message in {getattr(one, "hash", None) for one in reader.messages}

    return has_read


async def meet(
    mentor: Member, mentee: Member, node: NodeProcess
) -> tuple[Conversation, Conversation]:
    """Publish an offer, knock at it and be accepted; return both sides, the mentee's first."""
    offer = await mentor.offers.publish(CV_OFFER)
    url = offer_url(node.url, offer.record.id)
    await wait_found(mentee, url)
    await mentee.knocks.knock(url, "Would you read my CV?")

    async def has_come() -> bool:
        await mentor.knocks.check()
        return bool(mentor.knocks.tray)

    await until(has_come, "the knock has come")
    [knock] = mentor.knocks.tray
    await mentor.knocks.accept(knock, "Gladly.")

    async def is_accepted() -> bool:
        await mentee.knocks.check()
        return mentee.knocks.made[0].state == "accepted"

    await until(is_accepted, "the answer has come")
    conversation = knock.conversation
    return mentee.conversations.open(conversation), mentor.conversations.open(conversation)
