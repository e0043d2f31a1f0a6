from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.errors import KithError, MalformedError, SignatureError
from kith_crypto.proof import verify_document
from kith_crypto.strict_json import JsonObject
from kith_protocol.contexts import ACTIVITY_CONTEXT, context
from kith_protocol.day import Day, format_day
from kith_protocol.errors import (
    ExpiredError,
    PrivacyFloorError,
    UnknownTopicError,
    WrongOwnerError,
)
from kith_protocol.offer import (
    Offer,
    build_offer,
    check_content,
    check_life,
    parse_offer,
    topic_url,
)
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import offer_url
from kith_testing.wire_documents import (
    ASH,
    ASH_KEY,
    COMMUNITY_CONTENT,
    CONTENT,
    ELM,
    FULL_CONTENT,
    TODAY,
    a_signed_offer,
    an_offer,
    sign_as,
)


def read(document: JsonObject, *, programme: str | None = "adults") -> Offer:
    return parse_offer(
        document, programme=programme, is_known_topic=lambda topic: not topic.startswith("no.")
    )


def changed(changes: dict[str, Any], content: OfferContent = CONTENT) -> JsonObject:
    """Return an offer with members changed (``None`` drops one) and then signed."""
    document = build_offer(an_offer(content))
    document.update(changes)
    kept: JsonObject = {name: value for name, value in document.items() if value is not None}
    return sign_as(ASH, ASH_KEY, kept)


def refusal(changes: dict[str, Any], content: OfferContent = CONTENT) -> KithError:
    with pytest.raises(KithError) as caught:
        read(changed(changes, content))
    return caught.value


@pytest.mark.parametrize("content", [CONTENT, FULL_CONTENT, COMMUNITY_CONTENT])
def test_an_offer_reads_as_it_was_built(content: OfferContent) -> None:
    document = a_signed_offer(content)
    assert read(document) == an_offer(content)
    assert "proof" not in verify_document(document, ASH_KEY.verify_key)


def test_defaults_are_left_out_of_the_document() -> None:
    members = a_signed_offer().keys()
    assert not members & {
        "kith:topicLabels",
        "kith:when",
        "kith:level",
        "kith:answers",
        "kith:group",
        "kith:relay",
        "kith:region",
        "summaryMap",
        "contentMap",
    }


def test_a_community_topic_travels_with_its_labels() -> None:
    document = a_signed_offer(COMMUNITY_CONTENT)
    assert document["kith:topicLabels"] == COMMUNITY_CONTENT.topic_labels
    publishes = document["publishes"]
    assert isinstance(publishes, dict)
    assert publishes["resourceConformsTo"] == [
        topic_url("x.craft.writing.haiku"),
        topic_url("craft.writing"),
    ]


def labelled(labels: object) -> dict[str, object]:
    """Return the change that gives the offer's community topic *labels*."""
    return {"kith:topicLabels": {"x.craft.writing.haiku": labels}}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kith:topicLabels": None}, "/topic_labels"),
        ({"kith:topicLabels": {}}, "/kith:topicLabels"),
        ({"kith:topicLabels": {f"x.craft.n{n}": {"en": "N"} for n in range(5)}}, None),
        ({"kith:topicLabels": [["x.craft.writing.haiku", "Haiku"]]}, "/kith:topicLabels"),
        ({"kith:topicLabels": {"craft.writing": {"en": "Writing"}}}, "/topic_labels"),
        (labelled({}), "/kith:topicLabels"),
        (labelled("Haiku"), "/kith:topicLabels"),
        (labelled({"en": "H" * 81}), "/kith:topicLabels"),
        (labelled({"en": ""}), "/kith:topicLabels"),
        (labelled({"en": " Haiku"}), None),
        (labelled({"en": 5}), "/kith:topicLabels"),
        (labelled({"en": ["Haiku"]}), "/kith:topicLabels"),
        (labelled({"en": "Cafe\u0301"}), None),
        (labelled({"english": "Haiku"}), "/kith:topicLabels"),
        (labelled({f"e{chr(97 + n)}": "Haiku" for n in range(13)}), "/kith:topicLabels"),
        (labelled({f"en-{n:04}": "Haiku" for n in range(1000)}), "/kith:topicLabels"),
        (
            {
                "kith:topicLabels": {
                    **COMMUNITY_CONTENT.topic_labels,
                    "x.craft.writing.tanka": {"en": "Tanka"},
                }
            },
            "/topic_labels",
        ),
    ],
)
def test_refuses_labels_that_are_not_those_of_the_community_topics(
    changes: dict[str, Any], pointer: str | None
) -> None:
    error = refusal(changes, COMMUNITY_CONTENT)
    assert isinstance(error, MalformedError)
    assert not isinstance(error, UnknownTopicError)
    if pointer is not None:
        assert (error.pointer or "").startswith(pointer)


