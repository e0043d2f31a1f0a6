"""The web client's library and the Python SDK work on one account, over a real node."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_client.member import Member
from kith_testing.community import federation
from kith_testing.processes import NodeProcess
from kith_testing.web_member import WebRefusedError, web_member

pytestmark = pytest.mark.e2e

NAME, PASSPHRASE = "Straße-Ωmega", "lantern orbit maple drift cobalt fern"
OTHER = "gravel otter lamp violin pear moss"


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[NodeProcess]:
    async with federation(tmp_path, 1) as nodes:
        yield nodes[0]


async def invite(node: NodeProcess) -> str:
    link: str = json.loads(await node.kith("invite", "new", "--json"))["invites"][0]
    return link.partition("#i=")[2]


async def test_an_account_made_in_one_opens_in_the_other_and_both_write(
    node: NodeProcess, tmp_path: Path
) -> None:
    async with web_member(node.url) as web:
        await web.ask("join", await invite(node), NAME, PASSPHRASE)
        await web.ask("put", "note", "a", '{"text":"from the browser, ä"}')
        await web.ask("sync")
        member = await Member.sign_in(
            node.url, name="STRASSE-ωmega", passphrase=PASSPHRASE, home=tmp_path / "home"
        )
        async with member:
            assert dict(member.vault.list("note")) == {"a": {"text": "from the browser, ä"}}
            member.vault.put("note", "b", {"text": "from the command line"})
            member.vault.delete("note", "a")
            await member.vault.sync()
            await web.ask("sync")
            assert await web.ask("list", "note") == {"b": {"text": "from the command line"}}
            for number in range(200):
                member.vault.put("note", f"n{number}", {"text": "x" * 2000})
            await member.vault.sync()
            await web.ask("put", "note", "last", "{}")
            await web.ask("sync")
            await member.vault.sync()
            assert len(member.vault.list("note")) == 202
            assert len(await web.ask("list", "note")) == 202
            assert member.vault.warnings == set()
            assert await web.ask("warnings") == []


async def test_a_passphrase_changed_in_either_counts_in_both(
    node: NodeProcess, tmp_path: Path
) -> None:
    async with web_member(node.url) as web:
        await web.ask("join", await invite(node), NAME, PASSPHRASE)
        await web.ask("put", "note", "a", "{}")
        words = await web.ask("changePassphrase", NAME, OTHER)
        with pytest.raises(WebRefusedError, match="unauthorized"):
            await web.ask("signIn", NAME, PASSPHRASE)
        joined = await Member.recover(
            node.url, words=words, name=NAME, passphrase=PASSPHRASE, home=tmp_path / "home"
        )
        async with joined.member as member:
            assert dict(member.vault.list("note")) == {"a": {}}
        with pytest.raises(WebRefusedError, match="unauthorized"):
            await web.ask("signIn", NAME, OTHER)
        await web.ask("signIn", NAME, PASSPHRASE)
        assert await web.ask("list", "note") == {"a": {}}
        await web.ask("recover", joined.recovery, NAME, OTHER)
        assert await web.ask("list", "note") == {"a": {}}


async def test_an_account_is_deleted(node: NodeProcess) -> None:
    async with web_member(node.url) as web:
        code = await invite(node)
        await web.ask("join", code, NAME, PASSPHRASE)
        with pytest.raises(WebRefusedError, match="unauthorized"):
            await web.ask("join", code, "other", PASSPHRASE)
        await web.ask("signIn", NAME, PASSPHRASE)
        await web.ask("deleteAccount")
        with pytest.raises(WebRefusedError, match="unauthorized"):
            await web.ask("signIn", NAME, PASSPHRASE)


async def test_what_is_kept_opens_without_a_line(node: NodeProcess) -> None:
    async with web_member(node.url) as web:
        await web.ask("join", await invite(node), NAME, PASSPHRASE)
        await web.ask("put", "note", "a", "{}")
        await web.ask("sync")
        await node.stop()
        await web.ask("lock")
        with pytest.raises(WebRefusedError, match="cannot-open"):
            await web.ask("signIn", NAME, OTHER)
        await web.ask("signIn", NAME, PASSPHRASE)
        assert await web.ask("list", "note") == {"a": {}}
        with pytest.raises(WebRefusedError, match="node-unreachable"):
            await web.ask("sync")
