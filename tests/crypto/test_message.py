from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.content import MAX_CORE_BYTES, Opened
from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR, Core, core_hash, encode_core
from kith_crypto.ed25519 import SigningKey, VerifyKey, parse_verify_key
from kith_crypto.envelope import (
    SEALED_SIZES,
    Envelope,
    Unstamped,
    encode_envelope,
    encode_unstamped,
    parse_envelope,
)
from kith_crypto.errors import DecryptionError, KeyRefusedError, TooLargeError
from kith_crypto.hashes import sha256
from kith_crypto.hpke import seal, sealing_public_key
from kith_crypto.message import (
    FIRST_SEALED_BYTES,
    MAX_FIRST_CORE_BYTES,
    open_answer,
    open_knock,
    open_message,
    seal_answer,
    seal_knock,
    seal_message,
)
from kith_crypto.objects import key_id
from kith_crypto.padding import frame
from kith_crypto.stamp import Stamped, verify_stamp
from kith_testing.correspondence import (
    CONVERSATION,
    MENTEE,
    MENTEE_BOX,
    MENTEE_SEED,
    MENTOR,
    MENTOR_BOX,
    MENTOR_SEED,
    NODE,
    OFFER,
    OFFER_ID,
    WEEK_SEED,
    a_core,
    a_knock,
    a_knock_core,
    a_message,
    an_answer,
    an_answer_core,
    posted,
)
from kith_testing.rng import SeededRng

KNOCK = a_knock_core()
KNOCK_RAW = encode_core(KNOCK)
REFUSED = r"\Acannot be opened\Z"


def _open_knock(stamped: Stamped, *seeds: bytes, offer_id: bytes = OFFER_ID) -> Opened:
    return open_knock(stamped, seeds or (WEEK_SEED,), offer_id=offer_id)


def _open_answer(stamped: Stamped, **other: Any) -> Opened:
    right: dict[str, Any] = {
        "conversation": CONVERSATION,
        "mentee_key": MENTEE.verify_key,
        "knock_hash": core_hash(KNOCK_RAW),
        "offer_key": OFFER.verify_key,
    }
    return open_answer(stamped, [MENTEE_SEED], **{**right, **other})


def _open_message(stamped: Stamped, **other: Any) -> Opened:
    right: dict[str, Any] = {
        "seeds": [MENTOR_SEED],
        "writer": MENTEE.verify_key,
        "conversation": CONVERSATION,
        "role": ROLE_MENTEE,
    }
    return open_message(stamped, **{**right, **other})


class _World:
    """The vectors' keys, and each kind of opening with what its recipient knows."""

    def __init__(self, vectors: Any) -> None:
        self.vectors = vectors
        self.node = self._key("node")
        self.open: dict[str, Callable[[Stamped], Opened]] = {
            "knock": self._knock,
            "answer": self._answer,
            "message": self._message,
        }

    def stamped(self, envelope: str) -> Stamped:
        return verify_stamp(parse_envelope(bytes.fromhex(envelope)), [self.node])

    def _key(self, name: str) -> VerifyKey:
        return parse_verify_key(bytes.fromhex(self.vectors["keys"][name]["public"]))

    def _seed(self, name: str) -> bytes:
        return bytes.fromhex(self.vectors[name]["recipient_seed"])

    def _knock(self, stamped: Stamped) -> Opened:
        offer_id = bytes.fromhex(self.vectors["offer_id"])
        return open_knock(stamped, [self._seed("knock")], offer_id=offer_id)

    def _answer(self, stamped: Stamped) -> Opened:
        return open_answer(
            stamped,
            [self._seed("answer")],
            conversation=bytes.fromhex(self.vectors["conversation"]),
            mentee_key=self._key("mentee"),
            knock_hash=bytes.fromhex(self.vectors["knock"]["core_hash"]),
            offer_key=self._key("offer"),
        )

    def _message(self, stamped: Stamped) -> Opened:
        return open_message(
            stamped,
            [self._seed("message")],
            writer=self._key("mentee"),
            conversation=bytes.fromhex(self.vectors["conversation"]),
            role=ROLE_MENTEE,
        )


@pytest.mark.parametrize("kind", ["knock", "answer", "message"])
def test_the_envelopes_of_the_vectors_open(load_vectors: Any, kind: str) -> None:
    world = _World(load_vectors("kith_messages.json"))
    vector = world.vectors[kind]
    opened = world.open[kind](world.stamped(vector["envelope"]))
    assert opened.raw.hex() == vector["core"]
    assert opened.frank_key.hex() == vector["frank_key"]
    assert opened.signature.hex() == vector["signature"]
    writer = "mentor" if kind == "answer" else "mentee"
    assert opened.writer.hex() == world.vectors["keys"][writer]["public"]


