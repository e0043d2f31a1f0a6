"""New keys of other nodes: which count, and which make a steward look."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.multikey import encode_multikey
from kith_crypto.proof import sign_document
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_node.federation.actors import is_vouched, read_actor
from kith_node.federation.identity import Rendering
from kith_protocol.announcements import build_create, build_update_actor
from kith_protocol.day import format_day
from kith_testing.clock import FakeClock
from kith_testing.peer import STEWARD, PeerNode, settle

NEW_KEY = SigningKey.from_seed(b"n" * 32)


class Shown:
    """An actor document as a test wants it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def render(self) -> Rendering:
        return Rendering(self._body, '"x"')


def _document(node: PeerNode) -> JsonObject:
    return parse_json_object(node.federation.desk.document.render().body, max_bytes=65536)


def _with_key(node: PeerNode, name: str, key: SigningKey, *, keeps: bool) -> JsonObject:
    """Return the node's document, unsigned, with another key."""
    document = _document(node)
    del document["proof"]
    entry: JsonObject = {
        "id": f"{node.actor}#{name}",
        "type": "Multikey",
        "controller": node.actor,
        "publicKeyMultibase": encode_multikey(key.verify_key),
    }
    old = document["assertionMethod"]
    assert isinstance(old, list)
    document["assertionMethod"] = [*old, entry] if keeps else [entry]
    return document


async def _show(node: PeerNode, document: JsonObject) -> None:
    await node.stop()
    desk = dataclasses.replace(node.federation.desk, document=Shown(canonical_bytes(document)))  # type: ignore[arg-type]  # only render() is asked for
    node.federation = dataclasses.replace(node.federation, desk=desk)
    await node.start()


def _signed(node: PeerNode, document: JsonObject, key: SigningKey, name: str) -> JsonObject:
    return sign_document(
        document,
        key,
        verification_method=f"{node.actor}#{name}",
        created=format_day(node.today),
    )


def _create(node: PeerNode, number: int) -> bytes:
    return node.sign(build_create(node.origin, node.offer(number)))


