"""The addresses of the vocabulary."""

from __future__ import annotations

import msgspec
import pytest

from kith_node.http.route import Access, Answer, Call, Credential, Route
from kith_node.topics.routes import routes
from kith_protocol.api import TopicsAnswer
from kith_protocol.errors import NotFoundError
from kith_protocol.vocabulary import Concept, LanguageTexts, Texts, Vocabulary

ENGLISH = LanguageTexts(
    "en", True, {"craft": Texts("Crafts", ("making",)), "craft.ink": Texts("Ink")}
)
ARABIC = LanguageTexts("ar", False, {"craft": Texts("حرف")})
CONCEPTS = (
    Concept("craft", aliases=("DIY",), sensitive=True),
    Concept("craft.pens", retired="craft.ink"),
    Concept("craft.ink"),
)
SMALL = Vocabulary(CONCEPTS, [ENGLISH, ARABIC])


async def get(route: Route, if_none_match: str | None = None, **path: str) -> Answer:
    headers = {} if if_none_match is None else {"if-none-match": if_none_match}
    return await route.handler(Call(path, {}, headers, b"", Credential(), b""))


def in_routes(vocabulary: Vocabulary) -> tuple[Route, Route]:
    topics, words = routes(vocabulary)
    return topics, words


async def topics_of(vocabulary: Vocabulary) -> TopicsAnswer:
    answer = await get(in_routes(vocabulary)[0])
    assert isinstance(answer.body, bytes)
    return msgspec.json.decode(answer.body, type=TopicsAnswer)


async def words_of(vocabulary: Vocabulary, language: str) -> LanguageTexts:
    answer = await get(in_routes(vocabulary)[1], language=language)
    assert isinstance(answer.body, bytes)
    return msgspec.json.decode(answer.body, type=LanguageTexts)


def test_are_two_gets_opened_by_the_reader_pass() -> None:
    found = [(route.method, route.path, route.answer) for route in routes(SMALL)]
    assert found == [
        ("GET", "/api/v1/topics", TopicsAnswer),
        ("GET", "/api/v1/topics/{language}", LanguageTexts),
    ]
    assert {route.access for route in routes(SMALL)} == {Access.READER}


async def test_a_client_can_make_the_same_vocabulary_of_the_answers() -> None:
    answer = await topics_of(SMALL)
    words = [await words_of(SMALL, one.language) for one in answer.languages]
    made = Vocabulary(answer.topics, words)
    assert made.ids() == SMALL.ids()
    assert made.redirects() == {"craft.pens": "craft.ink"}
    assert made.languages() == SMALL.languages()
    assert {made.get(one) for one in ("craft", "craft.pens", "craft.ink")} == set(CONCEPTS)


async def test_names_the_languages_whether_they_are_reviewed_and_their_tags() -> None:
    languages = (await topics_of(SMALL)).languages
    assert [(one.language, one.reviewed) for one in languages] == [("en", True), ("ar", False)]
    for one in languages:
        answer = await get(in_routes(SMALL)[1], language=one.language)
        assert answer.headers["ETag"] == one.etag
    assert len({one.etag for one in languages}) == 2


@pytest.mark.parametrize("path", [{}, {"language": "en"}])
async def test_answers_not_modified_to_its_own_tag_only(path: dict[str, str]) -> None:
    route = in_routes(SMALL)[1 if path else 0]
    etag = (await get(route, **path)).headers["ETag"]
    assert etag.startswith('"')
    for current in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = await get(route, current, **path)
        assert (answer.status, answer.body, answer.headers["ETag"]) == (304, None, etag)
    for outdated in ('"other"', etag.strip('"'), ""):
        assert (await get(route, outdated, **path)).status == 200


async def test_has_no_words_in_a_language_that_the_vocabulary_lacks() -> None:
    for language in ("fi", "EN", "", "../ar"):
        with pytest.raises(NotFoundError):
            await get(in_routes(SMALL)[1], language=language)


async def test_other_words_give_other_tags() -> None:
    words = LanguageTexts("en", True, {"craft": Texts("Handicraft")})
    other = Vocabulary(CONCEPTS, [words, ARABIC])
    before, after = await topics_of(SMALL), await topics_of(other)
    assert before.languages[0].etag != after.languages[0].etag
    assert before.languages[1].etag == after.languages[1].etag
    tags = [(await get(in_routes(one)[0])).headers["ETag"] for one in (SMALL, other)]
    assert tags[0] != tags[1]
