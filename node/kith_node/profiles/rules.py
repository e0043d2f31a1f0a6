"""What may stand in a profile: what fits an offer, and nothing that leads outside."""

from __future__ import annotations

from collections.abc import Callable

from kith_crypto.errors import MalformedError
from kith_protocol.errors import UnknownTopicError
from kith_protocol.offer_content import ProfileContent
from kith_protocol.text import check_text

_MAX_CHARACTERS = {"pseudonym": 40, "pronouns": 40, "about": 300}


def check_profile(
    content: ProfileContent, *, is_known_topic: Callable[[str], bool]
) -> ProfileContent:
    """Return *content* if it may be published.

    Args:
        content: as decoded, within its bounds.
        is_known_topic: whether a topic is in the vocabulary.

    Raises:
        MalformedError: a language or topic twice, or a text that is not normalised.
        UnknownTopicError: a topic that is not in the vocabulary.
        PrivacyFloorError: a text with a link, a handle or characters that are not allowed.
    """
    for name, maximum in _MAX_CHARACTERS.items():
        text: str = getattr(content, name)
        if text or name == "pseudonym":
            check_text(text, maximum)
    if len(set(content.languages)) != len(content.languages):
        raise MalformedError("a language twice", pointer="/content/languages")
    if len(set(content.topics)) != len(content.topics):
        raise MalformedError("a topic twice", pointer="/content/topics")
    for topic in content.topics:
        if not is_known_topic(topic):
            raise UnknownTopicError("unknown topic", pointer="/content/topics")
    return content
