"""The addresses under which clients read the vocabulary: the topics, and the words by language.

The answers are the same bytes for everybody until the node is updated, so each is encoded once
and carries a strong ETag of its content. They are never stored by a browser's cache: a client
keeps the vocabulary in its encrypted replica and sends ``If-None-Match`` itself.
"""

from __future__ import annotations

import dataclasses

import msgspec

from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_node.http.conditional import is_known_tag
from kith_node.http.route import Access, Answer, Call, Route
from kith_protocol.api import TopicLanguage, TopicsAnswer
from kith_protocol.errors import NotFoundError
from kith_protocol.vocabulary import VOCABULARY_VERSION, LanguageTexts, Vocabulary

PATH = "/api/v1/topics"


@dataclasses.dataclass(frozen=True, slots=True)
class _File:
    """An answer that is ready to be sent."""

    raw: bytes
    etag: str


def routes(vocabulary: Vocabulary) -> tuple[Route, ...]:
    """Return the room's two routes, opened by the reader pass."""
    words = {one.language: _encode(one) for one in vocabulary.languages()}
    topics = _encode(
        list_topics(vocabulary, {language: file.etag for language, file in words.items()})
    )

    async def get_topics(call: Call) -> Answer:
        return _answer(topics, call)

    async def get_words(call: Call) -> Answer:
        file = words.get(call.path["language"])
        if file is None:
            raise NotFoundError("no words in that language")
        return _answer(file, call)

    reader = Access.READER
    return (
        Route(
            "GET",
            PATH,
            reader,
            get_topics,
            "All topics without words, and the languages that there are words in.",
            answer=TopicsAnswer,
        ),
        Route(
            "GET",
            f"{PATH}/{{language}}",
            reader,
            get_words,
            "What the topics are called in one language.",
            answer=LanguageTexts,
        ),
    )


def list_topics(vocabulary: Vocabulary, etags: dict[str, str]) -> TopicsAnswer:
    """Return all topics, those in use before the retired ones.

    Args:
        vocabulary: whose topics they are.
        etags: for each of its languages that of the words.
    """
    concepts = map(vocabulary.get, (*vocabulary.ids(), *vocabulary.redirects()))
    return TopicsAnswer(
        version=VOCABULARY_VERSION,
        topics=tuple(concept for concept in concepts if concept is not None),
        languages=tuple(
            TopicLanguage(one.language, one.reviewed, etags[one.language])
            for one in vocabulary.languages()
        ),
    )


def _encode(body: msgspec.Struct) -> _File:
    raw = msgspec.json.encode(body)
    return _File(raw, f'"{encode_base64url(sha256(raw))}"')


def _answer(file: _File, call: Call) -> Answer:
    headers = {"ETag": file.etag}
    if is_known_tag(file.etag, call.headers.get("if-none-match", "")):
        return Answer(status=304, headers=headers)
    return Answer(body=file.raw, headers=headers)
