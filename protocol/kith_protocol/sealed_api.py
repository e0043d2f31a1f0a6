"""Bodies and answers of the calls about what is sealed: boxes, envelopes, vaults, reports.

The rules of ``api`` hold. What is binary has a module of its own: ``box_page``, ``hand_in``,
``vault_upload``, ``key_pages``.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kith_protocol.api import Blob, Bytes16, Bytes32, Bytes64, Day, Ours

MAX_ACKNOWLEDGED = 100

BoxKind = Literal["knock", "reply"]
"""``knock``: named in the bundles of an offer. ``reply``: of one side of one conversation."""

EnvelopeState = Literal["queued", "delivered", "failed"]

ReportCategory = Literal["safety", "harassment", "deception", "illegal", "spam", "other"]

Decision = Literal["acted", "no-action", "passed-on"]

Month = Annotated[int, msgspec.Meta(ge=0, le=4000)]
"""Months since January 1970."""

PerhapsBytes32 = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9_-]{43})?$(?!\n)")]
"""As ``Bytes32``, or empty."""

MediumBlob = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]*$(?!\n)", max_length=200_000)]
"""Base64url of what is sealed to the moderators, at most 131,072 bytes."""


# --- boxes ---------------------------------------------------------------------


class BoxBody(Ours, frozen=True):
    """A new box, or a later month for one: it is deleted when the month is over."""

    kind: BoxKind
    renew_by: Month


class BoxMonthBody(Ours, frozen=True):
    """A later month until which the box is kept."""

    renew_by: Month


class AcknowledgeBody(Ours, frozen=True):
    """Ids of items that are safely stored in the vault and may be deleted."""

    ids: Annotated[tuple[Bytes16, ...], msgspec.Meta(min_length=1, max_length=MAX_ACKNOWLEDGED)]


# --- sending -------------------------------------------------------------------


class WhoBody(Ours, frozen=True):
    """Which offer a knock is about to go to, and the key it will be signed with."""

    offer: Bytes16
    mentee_key: Bytes32


class WhoAnswer(Ours, frozen=True):
    """What lets a mentor recognise a knocker they blocked, signed by the knocker's node.

    Attributes:
        who: the same for the same member and offer, while the node's key for it lives.
        signature: of the node, over who, offer, mentee's key and day.
        day: on which it was made.
    """

    who: Bytes16
    signature: Bytes64
    day: Day


class EnvelopeAnswer(Ours, frozen=True):
    """Where an envelope is that was handed in."""

    state: EnvelopeState


class PeerAnswer(Ours, frozen=True):
    """Another node as members' clients need to know it, or one's own.

    Attributes:
        node: its origin.
        name: of the community.
        standing: ``open``: exchanges with us. ``introduced``: has or may send us envelopes,
            nothing else. ``cut-off``: boxes still work until ``until_day``.
        until_day: of a node that is cut off, the last day on which boxes work.
        keys: its Ed25519 keys, those that verify stamps of the last 60 days included, as
            base64url of 32 bytes, newest first.
        moderators_key: base64url of 1216 bytes, empty where there is none.
        keyholders: fingerprint words, empty where there are none.
    """

    node: str
    name: str
    standing: Literal["self", "open", "introduced", "cut-off"]
    keys: tuple[Bytes32, ...]
    moderators_key: Blob = ""
    keyholders: tuple[str, ...] = ()
    until_day: Day | None = None


class PeersAnswer(Ours, frozen=True):
    """All nodes with which envelopes go to and fro, one's own first."""

    peers: tuple[PeerAnswer, ...]


# --- reports and applications --------------------------------------------------


class ReportBody(Ours, frozen=True):
    """A report, sealed to the moderators on the reporter's device."""

    category: ReportCategory
    sealed: MediumBlob


class ReportStateAnswer(Ours, frozen=True):
    """What became of a report: ``waiting`` or the moderators' decision."""

    state: Literal["waiting"] | Decision


class ApplicationBody(Ours, frozen=True):
    """An application to join, sealed to the moderators.

    Attributes:
        invite: SHA-256 of an invite that the applicant's device made and keeps; approving the
            application opens it.
        sealed: what the applicant says.
    """

    invite: Bytes32
    sealed: MediumBlob


class CaseEntry(Ours, frozen=True):
    """A line of the moderators' queue. What it is about only their key can say.

    Attributes:
        id: 16 bytes.
        day: on which it came.
        category: of a report; empty for an application.
        state: as ``ReportStateAnswer``; applications are ``waiting`` while they exist.
        origin: of the node that passed a report on, empty for our own members' reports.
        object: id of the offer that is reported, where another node says so openly.
        answer: of a report that was passed on: what the other moderators decided, once told.
    """

    id: Bytes16
    day: Day
    category: ReportCategory | Literal[""]
    state: str
    origin: str = ""
    object: str = ""
    answer: str = ""


class CasesAnswer(Ours, frozen=True):
    """The queue: reports or applications, in an order that says nothing."""

    cases: tuple[CaseEntry, ...]


class CaseAnswer(Ours, frozen=True):
    """One report or application as sealed by whoever sent it."""

    entry: CaseEntry
    sealed: MediumBlob
    invite: PerhapsBytes32 = ""


class DecisionBody(Ours, frozen=True):
    """The moderators' decision about a report.

    Attributes:
        decision: what is done.
        flag_to: with ``passed-on``: origin of the node that the report is passed on to.
        flag_sealed: the report, sealed to that node's moderators; the reporter has consented.
        flag_object: id of the offer that is reported, if it is one.
    """

    decision: Decision
    flag_to: str = ""
    flag_sealed: MediumBlob = ""
    flag_object: str = ""


class AdmissionBody(Ours, frozen=True):
    """The decision about an application; approving opens the applicant's invite."""

    is_admitted: bool


class ModeratorsKeyBody(Ours, frozen=True):
    """The moderators' new public key, 1216 bytes."""

    key: Blob


class ResealBody(Ours, frozen=True):
    """A waiting report or application, sealed anew to the moderators' new key."""

    sealed: MediumBlob


class OpeningBody(Ours, frozen=True):
    """A postmark with a stamp of this node, of which the sender seal is to be unwrapped."""

    postmark: Blob


class SealAnswer(Ours, frozen=True):
    """A sender or owner seal, for the keyholders; 1200 bytes."""

    seal: Blob
