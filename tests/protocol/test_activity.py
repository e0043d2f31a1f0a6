from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError
from kith_crypto.strict_json import JsonObject
from kith_protocol.activity import (
    Accept,
    Create,
    Delete,
    Follow,
    Head,
    Reject,
    Undo,
    Unknown,
    Update,
    UpdateActor,
    parse_activity,
    parse_head,
)
from kith_protocol.contexts import ACTIVITY_STREAMS
from kith_protocol.errors import WrongOwnerError
from kith_testing.wire_documents import ASH, ELM, a_signed_offer

ASH_ACTOR = f"{ASH}/actor"
ELM_ACTOR = f"{ELM}/actor"
FOLLOW = {"id": f"{ASH}/follows/1", "type": "Follow", "actor": ASH_ACTOR, "object": ELM_ACTOR}


def activity(kind: str, target: Any, **more: Any) -> JsonObject:
    return {
        "@context": ACTIVITY_STREAMS,
        "id": f"{ASH}/activities/1",
        "type": kind,
        "actor": ASH_ACTOR,
        "object": target,
        **more,
    }


def test_reads_a_follow() -> None:
    assert parse_activity(activity("Follow", ELM_ACTOR)) == Follow(
        f"{ASH}/activities/1", ASH_ACTOR, ELM_ACTOR
    )


def test_reads_an_answer_to_a_follow_by_id_or_embedded() -> None:
    theirs = {**FOLLOW, "id": f"{ELM}/follows/1", "actor": ELM_ACTOR, "object": ASH_ACTOR}
    follow = Follow(f"{ELM}/follows/1", ELM_ACTOR, ASH_ACTOR)
    for kind, expected in (("Accept", Accept), ("Reject", Reject)):
        by_id = parse_activity(activity(kind, follow.id))
        assert by_id == expected(f"{ASH}/activities/1", ASH_ACTOR, follow.id)
        embedded = parse_activity(activity(kind, theirs))
        assert embedded == expected(f"{ASH}/activities/1", ASH_ACTOR, follow.id, follow)


def test_reads_an_undo() -> None:
    follow = Follow(FOLLOW["id"], ASH_ACTOR, ELM_ACTOR)
    undo = parse_activity(activity("Undo", FOLLOW))
    assert undo == Undo(f"{ASH}/activities/1", ASH_ACTOR, follow.id, follow)
    like = parse_activity(activity("Undo", {"id": f"{ASH}/likes/1", "type": "Like"}))
    assert like == Undo(f"{ASH}/activities/1", ASH_ACTOR, f"{ASH}/likes/1")


def test_reads_announcements_of_ones_own_objects() -> None:
    offer = a_signed_offer()
    for kind, expected in (("Create", Create), ("Update", Update)):
        read = parse_activity(activity(kind, offer))
        assert isinstance(read, expected)
        assert read.object is offer
        assert read.object_id == offer["id"]


def test_an_update_of_the_actor_carries_nothing() -> None:
    for target in (ASH_ACTOR, {"id": ASH_ACTOR, "publicKey": {"publicKeyPem": "x"}}):
        assert parse_activity(activity("Update", target)) == UpdateActor(
            f"{ASH}/activities/1", ASH_ACTOR
        )


def test_reads_a_delete_by_id_or_with_its_tombstone() -> None:
    tombstone = {"id": f"{ASH}/offers/1", "type": "Tombstone", "attributedTo": ASH_ACTOR}
    by_id = parse_activity(activity("Delete", tombstone["id"]))
    assert by_id == Delete(f"{ASH}/activities/1", ASH_ACTOR, f"{ASH}/offers/1")
    with_tombstone = parse_activity(activity("Delete", tombstone))
    assert isinstance(with_tombstone, Delete)
    assert with_tombstone.tombstone == tombstone
    assert not with_tombstone.is_actor
    other = parse_activity(activity("Delete", {"id": f"{ASH}/offers/1", "type": "Note"}))
    assert isinstance(other, Delete)
    assert other.tombstone is None


def test_a_node_can_withdraw_itself() -> None:
    read = parse_activity(activity("Delete", ASH_ACTOR))
    assert isinstance(read, Delete)
    assert read.is_actor


def test_other_types_are_recognised_as_unknown() -> None:
    for kind in ("Announce", "Move", "Like"):
        assert parse_activity(activity(kind, "whatever")) == Unknown(
            f"{ASH}/activities/1", ASH_ACTOR, kind
        )


