"""Delivery to peers that answer strangely, late or never."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from msgspec.structs import replace

from kith_node.catalogue.store import drop_author
from kith_node.federation import catch_up as catch_up_module
from kith_node.federation import peer_store
from kith_node.federation.routes import routes
from kith_node.http.route import Answer, Call, Handler
from kith_protocol.batch import ItemResult, encode_results, parse_batch
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode, connect, settle

BATCH = "/inbox/batch"


class Answers:
    """Answers each request with the next of *answers*, then with the last for ever."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.calls: list[Call] = []

    async def __call__(self, call: Call) -> Answer:
        self.calls.append(call)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


async def _sent(node: PeerNode, other: PeerNode) -> int:
    async with node.database.read() as connection:
        row = await peer_store.get_peer(connection, other.actor)
    assert row is not None
    return row.sent


@pytest.mark.parametrize("status", [500, 502, 503, 408, 429])
async def test_an_answer_that_asks_for_patience_is_tried_again(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock, status: int
) -> None:
    here, there = peers
    there.overrides[BATCH] = Answers(Answer(status, b"{}"))
    await here.announce(here.announced(1))
    delay_s = await here.federation.delivery.run_delivery()
    assert 60 <= delay_s <= 120
    del there.overrides[BATCH]
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == set()  # not yet
    clock.advance(int(delay_s))
    assert await here.federation.delivery.run_delivery() == 300.0
    assert await there.ids_of(here) == {here.offer_id(1)}


async def test_retry_after_is_honoured(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    there.overrides[BATCH] = Answers(Answer(429, b"{}", headers={"Retry-After": "3000"}))
    await here.announce(here.announced(1))
    await here.federation.delivery.run_delivery()
    del there.overrides[BATCH]
    clock.advance(2999)
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == set()
    clock.advance(1)
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == {here.offer_id(1)}


@pytest.mark.parametrize("status", [400, 403, 404, 410, 413, 301])
async def test_a_refusal_is_final_and_what_comes_later_is_delivered(
    peers: tuple[PeerNode, PeerNode], status: int
) -> None:
    here, there = peers
    there.overrides[BATCH] = Answers(Answer(status, b"{}"))
    await here.announce(here.announced(1))
    assert await here.federation.delivery.run_delivery() == 300.0
    del there.overrides[BATCH]
    await here.announce(here.announced(2))
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == {here.offer_id(2)}


async def test_an_item_that_is_to_come_later_is_sent_again_with_what_follows(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    before = await _sent(here, there)
    later = [ItemResult("accepted"), ItemResult("later"), ItemResult("accepted")]
    there.overrides[BATCH] = answers = Answers(Answer(200, encode_results(later)))
    await here.announce(*[here.announced(number) for number in range(3)])
    await here.federation.delivery.run_delivery()
    assert await _sent(here, there) == before + 1
    del there.overrides[BATCH]
    clock.advance(120)
    await here.federation.delivery.run_delivery()
    assert len(parse_batch(answers.calls[0].body)) == 3
    assert await there.ids_of(here) == {here.offer_id(1), here.offer_id(2)}


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"x" * 1000, encode_results([ItemResult("accepted")] * 7)]
)
async def test_an_answer_that_nobody_understands_is_not_asked_for_again(
    peers: tuple[PeerNode, PeerNode], body: bytes
) -> None:
    here, there = peers
    there.overrides[BATCH] = answers = Answers(Answer(200, body))
    await here.announce(here.announced(1))
    await here.federation.delivery.run_delivery()
    await here.federation.delivery.run_delivery()
    assert len(answers.calls) == 1


