"""Activities as nodes receive them: a few types, by their names, with their owners checked.

Unknown members are dropped, unknown types come back as ``Unknown``. What is checked here are
the rules about origins that need no state: an activity's id has its actor's origin, whoever
creates, updates or deletes an object owns it. Left to the caller: that the sender's signature
is the actor's, what a Follow means (``peering``), the embedded objects (``offer``,
``tombstone``). Building is in ``announcements``.

Source: ActivityPub §6, §7; FEP-fe34 (origins and owners).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.moderators import SMALLEST_SEALED_BYTES
from kith_crypto.strict_json import JsonObject
from kith_protocol.contexts import check_foreign_context
from kith_protocol.errors import WrongOwnerError
from kith_protocol.sealed_api import ReportCategory
from kith_protocol.urls import parse_url
from kith_protocol.wire import convert, read_reference, read_string

# In base64url they fit into an activity. A longer report is not passed on.
FLAG_BYTES = (SMALLEST_SEALED_BYTES, 2 * SMALLEST_SEALED_BYTES, 4 * SMALLEST_SEALED_BYTES)
SEALED_MEMBER = "kith:sealed"
CATEGORY_MEMBER = "kith:category"
DECISION_MEMBER = "kith:decision"

_MAX_TYPE_CHARACTERS = 64


class _Named(msgspec.Struct, frozen=True):
    category: ReportCategory


class Head(msgspec.Struct, frozen=True):
    """What every activity says: enough to decide whether to read on."""

    id: str
    type: str
    actor: str


class Follow(msgspec.Struct, frozen=True):
    """*actor* asks to follow *object*."""

    id: str
    actor: str
    object: str


class Accept(msgspec.Struct, frozen=True):
    """*actor* says yes to the activity *object_id*; *follow* if it was embedded.

    Attributes:
        decision: of the actor's moderators, where *object_id* is a report; else empty.
    """

    id: str
    actor: str
    object_id: str
    follow: Follow | None = None
    decision: str = ""


class Reject(msgspec.Struct, frozen=True):
    """*actor* says no to the activity *object_id*; *follow* if it was embedded.

    Attributes:
        decision: of the actor's moderators, where *object_id* is a report; else empty.
    """

    id: str
    actor: str
    object_id: str
    follow: Follow | None = None
    decision: str = ""


class Undo(msgspec.Struct, frozen=True):
    """*actor* takes back its activity *object_id*; *follow* if it was embedded."""

    id: str
    actor: str
    object_id: str
    follow: Follow | None = None


class Create(msgspec.Struct, frozen=True):
    """*actor* announces *object*, which it owns."""

    id: str
    actor: str
    object_id: str
    object: JsonObject


class Update(msgspec.Struct, frozen=True):
    """*actor* announces another revision of *object*, which it owns."""

    id: str
    actor: str
    object_id: str
    object: JsonObject


class UpdateActor(msgspec.Struct, frozen=True):
    """*actor* says that its actor document changed: a reason to fetch it, nothing more."""

    id: str
    actor: str


class Delete(msgspec.Struct, frozen=True):
    """*actor* withdraws *object_id*, which it owns; *tombstone* if it was embedded."""

    id: str
    actor: str
    object_id: str
    tombstone: JsonObject | None = None

    @property
    def is_actor(self) -> bool:
        """Whether the actor withdraws itself and with that everything of it."""
        return self.object_id == self.actor


class Flag(msgspec.Struct, frozen=True):
    """*actor* passes a report on to the moderators of the node that owns *object_id*.

    Attributes:
        object_id: the reported offer, or else the actor of the node that is told.
        category: of a reported offer; empty for anything else.
        sealed: for that node's moderators, of one of the sizes of ``FLAG_BYTES``.
    """

    id: str
    actor: str
    object_id: str
    category: ReportCategory | Literal[""]
    sealed: bytes


class Unknown(msgspec.Struct, frozen=True):
    """An activity of a type that means nothing to Kith (yet)."""

    id: str
    actor: str
    type: str


Activity: TypeAlias = (
    Follow | Accept | Reject | Undo | Create | Update | UpdateActor | Delete | Flag | Unknown
)


def parse_head(document: JsonObject, *, development: bool = False) -> Head:
    """Return id, type and actor of the activity in *document*, and read no further.

    Args:
        document: parsed by the strict JSON reader.
        development: take loopback origins.

    Raises:
        MalformedError: one of the three is missing or of another form.
        WrongOwnerError: the id's origin is not the actor's.
    """
    kind = read_string(document, "type")
    if not 0 < len(kind) <= _MAX_TYPE_CHARACTERS:
        raise MalformedError("not a type", pointer="/type")
    activity_id, actor = read_string(document, "id"), read_reference(document, "actor")
    origin = parse_url(activity_id, development=development).origin
    if origin != parse_url(actor, development=development).origin:
        raise WrongOwnerError("the activity's id is not of its actor's origin")
    return Head(id=activity_id, type=kind, actor=actor)


def parse_activity(document: JsonObject, *, development: bool = False) -> Activity:
    """Return the activity in *document*.

    Args:
        document: parsed by the strict JSON reader.
        development: take loopback origins.

    Raises:
        MalformedError: a context that may give names another meaning, a member that is
            missing or of another form.
        WrongOwnerError: the actor does not own what the activity is about.
    """
    check_foreign_context(document.get("@context"))
    head = parse_head(document, development=development)
    match head.type:
        case "Follow":
            return _read_follow(document, head, development=development)
        case "Accept" | "Reject" | "Undo":
            return _read_answer(document, head, development=development)
        case "Create" | "Update":
            return _read_announcement(document, head, development=development)
        case "Delete":
            return _read_delete(document, head, development=development)
        case "Flag":
            return _read_flag(document, head, development=development)
        case _:
            return Unknown(id=head.id, actor=head.actor, type=head.type)


def _read_follow(document: JsonObject, head: Head, *, development: bool) -> Follow:
    target = read_reference(document, "object")
    parse_url(target, development=development)
    return Follow(id=head.id, actor=head.actor, object=target)


def _read_answer(
    document: JsonObject, head: Head, *, development: bool
) -> Accept | Reject | Undo:
    object_id = read_reference(document, "object")
    parse_url(object_id, development=development)
    if head.type == "Undo":
        _check_owner(object_id, head, development=development)
    follow = None
    embedded = document["object"]
    if isinstance(embedded, dict) and embedded.get("type") == "Follow":
        inner = parse_head(embedded, development=development)
        follow = _read_follow(embedded, inner, development=development)
        # Who undoes a Follow sent it; who answers one was asked by it (FEP-fe34).
        owner = follow.actor if head.type == "Undo" else follow.object
        if owner != head.actor:
            raise WrongOwnerError("the embedded Follow is somebody else's")
    if head.type == "Undo":
        return Undo(head.id, head.actor, object_id, follow)
    kind = Accept if head.type == "Accept" else Reject
    decision = document.get(DECISION_MEMBER, "")
    if not isinstance(decision, str) or len(decision) > _MAX_TYPE_CHARACTERS:
        raise MalformedError("not a decision", pointer=f"/{DECISION_MEMBER}")
    return kind(head.id, head.actor, object_id, follow, decision)


def _read_flag(document: JsonObject, head: Head, *, development: bool) -> Flag:
    object_id = read_string(document, "object")
    parse_url(object_id, development=development)
    sealed = parse_base64url(read_string(document, SEALED_MEMBER))
    if len(sealed) not in FLAG_BYTES:
        raise MalformedError("not a sealed report", pointer=f"/{SEALED_MEMBER}")
    category: ReportCategory | Literal[""] = ""
    if CATEGORY_MEMBER in document:
        named = {"category": document[CATEGORY_MEMBER]}
        category = convert(named, _Named).category
    return Flag(head.id, head.actor, object_id, category, sealed)


def _read_announcement(
    document: JsonObject, head: Head, *, development: bool
) -> Create | Update | UpdateActor:
    object_id = read_reference(document, "object")
    if head.type == "Update" and object_id == head.actor:
        return UpdateActor(id=head.id, actor=head.actor)
    _check_owner(object_id, head, development=development)
    embedded = document["object"]
    if not isinstance(embedded, dict):
        raise MalformedError("the object is not embedded", pointer="/object")
    if embedded.get("attributedTo") != head.actor:
        raise WrongOwnerError("the actor does not own the object")
    kind = Create if head.type == "Create" else Update
    return kind(head.id, head.actor, object_id, embedded)


def _read_delete(document: JsonObject, head: Head, *, development: bool) -> Delete:
    object_id = read_reference(document, "object")
    _check_owner(object_id, head, development=development)
    embedded = document["object"]
    if not isinstance(embedded, dict):
        return Delete(id=head.id, actor=head.actor, object_id=object_id)
    if embedded.get("attributedTo", head.actor) != head.actor:
        raise WrongOwnerError("the actor does not own the object")
    tombstone = embedded if embedded.get("type") == "Tombstone" else None
    return Delete(id=head.id, actor=head.actor, object_id=object_id, tombstone=tombstone)


def _check_owner(object_id: str, head: Head, *, development: bool) -> None:
    origin = parse_url(object_id, development=development).origin
    if origin != parse_url(head.actor, development=development).origin:
        raise WrongOwnerError("the object is not of the actor's origin")
