from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError
from kith_protocol.errors import WrongOwnerError
from kith_protocol.urls import parse_url
from kith_protocol.webfinger import (
    build_webfinger,
    node_resource,
    parse_webfinger,
    webfinger_url,
)
from kith_testing.wire_documents import ASH, ELM

ACTOR = f"{ASH}/actor"
LINK = {"rel": "self", "type": "application/activity+json", "href": ACTOR}
LOCAL = "http://localhost:8001"


@pytest.mark.parametrize("resource", ["acct:ash.example@ash.example", f"{ASH}/", ACTOR])
def test_a_node_answers_to_three_names(resource: str) -> None:
    document = build_webfinger(resource, origin=ASH)
    assert document is not None
    assert parse_webfinger(document, origin=ASH) == ACTOR
    named = {document["subject"], *_strings(document["aliases"])}
    assert named == {"acct:ash.example@ash.example", f"{ASH}/", ACTOR}


def _strings(value: Any) -> list[str]:
    assert isinstance(value, list)
    return value


def test_its_home_address_names_the_service() -> None:
    document = build_webfinger(f"{ASH}/", origin=ASH)
    assert document is not None
    assert document["subject"] == f"{ASH}/"
    assert "#Service" in str(document["links"])


@pytest.mark.parametrize(
    "resource",
    [
        "acct:someone@ash.example",
        "acct:ash.example@elm.example",
        "ash.example@ash.example",
        ASH,
        f"{ASH}/actor#main-key",
        f"{ASH}/offers/AAAAAAAAAAAAAAAAAAAAAA",
        "ACCT:ash.example@ash.example",
        "",
    ],
)
def test_nothing_else_has_a_name(resource: str) -> None:
    assert build_webfinger(resource, origin=ASH) is None


def test_the_query_is_an_address_in_normal_form() -> None:
    url = webfinger_url(ASH, node_resource(ASH))
    assert url.endswith("?resource=acct%3Aash.example%40ash.example")
    assert parse_url(url).origin == ASH
    local = build_webfinger(node_resource(LOCAL), origin=LOCAL)
    assert local is not None
    assert parse_webfinger(local, origin=LOCAL, development=True) == f"{LOCAL}/actor"


def test_takes_the_answers_of_other_servers() -> None:
    ld_type = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    document: Any = {
        "subject": "acct:relay@ash.example",
        "links": [
            {"rel": "http://webfinger.net/rel/profile-page", "href": "https://other.example/"},
            LINK,
            {**LINK, "type": ld_type},
            {"rel": "self", "type": "text/html", "href": "https://other.example/"},
        ],
        "properties": {},
    }
    assert parse_webfinger(document, origin=ASH) == ACTOR


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"subject": "acct:ash.example@elm.example"}, WrongOwnerError),
        ({"subject": f"{ELM}/"}, WrongOwnerError),
        ({"links": [{**LINK, "href": f"{ELM}/actor"}]}, WrongOwnerError),
        ({"subject": 1}, MalformedError),
        ({"subject": "acct:@ash.example"}, MalformedError),
        ({"subject": "acct:a@b@ash.example"}, MalformedError),
        ({"subject": "acct:a/b@ash.example"}, MalformedError),
        ({"subject": "acct:" + "a" * 600 + "@ash.example"}, MalformedError),
        ({"links": None}, MalformedError),
        ({"links": []}, MalformedError),
        ({"links": [LINK] * 65}, MalformedError),
        ({"links": [LINK, {**LINK, "href": f"{ASH}/other"}]}, MalformedError),
        ({"links": [{**LINK, "href": 1}]}, MalformedError),
        ({"links": [{**LINK, "href": "http://ash.example/actor"}]}, MalformedError),
        ({"links": [{**LINK, "type": "application/json"}]}, MalformedError),
    ],
)
def test_refuses_an_answer_that_leads_elsewhere(
    change: dict[str, Any], error: type[KithError]
) -> None:
    document = {"subject": "acct:ash.example@ash.example", "links": [LINK], **change}
    with pytest.raises(error):
        parse_webfinger(document, origin=ASH)


json = st.recursive(
    st.none() | st.integers() | st.sampled_from([ACTOR, "self", "acct:a@ash.example", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["rel", "type", "href", "subject"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(json, json)
def test_any_document_gives_an_actor_or_a_refusal(subject: Any, links: Any) -> None:
    try:
        assert parse_webfinger({"subject": subject, "links": links}, origin=ASH) == ACTOR
    except KithError:
        return
