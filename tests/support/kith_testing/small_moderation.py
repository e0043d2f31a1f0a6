"""A small node (``small_node.py``) with moderators: reports, applications, seals, its actor.

Everything it was told lies in plain sight. Its keyholders' keys are in the test's hands.
"""

from __future__ import annotations

import dataclasses

import msgspec
from aiohttp import web

from kith_crypto.canonical import canonical_bytes
from kith_crypto.core import ROLE_MENTEE
from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.hashes import sha256
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import open_message
from kith_crypto.objects import community_id
from kith_crypto.posting import post_envelope
from kith_crypto.rsa import RsaSigningKey
from kith_crypto.seals import KIND_OFFER, make_seal, quarter_of
from kith_crypto.sender_seal import unwrap_seal
from kith_crypto.stamp import parse_postmark, postmark_of
from kith_protocol.actor import ActorDraft, build_actor
from kith_protocol.conversation.events import Evidence
from kith_protocol.day import day_of
from kith_protocol.errors import ConflictError, NotFoundError
from kith_protocol.http_signature import Message
from kith_protocol.keyholders import sign_keyholders
from kith_protocol.sealed_api import (
    AdmissionBody,
    ApplicationBody,
    CaseAnswer,
    CaseEntry,
    CasesAnswer,
    DecisionBody,
    ModeratorsKeyBody,
    OpeningBody,
    PeerAnswer,
    PeersAnswer,
    ReportBody,
    ReportStateAnswer,
    ResealBody,
    SealAnswer,
)
from kith_protocol.urls import actor_url
from kith_testing.correspondence import (
    CONVERSATION,
    MEMBER,
    MENTEE,
    MENTOR_SEED,
    WEEK_KEY,
    a_message,
)
from kith_testing.rng import SeededRng
from kith_testing.small_answers import json_answer, read_body
from kith_testing.small_node import Clock, SmallNode
from kith_testing.small_state import Seen
from kith_testing.wire_documents import sign_as

KEYHOLDERS = SigningKey.from_seed(sha256(b"keyholders of the small node"))
KEYHOLDERS_SEED = sha256(b"seed of the quarter of the small node")
CATALOGUE_KEY = SigningKey.from_seed(bytes(range(32)))  # signs what its catalogue shows

_RSA_PEM = RsaSigningKey.generate().public_pem()


@dataclasses.dataclass
class Case:
    """A report or application as the node holds it."""

    entry: CaseEntry
    sealed: str
    invite: str = ""


