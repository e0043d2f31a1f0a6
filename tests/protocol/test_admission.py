import pytest

from kith_protocol.admission import (
    INTRODUCED_DAYS,
    Act,
    NodeKind,
    act_of,
    check_act,
    classify_node,
)
from kith_protocol.day import Day
from kith_protocol.errors import ForbiddenError, NotAPeerError
from kith_protocol.peering import Peering

TODAY = Day(20_000)
PEER = Peering(our_follow="accepted", their_follow="accepted")


@pytest.mark.parametrize(
    ("peering", "kind"),
    [
        (None, "stranger"),
        (Peering(), "stranger"),
        (Peering(our_follow="sent", their_follow="accepted"), "follower"),
        (Peering(our_follow="accepted", their_follow="waiting"), "stranger"),
        (PEER, "peer"),
        (Peering("accepted", "accepted", "limited"), "limited"),
        (Peering(standing="blocked"), "blocked"),
        (Peering(standing="removed"), "stranger"),
    ],
)
def test_a_node_is_what_both_follows_make_it(peering: Peering | None, kind: NodeKind) -> None:
    assert classify_node(peering, today=TODAY) == kind


def test_a_node_is_introduced_for_half_a_year() -> None:
    for introduced, kind in (
        (TODAY, "introduced"),
        (Day(TODAY - INTRODUCED_DAYS), "introduced"),
        (Day(TODAY - INTRODUCED_DAYS - 1), "stranger"),
        (Day(TODAY + 1), "stranger"),
    ):
        assert classify_node(None, introduced=introduced, today=TODAY) == kind
    assert classify_node(PEER, introduced=TODAY, today=TODAY) == "peer"
    blocked = Peering(standing="blocked")
    assert classify_node(blocked, introduced=TODAY, today=TODAY) == "blocked"


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("peer", {"peering", "announce", "read", "keys", "hand-in"}),
        ("limited", {"peering", "announce", "read", "keys", "hand-in"}),
        ("follower", {"peering"}),
        ("introduced", {"peering", "keys", "hand-in"}),
        ("stranger", {"peering"}),
        ("blocked", set()),
    ],
)
def test_each_kind_of_node_may_do_its_part(kind: NodeKind, allowed: set[Act]) -> None:
    acts: list[Act] = ["peering", "announce", "read", "keys", "hand-in"]
    for act in acts:
        if act in allowed:
            check_act(kind, act)
        else:
            error = ForbiddenError if kind == "blocked" else NotAPeerError
            with pytest.raises(error):
                check_act(kind, act)


def test_from_strangers_only_peering_is_read() -> None:
    assert {act_of(kind) for kind in ("Follow", "Undo", "Accept", "Reject")} == {"peering"}
    for kind in ("Create", "Update", "Delete", "Announce", "Flag", "Move", "x"):
        assert act_of(kind) == "announce"
