"""What search needs of the vocabulary: what lies above a topic, and what is related to it.

``Vocabulary`` has both. Search is given these two functions and nothing else, so that it works
over any vocabulary and for topics that nobody has heard of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from kith_protocol.query import Query

Relatives = Callable[[str], Sequence[str]]


class Hierarchy(msgspec.Struct, frozen=True):
    """The relations of topics, for any string.

    Attributes:
        ancestors: the topics above one, nearest first; nothing for a root or an unknown one.
        related: topics elsewhere that are close to one.
    """

    ancestors: Relatives
    related: Relatives

    def chain(self, topic: str) -> tuple[str, ...]:
        """Return *topic* and all above it, nearest first."""
        return (topic, *self.ancestors(topic))


def near_topics(query: Query, hierarchy: Hierarchy) -> dict[str, tuple[str, ...]]:
    """Return for each topic asked its near relatives; nothing unless the query wants them.

    Near is the topic directly above and what the vocabulary relates to it, naming exactly
    those; whatever is asked or lies below something asked is not only near and left out.
    """
    if not query.near:
        return {}
    asked = set(query.topics)
    found = {}
    for topic in query.topics:
        near = (*hierarchy.ancestors(topic)[:1], *hierarchy.related(topic))
        found[topic] = tuple(
            dict.fromkeys(one for one in near if asked.isdisjoint(hierarchy.chain(one)))
        )
    return found


def only_known(query: Query, hierarchy: Hierarchy) -> tuple[str, ...]:
    """Return the topics that the asker knows, without those asked and what lies above these.

    Whoever names C# reaches .NET as well: that says nothing more about them.
    """
    asked = {one for topic in query.topics for one in hierarchy.chain(topic)}
    return tuple(topic for topic in query.knows if topic not in asked)