async def test_refused_items_are_not_sent_again(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    refused = encode_results([ItemResult("refused", code="malformed")])
    there.overrides[BATCH] = answers = Answers(Answer(200, refused))
    await here.announce(here.announced(1))
    await here.federation.delivery.run_delivery()
    await here.federation.delivery.run_delivery()
    assert len(answers.calls) == 1


async def test_a_peer_without_batches_gets_one_by_one(
    here: PeerNode, there: PeerNode, clock: FakeClock
) -> None:
    async def plain_actor(_: Call) -> Answer:
        document = json.loads(there.federation.desk.document.render().body)
        del document["proof"]
        del document["endpoints"]["kith:batch"]
        body = there.sign(document)
        return Answer(200, body, "application/activity+json")

    there.overrides["/actor"] = plain_actor
    await connect(here, there)
    await here.announce(*[here.announced(number) for number in range(3)])
    there.overrides[BATCH] = batch = Answers(Answer(404))
    await here.federation.delivery.run_delivery()
    assert batch.calls == []
    assert len(await there.ids_of(here)) == 3
    before = await _sent(here, there)
    there.overrides["/inbox"] = Answers(Answer(202), Answer(503), Answer(202))
    await here.announce(*[here.announced(number) for number in range(3, 6)])
    await here.federation.delivery.run_delivery()
    assert await _sent(here, there) == before + 1
    clock.advance(120)
    await here.federation.delivery.run_delivery()
    assert await _sent(here, there) == before + 3


async def test_a_slow_peer_delays_nobody(
    here: PeerNode, there: PeerNode, stranger: PeerNode
) -> None:
    await connect(here, there)
    await connect(here, stranger)
    asked, go_on, arrived = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_: Call) -> Answer:
        asked.set()
        await go_on.wait()
        return Answer(200, encode_results([ItemResult("accepted")]))

    async def quick(call: Call) -> Answer:
        outcomes = await there.federation.inbox.receive_batch(here.actor, call.body)
        arrived.set()
        return Answer(200, encode_results([outcome.to_result() for outcome in outcomes]))

    stranger.overrides[BATCH], there.overrides[BATCH] = slow, quick
    await here.announce(here.announced(1))
    async with asyncio.TaskGroup() as group:
        run = group.create_task(here.federation.delivery.run_delivery())
        async with asyncio.timeout(5):
            await asked.wait()
            for number in (2, 3):
                await arrived.wait()
                arrived.clear()
                await here.announce(here.announced(number))
            await arrived.wait()
        assert not run.done()
        go_on.set()
    assert await there.ids_of(here) == {here.offer_id(number) for number in (1, 2, 3)}


