"""Making the core of a message: its number, its reply key, what it acknowledges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from kith_crypto.content import AROUND_CORE_BYTES
from kith_crypto.core import NO_PREVIOUS, Core, core_hash, encode_core
from kith_crypto.envelope import LARGEST_SEALED_BYTES, SMALLEST_SEALED_BYTES
from kith_crypto.errors import KithError, UsageError
from kith_crypto.hpke import sealing_public_key
from kith_crypto.padding import bucket_bytes
from kith_crypto.randomness import Rng
from kith_crypto.strict_json import parse_json_object
from kith_protocol.conversation.bodies import (
    Answer,
    Body,
    Close,
    Freeze,
    Knock,
    Rekey,
    Unknown,
    Withdrawal,
    encode_body,
)
from kith_protocol.conversation.history import State
from kith_protocol.conversation.ledger import LaneLog
from kith_protocol.conversation.records import Message, Seed, Talk
from kith_protocol.conversation.seeds import newest_first, next_turn

SEED_BYTES = 32


class Draft(msgspec.Struct, frozen=True):
    """A message that is not sealed yet. Its ``repr`` shows nothing.

    Attributes:
        core: it.
        raw: encoded.
        seed: the new reply key it announces, or ``None``.
    """

    core: Core
    raw: bytes
    seed: Seed | None

    def __repr__(self) -> str:
        return "Draft(...)"


class Around(msgspec.Struct, frozen=True):
    """What a message is written into.

    Attributes:
        talk: what is fixed.
        lane: of this device.
        log: what it has written so far.
        seeds: own reply keys that live.
        heard: how many messages of the other side are known.
        acked: which own numbers the other side has seen, by lane.
        ack: what is acknowledged to it.
    """

    talk: Talk
    lane: bytes
    log: LaneLog
    seeds: Sequence[Seed]
    heard: int
    acked: Mapping[bytes, int]
    ack: dict[bytes, int]


def check_may_write(body: Body, state: State) -> None:
    """Return if *body* may be written now.

    Raises:
        UsageError: it belongs before the conversation, or the conversation has ended.
    """
    if isinstance(body, Knock | Answer | Withdrawal | Unknown):
        raise UsageError("not a message of a conversation that has begun")
    allowed: tuple[State, ...] = ("open",)
    if isinstance(body, Close):
        allowed = ("open", "closed-by-peer")
    if isinstance(body, Freeze):
        allowed = ("open", "closed-by-me", "closed-by-peer", "closed")
    if state not in allowed:
        raise UsageError(f"the conversation is {state}")


def compose(body: Body, around: Around, *, now: int, rng: Rng) -> Draft:
    """Return *body* as the next message of the lane.

    A new reply key is made for the first message of a turn, for the first one of a lane, whose
    device may have forgotten its newest, and for ``Rekey``. Until the other side has seen it,
    later messages repeat it where that costs no larger envelope.

    Args:
        body: to be written.
        around: what it is written into.
        now: seconds.
        rng: for a new reply key.

    Raises:
        MalformedError: *body* breaks a rule.
        TooLargeError: it does not fit an envelope.
    """
    newest = next(iter(newest_first(around.seeds)), None)
    is_first = around.log.top == 0 or isinstance(body, Rekey)
    if newest is None or is_first or around.heard > newest.heard:
        seed = _new_seed(around, now, rng)
        return _draft(body, around, now, announced=seed, new=seed)
    plain = _draft(body, around, now)
    if newest.lane != around.lane or around.acked.get(around.lane, 0) >= newest.seq:
        return plain
    repeated = _draft(body, around, now, announced=newest)
    return repeated if _bucket(repeated) == _bucket(plain) else plain


def core_of(conversation: bytes, message: Message, next_key: bytes | None) -> Core | None:
    """Return the core that was kept as *message*, or ``None`` if that is not all there is.

    Args:
        conversation: 16 bytes.
        message: as kept.
        next_key: the reply key that stood in its header, if it is still known.
    """
    raw = message.body.encode()
    try:
        core = Core(
            conversation=conversation,
            role=message.role,
            lane=message.lane,
            seq=message.seq,
            previous=message.previous,
            minute=message.minute,
            next_key=next_key,
            body=parse_json_object(raw, max_bytes=len(raw)),
        )
        return core if core_hash(encode_core(core)) == message.hash else None
    except (KithError, ValueError):
        return None


def _new_seed(around: Around, now: int, rng: Rng) -> Seed:
    return Seed(
        conversation=around.talk.conversation,
        lane=around.lane,
        turn=next_turn(around.seeds, now=now),
        seed=rng.bytes(SEED_BYTES),
        made_at=now,
        heard=around.heard,
        seq=around.log.top + 1,
    )


def _draft(
    body: Body,
    around: Around,
    now: int,
    *,
    announced: Seed | None = None,
    new: Seed | None = None,
) -> Draft:
    top = around.log.top
    core = Core(
        conversation=around.talk.conversation,
        role=around.talk.role,
        lane=around.lane,
        seq=top + 1,
        previous=around.log.messages[top][-1].hash if top else NO_PREVIOUS,
        minute=now // 60,
        next_key=None if announced is None else sealing_public_key(announced.seed),
        body=encode_body(
            body, ack=around.ack, turn=None if announced is None else announced.turn
        ),
    )
    return Draft(core=core, raw=encode_core(core), seed=new)


def _bucket(draft: Draft) -> int:
    return bucket_bytes(
        len(draft.raw) + AROUND_CORE_BYTES,
        smallest=SMALLEST_SEALED_BYTES,
        largest=LARGEST_SEALED_BYTES,
    )
