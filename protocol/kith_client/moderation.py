"""What moderators do on their own device: read reports, check proofs, decide.

The node holds sealed reports and applications; the moderators' private key lives in each
moderator's vault. A proof is checked here, with keys that the reporter does not control, before
anybody sees the words. A report of another community's member goes on to that community's
moderators only with the reporter's consent; for one's own the keyholders get a case.

What this does not do: no moderator can tell who a member is. That takes the keyholders.
"""

from __future__ import annotations

import asyncio
from typing import Literal

import msgspec

from kith_client.errors import ProblemError
from kith_client.http import NodeConnection, Reply, Request, decode_answer
from kith_client.moderators_key import (
    ModeratorsSeeds,
    lock_moderators_key,
    unlock_moderators_key,
)
from kith_client.patience import Pause, repeat
from kith_client.post import Peers
from kith_client.reports import fetch_peers, moderators_key_of, own_moderators_key
from kith_client.session import Session
from kith_client.shelf import Shelf
from kith_client.system import Clock
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import DecryptionError, MalformedError, SignatureError, UsageError
from kith_crypto.hpke import SEED_BYTES, sealing_public_key
from kith_crypto.moderators import (
    KIND_APPLICATION,
    KIND_REPORT,
    seal_for_moderators,
)
from kith_crypto.objects import community_id
from kith_crypto.randomness import Rng
from kith_crypto.seals import SEAL_BYTES
from kith_crypto.stamp import encode_postmark
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_protocol.activity import FLAG_BYTES
from kith_protocol.day import day_of
from kith_protocol.keyholders_case import Case, check_case, encode_case
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.proposal import parse_proposal
from kith_protocol.reporting import (
    Proven,
    ProvenMessage,
    ProvenOffer,
    ReportPayload,
    check_report,
    clean_words,
    encode_payload,
    parse_application,
    parse_payload,
)
from kith_protocol.resource_content import ResourceContent
from kith_protocol.sealed_api import (
    AdmissionBody,
    CaseAnswer,
    CaseEntry,
    CasesAnswer,
    DecisionBody,
    ModeratorsKeyBody,
    OpeningBody,
    ResealBody,
    SealAnswer,
)
from kith_protocol.urls import actor_url, parse_offer_url

Queue = Literal["reports", "applications"]

_MODERATION = "/api/v1/moderation/"
_KINDS: dict[Queue, int] = {"reports": KIND_REPORT, "applications": KIND_APPLICATION}


class OpenedReport(msgspec.Struct, frozen=True):
    """A report on the moderators' screen. Its ``repr`` shows nothing.

    Attributes:
        entry: its line in the queue.
        payload: what the reporter says.
        proven: what is proven; None where the proof is false, and of a proposal.
        proposed: the entry that somebody proposes for the library, if it is that.
    """

    entry: CaseEntry
    payload: ReportPayload
    proven: Proven | None
    proposed: ResourceContent | None = None

    def __repr__(self) -> str:
        return "OpenedReport(...)"


class OpenedApplication(msgspec.Struct, frozen=True):
    """An application on the moderators' screen. Its ``repr`` shows nothing.

    Attributes:
        entry: its line in the queue.
        words: of the applicant.
    """

    entry: CaseEntry
    words: str

    def __repr__(self) -> str:
        return "OpenedApplication(...)"


class NewKey(msgspec.Struct, frozen=True):
    """What making a new moderators' key came to.

    Attributes:
        public: it, 1216 bytes.
        sealed_anew: how many waiting reports and applications were sealed to it.
        left: how many could not be: sealed to a key that is not in this vault.
    """

    public: bytes
    sealed_anew: int
    left: int


