"""How a node stands, in the words of ``kith peer list``."""

import pytest

from kith_node.cli.peer import list_peers, state_of
from kith_node.federation.peering import PeerView
from kith_protocol.peering import Peering


def view(peering: Peering, *, is_paused: bool = False) -> PeerView:
    return PeerView(
        actor="https://linden.example/actor",
        host="linden.example",
        name="Linden",
        peering=peering,
        is_paused=is_paused,
        fingerprint=(),
        looked_day=20_000,
    )


@pytest.mark.parametrize(
    ("peering", "state"),
    [
        (Peering(), "no peer"),
        (Peering(is_wanted=True), "said no"),
        (Peering("sent", is_wanted=True), "asked"),
        (Peering("sent", "accepted"), "asked"),
        (Peering("accepted", "none"), "asked"),
        (Peering("none", "waiting"), "waits for you"),
        (Peering("none", "waiting", "removed"), "waits for you"),
        (Peering("none", "waiting", "limited"), "waits for you"),
        (Peering("accepted", "accepted"), "peer"),
        (Peering("accepted", "accepted", "limited"), "limited"),
        (Peering(standing="limited"), "no peer"),
        (Peering(standing="removed"), "removed"),
        (Peering(standing="blocked"), "blocked"),
    ],
)
def test_a_state_says_what_a_steward_can_expect(peering: Peering, state: str) -> None:
    assert state_of(view(peering)) == state
    lines = (list_peers.help or "").splitlines()
    assert any(line.strip().startswith(f"{state} ") for line in lines)


def test_a_paused_node_is_paused_unless_it_is_blocked() -> None:
    assert state_of(view(Peering("accepted", "accepted"), is_paused=True)) == "paused"
    assert state_of(view(Peering(standing="blocked"), is_paused=True)) == "blocked"
