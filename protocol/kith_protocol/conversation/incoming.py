"""Knocks on the mentor's side: reading, answering, and forgetting.

The mentor's keys of a conversation grow from the offer's secret and the knock, so that two
devices that answer the same knock at the same time begin the same conversation with two lanes,
and not two conversations. They serve that one conversation only. Whom the mentor has blocked,
and keeping what was read until the offer's seeds are gone, is left to the caller.

Source: SPEC.md, section on conversations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from kith_crypto.binding import sign_binding
from kith_crypto.content import Opened
from kith_crypto.core import (
    NO_PREVIOUS,
    ROLE_MENTOR,
    Core,
    core_hash,
    encode_core,
    parse_core,
)
from kith_crypto.ed25519 import SigningKey, VerifyKey, parse_verify_key
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.envelope import Unstamped
from kith_crypto.errors import MalformedError, SignatureError, UsageError
from kith_crypto.hashes import hkdf_sha256
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import open_knock, seal_answer
from kith_crypto.objects import box_address, offer_id
from kith_crypto.randomness import Rng
from kith_crypto.recognition import verify_who
from kith_crypto.stamp import Stamped
from kith_protocol.conversation.bodies import (
    Answer,
    Knock,
    Withdrawal,
    encode_body,
    read_strictly,
)
from kith_protocol.conversation.events import Evidence
from kith_protocol.conversation.knock_machine import (
    KNOCK_DAYS,
    KnockEvent,
    rank_of,
    step_incoming,
)
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.proofs import (
    PROOF_DAYS,
    evidence_of_core,
    proof_of,
    reply_key_of,
)
from kith_protocol.conversation.records import (
    IncomingKnock,
    ReplyKey,
    Seed,
    Talk,
    lane_of,
    message_of,
)
from kith_protocol.day import DAY_S, Day
from kith_protocol.errors import ReplayedError

WHO_DAYS = 8  # as old as an envelope may be when it is taken in
EARLY_DAYS = 2  # that a withdrawal waits for its knock
SEED_BYTES = 32

_KEY_LABEL = b"kith/mentor-key/v1\0"
_BOX_LABEL = b"kith/mentor-box/v1\0"


class WrittenAnswer(msgspec.Struct, frozen=True):
    """What is to be stored and then handed in, the slow way.

    Attributes:
        knock: the record as it is now.
        conversation: that begins, with records to be stored; ``None`` when declined.
        unstamped: goes to ``knock.node``.
        box_key: owns the new box, which has to exist before this is handed in; ``None`` when
            declined.
    """

    knock: IncomingKnock
    conversation: Conversation | None
    unstamped: Unstamped
    box_key: SigningKey | None


def read_knock(
    stamped: Stamped,
    seeds: Sequence[bytes],
    *,
    offer: bytes,
    node: str,
    node_keys: Sequence[VerifyKey],
    knocks: Mapping[bytes, IncomingKnock],
    device: bytes,
    now: int,
) -> IncomingKnock:
    """Return the knock in an envelope, or a known one that it takes back.

    Args:
        stamped: an envelope of the offer's knock box, its stamp verified with *node_keys*.
        seeds: of the offer's weeks, newest first.
        offer: its id, 16 bytes.
        node: origin of the node that delivered it.
        node_keys: that node's present and lately retired keys.
        knocks: all that were ever read at this offer, by conversation.
        device: names this device, see ``records.lane_of``.
        now: seconds.

    Raises:
        DecryptionError: not a message to this offer.
        SignatureError: its node did not vouch for who wrote it.
        ReplayedError: it was read before, or takes back what is not known or settled.
        MalformedError: it breaks a rule.
    """
    opened = open_knock(stamped, seeds, offer_id=offer)
    body = read_strictly(opened.core.body)
    known = knocks.get(opened.core.conversation)
    if isinstance(body, Withdrawal):
        return _withdrawn(known, opened, now)
    if not isinstance(body, Knock) or opened.core.next_key is None:
        raise MalformedError("not a knock")
    if known is not None:
        raise ReplayedError("a conversation begins with one knock")
    _check_who(body, opened, stamped, offer, node_keys)
    return IncomingKnock(
        conversation=opened.core.conversation,
        lane=lane_of(device, opened.core.conversation),
        offer=offer,
        node=node,
        mentee_key=opened.writer,
        box=parse_base64url(body.box),
        who=parse_base64url(body.who),
        core=opened.raw,
        state="delivered",
        read_at=now,
        expires_at=(stamped.envelope.day + 1) * DAY_S + KNOCK_DAYS * DAY_S,
        changed_at=now,
        proof=proof_of(stamped, opened, node=node),
    )


def words_of(knock: IncomingKnock) -> Knock:
    """Return what is written in *knock*.

    Raises:
        MalformedError: the record does not hold a knock.
    """
    body = read_strictly(parse_core(knock.core).body)
    if not isinstance(body, Knock):
        raise MalformedError("not a knock")
    return body


def is_early_withdrawal(
    stamped: Stamped,
    seeds: Sequence[bytes],
    *,
    offer: bytes,
    knocks: Mapping[bytes, IncomingKnock],
    today: Day,
) -> bool:
    """Return whether an envelope takes back a knock that may still come.

    Envelopes overtake each other, so a withdrawal is kept for ``EARLY_DAYS``: dropped, it would
    leave the mentor with a knock that nobody waits for any more.

    Args:
        stamped: an envelope that ``read_knock`` refused as replayed.
        seeds: as there.
        offer: as there.
        knocks: as there.
        today: by one's own clock.
    """
    opened = open_knock(stamped, seeds, offer_id=offer)
    return (
        opened.core.conversation not in knocks
        and isinstance(read_strictly(opened.core.body), Withdrawal)
        and today - stamped.envelope.day <= EARLY_DAYS
    )


def write_answer(
    knock: IncomingKnock, answer: Answer, *, offer_key: SigningKey, now: int, rng: Rng
) -> WrittenAnswer:
    """Return the answer to a knock, either way.

    Args:
        knock: this device's copy, as merged; not answered, expired or withdrawn.
        answer: what the mentor says; key, binding and box are filled in.
        offer_key: the offer's capability.
        now: seconds.
        rng: for keys.

    Raises:
        UsageError: it can no longer be answered so, or by another offer.
        MalformedError: *answer* breaks a rule.
        TooLargeError: its words do not fit together.
        KeyRefusedError: the knock's reply key is not one.
    """
    event: KnockEvent = "accept" if answer.accepted else "decline"
    moved = _moved(expire_incoming(knock, now=now), event, now)
    if offer_id(offer_key.verify_key) != knock.offer:
        raise UsageError("not the key of the offer that was knocked at")
    key, box_key = _keys_of(knock, offer_key)
    seed = _first_seed(knock, now, rng) if answer.accepted else None
    filled = _filled(answer, knock, offer_key, key, box_key)
    core = _answer_core(knock, filled, seed, now)
    unstamped = _sealed(knock, core, key, rng)
    moved = replace(moved, answer=answer, answer_core=encode_core(core))
    if seed is None:
        return WrittenAnswer(moved, None, unstamped, None)
    conversation = _begun(moved, core, key, box_key, seed, now)
    return WrittenAnswer(moved, conversation, unstamped, box_key)


def resend_answer(knock: IncomingKnock, *, offer_key: SigningKey, rng: Rng) -> Unstamped:
    """Return an answer that failed as it is sent again: the same core.

    Raises:
        UsageError: there is none.
    """
    if not knock.answer_core:
        raise UsageError("it was not answered by this device")
    key, _ = _keys_of(knock, offer_key)
    return _sealed(knock, parse_core(knock.answer_core), key, rng)


def expire_incoming(knock: IncomingKnock, *, now: int, days: int = KNOCK_DAYS) -> IncomingKnock:
    """Return *knock*, expired if its time is up.

    Args:
        knock: as it was.
        now: seconds.
        days: how long a knock waits for an answer, from the end of the day of its stamp.
    """
    if now < knock.expires_at + (days - KNOCK_DAYS) * DAY_S:
        return knock
    step = step_incoming(knock.state, "time-up")
    return knock if step.reason else replace(knock, state=step.state, changed_at=now)


def merge_incoming(copies: Iterable[IncomingKnock]) -> IncomingKnock:
    """Return what the copies of several devices say together.

    Args:
        copies: of one knock, at least one.
    """
    return max(copies, key=lambda knock: (rank_of(knock.state), -knock.changed_at, knock.lane))


def without_old_proof(knock: IncomingKnock, *, now: int) -> IncomingKnock:
    """Return *knock* without what proves it, once that is 30 days old."""
    if knock.proof is None or now - knock.read_at < PROOF_DAYS * DAY_S:
        return knock
    return replace(knock, proof=None)


def evidence_of_knock(knock: IncomingKnock) -> Evidence | None:
    """Return what a report of *knock* needs, for 30 days."""
    return None if knock.proof is None else evidence_of_core(knock.core, knock.proof)


def _check_who(
    body: Knock,
    opened: Opened,
    stamped: Stamped,
    offer: bytes,
    node_keys: Sequence[VerifyKey],
) -> None:
    if not 0 <= stamped.envelope.day - body.day <= WHO_DAYS:
        raise SignatureError("who is of another day")
    verify_who(
        node_keys,
        parse_base64url(body.sign),
        parse_base64url(body.who),
        offer_id=offer,
        mentee_key=opened.writer,
        day=body.day,
    )


def _withdrawn(known: IncomingKnock | None, opened: Opened, now: int) -> IncomingKnock:
    if known is None or known.mentee_key != opened.writer:
        raise ReplayedError("takes back a knock that is not here")
    step = step_incoming(known.state, "withdraw")
    if step.reason:
        raise ReplayedError(step.reason)
    return replace(known, state=step.state, changed_at=now)


def _moved(knock: IncomingKnock, event: KnockEvent, now: int) -> IncomingKnock:
    step = step_incoming(knock.state, event)
    if step.reason:
        raise UsageError(step.reason)
    return replace(knock, state=step.state, changed_at=now)


def _keys_of(knock: IncomingKnock, offer_key: SigningKey) -> tuple[SigningKey, SigningKey]:
    """Return conversation key and box key, the same on every device of the mentor."""
    about = knock.conversation + core_hash(knock.core)
    key, box = (
        SigningKey.from_seed(hkdf_sha256(offer_key.seed, label + about))
        for label in (_KEY_LABEL, _BOX_LABEL)
    )
    return key, box


def _first_seed(knock: IncomingKnock, now: int, rng: Rng) -> Seed:
    return Seed(
        conversation=knock.conversation,
        lane=knock.lane,
        turn=now // 60,
        seed=rng.bytes(SEED_BYTES),
        made_at=now,
        heard=1,
        seq=1,
    )


def _filled(
    answer: Answer,
    knock: IncomingKnock,
    offer_key: SigningKey,
    key: SigningKey,
    box_key: SigningKey,
) -> Answer:
    binding = sign_binding(
        offer_key,
        conversation=knock.conversation,
        mentor_key=key.verify_key,
        mentee_key=parse_verify_key(knock.mentee_key),
        knock_hash=core_hash(knock.core),
    )
    box = encode_base64url(box_address(box_key.verify_key))
    return replace(
        answer,
        key=encode_base64url(key.verify_key),
        bind=encode_base64url(binding),
        box=box if answer.accepted else "",
    )


def _answer_core(knock: IncomingKnock, answer: Answer, seed: Seed | None, now: int) -> Core:
    lane = parse_core(knock.core).lane
    return Core(
        conversation=knock.conversation,
        role=ROLE_MENTOR,
        lane=knock.lane,
        seq=1,
        previous=NO_PREVIOUS,
        minute=now // 60,
        next_key=None if seed is None else sealing_public_key(seed.seed),
        body=encode_body(answer, ack={lane: 1}, turn=None if seed is None else seed.turn),
    )


def _sealed(knock: IncomingKnock, core: Core, key: SigningKey, rng: Rng) -> Unstamped:
    return seal_answer(
        core, writer=key, sealing_key=_first_key(knock).key, box=knock.box, rng=rng
    )


def _first_key(knock: IncomingKnock) -> ReplyKey:
    first = reply_key_of(parse_core(knock.core))
    if first is None:
        raise MalformedError("a knock has a reply key")
    return first


def _begun(
    knock: IncomingKnock,
    answer: Core,
    key: SigningKey,
    box_key: SigningKey,
    seed: Seed,
    now: int,
) -> Conversation:
    return Conversation.begin(
        Talk(
            conversation=knock.conversation,
            role=ROLE_MENTOR,
            offer=knock.offer,
            seed=key.seed,
            box_seed=box_key.seed,
            peer_key=knock.mentee_key,
            peer_box=knock.box,
            peer_node=knock.node,
            first=_first_key(knock),
            knock_hash=core_hash(knock.core),
        ),
        lane=knock.lane,
        messages=(
            message_of(
                parse_core(knock.core), raw_hash=core_hash(knock.core), at=knock.read_at
            ),
            message_of(answer, raw_hash=core_hash(encode_core(answer)), at=now),
        ),
        seeds=(seed,),
        proofs=() if knock.proof is None else (knock.proof,),
        now=now,
    )
