"""Somebody without an invite applies to join; a moderator reads it on a device and decides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kith_client.applying import apply_to_join
from kith_client.errors import ProblemError
from kith_client.means import Means
from kith_client.member import Member
from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import UsageError
from kith_testing.community import PASSPHRASE
from kith_testing.node import LocalNode, open_local_node

WORDS = "I would like to learn, and I can sew."


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[LocalNode]:
    async with open_local_node(tmp_path / "node") as opened:
        yield opened


async def join(node: LocalNode, link: str, name: str) -> Member:
    means = Means(clock=node.clock, rng=node.rng)
    return (await Member.join(link, name=name, passphrase=PASSPHRASE, means=means)).member


async def moderator_of(node: LocalNode) -> Member:
    invite = (await node.registration("moderator")).invite
    member = await join(node, f"{node.origin}/#i={invite}", "moderator")
    await member.moderation.make_key()
    return member


async def test_an_applicant_joins_once_a_moderator_has_said_yes(node: LocalNode) -> None:
    means = Means(clock=node.clock, rng=node.rng)
    with pytest.raises(UsageError, match="takes no applications"):
        await apply_to_join(node.origin, WORDS, means=means)
    async with await moderator_of(node) as moderator:
        link = await apply_to_join(node.origin, WORDS, means=means)
        with pytest.raises(ProblemError, match="credential"):
            await join(node, link, "too-early")
        [entry] = await moderator.moderation.list_applications()
        opened = await moderator.moderation.open_application(parse_base64url(entry.id))
        assert opened.words == WORDS
        await moderator.moderation.admit(parse_base64url(entry.id), is_admitted=True)
        assert await moderator.moderation.list_applications() == ()
    async with await join(node, link, "applicant") as applicant:
        assert (await applicant.account.get()).role == "member"


async def test_a_refused_applicant_does_not_get_in(node: LocalNode) -> None:
    async with await moderator_of(node) as moderator:
        means = Means(clock=node.clock, rng=node.rng)
        link = await apply_to_join(node.origin, WORDS, means=means)
        [entry] = await moderator.moderation.list_applications()
        await moderator.moderation.admit(parse_base64url(entry.id), is_admitted=False)
        with pytest.raises(ProblemError, match="credential"):
            await join(node, link, "applicant")