@pytest.mark.parametrize(("kind", "count"), [("knock", 5), ("answer", 5), ("message", 20)])
def test_the_refused_envelopes_of_the_vectors_do_not(
    load_vectors: Any, kind: str, count: int
) -> None:
    """Their stamps are good and all but a few decrypt; each is wrong in one way."""
    world = _World(load_vectors("kith_messages.json"))
    refused = world.vectors["refused"][kind]
    assert len(refused) == count
    for name, envelope in refused.items():
        stamped = world.stamped(envelope)
        with pytest.raises(DecryptionError, match=REFUSED):
            pytest.fail(f"opened: {name} {world.open[kind](stamped)}")


def test_a_knock_its_answer_and_a_message_arrive() -> None:
    knock = _open_knock(posted(a_knock()))
    assert (knock.core, knock.raw, knock.writer) == (KNOCK, KNOCK_RAW, MENTEE.verify_key)
    answer = _open_answer(posted(an_answer(knock.raw)))
    assert (answer.core.role, answer.writer) == (ROLE_MENTOR, MENTOR.verify_key)
    message = _open_message(posted(a_message("hello")))
    assert message.core.body == {"type": "text", "text": "hello"}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(texts, st.sampled_from(SEALED_SIZES), st.booleans())
def test_what_was_sealed_opens_to_the_same_core(
    text: str, at_least: int, has_next: bool
) -> None:
    next_key = b"n" * 1216 if has_next else None
    unstamped = a_message(text, at_least=at_least, next_key=next_key)
    assert len(unstamped.sealed) == at_least
    core = _open_message(posted(unstamped)).core
    assert (core.body["text"], core.next_key) == (text, next_key)


def test_the_seed_that_opened_is_named() -> None:
    stamped = posted(a_message())
    assert _open_message(stamped, seeds=[WEEK_SEED, MENTOR_SEED, MENTEE_SEED]).place == 1
    for seeds in ([], [WEEK_SEED, MENTEE_SEED]):
        with pytest.raises(DecryptionError, match=REFUSED):
            _open_message(stamped, seeds=seeds)


def _open_any(envelope: Envelope) -> None:
    """Try as the recipient's client would, had the stamp been checked by nobody."""
    for opening in (_open_knock, _open_answer, _open_message):
        with pytest.raises(DecryptionError, match=REFUSED):
            opening(Stamped(envelope=envelope))


def _positions(unstamped: Unstamped) -> list[int]:
    """Return every bound part's bytes: some of each, and the edges of the sealed text."""
    size = len(encode_unstamped(unstamped))
    return [1, 16, 17, 48, 49, 1136, 1137, 1168, 1169, size - 17, size - 16, size - 1]


@pytest.mark.parametrize("make", [a_knock, lambda: an_answer(KNOCK_RAW), a_message])
@pytest.mark.parametrize("bit", [1, 128])
def test_any_changed_bit_is_refused(make: Callable[[], Unstamped], bit: int) -> None:
    envelope = posted(make()).envelope
    raw = encode_envelope(envelope)
    for place in _positions(make()):
        position = place if place < 49 else place + 1345 - 49
        changed = bytearray(raw)
        changed[position] ^= bit
        _open_any(parse_envelope(bytes(changed)))


@given(st.integers(0, 4095), st.integers(0, 7))
def test_any_changed_bit_of_the_sealed_text_is_refused(position: int, bit: int) -> None:
    envelope = posted(a_message()).envelope
    sealed = bytearray(envelope.sealed)
    sealed[position] ^= 1 << bit
    _open_any(replace(envelope, sealed=bytes(sealed)))


@given(st.binary(max_size=60), st.integers(0, 4096))
def test_no_longer_shorter_or_other_bytes_open(more: bytes, size: int) -> None:
    envelope = posted(a_message()).envelope
    for sealed in (
        envelope.sealed + more + b"\0",
        envelope.sealed[: max(size - 1, 0)],
        (more + bytes(4096))[:4096],
    ):
        _open_any(replace(envelope, sealed=sealed))


