"""Two people who talk: a mentor with an offer, a mentee who knocked, and the nodes between."""

from __future__ import annotations

from kith_crypto.core import core_hash
from kith_crypto.ed25519 import SigningKey
from kith_crypto.envelope import WRAPPED_SEAL_BYTES, Unstamped
from kith_crypto.hpke import sealing_public_key
from kith_crypto.recognition import sign_who
from kith_crypto.stamp import Stamped, stamp_envelope
from kith_protocol.bundle import Bundle, encode_bundle, parse_bundle
from kith_protocol.conversation.bodies import Answer
from kith_protocol.conversation.incoming import WrittenAnswer, read_knock, write_answer
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.outgoing import (
    AnswerRead,
    Who,
    WrittenKnock,
    draft_knock,
    read_answer,
    write_knock,
)
from kith_protocol.conversation.records import (
    IncomingKnock,
    KnockWords,
    OutgoingKnock,
    Record,
    lane_of,
)
from kith_protocol.day import Day, day_of, week_of
from kith_testing.correspondence import (
    CONVERSATION,
    KNOCK_BOX,
    NODE,
    OFFER,
    OFFER_ID,
    WEEK_SEED,
)
from kith_testing.rng import SeededRng

HOME = "https://ash.example"
AWAY = "https://birch.example"
NOW = 1_795_392_000  # Monday 2026-11-23, 00:00 UTC
DAY_S = 86_400
MENTEE_DEVICE = b"mentee's laptop."
MENTOR_DEVICE = b"mentor's laptop."


def a_bundle(now: int = NOW) -> Bundle:
    """Return this week's bundle of the offer."""
    week = week_of(day_of(now))
    return parse_bundle(
        encode_bundle(
            OFFER,
            week=week,
            sealing_key=sealing_public_key(WEEK_SEED),
            knock_box=KNOCK_BOX,
        )
    )


def stamped(unstamped: Unstamped, now: int = NOW, *, node_key: SigningKey = NODE) -> Stamped:
    """Return the envelope as the sending node stamps it; its sender seal is empty."""
    return stamp_envelope(
        unstamped,
        node_key=node_key,
        wrapped_seal=bytes(WRAPPED_SEAL_BYTES),
        day=day_of(now),
    )


def who_of(knock: OutgoingKnock, now: int = NOW, *, node_key: SigningKey = NODE) -> Who:
    """Return what the mentee's node says of them."""
    day = day_of(now)
    who = b"the same member."
    key = SigningKey.from_seed(knock.seed).verify_key
    signature = sign_who(node_key, who, offer_id=OFFER_ID, mentee_key=key, day=day)
    return Who(who, signature, day)


def a_draft(
    words: KnockWords | None = None, *, conversation: bytes = CONVERSATION, seed: int = 1
) -> OutgoingKnock:
    """Return a knock that is not sent yet."""
    return draft_knock(
        words or KnockWords(words="May I ask you about welding?"),
        offer=OFFER_ID,
        node=AWAY,
        conversation=conversation,
        lane=lane_of(MENTEE_DEVICE, conversation),
        now=NOW,
        rng=SeededRng(seed),
    )


def a_sent_knock(draft: OutgoingKnock | None = None, *, now: int = NOW) -> WrittenKnock:
    """Return a knock that has just been written."""
    knock = draft or a_draft()
    return write_knock(
        knock, bundle=a_bundle(now), who=who_of(knock, now), now=now, rng=SeededRng(2)
    )


def taken_in(
    written: WrittenKnock,
    *,
    now: int = NOW,
    knocks: dict[bytes, IncomingKnock] | None = None,
    device: bytes = MENTOR_DEVICE,
) -> IncomingKnock:
    """Return the knock, or its withdrawal, as the mentor reads it."""
    return read_knock(
        stamped(written.unstamped, now),
        [WEEK_SEED],
        offer=OFFER_ID,
        node=HOME,
        node_keys=[NODE.verify_key],
        knocks=knocks or {},
        device=device,
        now=now,
    )


def answered(
    knock: IncomingKnock, *, accepted: bool = True, now: int = NOW, seed: int = 3
) -> WrittenAnswer:
    """Return the mentor's answer."""
    answer = Answer(accepted=accepted, words="Gladly." if accepted else "Not now, sorry.")
    return write_answer(knock, answer, offer_key=OFFER, now=now, rng=SeededRng(seed))


def answer_taken_in(
    written: WrittenKnock, answer: WrittenAnswer, *, now: int = NOW
) -> AnswerRead:
    """Return the answer as the mentee reads it."""
    assert written.seed is not None
    return read_answer(
        written.knock,
        stamped(answer.unstamped, now),
        seeds=[written.seed],
        node=AWAY,
        now=now,
    )


def records_of(conversation: Conversation) -> list[Record]:
    """Return the records that are to be stored now."""
    return [
        change.record for change in conversation.take_changes() if change.record is not None
    ]


def a_pair(now: int = NOW) -> tuple[Conversation, Conversation]:
    """Return mentee's and mentor's side of a conversation that has just begun."""
    written = a_sent_knock(now=now)
    answer = answered(taken_in(written, now=now), now=now)
    read = answer_taken_in(written, answer, now=now)
    assert read.conversation is not None
    assert answer.conversation is not None
    return read.conversation, answer.conversation


def knock_hash_of(written: WrittenKnock) -> bytes:
    """Return how the knock is named."""
    return core_hash(written.knock.core)


def today(now: int) -> Day:
    """Return the day of *now*."""
    return day_of(now)
