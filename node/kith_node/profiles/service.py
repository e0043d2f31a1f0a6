"""Profiles: published personas of this community, for its own members, never federated.

A profile belongs to whoever holds its key; the node knows the member in the moment of
publishing and keeps a seal. Members read with the day's reader pass, so reading names nobody.
Listed profiles are found page by page in order of id, which is a hash; the others by link only.
Which offers stand under a profile is ``shown.py``.
"""

from __future__ import annotations

from collections.abc import Callable

import aiosqlite
import msgspec

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.randomness import Rng
from kith_crypto.seals import KIND_PROFILE
from kith_node.http.quota import Quota
from kith_node.http.route import MemberId
from kith_node.offers.rules import Rules
from kith_node.offers.seals import OwnerSeals
from kith_node.offers.service import Offers
from kith_node.profiles import store
from kith_node.profiles.rules import check_profile
from kith_node.profiles.shown import Shown
from kith_node.profiles.store import ProfileRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.api import ProfileAnswer, ProfileBody, ProfilesAnswer
from kith_protocol.day import DAY_S, Day, day_of
from kith_protocol.errors import ConflictError, NotFoundError
from kith_protocol.offer_content import ProfileContent

PAGE = 50
CHUNK = 500

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(ProfileContent)


class Profiles:
    """Takes, changes, shows and drops profiles."""

    def __init__(
        self,
        objects: Database,
        *,
        rules: Rules,
        seals: OwnerSeals,
        quota: Quota,
        shown: Shown,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        """Take the open ``objects.db``, the rules of offers that hold here too, and the rest.

        *wake* is called after each creation: ``objects.db`` is to be rebuilt within the hour.
        """
        self._objects = objects
        self._rules = rules
        self._seals = seals
        self._quota = quota
        self.shown = shown
        self._clock = clock
        self._wake = wake

    async def publish(
        self,
        body: ProfileBody,
        *,
        profile_id: bytes,
        key: VerifyKey,
        member: MemberId,
        role: str | None,
    ) -> tuple[ProfileAnswer, bool]:
        """Return the profile as members see it, and whether it is new.

        Args:
            body: content, whether it is listed, and its end.
            profile_id: 16 bytes, the hash of *key*.
            key: the profile key.
            member: goes into the seal and, hashed, into the quota; nowhere else.
            role: the member's.

        Raises:
            ForbiddenError: this member may not publish here.
            RemoteError: the content or its end breaks a rule.
            ConflictError: the id is there with other content.
            TooManyError: the member's quota is used up.
            NotReadyError: there is no keyholders' key to seal to.
        """
        self._rules.check_publisher(role)
        self._rules.check_first_end(body.end_day, today=self._today())
        row = self._row(body, profile_id, key)
        async with self._objects.transaction() as connection:
            present = await store.get_profile(connection, profile_id)
            if present is not None and present != row:
                raise ConflictError("the id is taken by another profile")
            if present is None:
                await store.insert_profile(connection, row)
                await self._seals.keep(
                    connection, member, object_id=profile_id, kind=KIND_PROFILE
                )
                self._quota.charge(member)
            answer = await self._answer(connection, row)
        if present is None:
            self._wake()
        return answer, present is None

    async def edit(self, profile_id: bytes, body: ProfileBody) -> ProfileAnswer:
        """Return the profile with its new content; its end may come nearer, not later.

        Raises:
            NotFoundError: there is none, or it is over.
            RemoteError: the content or its end breaks a rule.
        """
        async with self._objects.transaction() as connection:
            present = await self._live(connection, profile_id)
            if not self._today() < body.end_day <= present.end_day:
                raise MalformedError("extending takes a session", pointer="/endDay")
            row = self._row(body, profile_id, present.key)
            await store.update_profile(connection, row)
            return await self._answer(connection, row)

    async def extend(
        self, profile_id: bytes, end_day: int, *, member: MemberId
    ) -> ProfileAnswer:
        """Return the profile with its new end, its owner seal renewed.

        Raises:
            NotFoundError: there is none, or it is over.
            MalformedError: *end_day* is out of bounds.
            NotReadyError: there is no keyholders' key to seal to.
        """
        today = self._today()
        async with self._objects.transaction() as connection:
            present = await self._live(connection, profile_id)
            self._rules.check_later_end(
                end_day, present=present.end_day, published=today, today=today
            )
            row = msgspec.structs.replace(present, end_day=end_day)
            await store.update_profile(connection, row)
            await self._seals.keep(connection, member, object_id=profile_id, kind=KIND_PROFILE)
            return await self._answer(connection, row)

    async def withdraw(self, profile_id: bytes) -> None:
        """Let the profile vanish; nothing happens where it is gone already."""
        async with self._objects.transaction() as connection:
            await self._erase(connection, profile_id)

    async def get(self, profile_id: bytes) -> ProfileAnswer:
        """Return one profile, listed or not, to whoever has its link.

        Raises:
            NotFoundError: there is none, or it is over.
        """
        async with self._objects.read() as connection:
            return await self._answer(connection, await self._live(connection, profile_id))

    async def page(self, *, after: bytes = store.FIRST) -> ProfilesAnswer:
        """Return the listed profiles beyond the id *after*, at most ``PAGE``."""
        async with self._objects.read() as connection:
            rows = await store.list_profiles(
                connection, after=after, today=self._today(), limit=PAGE + 1
            )
            shown = rows[:PAGE]
            profiles = tuple([await self._answer(connection, row) for row in shown])
        has_more = len(rows) > PAGE
        return ProfilesAnswer(profiles, encode_base64url(shown[-1].id) if has_more else None)

    async def run_expiry(self) -> float:
        """Drop profiles that are over; return the seconds until tomorrow."""
        now = self._clock.now()
        while True:
            async with self._objects.transaction() as connection:
                ended = await store.list_ended(connection, day_of(now), limit=CHUNK)
                for profile_id in ended:
                    await self._erase(connection, profile_id)
            if len(ended) < CHUNK:
                return float(DAY_S - now % DAY_S)

    def _row(self, body: ProfileBody, profile_id: bytes, key: VerifyKey) -> ProfileRow:
        content = check_profile(body.content, is_known_topic=self._rules.topics.is_known)
        raw = _encoder.encode(content)
        return ProfileRow(profile_id, key, raw, int(body.listed), body.end_day)

    async def _live(self, connection: aiosqlite.Connection, profile_id: bytes) -> ProfileRow:
        row = await store.get_profile(connection, profile_id)
        if row is None or row.end_day <= self._today():
            raise NotFoundError("no such profile")
        return row

    async def _erase(self, connection: aiosqlite.Connection, profile_id: bytes) -> None:
        await self._seals.forget(connection, profile_id, kind=KIND_PROFILE)
        await store.delete_profile(connection, profile_id)

    async def _answer(self, connection: aiosqlite.Connection, row: ProfileRow) -> ProfileAnswer:
        return ProfileAnswer(
            id=encode_base64url(row.id),
            content=_decoder.decode(row.raw),
            listed=bool(row.is_listed),
            end_day=row.end_day,
            offers=await self.shown.urls(connection, row.id),
        )

    def _today(self) -> Day:
        return day_of(self._clock.now())


def make_profiles(
    offers: Offers, *, created: Callable[[], None], clock: Clock, rng: Rng
) -> Profiles:
    """Return the room over the ``objects.db`` and the rules of *offers*.

    *created* is called after each creation: ``objects.db`` is to be rebuilt within the hour.
    """
    return Profiles(
        offers.objects,
        rules=offers.rules,
        seals=offers.seals,
        quota=Quota(offers.rules.settings.new_profiles, clock=clock, rng=rng),
        shown=Shown(offers.objects, offers=offers.lookup),
        clock=clock,
        wake=created,
    )
