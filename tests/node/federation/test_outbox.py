"""What is released, once and in one transaction."""

from __future__ import annotations

import pytest

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import MalformedError
from kith_crypto.proof import verify_document
from kith_crypto.strict_json import parse_json_object
from kith_node.federation.outbox import Announced, WithdrawnError
from kith_node.federation.store import Entry
from kith_protocol.errors import NotFoundError
from kith_testing.peer import PeerNode


async def _lines(node: PeerNode) -> list[Entry]:
    return (await node.federation.outbox.list_after(0, 100))[1]


async def test_an_announcement_is_in_the_log_and_in_the_catalogue(here: PeerNode) -> None:
    change = here.announced(1)
    await here.announce(change)
    [line] = await _lines(here)
    assert (line.object, line.revision, line.kind) == (change.object_id, 1, "create")
    activity = parse_json_object(line.activity, max_bytes=65536)
    verify_document(activity, here.identity.signing_key.verify_key)
    assert canonical_bytes(activity["object"]) == change.raw
    assert await here.ids_of(here) == {change.object_id}
    assert await here.federation.outbox.object_bytes(change.object_id) == change.raw
    assert here.changes == 1
    assert "delivery" in here.wakes


async def test_repeating_a_release_changes_nothing(here: PeerNode) -> None:
    changes = (here.announced(1), here.announced(2, revision=4), here.withdrawn(3))
    await here.announce(*changes)
    before = await _lines(here)
    await here.announce(*changes)
    assert await _lines(here) == before


async def test_the_log_holds_the_newest_line_of_each_object_at_the_end(here: PeerNode) -> None:
    await here.announce(here.announced(1), here.announced(2))
    await here.announce(here.announced(1, revision=2))
    lines = await _lines(here)
    assert [(line.object, line.kind) for line in lines] == [
        (here.offer_id(2), "create"),
        (here.offer_id(1), "update"),
    ]
    await here.announce(here.withdrawn(2), here.announced(2, revision=9))
    assert [line.kind for line in await _lines(here)] == ["update", "delete"]
    assert await here.ids_of(here) == {here.offer_id(1)}
    with pytest.raises(WithdrawnError):
        await here.federation.outbox.object_bytes(here.offer_id(2))


async def test_withdrawing_what_was_never_released_tells_nobody_and_keeps_it_away(
    here: PeerNode,
) -> None:
    await here.announce(here.withdrawn(1), here.announced(1))
    assert await _lines(here) == []
    assert await here.ids_of(here) == set()
    with pytest.raises(NotFoundError):
        await here.federation.outbox.object_bytes(here.offer_id(1))


async def test_one_bad_change_keeps_the_whole_release_back(here: PeerNode) -> None:
    document = {**here.offer(2), "kith:owner": "somebody"}
    bad = Announced(here.offer_id(2), 1, here.today + 9, canonical_bytes(document), is_new=True)
    with pytest.raises(MalformedError):
        await here.announce(here.announced(1), bad)
    assert await _lines(here) == []
    assert await here.ids_of(here) == set()
    assert here.changes == 0


async def test_nothing_to_release_wakes_nobody(here: PeerNode) -> None:
    await here.announce()
    assert here.wakes == []


async def test_the_log_is_read_from_a_place_and_in_parts(here: PeerNode) -> None:
    await here.announce(*[here.announced(number) for number in range(5)])
    outbox = here.federation.outbox
    _, first = await outbox.list_after(0, 2)
    after, rest = await outbox.list_after(first[-1].sequence, 100)
    assert after == first[-1].sequence
    assert [line.object for line in first + rest] == [here.offer_id(n) for n in range(5)]
    assert await outbox.list_after(10**9, 1) == (0, first[:1])
