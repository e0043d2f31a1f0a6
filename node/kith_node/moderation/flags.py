"""Reports that go from one community's moderators to another's, and what those say of them.

Ours leave by a moderator's decision alone, to an open peer, sealed to its moderators; limited
and blocked nodes get none. Other nodes' are taken from open peers, within limits of their own,
and answered once they are decided. The id of an activity decides which report it is, so that
each arrives once.

Source: SPEC.md, section on reports; ActivityStreams 2.0 vocabulary, Flag.
"""

from __future__ import annotations

import sqlite3
from typing import Literal, get_args

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.hashes import sha256
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.letters import Letters
from kith_node.federation.outcome import Outcome
from kith_node.federation.peer_store import AuditLine
from kith_node.http.limits import Throttle
from kith_node.moderation import store
from kith_node.moderation.limits import (
    MAX_FLAGS,
    MAX_FLAGS_OF_PEER,
    check_room,
    parse_sealed,
)
from kith_node.moderation.store import ReportRow
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.activity import FLAG_BYTES, Flag
from kith_protocol.announcements import derive_token
from kith_protocol.day import day_of
from kith_protocol.errors import (
    ConflictError,
    ForbiddenError,
    NotAPeerError,
    WrongOwnerError,
)
from kith_protocol.flag import FlagDecision, build_flag, build_flag_answer
from kith_protocol.sealed_api import DecisionBody, ReportCategory
from kith_protocol.urls import (
    ID_BYTES,
    Origin,
    activity_url,
    actor_url,
    parse_offer_url,
    parse_origin,
)

FLAGS_BURST = 20
FLAG_PERIOD_S = 3600.0


