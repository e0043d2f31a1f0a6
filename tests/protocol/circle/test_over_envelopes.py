"""Circle messages over real sealing: eleven letters that have nothing in common."""

from __future__ import annotations

import msgspec
import pytest

from kith_crypto.envelope import (
    LARGEST_SEALED_BYTES,
    WRAPPED_SEAL_BYTES,
    Unstamped,
    encode_envelope,
    encode_unstamped,
)
from kith_crypto.errors import DecryptionError, KithError, UsageError
from kith_crypto.stamp import Stamped, stamp_envelope
from kith_protocol.circle.bodies import MAX_SEATS_TOLD, CircleInvite, CircleRoster
from kith_protocol.circle.links import begin_link, link_hash, link_id
from kith_protocol.circle.roster import MAX_PLACES, MAX_RULES_CHARACTERS
from kith_protocol.conversation.bodies import Body, Text
from kith_protocol.conversation.events import Received
from kith_protocol.conversation.machine import Conversation
from kith_protocol.day import day_of
from kith_testing.circles import TERMS, One, first, following, text
from kith_testing.correspondence import NODE
from kith_testing.rng import SeededRng
from kith_testing.talking import NOW

PEOPLE = [One(number) for number in range(12)]
ANN, BEN, CLEO = PEOPLE[:3]
SHARED_BYTES = 16
RNG = SeededRng(77)


def link(one: One, other: One, lane: bytes = b"a device") -> Conversation:
    """Return *one*'s side of the link with *other*."""
    return begin_link(one.own, other.seat, lane=lane, now=NOW)


def stamped(unstamped: Unstamped) -> Stamped:
    """Return the envelope as a node sends it on, with a sender seal of its own."""
    return stamp_envelope(
        unstamped, node_key=NODE, wrapped_seal=RNG.bytes(WRAPPED_SEAL_BYTES), day=day_of(NOW)
    )


def said(writer: Conversation, reader: Conversation, body: Body) -> Body:
    """Let *reader* read what *writer* says, and return it."""
    sent = writer.write(body, now=NOW, rng=RNG)
    [event] = reader.receive(stamped(sent.unstamped), node="https://n.example", now=NOW)
    assert isinstance(event, Received)
    return event.message.body


def test_both_sides_begin_the_same_conversation() -> None:
    anns, bens = link(ANN, BEN), link(BEN, ANN)
    assert anns.talk.conversation == bens.talk.conversation == link_id(ANN.seat, BEN.seat)
    assert {anns.talk.role, bens.talk.role} == {1, 2}
    circle, one, other = ANN.seat.circle, ANN.seat.key, BEN.seat.key
    assert link_hash(circle, one, other) == link_hash(circle, other, one)
    assert link_id(ANN.seat, BEN.seat) != link_id(ANN.seat, CLEO.seat)


def test_two_talk_in_turns_with_new_keys_each_time() -> None:
    anns, bens = link(ANN, BEN), link(BEN, ANN)
    for number in range(6):
        writer, reader = (anns, bens) if number % 2 else (bens, anns)
        assert said(writer, reader, Text(f"turn {number}")) == Text(f"turn {number}")
    assert len(anns.live_seeds()) > 1
    assert len(anns.messages()) == len(bens.messages()) == 6


def test_two_devices_begin_the_same_link() -> None:
    phone, laptop = (link(ANN, BEN, lane=name) for name in (b"phone...", b"laptop.."))
    bens = link(BEN, ANN)
    said(phone, bens, Text("from the phone"))
    said(laptop, bens, Text("from the laptop"))
    assert len(bens.messages()) == 2


def test_a_link_is_between_two_seats_of_one_circle() -> None:
    for other in (ANN, One(1, circle=bytes(16))):
        with pytest.raises(UsageError):
            link(ANN, other)


def test_no_two_envelopes_of_one_message_share_sixteen_bytes() -> None:
    body = text(following(first(ANN), ANN, PEOPLE), "One message, eleven letters.")
    sent = [link(ANN, one).write(body, now=NOW, rng=RNG).unstamped for one in PEOPLE[1:]]
    assert len(sent) == len(PEOPLE) - 1
    for raws in (
        [encode_unstamped(one) for one in sent],
        [encode_envelope(stamped(one).envelope) for one in sent],
    ):
        seen: dict[bytes, int] = {}
        for number, raw in enumerate(raws):
            for start in range(len(raw) - SHARED_BYTES + 1):
                piece = raw[start : start + SHARED_BYTES]
                assert seen.setdefault(piece, number) == number


def test_who_is_not_in_a_link_opens_nothing_of_it() -> None:
    sent = link(ANN, BEN).write(Text("between us"), now=NOW, rng=RNG)
    for one in (CLEO, PEOPLE[3]):
        for other in (ANN, BEN):
            with pytest.raises(DecryptionError):
                link(one, other).receive(
                    stamped(sent.unstamped), node="https://n.example", now=NOW
                )


def test_the_longest_roster_and_invitation_fit_an_envelope() -> None:
    many = [One(number) for number in range(MAX_PLACES)]
    terms = msgspec.structs.replace(
        TERMS,
        purpose="\U0001f33f" * 200,
        rhythm="\U0001f33f" * 200,
        rules="\U0001f33f" * MAX_RULES_CHARACTERS,
    )
    roster = following(first(ANN), ANN, many, terms=terms)
    told = CircleRoster(roster, tuple(one.seat for one in many[1 : MAX_SEATS_TOLD + 1]))
    invite = CircleInvite(ANN.seat, terms, MAX_PLACES, "\U0001f33f" * 200)
    anns, bens = link(ANN, BEN), link(BEN, ANN)
    for body in (told, invite):
        assert said(anns, bens, body) == body
    sent = anns.write(told, now=NOW, rng=RNG)
    assert len(sent.unstamped.sealed) < LARGEST_SEALED_BYTES


def test_one_seat_too_many_is_refused_before_it_is_sent() -> None:
    many = [One(number) for number in range(MAX_SEATS_TOLD + 2)]
    roster = following(first(ANN), ANN, many)
    told = CircleRoster(roster, tuple(one.seat for one in many[1:]))
    with pytest.raises(KithError):
        link(ANN, BEN).write(told, now=NOW, rng=RNG)
