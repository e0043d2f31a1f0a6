"""Knocks on the mentee's side: writing, taking back, and reading what comes back.

Each device has a copy of its own of a knock's record (``knock_for_lane``), and what is shown
is what all copies say together (``merge_outgoing``). Keeping bundles, asking for ``who``,
making the box and handing in are left to the caller, and so is the rule that at most three
knocks are open (``knock_machine.may_knock``).

Source: SPEC.md, section on conversations.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from kith_crypto.core import (
    NO_PREVIOUS,
    ROLE_MENTEE,
    Core,
    core_hash,
    encode_core,
    parse_core,
)
from kith_crypto.ed25519 import SigningKey, VerifyKey, parse_verify_key
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.envelope import Unstamped
from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import open_answer, seal_knock
from kith_crypto.objects import box_address, offer_id
from kith_crypto.randomness import Rng
from kith_crypto.stamp import Stamped
from kith_protocol.bundle import Bundle
from kith_protocol.conversation.bodies import (
    Answer,
    Body,
    Knock,
    Withdrawal,
    encode_body,
    read_strictly,
)
from kith_protocol.conversation.knock_machine import (
    KNOCK_DAYS,
    OPEN_STATES,
    KnockEvent,
    rank_of,
    step_outgoing,
)
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.proofs import proof_of, reply_key_of
from kith_protocol.conversation.records import (
    KnockWords,
    OutgoingKnock,
    Seed,
    Talk,
    message_of,
)
from kith_protocol.conversation.seeds import SUPERSEDED_S, newest_first
from kith_protocol.day import DAY_S

SEED_BYTES = 32
LANE_BYTES = 8


class Who(msgspec.Struct, frozen=True):
    """What the own node says of the member for this knock.

    Attributes:
        who: 16 bytes.
        signature: 64 bytes.
        day: days since 1970-01-01.
    """

    who: bytes
    signature: bytes
    day: int


class WrittenKnock(msgspec.Struct, frozen=True):
    """What is to be stored and then handed in; both go the slow way.

    Attributes:
        knock: the record as it is now.
        seed: of the reply key, to be stored too; ``None`` when nothing new was made.
        unstamped: goes to ``knock.node``.
    """

    knock: OutgoingKnock
    seed: Seed | None
    unstamped: Unstamped


class AnswerRead(msgspec.Struct, frozen=True):
    """An answer that was read.

    Attributes:
        knock: the record as it is now.
        conversation: that begins, with records to be stored; ``None`` when declined.
        answer: what the mentor says.
    """

    knock: OutgoingKnock
    conversation: Conversation | None
    answer: Answer


def draft_knock(
    words: KnockWords,
    *,
    offer: bytes,
    node: str,
    conversation: bytes,
    lane: bytes,
    now: int,
    rng: Rng,
    wish: bytes = b"",
) -> OutgoingKnock:
    """Return a knock that is only a draft: nobody is asked for anything yet.

    Args:
        words: may still be changed.
        offer: id of the offer, 16 bytes.
        node: origin of the offer's node.
        conversation: 16 random bytes.
        lane: of this device in it, see ``records.lane_of``.
        now: seconds.
        rng: for the keys of the conversation and of the box.
        wish: what one looks for with it, 16 bytes, or empty; never sent.
    """
    return OutgoingKnock(
        conversation=conversation,
        lane=lane,
        offer=offer,
        node=node,
        seed=rng.bytes(SEED_BYTES),
        box_seed=rng.bytes(SEED_BYTES),
        words=words,
        state="draft",
        changed_at=now,
        wish=wish,
    )


def write_knock(
    knock: OutgoingKnock, *, bundle: Bundle, who: Who, now: int, rng: Rng
) -> WrittenKnock:
    """Return a draft as it is sent.

    Args:
        knock: a draft; its box exists.
        bundle: of the offer, checked for this week.
        who: asked for with the key of *knock*, just now.
        now: seconds.
        rng: for keys.

    Raises:
        UsageError: not a draft, or a bundle of another offer.
        MalformedError: the words break a rule.
        TooLargeError: they do not fit together.
        KeyRefusedError: the bundle's key is not one.
    """
    moved = _moved(knock, "send", now)
    if knock.core:
        raise UsageError("it was sent before: send it again")
    seed = Seed(
        conversation=knock.conversation,
        lane=knock.lane,
        turn=now // 60,
        seed=rng.bytes(SEED_BYTES),
        made_at=now,
        heard=0,
        seq=1,
    )
    core = _knock_core(knock, seed, _knock_body(knock, who), now)
    written = replace(
        moved,
        attempt=1,
        sent_at=now,
        offer_key=bundle.offer_key,
        core=encode_core(core),
    )
    return WrittenKnock(written, seed, _sealed(written, core, bundle, rng))


def resend_knock(knock: OutgoingKnock, *, bundle: Bundle, now: int, rng: Rng) -> WrittenKnock:
    """Return a knock that failed as it is sent again: the same core, so it is never two.

    Raises:
        UsageError: it has not failed, or a bundle of another offer.
        KeyRefusedError: the bundle's key is not one.
    """
    if not knock.core:
        raise UsageError("it was not sent before")
    moved = replace(_moved(knock, "send", now), attempt=knock.attempt + 1)
    return WrittenKnock(moved, None, _sealed(moved, parse_core(knock.core), bundle, rng))


def write_withdrawal(
    knock: OutgoingKnock, *, bundle: Bundle, words: str = "", now: int, rng: Rng
) -> WrittenKnock:
    """Return the message that takes a knock back. A draft is simply deleted.

    It is numbered in a lane of its own, so it leaves no hole if the knock was accepted
    meanwhile.

    Args:
        knock: sent and not answered.
        bundle: of the offer, checked for this week.
        words: kind ones, at most 200 characters.
        now: seconds.
        rng: for keys and that lane.

    Raises:
        UsageError: it cannot be withdrawn, or a bundle of another offer.
        MalformedError: the words break a rule.
        KeyRefusedError: the bundle's key is not one.
    """
    moved = _moved(knock, "withdraw", now)
    body = Withdrawal(key=_own_key(knock), words=words)
    core = Core(
        conversation=knock.conversation,
        role=ROLE_MENTEE,
        lane=rng.bytes(LANE_BYTES),
        seq=1,
        previous=NO_PREVIOUS,
        minute=now // 60,
        next_key=None,
        body=encode_body(body, ack={}, turn=None),
    )
    return WrittenKnock(moved, None, _sealed(moved, core, bundle, rng))


def knock_moved(
    knock: OutgoingKnock, event: KnockEvent, *, now: int
) -> tuple[OutgoingKnock, str]:
    """Return *knock* after *event*, and why nothing changed, or nothing.

    Args:
        knock: as it was.
        event: what the own node says of the envelope: ``delivered`` or ``failed``.
        now: seconds.
    """
    step = step_outgoing(knock.state, event)
    if step.reason:
        return knock, step.reason
    return replace(knock, state=step.state, changed_at=now), ""


def expire_outgoing(knock: OutgoingKnock, *, now: int, days: int = KNOCK_DAYS) -> OutgoingKnock:
    """Return *knock*, expired if its time is up.

    Args:
        knock: as it was.
        now: seconds.
        days: how long a knock waits for an answer.
    """
    if not knock.sent_at or now - knock.sent_at < days * DAY_S:
        return knock
    return knock_moved(knock, "time-up", now=now)[0]


def read_answer(
    knock: OutgoingKnock, stamped: Stamped, *, seeds: Iterable[Seed], node: str, now: int
) -> AnswerRead:
    """Return the answer that came to the box of *knock*.

    Args:
        knock: this device's copy, as merged.
        stamped: an envelope of its box, its stamp verified with the keys of *node*.
        seeds: the ``Seed`` records of this conversation.
        node: origin of the node that delivered it.
        now: seconds.

    Raises:
        DecryptionError: not the answer to this knock; a message that overtook it is read
            after it.
        MalformedError: an answer that breaks a rule.
    """
    live = newest_first(seeds)
    opened = open_answer(
        stamped,
        [seed.seed for seed in live],
        conversation=knock.conversation,
        mentee_key=SigningKey.from_seed(knock.seed).verify_key,
        knock_hash=core_hash(knock.core),
        offer_key=_offer_key(knock),
    )
    answer = read_strictly(opened.core.body)
    if not isinstance(answer, Answer):
        raise MalformedError("not an answer")
    event: KnockEvent = "accept" if answer.accepted else "decline"
    moved, reason = knock_moved(knock, event, now=now)
    if not reason:
        moved = replace(moved, answer=answer)
    if not answer.accepted:
        return AnswerRead(moved, None, answer)
    first = reply_key_of(opened.core)
    if first is None or not answer.box:
        raise MalformedError("an acceptance has a box and a reply key")
    own = parse_core(knock.core)
    conversation = Conversation.begin(
        Talk(
            conversation=knock.conversation,
            role=ROLE_MENTEE,
            offer=knock.offer,
            seed=knock.seed,
            box_seed=knock.box_seed,
            peer_key=opened.writer,
            peer_box=parse_base64url(answer.box),
            peer_node=knock.node,
            first=first,
            knock_hash=core_hash(knock.core),
        ),
        lane=knock.lane,
        messages=(
            message_of(own, raw_hash=core_hash(knock.core), at=knock.sent_at),
            message_of(opened.core, raw_hash=core_hash(opened.raw), at=now),
        ),
        seeds=live,
        proofs=(proof_of(stamped, opened, node=node),),
        now=now,
    )
    return AnswerRead(moved, conversation, answer)


def merge_outgoing(copies: Iterable[OutgoingKnock]) -> OutgoingKnock:
    """Return what the copies of several devices say together.

    Args:
        copies: of one knock, at least one.
    """
    return max(copies, key=_precedence)


def find_superseded(knocks: Iterable[OutgoingKnock]) -> tuple[OutgoingKnock, ...]:
    """Return the open knocks whose wish another one has fulfilled since they were sent.

    A knock that was sent after that acceptance looks for somebody else, and stays.

    Args:
        knocks: all of a member, each as merged.
    """
    known = tuple(knocks)
    fulfilled: dict[bytes, int] = {}
    for knock in known:
        if knock.wish and knock.state == "accepted":
            last = fulfilled.get(knock.wish, 0)
            fulfilled[knock.wish] = max(last, knock.changed_at)
    return tuple(
        knock
        for knock in known
        if knock.state in OPEN_STATES and knock.sent_at <= fulfilled.get(knock.wish, -1)
    )


def is_seed_dead(knock: OutgoingKnock, *, now: int) -> bool:
    """Return whether the ``Seed`` records of a knock that led nowhere are to be deleted.

    Args:
        knock: as merged.
        now: seconds.
    """
    if knock.state == "accepted" or knock.state in OPEN_STATES:
        return False
    return now - knock.changed_at >= SUPERSEDED_S


def box_of(knock: OutgoingKnock) -> bytes:
    """Return the address of the box of *knock*, 16 bytes."""
    return box_address(SigningKey.from_seed(knock.box_seed).verify_key)


def _precedence(knock: OutgoingKnock) -> tuple[int, int, int, int, bytes]:
    """While it may be sent again the later attempt counts, afterwards the rank of the state."""
    rank = rank_of(knock.state)
    final = rank if rank >= rank_of("expired") else 0
    return final, knock.attempt, rank, -knock.changed_at, knock.lane


def _moved(knock: OutgoingKnock, event: KnockEvent, now: int) -> OutgoingKnock:
    moved, reason = knock_moved(knock, event, now=now)
    if reason:
        raise UsageError(reason)
    return moved


def _own_key(knock: OutgoingKnock) -> str:
    return encode_base64url(SigningKey.from_seed(knock.seed).verify_key)


def _knock_body(knock: OutgoingKnock, who: Who) -> Knock:
    words = knock.words
    return Knock(
        key=_own_key(knock),
        box=encode_base64url(box_of(knock)),
        who=encode_base64url(who.who),
        sign=encode_base64url(who.signature),
        day=who.day,
        words=words.words,
        hopes=words.hopes,
        tried=words.tried,
        rhythm=words.rhythm,
        times=words.times,
        card=words.card,
    )


def _knock_core(knock: OutgoingKnock, seed: Seed, body: Body, now: int) -> Core:
    return Core(
        conversation=knock.conversation,
        role=ROLE_MENTEE,
        lane=knock.lane,
        seq=1,
        previous=NO_PREVIOUS,
        minute=now // 60,
        next_key=sealing_public_key(seed.seed),
        body=encode_body(body, ack={}, turn=seed.turn),
    )


def _sealed(knock: OutgoingKnock, core: Core, bundle: Bundle, rng: Rng) -> Unstamped:
    if offer_id(bundle.offer_key) != knock.offer:
        raise UsageError("a bundle of another offer")
    return seal_knock(
        core,
        writer=SigningKey.from_seed(knock.seed),
        offer_id=knock.offer,
        sealing_key=bundle.sealing_key,
        box=bundle.knock_box,
        rng=rng,
    )


def _offer_key(knock: OutgoingKnock) -> VerifyKey:
    if not knock.core:
        raise UsageError("a draft has no answer")
    return parse_verify_key(knock.offer_key)
