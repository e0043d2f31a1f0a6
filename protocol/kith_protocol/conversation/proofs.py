"""What proves a received message to moderators, kept for 30 days and then forgotten."""

from __future__ import annotations

from kith_crypto.content import Opened
from kith_crypto.core import Core, core_hash, encode_core
from kith_crypto.errors import KithError
from kith_crypto.stamp import Stamped, encode_postmark, parse_postmark, postmark_of
from kith_protocol.conversation.bodies import read_body
from kith_protocol.conversation.events import Evidence
from kith_protocol.conversation.records import Message, Proof, ReplyKey
from kith_protocol.conversation.writing import core_of

PROOF_DAYS = 30


def proof_of(stamped: Stamped, opened: Opened, *, node: str) -> Proof:
    """Return what proves *opened*.

    Args:
        stamped: the envelope it came in.
        opened: what was in it.
        node: origin of the node that sent it.
    """
    return Proof(
        hash=core_hash(opened.raw),
        frank_key=opened.frank_key,
        postmark=encode_postmark(postmark_of(stamped.envelope)),
        node=node,
        next_key=opened.core.next_key or b"",
    )


def evidence_of(conversation: bytes, message: Message, proof: Proof) -> Evidence | None:
    """Return what a report of *message* needs, or ``None`` if the records do not fit.

    Args:
        conversation: 16 bytes.
        message: as kept.
        proof: of that message.
    """
    core = core_of(conversation, message, proof.next_key or None)
    return None if core is None else evidence_of_core(encode_core(core), proof)


def evidence_of_core(raw: bytes, proof: Proof) -> Evidence | None:
    """Return what a report of the core in *raw* needs, or ``None`` if they do not fit."""
    try:
        postmark = parse_postmark(proof.postmark)
    except KithError:
        return None
    if core_hash(raw) != proof.hash:
        return None
    return Evidence(node=proof.node, postmark=postmark, frank_key=proof.frank_key, core=raw)


def reply_key_of(core: Core) -> ReplyKey | None:
    """Return the reply key that *core* announces, if it does."""
    if core.next_key is None:
        return None
    turn = read_body(core.body).turn
    return ReplyKey(core.minute if turn is None else turn, core.lane, core.next_key)