def test_a_knock_opens_for_its_offer_and_week_only() -> None:
    stamped = posted(a_knock())
    with pytest.raises(DecryptionError, match=REFUSED):
        _open_knock(stamped, offer_id=bytes(16))
    with pytest.raises(DecryptionError, match=REFUSED):
        _open_knock(stamped, MENTOR_SEED)
    with pytest.raises(DecryptionError, match=REFUSED):
        _open_knock(Stamped(envelope=replace(stamped.envelope, box=MENTOR_BOX)))


@pytest.mark.parametrize(
    "other",
    [
        {"conversation": bytes(16)},
        {"mentee_key": NODE.verify_key},
        {"mentee_key": MENTOR.verify_key},
        {"knock_hash": bytes(32)},
        {"offer_key": NODE.verify_key},
    ],
)
def test_an_answer_opens_for_its_knock_only(other: Any) -> None:
    stamped = posted(an_answer(KNOCK_RAW))
    with pytest.raises(DecryptionError, match=REFUSED):
        _open_answer(stamped, **other)


@pytest.mark.parametrize(
    "other",
    [
        {"writer": MENTOR.verify_key},
        {"conversation": bytes(16)},
        {"conversation": b""},
        {"role": ROLE_MENTOR},
        {"seeds": [sha256(b"another")]},
    ],
)
def test_a_message_opens_for_its_conversation_only(other: Any) -> None:
    with pytest.raises(DecryptionError, match=REFUSED):
        _open_message(posted(a_message()), **other)


def test_one_kind_never_opens_as_another() -> None:
    knock, answer, message = (
        posted(a_knock()),
        posted(an_answer(KNOCK_RAW)),
        posted(a_message()),
    )
    wrong: list[tuple[Stamped, Callable[[Stamped], Opened]]] = [
        (knock, _open_answer),
        (knock, _open_message),
        (answer, _open_knock),
        (answer, _open_message),
        (message, _open_knock),
        (message, _open_answer),
    ]
    for stamped, opening in wrong:
        with pytest.raises(DecryptionError, match=REFUSED):
            opening(stamped)


def test_a_message_cannot_be_passed_on_as_written_to_somebody_else() -> None:
    """Its recipient seals the core with its good signature and commitment to a third person."""
    stamped = posted(a_message())
    opened = _open_message(stamped)
    commitment = stamped.envelope.commitment
    content = opened.signature + opened.frank_key
    content += frame(opened.raw, 4096 - 1136 - len(content))

    def passed_on(box: bytes, seed: bytes) -> Stamped:
        public = sealing_public_key(seed)
        info = b"kith/msg/v1\0" + box + key_id(public) + commitment
        return posted(Unstamped(box, commitment, seal(public, content, info=info)))

    assert _open_message(passed_on(MENTOR_BOX, MENTOR_SEED)) == opened  # as it was
    for box, seed in [(MENTEE_BOX, WEEK_SEED), (MENTEE_BOX, MENTOR_SEED)]:
        with pytest.raises(DecryptionError, match=REFUSED):
            _open_message(passed_on(box, seed), seeds=[seed])
    with pytest.raises(DecryptionError, match=REFUSED):
        _open_message(passed_on(MENTOR_BOX, WEEK_SEED), seeds=[WEEK_SEED])


# --- sizes ------------------------------------------------------------------------


def _knock_of(writer: SigningKey, seed: int, **more: Any) -> bytes:
    core = a_knock_core(writer, **more)
    core = replace(core, conversation=SeededRng(100 + seed).bytes(16))
    return encode_envelope(posted(a_knock(core, writer=writer, seed=seed), seed=seed).envelope)


def test_the_knocks_of_ten_senders_have_equal_length_and_no_bytes_in_common() -> None:
    knocks = [
        _knock_of(
            SigningKey.generate(SeededRng(seed)),
            seed,
            text="x" * (seed * 500),
            languages=["en"] * seed,
        )
        for seed in range(10)
    ]
    assert {len(knock) for knock in knocks} == {9537}
    # They share version, box and day; what is left looks random.
    assert len({knock[:17] for knock in knocks}) == 1
    assert len({knock[49:53] for knock in knocks}) == 1
    seen: set[bytes] = set()
    for knock in knocks:
        varying = knock[17:49] + knock[53:]
        windows = {varying[at : at + 8] for at in range(len(varying) - 7)}
        assert not windows & seen
        seen |= windows


