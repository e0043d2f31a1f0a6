"""Reporting a received message or an offer to one's own community's moderators, with proof.

Entries for the library are proposed in the same way.

A report is sealed on this device; the node keeps ciphertext, category and day, and is shown the
reader pass alone, so it cannot tell who reports. It proves one message, or one offer, and shows
nothing else of a conversation. Only the moderators of one's own community read it; those of the
other one get it only by their decision and with the reporter's consent.

What this does not do: it does not hide from the moderators what the message itself tells.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec

from kith_client.errors import ProblemError
from kith_client.http import Request, decode_answer
from kith_client.patience import Pause, repeat
from kith_client.post import Peers
from kith_client.search import Search
from kith_client.session import Session
from kith_client.shelf import Shelf
from kith_client.system import Clock
from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import UsageError
from kith_crypto.hpke import PUBLIC_KEY_BYTES
from kith_crypto.moderators import KIND_APPLICATION, KIND_REPORT, seal_for_moderators
from kith_crypto.objects import community_id
from kith_crypto.randomness import Rng
from kith_crypto.report import Report, encode_report
from kith_crypto.strict_json import parse_json_object
from kith_protocol.conversation.events import Evidence
from kith_protocol.day import day_of
from kith_protocol.errors import NotFoundError
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.proposal import encode_proposal
from kith_protocol.reporting import (
    ReportKind,
    ReportPayload,
    check_report,
    clean_words,
    encode_application,
    encode_payload,
)
from kith_protocol.resource_content import ResourceContent
from kith_protocol.sealed_api import (
    ApplicationBody,
    PeerAnswer,
    PeersAnswer,
    ReportBody,
    ReportCategory,
    ReportStateAnswer,
)
from kith_protocol.urls import actor_url, origin_of, parse_offer_url, parse_origin

RECORD_KIND = "report"
ID_BYTES = 16
KEPT_DAYS = 210  # undecided 180, and 30 after the decision

_REPORTS = "/api/v1/reports/"
_APPLICATIONS = "/api/v1/applications/"


class OwnReport(msgspec.Struct, frozen=True):
    """A report that was made here. Its ``repr`` shows nothing.

    Attributes:
        id: 16 random bytes.
        kind: what was reported.
        category: as chosen.
        node: origin of what was reported.
        day: on which it was sent.
    """

    id: bytes
    kind: ReportKind
    category: ReportCategory
    node: str
    day: int

    def __repr__(self) -> str:
        return "OwnReport(...)"


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: ReportKind
    category: ReportCategory
    node: str
    day: int


class Reports:
    """Making reports, and what became of them."""

    def __init__(
        self,
        *,
        session: Session,
        peers: Peers,
        search: Search,
        shelf: Shelf,
        actor: str,
        clock: Clock,
        rng: Rng,
        pause: Pause = asyncio.sleep,
    ) -> None:
        """Take the parts.

        Args:
            session: its reader pass is shown.
            peers: whose keys prove, and whose moderators read.
            search: finds a reported offer.
            shelf: keeps the ids of reports, in the vault.
            actor: of the own community, as pinned at joining.
            clock: dates the records.
            rng: makes ids.
            pause: waits between two tries.
        """
        self._session = session
        self._peers = peers
        self._search = search
        self._shelf = shelf
        self._actor = actor
        self._clock = clock
        self._rng = rng
        self._pause = pause

    async def report_message(
        self,
        proof: Evidence,
        *,
        category: ReportCategory,
        words: str = "",
        may_pass_on: bool = False,
    ) -> OwnReport:
        """Report a received message and return the report, sent.

        Args:
            proof: as the conversation keeps it for 30 days.
            category: stands openly beside the sealed report.
            words: for the moderators, at most 2000 characters; misleading ones are dropped.
            may_pass_on: they may hand it, these words included, to the other community's.

        Raises:
            SignatureError: it proves nothing; the moderators would see the same. Nothing was
                sent.
            UsageError: the community has no moderators' key.
            ProblemError: the node refused.
        """
        report = Report(postmark=proof.postmark, frank_key=proof.frank_key, core=proof.core)
        return await self._send(
            ReportPayload(
                kind="message",
                category=category,
                words=clean_words(words),
                may_pass_on=may_pass_on,
                node=parse_origin(proof.node, development=True),
                proof=encode_report(report),
            )
        )

    async def report_offer(
        self,
        offer_url: str,
        *,
        category: ReportCategory,
        words: str = "",
        may_pass_on: bool = False,
    ) -> OwnReport:
        """Report an offer of any community, by its URL, and return the report, sent.

        Raises:
            SignatureError: the offer is not signed by its node; nothing was sent.
            UsageError: the community has no moderators' key.
            ProblemError: there is no such offer (any more), or the node refused.
        """
        origin, _ = parse_offer_url(offer_url, development=True)
        found = bytes((await self._search.get(offer_url)).object)
        document = parse_json_object(found, max_bytes=MAX_DOCUMENT_BYTES)
        return await self._send(
            ReportPayload(
                kind="offer",
                category=category,
                words=clean_words(words),
                may_pass_on=may_pass_on,
                node=origin,
                proof=canonical_bytes(document),
            )
        )

    async def propose(self, content: ResourceContent, *, words: str = "") -> OwnReport:
        """Propose an entry for the own community's library, and return the proposal, sent.

        It goes the way of a report: the node cannot tell it from one, nor who sent it.

        Args:
            content: the entry.
            words: for the moderators, at most 2000 characters; misleading ones are dropped.

        Raises:
            RemoteError: the entry may not stand in a library; nothing was sent.
            UsageError: the community has no moderators' key.
            ProblemError: the node refused.
        """
        return await self._send(
            ReportPayload(
                kind="resource",
                category="other",
                words=clean_words(words),
                may_pass_on=False,
                node=origin_of(self._actor, development=True),
                proof=encode_proposal(content),
            )
        )

    def list(self) -> tuple[OwnReport, ...]:
        """Return what was reported from here, newest first, while it may still exist."""
        since = day_of(self._clock.now()) - KEPT_DAYS
        found = [
            OwnReport(key, value.kind, value.category, value.node, value.day)
            for key, value in self._shelf.all(RECORD_KIND, _Value).items()
            if value.day > since
        ]
        return tuple(sorted(found, key=lambda one: (-one.day, one.id)))

    async def state(self, report: bytes) -> str | None:
        """Return ``waiting`` or the moderators' decision; None once the node has deleted it."""
        path = _REPORTS + encode_base64url(report)
        try:
            reply = await repeat(lambda: self._session.read(path), pause=self._pause)
        except ProblemError as error:
            if error.code != NotFoundError.code:
                raise
            return None
        return decode_answer(reply, ReportStateAnswer).state

    async def forget_old(self) -> None:
        """Drop the records of reports that the node has deleted by now."""
        live = {one.id for one in self.list()}
        old = [key for key in self._shelf.all(RECORD_KIND, _Value) if key not in live]
        for key in old:
            self._shelf.drop(RECORD_KIND, key)
        if old:
            await self._shelf.save()

    async def _send(self, payload: ReportPayload) -> OwnReport:
        if payload.kind != "resource":
            check_report(payload, await self._peers.keys_of(payload.node))
        peers = await fetch_peers(self._session, pause=self._pause)
        key = own_moderators_key(peers, self._actor)
        sealed = seal_for_moderators(
            key,
            encode_payload(payload),
            kind=KIND_REPORT,
            community=community_id(self._actor),
        )
        report = self._rng.bytes(ID_BYTES)
        request = Request(
            "PUT",
            _REPORTS + encode_base64url(report),
            body=ReportBody(payload.category, encode_base64url(sealed)),
        )
        await repeat(lambda: self._session.read_request(request), pause=self._pause)
        day = day_of(self._clock.now())
        value = _Value(payload.kind, payload.category, payload.node, day)
        self._shelf.put(RECORD_KIND, report, value)
        await self._shelf.save()
        return OwnReport(report, value.kind, value.category, value.node, day)