async def test_after_a_week_of_failures_what_waits_is_dropped(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await settle(here, there)
    await there.stop()
    await here.announce(here.withdrawn(1))
    tries = 0
    while await _sent(here, there) < 2:
        await here.federation.delivery.run_delivery()
        clock.advance(6 * 3600)
        tries += 1
        assert tries < 60
    assert tries > 20
    assert await here.federation.outbox.receipts(here.offer_id(1)) == [
        (there.actor, "unreachable")
    ]


async def test_restarting_forgets_when_to_try_but_not_what(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await there.stop()
    await here.announce(here.announced(1))
    await here.federation.delivery.run_delivery()
    await there.start()
    await here.restart()
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == {here.offer_id(1)}


async def test_a_peer_that_speaks_again_is_served_at_once(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await there.stop()
    await here.announce(here.announced(1))
    assert await here.federation.delivery.run_delivery() >= 60
    await there.start()
    clock.advance(1)
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == set()  # its turn has not come
    await there.announce(there.announced(1))
    await there.federation.delivery.run_delivery()
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == {here.offer_id(1)}


async def test_a_peer_that_asked_for_patience_is_not_pressed_when_it_speaks(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    there.overrides[BATCH] = Answers(Answer(429, b"{}", headers={"Retry-After": "3000"}))
    await here.announce(here.announced(1))
    await here.federation.delivery.run_delivery()
    del there.overrides[BATCH]
    await there.announce(there.announced(1))
    await there.federation.delivery.run_delivery()
    assert await here.ids_of(there) == {there.offer_id(1)}
    await here.federation.delivery.run_delivery()
    assert await there.ids_of(here) == set()


# --- reading others' logs -------------------------------------------------------


def _page(node: PeerNode, items: list[object], cursor: str) -> Answer:
    outbox = f"{node.origin}/outbox"
    page = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": outbox,
        "type": "OrderedCollectionPage",
        "partOf": outbox,
        "orderedItems": items,
        "next": f"{outbox}?after={cursor}",
    }
    return Answer(200, json.dumps(page).encode(), "application/activity+json")


async def test_a_log_that_does_not_go_on_is_left(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    here.overrides["/outbox"] = answers = Answers(_page(here, [{"a": 1}], "same"))
    await there.restart()
    there.clock.advance(8 * 3600)
    delay_s = await there.federation.catch_up.run_catch_up()
    assert len(answers.calls) == 2
    assert 60 <= delay_s <= 120


async def test_a_log_without_end_is_left(
    peers: tuple[PeerNode, PeerNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = peers
    monkeypatch.setattr(catch_up_module, "MAX_PAGES", 5)
    count = 0

    async def endless(_: Call) -> Answer:
        nonlocal count
        count += 1
        return _page(here, [{"a": 1}], f"c{count}")

    here.overrides["/outbox"] = endless
    there.clock.advance(8 * 3600)
    assert await there.federation.catch_up.run_catch_up() <= 120
    assert count == 5


@pytest.mark.parametrize(
    "answer",
    [
        Answer(403, b"{}"),
        Answer(500, b"{}"),
        Answer(200, b"{}", "application/activity+json"),
        Answer(200, b"<html>", "text/html"),
    ],
    ids=["refused", "broken", "no page", "no activity"],
)
async def test_a_log_that_cannot_be_read_is_read_later_from_the_same_place(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock, answer: Answer
) -> None:
    here, there = peers
    await there.stop()
    await here.announce(here.announced(1))
    await there.start()
    here.overrides["/outbox"] = Answers(answer)
    clock.advance(8 * 3600)
    delay_s = await there.federation.catch_up.run_catch_up()
    assert 60 <= delay_s <= 120
    del here.overrides["/outbox"]
    clock.advance(int(delay_s))
    await there.federation.catch_up.run_catch_up()
    assert await there.ids_of(here) == {here.offer_id(1)}


async def test_what_somebody_tampered_with_in_a_log_is_refused_and_the_rest_taken(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.announce(here.announced(1), here.announced(2))
    _, entries = await here.federation.outbox.list_after(0, 10)
    good, bad = (json.loads(entry.activity) for entry in entries)
    bad["object"]["kith:languages"] = ["de"]
    end = _page(here, [], "end")
    here.overrides["/outbox"] = Answers(_page(here, [bad, good], "next"), end)
    clock.advance(8 * 3600)
    await there.federation.catch_up.run_catch_up()
    assert await there.ids_of(here) == {here.offer_id(1)}
    assert there.federation.inbox.tally["bad-signature"] == 1


async def test_logs_are_read_again_after_hours(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    here.overrides["/outbox"] = answers = Answers(_page(here, [], "end"))
    assert await there.federation.catch_up.run_catch_up() == 300.0
    clock.advance(6 * 3600 - 1)
    await there.federation.catch_up.run_catch_up()
    assert answers.calls == []
    clock.advance(3600 + 1)
    await there.federation.catch_up.run_catch_up()
    assert len(answers.calls) == 1


def _outbox_then(node: PeerNode, meanwhile: Callable[[], Awaitable[None]]) -> Handler:
    """Return the node's outbox; *meanwhile* happens once, while the first page is under way."""
    [read] = [one.handler for one in routes(node.federation.desk) if one.path == "/outbox"]
    pending = [meanwhile]

    async def answer(call: Call) -> Answer:
        page = await read(call)
        if pending:
            await pending.pop()()
        return page

    return answer


async def test_a_page_that_was_under_way_while_the_exchange_began_anew_moves_nothing(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    clock.advance(8 * 3600)
    await there.federation.catch_up.run_catch_up()
    await here.announce(here.announced(2))

    async def begin_anew() -> None:
        async with there.database.transaction() as connection:
            await drop_author(connection, here.actor)
            await peer_store.start_exchange(connection, here.actor)

    here.overrides["/outbox"] = _outbox_then(here, begin_anew)
    clock.advance(8 * 3600)
    await there.federation.catch_up.run_catch_up()
    assert await there.ids_of(here) == {here.offer_id(1), here.offer_id(2)}


async def test_a_page_that_came_while_the_peer_was_paused_is_read_again(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    await here.announce(here.announced(1))

    async def pause(*, is_paused: bool = True) -> None:
        async with there.database.transaction() as connection:
            row = await peer_store.get_peer(connection, here.actor)
            assert row is not None
            await peer_store.put_peer(connection, replace(row, is_paused=is_paused))

    here.overrides["/outbox"] = _outbox_then(here, pause)
    clock.advance(8 * 3600)
    await there.federation.catch_up.run_catch_up()
    assert await there.ids_of(here) == set()
    await pause(is_paused=False)
    there.federation.notice()
    clock.advance(8 * 3600)
    await there.federation.catch_up.run_catch_up()
    assert await there.ids_of(here) == {here.offer_id(1)}
