"""Why an offer was found: codes with values, of which clients make sentences.

**Reasons**, in this order, where they apply:

============= ==================================================================================
topic-exact   topics asked and named
topic-under   topics named that lie below one asked which is not named itself
topic-near    topics named that are only near relatives of what was asked
words         words asked that occur in the offer's own text
knows         topics the asker knows that the offer names, or names something below
language      languages asked and spoken
way           ways asked, or named in the text, and offered
format, when, level   each asked and offered
way-differs, when-differs, level-differs   what is offered instead of what was preferred
has-room, no-room     always one of them, without values
answers       how soon the owner usually answers, if they say so
============= ==================================================================================

**Headline.** One reason says most: the first that is there of ``HEADLINES``. What does not fit
(``DIFFERENCES``) is to be said beside it, so that nobody is surprised later.
"""

from __future__ import annotations

from collections.abc import Sequence

from kith_protocol.api import Reason
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed
from kith_protocol.matching import common, known_topics, near_named, spoken
from kith_protocol.query import Query

HEADLINES = (
    "topic-exact",
    "topic-under",
    "words",
    "topic-near",
    "way",
    "knows",
    "format",
    "when",
    "level",
    "language",
    "answers",
    "has-room",
    "no-room",
)
DIFFERENCES = ("topic-near", "way-differs", "when-differs", "level-differs", "no-room")


def explain(offer: Listed, query: Query, *, hierarchy: Hierarchy) -> tuple[Reason, ...]:
    """Return why *offer* answers *query*; see **Reasons**."""
    ways = (*query.ways, *query.preferred_ways)
    reasons = (
        Reason("topic-exact", common(query.topics, offer.topics)),
        Reason("topic-under", _topics_under(offer, query, hierarchy)),
        Reason("topic-near", near_named(offer, query, hierarchy)),
        Reason("words", common(query.words, offer.words)),
        Reason("knows", known_topics(offer, query, hierarchy)),
        Reason("language", common(query.languages, spoken(offer))),
        Reason("way", common(ways, offer.ways)),
        Reason("format", common(query.formats, offer.formats)),
        Reason("when", common(query.when, offer.when)),
        Reason("level", common(query.level, offer.level)),
        Reason("way-differs", _instead(query.preferred_ways, offer.ways)),
        Reason("when-differs", _instead(query.when, offer.when)),
        Reason("level-differs", _instead(query.level, offer.level)),
    )
    said = [reason for reason in reasons if reason.values]
    said.append(Reason("has-room" if offer.room == "open" else "no-room"))
    if offer.answers is not None:
        said.append(Reason("answers", (offer.answers,)))
    return tuple(said)


def headline(reasons: Sequence[Reason]) -> tuple[Reason, tuple[Reason, ...]]:
    """Return the one reason to show first, and those of the others that say what differs.

    Args:
        reasons: as ``explain`` gives them; codes that are not known here never come first.

    Raises:
        ValueError: none of them is known here.
    """
    by_code = {reason.code: reason for reason in reasons}
    first = next((by_code[code] for code in HEADLINES if code in by_code), None)
    if first is None:
        raise ValueError("no reason")
    return first, tuple(
        reason for reason in reasons if reason.code in DIFFERENCES and reason is not first
    )


def _instead(preferred: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    return tuple(offered) if preferred and not common(preferred, offered) else ()


def _topics_under(offer: Listed, query: Query, hierarchy: Hierarchy) -> tuple[str, ...]:
    unnamed = set(query.topics).difference(offer.topics)
    return tuple(
        topic
        for topic in offer.topics
        if topic not in query.topics and not unnamed.isdisjoint(hierarchy.ancestors(topic))
    )