def test_unknown_members_and_embedded_actors_change_nothing() -> None:
    plain = activity("Follow", ELM_ACTOR)
    embedded: JsonObject = {"id": ASH_ACTOR, "publicKey": {"publicKeyPem": "mine"}}
    noisy: JsonObject = {**plain, "actor": embedded, "cc": ["x"], "instrument": 3}
    assert parse_activity(noisy) == parse_activity(plain)


def test_the_head_is_read_alone() -> None:
    document: JsonObject = {
        "type": "Create",
        "id": f"{ASH}/a/1",
        "actor": ASH_ACTOR,
        "object": 7,
    }
    assert parse_head(document) == Head(f"{ASH}/a/1", "Create", ASH_ACTOR)


@pytest.mark.parametrize(
    "change",
    [
        {"id": f"{ELM}/activities/1"},
        {"actor": ELM_ACTOR},
        {"type": "Create", "object": {**a_signed_offer(), "attributedTo": ELM_ACTOR}},
        {"type": "Create", "object": {**a_signed_offer(), "attributedTo": [ASH_ACTOR]}},
        {"type": "Create", "object": {"id": f"{ASH}/notes/1"}},
        {"type": "Create", "object": {"id": f"{ELM}/notes/1", "attributedTo": ASH_ACTOR}},
        {"type": "Update", "object": {"id": f"{ELM}/actor", "attributedTo": ASH_ACTOR}},
        {"type": "Delete", "object": f"{ELM}/offers/1"},
        {"type": "Delete", "object": {"id": f"{ASH}/offers/1", "attributedTo": ELM_ACTOR}},
        {"type": "Delete", "object": {"id": f"{ASH}/offers/1", "attributedTo": None}},
        {"type": "Undo", "object": {**FOLLOW, "id": f"{ELM}/f/1", "actor": ELM_ACTOR}},
        {"type": "Accept", "object": FOLLOW},
        {"type": "Reject", "object": FOLLOW},
    ],
)
def test_refuses_who_speaks_for_others(change: dict[str, Any]) -> None:
    with pytest.raises(WrongOwnerError):
        parse_activity({**activity("Follow", ELM_ACTOR), **change})


@pytest.mark.parametrize(
    "change",
    [
        {"@context": "https://evil.example/context"},
        {"@context": [ACTIVITY_STREAMS, {"actor": "ex:foo", "foo": "as:actor"}]},
        {"type": ["Follow"]},
        {"type": ""},
        {"type": "x" * 65},
        {"id": None},
        {"id": "http://ash.example/activities/1"},
        {"id": f"{ASH}/activities/1#x"},
        {"actor": [ASH_ACTOR]},
        {"actor": []},
        {"actor": None},
        {"actor": {"name": "x"}},
        {"object": None},
        {"object": "not an address"},
        {"object": [ELM_ACTOR]},
        {"type": "Create", "object": f"{ASH}/offers/1"},
        {"type": "Accept", "object": {**FOLLOW, "object": 3}},
    ],
)
def test_refuses_an_activity_of_another_form(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        parse_activity({**activity("Follow", ELM_ACTOR), **change})


def test_takes_loopback_nodes_in_development_only() -> None:
    text = repr(activity("Follow", ELM_ACTOR)).replace(
        "https://ash.example", "http://localhost:1"
    )
    document: JsonObject = eval(text)
    assert isinstance(parse_activity(document, development=True), Follow)
    with pytest.raises(MalformedError):
        parse_activity(document)


urls = st.sampled_from([ASH_ACTOR, ELM_ACTOR, f"{ASH}/a/1", "x", "https://[", ""])
members = st.recursive(
    st.none() | st.booleans() | st.integers() | urls,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "actor", "object", "attributedTo"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)


@given(
    st.sampled_from(
        ["Follow", "Accept", "Reject", "Undo", "Create", "Update", "Delete", "Like"]
    ),
    members,
    members,
)
def test_any_object_gives_an_activity_or_a_refusal(kind: str, actor: Any, target: Any) -> None:
    read: Callable[[JsonObject], object] = parse_activity
    try:
        found = read({**activity(kind, target), "actor": actor})
    except KithError:
        return
    assert getattr(found, "actor", None) in (ASH_ACTOR, f"{ASH}/a/1")
