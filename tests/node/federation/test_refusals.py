"""What other nodes must not get away with, over HTTP: each is a 4xx and leaves no trace."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_protocol.announcements import (
    build_accept_delete,
    build_create,
    build_delete,
    build_follow,
    build_update,
)
from kith_protocol.batch import encode_batch, parse_results
from kith_protocol.limits import MAX_ACTIVITY_BYTES, MAX_BATCH_BYTES
from kith_protocol.offer_content import OfferContent
from kith_protocol.tombstone import build_tombstone
from kith_testing.clock import FakeClock
from kith_testing.peer import PeerNode, connect, settle

OTHER_KEY = SigningKey.from_seed(b"x" * 32)


def _code(body: bytes) -> str:
    kind = msgspec.json.decode(body)["type"]
    assert isinstance(kind, str)
    return kind.removeprefix("/problems/")


async def _trace(node: PeerNode) -> list[tuple[str, int]]:
    """Return how many rows each table of *node* has."""
    async with node.database.read() as connection:
        names = await connection.execute_fetchall(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        found = []
        for (name,) in names:
            rows = list(await connection.execute_fetchall(f"SELECT count(*) FROM {name}"))
            found.append((str(name), int(rows[0][0])))
        return found


def _check_refused(answer: tuple[int, bytes], status: int, code: str) -> None:
    assert (answer[0], _code(answer[1])) == (status, code)


def _inbox(node: PeerNode) -> str:
    return f"{node.origin}/inbox"


def _create(node: PeerNode, number: int = 1, *, days: int = 90) -> bytes:
    return node.sign(build_create(node.origin, node.offer(number, days=days)))


async def test_an_honest_activity_is_taken_so_that_the_rest_proves_something(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    status, body = await here.forge(_inbox(there), _create(here))
    assert (status, body) == (202, b"")
    assert await there.ids_of(here) == {here.offer_id(1)}


def _drop(*names: str) -> Callable[[dict[str, str]], None]:
    def change(headers: dict[str, str]) -> None:
        for name in names:
            headers.pop(name)

    return change


def _set(name: str, value: str) -> Callable[[dict[str, str]], None]:
    def change(headers: dict[str, str]) -> None:
        headers[name] = value

    return change


def _repeat_digest(headers: dict[str, str]) -> None:
    headers["content-digest"] = "sha-256=:" + "A" * 43 + "=:"


BROKEN_SIGNATURES = [
    _drop("Signature", "Signature-Input"),
    _drop("Signature"),
    _drop("content-digest"),
    _repeat_digest,
    _set("Signature", "sig1=:AAAA:"),
    _set("Signature-Input", "sig1=("),
    _set("Signature-Input", 'sig1=("@method");created=1;keyid="https://a.example/actor#k"'),
    _set("Signature", "x" * 5_000),
]


async def test_a_request_without_a_good_signature_is_refused(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    before = await _trace(there)
    for change in BROKEN_SIGNATURES:
        answer = await here.forge(_inbox(there), _create(here), change=change)
        _check_refused(answer, 401, "unauthorized")
    assert await _trace(there) == before


async def test_a_signature_by_another_key_is_refused(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    answer = await here.forge(_inbox(there), _create(here), key=OTHER_KEY)
    _check_refused(answer, 401, "unauthorized")
    assert await there.ids_of(here) == set()


async def test_a_signature_counts_within_the_window_alone(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    for age_s in (301, 3600, -61, -3600):
        answer = await here.forge(_inbox(there), _create(here), age_s=age_s)
        _check_refused(answer, 401, "unauthorized")
    for age_s in (299, -60):
        assert (await here.forge(_inbox(there), _create(here), age_s=age_s))[0] == 202


async def test_a_key_id_that_is_no_address_of_a_key_is_refused(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    for key_id in (
        "acct:victim@node.example",
        "http://10.0.0.1/actor#ed25519-key",
        "ftp://node.example/actor#key",
        "https://node.example/a b#key",
        "not a url",
    ):
        answer = await here.forge(_inbox(there), _create(here), key_id=key_id)
        _check_refused(answer, 401, "unauthorized")


async def test_nobody_signs_in_our_own_name(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    key_id = f"{there.actor}#ed25519-key"
    answer = await here.forge(_inbox(there), _create(here), key_id=key_id)
    _check_refused(answer, 401, "unauthorized")


async def test_a_key_that_the_actor_does_not_list_is_refused(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    for key_id in (f"{here.actor}#other", f"{here.actor}#main-key", f"{here.actor}#"):
        answer = await here.forge(_inbox(there), _create(here), key_id=key_id)
        _check_refused(answer, 401, "unauthorized")


async def test_a_request_sent_twice_counts_once(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    nonce = b"n" * 16
    first = await here.forge(_inbox(there), _create(here), nonce=nonce)
    changes = there.changes
    again = await here.forge(_inbox(there), _create(here), nonce=nonce)
    assert first[0] == 202
    _check_refused(again, 400, "replayed")
    assert there.changes == changes


async def test_the_same_activity_under_a_fresh_signature_changes_nothing(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    assert (await here.forge(_inbox(there), _create(here)))[0] == 202
    changes = there.changes
    assert (await here.forge(_inbox(there), _create(here)))[0] == 202
    assert there.changes == changes
    assert there.federation.inbox.tally["duplicate"] == 1


async def test_a_request_for_another_node_is_refused(
    peers: tuple[PeerNode, PeerNode], stranger: PeerNode
) -> None:
    here, there = peers
    await connect(here, stranger)
    captured: dict[str, str] = {}

    def pass_off(headers: dict[str, str]) -> None:
        headers.update(captured)

    raw = _create(here)
    await here.forge(_inbox(there), raw, change=captured.update)
    answer = await here.forge(_inbox(stranger), raw, change=pass_off)
    _check_refused(answer, 401, "unauthorized")
    assert await stranger.ids_of(here) == set()


async def test_an_activity_of_somebody_else_is_refused(
    peers: tuple[PeerNode, PeerNode], stranger: PeerNode
) -> None:
    here, there = peers
    await connect(stranger, there)
    answer = await stranger.forge(_inbox(there), _create(here))
    _check_refused(answer, 403, "wrong-owner")
    assert await there.ids_of(here) == set()


async def test_an_offer_of_somebody_else_is_refused(
    peers: tuple[PeerNode, PeerNode], stranger: PeerNode
) -> None:
    here, there = peers
    await connect(stranger, there)
    foreign = stranger.sign(build_create(stranger.origin, here.offer(1)))
    answer = await stranger.forge(_inbox(there), foreign)
    _check_refused(answer, 403, "wrong-owner")
    own_proof = stranger.sign(
        build_create(stranger.origin, stranger.offer(1, by=here.identity))
    )
    answer = await stranger.forge(_inbox(there), own_proof)
    _check_refused(answer, 403, "wrong-owner")
    assert await there.ids_of(here) == set()
    assert await there.ids_of(stranger) == set()


async def test_a_withdrawal_by_somebody_else_is_refused(
    peers: tuple[PeerNode, PeerNode], stranger: PeerNode
) -> None:
    here, there = peers
    await connect(stranger, there)
    await here.announce(here.announced(1))
    await settle(here, there)
    tombstone = stranger.identity.sign(
        {**build_tombstone(here.origin, here.offer_id(1))}, day=stranger.today
    )
    answer = await stranger.forge(
        _inbox(there), stranger.sign(build_delete(stranger.origin, tombstone))
    )
    _check_refused(answer, 403, "wrong-owner")
    assert await there.ids_of(here) == {here.offer_id(1)}


async def test_a_withdrawal_without_its_owners_proof_is_refused(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await settle(here, there)
    unsigned = build_delete(here.origin, build_tombstone(here.origin, here.offer_id(1)))
    by_id = {**unsigned, "object": here.offer_id(1)}
    for activity in (unsigned, by_id):
        status, _ = await here.forge(_inbox(there), here.sign(activity))
        assert status in {400, 403}
    assert await there.ids_of(here) == {here.offer_id(1)}


def _tampered(node: PeerNode, change: Callable[[JsonObject], None]) -> bytes:
    document = node.offer(1)
    change(document)
    return node.sign(build_create(node.origin, document))


def _raise_revision(document: JsonObject) -> None:
    document["kith:revision"] = 9


def _change_languages(document: JsonObject) -> None:
    document["kith:languages"] = ["de"]


def _add_member(document: JsonObject) -> None:
    document["name"] = "x"


def _add_context(document: JsonObject) -> None:
    context = document["@context"]
    assert isinstance(context, list)
    document["@context"] = [*context, "https://evil.example/ns"]


def _drop_proof(document: JsonObject) -> None:
    del document["proof"]


def _proof_of_others(document: JsonObject) -> None:
    proof = document["proof"]
    assert isinstance(proof, dict)
    document["proof"] = {**proof, "verificationMethod": "https://b.example/actor#ed25519-key"}


def _list_of_proofs(document: JsonObject) -> None:
    document["proof"] = [document["proof"]]


async def test_a_tampered_offer_is_refused(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    before = await _trace(there)
    for change, status, code in (
        (_raise_revision, 400, "bad-signature"),
        (_change_languages, 400, "bad-signature"),
        (_add_member, 400, "malformed"),
        (_add_context, 400, "malformed"),
        (_drop_proof, 400, "malformed"),
        (_proof_of_others, 403, "wrong-owner"),
        (_list_of_proofs, 400, "malformed"),
    ):
        answer = await here.forge(_inbox(there), _tampered(here, change))
        _check_refused(answer, status, code)
    assert await _trace(there) == before


NO_ACTIVITIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'{"type":"Create"}',
    b'{"id":1,"type":"Create","actor":"x"}',
    b'{"a":1,"a":2}',
    b'{"a":1.5}',
    b'{"a":NaN}',
    b'\xef\xbb\xbf{"a":1}',
    b'{"a":"\\ud800"}',
    b'{"a":"\xff"}',
    b"[" * 10_000,
    b'{"a":' * 17 + b"1" + b"}" * 17,
    b'{"a":9007199254740992}',
]


async def test_input_that_is_no_activity_is_refused(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    before = await _trace(there)
    for body in NO_ACTIVITIES:
        answer = await here.forge(_inbox(there), body)
        _check_refused(answer, 400, "malformed")
    assert await _trace(there) == before


async def test_a_body_at_the_limit_is_read_and_a_longer_one_is_not(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    fitting = _create(here).ljust(MAX_ACTIVITY_BYTES)
    assert (await here.forge(_inbox(there), fitting))[0] == 202
    answer = await here.forge(_inbox(there), fitting + b" ")
    _check_refused(answer, 413, "too-large")
    batch = encode_batch([_create(here, 2)]).ljust(MAX_BATCH_BYTES)
    assert (await here.forge(f"{_inbox(there)}/batch", batch))[0] == 200
    answer = await here.forge(f"{_inbox(there)}/batch", batch + b" ")
    _check_refused(answer, 413, "too-large")


async def test_other_media_types_are_refused(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    for media_type in (
        "application/json",
        "text/html",
        "application/ld+json",
        "application/activity+json; charset=utf-16",
    ):
        answer = await here.forge(_inbox(there), _create(here), media_type=media_type)
        _check_refused(answer, 415, "unsupported-media-type")


async def test_encodings_are_refused(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    change = _set("content-encoding", "gzip")
    answer = await here.forge(_inbox(there), _create(here), change=change)
    _check_refused(answer, 415, "unsupported-media-type")


async def test_a_stranger_may_speak_about_peering_only(
    here: PeerNode, stranger: PeerNode, clock: FakeClock
) -> None:
    before = await _trace(here)
    answers = [
        await stranger.forge(_inbox(here), _create(stranger)),
        await stranger.forge(f"{_inbox(here)}/batch", encode_batch([_create(stranger)])),
        await stranger.forge(f"{here.origin}/outbox", None, method="GET"),
        await stranger.forge(f"{here.origin}/followers", None, method="GET"),
        await stranger.forge(f"{here.origin}/offers/{'A' * 22}", None, method="GET"),
    ]
    for answer in answers:
        _check_refused(answer, 403, "not-a-peer")
    assert await _trace(here) == before
    clock.advance(60)
    follow = stranger.sign(build_follow(stranger.origin, b"f" * 16, here.actor))
    assert (await stranger.forge(_inbox(here), follow))[0] == 202


async def test_peers_pages_need_a_signature(here: PeerNode, stranger: PeerNode) -> None:
    change = _drop("Signature", "Signature-Input")
    for path in ("/outbox", "/followers", "/following", f"/offers/{'A' * 22}"):
        answer = await stranger.forge(here.origin + path, None, method="GET", change=change)
        _check_refused(answer, 401, "unauthorized")


async def test_unknown_hosts_are_heard_five_times_a_minute(
    here: PeerNode, stranger: PeerNode, clock: FakeClock
) -> None:
    follow = stranger.sign(build_follow(stranger.origin, b"f" * 16, stranger.actor))
    codes = [(await stranger.forge(_inbox(here), follow))[0] for _ in range(6)]
    assert codes == [403] * 5 + [429]
    clock.advance(12)
    assert (await stranger.forge(_inbox(here), follow))[0] == 403


async def test_a_peer_is_heard_two_hundred_times_at_once(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    clock.advance(60)
    raw = _create(here)
    codes = [(await here.forge(_inbox(there), raw))[0] for _ in range(201)]
    assert codes == [202] * 200 + [429]
    # Others cannot use up a peer's turns by naming its key.
    clock.advance(60)
    for _ in range(201):
        assert (await here.forge(_inbox(there), raw, key=OTHER_KEY))[0] == 401
    assert (await here.forge(_inbox(there), raw))[0] == 202


async def test_a_bad_item_does_not_spoil_the_others(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    items = [
        _create(here, 1),
        b'{"type":"Create"}',
        _tampered(here, _change_languages),
        b'{"a":1,"a":2}',
        _create(here, 2),
        _create(here, 1),
        here.sign(
            build_accept_delete(
                here.origin, f"{there.origin}/activities/{'A' * 22}", there.actor
            )
        ),
        here.sign({**build_create(here.origin, here.offer(3)), "type": "Announce"}),
        _create(here, 4),
    ]
    status, body = await here.forge(f"{_inbox(there)}/batch", encode_batch(items))
    assert status == 200
    results = parse_results(body, count=len(items))
    assert [result.status for result in results] == [
        "accepted",
        "refused",
        "refused",
        "refused",
        "accepted",
        "duplicate",
        "accepted",
        "ignored",
        "accepted",
    ]
    assert results[1].code == "malformed"
    assert await there.ids_of(here) == {here.offer_id(number) for number in (1, 2, 4)}


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'{"type":"OrderedCollectionPage"}', encode_batch([b"{}"]) * 2]
)
async def test_what_is_no_batch_is_refused(
    peers: tuple[PeerNode, PeerNode], body: bytes
) -> None:
    here, there = peers
    answer = await here.forge(f"{_inbox(there)}/batch", body)
    _check_refused(answer, 400, "malformed")


async def test_an_expired_offer_and_one_from_the_future_are_refused(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    short = _create(here, 1, days=1)
    clock.advance(86_400)
    _check_refused(await here.forge(_inbox(there), short), 410, "expired")
    clock.advance(3 * 86_400)
    future = _create(here, 2)
    clock.advance(-3 * 86_400)
    _check_refused(await here.forge(_inbox(there), future), 400, "malformed")
    assert await there.ids_of(here) == set()


async def test_other_topics_and_audiences_are_refused(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    for content, code in (
        (OfferContent(("no.topic",), ("en",), ("advise",), ("chat",)), "unknown-topic"),
        (OfferContent(("career.cv",), ("en",), ("advise",), ("chat",), "youth"), "malformed"),
    ):
        activity = build_create(here.origin, here.offer(1, content=content))
        answer = await here.forge(_inbox(there), here.sign(activity))
        _check_refused(answer, 400, code)


async def test_a_withdrawn_offer_stays_away_until_no_announcement_of_it_is_valid(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    create = _create(here, 1, days=90)
    update = here.sign(build_update(here.origin, here.offer(1, revision=2, days=30)))
    tombstone = here.identity.sign(
        build_tombstone(here.origin, here.offer_id(1)), day=here.today
    )
    delete = here.sign(build_delete(here.origin, tombstone))
    for raw in (create, update, delete):
        assert (await here.forge(_inbox(there), raw))[0] == 202
    for _ in range(2):
        for raw in (create, update):
            _check_refused(await here.forge(_inbox(there), raw), 410, "gone")
        clock.advance(29 * 86_400)
    clock.advance(2 * 86_400)  # day 60: the first announcement is still valid
    await there.federation.upkeep.run_upkeep()
    _check_refused(await here.forge(_inbox(there), create), 410, "gone")
    clock.advance(30 * 86_400)
    await there.federation.upkeep.run_upkeep()
    _check_refused(await here.forge(_inbox(there), create), 410, "expired")
    assert await there.ids_of(here) == set()
    assert dict(await _trace(there))["tombstones"] == 0


async def test_a_replaced_revision_that_would_live_longer_does_not_come_back(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    create = _create(here, 1, days=90)
    update = here.sign(build_update(here.origin, here.offer(1, revision=2, days=30)))
    for raw in (create, update):
        assert (await here.forge(_inbox(there), raw))[0] == 202
    clock.advance(31 * 86_400)
    async with there.database.transaction() as connection:
        await connection.execute("UPDATE catalogue_objects SET bytes = NULL")  # it has ended
    assert (await here.forge(_inbox(there), create))[0] == 202
    assert await there.ids_of(here) == set()


async def test_a_withdrawal_that_overtakes_its_announcement_wins(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    tombstone = here.identity.sign(
        build_tombstone(here.origin, here.offer_id(1)), day=here.today
    )
    delete = here.sign(build_delete(here.origin, tombstone))
    items = [delete, _create(here, 1), delete]
    _, body = await here.forge(f"{_inbox(there)}/batch", encode_batch(items))
    statuses = [result.status for result in parse_results(body, count=3)]
    assert statuses == ["accepted", "refused", "duplicate"]
    assert await there.ids_of(here) == set()


async def test_an_offer_is_announced_and_withdrawn_in_one_batch(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    tombstone = here.identity.sign(
        build_tombstone(here.origin, here.offer_id(1)), day=here.today
    )
    items = [_create(here, 1), here.sign(build_delete(here.origin, tombstone))]
    _, body = await here.forge(f"{_inbox(there)}/batch", encode_batch(items))
    assert [one.status for one in parse_results(body, count=2)] == ["accepted"] * 2
    assert await there.ids_of(here) == set()


async def test_a_receipt_is_queued_once(peers: tuple[PeerNode, PeerNode]) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await settle(here, there)
    tombstone = here.identity.sign(
        build_tombstone(here.origin, here.offer_id(1)), day=here.today
    )
    delete = here.sign(build_delete(here.origin, tombstone))
    for _ in range(3):
        assert (await here.forge(_inbox(there), delete))[0] == 202
    assert dict(await _trace(there))["letters"] == 1


async def test_somebody_elses_receipt_confirms_nothing(
    peers: tuple[PeerNode, PeerNode], stranger: PeerNode
) -> None:
    here, there = peers
    await here.announce(here.announced(1))
    await settle(here, there)
    await connect(here, stranger)
    await here.announce(here.withdrawn(1))
    async with here.database.read() as connection:
        rows = list(await connection.execute_fetchall("SELECT activity FROM outbox"))
    delete = parse_json_object(rows[0][0], max_bytes=MAX_ACTIVITY_BYTES)
    receipt = build_accept_delete(stranger.origin, str(delete["id"]), here.actor)
    assert (await stranger.forge(_inbox(here), stranger.sign(receipt)))[0] == 202
    assert (
        dict(await here.federation.outbox.receipts(here.offer_id(1)))[there.actor] == "pending"
    )


async def test_bytes_are_stored_as_canonical_json_whatever_the_sender_printed(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    document = build_create(here.origin, here.offer(1))
    printed = msgspec.json.format(here.sign(document), indent=4)
    assert (await here.forge(_inbox(there), printed))[0] == 202
    assert await there.raw(here.offer_id(1)) == canonical_bytes(here.offer(1))
