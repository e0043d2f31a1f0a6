"""Choosing between the topics that a part of a text may mean.

A text in a language that the reader knows beats one in another, an exact form beats an
inflected one and that a misspelt one, a label beats a synonym. Topics that are equal in all of
this are equally right: up to three are all taken, of more than three only the first, and the
rest is shown as a choice. Of a topic and one above it that are equally right, the more specific
is taken: whoever wants the wider one finds it among the choices, and whoever was not asked sees
fewer offers that are beside the point.

Left to the caller: finding the candidates, and an order of equals, if one is likelier. Others
are in the order of the reader's languages, then of the hierarchy, then of ids, so that the same
text means the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

MAX_EQUAL = 3
MAX_OTHERS = 6


class Candidate(msgspec.Struct, frozen=True, order=True):
    """A topic that may be meant; the best sorts first.

    Attributes:
        rank: what decides, smaller first; equal ranks are equally right.
        order: of equals, smaller first.
        language: place of the text's language among the reader's.
        depth: level of the topic.
        topic: id.
    """

    rank: tuple[int, ...]
    order: int
    language: int
    depth: int
    topic: str


def choose(
    candidates: Iterable[Candidate], ancestors: Callable[[str], Sequence[str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the topics that are meant, and at most six others to choose from.

    Args:
        candidates: at least one, topics may repeat.
        ancestors: the topics above one.
    """
    best: dict[str, Candidate] = {}
    for one in sorted(candidates):
        best.setdefault(one.topic, one)
    ranked = list(best.values())
    equal = [one.topic for one in ranked if one.rank == ranked[0].rank]
    above = {upper for topic in equal for upper in ancestors(topic)}
    specific = [topic for topic in equal if topic not in above]
    topics = specific if len(specific) <= MAX_EQUAL else specific[:1]
    others = [one.topic for one in ranked if one.topic not in topics]
    return tuple(topics), tuple(others[:MAX_OTHERS])