def make_application(
    words: str, *, invite: bytes, moderators_key: bytes, actor: str, rng: Rng
) -> Request:
    """Return the call by which somebody without an account applies to join.

    Args:
        words: 1 to 2000 characters, without links, handles and long numbers.
        invite: SHA-256 of an invite that this device made and keeps; approving opens it.
        moderators_key: of the community, 1216 bytes.
        actor: of the community.
        rng: makes the application's id.

    Raises:
        RemoteError: the words hold what an application may not.
        KeyRefusedError: *moderators_key* is not a sealing key.
    """
    sealed = seal_for_moderators(
        moderators_key,
        encode_application(words),
        kind=KIND_APPLICATION,
        community=community_id(actor),
    )
    path = _APPLICATIONS + encode_base64url(rng.bytes(ID_BYTES))
    body = ApplicationBody(encode_base64url(invite), encode_base64url(sealed))
    return Request("PUT", path, body=body)


async def fetch_peers(
    session: Session, *, pause: Pause = asyncio.sleep
) -> tuple[PeerAnswer, ...]:
    """Return all nodes as of now, for a key that was replaced is no use to seal to."""
    reply = await repeat(lambda: session.read("/api/v1/peers"), pause=pause)
    return decode_answer(reply, PeersAnswer).peers


def own_moderators_key(peers: Iterable[PeerAnswer], actor: str) -> bytes:
    """Return the public key, 1216 bytes, of the moderators of the community *actor*.

    Raises:
        UsageError: there is none.
    """
    for peer in peers:
        if actor_url(parse_origin(peer.node, development=True)) == actor:
            return moderators_key_of(peer)
    raise UsageError("your node does not list itself; ask its stewards")


def moderators_key_of(peer: PeerAnswer) -> bytes:
    """Return the public key, 1216 bytes, of the moderators of *peer*.

    Raises:
        UsageError: they have none.
        MalformedError: it is no such key.
    """
    if not peer.moderators_key:
        raise UsageError(f"the moderators of {peer.name} have no key yet; talk to a steward")
    return parse_base64url(peer.moderators_key, size=PUBLIC_KEY_BYTES)