async def test_a_new_key_vouched_for_by_the_old_one_counts_at_once(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    document = _with_key(here, "second", NEW_KEY, keeps=True)
    await _show(here, here.identity.sign(document, day=here.today))
    answer = await here.forge(
        f"{there.origin}/inbox",
        _create(here, 1),
        key=NEW_KEY,
        key_id=f"{here.actor}#second",
    )
    assert answer == (202, b"")
    assert (await here.forge(f"{there.origin}/inbox", _create(here, 2)))[0] == 202


async def test_a_key_nobody_vouches_for_pauses_the_peer_until_a_steward_has_looked(
    peers: tuple[PeerNode, PeerNode], clock: FakeClock
) -> None:
    here, there = peers
    document = _with_key(here, "ed25519-key", NEW_KEY, keeps=False)
    await _show(here, _signed(here, document, NEW_KEY, "ed25519-key"))
    inbox = f"{there.origin}/inbox"
    assert (await here.forge(inbox, _create(here, 1), key=NEW_KEY))[0] == 401
    [view] = await there.federation.peering.list()
    assert view.is_paused
    # Also what the old key signs is not taken any more, and nothing is sent.
    clock.advance(30)
    assert (await here.forge(inbox, _create(here, 1)))[0] == 403
    assert not await there.federation.signatures.is_peer(here.actor)
    await there.federation.peering.trust(here.origin, role=STEWARD)
    identity = dataclasses.replace(here.identity, signing_key=NEW_KEY)
    raw = canonical_bytes(
        identity.sign(build_create(here.origin, here.offer(1, by=identity)), day=here.today)
    )
    assert (await here.forge(inbox, raw, key=NEW_KEY))[0] == 202
    assert await there.ids_of(here) == {here.offer_id(1)}


async def test_a_key_that_was_taken_out_stops_counting_after_an_update(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    document = _with_key(here, "second", NEW_KEY, keeps=False)
    both = here.identity.sign(_with_key(here, "second", NEW_KEY, keeps=True), day=here.today)
    await _show(here, both)
    inbox = f"{there.origin}/inbox"
    told = here.sign(build_update_actor(here.origin, b"u" * 16))
    assert (await here.forge(inbox, told))[0] == 202
    await _show(here, _signed(here, document, NEW_KEY, "second"))
    there.clock.advance(301)
    told = here.sign(build_update_actor(here.origin, b"v" * 16))
    assert (await here.forge(inbox, told))[0] == 202
    assert (await here.forge(inbox, _create(here, 1)))[0] == 401
    second = f"{here.actor}#second"
    later = build_update_actor(here.origin, b"w" * 16)
    assert (await here.forge(inbox, here.sign(later), key=NEW_KEY, key_id=second))[0] == 202


async def test_an_update_of_the_actor_is_fetched_seldom(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    there.clock.advance(301)
    inbox = f"{there.origin}/inbox"
    told = here.sign(build_update_actor(here.origin, b"u" * 16))
    assert (await here.forge(inbox, told))[0] == 202
    await here.stop()
    for _ in range(3):  # nothing is fetched, so that it is down does not show
        assert (await here.forge(inbox, told))[0] == 202


async def test_bad_signatures_that_name_a_peers_key_neither_evict_it_nor_fetch_often(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    fetched = 0

    class Counted(Shown):
        def render(self) -> Rendering:
            nonlocal fetched
            fetched += 1
            return super().render()

    body = here.federation.desk.document.render().body
    await here.stop()
    desk = dataclasses.replace(here.federation.desk, document=Counted(body))  # type: ignore[arg-type]  # only render() is asked for
    here.federation = dataclasses.replace(here.federation, desk=desk)
    await here.start()
    there.clock.advance(301)
    inbox = f"{there.origin}/inbox"
    for number in range(5):
        assert (await here.forge(inbox, _create(here, 1), key=NEW_KEY))[0] == 401
        key_id = f"{here.actor}#k{number}"
        assert (await here.forge(inbox, _create(here, 1), key_id=key_id))[0] == 401
    assert fetched == 1
    assert (await here.forge(inbox, _create(here, 1)))[0] == 202


async def test_a_strangers_key_that_cannot_be_fetched_is_not_tried_again_at_once(
    here: PeerNode, stranger: PeerNode
) -> None:
    await stranger.stop()
    raw = _create(stranger, 1)
    inbox = f"{here.origin}/inbox"
    assert (await stranger.forge(inbox, raw))[0] == 503
    await stranger.start()
    assert (await stranger.forge(inbox, raw))[0] == 503
    here.clock.advance(240)
    assert (await stranger.forge(inbox, raw))[0] == 403


@pytest.mark.parametrize("what", ["id", "inbox", "proof", "type"])
async def test_a_document_that_is_not_the_actors_own_is_refused(
    here: PeerNode, stranger: PeerNode, what: str
) -> None:
    document = _document(stranger)
    changed: Mapping[str, str | list[str]] = {
        "id": here.actor,
        "inbox": f"{here.origin}/inbox",
        "proof": "none",
        "type": ["Application", "Tombstone"],
    }
    value = changed[what]
    document[what] = list(value) if isinstance(value, list) else value
    if what != "proof":
        del document["proof"]
        document = stranger.identity.sign(document, day=stranger.today)
    await _show(stranger, document)
    assert (await stranger.forge(f"{here.origin}/inbox", _create(stranger, 1)))[0] == 401


async def test_only_keys_decide_whether_a_document_is_vouched_for(
    here: PeerNode,
) -> None:
    old = _document(here)
    known = read_actor(canonical_bytes(old), url=here.actor, development=True)
    renamed = {**old, "name": "Another name"}
    del renamed["proof"]
    plain = read_actor(
        canonical_bytes(here.identity.sign(renamed, day=here.today)),
        url=here.actor,
        development=True,
    )
    assert is_vouched(known, plain)
    forged = _with_key(here, "second", NEW_KEY, keeps=True)
    alone = read_actor(
        canonical_bytes(_signed(here, forged, NEW_KEY, "second")),
        url=here.actor,
        development=True,
    )
    assert not is_vouched(known, alone)
    assert not is_vouched(
        known,
        read_actor(
            canonical_bytes(
                _signed(
                    here,
                    _with_key(here, "ed25519-key", NEW_KEY, keeps=False),
                    NEW_KEY,
                    "ed25519-key",
                )
            ),
            url=here.actor,
            development=True,
        ),
    )


async def test_peers_go_on_after_a_restart_without_fetching(
    peers: tuple[PeerNode, PeerNode],
) -> None:
    here, there = peers
    await there.restart()
    await here.stop()
    assert (await here.forge(f"{there.origin}/inbox", _create(here, 1)))[0] == 202
    await here.start()
    await settle(here, there)
    assert await there.ids_of(here) == {here.offer_id(1)}
