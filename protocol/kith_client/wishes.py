"""Wishes: what a member looks for, kept in the vault and matched on the device.

    wish = await member.wishes.add(Query(topics=("career.cv",), languages=("en",)))
    for news in await member.wishes.check():
        print(news.wish.name, news.new)

A wish is never sent anywhere. To match it, the device fetches the files of its languages, which
are the same for everybody, and looks through them by itself; the node sees that somebody
fetched these. Who prefers it may ask the node, which sees the query while it runs.

A standing wish stays until it is dropped, also when it finds nothing, and tells of each fitting
offer once. Own offers, and offers without room, are no news.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from kith_client.keystore import KeyStore
from kith_client.search import Search
from kith_client.shelf import Shelf
from kith_client.system import Clock
from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.hashes import sha256
from kith_crypto.objects import ID_BYTES
from kith_crypto.randomness import Rng
from kith_protocol.api import SearchAnswer
from kith_protocol.conversation.body import MAX_HINT_CHARACTERS, check_words
from kith_protocol.day import Day, day_of
from kith_protocol.query import MAX_LIMIT, Query, encode_query, parse_query
from kith_protocol.urls import offer_url

KIND = "wish"
SEEN_BYTES = 8
MAX_SEEN = 2000  # 16 kB in the vault; the oldest go first

Where = Literal["device", "node"]


class WishRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A wish as it is kept. Its ``repr`` shows nothing.

    Attributes:
        query: as the parameters of a search.
        name: what its owner calls it.
        standing: whether it tells of what is new.
        day: on which it was made.
        seen: the first 8 bytes of SHA-256 of each offer's address that was shown, joined.
    """

    query: dict[str, str]
    name: str = ""
    standing: bool = True
    day: int = 0
    seen: bytes = b""

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
        answer: the best matches, as in a search.
        new: ids of those that it has not told of before.
    """

    wish: Wish
    answer: SearchAnswer
    new: tuple[str, ...]


class Wishes:
    """The wishes of one member."""

    def __init__(
        self, *, shelf: Shelf, keys: KeyStore, search: Search, node: str, clock: Clock, rng: Rng
    ) -> None:
        self._shelf = shelf
        self._keys = keys
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
        plain = msgspec.structs.replace(query, limit=MAX_LIMIT, after=None, counts=False)
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
        """Return what fits a wish, and remember that it was shown.

        Args:
            wish: from ``list``.
            where: on the device, or on the node, which then sees the query while it runs.
        """
        found = await self._look(wish, wish.query, where)
        await self._note([found])
        return found

    async def check(self) -> tuple[WishFound, ...]:
        """Return the standing wishes for which there is something new, with room.

        Each file is fetched once for all of them, and only where it has changed.
        """
        found = []
        for wish in self.list():
            if wish.standing:
                query = msgspec.structs.replace(wish.query, room_only=True)
                found.append(await self._look(wish, query, "device"))
        news = [one for one in found if one.new]
        await self._note(news)
        return tuple(news)

    async def drop(self, wish: bytes) -> None:
        """Forget a wish.

        Raises:
            UsageError: there is none.
        """
        self.get(wish)
        self._shelf.drop(KIND, wish)
        await self._shelf.save()

    async def _look(self, wish: Wish, query: Query, where: Where) -> WishFound:
        find = self._search.find_here if where == "device" else self._search.find
        answer = await find(query)
        record = self._shelf.get(KIND, wish.id, WishRecord)
        seen = b"" if record is None else record.seen
        known = {seen[at : at + SEEN_BYTES] for at in range(0, len(seen), SEEN_BYTES)}
        own = {offer_url(self._node, offer.id) for offer in self._keys.offers}
        new = [
            hit.id for hit in answer.hits if hit.id not in own and _mark(hit.id) not in known
        ]
        return WishFound(wish, answer, tuple(new))

    async def _note(self, found: Sequence[WishFound]) -> None:
        for one in found:
            record = self._shelf.get(KIND, one.wish.id, WishRecord)
            if record is None or not one.new:
                continue
            seen = record.seen + b"".join(map(_mark, one.new))
            kept = seen[-MAX_SEEN * SEEN_BYTES :]
            self._shelf.put(KIND, one.wish.id, msgspec.structs.replace(record, seen=kept))
        await self._shelf.save()


def _mark(offer_id: str) -> bytes:
    return sha256(offer_id.encode())[:SEEN_BYTES]
