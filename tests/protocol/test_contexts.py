from typing import Any

import pytest

from kith_crypto.errors import MalformedError
from kith_protocol.contexts import (
    ACTIVITY_CONTEXT,
    ACTIVITY_STREAMS,
    ACTOR_CONTEXT,
    KITH_NAMESPACE,
    OFFER_CONTEXT,
    check_context,
    check_foreign_context,
    context,
    is_context,
)

ARRAYS = (ACTOR_CONTEXT, ACTIVITY_CONTEXT, OFFER_CONTEXT)


def test_our_documents_carry_the_contexts_that_others_were_seen_to_read() -> None:
    assert list(ACTOR_CONTEXT[:4]) == [
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/v1",
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/multikey/v1",
    ]
    inline = OFFER_CONTEXT[-1]
    assert isinstance(inline, dict)
    assert inline["resourceConformsTo"] == {"@id": "vf:resourceConformsTo", "@type": "@id"}
    assert inline["kith"] == KITH_NAMESPACE


def test_a_context_is_known_by_equality() -> None:
    for array in ARRAYS:
        check_context(context(array), array)
        assert not is_context([*array, "https://example.org/more"], array)
        assert not is_context(list(array[:-1]), array)
        assert not is_context(ACTIVITY_STREAMS, array)
        assert sum(is_context(context(array), other) for other in ARRAYS) == 1
    with pytest.raises(MalformedError) as caught:
        check_context(None, OFFER_CONTEXT)
    assert caught.value.pointer == "/@context"


def test_a_copy_leaves_the_constant_alone() -> None:
    copy = context(OFFER_CONTEXT)
    inline = copy[-1]
    assert isinstance(inline, dict)
    inline["actor"] = "vf:actor"
    assert is_context(context(OFFER_CONTEXT), OFFER_CONTEXT)


@pytest.mark.parametrize(
    "value",
    [
        ACTIVITY_STREAMS,
        [ACTIVITY_STREAMS],
        [ACTIVITY_STREAMS, "https://w3id.org/security/v1"],
        [ACTIVITY_STREAMS, {"toot": "http://joinmastodon.org/ns#", "Emoji": "toot:Emoji"}],
        [
            ACTIVITY_STREAMS,
            {"quote": {"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"}},
        ],
        *(context(array) for array in ARRAYS),
    ],
)
def test_takes_the_usual_contexts_of_other_servers(value: Any) -> None:
    check_foreign_context(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        "https://w3id.org/security/v1",
        [ACTIVITY_STREAMS, "https://evil.example/context"],
        [ACTIVITY_STREAMS, 1],
        [ACTIVITY_STREAMS, [ACTIVITY_STREAMS]],
        [ACTIVITY_STREAMS, {"actor": "ex:foo", "foo": "as:actor"}],
        [ACTIVITY_STREAMS, {"kith": "https://evil.example/"}],
        [ACTIVITY_STREAMS, {"kith:topics": "ex:foo"}],
        [ACTIVITY_STREAMS, {"@vocab": "https://evil.example/"}],
        [ACTIVITY_STREAMS, {"foo": "@id"}],
        [ACTIVITY_STREAMS, {"foo": {"@id": "@type"}}],
        [ACTIVITY_STREAMS, {"foo": {"@reverse": "as:actor"}}],
        [ACTIVITY_STREAMS, {"foo": None}],
        [ACTIVITY_STREAMS] * 33,
    ],
)
def test_refuses_a_context_that_may_give_names_another_meaning(value: Any) -> None:
    with pytest.raises(MalformedError):
        check_foreign_context(value)
