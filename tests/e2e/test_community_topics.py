"""A topic that only one of two communities has, from its steward to a reader elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from kith_client.commands.words import describe_hit
from kith_client.means import Means
from kith_client.member import Member
from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import UsageError
from kith_node.topics.own import OwnTopics, save_own_topics
from kith_protocol.api import Hit
from kith_protocol.community_topics import with_labels
from kith_protocol.invite import invite_link
from kith_protocol.offer_content import OfferContent
from kith_protocol.query import Query, parse_query
from kith_protocol.urls import offer_url
from kith_protocol.vocabulary import Texts
from kith_testing.clock import FakeClock
from kith_testing.community import PASSPHRASE
from kith_testing.node import LocalNode, offer_path, open_local_node

pytestmark = pytest.mark.e2e

HAIKU = "x.craft.writing.haiku"
OWN = {HAIKU: {"en": Texts("Haiku"), "ja": Texts("俳句")}}
CONTENT = OfferContent(
    topics=(HAIKU,), languages=("en", "ja"), ways=("practise",), formats=("chat",)
)


@contextlib.asynccontextmanager
async def community(
    folder: Path, clock: FakeClock, *, seed: int, own: OwnTopics
) -> AsyncIterator[tuple[LocalNode, Member]]:
    """Yield a node with *own* topics and a member of it."""
    (folder / "data").mkdir(parents=True)
    if own:
        save_own_topics(folder / "data", own)
    async with open_local_node(folder, seed=seed, clock=clock) as node:
        invite = await node.node.members.invites.make("member")
        joined = await Member.join(
            invite_link(node.origin, invite),
            name=f"member {seed}",
            passphrase=PASSPHRASE,
            home=folder / "home",
            means=Means(clock=clock),
        )
        async with joined.member as member:
            yield node, member


async def make_peers(one: LocalNode, other: LocalNode) -> None:
    await one.node.federation.peering.add(other.origin, role="admin")
    for _ in range(3):
        for node in (one, other):
            await node.work()


async def lookup(member: Member, **parameters: str) -> tuple[Hit, ...]:
    query = parse_query(parameters, is_known_topic=lambda _: True)
    return (await member.search.find(query)).hits


async def test_an_offer_about_a_topic_of_one_community_is_found_and_named_in_another(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    async with (
        community(tmp_path / "here", clock, seed=1, own=OWN) as (here, mentor),
        community(tmp_path / "there", clock, seed=2, own={}) as (there, mentee),
    ):
        await make_peers(here, there)
        known = await mentor.search.topics()
        content = with_labels(CONTENT, known)
        preview = mentor.offers.preview(content)
        assert f"{HAIKU} is called (ja): 俳句" in preview.words
        assert "俳句".encode() in preview.raw
        offer = await mentor.offers.publish(content)
        for node in (here, there):
            await node.work()
        url = offer_url(here.origin, offer.record.id)

        vocabulary = await mentee.search.topics()
        assert not vocabulary.is_known(HAIKU)
        for topic in ("craft.writing", "craft", HAIKU):
            (hit,) = await lookup(mentee, topics=topic)
            assert (hit.id, hit.community, hit.own) == (url, here.actor, False)
        assert await lookup(mentee, topics="craft.ceramics") == ()

        (hit,) = await lookup(mentee, topics="craft.writing", languages="ja,en")
        title, *lines = describe_hit(hit, vocabulary, ("ja", "en"))
        assert title.startswith("俳句  (")
        assert any("about 俳句" in line for line in lines)
        assert describe_hit(hit, vocabulary, ("fr",))[0].startswith("Haiku  (")

        (here_hit,) = await lookup(mentor, topics=HAIKU)
        assert here_hit.own
        assert here_hit.score > hit.score

        for member, is_counted in ((mentor, True), (mentee, False)):
            query = Query(topics=("craft",), languages=("en",), counts=True)
            for answer in (
                await member.search.find(query),
                await member.search.find_here(query),
            ):
                assert answer.facets is not None
                assert answer.facets.topics["craft.writing"] == 1
                assert (HAIKU in answer.facets.topics) == is_counted

        found = await mentee.search.find_here(Query(topics=(HAIKU,), languages=("en",)))
        assert [one.id for one in found.hits] == [url]


async def test_members_offer_only_what_their_own_community_has(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    save_own_topics(tmp_path / "data", {"x.craft.writing.tanka": OWN[HAIKU]})
    async with open_local_node(tmp_path) as node:
        caller = await node.join()
        for topic, labels, status, code in (
            (HAIKU, {"en": "Haiku", "ja": "俳句"}, 400, "unknown-topic"),
            ("x.craft.writing.tanka", {"en": "Haiku"}, 400, "malformed"),
            ("x.craft.writing.tanka", {"en": "Haiku", "ja": "俳句"}, 201, ""),
        ):
            content = replace(CONTENT, topics=(topic,), topic_labels={topic: labels})
            key = SigningKey.generate(node.rng)
            body = node.offer_body(content)
            reply = await node.call(key, "PUT", offer_path(key), body, caller=caller)
            assert (reply.status, reply.code) == (status, code)


async def test_a_node_does_not_start_with_topics_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    save_own_topics(tmp_path / "data", {"x.nosuch.haiku": OWN[HAIKU]})
    with pytest.raises(UsageError, match=r"topics\.json: x\.nosuch\.haiku: there is no topic"):
        async with open_local_node(tmp_path):
            pass
