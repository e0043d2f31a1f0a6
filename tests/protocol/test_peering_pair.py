"""Two nodes that peer over a bad line: what both must come to believe of each other.

``Line`` carries the messages of two real machines; hypothesis decides what stewards do and what
becomes of each message. ``ReorderingLine`` brings everything at least once, in any order;
``LosingLine`` also loses messages, blocks, and puts a node back to an earlier state, and asks
that stewards can still mend it with the commands they have.
"""

from typing import get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kith_protocol.nodeinfo import Policy
from kith_protocol.peering import MAX_IDS, Event, EventKind, Peering, Step, step

POLICIES: tuple[Policy, ...] = get_args(Policy)
ARRIVES: dict[str, EventKind] = {
    "send-follow": "got-follow",
    "send-accept": "got-accept",
    "send-reject": "got-reject",
    "send-undo": "got-undo",
}
YES = ("we-follow", "we-approve")
NO = ("we-reject", "we-remove", "programme-differs")
SIDES = st.sampled_from([0, 1])
# What a node remembers of ended Follows has a bound; within it the promises hold.
MAX_DECISIONS = MAX_IDS // 2
ENOUGH = 2000


class Line:
    """Two nodes, and what is on its way between them as (receiver, event, Follow)."""

    def __init__(self, *policies: Policy) -> None:
        self.policies = policies or ("approve", "approve")
        self.states = [Peering(), Peering()]
        self.on_way: list[tuple[int, EventKind, str]] = []
        self.exchanging = [False, False]
        self.count = 0

    def happen(self, side: int, kind: EventKind, follow: str | None = None) -> Step:
        """Let something happen at one node, and put what it sends on the line."""
        self.count += 1
        result = step(
            self.states[side],
            Event(kind, follow),
            policy=self.policies[side],
            new_follow=f"{side}-{self.count}",
        )
        self.states[side] = result.state
        for effect in result.effects:
            if effect.kind in ARRIVES:
                assert effect.follow is not None
                self.on_way.append((1 - side, ARRIVES[effect.kind], effect.follow))
            elif effect.kind in ("start-exchange", "drop-objects"):
                self.exchanging[side] = effect.kind == "start-exchange"
        if kind == "we-block":  # the node deletes what it has not yet sent
            self.on_way = [one for one in self.on_way if one[0] == side]
        return result

    def drain(self, *, newest_first: bool = False) -> None:
        """Bring everything, and what is answered to it."""
        for _ in range(ENOUGH):
            if not self.on_way:
                return
            # Now and then the oldest all the same: nothing is overtaken for ever.
            is_newest = newest_first and self.count % 3
            self.happen(*self.on_way.pop(-1 if is_newest else 0))
        raise AssertionError("the two never stop talking")

    @property
    def are_peers(self) -> bool:
        return all(self.views())

    def views(self) -> list[bool]:
        """Return for each node whether it takes the other for a peer."""
        return [state.is_peer for state in self.states]

    @property
    def is_anybody_asked(self) -> bool:
        return any(state.their_follow == "waiting" for state in self.states)

    def check_agreed(self) -> None:
        """Fail unless both hold the same of the two Follows."""
        fitting = {"none": {"none"}, "sent": {"waiting"}, "accepted": {"accepted", "waiting"}}
        for us, them in (self.states, self.states[::-1]):
            assert them.their_follow in fitting[us.our_follow]
            held = () if us.our_follow_id is None else (us.our_follow_id,)
            assert them.their_follow_ids == held
            if us.their_follow == "accepted":  # else nobody would be asked to follow back
                assert us.our_follow != "none"
        assert len(set(self.views())) == 1


def connected(*policies: Policy) -> Line:
    line = Line(*policies)
    for side in (0, 1):
        line.happen(side, "we-follow")
    line.drain()
    assert line.are_peers
    return line


# --- what two stewards may do, told in full ---------------------------------------------


def test_reject_is_for_what_waits_and_leaves_an_established_peering_alone() -> None:
    line = connected()
    before = line.states[0]
    assert line.happen(0, "we-reject").refusal
    assert line.states[0] == before


def test_a_peering_can_begin_anew_after_a_block_was_lifted() -> None:
    line = connected()
    line.happen(0, "we-block")
    line.drain()
    assert line.views() == [False, True], "a block is silent"
    line.happen(0, "we-unblock")
    line.drain()
    assert line.views() == [False, False]
    line.happen(0, "we-follow")
    line.drain()
    assert line.states[1].their_follow == "waiting"
    line.happen(1, "we-approve")
    line.drain()
    assert line.are_peers


def test_a_removal_that_a_block_kept_back_is_told_when_it_is_lifted() -> None:
    line = connected()
    line.happen(0, "we-remove")
    line.happen(0, "we-block")
    line.drain()
    line.happen(0, "we-unblock")
    line.drain()
    line.check_agreed()
    assert not line.states[1].is_peer


