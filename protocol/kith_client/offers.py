"""One's own offers: publish, change, extend, withdraw, and what became of them.

Each offer has a key of its own, made here and kept with the member's keys; the node knows the
offer by the hash of it and stores nothing that leads to the member. Only publishing, opening
the box for knocks, extending and uploading bundles show a session, because they need one;
everything else is signed by the offer's key, or the box's, alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import msgspec

from kith_client.account import ALREADY_GONE
from kith_client.boxes import Boxes
from kith_client.errors import ProblemError
from kith_client.http import NodeConnection, Reply, Request, decode_answer
from kith_client.keystore import KeyStore
from kith_client.patience import Pause
from kith_client.preview import Preview, preview_offer
from kith_client.records import OfferRecord, WeekRecord
from kith_client.session import Session
from kith_client.system import Clock
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.hpke import sealing_public_key
from kith_crypto.objects import box_address, offer_id
from kith_crypto.randomness import Rng
from kith_protocol.api import (
    BundlesBody,
    EditBody,
    ExtendBody,
    OfferBody,
    OwnOfferAnswer,
    Receipt,
    ReceiptsAnswer,
)
from kith_protocol.bundle import encode_bundle
from kith_protocol.community_topics import only_named
from kith_protocol.day import Day, day_of, month_of, week_of
from kith_protocol.offer_content import OfferContent

SEED_BYTES = 32
DEFAULT_DAYS = 90
MAX_DAYS = 365
WEEK_DAYS = 7
BUNDLES_PER_CALL = 32  # 57 KiB of JSON, below the usual cap of a body

_OFFERS = "/api/v1/offers/"


class OwnOffer(msgspec.Struct, frozen=True):
    """One's own offer as the keys and the node know it.

    Attributes:
        record: from the keys.
        answer: from the node, or None where it has no such offer (any more).
    """

    record: OfferRecord
    answer: OwnOfferAnswer | None

    @property
    def state(self) -> str:
        """Return where it stands, in one word for people."""
        if self.record.state != "live":
            return self.record.state
        if self.answer is None:
            return "gone"
        return "released" if self.answer.released else "waiting"


class Offers:
    """The offers that one member's keys own."""

    def __init__(
        self,
        *,
        connection: NodeConnection,
        session: Session,
        keys: KeyStore,
        clock: Clock,
        rng: Rng,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._connection = connection
        self._session = session
        self._boxes = Boxes(connection=connection, session=session, pause=pause)
        self._keys = keys
        self._clock = clock
        self._rng = rng

    def last_day(self, days: int) -> Day:
        """Return the end day of an offer that stands for *days* from today.

        Raises:
            UsageError: *days* is not 1 to 365.
        """
        if not 1 <= days <= MAX_DAYS:
            raise UsageError(f"an offer stands for 1 to {MAX_DAYS} days, not {days}")
        return Day(self._today() + days)

    def preview(self, content: OfferContent, *, days: int = DEFAULT_DAYS) -> Preview:
        """Return what would leave the node, in words and as bytes. Nothing is sent.

        The id is that of a key made for the preview; the real offer will have another.

        Raises:
            RemoteError: the content breaks a rule of the protocol.
            UsageError: *days* out of bounds, or the community has been left.
        """
        sample = offer_id(SigningKey.generate(self._rng).verify_key)
        end_day = self.last_day(days)
        return preview_offer(content, offer=sample, origin=self._origin(), end_day=end_day)

    def preview_edit(self, offer: OwnOffer, content: OfferContent) -> Preview:
        """Return what would leave the node if *offer* said *content*. Nothing is sent.

        Raises:
            RemoteError: the content breaks a rule of the protocol.
        """
        # What was never released changes without a new revision: nobody has seen the old one.
        answer = offer.answer
        revision = 1 if answer is None else answer.revision + answer.released
        return preview_offer(
            content,
            offer=offer.record.id,
            origin=self._origin(),
            end_day=Day(offer.record.end_day),
            revision=revision,
        )

    async def publish(self, content: OfferContent, *, days: int = DEFAULT_DAYS) -> OwnOffer:
        """Publish an offer and return it as the node took it.

        A community may put a rare topic as the topic above it; the answer shows which it was.
        The offer's key is saved before anything is sent, so a broken connection loses nothing:
        ``resume`` goes on.

        Args:
            content: what its owner chose; checked here first.
            days: how long it stands, 1 to 365; the community may allow less.

        Raises:
            RemoteError: the content breaks a rule of the protocol; nothing was sent.
            ProblemError: the node refused it; nothing is left behind.
            NodeUnreachableError: the answer was lost; ``resume`` repeats the call.
        """
        end_day = self.last_day(days)
        record = self._make_record(content, end_day)
        preview_offer(content, offer=record.id, origin=self._origin(), end_day=end_day)
        self._keys.put_offer(record)
        self._keys.commit()
        return await self._complete(record)

    async def resume(self) -> int:
        """Finish what a broken connection interrupted; return how many offers it was."""
        this_week = week_of(self._today())
        unfinished = [
            record for record in self._keys.offers if _is_unfinished(record, this_week)
        ]
        for record in unfinished:
            await self._complete(record)
        return len(unfinished)

    async def get(self, offer: bytes) -> OwnOffer:
        """Return one's own offer with what the node holds of it, by its key alone."""
        record = self._keys.offer(offer)
        if record.state == "withdrawn":
            return OwnOffer(record, None)
        try:
            reply = await self._send("GET", record)
        except ProblemError as error:
            if error.code not in ALREADY_GONE:
                raise
            return OwnOffer(record, None)
        return OwnOffer(record, decode_answer(reply, OwnOfferAnswer))

    async def list_own(self) -> list[OwnOffer]:
        """Return all own offers, oldest first; each is asked for by its own key.

        The calls go out in random order, so that their sequence is not that of publishing.
        """
        order = sorted(self._keys.offers, key=lambda _: self._rng.bytes(8))
        found = {record.id: await self.get(record.id) for record in order}
        return [found[record.id] for record in self._keys.offers]

    async def edit(self, offer: bytes, content: OfferContent) -> OwnOffer:
        """Replace the content and return the offer as the node took it.

        Peers learn of it with the next release.

        Raises:
            RemoteError: the content breaks a rule of the protocol; nothing was sent.
            ProblemError: the node refused it.
        """
        record = self._keys.offer(offer)
        end_day = Day(record.end_day)
        preview_offer(content, offer=offer, origin=self._origin(), end_day=end_day)
        reply = await self._send("PATCH", record, body=EditBody(content))
        answer = decode_answer(reply, OwnOfferAnswer)
        _check_words(answer.content, content)
        changed = msgspec.structs.replace(record, content=answer.content)
        self._keys.put_offer(changed)
        self._keys.commit()
        return OwnOffer(changed, answer)

    async def extend(self, offer: bytes, *, days: int) -> Day:
        """Let the offer stand for *days* from today and return its new end day.

        Raises:
            UsageError: that is no later than before.
            ProblemError: the node refused it, such as beyond 365 days from publication.
        """
        record = self._keys.offer(offer)
        end_day = self.last_day(days)
        if end_day <= record.end_day:
            raise UsageError("the offer stands that long already")
        extended = msgspec.structs.replace(
            record, end_day=end_day, weeks=self._add_weeks(record.weeks, end_day)
        )
        body = ExtendBody(end_day)
        key = _key_of(record)
        await self._session.send("POST", _path(record, "/extension"), body=body, key=key)
        self._keys.put_offer(extended)
        self._keys.commit()
        if not await self._boxes.renew(_box_key_of(record), renew_by=_box_month(end_day)):
            await self._open_box(extended)
        await self._upload_bundles(extended)
        return end_day

    async def withdraw(self, offer: bytes) -> None:
        """Withdraw the offer; peers are told at once. Doing so again changes nothing.

        Its box is closed first, so that nobody knocks in vain.
        """
        record = self._keys.offer(offer)
        await self._boxes.close(_box_key_of(record))
        try:
            await self._send("DELETE", record)
        except ProblemError as error:
            if error.code not in ALREADY_GONE:
                raise
        # The key stays until the end day: it alone may ask for the erasure receipts.
        self._keys.put_offer(msgspec.structs.replace(record, state="withdrawn", weeks=()))
        self._keys.commit()

    async def receipts(self, offer: bytes) -> tuple[Receipt, ...]:
        """Return what each peer said of the withdrawal; nothing if none ever had the offer."""
        record = self._keys.offer(offer)
        try:
            reply = await self._send("GET", record, suffix="/receipts")
        except ProblemError as error:
            if error.code not in ALREADY_GONE:
                raise
            return ()
        return decode_answer(reply, ReceiptsAnswer).receipts

    def _make_record(self, content: OfferContent, end_day: Day) -> OfferRecord:
        key = SigningKey.generate(self._rng)
        return OfferRecord(
            id=offer_id(key.verify_key),
            seed=key.seed,
            box_seed=self._rng.bytes(SEED_BYTES),
            end_day=end_day,
            content=content,
            weeks=self._add_weeks((), end_day),
        )

    def _add_weeks(self, weeks: Iterable[WeekRecord], end_day: Day) -> tuple[WeekRecord, ...]:
        """Return *weeks* and a seed for each missing one from this week to the last."""
        seeds = {week.week: week for week in weeks}
        last = week_of(Day(end_day - 1))  # on its end day the offer is gone
        for week in range(week_of(self._today()), last + 1, WEEK_DAYS):
            if week not in seeds:
                seeds[week] = WeekRecord(week, self._rng.bytes(SEED_BYTES))
        return tuple(seeds[week] for week in sorted(seeds))

    async def _complete(self, record: OfferRecord) -> OwnOffer:
        answer = None
        if record.state == "making":
            answer = await self._put(record)
            record = msgspec.structs.replace(record, state="live", content=answer.content)
            self._keys.put_offer(record)
            self._keys.commit()
        # Before the bundles name it: a knock to a box that is not there is lost.
        await self._open_box(record)
        return OwnOffer(await self._upload_bundles(record), answer)

    async def _open_box(self, record: OfferRecord) -> None:
        renew_by = _box_month(Day(record.end_day))
        await self._boxes.create(_box_key_of(record), "knock", renew_by=renew_by)

    async def _put(self, record: OfferRecord) -> OwnOfferAnswer:
        body = OfferBody(record.content, record.end_day)
        key = _key_of(record)
        try:
            reply = await self._session.send("PUT", _path(record), body=body, key=key)
        except ProblemError as error:
            if error.is_final:
                self._keys.drop(record.id)
                self._keys.commit()
            raise
        answer = decode_answer(reply, OwnOfferAnswer)
        if (answer.id, answer.end_day) != (encode_base64url(record.id), record.end_day):
            raise MalformedError("the node answers about another offer than was sent")
        _check_words(answer.content, record.content)
        return answer

    async def _upload_bundles(self, record: OfferRecord) -> OfferRecord:
        this_week = week_of(self._today())
        missing = _weeks_without_bundle(record, this_week)
        for start in range(0, len(missing), BUNDLES_PER_CALL):
            part = missing[start : start + BUNDLES_PER_CALL]
            body = BundlesBody(_make_bundles(record, part))
            path = _path(record, "/bundles")
            await self._session.send("PUT", path, body=body, key=_key_of(record))
        if missing:
            bundled = tuple(week.week for week in record.weeks if week.week >= this_week)
            record = msgspec.structs.replace(record, bundled=bundled)
            self._keys.put_offer(record)
            self._keys.commit()
        return record

    async def _send(
        self,
        method: str,
        record: OfferRecord,
        *,
        body: msgspec.Struct | None = None,
        suffix: str = "",
    ) -> Reply:
        """Return the answer to a call by the offer's key alone, without a session."""
        path = _path(record, suffix)
        return await self._connection.send(
            Request(method, path, body=body, key=_key_of(record))
        )

    def _today(self) -> Day:
        return day_of(self._clock.now())

    def _origin(self) -> str:
        return self._connection.origin


def _is_unfinished(record: OfferRecord, this_week: Day) -> bool:
    return record.state == "making" or (
        record.state == "live" and bool(_weeks_without_bundle(record, this_week))
    )


def _weeks_without_bundle(record: OfferRecord, this_week: Day) -> list[WeekRecord]:
    return [
        week
        for week in record.weeks
        if week.week >= this_week and week.week not in record.bundled
    ]


def _make_bundles(record: OfferRecord, weeks: Sequence[WeekRecord]) -> tuple[str, ...]:
    key = _key_of(record)
    knock_box = box_address(_box_key_of(record).verify_key)
    return tuple(
        encode_base64url(
            encode_bundle(
                key,
                week=Day(week.week),
                sealing_key=sealing_public_key(week.seed),
                knock_box=knock_box,
            )
        )
        for week in weeks
    )


def _check_words(taken: OfferContent, sent: OfferContent) -> None:
    """Check that the node took what was sent, but for topics that it may have generalised."""
    if taken != only_named(sent, taken.topics):
        raise MalformedError("the node says it took other words than were sent")


def _box_key_of(record: OfferRecord) -> SigningKey:
    return SigningKey.from_seed(record.box_seed)


def _box_month(end_day: Day) -> int:
    """Return the month until which a knock box is kept: the one after the offer's last."""
    return month_of(end_day) + 1


def _key_of(record: OfferRecord) -> SigningKey:
    return SigningKey.from_seed(record.seed)


def _path(record: OfferRecord, suffix: str = "") -> str:
    return f"{_OFFERS}{encode_base64url(record.id)}{suffix}"
