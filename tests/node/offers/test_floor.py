from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kith_node.offers.floor import Floor
from kith_protocol.offer_content import OfferContent
from kith_testing.offers_room import CONTENT, SETTINGS, OffersRoom, open_offers_room, vocabulary

COUNTS = {"craft.writing": 2, "career.cv": 1, "career": 0}


def _floor(least: int) -> Floor:
    return Floor(least, offers_about=lambda topic: COUNTS.get(topic, 0), topics=vocabulary())


def _about(*topics: str) -> OfferContent:
    return msgspec.structs.replace(CONTENT, topics=topics)


@pytest.mark.parametrize(
    ("least", "topics", "expected"),
    [
        (0, ("career.cv",), ("career.cv",)),
        (2, ("career.cv",), ("career.cv",)),
        (3, ("career.cv",), ("career",)),
        (3, ("craft.writing", "career.cv"), ("craft.writing", "career")),
        (3, ("career",), ("career",)),
        (3, ("career.cv", "career"), ("career",)),
        (9, ("x.own",), ("x.own",)),
    ],
)
def test_rare_topics_are_put_one_level_up(
    least: int, topics: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert _floor(least).apply(_about(*topics)) == _about(*expected)


def test_a_topic_that_the_offer_has_already_is_kept() -> None:
    assert _floor(3).apply(_about("career.cv"), kept=("career.cv",)) == _about("career.cv")


async def _with_floor(room: OffersRoom) -> None:
    key = room.key()
    offer, _ = await room.publish(key)
    again, is_new = await room.publish(key)

    assert offer.draft.content == _about("craft")
    assert (again.draft.content, is_new) == (_about("craft"), False)


async def test_the_answer_shows_what_will_leave_and_a_repetition_is_known(
    tmp_path: Path,
) -> None:
    settings = msgspec.structs.replace(SETTINGS, floor=3)
    async with open_offers_room(tmp_path, settings) as room:
        await _with_floor(room)


async def test_a_repetition_is_known_when_the_topic_is_no_longer_rare(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(SETTINGS, floor=3)
    async with open_offers_room(tmp_path, settings) as room:
        key = room.key()
        room.counts["craft.writing"] = 5
        await room.publish(key)
        room.counts["craft.writing"] = 0

        _, is_new = await room.publish(key)

        assert not is_new
