"""Are the same few shown to everyone? The share of places that the most shown offers get.

If every place among the first five went to somebody else, the most shown 5 % of the offers
would get about 5 % of the places; if everybody were shown the same five, they would get all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

MOST_SHOWN_PERCENT = 5


def top_share(shown: Iterable[Sequence[str]], *, offers: int) -> float:
    """Return the share of all places, 0 to 1, that the most shown offers get.

    Args:
        shown: for each wish the ids of the offers that were shown, in their order.
        offers: how many there are, shown or not; 5 % of them, rounded up, count as the most
            shown.
    """
    times = Counter(offer for places in shown for offer in places)
    most = -(-offers * MOST_SHOWN_PERCENT // 100)
    total = times.total()
    if total == 0:
        return 0.0
    return round(sum(count for _, count in times.most_common(most)) / total, 4)
