"""Several devices of one member and one real node: nothing is lost, nothing old goes unseen."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from kith_client.errors import NodeUnreachableError, ProblemError
from kith_client.means import Means
from kith_client.member import Member
from kith_client.vault import Vault
from kith_crypto.errors import DecryptionError
from kith_protocol.offer_content import OfferContent
from kith_protocol.vault.chest import open_index
from kith_testing.community import PASSPHRASE
from kith_testing.node import LocalNode, open_local_node

NAME = "heron"
NEW_PASSPHRASE = "another lantern of many words"
OFFER = OfferContent(
    topics=("career.cv",), languages=("en",), ways=("review",), formats=("chat",)
)


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path / "node") as opened:
        yield opened


def means_of(node: LocalNode, http: aiohttp.ClientSession | None = None) -> Means:
    return Means(clock=node.clock, rng=node.rng, http=http)


async def join(node: LocalNode, home: Path | None = None) -> tuple[Member, str]:
    """Return a new member, and their recovery code."""
    invite = (await node.registration()).invite
    joined = await Member.join(
        f"{node.origin}/#i={invite}",
        name=NAME,
        passphrase=PASSPHRASE,
        home=home,
        means=means_of(node),
    )
    return joined.member, joined.recovery


async def second_device(node: LocalNode, passphrase: str = PASSPHRASE) -> Member:
    return await Member.sign_in(
        node.origin, name=NAME, passphrase=passphrase, means=means_of(node)
    )


def values(vault: Vault) -> dict[str, object]:
    return dict(vault.list("persona"))


def stored_rows(node: LocalNode) -> list[tuple[bytes, int, bytes]]:
    path = Path(node.node.config.data_dir) / "members.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT member, chunk, bytes FROM vault_chunks").fetchall()


def put_back(node: LocalNode, rows: list[tuple[bytes, int, bytes]]) -> None:
    """Do to the vault what somebody with the disk can do."""
    path = Path(node.node.config.data_dir) / "members.db"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM vault_chunks")
        connection.executemany(
            "INSERT INTO vault_chunks (member, chunk, bytes) VALUES (?, ?, ?)", rows
        )


async def test_joining_stores_a_vault_of_256_kib(node: LocalNode) -> None:
    member, _ = await join(node)
    async with member:
        rows = stored_rows(node)
        assert sum(len(raw) for _, _, raw in rows) == 256 * 1024
        assert not member.vault.is_behind


async def test_a_second_device_has_everything(node: LocalNode) -> None:
    member, _ = await join(node)
    async with member:
        offer = await member.offers.publish(OFFER)
        await member.vault.sync()
        async with await second_device(node) as other:
            assert [one.id for one in other.keys.offers] == [offer.record.id]
            assert other.keys.offers[0].seed == member.keys.offers[0].seed
            await other.offers.withdraw(offer.record.id)
            await other.vault.sync()
        await member.vault.sync()
        assert member.keys.offers[0].state == "withdrawn"


async def test_two_devices_that_write_at_once_lose_no_record(node: LocalNode) -> None:
    member, _ = await join(node)
    async with member, await second_device(node) as other:
        for number in range(10):
            member.vault.put("persona", f"one-{number}", {"n": number})
            other.vault.put("persona", f"two-{number}", {"n": number})
            await asyncio.gather(member.vault.sync(), other.vault.sync())
        await member.vault.sync()
        await other.vault.sync()
        expected = {f"{who}-{number}" for who in ("one", "two") for number in range(10)}
        assert values(member.vault) == values(other.vault)
        assert values(member.vault).keys() == expected
        assert not member.vault.warnings
        assert not other.vault.warnings


async def test_a_deletion_reaches_the_other_device(node: LocalNode) -> None:
    member, _ = await join(node)
    async with member, await second_device(node) as other:
        member.vault.put("persona", "a", {})
        await member.vault.sync()
        await other.vault.sync()
        other.vault.delete("persona", "a")
        await other.vault.sync()
        await member.vault.sync()
        assert values(member.vault) == {}


async def test_one_record_more_uploads_one_chunk_and_the_index(node: LocalNode) -> None:
    sent: list[int] = []
    tracing = aiohttp.TraceConfig()

    async def note(_session: object, _context: object, params: object) -> None:
        assert isinstance(params, aiohttp.TraceRequestChunkSentParams)
        sent.append(len(params.chunk))

    tracing.on_request_chunk_sent.append(note)
    async with aiohttp.ClientSession(trace_configs=[tracing]) as http:
        member, _ = await join(node)
        await member.close()
        other = await Member.sign_in(
            node.origin, name=NAME, passphrase=PASSPHRASE, means=means_of(node, http)
        )
        async with other:
            sent.clear()
            other.vault.put("persona", "a", {"text": "x" * 500})
            await other.vault.sync()
            assert 2 * 16_384 < sum(sent) < 2 * 16_384 + 100


async def test_a_vault_that_was_put_back_is_found_out_and_healed(node: LocalNode) -> None:
    member, _ = await join(node)
    async with member, await second_device(node) as other:
        old = stored_rows(node)
        member.vault.put("persona", "a", {"n": 1})
        await member.vault.sync()
        await other.vault.sync()
        put_back(node, old)
        await other.vault.sync()
        assert other.vault.warnings == {"rolled-back"}
        await member.vault.sync()
        assert values(other.vault) == values(member.vault) == {"a": {"n": 1}}
    async with await second_device(node) as third:
        assert values(third.vault) == {"a": {"n": 1}}


async def test_a_vault_that_is_gone_is_found_out_and_healed(node: LocalNode) -> None:
    member, _ = await join(node)
    async with member:
        member.vault.put("persona", "a", {"n": 1})
        await member.vault.sync()
        put_back(node, [])
        await member.vault.sync()
        assert member.vault.warnings == {"gone"}
        async with await second_device(node) as other:
            assert values(other.vault) == {"a": {"n": 1}}


async def test_an_old_chunk_under_a_new_index_is_found_out_and_healed(node: LocalNode) -> None:
    member, _ = await join(node)
    async with member, await second_device(node) as other:
        old = stored_rows(node)
        for number in range(60):
            member.vault.put("persona", f"p{number}", {"n": number})
        await member.vault.sync()
        new = stored_rows(node)
        index = [row for row in new if row[1] == 0]
        put_back(node, index + [row for row in old if row[1] > 0])
        other.vault.put("persona", "mine", {})
        await other.vault.sync()
        assert other.vault.warnings == {"damaged"}
        await member.vault.sync()
        await other.vault.sync()
        assert len(values(other.vault)) == 61
        assert values(other.vault) == values(member.vault)


async def test_a_device_set_back_to_an_older_file_stands_for_a_new_one(
    node: LocalNode, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    member, _ = await join(node, home)
    async with member:
        member.vault.put("persona", "a", {"n": 1})
    old = (home / "keys").read_bytes()
    async with await Member.open(home, passphrase=PASSPHRASE, means=means_of(node)) as member:
        device = member.vault.device
        member.vault.put("persona", "a", {"n": 2})
    (home / "keys").write_bytes(old)
    async with await Member.open(home, passphrase=PASSPHRASE, means=means_of(node)) as member:
        assert member.vault.device == device
        await member.vault.sync()
        assert values(member.vault) == {"a": {"n": 2}}
        assert member.vault.device != device


async def test_what_could_not_be_sent_is_kept_and_sent_later(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    async with open_local_node(tmp_path / "node") as node:
        member, _ = await join(node, home)
        means = means_of(node)
    member.vault.put("persona", "a", {"n": 1})
    with pytest.raises(NodeUnreachableError):
        await member.vault.sync()
    await member.close()  # no error, although nobody answers
    async with await Member.open(home, passphrase=PASSPHRASE, means=means) as again:
        assert again.vault.is_behind
        assert values(again.vault) == {"a": {"n": 1}}


async def test_a_device_that_was_taken_is_shut_out(node: LocalNode) -> None:
    member, old_code = await join(node)
    async with member, await second_device(node) as taken:
        member.vault.put("persona", "a", {"n": 1})
        await member.vault.sync()
        old_key, old = taken.keys.vault_key, stored_rows(node)
        new_code = await member.account.change_passphrase(NAME, NEW_PASSPHRASE)
        new_key, new = member.keys.vault_key, stored_rows(node)
        with pytest.raises(ProblemError, match="credential"):
            await taken.vault.sync()
        for key, rows in ((old_key, new), (new_key, old)):
            for _, chunk, raw in rows:
                if chunk == 0:
                    with pytest.raises(DecryptionError):
                        open_index(key, raw)
        assert not {raw for _, _, raw in old} & {raw for _, _, raw in new}
    async with await second_device(node, NEW_PASSPHRASE) as other:
        assert values(other.vault) == {"a": {"n": 1}}
    with pytest.raises(ProblemError, match="credential"):
        await second_device(node)
    with pytest.raises(ProblemError, match="credential"):
        await recover(node, old_code)
    recovered = await recover(node, new_code)
    async with recovered:
        assert values(recovered.vault) == {"a": {"n": 1}}


async def recover(node: LocalNode, words: str) -> Member:
    joined = await Member.recover(
        node.origin, words=words, name=NAME, passphrase=PASSPHRASE, means=means_of(node)
    )
    return joined.member


async def test_leaving_leaves_no_chunk(node: LocalNode) -> None:
    member, _ = await join(node)
    async with member:
        member.vault.put("persona", "a", {})
        await member.vault.sync()
        await member.leave()
    assert stored_rows(node) == []
