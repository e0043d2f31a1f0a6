"""Building what passes a report on to another node's moderators, and their answer, unsigned.

What leaves: the sending node, the reported offer with its category or else only the node that
is told, and the report itself sealed to that node's moderators. Nothing says who reported.
Reading is in ``activity``; signing and sending are the caller's part.

Source: ActivityStreams 2.0 vocabulary, Flag; SPEC.md, section on reports.
"""

from __future__ import annotations

from typing import Literal

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import TooLargeError
from kith_crypto.strict_json import JsonObject
from kith_protocol.activity import (
    CATEGORY_MEMBER,
    DECISION_MEMBER,
    FLAG_BYTES,
    SEALED_MEMBER,
)
from kith_protocol.announcements import derive_token
from kith_protocol.contexts import ACTIVITY_CONTEXT, context
from kith_protocol.sealed_api import ReportCategory
from kith_protocol.urls import Origin, activity_url, actor_url

FlagDecision = Literal["acted", "no-action"]


def build_flag(
    origin: Origin,
    token: bytes,
    *,
    to: Origin,
    sealed: bytes,
    offer: str = "",
    category: ReportCategory | Literal[""] = "",
) -> JsonObject:
    """Return the ``Flag`` by the node at *origin*.

    Args:
        origin: of the sending node.
        token: 16 bytes of the activity's id.
        to: the node whose moderators are told.
        sealed: the report, sealed to them.
        offer: id of the reported offer, or empty.
        category: of the reported offer; it goes along only where an offer is named.

    Raises:
        TooLargeError: *sealed* is not of one of the sizes of ``FLAG_BYTES``.
    """
    if len(sealed) not in FLAG_BYTES:
        raise TooLargeError(f"{len(sealed)} bytes of a sealed report")
    document: JsonObject = {
        "@context": context(ACTIVITY_CONTEXT),
        "id": activity_url(origin, token),
        "type": "Flag",
        "actor": actor_url(origin),
        "object": offer or actor_url(to),
        "to": [actor_url(to)],
        SEALED_MEMBER: encode_base64url(sealed),
    }
    if offer and category:
        document[CATEGORY_MEMBER] = category
    return document


def build_flag_answer(
    origin: Origin, flag_id: str, *, to: str, decision: FlagDecision
) -> JsonObject:
    """Return the ``Accept`` (acted) or ``Reject`` (no action) of the Flag *flag_id*.

    Args:
        origin: of the node whose moderators have decided.
        flag_id: id of the Flag.
        to: actor that sent it.
        decision: their word.
    """
    kind = "Accept" if decision == "acted" else "Reject"
    return {
        "@context": context(ACTIVITY_CONTEXT),
        "id": activity_url(origin, derive_token(flag_id, 0, kind)),
        "type": kind,
        "actor": actor_url(origin),
        "object": flag_id,
        "to": [to],
        DECISION_MEMBER: decision,
    }