class Moderation:
    """The moderators' queue of one community."""

    def __init__(
        self,
        *,
        connection: NodeConnection,
        session: Session,
        peers: Peers,
        shelf: Shelf,
        actor: str,
        clock: Clock,
        rng: Rng,
        pause: Pause = asyncio.sleep,
    ) -> None:
        """Take the parts.

        Args:
            connection: to the own node, for its actor document.
            session: of a member with the role.
            peers: whose keys prove, and whose moderators reports are passed on to.
            shelf: keeps the moderators' seeds, in the vault.
            actor: of the own community, as pinned at joining.
            clock: dates the seeds.
            rng: makes them.
            pause: waits between two tries.
        """
        self._connection = connection
        self._session = session
        self._peers = peers
        self._seeds = ModeratorsSeeds(shelf, clock=clock)
        self._actor = actor
        self._clock = clock
        self._rng = rng
        self._pause = pause

    # --- the key -----------------------------------------------------------------

    @property
    def has_key(self) -> bool:
        """Return whether this vault holds a key of moderators."""
        return bool(self._seeds.list())

    async def make_key(self) -> NewKey:
        """Make a new moderators' key, publish it, and seal what waits to it anew.

        For the first moderator, and each time one leaves. The others get it by ``hand_on``.
        The seed is stored before it is published, and old ones stay in the vault, so nothing
        that was sealed to them is lost if this stops half way.

        Raises:
            ProblemError: ``forbidden``: one's role does not allow it.
        """
        seed = self._rng.bytes(SEED_BYTES)
        await self._seeds.keep(seed)
        public = sealing_public_key(seed)
        await self._send("PUT", "key", ModeratorsKeyBody(encode_base64url(public)))
        done, left = 0, 0
        queues: tuple[Queue, ...] = ("reports", "applications")
        for queue in queues:
            for entry in await self._list(queue):
                is_done = entry.state == "waiting" and await self._reseal(queue, entry, public)
                done += is_done
                left += entry.state == "waiting" and not is_done
        return NewKey(public, done, left)

    async def hand_on(self, passphrase: str) -> bytes:
        """Return the published key as a file, 92 bytes, that *passphrase* opens.

        Raises:
            UsageError: the key that is published is not in this vault.
        """
        seed = self._seeds.find(await self._published())
        return await asyncio.to_thread(lock_moderators_key, seed, passphrase, rng=self._rng)

    async def take_over(self, raw: bytes, passphrase: str) -> None:
        """Keep the key in *raw*, a file of ``hand_on``, in one's own vault.

        Raises:
            WrongPassphraseError: it does not open.
            UsageError: it is no such file, or not the key that the community publishes.
        """
        seed = await asyncio.to_thread(unlock_moderators_key, raw, passphrase)
        if sealing_public_key(seed) != await self._published():
            raise UsageError("this is not the key that your community publishes")
        await self._seeds.keep(seed)

    # --- the queue ---------------------------------------------------------------

    async def list_reports(self) -> tuple[CaseEntry, ...]:
        """Return the queue of reports, those that wait first."""
        entries = await self._list("reports")
        return tuple(sorted(entries, key=lambda one: (one.state != "waiting", one.day, one.id)))

    async def list_applications(self) -> tuple[CaseEntry, ...]:
        """Return the queue of applications, oldest first."""
        entries = await self._list("applications")
        return tuple(sorted(entries, key=lambda one: (one.day, one.id)))

    async def open_report(self, report: bytes) -> OpenedReport:
        """Return a report, opened and its proof checked on this device.

        Args:
            report: its id, 16 bytes.

        Raises:
            DecryptionError: it was sealed to a key that is not in this vault.
            RemoteError: there is no report in it.
        """
        case = await self._get("reports", report)
        payload = parse_payload(self._open(case.sealed, KIND_REPORT))
        if payload.kind == "resource":
            return OpenedReport(case.entry, payload, None, parse_proposal(payload.proof))
        keys = await self._peers.keys_of(payload.node)
        try:
            proven = check_report(payload, keys)
        except SignatureError:
            return OpenedReport(case.entry, payload, None)
        return OpenedReport(case.entry, payload, proven)

    async def open_application(self, application: bytes) -> OpenedApplication:
        """Return an application, opened on this device.

        Raises:
            DecryptionError: it was sealed to a key that is not in this vault.
            RemoteError: there is no application in it.
        """
        case = await self._get("applications", application)
        words = parse_application(self._open(case.sealed, KIND_APPLICATION))
        return OpenedApplication(case.entry, words)

    # --- decisions ---------------------------------------------------------------

    async def decide(self, report: bytes, decision: Literal["acted", "no-action"]) -> None:
        """Close a report; it is deleted 30 days later. The reporter sees the word.

        Args:
            report: its id, 16 bytes.
            decision: what was done. For the third one see ``pass_on``.
        """
        await self._decide(report, DecisionBody(decision))

    async def pass_on(self, opened: OpenedReport) -> None:
        """Pass a proven report on to the moderators of the community it is of.

        They get all of it, sealed to their key; nobody else does.

        Raises:
            UsageError: the reporter did not agree, the proof is false, it is one of this
                community or too long, or the other one is not a peer or has no moderators'
                key.
        """
        _check_no_proposal(opened)
        if not opened.payload.may_pass_on:
            raise UsageError("the reporter did not agree to pass it on")
        if opened.proven is None:
            raise UsageError("the proof is false; it is not passed on")
        node = opened.payload.node
        peers = await fetch_peers(self._session, pause=self._pause)
        peer = next((one for one in peers if one.node == node), None)
        if peer is None or peer.standing != "open":
            raise UsageError(f"reports are passed on to peers only, and {node} is none")
        sealed = seal_for_moderators(
            moderators_key_of(peer),
            encode_payload(opened.payload),
            kind=KIND_REPORT,
            community=community_id(actor_url(node)),
        )
        if len(sealed) not in FLAG_BYTES:
            raise UsageError("the message is too long to be passed on; write to their stewards")
        proven = opened.proven
        body = DecisionBody(
            decision="passed-on",
            flag_to=node,
            flag_sealed=encode_base64url(sealed),
            flag_object=proven.offer.id if isinstance(proven, ProvenOffer) else "",
        )
        await self._decide(parse_base64url(opened.entry.id), body)

    async def admit(self, application: bytes, *, is_admitted: bool) -> None:
        """Decide about an application, which is deleted; approving opens its invite."""
        path = f"applications/{encode_base64url(application)}/decision"
        await self._send("POST", path, AdmissionBody(is_admitted))

    async def remove_offer(self, offer: bytes) -> None:
        """Remove an offer of this community, here and at every peer, and close its box.

        Args:
            offer: the 16 bytes of its id.
        """
        await self._send("DELETE", f"offers/{encode_base64url(offer)}")

    async def write_case(self, opened: OpenedReport, *, note: str = "") -> bytes:
        """Return the file for the keyholders, who alone can open the seal in it.

        The node unwraps the sender's seal for it, as long as it holds the key of that week
        (9 weeks), or hands out the offer's. The reporter's words stay here; the *note* goes.

        Args:
            opened: a proven report of somebody of this community.
            note: the moderators' words for the keyholders, at most 2000 characters.

        Raises:
            UsageError: it is not proven, or of another community.
            ProblemError: ``cannot-open``: too long ago; ``not-found``: no such offer any more.
            SignatureError: the node's actor document does not fit; nothing is handed on.
        """
        _check_no_proposal(opened)
        if opened.proven is None:
            raise UsageError("the proof is false; keyholders open nothing for it")
        if actor_url(opened.payload.node) != self._actor:
            raise UsageError("it is of another community: pass it on to its moderators")
        case = Case(
            report=msgspec.structs.replace(opened.payload, words=clean_words(note)),
            seal=await self._fetch_seal(opened.proven),
            actor=await self._fetch_actor(),
            day=day_of(self._clock.now()),
        )
        check_case(case)
        return encode_case(case)

    # --- parts -------------------------------------------------------------------

    async def _published(self) -> bytes:
        peers = await fetch_peers(self._session, pause=self._pause)
        return own_moderators_key(peers, self._actor)

    def _open(self, sealed: str, kind: int) -> bytes:
        raw = parse_base64url(sealed)
        return self._seeds.open(raw, kind=kind, community=community_id(self._actor))

    async def _reseal(self, queue: Queue, entry: CaseEntry, public: bytes) -> bool:
        """Seal a waiting case to *public*; return whether its bytes are sealed to it now."""
        kind = _KINDS[queue]
        case = await self._get(queue, parse_base64url(entry.id))
        try:
            payload = self._open(case.sealed, kind)
        except (DecryptionError, MalformedError):
            return False
        community = community_id(self._actor)
        sealed = seal_for_moderators(public, payload, kind=kind, community=community)
        body = ResealBody(encode_base64url(sealed))
        try:
            await self._send("PUT", f"{queue}/{entry.id}", body)
        except ProblemError:
            return False  # decided by another moderator meanwhile
        return True

    async def _list(self, queue: Queue) -> tuple[CaseEntry, ...]:
        return decode_answer(await self._send("GET", queue), CasesAnswer).cases

    async def _get(self, queue: Queue, case: bytes) -> CaseAnswer:
        reply = await self._send("GET", f"{queue}/{encode_base64url(case)}")
        return decode_answer(reply, CaseAnswer)

    async def _decide(self, report: bytes, body: DecisionBody) -> None:
        await self._send("POST", f"reports/{encode_base64url(report)}/decision", body)

    async def _fetch_seal(self, proven: Proven) -> bytes:
        if isinstance(proven, ProvenMessage):
            postmark = encode_base64url(encode_postmark(proven.postmark))
            reply = await self._send("POST", "opening", OpeningBody(postmark))
        else:
            _, offer = parse_offer_url(proven.offer.id, development=True)
            reply = await self._send("GET", f"offers/{encode_base64url(offer)}/seal")
        return parse_base64url(decode_answer(reply, SealAnswer).seal, size=SEAL_BYTES)

    async def _fetch_actor(self) -> JsonObject:
        request = Request("GET", "/actor")
        reply = await repeat(lambda: self._connection.send(request), pause=self._pause)
        return parse_json_object(reply.body, max_bytes=MAX_DOCUMENT_BYTES)

    async def _send(self, method: str, path: str, body: msgspec.Struct | None = None) -> Reply:
        request = Request(method, _MODERATION + path, body=body)
        return await repeat(lambda: self._session.send_request(request), pause=self._pause)


def _check_no_proposal(opened: OpenedReport) -> None:
    if opened.proposed is not None:
        raise UsageError("this is a proposal for the library; it accuses nobody")
