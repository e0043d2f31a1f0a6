"""The moderation room as routes, jobs and other rooms see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.hpke import PUBLIC_KEY_BYTES
from kith_crypto.seals import KIND_OFFER
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.letters import Letters
from kith_node.federation.moderators import ModeratorsKey
from kith_node.members.invites import Invites
from kith_node.moderation.applications import Applications
from kith_node.moderation.audit import Audit
from kith_node.moderation.flags import Flags
from kith_node.moderation.limits import Intake
from kith_node.moderation.reports import Reports
from kith_node.offers.service import Offers
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.day import DAY_S
from kith_protocol.errors import NotFoundError
from kith_protocol.sealed_api import OpeningBody, SealAnswer
from kith_protocol.urls import offer_url

Unwrap = Callable[[bytes], Awaitable[bytes]]


@dataclasses.dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What other rooms do for this one.

    Attributes:
        objects: ``objects.db``.
        catalogue: ``catalogue.db``, for the audit.
        identity: this node.
        moderators_key: where their public key is kept.
        invites: opens those of applicants.
        offers: removes offers and knows their seals.
        letters: carries what is passed on.
        unwrap: returns the sender seal of an encoded postmark with a stamp of this node.
        created: called after each new report; ``objects.db`` is to be rebuilt within the hour.
    """

    objects: Database
    catalogue: Database
    identity: NodeIdentity
    moderators_key: ModeratorsKey
    invites: Invites
    offers: Offers
    letters: Letters
    unwrap: Unwrap
    created: Callable[[], None]


class Moderation:
    """Reports, applications, and what moderators may do about offers."""

    def __init__(
        self,
        around: Neighbourhood,
        *,
        reports: Reports,
        applications: Applications,
        flags: Flags,
        audit: Audit,
        clock: Clock,
    ) -> None:
        """Take the parts, made by ``make_moderation``."""
        self.reports = reports
        self.applications = applications
        self.flags = flags
        self.audit = audit
        self._around = around
        self._clock = clock

    async def put_key(self, key: str, *, role: str) -> None:
        """Publish the moderators' new public key; peers fetch it when they are told.

        Raises:
            MalformedError, KeyRefusedError: it is no sealing key.
        """
        raw = parse_base64url(key, size=PUBLIC_KEY_BYTES)
        if self._around.moderators_key.replace(raw):
            await self.audit.note(role, "moderators-key")
            await self._around.letters.tell_of_new_actor()

    async def open_sender_seal(self, body: OpeningBody, *, role: str) -> SealAnswer:
        """Return the sender seal of a postmark with a stamp of ours.

        Raises:
            MalformedError: no postmark.
            SignatureError: the stamp is none of ours.
            DecryptionError: the key of its week is destroyed.
        """
        seal = await self._around.unwrap(parse_base64url(body.postmark))
        await self.audit.note(role, "sender-seal")
        return SealAnswer(encode_base64url(seal))

    async def owner_seal(self, offer_id: bytes, *, role: str) -> SealAnswer:
        """Return the owner seal of a live offer of this node.

        Raises:
            NotFoundError: there is none.
        """
        offers = self._around.offers
        async with offers.objects.read() as connection:
            is_live = await offers.lookup.key_of(connection, offer_id) is not None
            seal = await offers.seals.find(connection, offer_id, kind=KIND_OFFER)
        if seal is None or not is_live:
            raise NotFoundError("no such offer")
        await self.audit.note(role, "owner-seal", self._url(offer_id))
        return SealAnswer(encode_base64url(seal))

    async def remove_offer(self, offer_id: bytes, *, role: str) -> None:
        """Remove an offer of this node, here and at every peer, at once.

        Raises:
            NotFoundError: there is none.
        """
        await self._around.offers.endings.remove(offer_id)
        await self.audit.note(role, "offer-removed", self._url(offer_id))

    async def run_upkeep(self) -> float:
        """Delete what is over; return the seconds until tomorrow."""
        await self.reports.forget()
        await self.applications.forget()
        return float(DAY_S - self._clock.now() % DAY_S)

    def _url(self, offer_id: bytes) -> str:
        return offer_url(self._around.identity.origin, offer_id)


def make_moderation(
    around: Neighbourhood, *, clock: Clock, factor: int = 1, development: bool = False
) -> Moderation:
    """Return the room; *factor* widens how much one caller may hand in."""
    audit = Audit(around.catalogue, clock=clock)
    flags = Flags(
        around.objects,
        around.identity,
        letters=around.letters,
        clock=clock,
        development=development,
    )
    reports = Reports(
        around.objects,
        flags=flags,
        audit=audit,
        # A shared address, such as an onion service's, must not silence its members.
        intake=Intake(
            burst=20 * factor,
            period_s=600 / factor,
            total_burst=200 * factor,
            total_period_s=60 / factor,
            clock=clock,
        ),
        clock=clock,
        created=around.created,
    )
    applications = Applications(
        around.objects,
        invites=around.invites,
        audit=audit,
        intake=Intake(
            burst=3 * factor,
            period_s=3600 / factor,
            total_burst=30 * factor,
            total_period_s=1200 / factor,
            clock=clock,
        ),
        clock=clock,
    )
    return Moderation(
        around,
        reports=reports,
        applications=applications,
        flags=flags,
        audit=audit,
        clock=clock,
    )
