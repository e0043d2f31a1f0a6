"""Who recorded every envelope and gets today's reply keys reads one turn, and no more."""

import pytest

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.envelope import Unstamped
from kith_crypto.errors import DecryptionError
from kith_crypto.message import open_answer, open_message
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.machine import Conversation
from kith_testing.correspondence import OFFER
from kith_testing.rng import SeededRng
from kith_testing.talking import (
    HOME,
    NOW,
    a_sent_knock,
    answer_taken_in,
    answered,
    stamped,
    taken_in,
)

RNG = SeededRng(5)
TURNS = 6


def say(writer: Conversation, reader: Conversation, count: int, now: int) -> list[Unstamped]:
    """Write some messages, have them read, and let what may die die."""
    sent = [writer.write(Text("word"), now=now, rng=RNG).unstamped for _ in range(count)]
    for unstamped in sent:
        reader.receive(stamped(unstamped, now), node=HOME, now=now)
    for side in (writer, reader):
        side.tick(now, is_emptied=True)
    return sent


def opens(reader: Conversation, unstamped: Unstamped) -> bool:
    try:
        open_message(
            stamped(unstamped),
            reader.live_seeds(),
            writer=VerifyKey(reader.talk.peer_key),
            conversation=reader.talk.conversation,
            role=3 - reader.talk.role,
        )
    except DecryptionError:
        return False
    return True


def test_messages_older_than_a_full_turn_do_not_open_with_todays_keys() -> None:
    written = a_sent_knock()
    answer = answered(taken_in(written))
    read = answer_taken_in(written, answer).conversation
    begun = answer.conversation
    assert read is not None
    assert begun is not None
    sides = (read, begun)
    recorded: list[list[Unstamped]] = []
    for turn in range(TURNS):
        now = NOW + 60 * turn
        recorded.append(say(sides[turn % 2], sides[1 - turn % 2], 3, now))
    for turn, sent in enumerate(recorded):
        reader = sides[1 - turn % 2]
        is_recent = turn >= TURNS - 2
        assert [opens(reader, unstamped) for unstamped in sent] == [is_recent] * 3
    with pytest.raises(DecryptionError):
        open_answer(
            stamped(answer.unstamped),
            read.live_seeds(),
            conversation=read.talk.conversation,
            mentee_key=VerifyKey(begun.talk.peer_key),
            knock_hash=read.talk.knock_hash,
            offer_key=OFFER.verify_key,
        )


def test_nothing_that_is_stored_holds_a_seed_that_has_died() -> None:
    written = a_sent_knock()
    answer = answered(taken_in(written))
    read, begun = answer_taken_in(written, answer).conversation, answer.conversation
    assert read is not None
    assert begun is not None
    before = set(begun.live_seeds())
    records = {(c.kind, c.id): c.record for c in begun.take_changes()}
    for turn in range(4):
        now = NOW + 60 * turn
        say((read, begun)[turn % 2], (begun, read)[turn % 2], 1, now)
        records |= {(c.kind, c.id): c.record for c in begun.take_changes()}
    dead = before - set(begun.live_seeds())
    assert dead
    kept = b"".join(_bytes_of(record) for record in records.values() if record is not None)
    assert all(seed not in kept for seed in begun.live_seeds() if seed in dead)
    assert not any(seed in kept for seed in dead)
    assert all(seed in kept for seed in begun.live_seeds())


def _bytes_of(record: object) -> bytes:
    """Return every byte string in *record*, one after the other."""
    if isinstance(record, bytes):
        return record
    if isinstance(record, tuple):
        return b"".join(map(_bytes_of, record))
    if isinstance(record, dict):
        return b"".join(map(_bytes_of, record.values()))
    fields = getattr(record, "__struct_fields__", ())
    return b"".join(_bytes_of(getattr(record, name)) for name in fields)
