"""The address of the vocabulary."""

from __future__ import annotations

import msgspec

from kith_node.http.route import Access, Answer, Call, Credential
from kith_node.topics.routes import list_topics, routes
from kith_node.topics.vocabulary import Topic, Vocabulary, load_vocabulary
from kith_protocol.api import TopicsAnswer

SHIPPED = load_vocabulary()


async def get(vocabulary: Vocabulary, if_none_match: str | None = None) -> Answer:
    headers = {} if if_none_match is None else {"if-none-match": if_none_match}
    call = Call({}, {}, headers, b"", Credential(), b"")
    return await routes(vocabulary)[0].handler(call)


def test_is_one_get_opened_by_the_reader_pass() -> None:
    (route,) = routes(SHIPPED)
    assert (route.method, route.path, route.access) == ("GET", "/api/v1/topics", Access.READER)
    assert route.answer is TopicsAnswer


async def test_answers_with_the_whole_vocabulary() -> None:
    answer = await get(SHIPPED)
    assert isinstance(answer.body, bytes)
    decoded = msgspec.json.decode(answer.body, type=TopicsAnswer)
    assert answer.status == 200
    assert tuple(entry.id for entry in decoded.topics) == SHIPPED.ids()
    assert decoded == list_topics(SHIPPED)


def test_marks_topics_below_a_sensitive_one() -> None:
    marked = {entry.id for entry in list_topics(SHIPPED).topics if entry.sensitive}
    assert {"health", "health.hiv"} <= marked
    assert "career.cv" not in marked


async def test_answers_not_modified_to_its_own_tag_only() -> None:
    etag = (await get(SHIPPED)).headers["ETag"]
    assert etag.startswith('"')
    for current in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = await get(SHIPPED, current)
        assert (answer.status, answer.body, answer.headers["ETag"]) == (304, None, etag)
    for outdated in ('"other"', etag.strip('"'), ""):
        assert (await get(SHIPPED, outdated)).status == 200


async def test_gives_another_vocabulary_another_tag() -> None:
    other = Vocabulary([Topic("craft", {"ar": "حرفة", "en": "Craft"})])
    assert (await get(other)).headers["ETag"] != (await get(SHIPPED)).headers["ETag"]