@pytest.mark.parametrize(
    "label",
    [
        "\u202eukiaH",
        "Hai\u2066ku",
        "Hai\nku",
        "Hai\u200bku",
        "ask @someone",
        "haiku.example.com/me",
        "call 555 123 4567",
    ],
)
def test_a_label_follows_the_rules_of_texts(label: str) -> None:
    error = refusal(labelled({"en": "Haiku", "ja": label}), COMMUNITY_CONTENT)
    assert isinstance(error, PrivacyFloorError)


def test_refuses_labels_in_an_offer_without_community_topics() -> None:
    changes = labelled({"en": "Haiku"})
    assert isinstance(refusal(changes), MalformedError)
    assert isinstance(refusal({"kith:topicLabels": {}}), MalformedError)


def test_the_mirror_names_the_community_topics() -> None:
    document = build_offer(an_offer(COMMUNITY_CONTENT))
    publishes = document["publishes"]
    assert isinstance(publishes, dict)
    shared = {**publishes, "resourceConformsTo": [topic_url("craft.writing")]}
    assert isinstance(refusal({"publishes": shared}, COMMUNITY_CONTENT), MalformedError)


@pytest.mark.parametrize(
    "topic",
    [
        "x.",
        "x.x",
        "x.haiku",
        "x.x.craft.haiku",
        "x.X.haiku",
        "x..haiku",
        "x.craft.",
        "x.craft.haiku ",
        "x.craft.haiku\n",
        "x.craft.writing.poetry.haiku.spring",
        "x.9.haiku",
        "x.craft.häiku",
        "x.craft.haiku/../cv",
    ],
)
def test_refuses_what_begins_like_a_community_topic_and_is_none(topic: str) -> None:
    content = replace(CONTENT, topics=(topic,), topic_labels={topic: {"en": "Haiku"}})
    with pytest.raises(UnknownTopicError):
        check_content(
            content, programme=None, is_known_topic=lambda _: True, allows_in_person=False
        )


def test_refuses_a_community_topic_that_is_none_in_a_signed_offer() -> None:
    topics = ("x.x.craft.haiku",)
    labels = {topics[0]: {"en": "Haiku"}}
    with pytest.raises(UnknownTopicError):
        read(a_signed_offer(replace(CONTENT, topics=topics, topic_labels=labels)))


def test_an_id_of_more_than_80_characters_is_refused() -> None:
    for length, is_taken in ((80, True), (81, False)):
        topic = "x.craft." + "h" * (length - 8)
        content = replace(CONTENT, topics=(topic,), topic_labels={topic: {"en": "Haiku"}})
        document = a_signed_offer(content)
        if is_taken:
            assert read(document).content == content
        else:
            with pytest.raises(MalformedError):
                read(document)


def test_the_document_mirrors_the_topics_for_other_readers() -> None:
    publishes = a_signed_offer()["publishes"]
    assert publishes == {
        "id": f"{an_offer().id}#primary",
        "type": "Intent",
        "action": "deliverService",
        "resourceConformsTo": [topic_url("craft.writing"), topic_url("career.cv")],
        "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
    }


@pytest.mark.parametrize("name", sorted(build_offer(an_offer())))
def test_refuses_an_offer_that_lacks_a_member(name: str) -> None:
    document = a_signed_offer()
    del document[name]
    with pytest.raises(KithError):
        read(document)


