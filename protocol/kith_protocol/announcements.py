r"""Building the activities a node sends, unsigned.

Ids are ``{origin}/activities/{base64url of 16 bytes}``. The bytes of an announcement follow
from what it announces, so that every retry, also after a restart, sends the same activity; for
the others the caller gives 16 random ones. Activities carry no time. Signing
(``kith_crypto.proof``, with a day as ``created``) is left to the caller.

Source: ActivityPub §6; SPEC.md, section on announcements; label ``"kith/activity/v1\0"``.
"""

from __future__ import annotations

from collections.abc import Sequence

from kith_crypto.errors import MalformedError
from kith_crypto.hashes import sha256
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.activity import Follow
from kith_protocol.contexts import (
    ACTIVITY_CONTEXT,
    OFFER_CONTEXT,
    RESOURCE_CONTEXT,
    context,
)
from kith_protocol.limits import MAX_REVISION
from kith_protocol.resource import is_resource
from kith_protocol.urls import ID_BYTES, Origin, activity_url, actor_url, followers_url
from kith_protocol.wire import read_string

_LABEL = b"kith/activity/v1\0"


def derive_token(object_id: str, revision: int, kind: str) -> bytes:
    """Return the 16 bytes of the activity that announces one revision of one object.

    Args:
        object_id: the object's id.
        revision: from 0; a Delete takes 0.
        kind: the activity's type.
    """
    message = _LABEL + sha256(object_id.encode()) + revision.to_bytes(8, "big") + kind.encode()
    return sha256(message)[:ID_BYTES]


def build_follow(origin: Origin, token: bytes, target: str) -> JsonObject:
    """Return the ``Follow`` of the actor *target* by the node at *origin*."""
    return _build(origin, token, "Follow", target, to=target)


def build_accept(origin: Origin, token: bytes, follow: Follow) -> JsonObject:
    """Return the ``Accept`` of *follow*, embedded: some match by id, some by actors."""
    return _build(origin, token, "Accept", _embed(follow), to=follow.actor)


def build_reject(origin: Origin, token: bytes, follow: Follow) -> JsonObject:
    """Return the ``Reject`` of *follow*, before or after it was accepted."""
    return _build(origin, token, "Reject", _embed(follow), to=follow.actor)


def build_undo(origin: Origin, token: bytes, follow: Follow) -> JsonObject:
    """Return the ``Undo`` of our own *follow*."""
    return _build(origin, token, "Undo", _embed(follow), to=follow.object)


def build_create(origin: Origin, announced: JsonObject) -> JsonObject:
    """Return the ``Create`` of the signed document *announced*, an offer or a resource."""
    return _announce(origin, "Create", announced)


def build_update(origin: Origin, announced: JsonObject) -> JsonObject:
    """Return the ``Update`` to the signed document *announced*, an offer or a resource."""
    return _announce(origin, "Update", announced)


def build_update_actor(origin: Origin, token: bytes) -> JsonObject:
    """Return the ``Update`` that makes peers fetch our actor document again."""
    return _build(origin, token, "Update", actor_url(origin), to=followers_url(origin))


def build_delete(origin: Origin, tombstone: JsonObject) -> JsonObject:
    """Return the ``Delete`` with the signed document *tombstone*."""
    token = derive_token(read_string(tombstone, "id"), 0, "Delete")
    return _build(origin, token, "Delete", tombstone, to=followers_url(origin))


def build_delete_actor(origin: Origin) -> JsonObject:
    """Return the ``Delete`` of the node itself, when a community closes."""
    actor = actor_url(origin)
    return _build(
        origin, derive_token(actor, 0, "Delete"), "Delete", actor, to=followers_url(origin)
    )


def build_accept_delete(origin: Origin, delete_id: str, author: str) -> JsonObject:
    """Return our receipt for the ``Delete`` *delete_id* of the actor *author*.

    The same receipt for the same Delete, however often it arrives.
    """
    token = derive_token(delete_id, 0, "Accept")
    return _build(origin, token, "Accept", delete_id, to=author)


def _announce(origin: Origin, kind: str, announced: JsonObject) -> JsonObject:
    revision = announced.get("kith:revision")
    if not isinstance(revision, int) or not 1 <= revision <= MAX_REVISION:
        raise MalformedError("not an object with a revision", pointer="/kith:revision")
    token = derive_token(read_string(announced, "id"), revision, kind)
    array = RESOURCE_CONTEXT if is_resource(announced) else OFFER_CONTEXT
    return _build(origin, token, kind, announced, to=followers_url(origin), array=array)


def _build(
    origin: Origin,
    token: bytes,
    kind: str,
    target: JsonValue,
    *,
    to: str,
    array: Sequence[JsonValue] = ACTIVITY_CONTEXT,
) -> JsonObject:
    return {
        "@context": context(array),
        "id": activity_url(origin, token),
        "type": kind,
        "actor": actor_url(origin),
        "object": target,
        "to": [to],
    }


def _embed(follow: Follow) -> JsonObject:
    return {
        "id": follow.id,
        "type": "Follow",
        "actor": follow.actor,
        "object": follow.object,
    }