class Flags:
    """Sends, takes and answers reports between communities."""

    def __init__(
        self,
        objects: Database,
        identity: NodeIdentity,
        *,
        letters: Letters,
        clock: Clock,
        development: bool = False,
    ) -> None:
        """Take the open ``objects.db``, this node and what carries letters."""
        self._objects = objects
        self._identity = identity
        self._letters = letters
        self._clock = clock
        self._development = development
        self._throttle = Throttle(1 / FLAG_PERIOD_S, FLAGS_BURST, clock=clock)

    # --- ours ----------------------------------------------------------------------

    async def pass_on(self, row: ReportRow, body: DecisionBody, *, role: str) -> None:
        """Queue a report of ours for another node's moderators.

        Args:
            row: the report as our member sent it; only its id and category are used.
            body: names the node and brings the report sealed to its moderators.
            role: of the moderator.

        Raises:
            MalformedError: no node, an offer that is not its, sealed bytes of no known size.
            TooLargeError: it does not fit into an activity.
            ForbiddenError: another node's report is not passed on, ours not to ourselves.
            NotAPeerError: it is no open peer.
        """
        if row.origin:
            raise ForbiddenError("who reported it agreed to us, not to others")
        to = parse_origin(body.flag_to, development=self._development)
        if to == self._identity.origin:
            raise ForbiddenError("that is this node")
        sealed = parse_sealed(body.flag_sealed)
        if len(sealed) not in FLAG_BYTES:
            raise TooLargeError(f"{len(sealed)} bytes of a sealed report")
        offer, category = body.flag_object, category_of(row.category)
        if offer:
            owner, _ = parse_offer_url(offer, development=self._development)
            if owner != to:
                raise MalformedError("an offer of another node", pointer="/flagObject")
        actor = actor_url(to)
        if not await self._letters.is_open(actor):
            raise NotAPeerError("reports are passed on to open peers only")
        flag = build_flag(
            self._identity.origin,
            self._token(row.id),
            to=to,
            sealed=sealed,
            offer=offer,
            category=category,
        )
        await self._letters.send(actor, flag, audit=self._line(role, "report-passed-on", to))

    async def hear(self, flag_id: str, decision: str) -> bool:
        """Note what other moderators decided; return whether it is about a report of ours.

        Whom we told is not stored: that they know the id of our Flag shows who they are.
        """
        if decision in ("acted", "no-action"):
            async with self._objects.transaction() as connection:
                for report_id in await store.list_passed_on(connection):
                    own = activity_url(self._identity.origin, self._token(report_id))
                    if own == flag_id:
                        await store.put_answer(connection, report_id, answer=decision)
                        return True
        return False

    # --- others' -------------------------------------------------------------------

    async def take(self, sender: str, flag: Flag) -> Outcome:
        """Keep a report that *sender*, an open peer, passes on.

        Raises:
            NotAPeerError: it is none.
            MalformedError: an id of another form than nodes give.
            WrongOwnerError: it is about somebody else than this node.
            ConflictError: another report has its id.
            TooManyError, QueueFullError: it sends too many, or too many wait.
        """
        if not await self._letters.is_open(sender):
            raise NotAPeerError("reports are taken from open peers only")
        origin = parse_origin(sender.removesuffix("/actor"), development=self._development)
        report_id = _parse_activity_id(origin, flag.id)
        offer = self._check_object(flag.object_id)
        async with self._objects.read() as connection:
            known = await store.get_report(connection, report_id)
        if known is not None:
            if known.origin != origin:
                raise ConflictError("another report has that id")
            return Outcome("duplicate", flag.id)
        self._throttle.take(sha256(sender.encode()))
        try:
            async with self._objects.transaction() as connection:
                mine = await store.count_waiting_from(connection, origin)
                check_room(mine, MAX_FLAGS_OF_PEER)
                check_room(await store.count_foreign_waiting(connection), MAX_FLAGS)
                await store.insert_report(
                    connection,
                    report_id=report_id,
                    category=flag.category,
                    day=day_of(self._clock.now()),
                    origin=origin,
                    offer=offer,
                    raw=flag.sealed,
                )
        except sqlite3.IntegrityError as error:
            raise ConflictError("another report has that id") from error
        return Outcome("accepted", flag.id)

    async def answer(self, row: ReportRow, decision: FlagDecision, *, role: str) -> bool:
        """Tell the node that passed *row* on what our moderators decided.

        Returns:
            Whether it is told, and the decision noted: not if it is no open peer any more.
        """
        line = self._line(role, f"report-{decision}", row.origin)
        origin = parse_origin(row.origin, development=self._development)
        actor = actor_url(origin)
        answer = build_flag_answer(
            self._identity.origin, activity_url(origin, row.id), to=actor, decision=decision
        )
        if not await self._letters.is_open(actor):
            return False
        await self._letters.send(actor, answer, audit=line)
        return True

    def _check_object(self, object_id: str) -> str:
        """Return the id of the own offer that a Flag names; empty where it names the node."""
        if object_id == self._identity.actor:
            return ""
        owner, offer = parse_offer_url(object_id, development=self._development)
        if owner != self._identity.origin or len(offer) != ID_BYTES:
            raise WrongOwnerError("about something of another node")
        return object_id

    def _token(self, report_id: bytes) -> bytes:
        # The id that our member's device drew stays here.
        name = f"{self._identity.origin}/reports/{encode_base64url(report_id)}"
        return derive_token(name, 0, "Flag")

    def _line(self, role: str, action: str, about: str) -> AuditLine:
        return AuditLine(day_of(self._clock.now()), role, action, about)


def category_of(text: str) -> ReportCategory | Literal[""]:
    """Return *text*, from the column of a report, as what it is."""
    return next((one for one in get_args(ReportCategory) if one == text), "")


def _parse_activity_id(origin: Origin, flag_id: str) -> bytes:
    report_id = parse_base64url(flag_id.rpartition("/")[2], size=ID_BYTES)
    if activity_url(origin, report_id) != flag_id:
        raise MalformedError("an id of another form than nodes give", pointer="/id")
    return report_id
