"""Tombstones: the signed word of a node that an object of its own is gone.

It travels inside ``Delete`` and in answers to peers that ask for the object by id; wherever it
is met, its proof says that the owner withdrew it. Tombstones carry no day: the proof's
``created`` is the day it was withdrawn. Verifying the proof is left to the caller.

Source: Activity Vocabulary (Tombstone); SPEC.md, section on withdrawing.
"""

from __future__ import annotations

import msgspec

from kith_crypto.errors import MalformedError
from kith_crypto.proof import read_proof
from kith_crypto.strict_json import JsonObject
from kith_protocol.contexts import ACTIVITY_CONTEXT, check_context, context
from kith_protocol.day import Day, parse_day
from kith_protocol.errors import WrongOwnerError
from kith_protocol.urls import Origin, actor_url, parse_url
from kith_protocol.wire import read_string

_MEMBERS = frozenset({"@context", "id", "type", "attributedTo", "proof"})


class Tombstone(msgspec.Struct, frozen=True):
    """What is left of an object.

    Attributes:
        id: of the object.
        author: its node's actor.
        withdrawn: the day the proof names.
    """

    id: str
    author: str
    withdrawn: Day


def build_tombstone(origin: Origin, object_id: str) -> JsonObject:
    """Return the tombstone of *object_id*, an object of the node at *origin*, unsigned."""
    return {
        "@context": context(ACTIVITY_CONTEXT),
        "id": object_id,
        "type": "Tombstone",
        "attributedTo": actor_url(origin),
    }


def parse_tombstone(document: JsonObject, *, development: bool = False) -> Tombstone:
    """Return the tombstone in *document*, the shape of its proof checked.

    Raises:
        MalformedError: other members, another context, a proof of another shape.
        WrongOwnerError: id, author and proof belong to different actors.
    """
    if document.keys() != _MEMBERS or document["type"] != "Tombstone":
        raise MalformedError("not a tombstone")
    check_context(document["@context"], ACTIVITY_CONTEXT)
    object_id = read_string(document, "id")
    author = read_string(document, "attributedTo")
    if author != actor_url(parse_url(object_id, development=development).origin):
        raise WrongOwnerError("the author is not the actor of the object's origin")
    proof = read_proof(document)
    if not proof.verification_method.startswith(f"{author}#"):
        raise WrongOwnerError("the proof names another actor's key")
    return Tombstone(id=object_id, author=author, withdrawn=parse_day(proof.created))