def test_a_knock_an_answer_and_a_withdrawal_are_one_size() -> None:
    withdrawal = replace(KNOCK, body={**KNOCK.body, "type": "withdraw"}, next_key=None)
    refusal = an_answer_core(core_hash(KNOCK_RAW), reason="no room")
    sealed = [
        a_knock(),
        a_knock(withdrawal),
        an_answer(KNOCK_RAW),
        an_answer(KNOCK_RAW, refusal),
    ]
    assert {len(one.sealed) for one in sealed} == {FIRST_SEALED_BYTES}


def _text_of_core_size(size: int, next_key: bytes | None = None) -> Core:
    empty = len(encode_core(a_core({"type": "text", "text": ""}, next_key=next_key)))
    return a_core({"type": "text", "text": "x" * (size - empty)}, next_key=next_key)


def _seal_to_mentor(core: Core, **more: Any) -> Unstamped:
    return seal_message(
        core,
        writer=MENTEE,
        sealing_key=sealing_public_key(MENTOR_SEED),
        box=MENTOR_BOX,
        rng=SeededRng(),
        **more,
    )


@pytest.mark.parametrize("bucket", SEALED_SIZES)
def test_every_length_within_a_bucket_looks_the_same(bucket: int) -> None:
    longest = bucket - 1236
    shortest = 100 if bucket == 4096 else bucket // 2 - 1236 + 1
    middle = (longest + shortest) // 2
    for size in (shortest, shortest + 1, middle, longest - 1, longest):
        unstamped = _seal_to_mentor(_text_of_core_size(size))
        assert len(unstamped.sealed) == bucket
        assert len(_open_message(posted(unstamped)).raw) == size


def test_the_longest_core_is_sealed_and_the_next_refused() -> None:
    assert (MAX_CORE_BYTES, MAX_FIRST_CORE_BYTES) == (64300, 6956)
    with pytest.raises(TooLargeError):
        _seal_to_mentor(_text_of_core_size(MAX_CORE_BYTES + 1))
    room = MAX_FIRST_CORE_BYTES - len(encode_core(a_knock_core(text="")))
    assert len(a_knock(a_knock_core(text="x" * room)).sealed) == FIRST_SEALED_BYTES
    with pytest.raises(TooLargeError):
        a_knock(a_knock_core(text="x" * (room + 1)))


def test_the_same_core_sealed_again_has_nothing_in_common() -> None:
    first, second = a_message(seed=1), a_message(seed=2)
    assert first.box == second.box
    assert first.commitment != second.commitment
    windows = {first.sealed[at : at + 8] for at in range(len(first.sealed) - 7)}
    assert not windows & {second.sealed[at : at + 8] for at in range(len(second.sealed) - 7)}


# --- mistakes in the program ------------------------------------------------------


def test_a_first_message_must_carry_its_writers_key_and_role() -> None:
    with pytest.raises(ValueError, match="carries its key"):
        a_knock(a_knock_core(MENTOR), writer=MENTEE)
    with pytest.raises(ValueError, match="the mentee's"):
        a_knock(replace(KNOCK, role=ROLE_MENTOR))
    with pytest.raises(ValueError, match="the mentee's"):
        an_answer(KNOCK_RAW, KNOCK)


@pytest.mark.parametrize("at_least", [0, 2048, 5000, 131_072])
def test_there_are_no_other_sizes_to_ask_for(at_least: int) -> None:
    with pytest.raises(ValueError, match="size"):
        a_message(at_least=at_least)


def test_refuses_a_bad_sealing_key_and_parts_of_another_size() -> None:
    def knock(**other: Any) -> Unstamped:
        right: dict[str, Any] = {
            "writer": MENTEE,
            "offer_id": OFFER_ID,
            "sealing_key": sealing_public_key(WEEK_SEED),
            "box": MENTEE_BOX,
            "rng": SeededRng(),
        }
        return seal_knock(KNOCK, **{**right, **other})

    with pytest.raises(KeyRefusedError):
        knock(sealing_key=bytes(1215))
    with pytest.raises(ValueError, match="box"):
        knock(box=b"")
    with pytest.raises(ValueError, match="offer"):
        knock(offer_id=b"")
    with pytest.raises(ValueError, match="box"):
        seal_answer(
            an_answer_core(bytes(32)),
            writer=MENTOR,
            sealing_key=sealing_public_key(MENTEE_SEED),
            box=b"",
            rng=SeededRng(),
        )


def test_what_was_opened_shows_nothing_when_printed() -> None:
    assert repr(_open_message(posted(a_message()))) == "Opened(...)"
