"""The life of one's own reply keys.

The newest seed the other side is known to have lives as long as the conversation, and all
newer ones do, so two people may be silent for months and every new key may have been lost. One
that such a seed has taken the place of dies as soon as the other side is known to use the
newer one and nothing older can still be on its way; otherwise after 45 days. Whether the box
has been emptied, which has to come first in any case, is the caller's part.

Seeds are ordered by ``(turn, lane)``. A new seed's turn is one more than the highest its
device knows, but at least the minute of its making: so two devices agree on the newest, and a
device whose vault was put back to an older state makes seeds that count as newer than those
it has forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kith_protocol.conversation.records import Seed
from kith_protocol.day import DAY_S

SUPERSEDED_S = 45 * DAY_S

Order = tuple[int, bytes]


def order_of(seed: Seed) -> Order:
    """Return the place of *seed* among its like; the greatest is the newest."""
    return seed.turn, seed.lane


def newest_first(seeds: Iterable[Seed]) -> list[Seed]:
    """Return *seeds*, the newest first."""
    return sorted(seeds, key=order_of, reverse=True)


def next_turn(seeds: Iterable[Seed], *, now: int) -> int:
    """Return the turn of a seed that is made now."""
    return max(now // 60, 1 + max((seed.turn for seed in seeds), default=0))


def dead_seeds(
    seeds: Iterable[Seed],
    *,
    opened: Order,
    acked: Mapping[bytes, int],
    is_settled: bool,
    now: int,
) -> list[Seed]:
    """Return those of *seeds* that are to be deleted.

    Args:
        seeds: all there are of one conversation.
        opened: order of the newest one a message was opened with.
        acked: which own numbers the other side has seen, by lane.
        is_settled: the other side writes in one lane only and nothing is missing in it, so
            whatever it sends from now on is for ``opened`` or newer.
        now: seconds.
    """
    dead: list[Seed] = []
    newer_since: int | None = None  # since when there is one that the other side knows
    for seed in newest_first(seeds):
        if newer_since is not None:
            is_passed = is_settled and opened > order_of(seed)
            if is_passed or now - newer_since >= SUPERSEDED_S:
                dead.append(seed)
        elif opened >= order_of(seed) or acked.get(seed.lane, 0) >= seed.seq:
            newer_since = seed.made_at
    return dead
