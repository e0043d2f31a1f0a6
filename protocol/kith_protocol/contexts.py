"""The ``@context`` arrays of our documents, and which contexts of others are taken.

Contexts are never fetched and never expanded: names are matched as they are written. So a
context has to be one that gives these names the meaning we assume. Our own documents carry a
fixed array, compared for equality; for other servers' activities a list of well-known contexts
and harmless inline definitions is taken.

Source: FEP-8b32 (context under the proof), FEP-521a, FEP-0837, FEP-844e, FEP-2277.
"""

from __future__ import annotations

from collections.abc import Sequence

from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import JsonObject, JsonValue

KITH_NAMESPACE = "https://kith.invalid/ns#"
"""Prefix of Kith's own terms; nobody resolves it. To be settled before version 1.0."""

ACTIVITY_STREAMS = "https://www.w3.org/ns/activitystreams"

_DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"

# JSON-LD readers find assertionMethod only with did/v1 in front of multikey/v1.
ACTOR_CONTEXT: Sequence[JsonValue] = (
    ACTIVITY_STREAMS,
    "https://w3id.org/security/v1",
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    {
        "implements": {
            "@id": "https://w3id.org/fep/844e/implements",
            "@type": "@id",
            "@container": "@list",
        },
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "kith": KITH_NAMESPACE,
    },
)

ACTIVITY_CONTEXT: Sequence[JsonValue] = (ACTIVITY_STREAMS, _DATA_INTEGRITY)

# resourceConformsTo has to be typed @id, else readers with a typed vocabulary refuse the whole
# activity.
OFFER_CONTEXT: Sequence[JsonValue] = (
    ACTIVITY_STREAMS,
    _DATA_INTEGRITY,
    {
        "vf": "https://w3id.org/valueflows/ont/vf#",
        "om2": "http://www.ontology-of-units-of-measure.org/resource/om-2/",
        "Proposal": "vf:Proposal",
        "Intent": "vf:Intent",
        "action": "vf:action",
        "purpose": "vf:purpose",
        "publishes": "vf:publishes",
        "resourceConformsTo": {"@id": "vf:resourceConformsTo", "@type": "@id"},
        "resourceQuantity": "vf:resourceQuantity",
        "hasUnit": "om2:hasUnit",
        "hasNumericalValue": "om2:hasNumericalValue",
        "kith": KITH_NAMESPACE,
    },
)

RESOURCE_CONTEXT: Sequence[JsonValue] = (
    ACTIVITY_STREAMS,
    _DATA_INTEGRITY,
    {"kith": KITH_NAMESPACE},
)

_KNOWN = frozenset(
    {
        ACTIVITY_STREAMS,
        _DATA_INTEGRITY,
        "https://w3id.org/security/data-integrity/v1",
        "https://w3id.org/security/v1",
        "https://w3id.org/security/multikey/v1",
        "https://www.w3.org/ns/did/v1",
        "https://www.w3.org/ns/cid/v1",
        "https://w3id.org/identity/v1",
        "https://gotosocial.org/ns",
        "https://purl.archive.org/socialweb/webfinger",
    }
)
# Every name that Kith reads in another server's document; none may be given a new meaning.
_NAMES_READ = frozenset(
    {
        "Accept",
        "actor",
        "Announce",
        "Application",
        "as",
        "assertionMethod",
        "attributedTo",
        "cc",
        "controller",
        "Create",
        "created",
        "cryptosuite",
        "DataIntegrityProof",
        "Delete",
        "endpoints",
        "Flag",
        "Follow",
        "followers",
        "following",
        "generator",
        "href",
        "id",
        "implements",
        "inbox",
        "Intent",
        "kith",
        "Multikey",
        "name",
        "object",
        "OrderedCollectionPage",
        "orderedItems",
        "outbox",
        "owner",
        "preferredUsername",
        "proof",
        "proofPurpose",
        "proofValue",
        "Proposal",
        "publicKey",
        "publicKeyMultibase",
        "publicKeyPem",
        "Reject",
        "Service",
        "sharedInbox",
        "summary",
        "target",
        "to",
        "Tombstone",
        "type",
        "Undo",
        "Update",
        "url",
        "verificationMethod",
    }
)
_MAX_ENTRIES = 32


def context(array: Sequence[JsonValue]) -> list[JsonValue]:
    """Return *array*, one of the constants above, as the member of a new document."""
    return [dict(entry) if isinstance(entry, dict) else entry for entry in array]


def is_context(value: JsonValue, array: Sequence[JsonValue]) -> bool:
    """Return whether *value* is *array*, entry for entry."""
    # Strings and objects of strings only, so comparing in Python is comparing in JSON.
    return isinstance(value, list) and len(value) == len(array) and value == list(array)


def check_context(value: JsonValue, array: Sequence[JsonValue]) -> None:
    """Return if *value* is *array*, entry for entry.

    Raises:
        MalformedError: anything else.
    """
    if not is_context(value, array):
        raise MalformedError("not the context of this kind of document", pointer="/@context")


def check_foreign_context(value: JsonValue) -> None:
    """Return if *value* leaves every name that Kith reads its usual meaning.

    Args:
        value: the ``@context`` of an activity or actor of any server.

    Raises:
        MalformedError: the Activity Streams context is missing, one of the contexts is not
            well known, or an inline one defines a name that Kith reads or a keyword.

    Source: FEP-2277, on reading documents by their names.
    """
    entries = value if isinstance(value, list) else [value]
    if len(entries) > _MAX_ENTRIES or ACTIVITY_STREAMS not in entries:
        raise MalformedError("not an Activity Streams context", pointer="/@context")
    for entry in entries:
        if isinstance(entry, dict):
            _check_inline(entry)
        elif not isinstance(entry, str) or entry not in _KNOWN:
            raise MalformedError("an unknown context", pointer="/@context")


def _check_inline(definitions: JsonObject) -> None:
    for array in (ACTOR_CONTEXT, OFFER_CONTEXT, RESOURCE_CONTEXT):
        if definitions == array[-1]:
            return
    for name, meaning in definitions.items():
        if name in _NAMES_READ or name.startswith(("@", "kith:")):
            raise MalformedError("a context that gives a new meaning", pointer="/@context")
        # An alias of a keyword would let members be read that we do not see.
        target = meaning.get("@id") if isinstance(meaning, dict) else meaning
        if not isinstance(target, str) or target.startswith("@"):
            raise MalformedError("a context that aliases a keyword", pointer="/@context")