class ModeratedNode(SmallNode):
    """The state of the node, and switches for tests."""

    def __init__(self, *, clock: Clock) -> None:
        super().__init__(clock=clock)
        self.reports: dict[str, Case] = {}
        self.applications: dict[str, Case] = {}
        self.decisions: list[DecisionBody] = []
        self.admitted: list[str] = []
        self.moderators_key = ""
        self.removed: list[str] = []
        self.others: dict[str, tuple[ModeratedNode, str]] = {}
        self.week_key: bytes | None = WEEK_KEY

    @property
    def epoch(self) -> int:
        """The keyholders' quarter."""
        return quarter_of(day_of(self.clock.now()))

    def add_report(self, sealed: str, *, origin: str = "") -> str:
        """Put a report into the queue, as a peer's Flag would; return its id."""
        name = encode_base64url(sha256(sealed.encode())[:16])
        entry = CaseEntry(name, day_of(self.clock.now()), "other", "waiting", origin)
        self.reports[name] = Case(entry, sealed)
        return name

    def evidence(self, text: str) -> Evidence:
        """Return what a member keeps of a message that came from a member of this node."""
        stamped = post_envelope(
            a_message(text),
            member_id=MEMBER,
            day=day_of(self.clock.now()),
            community=community_id(actor_url(self.origin)),
            node_key=self.post.key,
            keyholders_key=sealing_public_key(KEYHOLDERS_SEED),
            week_key=WEEK_KEY,
            rng=SeededRng(2),
        )
        opened = open_message(
            stamped,
            [MENTOR_SEED],
            writer=MENTEE.verify_key,
            conversation=CONVERSATION,
            role=ROLE_MENTEE,
        )
        postmark = postmark_of(stamped.envelope)
        return Evidence(self.origin, postmark, opened.frank_key, opened.raw)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; the actor document is for anybody."""
        if request.path == "/actor":
            return web.Response(body=self._actor())
        return await super().handle(request)

    def _answer(self, seen: Seen, message: Message) -> web.Response:
        parts = seen.path.removeprefix("/api/v1/").split("/")
        match parts:
            case ["peers"]:
                self._check_pass(seen)
                return json_answer(self._peers())
            case ["reports" | "applications" as kind, name]:
                return self._report(seen, kind, name)
            case ["moderation", *rest]:
                self._open(seen)
                return self._moderate(seen, rest)
            case _:
                return super()._answer(seen, message)

    def _report(self, seen: Seen, kind: str, name: str) -> web.Response:
        if kind == "reports":
            self._check_pass(seen)
            if seen.method == "GET":
                if name not in self.reports:
                    raise NotFoundError("report")
                state = self.reports[name].entry.state
                return json_answer(msgspec.convert({"state": state}, ReportStateAnswer))
            report = read_body(seen, ReportBody)
            entry = CaseEntry(name, day_of(self.clock.now()), report.category, "waiting")
            case = Case(entry, report.sealed)
        else:
            application = read_body(seen, ApplicationBody)
            entry = CaseEntry(name, day_of(self.clock.now()), "", "waiting")
            case = Case(entry, application.sealed, application.invite)
        held = self.reports if kind == "reports" else self.applications
        if held.setdefault(name, case) != case:
            raise ConflictError("other bytes")
        return web.Response(status=201)

    def _moderate(self, seen: Seen, parts: list[str]) -> web.Response:
        match (seen.method, *parts):
            case ("PUT", "key"):
                self.moderators_key = read_body(seen, ModeratorsKeyBody).key
            case ("GET", "reports" | "applications" as kind):
                cases = tuple(case.entry for case in self._queue(kind).values())
                return json_answer(CasesAnswer(cases))
            case (method, "reports" | "applications" as kind, name, *rest):
                if name not in self._queue(kind):
                    raise NotFoundError("case")
                return self._case(seen, method, kind, name, rest)
            case ("POST", "opening"):
                return self._unwrap(read_body(seen, OpeningBody))
            case ("GET", "offers", name, "seal"):
                return json_answer(SealAnswer(encode_base64url(self._owner_seal(name))))
            case ("DELETE", "offers", name):
                self.removed.append(name)
            case _:
                raise NotFoundError(seen.path)
        return web.Response(status=204)

    def _case(
        self, seen: Seen, method: str, kind: str, name: str, rest: list[str]
    ) -> web.Response:
        case = self._queue(kind)[name]
        if method == "GET":
            return json_answer(CaseAnswer(case.entry, case.sealed, case.invite))
        if method == "PUT":
            case.sealed = read_body(seen, ResealBody).sealed
        elif rest == ["decision"] and kind == "reports":
            body = read_body(seen, DecisionBody)
            self.decisions.append(body)
            case.entry = msgspec.structs.replace(case.entry, state=body.decision)
            if body.flag_to:
                self.others[body.flag_to][0].add_report(body.flag_sealed, origin=self.origin)
        else:
            if read_body(seen, AdmissionBody).is_admitted:
                self.admitted.append(case.invite)
            del self.applications[name]
        return web.Response(status=204)

    def _queue(self, kind: str) -> dict[str, Case]:
        return self.reports if kind == "reports" else self.applications

    def _unwrap(self, body: OpeningBody) -> web.Response:
        if self.week_key is None:
            raise NotFoundError("the week's key is gone")
        postmark = parse_postmark(parse_base64url(body.postmark))
        seal = unwrap_seal(self.week_key, postmark, own_keys=[self.post.key.verify_key])
        return json_answer(SealAnswer(encode_base64url(seal)))

    def _owner_seal(self, name: str) -> bytes:
        if name not in self.offers:
            raise NotFoundError("offer")
        return make_seal(
            sealing_public_key(KEYHOLDERS_SEED),
            member_id=MEMBER,
            digest=sha256(parse_base64url(name)),
            salt=bytes(16),
            kind=KIND_OFFER,
            community=community_id(actor_url(self.origin)),
            epoch=self.epoch,
        )

    def _peers(self) -> PeersAnswer:
        mine = PeerAnswer(
            self.origin, "Small", "self", self._keys(), moderators_key=self.moderators_key
        )
        others = [
            PeerAnswer(
                other.origin,
                "Other",
                standing,  # type: ignore[arg-type] # a literal, by the test
                other._keys(),
                moderators_key=other.moderators_key,
            )
            for other, standing in self.others.values()
        ]
        return PeersAnswer((mine, *others))

    def connect(self, other: ModeratedNode, standing: str = "open") -> None:
        """Let *other* stand in the list of peers."""
        self.others[other.origin] = (other, standing)

    def _keys(self) -> tuple[str, ...]:
        keys: tuple[VerifyKey, ...] = (self.post.key.verify_key, CATALOGUE_KEY.verify_key)
        return tuple(map(encode_base64url, keys))

    def _actor(self) -> bytes:
        sealing_key = sealing_public_key(KEYHOLDERS_SEED)
        draft = ActorDraft(
            origin=self.origin,
            name="Small",
            summary="",
            programme="adults",
            verify_key=self.post.key.verify_key,
            rsa_public_pem=_RSA_PEM,
            keyholders=sign_keyholders(KEYHOLDERS, sealing_key=sealing_key, epoch=self.epoch),
        )
        today = day_of(self.clock.now())
        return canonical_bytes(sign_as(self.origin, self.post.key, build_actor(draft), today))
