from typing import Any, get_args

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from kith_protocol.nodeinfo import Policy
from kith_protocol.peering import (
    MAX_IDS,
    Effect,
    Event,
    EventKind,
    OurFollow,
    Peering,
    Standing,
    Step,
    TheirFollow,
    step,
)

NEW = "new"
PEERS = Peering(
    our_follow="accepted",
    their_follow="accepted",
    our_follow_id="f",
    their_follow_ids=("g",),
    is_wanted=True,
)
SENT = Peering(our_follow="sent", our_follow_id="f", is_wanted=True)
ACCEPTED = replace(SENT, our_follow="accepted")
WAITING = Peering(their_follow="waiting", their_follow_ids=("g",))
POLICIES: tuple[Policy, ...] = get_args(Policy)


def do(
    state: Peering, kind: EventKind, follow: str | None = None, policy: Policy = "approve"
) -> Step:
    return step(state, Event(kind, follow), policy=policy, new_follow=NEW)


def sent(result: Step) -> list[tuple[str, str | None]]:
    return [(effect.kind, effect.follow) for effect in result.effects]


def test_two_nodes_become_peers_when_each_follows_the_other() -> None:
    asked = do(Peering(), "we-follow")
    assert sent(asked) == [("send-follow", NEW)]
    accepted = do(asked.state, "got-accept", NEW)
    assert accepted.state.our_follow == "accepted"
    assert not accepted.state.is_peer
    back = do(accepted.state, "got-follow", "g")
    assert sent(back) == [("send-accept", "g"), ("start-exchange", None)]
    assert back.state.is_peer


@pytest.mark.parametrize(
    ("policy", "effects", "theirs"),
    [
        ("closed", [("send-reject", "g")], "none"),
        ("approve", [("ask-steward", "g")], "waiting"),
        ("open", [("send-accept", "g"), ("send-follow", NEW)], "accepted"),
    ],
)
def test_policy_judges_who_asks(policy: Policy, effects: Any, theirs: TheirFollow) -> None:
    result = do(Peering(), "got-follow", "g", policy)
    assert sent(result) == effects
    assert result.state.their_follow == theirs


@pytest.mark.parametrize("policy", POLICIES)
def test_whom_a_steward_followed_may_follow_back(policy: Policy) -> None:
    for state in (SENT, ACCEPTED):
        assert ("send-accept", "g") in sent(do(state, "got-follow", "g", policy))


def test_two_closed_nodes_meet_when_both_have_followed() -> None:
    refused = do(SENT, "got-reject", "f", "closed").state
    assert refused.our_follow == "none"
    met = do(refused, "got-follow", "g", "closed")
    assert sent(met) == [("send-accept", "g"), ("send-follow", NEW)]


def test_who_ended_a_peering_is_asked_about_when_it_comes_back() -> None:
    ended = do(ACCEPTED, "got-reject", "f").state
    assert sent(do(ended, "got-follow", "g")) == [("ask-steward", "g")]


def test_approving_accepts_and_follows_back() -> None:
    result = do(WAITING, "we-approve")
    assert sent(result) == [("send-accept", "g"), ("send-follow", NEW)]
    assert result.state.their_follow == "accepted"
    assert sent(do(WAITING, "we-follow")) == sent(result)


def test_rejecting_says_so() -> None:
    result = do(WAITING, "we-reject")
    assert sent(result) == [("send-reject", "g")]
    assert result.state.their_follow == "none"


def test_removing_ends_both_sides_and_drops_what_was_received() -> None:
    result = do(PEERS, "we-remove")
    assert sent(result) == [
        ("send-reject", "g"),
        ("send-undo", "f"),
        ("drop-objects", None),
    ]
    assert result.state.standing == "removed"
    assert sent(do(result.state, "got-follow", "h", "open")) == [("ask-steward", "h")]
    assert do(result.state, "we-follow").state.standing == "normal"


def test_blocking_is_silent_and_deaf() -> None:
    result = do(PEERS, "we-block")
    assert sent(result) == [("drop-objects", None)]
    blocked = result.state
    for kind in get_args(EventKind):
        if kind != "we-unblock":
            answer = do(blocked, kind, "g", "open")
            assert answer.state == blocked
            assert answer.effects == ()
            assert answer.refusal == "the node is blocked"
    assert do(blocked, "we-unblock").state.standing == "removed"


