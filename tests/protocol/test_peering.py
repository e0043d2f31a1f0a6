from typing import Any, get_args

import msgspec
import pytest
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
    # Our Follow goes along: who follows now may have lost it, and accepts it again if not.
    assert sent(back) == [("send-accept", "g"), ("send-follow", NEW), ("start-exchange", None)]
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
        ("send-undo", "f"),
        ("send-reject", "g"),
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
    assert sent(result) == [("send-undo", "f"), ("send-reject", "g"), ("drop-objects", None)]
    first = do(Peering(), "programme-differs", "g")
    assert sent(first) == [("send-reject", "g"), ("drop-objects", None)]
    again = do(first.state, "programme-differs", "g")
    assert sent(again) == sent(first)


def test_a_node_that_closes_is_forgotten_without_a_word() -> None:
    result = do(PEERS, "got-delete")
    assert sent(result) == [("drop-objects", None)]
    assert (result.state.our_follow, result.state.their_follow) == ("none", "none")


def test_an_ended_follow_ends_the_exchange() -> None:
    undone = do(PEERS, "got-undo", "g")
    assert sent(undone) == [("drop-objects", None)]
    assert undone.state == replace(ACCEPTED, their_ended_ids=("g",))
    rejected = do(PEERS, "got-reject", "f")
    # Their Follow is not undone yet, so perhaps it is a newer one: a steward decides.
    assert sent(rejected) == [("ask-steward", "g"), ("drop-objects", None)]
    assert rejected.state.their_follow == "waiting"


def test_a_repeated_follow_is_accepted_again() -> None:
    result = do(PEERS, "got-follow", "g")
    assert sent(result) == [("send-accept", "g")]
    assert result.state == PEERS
    waiting = do(WAITING, "got-follow", "g")
    assert (waiting.state, waiting.effects) == (WAITING, ())


@pytest.mark.parametrize("state", [SENT, ACCEPTED])
def test_asking_again_sends_a_new_follow_in_the_place_of_the_old(state: Peering) -> None:
    again = do(state, "we-follow")
    assert sent(again) == [("send-follow", NEW), ("send-undo", "f")]
    assert (again.state.our_follow, again.state.our_ended_ids) == ("sent", ("f",))


def test_asking_a_peer_again_sends_the_same_follow_and_changes_nothing() -> None:
    again = do(PEERS, "we-follow")
    assert sent(again) == [("send-follow", "f")]
    assert again.state == PEERS


def test_a_new_follow_beside_an_open_one_is_answered_with_all_that_we_hold() -> None:
    added = do(PEERS, "got-follow", "h")
    assert sent(added) == [("send-accept", "g"), ("send-accept", "h"), ("send-follow", "f")]
    assert added.state.is_peer


def test_a_follow_makes_us_ask_again_while_ours_is_unanswered() -> None:
    first = do(SENT, "got-follow", "g")
    assert sent(first) == [("send-accept", "g"), ("send-follow", "f")]
    again = do(first.state, "got-follow", "g")
    assert sent(again) == sent(first)
    added = do(first.state, "got-follow", "h")
    assert sent(added) == [("send-accept", "g"), ("send-accept", "h"), ("send-follow", "f")]


def test_an_answer_to_a_follow_that_is_not_open_is_corrected() -> None:
    for state in (Peering(), SENT, PEERS):
        accepted = do(state, "got-accept", "another")
        assert sent(accepted) == [("send-undo", "another")]
        assert accepted.refusal
        assert accepted.state == state
    assert sent(do(PEERS, "got-reject", "another")) == [("send-follow", "f")]
    assert do(PEERS, "got-reject", "another").state == PEERS
    assert sent(do(PEERS, "got-undo", "another")) == [("send-accept", "g")]


def test_a_no_that_was_overtaken_is_asked_about_once() -> None:
    crossed = do(
        replace(SENT, their_follow="accepted", their_follow_ids=("g",)), "got-reject", "f"
    )
    assert sent(crossed) == [("send-follow", NEW), ("send-undo", "f")]
    assert crossed.state.our_follow == "sent"
    second = do(crossed.state, "got-reject", NEW)
    assert sent(second) == [("ask-steward", "g")]
    assert (second.state.our_follow, second.state.their_follow) == ("none", "waiting")


def test_rejecting_answers_what_waits_and_nothing_else() -> None:
    for state in (Peering(), SENT, ACCEPTED, PEERS):
        result = do(state, "we-reject")
        assert (result.state, result.effects) == (state, ())
        assert result.refusal


def test_only_a_peer_is_limited() -> None:
    for state in (Peering(), SENT, WAITING):
        assert do(state, "we-limit").refusal
    assert do(do(PEERS, "we-limit").state, "we-limit").refusal


@pytest.mark.parametrize("way", ["lifted", "repeated"])
def test_what_ended_is_told_again_when_a_block_is_lifted_or_a_removal_repeated(
    way: str,
) -> None:
    ended = do(PEERS, "we-block" if way == "lifted" else "we-remove").state
    told = do(ended, "we-unblock" if way == "lifted" else "we-remove")
    assert sent(told) == [("send-undo", "f"), ("send-reject", "g")]
    assert told.state.standing == "removed"


def test_a_lone_follower_that_asks_again_is_not_followed() -> None:
    follower = Peering(their_follow="accepted", their_follow_ids=("g",))
    assert sent(do(follower, "got-follow", "g", "open")) == [("send-accept", "g")]


@pytest.mark.parametrize(
    ("state", "kind", "follow"),
    [
        (Peering(), "got-accept", None),
        (Peering(), "got-reject", "f"),
        (ACCEPTED, "got-accept", "f"),
        (Peering(), "got-reject", None),
        (Peering(), "we-approve", None),
        (PEERS, "we-approve", None),
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
                # A Follow that waits already, and a removal that nobody need hear of again.
                if kind not in ("got-follow", "we-remove"):
                    assert result.refusal or result.effects or after != state
                started = Effect("start-exchange") in result.effects
                assert started == (after.is_peer and not state.is_peer)
                if state.is_peer and not after.is_peer:
                    assert Effect("drop-objects") in result.effects
