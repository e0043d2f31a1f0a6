r"""What is inside a sealed report, and inside a sealed application to join.

A report is ``v(1) ‖ length(4) ‖ head ‖ proof``: the head is canonical JSON (what kind of thing
is reported, category, the reporter's words, whether it may be passed on, which node it is of),
the proof either the bytes of ``kith_crypto.report`` for a message, or the signed offer's JCS
bytes. An entry proposed for the library goes the same way and proves nothing
(``proposal.py``). An application is canonical JSON. Sealing is ``kith_crypto.moderators``;
knowing which keys a node has is the caller's part. Nothing here is believed before
``check_report``.

Source: SPEC.md, section on reports; RFC 8785.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.core import Core
from kith_crypto.ed25519 import VerifyKey
from kith_crypto.errors import KithError, MalformedError, SignatureError, TooLargeError
from kith_crypto.moderators import MAX_PAYLOAD_BYTES
from kith_crypto.proof import verify_document
from kith_crypto.report import parse_report, verify_report
from kith_crypto.stamp import Postmark
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.offer import Offer, parse_offer
from kith_protocol.proposal import parse_proposal
from kith_protocol.sealed_api import ReportCategory
from kith_protocol.text import check_text, clean_text
from kith_protocol.urls import Origin, actor_url, parse_origin
from kith_protocol.wire import convert

MAX_WORDS_CHARACTERS = 2000
MAX_HEAD_BYTES = 16_384  # four bytes a character, and escapes

ReportKind = Literal["message", "offer", "resource"]

_VERSION = 1
_LENGTH_BYTES = 4
_PREFIX_BYTES = 1 + _LENGTH_BYTES


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: ReportKind
    category: ReportCategory
    words: str
    pass_on: bool
    node: str


class _Application(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: Literal[1]
    words: str


class ReportPayload(msgspec.Struct, frozen=True):
    """A report as its writer sealed it; the proof is not verified. Its ``repr`` shows nothing.

    Attributes:
        kind: what is reported, or ``resource`` for what is proposed.
        category: chosen by the reporter, the same as stands openly beside the sealed report.
        words: of the reporter, clean text in lines, at most 2000 characters, may be empty.
        may_pass_on: the reporter agrees that the moderators of ``node`` get the report.
        node: origin of the node that the message came from, or on which the offer stands, or
            in whose library the entry is to stand.
        proof: ``kith_crypto.report.encode_report``, or the JCS bytes of the signed offer, or
            ``proposal.encode_proposal``.
    """

    kind: ReportKind
    category: ReportCategory
    words: str
    may_pass_on: bool
    node: Origin
    proof: bytes

    def __repr__(self) -> str:
        return "ReportPayload(...)"


class ProvenMessage(msgspec.Struct, frozen=True):
    """A message that a member of the reported node did send. Its ``repr`` shows nothing.

    Attributes:
        core: what was written.
        postmark: to be shown to the node, which unwraps the sender's seal for it.
    """

    core: Core
    postmark: Postmark

    def __repr__(self) -> str:
        return "ProvenMessage(...)"


class ProvenOffer(msgspec.Struct, frozen=True):
    """An offer that the reported node did publish.

    Attributes:
        offer: what it says.
        document: as signed, proof included.
    """

    offer: Offer
    document: JsonObject


Proven = ProvenMessage | ProvenOffer


def clean_words(text: str) -> str:
    """Return *text* fit for a report: lines without misleading characters, not too long.

    Links and names stay: a reporter may have to quote them. Cut to 2000 characters.
    """
    lines = (clean_text(line, MAX_WORDS_CHARACTERS) for line in text.splitlines())
    cut = "\n".join(lines).strip()[:MAX_WORDS_CHARACTERS].strip()
    return "\n".join(line.rstrip() for line in cut.split("\n"))


def encode_payload(payload: ReportPayload) -> bytes:
    """Return the bytes that are sealed to the moderators.

    Raises:
        MalformedError: a part that ``parse_payload`` would refuse.
        TooLargeError: more than can be sealed.
    """
    head = _encode_head(payload)
    raw = bytes((_VERSION,)) + len(head).to_bytes(_LENGTH_BYTES, "big") + head + payload.proof
    parse_payload(raw)
    return raw


def parse_payload(raw: bytes) -> ReportPayload:
    """Return the report in *raw*, which has just been opened. Its proof is not verified.

    Raises:
        TooLargeError: longer than what can be sealed.
        MalformedError: another version or form, not canonical, or words that are not clean.
    """
    if len(raw) > MAX_PAYLOAD_BYTES:
        raise TooLargeError(f"{len(raw)} bytes")
    if len(raw) < _PREFIX_BYTES or raw[0] != _VERSION:
        raise MalformedError("not a report")
    size = int.from_bytes(raw[1:_PREFIX_BYTES], "big")
    end = _PREFIX_BYTES + size
    if size > MAX_HEAD_BYTES or end > len(raw):
        raise MalformedError("not a report")
    head = convert(_parse_canonical(raw[_PREFIX_BYTES:end]), _Head)
    payload = ReportPayload(
        kind=head.kind,
        category=head.category,
        words=_check_words(head.words),
        may_pass_on=head.pass_on,
        node=parse_origin(head.node, development=True),
        proof=raw[end:],
    )
    _check_proof_form(payload)
    return payload


def check_report(payload: ReportPayload, node_keys: Sequence[VerifyKey]) -> Proven:
    """Return what *payload* proves.

    A message: that a member of ``payload.node`` sent these words to some box on that day. An
    offer: that the node published it. Neither says who the member is.

    Args:
        payload: as it was opened.
        node_keys: present and lately retired keys of ``payload.node``, from a source that the
            reporter does not control.

    Raises:
        SignatureError: the proof is false or of another node, or there is none as in a
            proposal; one case, without saying which.
    """
    try:
        if payload.kind == "resource":
            raise SignatureError("a proposal proves nothing")
        if payload.kind == "message":
            proven = verify_report(parse_report(payload.proof), node_keys)
            return ProvenMessage(core=proven.core, postmark=proven.postmark)
        return _verify_offer(payload, node_keys)
    except (KithError, ValueError) as error:
        raise SignatureError("the report is not proven") from error


def encode_application(words: str) -> bytes:
    """Return an application to join, to be sealed to the moderators.

    Args:
        words: of the applicant, 1 to 2000 characters in lines, without links, handles and
            long numbers: whoever reads it needs no way to reach somebody outside.

    Raises:
        MalformedError: too long, empty, or blanks at the end of a line.
        PrivacyFloorError: a line holds what would identify its writer.
    """
    document: JsonObject = {"v": _VERSION, "words": _check_application(words)}
    return canonical_bytes(document)


def parse_application(raw: bytes) -> str:
    """Return the applicant's words in *raw*, which has just been opened.

    Raises:
        TooLargeError: longer than an application can be.
        MalformedError: another form, or not canonical.
        PrivacyFloorError: as ``encode_application``.
    """
    if len(raw) > MAX_HEAD_BYTES:
        raise TooLargeError(f"{len(raw)} bytes")
    return _check_application(convert(_parse_canonical(raw), _Application).words)


def _encode_head(payload: ReportPayload) -> bytes:
    document: JsonObject = {
        "kind": payload.kind,
        "category": payload.category,
        "words": payload.words,
        "pass_on": payload.may_pass_on,
        "node": payload.node,
    }
    return canonical_bytes(document)


def _parse_canonical(raw: bytes) -> JsonObject:
    document = parse_json_object(raw, max_bytes=MAX_HEAD_BYTES)
    if canonical_bytes(document) != raw:
        raise MalformedError("not in canonical form")
    return document


def _check_words(words: str) -> str:
    if len(words) > MAX_WORDS_CHARACTERS or clean_words(words) != words:
        raise MalformedError("the words are not clean text", pointer="/words")
    return words


def _check_application(words: str) -> str:
    if not 0 < len(words) <= MAX_WORDS_CHARACTERS:
        raise MalformedError(f"1 to {MAX_WORDS_CHARACTERS} characters", pointer="/words")
    for line in words.split("\n"):
        if line:
            check_text(line, MAX_WORDS_CHARACTERS)
    return words


def _check_proof_form(payload: ReportPayload) -> None:
    """Refuse what cannot be a proof at all; whether it is a true one is ``check_report``."""
    if payload.kind == "message":
        parse_report(payload.proof)
    elif payload.kind == "resource":
        parse_proposal(payload.proof)
        if payload.category != "other" or payload.may_pass_on:
            raise MalformedError("a proposal is of no category, and goes no further")
    else:
        _parse_offer_document(payload.proof)


def _parse_offer_document(raw: bytes) -> JsonObject:
    document = parse_json_object(raw, max_bytes=MAX_DOCUMENT_BYTES)
    if canonical_bytes(document) != raw:
        raise MalformedError("the offer is not in canonical form")
    return document


def _verify_offer(payload: ReportPayload, node_keys: Sequence[VerifyKey]) -> ProvenOffer:
    document = _parse_offer_document(payload.proof)
    offer = parse_offer(
        document, programme=None, is_known_topic=lambda _: True, development=True
    )
    if offer.author != actor_url(payload.node):
        raise SignatureError("an offer of another node")
    for key in node_keys:
        try:
            verify_document(document, key)
        except SignatureError:
            continue
        return ProvenOffer(offer=offer, document=document)
    raise SignatureError("not signed by its node")