@pytest.mark.parametrize("policy", POLICIES)
def test_a_node_that_lost_everything_is_a_peer_again_when_it_asks(policy: Policy) -> None:
    line = connected(policy, policy)
    line.states[0] = Peering()
    line.happen(0, "we-follow")
    line.drain()
    assert line.are_peers
    line.check_agreed()


@pytest.mark.parametrize("asking", [0, 1])
@pytest.mark.parametrize("policy", POLICIES)
def test_a_node_that_lost_half_is_a_peer_again_whoever_asks(
    policy: Policy, asking: int
) -> None:
    line = Line(policy, policy)
    line.happen(0, "we-follow")
    line.happen(1, "we-follow")
    for side, kind, follow in list(line.on_way):
        if side == 1:
            line.on_way.remove((side, kind, follow))
            line.happen(side, kind, follow)
    early = line.states[0]
    line.drain()
    assert line.are_peers
    line.states[0] = early
    line.happen(asking, "we-follow")
    line.drain()
    assert line.are_peers
    line.check_agreed()


def test_who_removed_and_asks_again_is_asked_about_in_whatever_order_it_arrives() -> None:
    line = connected()
    line.happen(0, "we-remove")
    line.happen(0, "we-follow")
    line.drain(newest_first=True)
    assert line.states[1].their_follow == "waiting"
    line.happen(1, "we-approve")
    line.drain()
    assert line.are_peers


def test_two_closed_nodes_meet_even_if_the_refusal_is_overtaken() -> None:
    line = Line("closed", "closed")
    line.happen(0, "we-follow")
    line.happen(*line.on_way.pop())
    [refusal] = line.on_way
    line.on_way.clear()
    line.happen(1, "we-follow")
    line.drain()
    line.happen(*refusal)
    line.drain()
    assert line.are_peers
    line.check_agreed()


def test_a_follow_that_comes_when_only_the_undo_has_arrived_is_no_yes_to_us() -> None:
    line = connected()
    line.happen(0, "we-remove")
    line.on_way = [one for one in line.on_way if one[1] == "got-undo"]  # the Reject is lost
    line.happen(0, "we-follow")
    line.drain()
    line.check_agreed()
    assert line.is_anybody_asked


@pytest.mark.parametrize("asking", [0, 1])
def test_a_node_put_back_to_before_our_accept_is_a_peer_again_whoever_asks(asking: int) -> None:
    line = Line()
    line.happen(0, "we-follow")
    line.drain()
    line.happen(1, "we-approve")
    early = line.states[1]
    assert (early.our_follow, early.their_follow) == ("sent", "accepted")
    line.drain()
    assert line.are_peers
    line.states[1] = early
    line.happen(asking, "we-follow")
    line.drain()
    assert line.are_peers
    line.check_agreed()


def test_a_follow_of_a_node_that_lost_all_reaches_one_that_was_put_back() -> None:
    line = Line()
    line.happen(0, "we-follow")
    line.drain()
    line.happen(1, "we-approve")
    line.on_way.clear()  # both answers are lost, and so is the state of who asked
    line.states[0] = Peering()
    line.happen(0, "we-follow")
    line.drain()
    assert line.are_peers
    line.check_agreed()


@pytest.mark.parametrize("newest_first", [False, True])
def test_who_asked_twice_and_takes_it_back_leaves_no_request(newest_first: bool) -> None:
    line = Line()
    decisions: tuple[EventKind, ...] = ("we-follow", "we-follow", "we-remove")
    for kind in decisions:
        line.happen(0, kind)
    line.drain(newest_first=newest_first)
    line.check_agreed()
    assert not line.is_anybody_asked


def test_an_undo_that_crosses_an_accept_ends_the_follow_at_both() -> None:
    line = Line()
    line.happen(0, "we-follow")
    line.drain()
    line.happen(1, "we-approve")
    line.happen(0, "we-remove")
    line.drain()
    line.check_agreed()
    assert not line.are_peers
    assert line.states[0].their_follow == "waiting", "what the other asks is still told"


def test_a_removal_that_was_lost_can_be_told_again() -> None:
    line = connected()
    line.happen(0, "we-remove")
    line.on_way.clear()
    assert line.views() == [False, True]
    line.happen(0, "we-remove")
    line.drain()
    line.check_agreed()
    assert line.views() == [False, False]


def test_a_node_put_back_to_old_follows_hears_of_the_end() -> None:
    line = connected()
    old = line.states[0]
    line.happen(0, "we-remove")
    line.happen(0, "we-follow")
    line.drain()
    line.happen(1, "we-approve")
    line.drain()
    assert line.are_peers
    line.states[0] = old
    line.happen(1, "we-remove")
    line.drain()
    line.check_agreed()
    assert not line.states[0].is_peer


