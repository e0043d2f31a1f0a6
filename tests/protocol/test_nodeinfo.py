from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError
from kith_crypto.strict_json import JsonObject
from kith_protocol.errors import WrongOwnerError
from kith_protocol.nodeinfo import (
    NodeInfo,
    band,
    build_nodeinfo,
    build_nodeinfo_links,
    parse_nodeinfo,
    parse_nodeinfo_links,
)
from kith_testing.wire_documents import ASH, ELM


def a_nodeinfo(users_band: int | None = 50) -> JsonObject:
    return build_nodeinfo(
        software_version="0.1",
        open_registrations=False,
        users_band=users_band,
        policy="approve",
        programme="adults",
    )


def test_the_links_lead_to_the_document_and_the_actor() -> None:
    document = build_nodeinfo_links(ASH)
    assert parse_nodeinfo_links(document, origin=ASH) == f"{ASH}/nodeinfo/2.1"
    assert f"{ASH}/actor" in str(document)


def test_the_document_has_the_members_of_the_schema_and_no_others() -> None:
    assert a_nodeinfo().keys() == {
        "version",
        "software",
        "protocols",
        "services",
        "openRegistrations",
        "usage",
        "metadata",
    }
    assert parse_nodeinfo(a_nodeinfo()) == NodeInfo("kith", "0.1", 1, "approve", "adults")


def test_numbers_of_people_come_in_bands() -> None:
    assert [band(n) for n in (0, 49, 50, 199, 200, 999, 1000, 10**9)] == [
        50,
        50,
        200,
        200,
        1000,
        1000,
        None,
        None,
    ]
    assert a_nodeinfo(band(7))["usage"] == {"users": {"total": 50}}
    assert a_nodeinfo(band(5000))["usage"] == {"users": {}}


def test_other_software_is_no_kith_node() -> None:
    other: list[JsonObject] = [
        {"software": {"name": "x", "version": "1"}},
        {"software": {"name": "x", "version": "1"}, "metadata": []},
        {"software": {"name": "x", "version": "1"}, "metadata": {"kith": "yes"}},
        {"software": {"name": "x", "version": "1"}, "metadata": {"kith": {"version": True}}},
    ]
    for document in other:
        assert parse_nodeinfo(document) == NodeInfo("x", "1")


def test_what_others_say_is_cleaned() -> None:
    document: JsonObject = {"software": {"name": "x\u202e\x00" + "y" * 300, "version": "1\n2"}}
    info = parse_nodeinfo(document)
    assert info.software == "x" + "y" * 99
    assert info.version == "1 2"


@pytest.mark.parametrize(
    "document",
    [{}, {"software": "kith"}, {"software": {"name": "kith"}}, {"software": {"version": "1"}}],
)
def test_refuses_a_document_that_names_no_software(document: JsonObject) -> None:
    with pytest.raises(MalformedError):
        parse_nodeinfo(document)


@pytest.mark.parametrize(
    ("links", "error"),
    [
        (None, MalformedError),
        ([], MalformedError),
        ([{}] * 65, MalformedError),
        (
            [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": ASH}],
            MalformedError,
        ),
        ([{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1"}], MalformedError),
        (
            [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": f"{ELM}/x"}],
            WrongOwnerError,
        ),
        (
            [
                {
                    "rel": "http://nodeinfo.diaspora.software/ns/schema/2.1",
                    "href": "https://169.254.169.254/latest",
                }
            ],
            MalformedError,
        ),
    ],
)
def test_refuses_links_that_lead_elsewhere(links: Any, error: type[KithError]) -> None:
    with pytest.raises(error):
        parse_nodeinfo_links({"links": links}, origin=ASH)


json = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "version", "kith", "policy"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(json, json)
def test_any_document_gives_a_nodeinfo_or_a_refusal(software: Any, metadata: Any) -> None:
    try:
        info = parse_nodeinfo({"software": software, "metadata": metadata})
    except KithError:
        return
    assert isinstance(info.software, str)
