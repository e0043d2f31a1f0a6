"""Wishes: what a member looks for, kept in the vault and matched on the device.

    wish = await member.wishes.add(Query(topics=("career.cv",), languages=("en",)))
    for news in await member.wishes.check():
        print(news.wish.name, news.new)

A wish is never sent anywhere. To match it, the device fetches the files of its languages, which
are the same for everybody, and looks through them by itself; the node sees that somebody
fetched these, each once for all wishes. Who prefers it may ask the node, which sees the query
while it runs.

A standing wish stays until it is dropped, also when it finds nothing, and tells of each fitting
offer once, whatever its owner changes in it later. No news are own offers, those of mentors
whom one has blocked (of the offer one knew them by: nobody can tell which others are theirs),
and those without room, which are told of once they have some.

The vault is written after each look, whether or not it found anything: a node that sees which
files change must not learn from the writing that something in them was wished for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from kith_client.blocks import Blocks
from kith_client.keystore import KeyStore
from kith_client.search import Search
from kith_client.shelf import Shelf
from kith_client.system import Clock
from kith_crypto.core import ROLE_MENTEE
from kith_crypto.errors import KithError, MalformedError, UsageError
from kith_crypto.hashes import sha256
from kith_crypto.objects import ID_BYTES
from kith_crypto.randomness import Rng
from kith_protocol.api import Hit, SearchAnswer
from kith_protocol.conversation.body import MAX_HINT_CHARACTERS, check_words
from kith_protocol.conversation.records import Talk
from kith_protocol.day import Day, day_of
from kith_protocol.query import MAX_LIMIT, Query, encode_query, parse_query
from kith_protocol.ranking import MAX_RANKED
from kith_protocol.urls import offer_url

KIND = "wish"
SEEN_BYTES = 8
# 16 kB in the vault; the oldest go first. What fits more offers may tell of one again.
MAX_SEEN = 2000

Where = Literal["device", "node"]


class WishRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A wish as it is kept. Its ``repr`` shows nothing.

    Attributes:
        query: as the parameters of a search.
        name: what its owner calls it.
        standing: whether it tells of what is new.
        day: on which it was made.
        seen: the first 8 bytes of SHA-256 of each offer's address that was told of, joined.
        looks: how often it was looked for; no time is kept.
    """

    query: dict[str, str]
    name: str = ""
    standing: bool = True
    day: int = 0
    seen: bytes = b""
    looks: int = 0

    def __repr__(self) -> str:
        return "WishRecord(...)"


class Wish(msgspec.Struct, frozen=True):
    """One wish. Its ``repr`` shows nothing.

    Attributes:
        id: 16 bytes; a knock may name it.
        name: what its owner calls it, or empty.
        query: what is looked for.
        standing: whether ``check`` looks for it.
        day: on which it was made.
    """

    id: bytes
    name: str
    query: Query
    standing: bool
    day: Day

    def __repr__(self) -> str:
        return "Wish(...)"


class WishFound(msgspec.Struct, frozen=True):
    """What fits a wish.

    Attributes:
        wish: it.
        answer: the best 50 matches, and the best 50 of the new ones among all matches.
        new: ids of those that it has not told of before, best first, at most 1000.
    """

    wish: Wish
    answer: SearchAnswer
    new: tuple[str, ...]


