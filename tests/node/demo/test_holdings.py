"""Comparing what nodes show: anything missing, surplus, changed or badly signed is told."""

from __future__ import annotations

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.proof import sign_document
from kith_node.demo.holdings import (
    author_of,
    count_remote,
    find_differences,
    find_survivors,
    verify_proofs,
)
from kith_protocol.contexts import OFFER_CONTEXT, context

ONE, TWO = "http://localhost:1001/actor", "http://localhost:1002/actor"
A = "http://localhost:1001/offers/AAAAAAAAAAAAAAAAAAAAAA"
B = "http://localhost:1002/offers/BBBBBBBBBBBBBBBBBBBBBA"
BOTH = {A: b"a", B: b"b"}
PUBLISHED = {ONE: {A}, TWO: {B}}


def test_an_offers_author_is_the_actor_at_its_origin() -> None:
    assert author_of(A) == ONE


def test_nodes_that_hold_the_same_do_not_differ() -> None:
    assert find_differences({ONE: dict(BOTH), TWO: dict(BOTH)}, PUBLISHED) == []


def test_tells_what_a_peer_lacks() -> None:
    [line] = find_differences({ONE: dict(BOTH), TWO: {B: b"b"}}, PUBLISHED)
    assert TWO in line
    assert "1 missing and 0 too many" in line


def test_tells_what_was_published_and_stands_nowhere() -> None:
    lines = find_differences({ONE: {B: b"b"}, TWO: {B: b"b"}}, PUBLISHED)
    assert any(line.startswith(f"{ONE} shows of its own") for line in lines)


def test_tells_what_nobody_published() -> None:
    lines = find_differences({ONE: dict(BOTH), TWO: dict(BOTH)}, {ONE: {A}, TWO: set()})
    assert lines == [f"{TWO} shows of its own: 1, with 0 missing and 1 too many"]


def test_tells_what_only_a_stranger_holds() -> None:
    lines = find_differences({ONE: {A: b"a"}, TWO: dict(BOTH)}, {ONE: {A}, TWO: {B}})
    assert lines == [f"{ONE} shows of all: 1, with 1 missing and 0 too many"]
    held = {ONE: {B: b"b"}, TWO: dict(BOTH)}
    assert any("too many" in line for line in find_differences(held, {ONE: set(), TWO: {B}}))


def test_tells_other_bytes_than_the_authors() -> None:
    changed = {**BOTH, A: b"another revision"}
    [line] = find_differences({ONE: dict(BOTH), TWO: changed}, PUBLISHED)
    assert line == f"{TWO} shows 1 offers with other bytes than their author"


def test_tells_who_still_shows_what_is_gone() -> None:
    views = {ONE: {B: b"b"}, TWO: dict(BOTH)}
    assert find_survivors(views, {A}) == [f"{TWO} shows 1 that are gone"]
    assert find_survivors(views, set()) == []


def test_counts_offers_of_others_at_every_node() -> None:
    assert count_remote({ONE: dict(BOTH), TWO: dict(BOTH)}) == 2
    assert count_remote({ONE: {A: b"a"}}) == 0


def test_a_proof_by_the_authors_key_passes_and_any_other_is_told() -> None:
    key, other = SigningKey.from_seed(bytes(32)), SigningKey.from_seed(b"\1" * 32)
    document = sign_document(
        {"@context": context(OFFER_CONTEXT), "id": A, "kith:revision": 1},
        key,
        verification_method=f"{ONE}#ed25519-key",
        created="2026-01-02T00:00:00Z",
    )
    good = {A: canonical_bytes(document)}
    assert verify_proofs([good, good], {ONE: key.verify_key}) == []
    assert verify_proofs([good], {ONE: other.verify_key}) == [f"{A} has no valid proof"]
    changed = {A: canonical_bytes({**document, "kith:revision": 2})}
    assert verify_proofs([good, changed], {ONE: key.verify_key}) == [f"{A} has no valid proof"]
