"""The order in which the texts of a circle are shown.

Clocks are wrong and minutes are long, so a text says which one its writer had seen last. It is
shown after that one; otherwise the writers' minutes decide. Everybody who has the same texts
shows them in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

Rank = tuple[int, int]
"""Minute in which a text counts as said, and how many texts of that minute it follows."""


class Said(msgspec.Struct, frozen=True):
    """What the order of a text depends on.

    Attributes:
        minute: by the writer's clock.
        follows: name of the text that its writer had seen last, or nothing.
    """

    minute: int
    follows: str


def rank_texts(texts: Mapping[str, Said]) -> dict[str, Rank]:
    """Return the rank of each text, the same for everybody who has the same ones.

    Args:
        texts: by name. What they follow may be missing; in a ring, which only somebody who
            writes by hand can make, the minutes decide.
    """
    ranks: dict[str, Rank] = {}
    for name in texts:
        ahead: dict[str, None] = {}
        at = name
        while at in texts and at not in ranks and at not in ahead:
            ahead[at] = None
            at = texts[at].follows
        for one in reversed(ahead):
            before = ranks.get(texts[one].follows)
            ranks[one] = _after(before, texts[one].minute)
    return ranks


def _after(before: Rank | None, minute: int) -> Rank:
    if before is None or before[0] < minute:
        return minute, 0
    return before[0], before[1] + 1