class Wishes:
    """The wishes of one member."""

    def __init__(
        self,
        *,
        shelf: Shelf,
        keys: KeyStore,
        blocks: Blocks,
        search: Search,
        node: str,
        clock: Clock,
        rng: Rng,
    ) -> None:
        self._shelf = shelf
        self._keys = keys
        self._blocks = blocks
        self._search = search
        self._node = node
        self._clock = clock
        self._rng = rng

    async def add(self, query: Query, *, name: str = "", standing: bool = True) -> Wish:
        """Keep a wish and return it; nothing is looked for yet.

        Args:
            query: what is looked for; the languages are those of the files to look in.
            name: at most 200 characters.
            standing: whether ``check`` looks for it.

        Raises:
            UsageError: no language, or nothing that is looked for.
        """
        check_words(name, MAX_HINT_CHARACTERS)
        if not query.languages:
            raise UsageError("a wish needs at least one language that you speak")
        if not query.topics and not query.text:
            raise UsageError("say what you look for: a topic, or a few words")
        key = self._rng.bytes(ID_BYTES)
        plain = replace(query, limit=MAX_LIMIT, after=None, counts=False)
        today = day_of(self._clock.now())
        self._shelf.put(KIND, key, WishRecord(encode_query(plain), name, standing, today))
        await self._shelf.save()
        return self.get(key)

    def list(self) -> tuple[Wish, ...]:
        """Return all wishes, oldest first."""
        found = []
        for key, record in self._shelf.all(KIND, WishRecord).items():
            try:
                query = parse_query(record.query, is_known_topic=lambda _: True)
            except MalformedError:
                continue  # of another version
            found.append(Wish(key, record.name, query, record.standing, Day(record.day)))
        return tuple(sorted(found, key=lambda wish: (wish.day, wish.id)))

    def get(self, wish: bytes) -> Wish:
        """Return the wish of this id.

        Raises:
            UsageError: there is none.
        """
        for one in self.list():
            if one.id == wish:
                return one
        raise UsageError("there is no such wish")

    async def find(self, wish: Wish, *, where: Where = "device") -> WishFound:
        """Return what fits a wish, and remember that it was told.

        Args:
            wish: from ``list``.
            where: on the device, or on the node, which then sees the query while it runs and
                tells of the best 50 only.
        """
        if where == "node":
            found = self._sift(wish, await self._search.find(wish.query))
        else:
            query = replace(wish.query, limit=MAX_RANKED)
            found = self._sift(wish, await self._search.find_here(query))
        await self._remember([found], is_pruned=where == "device")
        return found

    async def check(self) -> tuple[WishFound, ...]:
        """Return the standing wishes for which there is something new, with room.

        Each file is fetched once for all of them, and only where it has changed.
        """
        wishes = [wish for wish in self.list() if wish.standing]
        queries = [replace(one.query, room_only=True, limit=MAX_RANKED) for one in wishes]
        answers = await self._search.find_all_here(queries)
        found = [self._sift(wish, answer) for wish, answer in zip(wishes, answers, strict=True)]
        await self._remember(found, is_pruned=True)
        return tuple(one for one in found if one.new)

    async def drop(self, wish: bytes) -> None:
        """Forget a wish.

        Raises:
            UsageError: there is none.
        """
        self.get(wish)
        self._shelf.drop(KIND, wish)
        await self._shelf.save()

    def _sift(self, wish: Wish, answer: SearchAnswer) -> WishFound:
        record = self._shelf.get(KIND, wish.id, WishRecord)
        known = set(_marks_in(record.seen if record is not None else b""))
        no_news = self._no_news()
        new = tuple(
            hit.id
            for hit in answer.hits
            if _has_room(hit) and hit.id not in no_news and _mark(hit.id) not in known
        )
        shown = {*(hit.id for hit in answer.hits[:MAX_LIMIT]), *new[:MAX_LIMIT]}
        hits = tuple(hit for hit in answer.hits if hit.id in shown)
        return WishFound(wish, replace(answer, hits=hits, next=None), new)

    def _no_news(self) -> set[str]:
        """Return the offers that are never told of: own ones, and where one blocked."""
        own = {offer_url(self._node, offer.id) for offer in self._keys.offers}
        return own | {
            offer_url(talk.peer_node, talk.offer)
            for talk in self._shelf.records(Talk, kind="talk")
            if talk.role == ROLE_MENTEE and self._blocks.has_ended(talk.conversation)
        }

    async def _remember(self, found: Sequence[WishFound], *, is_pruned: bool) -> None:
        for one in found:
            record = self._shelf.get(KIND, one.wish.id, WishRecord)
            if record is None:
                continue  # dropped meanwhile
            held = self._search.held(one.wish.query.languages) if is_pruned else None
            seen = _add_marks(record.seen, one.new, held)
            self._shelf.put(
                KIND, one.wish.id, replace(record, seen=seen, looks=record.looks + 1)
            )
        if found:
            # It is on this device by now, and goes to the node with what is written next. News
            # that waited for that would be lost: they count as told.
            with contextlib.suppress(KithError):
                await self._shelf.save()


def _add_marks(seen: bytes, new: Sequence[str], held: Iterable[str] | None) -> bytes:
    """Return *seen* with the *new* offers; what is no longer *held*, if known, makes room."""
    if not new:
        return seen
    marks = _marks_in(seen)
    if held is not None:
        there = set(map(_mark, held))
        marks = [mark for mark in marks if mark in there]
    return b"".join((*marks, *map(_mark, new))[-MAX_SEEN:])


def _marks_in(seen: bytes) -> list[bytes]:
    return [seen[at : at + SEEN_BYTES] for at in range(0, len(seen), SEEN_BYTES)]


def _mark(offer_id: str) -> bytes:
    return sha256(offer_id.encode())[:SEEN_BYTES]


def _has_room(hit: Hit) -> bool:
    return any(reason.code == "has-room" for reason in hit.reasons)
