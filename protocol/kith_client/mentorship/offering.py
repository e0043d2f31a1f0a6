"""Passing on: what was learned in a mentorship as the draft of an offer."""

from __future__ import annotations

from collections.abc import Iterable

from kith_crypto.errors import UsageError
from kith_protocol.conversation.bodies import Answer, Card, Knock
from kith_protocol.conversation.events import Entry, Shown
from kith_protocol.mentorship.state import Mentorship
from kith_protocol.offer_content import OfferContent

MAX_TOPICS = 4
MAX_LANGUAGES = 6


def draft_offer(state: Mentorship, *, languages: tuple[str, ...]) -> OfferContent:
    """Return an offer for beginners about the topics of the goals, reached ones first.

    It has no text of one's own, so that nothing said in the mentorship slips into it.

    Args:
        state: of the mentorship.
        languages: BCP 47 tags, at most 6; English without any.

    Raises:
        UsageError: no goal names a topic.
    """
    ordered = sorted(state.goals, key=lambda goal: goal.state != "reached")
    topics = [topic for goal in ordered if goal.state != "dropped" for topic in goal.topics]
    if not topics:
        raise UsageError("no goal names a topic; say what you would offer to help with")
    return OfferContent(
        topics=tuple(dict.fromkeys(topics))[:MAX_TOPICS],
        languages=tuple(languages[:MAX_LANGUAGES]) or ("en",),
        ways=("advise",),
        formats=("chat",),
        level=("starting",),
    )


def own_languages(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the languages of the last card that one has shown, if there is one.

    Args:
        entries: of the conversation, in order.
    """
    found: tuple[str, ...] = ()
    for entry in entries:
        if isinstance(entry, Shown) and entry.is_own:
            body = entry.body
            card = body.card if isinstance(body, Knock | Answer) else body
            found = card.languages if isinstance(card, Card) else found
    return found