@pytest.mark.parametrize(
    "more", ["name", "location", "attachment", "cc", "kith:seats", "signature", "icon"]
)
def test_refuses_an_offer_with_another_member(more: str) -> None:
    document = {**a_signed_offer(), more: "x"}
    with pytest.raises(MalformedError):
        read(document)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"type": "Note"}, "/type"),
        ({"purpose": "request"}, "/purpose"),
        ({"kith:revision": 0}, "/kith:revision"),
        ({"kith:revision": 2**31}, "/kith:revision"),
        ({"kith:revision": "1"}, "/kith:revision"),
        ({"kith:revision": True}, "/kith:revision"),
        ({"kith:topics": []}, "/kith:topics"),
        ({"kith:topics": ["a.b"] * 5}, "/kith:topics"),
        ({"kith:languages": []}, "/kith:languages"),
        ({"kith:languages": ["english"]}, "/kith:languages/0"),
        ({"kith:languages": ["de", "en-", "fr"]}, "/kith:languages/1"),
        ({"kith:ways": ["teach", "advise", "listen", "review"]}, "/kith:ways"),
        ({"kith:ways": ["sell"]}, "/kith:ways/0"),
        ({"kith:formats": ["phone"]}, "/kith:formats/0"),
        ({"kith:room": "3"}, "/kith:room"),
        ({"kith:audience": "all"}, "/kith:audience"),
        ({"kith:when": []}, "/kith:when"),
        ({"kith:level": ["expert"]}, "/kith:level/0"),
        ({"kith:answers": "never"}, "/kith:answers"),
        ({"kith:region": "0155"}, "/kith:region"),
        ({"kith:group": "true"}, "/kith:group"),
        ({"summaryMap": {}}, "/summaryMap"),
        ({"summaryMap": {"en": "a" * 121}}, "/summaryMap"),
        ({"contentMap": {"en": "a" * 601}}, "/contentMap"),
        ({"contentMap": {"English": "a"}}, "/contentMap"),
        ({"published": "2026-11-22T12:00:00Z"}, "/published"),
        ({"updated": "2026-11-22"}, "/updated"),
        ({"endTime": "2026-13-22T00:00:00Z"}, "/endTime"),
        ({"attributedTo": [f"{ASH}/actor"]}, "/attributedTo"),
        ({"to": []}, "/to"),
        ({"to": [f"{ASH}/followers", f"{ELM}/followers"]}, "/to"),
    ],
)
def test_refuses_values_out_of_bounds(changes: dict[str, Any], pointer: str) -> None:
    error = refusal(changes)
    assert isinstance(error, MalformedError)
    assert error.pointer == pointer


def test_a_default_has_one_spelling() -> None:
    spellings: list[dict[str, Any]] = [
        {"kith:group": False},
        {"kith:relay": False},
        {"summaryMap": {}},
        {"kith:when": []},
    ]
    for changes in spellings:
        assert isinstance(refusal(changes), MalformedError)
    document = {**a_signed_offer(), "kith:answers": None}
    with pytest.raises(MalformedError):
        read(document)


def test_refuses_dates_that_are_not_in_order() -> None:
    assert read(a_signed_offer(end_day=Day(TODAY + 365))).end_day == TODAY + 365
    wrong: list[dict[str, Any]] = [
        {"end_day": Day(TODAY + 366)},
        {"end_day": TODAY},
        {"published": Day(TODAY + 1)},
    ]
    for dates in wrong:
        with pytest.raises(MalformedError):
            read(a_signed_offer(**dates))


def test_refuses_another_context() -> None:
    document = build_offer(an_offer())
    document["@context"] = [*context(ACTIVITY_CONTEXT), {"evil": "https://evil.example/"}]
    with pytest.raises(MalformedError):
        read(sign_as(ASH, ASH_KEY, document))


def test_id_author_audience_and_proof_are_of_one_origin() -> None:
    foreign = offer_url(ELM, bytes(16))
    for changes in (
        {"id": foreign, "publishes": {**_intent(foreign)}},
        {"attributedTo": f"{ELM}/actor"},
        {"attributedTo": f"{ASH}/members/1"},
        {"to": [f"{ELM}/followers"]},
        {"to": ["https://www.w3.org/ns/activitystreams#Public"]},
    ):
        assert isinstance(refusal(changes), WrongOwnerError)
    document = sign_as(ELM, ASH_KEY, build_offer(an_offer()))
    with pytest.raises(WrongOwnerError):
        read(document)


def _intent(offer_id: str) -> dict[str, Any]:
    return {
        "id": f"{offer_id}#primary",
        "type": "Intent",
        "action": "deliverService",
        "resourceConformsTo": [topic_url(topic) for topic in CONTENT.topics],
        "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
    }


