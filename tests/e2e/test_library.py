"""The library across three real nodes: announced, found, changed, withdrawn, and cut off.

Stewards type their commands, members look with their own devices, over real HTTP.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_client.member import Member
from kith_protocol.library_search import ResourceQuery
from kith_protocol.urls import resource_url
from kith_testing.community import federation, join
from kith_testing.processes import NodeProcess
from kith_testing.waiting import until

pytestmark = pytest.mark.e2e

CV = ("--url", "https://example.org/cv", "--name", "en=Writing a CV", "--topic", "career.cv")
HELP = (
    "--name",
    "en=Somebody who listens",
    "--content",
    "en=Call at any hour. Nobody asks for your name.",
    "--topic",
    "health",
    "--urgent",
)


@contextlib.asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[list[NodeProcess], list[Member]]]:
    """Yield three communities that are peers, and a member of each."""
    async with federation(folder, 3) as nodes, contextlib.AsyncExitStack() as stack:
        yield (
            nodes,
            [await stack.enter_async_context(await join(node, "reader")) for node in nodes],
        )


async def titles(member: Member) -> dict[str, str]:
    """Return what *member* sees: titles in English by id."""
    return {one.id: one.content.name["en"] for one in await member.library.list(("en",))}


async def wait_seen(member: Member, expected: dict[str, str]) -> None:
    async def is_so() -> bool:
        return await titles(member) == expected

    await until(is_so, f"the library holds {sorted(expected.values())}")


async def own_ids(node: NodeProcess) -> dict[str, str]:
    """Return the ids of a community's own entries by their titles."""
    listed = json.loads(await node.kith("library", "list", "--own", "--json"))["resources"]
    return {one["name"]["en"]: one["id"] for one in listed}


async def receipts(node: NodeProcess, resource: str) -> dict[str, str]:
    found = json.loads(await node.kith("library", "receipts", resource, "--json"))["receipts"]
    return {one["peer"]: one["state"] for one in found}


async def test_what_stewards_enter_is_found_everywhere_until_they_withdraw_it(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as (nodes, readers):
        await nodes[0].kith("library", "add", *CV)
        await nodes[1].kith("library", "add", *HELP)
        cv = (await own_ids(nodes[0]))["Writing a CV"]
        listens = (await own_ids(nodes[1]))["Somebody who listens"]
        both = {cv: "Writing a CV", listens: "Somebody who listens"}
        for reader in readers:
            await wait_seen(reader, both)

        # Found by its topic, with the community it is of; help stands first.
        found = await readers[2].library.find(
            ResourceQuery(languages=("en",), topics=("career.cv",))
        )
        assert [(one.resource.id, one.resource.author) for one in found] == [
            (cv, nodes[0].actor)
        ]
        found = await readers[2].library.find(ResourceQuery(languages=("en",)))
        assert [one.resource.id for one in found] == [listens, cv]

        # Changed.
        await nodes[0].kith("library", "edit", cv, "--name", "en=Writing a better CV")
        for reader in readers:
            await wait_seen(reader, both | {cv: "Writing a better CV"})

        # Withdrawn: gone everywhere, and both others say so.
        await nodes[0].kith("library", "withdraw", cv)
        for reader in readers:
            await wait_seen(reader, {listens: "Somebody who listens"})

        async def is_confirmed() -> bool:
            return await receipts(nodes[0], cv) == {
                nodes[1].actor: "confirmed",
                nodes[2].actor: "confirmed",
            }

        await until(is_confirmed, "both peers have confirmed")
        assert await receipts(nodes[0], resource_url(nodes[0].url, bytes(16))) == {}


async def test_a_community_that_is_cut_off_leaves_nothing_behind(tmp_path: Path) -> None:
    async with opened(tmp_path) as (nodes, readers):
        await nodes[0].kith("library", "add", *CV)
        await nodes[1].kith("library", "add", *HELP)
        cv = (await own_ids(nodes[0]))["Writing a CV"]
        listens = (await own_ids(nodes[1]))["Somebody who listens"]
        for reader in readers:
            await wait_seen(reader, {cv: "Writing a CV", listens: "Somebody who listens"})
        await nodes[2].kith("peer", "block", nodes[0].actor)
        await wait_seen(readers[2], {listens: "Somebody who listens"})
        # The others still see both, and nothing new of it comes.
        await nodes[0].kith("library", "edit", cv, "--name", "en=Writing a better CV")
        await wait_seen(
            readers[1], {cv: "Writing a better CV", listens: "Somebody who listens"}
        )
        assert await titles(readers[2]) == {listens: "Somebody who listens"}