def test_limiting_hides_and_restoring_shows() -> None:
    limited = do(PEERS, "we-limit")
    assert sent(limited) == [("hide-objects", None)]
    assert limited.state.is_peer
    assert sent(do(limited.state, "we-restore")) == [("show-objects", None)]
    assert do(limited.state, "we-restore").state == PEERS


def test_another_programme_ends_everything_now_and_later() -> None:
    result = do(PEERS, "programme-differs")
    assert sent(result) == [("send-reject", "g"), ("send-undo", "f"), ("drop-objects", None)]
    first = do(Peering(), "programme-differs", "g")
    assert sent(first) == [("send-reject", "g"), ("drop-objects", None)]
    again = do(first.state, "programme-differs", "g")
    assert sent(again) == [("drop-objects", None)]


def test_a_node_that_closes_is_forgotten_without_a_word() -> None:
    result = do(PEERS, "got-delete")
    assert sent(result) == [("drop-objects", None)]
    assert (result.state.our_follow, result.state.their_follow) == ("none", "none")


def test_an_ended_follow_ends_the_exchange() -> None:
    for event in (Event("got-undo", "g"), Event("got-reject", "f")):
        result = step(PEERS, event, policy="approve", new_follow=NEW)
        assert sent(result) == [("drop-objects", None)]
        assert not result.state.is_peer


def test_a_repeated_follow_is_accepted_again() -> None:
    result = do(PEERS, "got-follow", "g")
    assert sent(result) == [("send-accept", "g")]
    assert result.state == PEERS
    waiting = do(WAITING, "got-follow", "g")
    assert (waiting.state, waiting.effects) == (WAITING, ())


def test_our_follow_is_sent_again_under_the_same_id() -> None:
    assert sent(do(SENT, "we-follow")) == [("send-follow", "f")]


def test_a_lone_follower_that_asks_again_is_not_followed() -> None:
    follower = Peering(their_follow="accepted", their_follow_ids=("g",))
    assert sent(do(follower, "got-follow", "g", "open")) == [("send-accept", "g")]


@pytest.mark.parametrize(
    ("state", "kind", "follow"),
    [
        (Peering(), "got-accept", "f"),
        (Peering(), "got-accept", None),
        (SENT, "got-accept", "another"),
        (SENT, "got-reject", "another"),
        (ACCEPTED, "got-accept", "f"),
        (Peering(), "got-reject", None),
        (Peering(), "we-approve", None),
        (PEERS, "we-approve", None),
        (PEERS, "we-follow", None),
        (Peering(), "we-reject", None),
        (PEERS, "we-restore", None),
        (PEERS, "we-unblock", None),
        (Peering(), "got-follow", None),
        (Peering(), "got-undo", None),
    ],
)
def test_what_fits_no_row_changes_nothing_and_says_why(
    state: Peering, kind: EventKind, follow: str | None
) -> None:
    result = do(state, kind, follow)
    assert result.refusal
    assert result.state == state
    assert result.effects == ()


def test_a_late_accept_of_an_ended_follow_is_answered_by_its_undo() -> None:
    ended = do(SENT, "we-remove").state
    late = do(ended, "got-accept", "f")
    assert sent(late) == [("send-undo", "f")]
    assert late.state == ended


def test_a_follow_that_comes_after_its_undo_is_rejected() -> None:
    undone = do(Peering(), "got-undo", "g").state
    late = do(undone, "got-follow", "g", "open")
    assert sent(late) == [("send-reject", "g")]
    assert late.state.their_follow == "none"


def test_an_undo_ends_only_the_follow_it_names() -> None:
    both = do(PEERS, "got-follow", "h").state
    assert both.their_follow_ids == ("g", "h")
    left = do(both, "got-undo", "g")
    assert left.state.is_peer
    assert left.state.their_follow_ids == ("h",)
    assert not do(left.state, "got-undo", "h").state.is_peer
    assert not do(both, "got-undo").state.is_peer


def test_memory_is_bounded() -> None:
    state = Peering()
    for number in range(3 * MAX_IDS):
        state = do(state, "got-follow", f"g{number}").state
        state = do(state, "got-undo", f"x{number}").state
    assert len(state.their_follow_ids) == len(state.their_ended_ids) == MAX_IDS


def test_a_state_can_be_stored() -> None:
    assert msgspec.json.decode(msgspec.json.encode(PEERS), type=Peering) == PEERS