@pytest.mark.parametrize(
    "change",
    [
        {"id": "https://ash.example/offers/other#primary"},
        {"resourceConformsTo": [topic_url("career.cv"), topic_url("craft.writing")]},
        {"resourceConformsTo": [topic_url("craft.writing")]},
        {"resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "2"}},
        {"resourceQuantity": {"hasUnit": "one", "hasNumericalValue": 1}},
        {"provider": "https://ash.example/members/1"},
    ],
)
def test_refuses_an_intent_that_says_something_else(change: dict[str, Any]) -> None:
    error = refusal({"publishes": {**_intent(an_offer().id), **change}})
    assert isinstance(error, MalformedError)


def test_the_proof_tells_a_day_and_is_not_older_than_the_offer() -> None:
    document = a_signed_offer()
    proof = document["proof"]
    assert isinstance(proof, dict)
    for created in ("2026-11-22T12:00:00Z", format_day(Day(TODAY - 1))):
        with pytest.raises(MalformedError):
            read({**document, "proof": {**proof, "created": created}})
    with pytest.raises(MalformedError):
        read({**document, "proof": [proof]})
    with pytest.raises(MalformedError):
        read({**document, "proof": {**proof, "nonce": "x"}})


def test_the_proof_covers_every_member() -> None:
    document = {**a_signed_offer(), "kith:room": "full"}
    assert read(document).content.room == "full"
    with pytest.raises(SignatureError):
        verify_document(document, ASH_KEY.verify_key)


def test_the_audience_has_to_be_the_programmes() -> None:
    assert read(a_signed_offer(), programme=None).content.audience == "adults"
    with pytest.raises(MalformedError):
        read(a_signed_offer(), programme="youth")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"topics": ("a.b", "a.b")}, MalformedError),
        ({"languages": ("en", "en")}, MalformedError),
        ({"languages": ("en\n",)}, MalformedError),
        ({"summary": {"en\n": "text"}}, MalformedError),
        ({"region": "155\n", "formats": ("in-person",)}, MalformedError),
        ({"ways": ("teach", "teach")}, MalformedError),
        ({"formats": ("chat", "chat")}, MalformedError),
        ({"when": ("evenings", "evenings")}, MalformedError),
        ({"level": ("some", "some")}, MalformedError),
        ({"topics": ("no.such",)}, UnknownTopicError),
        ({"region": "155"}, MalformedError),
        ({"formats": ("in-person",), "audience": "youth"}, MalformedError),
        ({"summary": {"en": "see www.node.example"}}, PrivacyFloorError),
        ({"content": {"en": "call 555 123 4567"}}, PrivacyFloorError),
        ({"content": {"en": ""}}, MalformedError),
        (
            {"topics": ("x.no.haiku",), "topic_labels": {"x.no.haiku": {"en": "Haiku"}}},
            UnknownTopicError,
        ),
        (
            {"topics": ("x.a.haiku",), "topic_labels": {"x.a.haiku": {"en\n": "Haiku"}}},
            MalformedError,
        ),
    ],
)
def test_refuses_content_that_may_not_be_offered(
    change: dict[str, Any], error: type[KithError]
) -> None:
    with pytest.raises(error):
        check_content(
            replace(CONTENT, **change),
            programme=None,
            is_known_topic=lambda topic: not topic.startswith(("no.", "x.no.")),
            allows_in_person=True,
        )


def test_meeting_in_person_is_for_communities_that_allow_it() -> None:
    for allows in (True, False):
        try:
            checked = check_content(
                FULL_CONTENT,
                programme="adults",
                is_known_topic=lambda _: True,
                allows_in_person=allows,
            )
        except MalformedError:
            assert not allows
        else:
            assert allows
            assert checked is FULL_CONTENT


def test_an_offer_is_over_when_its_last_day_begins() -> None:
    offer = an_offer()
    check_life(offer, today=Day(offer.end_day - 1))
    with pytest.raises(ExpiredError):
        check_life(offer, today=offer.end_day)


def test_refuses_an_offer_from_the_future() -> None:
    check_life(an_offer(), today=Day(TODAY - 1))
    with pytest.raises(MalformedError):
        check_life(an_offer(), today=Day(TODAY - 2))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["en", "chat", "x" * 130]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "en", "kith:room"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(a_signed_offer(FULL_CONTENT))), values)
def test_any_change_of_a_member_gives_an_offer_or_a_refusal(name: str, value: Any) -> None:
    document = {**a_signed_offer(FULL_CONTENT), name: value}
    try:
        offer = read(document)
    except KithError:
        return
    # What is taken builds the very same document again, but for the proof.
    rebuilt = build_offer(offer)
    assert rebuilt == {k: v for k, v in document.items() if k != "proof"}


@given(st.dictionaries(st.text(max_size=8), values, max_size=5))
def test_any_object_gives_an_offer_or_a_refusal(document: dict[str, Any]) -> None:
    with pytest.raises(KithError):
        read(document)
