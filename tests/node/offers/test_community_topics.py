"""Which community topics, and by which labels, members of a community may offer."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import MalformedError
from kith_crypto.objects import offer_id
from kith_node.offers.documents import OwnOffer
from kith_protocol.errors import UnknownTopicError
from kith_protocol.offer_content import OfferContent
from kith_protocol.vocabulary import Texts
from kith_testing.offers_room import (
    AT_ONCE,
    CONTENT,
    SETTINGS,
    OffersRoom,
    open_offers_room,
    url_of,
)

HAIKU = "x.craft.writing.haiku"
WORDS = {"en": Texts("Haiku"), "ja": Texts("俳句")}
LABELS = {"en": "Haiku", "ja": "俳句"}


def _about(labels: dict[str, str], *more: str, topic: str = HAIKU) -> OfferContent:
    return msgspec.structs.replace(
        CONTENT, topics=(topic, *more), topic_labels={topic: labels} if labels else {}
    )


ABOUT_HAIKU = _about(LABELS)


async def _edit(room: OffersRoom, key: SigningKey, content: OfferContent) -> OwnOffer:
    return await room.offers.editor.edit(offer_id(key.verify_key), content, if_match=None)


def _have(room: OffersRoom, **words: Texts) -> None:
    room.own_topics = {HAIKU: words} if words else {}
    room.restart()


async def test_a_topic_of_the_community_leaves_with_its_labels(quick: OffersRoom) -> None:
    _have(quick, **WORDS)
    key = quick.key()
    published, _ = await quick.publish(key, ABOUT_HAIKU)
    await quick.release()
    assert published.draft.content == ABOUT_HAIKU
    assert quick.outbox.contents() == {url_of(key): ABOUT_HAIKU}


@pytest.mark.parametrize(
    "labels",
    [
        {"en": "Haiku"},
        {"en": "Haiku", "ja": "俳句", "fr": "Haïku"},
        {"en": "haiku", "ja": "俳句"},
        {},
    ],
)
async def test_other_labels_than_the_communitys_are_refused(
    room: OffersRoom, labels: dict[str, str]
) -> None:
    _have(room, **WORDS)
    with pytest.raises(MalformedError) as caught:
        await room.publish(room.key(), _about(labels))
    assert caught.value.pointer == "/topic_labels"
    assert not isinstance(caught.value, UnknownTopicError)
    assert await room.rows("offers") == []


@pytest.mark.parametrize("topic", ["x.craft.writing.tanka", "x.craft.haiku", "x.x.craft.haiku"])
async def test_a_topic_of_another_community_is_refused(room: OffersRoom, topic: str) -> None:
    _have(room, **WORDS)
    with pytest.raises(UnknownTopicError):
        await room.publish(room.key(), _about(LABELS, topic=topic))


async def test_an_offer_keeps_a_topic_that_its_community_gave_up(quick: OffersRoom) -> None:
    _have(quick, **WORDS)
    key = quick.key()
    await quick.publish(key, ABOUT_HAIKU)
    await quick.release()
    _have(quick)

    full = msgspec.structs.replace(ABOUT_HAIKU, room="full")
    await _edit(quick, key, full)
    await quick.release()
    assert quick.outbox.contents() == {url_of(key): full}
    with pytest.raises(MalformedError):
        await _edit(quick, key, _about({"en": "Other"}))
    with pytest.raises(UnknownTopicError):
        await quick.publish(quick.key(), ABOUT_HAIKU)


async def test_an_offer_keeps_its_labels_or_takes_the_new_ones(quick: OffersRoom) -> None:
    _have(quick, **WORDS)
    key = quick.key()
    await quick.publish(key, ABOUT_HAIKU)
    await quick.release()
    _have(quick, en=Texts("Haiku poems"))

    await _edit(quick, key, msgspec.structs.replace(ABOUT_HAIKU, room="full"))
    renamed = _about({"en": "Haiku poems"})
    assert (await _edit(quick, key, renamed)).draft.content == renamed
    with pytest.raises(MalformedError):
        await _edit(quick, key, _about({"en": "Short poems"}))


async def test_the_release_brings_what_was_published_before_the_topic_went(
    room: OffersRoom,
) -> None:
    _have(room, **WORDS)
    keys = [room.key() for _ in range(room.settings.release.changes)]
    for key in keys:
        await room.publish(key, ABOUT_HAIKU)
    _have(room)
    await room.release()
    assert room.outbox.contents() == {url_of(key): ABOUT_HAIKU for key in keys}


async def test_a_rare_topic_of_the_community_is_put_as_the_shared_one(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(SETTINGS, floor=3, release=AT_ONCE.release)
    async with open_offers_room(tmp_path, settings) as room:
        _have(room, **WORDS)
        room.counts["craft.writing"] = 5
        published, _ = await room.publish(room.key(), ABOUT_HAIKU)
        assert published.draft.content == msgspec.structs.replace(
            CONTENT, topics=("craft.writing",)
        )
        room.counts[HAIKU] = 2
        kept, _ = await room.publish(room.key(), ABOUT_HAIKU)
        assert kept.draft.content == ABOUT_HAIKU
