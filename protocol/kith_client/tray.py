"""The mentor's side of knocks: open what came to one's offers, and answer it.

First contact lies in a tray of its own. Opening a knock tells nobody: there are no receipts. A
knock by somebody blocked at that offer is dropped unseen, and one that came before is
recognised as the same, so neither is ever shown twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from kith_client.blocks import Block, Blocks
from kith_client.correspondence import Correspondence
from kith_client.keystore import KeyStore
from kith_client.personas import Persona
from kith_client.reading import Letter
from kith_client.records import OfferRecord
from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import (
    DecryptionError,
    MalformedError,
    SignatureError,
    UsageError,
)
from kith_protocol.conversation.bodies import Answer, card_of
from kith_protocol.conversation.incoming import (
    expire_incoming,
    is_early_withdrawal,
    merge_incoming,
    read_knock,
    without_old_proof,
    write_answer,
)
from kith_protocol.conversation.records import (
    IncomingKnock,
    change_of,
    deletion_of,
    knock_for_lane,
)
from kith_protocol.day import day_of
from kith_protocol.errors import ReplayedError

KIND = "knocked"
OPEN = "delivered"


class Tray:
    """The knocks that came to one member's offers."""

    def __init__(self, means: Correspondence, keys: KeyStore, blocks: Blocks) -> None:
        self._means = means
        self._keys = keys
        self._blocks = blocks

    def list(self) -> tuple[IncomingKnock, ...]:
        """Return all knocks that came and were kept, oldest first."""
        found = self._all().values()
        return tuple(sorted(found, key=lambda knock: (knock.read_at, knock.conversation)))

    def open(self) -> tuple[IncomingKnock, ...]:
        """Return the knocks that wait for an answer, oldest first; none of people blocked."""
        return tuple(
            knock
            for knock in self.list()
            if knock.state == OPEN and not self._is_blocked(knock)
        )

    def get(self, conversation: bytes) -> IncomingKnock:
        """Return the knock of this conversation.

        Raises:
            UsageError: there is none.
        """
        found = self._all().get(conversation)
        if found is None:
            raise UsageError("no such knock came to you")
        return found

    def boxes(self) -> tuple[OfferRecord, ...]:
        """Return the offers whose knock boxes are open."""
        return tuple(offer for offer in self._keys.offers if offer.state == "live")

    async def read(self, offer: OfferRecord) -> None:
        """Empty the knock box of *offer*."""

        async def read_letter(letter: Letter) -> bool:
            return await self._read_letter(offer.id, letter)

        key = SigningKey.from_seed(offer.box_seed)
        if not await self._means.reader.empty(key, read_letter):
            # What was left may take back a knock that came after it in the box.
            await self._means.reader.empty(key, read_letter)

    async def answer(
        self,
        knock: IncomingKnock,
        answer: Answer,
        *,
        persona: Persona | None,
        also: Callable[[], None] = lambda: None,
    ) -> IncomingKnock:
        """Answer a knock, either way, and return it.

        Args:
            knock: as it stands.
            answer: either way.
            persona: shown to the mentee, or None.
            also: puts on the shelf what is stored together with the answer.

        Raises:
            UsageError: it is over, taken back, or answered already.
        """
        means = self._means
        if persona is not None:
            answer = msgspec.structs.replace(answer, card=card_of(persona.content))
        written = write_answer(
            knock_for_lane(knock, means.shelf.lane(knock.conversation)),
            answer,
            offer_key=SigningKey.from_seed(self._keys.offer(knock.offer).seed),
            now=means.clock.now(),
            rng=means.rng,
        )
        if written.conversation is not None and written.box_key is not None:
            # Before the answer names it: what comes to a box that is not there is lost.
            await means.boxes.create(written.box_key, "reply", renew_by=means.reply_month())
            means.shelf.apply(written.conversation.take_changes())
        means.shelf.apply([change_of(written.knock)])
        also()
        handle = means.outbox.add_first(knock.conversation, written.unstamped, to=knock.node)
        await means.shelf.save()
        await means.outbox.send(handle, written.unstamped)
        return written.knock

    def block(self, knock: IncomingKnock) -> Block:
        """Block whoever knocked, at this offer; the caller saves."""
        block = Block(knock.offer, knock.node, knock.who, self._means.today)
        self._blocks.put(block)
        return block

    def expire(self) -> tuple[IncomingKnock, ...]:
        """Note whose time is up, and return those that no device has noted before.

        Knocks of people blocked are not among them.
        """
        now, shelf = self._means.clock.now(), self._means.shelf
        noted = []
        for group in self._copies().values():
            known = merge_incoming(group)
            knock = expire_incoming(known, now=now)
            if knock.state != known.state:
                own = knock_for_lane(knock, shelf.lane(knock.conversation))
                shelf.apply([change_of(own)])
                noted.append(own)
        return tuple(knock for knock in noted if not self._is_blocked(knock))

    def tidy(self) -> None:
        """Forget knocks to offers whose keys are gone, as no copy of them opens any more.

        Proofs of knocks go after 30 days.
        """
        known = {offer.id for offer in self._keys.offers}
        now = self._means.clock.now()
        for record in self._means.shelf.records(IncomingKnock, kind=KIND):
            kept = without_old_proof(record, now=now)
            if record.offer not in known:
                self._means.shelf.apply([deletion_of(record)])
            elif kept is not record:
                self._means.shelf.apply([change_of(kept)])

    async def _read_letter(self, offer: bytes, letter: Letter) -> bool:
        try:
            return self._take(offer, letter)
        except DecryptionError:
            # Perhaps for a week whose seed another device has just made.
            await self._means.shelf.save()
        try:
            return self._take(offer, letter)
        except DecryptionError:
            return True  # nothing of ours

    def _take(self, offer: bytes, letter: Letter) -> bool:
        """Take a letter in and return whether it may leave the box."""
        record = self._keys.offer(offer)
        seeds = [week.seed for week in sorted(record.weeks, key=lambda week: -week.week)]
        knocks, now = self._all(), self._means.clock.now()
        try:
            knock = read_knock(
                letter.stamped,
                seeds,
                offer=offer,
                node=letter.node,
                node_keys=letter.node_keys,
                knocks=knocks,
                device=self._means.shelf.device,
                now=now,
            )
        except ReplayedError:
            # Known already, unless it has overtaken what it takes back.
            return not is_early_withdrawal(
                letter.stamped, seeds, offer=offer, knocks=knocks, today=day_of(now)
            )
        except (SignatureError, MalformedError):
            return True  # not what it says it is
        if not self._is_blocked(knock):
            own = knock_for_lane(knock, self._means.shelf.lane(knock.conversation))
            self._means.shelf.apply([change_of(own)])
        return True

    def _is_blocked(self, knock: IncomingKnock) -> bool:
        return self._blocks.is_blocked(offer=knock.offer, node=knock.node, who=knock.who)

    def _all(self) -> Mapping[bytes, IncomingKnock]:
        now = self._means.clock.now()
        return {
            conversation: expire_incoming(merge_incoming(group), now=now)
            for conversation, group in self._copies().items()
        }

    def _copies(self) -> Mapping[bytes, Sequence[IncomingKnock]]:
        """Return each device's copy of every knock, by conversation."""
        copies: dict[bytes, list[IncomingKnock]] = {}
        for copy in self._means.shelf.records(IncomingKnock, kind=KIND):
            copies.setdefault(copy.conversation, []).append(copy)
        return copies
