import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kith_protocol.errors import ConflictError
from kith_protocol.release import (
    Change,
    Pending,
    Release,
    ReleaseConfig,
    Waiting,
    decide_release,
    draw_waits,
    leaves_at_once,
    merge,
)
from kith_testing.rng import SeededRng

CONFIG = ReleaseConfig()
DAY_S = 86_400


def offers(count: int, kind: Waiting = "create", waits: int = 0) -> list[Pending]:
    return [Pending(bytes((number,)) * 16, kind, waits) for number in range(count)]


def decide(
    pending: list[Pending], age_s: int = 0, config: ReleaseConfig = CONFIG
) -> Release | None:
    return decide_release(pending, oldest_age_s=age_s, config=config, rng=SeededRng(1))


def test_a_release_waits_for_five_changes() -> None:
    assert decide([]) is None
    assert decide(offers(4)) is None
    release = decide(offers(5))
    assert release is not None
    assert set(release.leaving) == set(offers(5))
    assert release.staying == ()


def test_a_release_waits_three_days_at_most() -> None:
    assert decide(offers(1), 3 * DAY_S - 1) is None
    release = decide(offers(1), 3 * DAY_S)
    assert release is not None
    assert release.leaving == tuple(offers(1))
    assert decide([], 99 * DAY_S) is None


def test_a_release_is_shuffled() -> None:
    orders = {
        decide_release(offers(8), oldest_age_s=0, config=CONFIG, rng=SeededRng(seed))
        for seed in range(20)
    }
    assert len(orders) == 20


def test_a_community_can_set_its_own_pace() -> None:
    at_once = ReleaseConfig(changes=1, max_age_s=0, max_room_waits=0)
    assert decide(offers(1), 0, at_once) is not None
    assert draw_waits("room", config=at_once, rng=SeededRng()) == 0
    never_empty = ReleaseConfig(changes=0)
    assert decide([], 0, never_empty) is None


def test_a_change_of_room_lets_up_to_two_releases_pass() -> None:
    rng = SeededRng(2)
    assert {draw_waits("room", config=CONFIG, rng=rng) for _ in range(60)} == {0, 1, 2}
    assert {draw_waits("update", config=CONFIG, rng=rng) for _ in range(60)} == {0}
    waiting = [Pending(b"r" * 16, "room", 2)]
    for expected in (1, 0):
        release = decide([*offers(5), *waiting])
        assert release is not None
        assert b"r" * 16 not in {change.offer for change in release.leaving}
        waiting = list(release.staying)
        assert waiting == [Pending(b"r" * 16, "room", expected)]
    release = decide([*offers(5), *waiting])
    assert release is not None
    assert Pending(b"r" * 16, "room") in release.leaving


def test_changes_of_room_that_wait_do_not_make_a_release() -> None:
    assert decide(offers(9, "room", 1)) is None
    release = decide(offers(9, "room", 1), 3 * DAY_S)
    assert release == Release(leaving=(), staying=tuple(offers(9, "room", 0)))


@pytest.mark.parametrize(
    ("waiting", "change", "result"),
    [
        (None, "create", "create"),
        (None, "update", "update"),
        (None, "room", "room"),
        ("create", "update", "create"),
        ("create", "room", "create"),
        ("update", "update", "update"),
        ("update", "room", "update"),
        ("room", "update", "update"),
        ("room", "room", "room"),
    ],
)
def test_one_change_waits_for_each_offer(
    waiting: Change | None, change: Change, result: Change
) -> None:
    assert merge(waiting, change) == result


def test_an_offer_is_created_once_and_not_changed_after_its_withdrawal() -> None:
    wrong: list[tuple[Change, Change]] = [
        ("create", "create"),
        ("update", "create"),
        ("withdraw", "update"),
        ("update", "withdraw"),
    ]
    for waiting, change in wrong:
        with pytest.raises(ConflictError):
            merge(waiting, change)


def test_what_was_never_announced_is_never_withdrawn() -> None:
    assert not leaves_at_once("create")
    assert leaves_at_once("update")
    assert leaves_at_once("room")
    assert leaves_at_once(None)


class Releases(RuleBasedStateMachine):
    """What peers hear of is what owners did, and nothing waits for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.rng = SeededRng(5)
        self.pending: dict[bytes, Pending] = {}
        self.live: set[bytes] = set()  # what owners see
        self.announced: set[bytes] = set()  # what peers know
        self.count = 0

    def put(self, offer: bytes, change: Change) -> None:
        waiting = self.pending[offer].kind if offer in self.pending else None
        kind = merge(waiting, change)
        self.pending[offer] = Pending(
            offer, kind, draw_waits(kind, config=CONFIG, rng=self.rng)
        )

    @rule()
    def create(self) -> None:
        self.count += 1
        offer = self.count.to_bytes(16, "big")
        self.live.add(offer)
        self.put(offer, "create")

    @precondition(lambda self: self.live)
    @rule(data=st.data(), change=st.sampled_from(["update", "room"]))
    def change(self, data: st.DataObject, change: Change) -> None:
        self.put(data.draw(st.sampled_from(sorted(self.live))), change)

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        offer = data.draw(st.sampled_from(sorted(self.live)))
        waiting = self.pending.pop(offer, None)
        self.live.discard(offer)
        if leaves_at_once(waiting.kind if waiting else None):
            self.announced.remove(offer)  # fails if peers never heard of it

    @rule(age_s=st.sampled_from([0, 4 * DAY_S]))
    def release(self, age_s: int) -> None:
        release = decide_release(
            list(self.pending.values()), oldest_age_s=age_s, config=CONFIG, rng=self.rng
        )
        if release is None:
            return
        for change in release.leaving:
            assert (change.offer in self.announced) == (change.kind != "create")
            self.announced.add(change.offer)
        self.pending = {change.offer: change for change in release.staying}

    @invariant()
    def peers_know_what_does_not_wait_for_its_first_release(self) -> None:
        created = {offer for offer, one in self.pending.items() if one.kind == "create"}
        assert self.announced == self.live - created


TestReleases = Releases.TestCase


@given(st.lists(st.sampled_from([0, 1, 2]), max_size=12))
def test_three_releases_empty_the_queue(waits: list[int]) -> None:
    pending = [Pending(bytes((n,)) * 16, "room", w) for n, w in enumerate(waits)]
    for _ in range(3):
        release = decide(pending, 4 * DAY_S)
        pending = list(release.staying) if release else []
    assert pending == []
