"""The address under which clients read the vocabulary.

The answer is the same bytes for everybody until the node is updated, so it is encoded once and
carries a strong ETag of its content. It is never stored by a browser's cache: a client keeps
the vocabulary in its encrypted replica and sends ``If-None-Match`` itself.
"""

from __future__ import annotations

import msgspec

from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.topics.vocabulary import Vocabulary
from kith_protocol.api import TopicEntry, TopicsAnswer

PATH = "/api/v1/topics"


def routes(vocabulary: Vocabulary) -> tuple[Route, ...]:
    """Return the room's one route: ``GET /api/v1/topics``, opened by the reader pass."""
    body = msgspec.json.encode(list_topics(vocabulary))
    etag = f'"{encode_base64url(sha256(body))}"'

    async def get_topics(call: Call) -> Answer:
        if _is_current(call.headers.get("if-none-match", ""), etag):
            return Answer(status=304, headers={"ETag": etag})
        return Answer(body=body, headers={"ETag": etag})

    summary = "All topics with their labels, parents before children."
    return (Route("GET", PATH, Access.READER, get_topics, summary, answer=TopicsAnswer),)


def list_topics(vocabulary: Vocabulary) -> TopicsAnswer:
    """Return the topics in use, in file order; ``sensitive`` counts the topics above in."""
    topics = (vocabulary.get(topic_id) for topic_id in vocabulary.ids())
    return TopicsAnswer(
        topics=tuple(
            TopicEntry(
                id=topic.id,
                parent=topic.parent,
                labels=topic.labels,
                synonyms=topic.synonyms,
                sensitive=vocabulary.is_sensitive(topic.id),
            )
            for topic in topics
            if topic is not None
        )
    )


def _is_current(if_none_match: str, etag: str) -> bool:
    """Return whether the list of entity tags holds *etag*. Source: RFC 9110 §13.1.2."""
    named = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in named or "*" in named
