"""A partner who holds the right keys and writes whatever they like."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.core import NO_PREVIOUS, ROLE_MENTEE, ROLE_MENTOR, Core, parse_core
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import Unstamped
from kith_crypto.errors import CryptoError, MalformedError, RemoteError, UsageError
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import seal_answer, seal_knock, seal_message
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.events import Missing
from kith_protocol.conversation.incoming import read_knock
from kith_protocol.conversation.machine import Conversation
from kith_testing.correspondence import NODE, OFFER_ID, WEEK_SEED
from kith_testing.rng import SeededRng
from kith_testing.talking import (
    DAY_S,
    HOME,
    NOW,
    a_bundle,
    a_pair,
    a_sent_knock,
    answer_taken_in,
    answered,
    stamped,
    taken_in,
)

EXAMPLES = settings().max_examples
RNG = SeededRng(6)
LANES = [b"lane 1--", b"lane 2--"]
SMALL = st.integers(1, 80)
NUMBERS = SMALL | st.sampled_from([2**31, 2**32 - 1])
SCALARS: st.SearchStrategy[JsonValue] = st.one_of(
    st.none(), st.booleans(), NUMBERS, st.sampled_from(["", "x", "text", "answer"])
)
ACKS: st.SearchStrategy[JsonValue] = st.dictionaries(
    st.sampled_from([encode_base64url(lane) for lane in LANES]), NUMBERS
)
TYPES = st.sampled_from(["text", "text", "rekey", "close", "freeze", "game", "part"])
REQUIRED: dict[str, st.SearchStrategy[JsonValue]] = {"type": TYPES, "ack": ACKS | SCALARS}
OPTIONAL: dict[str, st.SearchStrategy[JsonValue]] = {
    "turn": NUMBERS,
    "text": SCALARS,
    "words": SCALARS,
    "again": SCALARS,
}
BODIES = st.fixed_dictionaries(REQUIRED, optional=OPTIONAL)
CORES = st.tuples(
    st.sampled_from(LANES),
    NUMBERS,
    st.sampled_from([NO_PREVIOUS, b"?" * 32]),
    NUMBERS,
    st.sampled_from([None, bytes(1216), b"\xff" * 1216, sealing_public_key(bytes(32))]),
    BODIES,
)


def forged(talk: Conversation, core: Core) -> Unstamped:
    """Seal *core* as the partner whose side is *talk* would."""
    return seal_message(
        core,
        writer=SigningKey.from_seed(talk.talk.seed),
        sealing_key=talk._shelf.peer_key.key,
        box=talk.talk.peer_box,
        rng=RNG,
    )


@settings(max_examples=max(20, EXAMPLES // 2))
@given(st.lists(CORES, max_size=12))
def test_whatever_the_partner_writes_is_shown_waits_or_is_missing(
    cores: list[tuple[bytes, int, bytes, int, bytes | None, JsonObject]],
) -> None:
    mentee, mentor = a_pair()
    for step, (lane, seq, previous, minute, next_key, body) in enumerate(cores):
        core = Core(
            conversation=mentee.talk.conversation,
            role=ROLE_MENTEE,
            lane=lane,
            seq=seq,
            previous=previous,
            minute=minute,
            next_key=next_key,
            body=body,
        )
        now = NOW + step * DAY_S
        assert mentor.receive(stamped(forged(mentee, core), now), node=HOME, now=now)
        mentor.tick(now, is_emptied=False)
        entries = mentor.messages()
        assert all(entry.count > 0 for entry in entries if isinstance(entry, Missing))
    try:
        mentor.write(Text("still able to write, or told why not"), now=NOW, rng=RNG)
    except (UsageError, CryptoError):
        assert cores


def test_another_role_or_conversation_is_not_opened() -> None:
    mentee, mentor = a_pair()
    good = Core(
        conversation=mentee.talk.conversation,
        role=ROLE_MENTEE,
        lane=LANES[0],
        seq=1,
        previous=NO_PREVIOUS,
        minute=1,
        next_key=None,
        body={"type": "text", "text": "hi"},
    )
    for core in (replace(good, role=ROLE_MENTOR), replace(good, conversation=bytes(16))):
        try:
            mentor.receive(stamped(forged(mentee, core)), node=HOME, now=NOW)
        except CryptoError:
            continue
        raise AssertionError("it was taken in")
    assert mentor.receive(stamped(forged(mentee, good)), node=HOME, now=NOW)


@settings(max_examples=max(20, EXAMPLES // 2))
@given(st.sampled_from([4096, 8192]), st.binary(max_size=64), st.integers(0, 4000))
def test_any_bytes_give_an_event_or_a_refusal(size: int, noise: bytes, place: int) -> None:
    sealed = bytearray(size)
    sealed[place : place + len(noise)] = noise
    pair = PAIR[1]
    envelope = Unstamped(box=PAIR[0].talk.peer_box, commitment=bytes(32), sealed=bytes(sealed))
    try:
        pair.receive(stamped(envelope), node=HOME, now=NOW)
    except (RemoteError, CryptoError):
        pass
    else:
        raise AssertionError("noise was taken in")
    assert not pair.waiting


@given(BODIES | st.just({"type": "knock"}), st.sampled_from([None, bytes(1216)]))
def test_any_first_message_gives_a_knock_or_a_refusal(
    body: dict[str, JsonValue], next_key: bytes | None
) -> None:
    bundle, key = a_bundle(), SigningKey.from_seed(bytes(32))
    core = Core(
        conversation=bytes(16),
        role=ROLE_MENTEE,
        lane=LANES[0],
        seq=1,
        previous=NO_PREVIOUS,
        minute=1,
        next_key=next_key,
        body=body | {"key": encode_base64url(key.verify_key)},
    )
    unstamped = seal_knock(
        core,
        writer=key,
        offer_id=OFFER_ID,
        sealing_key=bundle.sealing_key,
        box=bundle.knock_box,
        rng=RNG,
    )
    try:
        read_knock(
            stamped(unstamped),
            [WEEK_SEED],
            offer=OFFER_ID,
            node=HOME,
            node_keys=[NODE.verify_key],
            knocks={},
            device=b"a device",
            now=NOW,
        )
    except (RemoteError, CryptoError):
        return
    raise AssertionError("not a knock, and it was read")


@pytest.mark.parametrize("change", [{"box": None}, {"words": "\u202e"}, {"type": "text"}])
def test_an_answer_that_breaks_a_rule_begins_nothing(change: JsonObject) -> None:
    written = a_sent_knock()
    good = answered(taken_in(written))
    body = parse_core(good.knock.answer_core).body | change
    core = replace(parse_core(good.knock.answer_core), body=body)
    assert good.conversation is not None
    key = SigningKey.from_seed(good.conversation.talk.seed)
    first = parse_core(written.knock.core).next_key
    assert first is not None
    box = good.conversation.talk.peer_box
    forged = seal_answer(core, writer=key, sealing_key=first, box=box, rng=RNG)
    with pytest.raises(MalformedError):
        answer_taken_in(written, replace(good, unstamped=forged))


PAIR = a_pair()
