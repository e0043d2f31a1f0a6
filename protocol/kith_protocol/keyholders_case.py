"""A case: what moderators hand to keyholders, and how these check and open it.

It holds the whole report with its proof, the seal as the node gave it, and the node's actor
document. ``check_case`` verifies all of it without any network: the actor document by its own
key, the report by the keys in that. Whether those are the community's keys is for people to
compare by their fingerprint words. Showing the text before anything is opened, asking, and
keeping a log is the caller's part.

Source: SPEC.md, section on keyholders.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import VerifyKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import DecryptionError, KithError, MalformedError, SignatureError
from kith_crypto.hashes import sha256
from kith_crypto.objects import community_id
from kith_crypto.opening import open_offer_owner, open_sender
from kith_crypto.proof import read_proof
from kith_crypto.report import parse_report
from kith_crypto.seals import SEAL_BYTES, quarter_of
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_protocol.actor import Actor, parse_actor, verify_actor
from kith_protocol.reporting import (
    Proven,
    ProvenMessage,
    ReportPayload,
    check_report,
    encode_payload,
    parse_payload,
)
from kith_protocol.urls import actor_url
from kith_protocol.wire import convert

MAX_CASE_BYTES = 512 * 1024
RELEASE_DAYS = 7
"""An offer is dated on its release, which may be so many days after its seal was made."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    report: str
    seal: str
    day: Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class Case(msgspec.Struct, frozen=True):
    """A case, not checked. Its ``repr`` shows nothing.

    Attributes:
        report: whole, with the moderators' words in place of the reporter's.
        seal: of the sender, unwrapped, or of the owner; 1200 bytes.
        actor: the actor document of the node that the report is of.
        day: on which the moderators made it.
    """

    report: ReportPayload
    seal: bytes
    actor: JsonObject
    day: int

    def __repr__(self) -> str:
        return "Case(...)"


class CheckedCase(msgspec.Struct, frozen=True):
    """A case whose proof holds. Its ``repr`` shows nothing.

    Attributes:
        case: it.
        actor: of the node that the report is of; signed by its own key.
        proven: what was written or offered.
        node_key: the key to be compared by people.
        epochs: quarters of the keyholders in one of which the seal was made, newest first.
    """

    case: Case
    actor: Actor
    proven: Proven
    node_key: VerifyKey
    epochs: tuple[int, ...]

    def __repr__(self) -> str:
        return "CheckedCase(...)"


def encode_case(case: Case) -> bytes:
    """Return the file that moderators hand to keyholders.

    Raises:
        MalformedError: a part that could not be read again.
    """
    document: JsonObject = {
        "version": 1,
        "report": encode_base64url(encode_payload(case.report)),
        "seal": encode_base64url(case.seal),
        "actor": case.actor,
        "day": case.day,
    }
    return canonical_bytes(document)


def parse_case(raw: bytes) -> Case:
    """Return the case in *raw*; nothing in it is verified.

    Raises:
        TooLargeError: longer than a case can be.
        MalformedError: another form, or not canonical.
    """
    document = parse_json_object(raw, max_bytes=MAX_CASE_BYTES)
    if canonical_bytes(document) != raw:
        raise MalformedError("not in canonical form")
    actor = document.pop("actor", None)
    if not isinstance(actor, dict):
        raise MalformedError("no actor document", pointer="/actor")
    file = convert(document, _File)
    return Case(
        report=parse_payload(parse_base64url(file.report)),
        seal=parse_base64url(file.seal, size=SEAL_BYTES),
        actor=actor,
        day=file.day,
    )


def purpose_of(raw: bytes) -> bytes:
    """Return SHA-256 of a case's file, by which half-open shares name what they are for."""
    return sha256(raw)


def check_case(case: Case) -> CheckedCase:
    """Return *case* if everything in it holds together.

    Raises:
        SignatureError: the proof is false, or the actor document is not that node's; one case,
            without saying which. Nothing was opened.
    """
    try:
        url = actor_url(case.report.node)
        actor = parse_actor(case.actor, url=url, development=True)
        verify_actor(case.actor, actor, actor.keys)
        node_key = actor.keys[read_proof(case.actor).verification_method]
        proven = check_report(case.report, tuple(actor.keys.values()))
    except (KithError, ValueError) as error:
        raise SignatureError("the report is not proven") from error
    return CheckedCase(case, actor, proven, node_key, _epochs_of(case, proven))


def open_case(checked: CheckedCase, seeds: Mapping[int, bytes]) -> bytes:
    """Return the id, 16 bytes, of the member whom the sealing node named.

    Args:
        checked: from ``check_case``.
        seeds: epoch to the keyholders' 32-byte seed, of the case's ``epochs`` or more.

    Raises:
        SignatureError: the proof does not hold.
        DecryptionError: the seal is not of these keyholders or not of this thing.
    """
    for epoch in checked.epochs:
        if epoch not in seeds:
            continue
        try:
            return _open(checked, seeds[epoch], epoch)
        except DecryptionError:
            continue
    raise DecryptionError("cannot be opened")


def _open(checked: CheckedCase, seed: bytes, epoch: int) -> bytes:
    case, actor, proven = checked.case, checked.actor, checked.proven
    if isinstance(proven, ProvenMessage):
        sender = open_sender(
            seed,
            case.seal,
            parse_report(case.report.proof),
            node_keys=tuple(actor.keys.values()),
            community=community_id(actor.id),
        )
        return sender.member_id
    method = read_proof(proven.document).verification_method
    return open_offer_owner(
        seed, case.seal, proven.document, node_key=actor.keys[method], epoch=epoch
    )


def _epochs_of(case: Case, proven: Proven) -> tuple[int, ...]:
    if isinstance(proven, ProvenMessage):
        return (quarter_of(proven.postmark.day),)
    # Extending an offer renews its seal, at any time until now.
    first = quarter_of(max(0, proven.offer.published - RELEASE_DAYS))
    return tuple(range(quarter_of(max(case.day, proven.offer.published)), first - 1, -1))
