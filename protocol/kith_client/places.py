"""How much room one's own offers have: places, pauses, and the one word that others read.

    await member.places.limit(offer, 2)
    await member.knocks.accept(knock, "Gladly", pause_until=day)
    …
    await member.places.resume(offer)

All of it is kept in the vault; the node is told ``open`` or ``full``, by a change of the offer
signed with the offer's key. What a member says of an offer directly is told at once. What
follows from answering a knock or from an ending is told when the client looks into its boxes
the next time, somewhere among them: right after an answer it would point at it. A community
keeps such a change back for a random number of its releases, so other communities learn of it
later still. What could not be told is told at the next look.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterable
from functools import partial

import msgspec

from kith_client.blocks import Blocks
from kith_client.conversation import Conversation
from kith_client.correspondence import Correspondence
from kith_client.keystore import KeyStore
from kith_client.offers import Offers
from kith_client.records import OfferRecord
from kith_crypto.core import ROLE_MENTOR
from kith_crypto.errors import KithError
from kith_protocol.capacity import (
    Asked,
    PlacesRules,
    pause,
    pause_if_silent,
    resume,
    room_of,
    wake,
    with_places,
)
from kith_protocol.conversation.records import IncomingKnock, Talk
from kith_protocol.offer_content import Room

KIND = "places"

_KNOCKS = b""  # the lock that knocks share


class OfferPlaces(msgspec.Struct, frozen=True):
    """The room at one offer.

    Attributes:
        places: for how many people at a time; 0 for no limit.
        taken: how many mentorships that began there go on.
        is_paused: nobody new for the moment.
        until: first day on which the pause is over; 0 until its owner ends it.
        is_silent: paused because two knocks in a row were left unanswered.
        room: what others are to read.
        is_told: whether the node has that.
    """

    places: int
    taken: int
    is_paused: bool
    until: int
    is_silent: bool
    room: Room
    is_told: bool


class Places:
    """The room at one member's offers."""

    def __init__(
        self, means: Correspondence, keys: KeyStore, blocks: Blocks, offers: Offers
    ) -> None:
        self._means = means
        self._keys = keys
        self._blocks = blocks
        self._offers = offers

    def of(self, offer: bytes) -> OfferPlaces:
        """Return the room at one's own offer.

        Raises:
            UsageError: these keys own no such offer.
        """
        record, rules = self._keys.offer(offer), self._kept(offer) or PlacesRules()
        taken, room = self._count_running(offer), self._room_of(record)
        return OfferPlaces(
            places=rules.places,
            taken=taken,
            is_paused=rules.is_paused,
            until=rules.until,
            is_silent=rules.is_silent,
            room=room,
            is_told=room == record.content.room,
        )

    async def limit(self, offer: bytes, places: int) -> OfferPlaces:
        """Have room for so many people at a time, 1 to 99; 0 for no limit.

        Raises:
            UsageError: another number, or no such offer.
        """
        return await self._change(offer, partial(with_places, places=places))

    async def pause(self, offer: bytes, *, until: int = 0) -> OfferPlaces:
        """Take nobody new for a while; the offer stays.

        Args:
            offer: its id.
            until: first day on which it is open again, or 0 until ``resume``.

        Raises:
            UsageError: that day has come already, or no such offer.
        """
        return await self._change(offer, partial(pause, until=until, today=self._means.today))

    async def resume(self, offer: bytes) -> OfferPlaces:
        """End a pause, whoever began it.

        Raises:
            UsageError: no such offer.
        """
        return await self._change(offer, partial(resume, now=self._means.clock.now()))

    # --- for ``knocks`` ----------------------------------------------------------------

    def plan_pause(self, offer: bytes, *, until: int) -> Callable[[], None]:
        """Return what pauses an offer once it is called; the node hears at the next look.

        Args:
            offer: its id.
            until: as in ``pause``.

        Raises:
            UsageError: that day has come already, or no such offer.
        """
        rules = pause(self._adopted(offer), until=until, today=self._means.today)
        return partial(self._means.shelf.put, KIND, offer, rules)

    def settle(self, knocks: Iterable[IncomingKnock]) -> tuple[bytes, ...]:
        """End the pauses whose day has come and pause where nobody answers; the caller saves.

        Args:
            knocks: all that came.

        Returns:
            The offers that are paused from now on because knocks were left unanswered.
        """
        asked: dict[bytes, list[Asked]] = {}
        for knock in knocks:
            # Who blocks somebody is there, and owes them no answer.
            if not self._blocks.is_blocked(offer=knock.offer, node=knock.node, who=knock.who):
                asked.setdefault(knock.offer, []).append(Asked(knock.state, knock.expires_at))
        paused = []
        for record in self._standing():
            kept = self._adopted(record.id)
            woken = wake(kept, today=self._means.today, now=self._means.clock.now())
            rules = pause_if_silent(woken, asked.get(record.id, ()))
            if rules.is_silent and not kept.is_silent:
                paused.append(record.id)
            if rules != kept:
                self._means.shelf.put(KIND, record.id, rules)
        return tuple(paused)

    def flips(
        self, only: Collection[bytes] | None = None
    ) -> list[Callable[[], Awaitable[object]]]:
        """Return the calls that tell the node of rooms that have changed.

        Args:
            only: of these offers, or of all.
        """
        return [
            partial(self._tell, record.id)
            for record in self._standing()
            if (only is None or record.id in only)
            and self._room_of(record) != record.content.room
        ]

    async def _change(
        self, offer: bytes, change: Callable[[PlacesRules], PlacesRules]
    ) -> OfferPlaces:
        """Keep the rules of an offer after *change*, then tell the node if that is possible."""
        async with self._means.locks[_KNOCKS]:
            self._means.shelf.put(KIND, offer, change(self._adopted(offer)))
            await self._means.shelf.save()
            if self.flips((offer,)):
                await self._tell(offer)
            return self.of(offer)

    async def _tell(self, offer: bytes) -> None:
        """Tell the node of the room at an offer; what keeps it from that is not lost."""
        record = self._keys.offer(offer)
        content = msgspec.structs.replace(record.content, room=self._room_of(record))
        with contextlib.suppress(KithError):  # told at the next look
            await self._offers.edit(offer, content)
            await self._means.shelf.save()

    def _standing(self) -> list[OfferRecord]:
        today = self._means.today
        return [one for one in self._keys.offers if one.state == "live" and one.end_day > today]

    def _kept(self, offer: bytes) -> PlacesRules | None:
        return self._means.shelf.get(KIND, offer, PlacesRules)

    def _adopted(self, offer: bytes) -> PlacesRules:
        """Return the rules of an offer; one that was made full by hand is paused by that."""
        record = self._keys.offer(offer)
        kept = self._kept(offer)
        return kept or PlacesRules(is_paused=record.content.room == "full")

    def _room_of(self, record: OfferRecord) -> Room:
        """Return what others are to read; where nothing was ever said, what they read now."""
        rules = self._kept(record.id)
        if rules is None:
            return record.content.room
        return room_of(rules, running=self._count_running(record.id) if rules.places else 0)

    def _count_running(self, offer: bytes) -> int:
        """Return how many mentorships that began at an offer go on."""
        talks = {
            talk.conversation: talk
            for talk in self._means.shelf.records(Talk, kind="talk")
            if talk.offer == offer and talk.role == ROLE_MENTOR
        }
        return sum(
            conversation.state == "open" and conversation.mentorship.state.stage != "closed"
            for conversation in (
                Conversation(self._means, self._blocks, talk) for talk in talks.values()
            )
        )
