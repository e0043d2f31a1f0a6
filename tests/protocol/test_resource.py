"""Resources as documents: what builds reads back, and anything else is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import KithError, MalformedError, TooLargeError
from kith_crypto.strict_json import JsonObject, JsonValue, parse_json_object
from kith_protocol.day import Day
from kith_protocol.errors import (
    ExpiredError,
    PrivacyFloorError,
    UnknownTopicError,
    WrongOwnerError,
)
from kith_protocol.resource import (
    Resource,
    build_resource,
    check_resource_life,
    is_resource,
    parse_resource,
)
from kith_protocol.resource_content import ResourceContent, check_resource_content
from kith_testing.resources import LINK, TEXT, a_resource, resource_of, signed_resource

TODAY = Day(20_000)
HERE = resource_of(LINK, today=TODAY)


def document_of(content: ResourceContent = LINK) -> JsonObject:
    raw = signed_resource(resource_of(content, today=TODAY))
    return parse_json_object(raw, max_bytes=1 << 16)


def read(document: JsonObject) -> Resource:
    return parse_resource(document, is_known_topic=lambda topic: topic == "career.cv")


LINES = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=40
).filter(lambda text: text == text.strip())


@given(
    st.builds(
        replace,
        st.sampled_from([LINK, TEXT]),
        name=st.dictionaries(st.sampled_from(["en", "ar", "ja", "pt-BR"]), LINES, min_size=1),
        summary=st.dictionaries(st.sampled_from(["en", "de"]), LINES),
        region=st.sampled_from([None, "250", "001"]),
        urgent=st.booleans(),
        licence=st.sampled_from(["unknown", "CC-BY-SA-4.0", "GPL-3.0+"]),
    )
)
@settings(max_examples=60)
def test_what_may_stand_in_a_library_reads_back(content: ResourceContent) -> None:
    try:
        check_resource_content(content)
    except KithError:
        return  # not in normal form C, which others test
    assert read(document_of(content)).content == content


def test_a_link_is_a_page_and_a_text_an_article_both_say_only_what_is_listed() -> None:
    assert document_of(LINK)["type"] == "Page"
    assert document_of(TEXT)["type"] == "Article"
    assert document_of(LINK).keys() == {
        "@context", "id", "type", "attributedTo", "to", "published", "updated", "endTime",
        "kith:revision", "kith:topics", "kith:languages", "kith:licence", "kith:reviewed",
        "nameMap", "url", "proof",
    }  # fmt: skip
    assert document_of(TEXT).keys() - document_of(LINK).keys() == {
        "contentMap", "kith:region", "kith:urgent",
    }  # fmt: skip
    assert is_resource(document_of(LINK))
    assert not is_resource({"type": "Proposal"})


@pytest.mark.parametrize("name", sorted(document_of(TEXT)))
def test_no_member_may_be_missing_doubled_or_of_another_type(name: str) -> None:
    document = document_of(TEXT)
    without = {key: value for key, value in document.items() if key != name}
    if name not in ("kith:region", "kith:urgent"):
        with pytest.raises(KithError):
            read(without)
    wrong: tuple[JsonValue, ...] = (None, -7, False, "", [], {}, [name])
    for value in wrong:
        if value == document[name]:
            continue
        with pytest.raises(KithError):
            read({**document, name: value})


@pytest.mark.parametrize(
    "name", ["kith:audience", "summary", "content", "tag", "attachment", "kith:ways", "icon"]
)
def test_no_other_member_is_taken(name: str) -> None:
    with pytest.raises(MalformedError):
        read({**document_of(), name: "x"})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "https://example.org@10.0.0.1/",
        "https://10.0.0.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://127.1/",
        "https://localhost/",
        "https://printer.local/",
        "https://router.home.arpa/",
        "https://intranet/",
        "https://abc.onion/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://EXAMPLE.org/",
        "https://example.org:443/",
        "https://example.org/a/../b",
        "https://example.org//b",
        "https://example.org/%41",
        "https://example.org/\u202egnp.exe",
        "https://éxample.org/",
        "https://example.org/a b",
        "//example.org/",
        "example.org",
        f"https://example.org/{'a' * 2100}",
    ],
)
def test_a_link_leads_to_a_public_page_in_one_spelling_or_nowhere(url: str) -> None:
    with pytest.raises(MalformedError):
        read({**document_of(), "url": url})
    with pytest.raises(MalformedError):  # nor where nodes on loopback are taken
        parse_resource(
            {**document_of(), "url": url}, is_known_topic=lambda _: True, development=True
        )


@pytest.mark.parametrize(
    "url", ["https://example.org/", "https://xn--bcher-kva.example/a?b=c#d"]
)
def test_such_links_are_taken(url: str) -> None:
    assert read({**document_of(), "url": url}).content.url == url


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x" * 121, MalformedError),
        ("x" * (1 << 20), MalformedError),
        ("", MalformedError),
        (" x", MalformedError),
        ("two\nlines", MalformedError),
        ("e\u0301", MalformedError),
        ("turned \u202e round", PrivacyFloorError),
        ("isolated \u2066 text", PrivacyFloorError),
        ("in\u200bvisible", PrivacyFloorError),
        ("bell\x07", PrivacyFloorError),
        ("\ue000", PrivacyFloorError),
    ],
)
def test_a_title_that_misleads_is_refused(text: str, error: type[KithError]) -> None:
    with pytest.raises(error):
        read({**document_of(), "nameMap": {"en": text}})


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "{{ x }}",
        "مرحبا Kith",
        "נא להתקשר 1201",
        "☎ 116 123",
        "C++",
    ],
)
def test_a_title_is_plain_text_whatever_it_looks_like(text: str) -> None:
    assert read({**document_of(), "nameMap": {"en": text}}).content.name == {"en": text}


@pytest.mark.parametrize(
    "text", ["a\n\n\nb", "a \nb", "a\n", "a\r\nb", "a\tb", "\u2028", "x" * 2001]
)
def test_an_article_has_plain_lines(text: str) -> None:
    with pytest.raises(KithError):
        read({**document_of(TEXT), "contentMap": {"fr": text}})


def test_a_text_is_in_the_languages_that_it_names() -> None:
    with pytest.raises(MalformedError):
        read({**document_of(TEXT), "contentMap": {"fr": "a", "en": "b"}})
    with pytest.raises(MalformedError):
        check_resource_content(a_resource(content={"en": "a", "de-AT": "b"}))


def test_it_is_never_longer_than_an_activity_can_carry() -> None:
    languages = tuple(f"{a}{b}" for a in "abc" for b in "abcd")
    long = a_resource(
        url="", languages=languages, content=dict.fromkeys(languages, "書" * 2000)
    )
    with pytest.raises(TooLargeError):
        build_resource(resource_of(long, today=TODAY))


def test_topics_are_of_the_shared_vocabulary() -> None:
    for topic in ("no.such.topic", "x.career.cv.own"):
        with pytest.raises(UnknownTopicError):
            read({**document_of(), "kith:topics": [topic]})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "https://elm.example/resources/AAAAAAAAAAAAAAAAAAAAAA"),
        ("attributedTo", "https://elm.example/actor"),
        ("to", ["https://elm.example/followers"]),
        ("to", ["https://www.w3.org/ns/activitystreams#Public"]),
    ],
)
def test_all_of_it_belongs_to_one_community(name: str, value: JsonValue) -> None:
    with pytest.raises(WrongOwnerError):
        read({**document_of(), name: value})


@pytest.mark.parametrize("path", ["offers", "resources/x", "activities", ""])
def test_its_id_is_that_of_a_resource(path: str) -> None:
    name = str(document_of()["id"]).rpartition("/")[2]
    with pytest.raises(MalformedError):
        read({**document_of(), "id": f"https://ash.example/{path}/{name}"})


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, updated=Day(TODAY - 1)),  # before it was published
        lambda one: replace(one, end_day=one.updated),
        lambda one: replace(one, end_day=Day(one.updated + 366)),
        lambda one: replace(one, content=replace(one.content, reviewed=Day(TODAY + 1))),
    ],
)
def test_its_days_are_in_order(change: Callable[[Resource], Resource]) -> None:
    raw = signed_resource(change(HERE))
    with pytest.raises(MalformedError):
        read(parse_json_object(raw, max_bytes=1 << 16))


def test_a_proof_older_than_the_revision_is_refused() -> None:
    newer = parse_json_object(
        signed_resource(replace(HERE, updated=Day(TODAY + 1), revision=2)), max_bytes=1 << 16
    )
    with pytest.raises(MalformedError):
        read({**newer, "proof": document_of()["proof"]})


def test_it_lives_from_a_day_ahead_at_most_until_its_end() -> None:
    check_resource_life(HERE, today=TODAY)
    check_resource_life(HERE, today=Day(TODAY - 1))
    check_resource_life(HERE, today=Day(HERE.end_day - 1))
    with pytest.raises(ExpiredError):
        check_resource_life(HERE, today=HERE.end_day)
    with pytest.raises(MalformedError):
        check_resource_life(HERE, today=Day(TODAY - 2))


def test_what_is_read_is_what_was_signed() -> None:
    raw = signed_resource(HERE)
    document = parse_json_object(raw, max_bytes=1 << 16)
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    assert canonical_bytes(build_resource(read(document))) == canonical_bytes(unsigned)
