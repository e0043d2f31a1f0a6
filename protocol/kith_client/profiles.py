"""One's own published profiles: pages in one's own community, each owned by a key of its own.

A member may have several, and nothing stored tells that two belong together. Showing an offer
under a profile links the two for everybody who sees them: warn before. Only publishing and
extending show a session; everything else is signed by the profile's key alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kith_client.account import ALREADY_GONE
from kith_client.errors import ProblemError
from kith_client.http import NodeConnection, Reply, Request, decode_answer
from kith_client.keystore import KeyStore
from kith_client.records import ProfileRecord
from kith_client.session import Session
from kith_client.system import Clock
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.objects import profile_id
from kith_crypto.randomness import Rng
from kith_protocol.api import (
    ExtendBody,
    ProfileAnswer,
    ProfileBody,
    ProfilesAnswer,
    ShownOfferBody,
)
from kith_protocol.day import Day, day_of
from kith_protocol.offer_content import ProfileContent
from kith_protocol.shown import sign_shown

DEFAULT_DAYS = 90
MAX_DAYS = 365
PICTURE_BYTES = 8

_PROFILES = "/api/v1/profiles"


class Profiles:
    """The profiles that one member's keys own, and those of others."""

    def __init__(
        self,
        *,
        connection: NodeConnection,
        session: Session,
        keys: KeyStore,
        clock: Clock,
        rng: Rng,
    ) -> None:
        self._connection = connection
        self._session = session
        self._keys = keys
        self._clock = clock
        self._rng = rng

    def draw_picture(self) -> str:
        """Return 16 random hexadecimal digits, from which clients draw a picture."""
        return self._rng.bytes(PICTURE_BYTES).hex()

    async def publish(
        self, content: ProfileContent, *, listed: bool = True, days: int = DEFAULT_DAYS
    ) -> bytes:
        """Publish a profile in the member's own community and return its id, 16 bytes.

        Args:
            content: what it shows.
            listed: whether members find it in the list, or by its link only.
            days: how long it stands.

        Raises:
            ProblemError: the node refused it; nothing is left behind.
            NodeUnreachableError: the answer was lost; ``resume`` repeats the call.
        """
        key = SigningKey.generate(self._rng)
        record = ProfileRecord(
            id=profile_id(key.verify_key),
            seed=key.seed,
            end_day=self._last_day(days),
            content=content,
            listed=listed,
        )
        self._keys.put_profile(record)
        self._keys.commit()
        await self._put(record)
        return record.id

    async def resume(self) -> int:
        """Finish what a broken connection interrupted; return how many profiles it was."""
        unfinished = [record for record in self._keys.profiles if record.state == "making"]
        for record in unfinished:
            await self._put(record)
        return len(unfinished)

    async def edit(
        self, profile: bytes, content: ProfileContent, *, listed: bool | None = None
    ) -> None:
        """Replace what the profile shows.

        Args:
            profile: its id.
            content: the new content.
            listed: whether it is in the list; None leaves that as it is.
        """
        record = self._keys.profile(profile)
        is_listed = record.listed if listed is None else listed
        changed = msgspec.structs.replace(record, content=content, listed=is_listed)
        await self._send("PATCH", record, body=_body_of(changed))
        self._keys.put_profile(changed)
        self._keys.commit()

    async def extend(self, profile: bytes, *, days: int) -> Day:
        """Let the profile stand for *days* from today and return its new end day.

        Raises:
            UsageError: that is no later than before.
            ProblemError: the node refused it.
        """
        record = self._keys.profile(profile)
        end_day = self._last_day(days)
        if end_day <= record.end_day:
            raise UsageError("the profile stands that long already")
        path, body = _path(record, "/extension"), ExtendBody(end_day)
        await self._session.send("POST", path, body=body, key=_key_of(record))
        self._keys.put_profile(msgspec.structs.replace(record, end_day=end_day))
        self._keys.commit()
        return end_day

    async def withdraw(self, profile: bytes) -> None:
        """Withdraw the profile; doing so again changes nothing. Its offers stay."""
        record = self._keys.profile(profile)
        try:
            await self._send("DELETE", record)
        except ProblemError as error:
            if error.code not in ALREADY_GONE:
                raise
        # Profiles never leave the community: there are no receipts to wait for.
        self._keys.drop(profile)
        self._keys.commit()

    async def show_offer(self, profile: bytes, offer: bytes) -> None:
        """Show one's own offer under one's own profile, by the word of both keys."""
        record = self._keys.profile(profile)
        offer_key = SigningKey.from_seed(self._keys.offer(offer).seed)
        profile_signature, offer_signature = sign_shown(_key_of(record), offer_key)
        body = ShownOfferBody(
            profile_signature=encode_base64url(profile_signature),
            offer_signature=encode_base64url(offer_signature),
        )
        await self._send("PUT", record, body=body, suffix=_offer_suffix(offer))
        if offer not in record.shown:
            shown = (*record.shown, offer)
            self._keys.put_profile(msgspec.structs.replace(record, shown=shown))
            self._keys.commit()

    async def hide_offer(self, profile: bytes, offer: bytes) -> None:
        """Show the offer under the profile no longer; who has seen it may remember."""
        record = self._keys.profile(profile)
        try:
            await self._send("DELETE", record, suffix=_offer_suffix(offer))
        except ProblemError as error:
            if error.code not in ALREADY_GONE:
                raise
        shown = tuple(known for known in record.shown if known != offer)
        self._keys.put_profile(msgspec.structs.replace(record, shown=shown))
        self._keys.commit()

    async def get(self, profile: bytes) -> ProfileAnswer:
        """Return anybody's profile by its id, as members of the community see it."""
        reply = await self._session.read(f"{_PROFILES}/{encode_base64url(profile)}")
        return decode_answer(reply, ProfileAnswer)

    async def browse(self, *, after: str | None = None) -> ProfilesAnswer:
        """Return a page of the community's listed profiles."""
        query: Mapping[str, str] = {} if after is None else {"after": after}
        return decode_answer(await self._session.read(_PROFILES, query=query), ProfilesAnswer)

    async def _put(self, record: ProfileRecord) -> None:
        body, key = _body_of(record), _key_of(record)
        try:
            await self._session.send("PUT", _path(record), body=body, key=key)
        except ProblemError as error:
            if error.is_final:
                self._keys.drop(record.id)
                self._keys.commit()
            raise
        self._keys.put_profile(msgspec.structs.replace(record, state="live"))
        self._keys.commit()

    async def _send(
        self,
        method: str,
        record: ProfileRecord,
        *,
        body: msgspec.Struct | None = None,
        suffix: str = "",
    ) -> Reply:
        path = _path(record, suffix)
        return await self._connection.send(
            Request(method, path, body=body, key=_key_of(record))
        )

    def _last_day(self, days: int) -> Day:
        if not 1 <= days <= MAX_DAYS:
            raise UsageError(f"a profile stands for 1 to {MAX_DAYS} days, not {days}")
        return Day(day_of(self._clock.now()) + days)


def _body_of(record: ProfileRecord) -> ProfileBody:
    return ProfileBody(content=record.content, listed=record.listed, end_day=record.end_day)


def _key_of(record: ProfileRecord) -> SigningKey:
    return SigningKey.from_seed(record.seed)


def _path(record: ProfileRecord, suffix: str = "") -> str:
    return f"{_PROFILES}/{encode_base64url(record.id)}{suffix}"


def _offer_suffix(offer: bytes) -> str:
    return f"/offers/{encode_base64url(offer)}"
