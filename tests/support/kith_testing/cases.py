"""Cases for keyholders: a proven message and an offer of Ash, whose keyholders open seals."""

from __future__ import annotations

from kith_crypto.canonical import canonical_bytes
from kith_crypto.core import ROLE_MENTEE
from kith_crypto.ed25519 import SigningKey
from kith_crypto.hashes import sha256
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import open_message
from kith_crypto.objects import community_id
from kith_crypto.posting import post_envelope
from kith_crypto.report import encode_report, make_report
from kith_crypto.rsa import RsaSigningKey
from kith_crypto.seals import KIND_OFFER, make_seal, quarter_of
from kith_crypto.sender_seal import unwrap_seal
from kith_crypto.stamp import postmark_of
from kith_crypto.strict_json import JsonObject
from kith_protocol.actor import ActorDraft, build_actor
from kith_protocol.keyholders import sign_keyholders
from kith_protocol.keyholders_case import Case
from kith_protocol.reporting import ReportPayload
from kith_protocol.urls import actor_url, parse_offer_url
from kith_testing.correspondence import (
    CONVERSATION,
    DAY,
    MEMBER,
    MENTEE,
    MENTOR_SEED,
    WEEK_KEY,
    a_message,
)
from kith_testing.rng import SeededRng
from kith_testing.wire_documents import ASH, ASH_KEY, a_signed_offer, sign_as

IDENTITY = SigningKey.from_seed(sha256(b"keyholders' lasting key"))
EPOCH = quarter_of(DAY)
SEEDS = {EPOCH + at: sha256(b"quarter %d" % at) for at in range(-1, 7)}
COMMUNITY = community_id(actor_url(ASH))
PEOPLE = tuple(sha256(name) for name in (b"wren", b"ash", b"elm"))


def an_actor(identity: SigningKey = IDENTITY, key: SigningKey = ASH_KEY) -> JsonObject:
    """Return Ash's actor document with these keyholders, signed by *key*."""
    sealing_key = sealing_public_key(SEEDS[EPOCH])
    draft = ActorDraft(
        origin=ASH,
        name="Ash",
        summary="",
        programme="adults",
        verify_key=key.verify_key,
        rsa_public_pem=_RSA_PEM,
        keyholders=sign_keyholders(identity, sealing_key=sealing_key, epoch=EPOCH),
    )
    return sign_as(ASH, key, build_actor(draft))


def a_message_case(text: str = "something unkind") -> Case:
    """Return the case of a message that ``MEMBER`` of Ash sent."""
    stamped = post_envelope(
        a_message(text),
        member_id=MEMBER,
        day=DAY,
        community=COMMUNITY,
        node_key=ASH_KEY,
        keyholders_key=sealing_public_key(SEEDS[EPOCH]),
        week_key=WEEK_KEY,
        rng=SeededRng(1),
    )
    opened = open_message(
        stamped,
        [MENTOR_SEED],
        writer=MENTEE.verify_key,
        conversation=CONVERSATION,
        role=ROLE_MENTEE,
    )
    mark = postmark_of(stamped.envelope)
    return Case(
        report=ReportPayload(
            kind="message",
            category="harassment",
            words="The second report about the same words.",
            may_pass_on=True,
            node=ASH,
            proof=encode_report(make_report(stamped, opened)),
        ),
        seal=unwrap_seal(WEEK_KEY, mark, own_keys=[ASH_KEY.verify_key]),
        actor=an_actor(),
        day=DAY + 2,
    )


def owner_seal(object_id: bytes, *, member: bytes = MEMBER, epoch: int = EPOCH) -> bytes:
    """Return the seal that says that *member* owns the offer *object_id*."""
    return make_seal(
        sealing_public_key(SEEDS[epoch]),
        member_id=member,
        digest=sha256(object_id),
        salt=bytes(16),
        kind=KIND_OFFER,
        community=COMMUNITY,
        epoch=epoch,
    )


def an_offer_case(*, epoch: int = EPOCH, days_later: int = 2) -> Case:
    """Return the case of an offer whose seal was made in the quarter *epoch*."""
    document = a_signed_offer()
    _, offer_id = parse_offer_url(str(document["id"]))
    return Case(
        report=ReportPayload(
            kind="offer",
            category="deception",
            words="",
            may_pass_on=False,
            node=ASH,
            proof=canonical_bytes(document),
        ),
        seal=owner_seal(offer_id, epoch=epoch),
        actor=an_actor(),
        day=DAY + days_later,
    )


_RSA_PEM = RsaSigningKey.generate().public_pem()
