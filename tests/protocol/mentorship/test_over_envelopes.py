"""A mentorship through the real machine: sealed, handed in twice, out of order, and checked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.stamp import Stamped
from kith_protocol.conversation.bodies import Close, Text
from kith_protocol.conversation.machine import Conversation
from kith_protocol.mentorship.bodies import (
    AgreementAnswer,
    AgreementProposal,
    Closing,
    Goal,
    MentorshipBody,
    Terms,
    Thanks,
)
from kith_protocol.mentorship.state import Mentorship, read_mentorship
from kith_testing.mentorship_acts import ACTS, Act, Acting
from kith_testing.mentorships import THING, neutral
from kith_testing.rng import SeededRng
from kith_testing.talking import HOME, NOW, a_pair, stamped

TERMS = Terms(goals=("A portfolio",), sessions=6)


class Pair:
    """Mentee and mentor, each on one device, and what is on its way to them."""

    def __init__(self) -> None:
        self.sides = a_pair()
        self.on_way: tuple[list[Stamped], list[Stamped]] = ([], [])
        self.now = NOW
        self.rng = SeededRng(7)

    def writes(self, side: int, body: MentorshipBody | Text | Close) -> bytes:
        sent = self.sides[side].write(body, now=self.now, rng=self.rng)
        self.on_way[1 - side].append(stamped(sent.unstamped, self.now))
        return sent.hash

    def arrives(self, side: int, envelope: Stamped) -> None:
        self.sides[side].receive(envelope, node=HOME, now=self.now)

    def all_arrives(self) -> None:
        for side in (0, 1):
            for envelope in self.on_way[side]:
                self.arrives(side, envelope)
            self.on_way[side].clear()

    def seen(self, side: int) -> Mentorship:
        return seen_in(self.sides[side])

    def agree(self) -> None:
        mine, theirs = (neutral(self.seen(side), self.sides[side].talk.role) for side in (0, 1))
        assert mine == theirs


def seen_in(talk: Conversation) -> Mentorship:
    return read_mentorship(
        talk.messages(), conversation=talk.talk.conversation, role=talk.talk.role
    )


def test_two_people_agree() -> None:
    pair = Pair()
    first = pair.writes(0, AgreementProposal(TERMS))
    pair.all_arrives()
    assert pair.seen(1).agreement.proposed == TERMS
    pair.writes(1, AgreementAnswer(accepted=True, after=encode_base64url(first)))
    pair.all_arrives()
    assert pair.seen(0).stage == "agreed"
    pair.agree()


def test_what_is_not_legal_is_neither_sent_nor_kept() -> None:
    pair = Pair()
    first = encode_base64url(pair.writes(0, AgreementProposal(TERMS)))
    for talk in pair.sides:
        talk.take_changes()
    for side, body in (
        (0, AgreementAnswer(accepted=True, after=first)),
        (1, AgreementAnswer(accepted=True, after=first)),  # which has not arrived yet
        (1, Thanks("I thank myself.")),
    ):
        before = pair.sides[side].messages()
        with pytest.raises(UsageError):
            pair.writes(side, body)
        assert pair.sides[side].messages() == before
        assert pair.sides[side].take_changes() == ()


def test_after_a_closing_people_can_still_talk_but_begin_nothing() -> None:
    pair = Pair()
    pair.writes(1, Closing("It was good."))
    pair.all_arrives()
    with pytest.raises(UsageError, match="the mentorship is closed"):
        pair.writes(0, Goal(THING, "One more thing"))
    pair.writes(0, Text("It was good for me, too."))
    pair.writes(0, Thanks("Thank you."))
    pair.all_arrives()
    assert pair.seen(1).thanks[0].text == "Thank you."
    pair.agree()


STEPS = st.tuples(
    st.sampled_from([0, 1]),
    st.sampled_from(ACTS),
    st.integers(0, 9),
    st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(0, 5)), max_size=2),
)


@settings(max_examples=12)
@given(st.lists(STEPS, min_size=4, max_size=14))
def test_whatever_arrives_when_both_see_the_same_in_the_end(
    steps: list[tuple[int, Act, int, list[tuple[int, int]]]],
) -> None:
    pair = Pair()
    acting = [Acting(talk.talk.role, bytes([talk.talk.role])) for talk in pair.sides]
    for side, act, number, arriving in steps:
        pair.now += 3600
        body = act(acting[side], pair.seen(side), number, pair.now // 60)
        if body is not None:
            pair.writes(side, body)
        for to, place in arriving:  # in any order, and once more at the end
            if pair.on_way[to]:
                pair.arrives(to, pair.on_way[to][place % len(pair.on_way[to])])
    pair.all_arrives()
    pair.agree()
