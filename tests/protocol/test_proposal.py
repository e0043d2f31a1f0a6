"""A proposed entry reads back, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import KithError, TooLargeError
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_protocol.limits import MAX_RESOURCE_BYTES
from kith_protocol.proposal import encode_proposal, parse_proposal
from kith_protocol.resource_content import ResourceContent
from kith_testing.resources import LINK, TEXT, a_resource


@pytest.mark.parametrize("content", [LINK, TEXT])
def test_it_reads_back(content: ResourceContent) -> None:
    assert parse_proposal(encode_proposal(content)) == content


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://10.0.0.1/"},
        {"url": ""},
        {"topics": []},
        {"topics": ["career.cv", "career.cv"]},
        {"name": {"en": "turned \u202e round"}},
        {"name": {"en": "x" * 121}},
        {"licence": "all rights reserved"},
        {"owner": "somebody"},
    ],
)
def test_what_may_not_stand_in_a_library_is_not_read(changes: JsonObject) -> None:
    document = parse_json_object(encode_proposal(LINK), max_bytes=MAX_RESOURCE_BYTES)
    with pytest.raises(KithError):
        parse_proposal(canonical_bytes({**document, **changes}))


def test_one_that_is_too_long_is_not_written() -> None:
    languages = tuple(f"{a}{b}" for a in "abc" for b in "abcd")
    long = a_resource(
        url="", languages=languages, content=dict.fromkeys(languages, "書" * 2000)
    )
    with pytest.raises(TooLargeError):
        encode_proposal(long)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_proposal_or_refused(raw: bytes) -> None:
    with pytest.raises(KithError):
        parse_proposal(raw)