# --- everything arrives, in any order, perhaps twice --------------------------------------


class ReorderingLine(RuleBasedStateMachine):
    """Messages are delayed, doubled and overtake each other; in the end both sides agree."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Line()
        self.decisions = 0
        self.yes_at = [0, 0]
        self.no_at = 0

    @initialize(first=st.sampled_from(POLICIES), second=st.sampled_from(POLICIES))
    def choose(self, first: Policy, second: Policy) -> None:
        self.line.policies = (first, second)

    @rule(side=SIDES, kind=st.sampled_from([*YES, *NO, "we-limit", "we-restore"]))
    def decide(self, side: int, kind: EventKind) -> None:
        if self.decisions == MAX_DECISIONS:
            return
        self.decisions += 1
        if self.line.happen(side, kind).refusal is None:
            if kind in YES:
                self.yes_at[side] = self.line.count
            elif kind in NO:
                self.no_at = self.line.count

    @rule(place=st.integers(0, 1000), stays=st.booleans())
    def deliver(self, place: int, stays: bool) -> None:
        if not self.line.on_way:
            return
        message = self.line.on_way[place % len(self.line.on_way)]
        if not stays:  # else its sender learns nothing of the arrival and will send it again
            self.line.on_way.remove(message)
        self.line.happen(*message)

    @invariant()
    def only_peers_exchange(self) -> None:
        assert self.line.exchanging == self.line.views()

    def teardown(self) -> None:
        self.line.drain(newest_first=bool(self.line.count % 2))
        self.line.check_agreed()
        if min(self.yes_at) > self.no_at:
            # Who ended something is asked about anew, and so somebody may have to say it again.
            assert self.line.are_peers or (self.no_at and self.line.is_anybody_asked)
        if self.no_at > max(self.yes_at) and "open" not in self.line.policies:
            assert not any(self.line.views())


# --- messages are lost, nodes are blocked or put back --------------------------------------


class LosingLine(RuleBasedStateMachine):
    """Whatever happened: stewards who say yes become peers, and a no is heard."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Line()
        self.decisions = 0
        self.kept = [Peering(), Peering()]

    @initialize(first=st.sampled_from(POLICIES), second=st.sampled_from(POLICIES))
    def choose(self, first: Policy, second: Policy) -> None:
        self.line.policies = (first, second)

    @rule(
        side=SIDES,
        kind=st.sampled_from([*YES, *YES, *NO, "we-block", "we-unblock", "we-limit"]),
    )
    def decide(self, side: int, kind: EventKind) -> None:
        if self.decisions < MAX_DECISIONS:
            self.decisions += 1
            self.line.happen(side, kind)

    @rule(place=st.integers(0, 1000), is_lost=st.booleans())
    def carry(self, place: int, is_lost: bool) -> None:
        if self.line.on_way:
            message = self.line.on_way.pop(place % len(self.line.on_way))
            if not is_lost:
                self.line.happen(*message)

    @rule()
    def carry_all(self) -> None:
        self.line.drain()

    @rule(side=SIDES)
    def back_up(self, side: int) -> None:
        self.kept[side] = self.line.states[side]

    @rule(side=SIDES)
    def put_back(self, side: int) -> None:
        self.line.states[side] = self.kept[side]
        self.line.exchanging[side] = self.kept[side].is_peer

    @invariant()
    def blocked_is_silent(self) -> None:
        for side, state in enumerate(self.line.states):
            if state.standing == "blocked":
                assert not state.is_peer
                before = len(self.line.on_way)
                for kind in ARRIVES.values():
                    self.line.happen(side, kind, "x")
                assert len(self.line.on_way) == before

    def teardown(self) -> None:
        self.line.drain()
        for side, state in enumerate(self.line.states):
            if state.standing == "blocked":
                self.line.happen(side, "we-unblock")
                self.line.drain()
        for _ in range(2):
            for side in (0, 1):
                if not self.line.are_peers:
                    self.line.happen(side, "we-follow")
                    self.line.drain()
        assert self.line.are_peers
        # An Undo that was lost may have left an ended Follow at one of them: the end clears it.
        for us, them in (self.line.states, self.line.states[::-1]):
            assert us.our_follow_id in them.their_follow_ids
        side = self.line.count % 2
        self.line.happen(side, "we-remove")
        self.line.drain()
        self.line.check_agreed()
        assert not any(self.line.views())
        assert {state.our_follow for state in self.line.states} == {"none"}


ReorderingLine.TestCase.settings = settings(max_examples=300, stateful_step_count=40)
TestReorderingLine = ReorderingLine.TestCase
LosingLine.TestCase.settings = settings(max_examples=300, stateful_step_count=40)
TestLosingLine = LosingLine.TestCase