@pytest.mark.parametrize("standing", get_args(Standing))
@pytest.mark.parametrize("theirs", get_args(TheirFollow))
@pytest.mark.parametrize("ours", get_args(OurFollow))
def test_every_event_in_every_state_keeps_the_ids_in_step(
    ours: OurFollow, theirs: TheirFollow, standing: Standing
) -> None:
    state = Peering(
        our_follow=ours,
        their_follow=theirs,
        standing=standing,
        our_follow_id=None if ours == "none" else "f",
        their_follow_ids=() if theirs == "none" else ("g",),
    )
    for kind in get_args(EventKind):
        for follow in (None, "f", "g", "h"):
            for policy in POLICIES:
                result = do(state, kind, follow, policy)
                after = result.state
                assert (after.our_follow == "none") == (after.our_follow_id is None)
                assert (after.their_follow == "none") == (not after.their_follow_ids)
                if kind != "got-follow":  # doubled while it waits, it changes nothing
                    assert result.refusal or result.effects or after != state
                started = Effect("start-exchange") in result.effects
                assert started == (after.is_peer and not state.is_peer)
                if state.is_peer and not after.is_peer:
                    assert Effect("drop-objects") in result.effects


# --- two nodes and a bad line ---------------------------------------------------------

_ARRIVES: dict[str, EventKind] = {
    "send-follow": "got-follow",
    "send-accept": "got-accept",
    "send-reject": "got-reject",
    "send-undo": "got-undo",
}
_STEWARDS = st.sampled_from(
    ["we-follow", "we-approve", "we-reject", "we-remove", "we-limit", "we-restore"]
)
_SIDES = st.sampled_from([0, 1])


class TwoNodes(RuleBasedStateMachine):
    """Messages are delayed, doubled and overtake each other; in the end both sides agree."""

    def __init__(self) -> None:
        super().__init__()
        self.states = [Peering(), Peering()]
        self.policies: list[Policy] = ["approve", "approve"]
        self.exchanging = [False, False]
        self.line: list[tuple[int, EventKind, str]] = []
        self.count = 0

    @initialize(first=st.sampled_from(POLICIES), second=st.sampled_from(POLICIES))
    def choose(self, first: Policy, second: Policy) -> None:
        self.policies = [first, second]

    def happen(self, side: int, kind: EventKind, follow: str | None = None) -> None:
        self.count += 1
        result = step(
            self.states[side],
            Event(kind, follow),
            policy=self.policies[side],
            new_follow=f"{side}-{self.count}",
        )
        self.states[side] = result.state
        for effect in result.effects:
            if effect.kind in _ARRIVES:
                assert effect.follow is not None
                self.line.append((1 - side, _ARRIVES[effect.kind], effect.follow))
            elif effect.kind in ("start-exchange", "drop-objects"):
                self.exchanging[side] = effect.kind == "start-exchange"

    @rule(side=_SIDES, kind=_STEWARDS)
    def decide(self, side: int, kind: EventKind) -> None:
        if len(self.states[side].our_ended_ids) < MAX_IDS // 2:  # what is remembered has an end
            self.happen(side, kind)

    @rule(side=_SIDES)
    def see_another_programme(self, side: int) -> None:
        if len(self.states[side].our_ended_ids) < MAX_IDS // 2:
            self.happen(side, "programme-differs")

    @rule(place=st.integers(0, 1000), stays=st.booleans())
    def deliver(self, place: int, stays: bool) -> None:
        if not self.line:
            return
        message = self.line[place % len(self.line)]
        if not stays:  # else its sender learns nothing of the arrival and will send it again
            self.line.remove(message)
        self.happen(*message)

    @invariant()
    def only_peers_exchange(self) -> None:
        assert self.exchanging == [state.is_peer for state in self.states]

    def teardown(self) -> None:
        for _ in range(1000):
            if not self.line:
                break
            # From both ends in turn, so that the newest overtakes the oldest.
            self.happen(*self.line.pop(-1 if self.count % 2 else 0))
        assert not self.line, "the two never stop talking"
        for us, them in (self.states, self.states[::-1]):
            expected = {"none": "none", "sent": "waiting", "accepted": "accepted"}
            assert them.their_follow == expected[us.our_follow]
            if us.our_follow_id:
                assert us.our_follow_id in them.their_follow_ids


TwoNodes.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
TestTwoNodes = TwoNodes.TestCase
