import pytest

from kith_crypto.errors import MalformedError
from kith_crypto.proof import verify_document
from kith_protocol.activity import (
    Accept,
    Create,
    Delete,
    Follow,
    Reject,
    Undo,
    Update,
    UpdateActor,
    parse_activity,
)
from kith_protocol.announcements import (
    build_accept,
    build_accept_delete,
    build_create,
    build_delete,
    build_delete_actor,
    build_follow,
    build_reject,
    build_undo,
    build_update,
    build_update_actor,
    derive_token,
)
from kith_protocol.contexts import ACTIVITY_CONTEXT, OFFER_CONTEXT, check_context
from kith_protocol.tombstone import build_tombstone, parse_tombstone
from kith_protocol.urls import activity_url, actor_url, followers_url
from kith_testing.wire_documents import ASH, ASH_KEY, ELM, a_signed_offer, an_offer, sign_as

TOKEN = bytes(range(16))
FOLLOW = Follow(activity_url(ASH, TOKEN), actor_url(ASH), actor_url(ELM))
THEIRS = Follow(activity_url(ELM, TOKEN), actor_url(ELM), actor_url(ASH))


def test_what_is_built_reads_as_meant() -> None:
    mine = activity_url(ASH, TOKEN)
    me = actor_url(ASH)
    assert parse_activity(build_follow(ASH, TOKEN, actor_url(ELM))) == FOLLOW
    assert parse_activity(build_accept(ASH, TOKEN, THEIRS)) == Accept(
        mine, me, THEIRS.id, THEIRS
    )
    assert parse_activity(build_reject(ASH, TOKEN, THEIRS)) == Reject(
        mine, me, THEIRS.id, THEIRS
    )
    undo = parse_activity(build_undo(ASH, derive_token(FOLLOW.id, 0, "Undo"), FOLLOW))
    assert isinstance(undo, Undo)
    assert undo.follow == FOLLOW
    assert parse_activity(build_update_actor(ASH, TOKEN)) == UpdateActor(mine, me)
    gone = parse_activity(build_delete_actor(ASH))
    assert isinstance(gone, Delete)
    assert gone.is_actor


def test_announcements_carry_the_signed_object_to_the_followers() -> None:
    offer = a_signed_offer()
    for build, kind in ((build_create, Create), (build_update, Update)):
        document = build(ASH, offer)
        check_context(document["@context"], OFFER_CONTEXT)
        assert document["to"] == [followers_url(ASH)]
        read = parse_activity(sign_as(ASH, ASH_KEY, document))
        assert isinstance(read, kind)
        verify_document(read.object, ASH_KEY.verify_key)


def test_activities_carry_no_time_of_their_own() -> None:
    for document in (build_create(ASH, a_signed_offer()), build_follow(ASH, TOKEN, "x")):
        assert not document.keys() & {"published", "updated", "startTime", "endTime"}


def test_a_retry_sends_the_same_activity() -> None:
    first = build_create(ASH, a_signed_offer())
    assert build_create(ASH, a_signed_offer()) == first
    ids = [
        first["id"],
        build_update(ASH, a_signed_offer())["id"],
        build_update(ASH, a_signed_offer(revision=2))["id"],
        build_delete(ASH, build_tombstone(ASH, an_offer().id))["id"],
    ]
    assert len(set(map(str, ids))) == 4


def test_a_withdrawal_carries_its_tombstone() -> None:
    tombstone = sign_as(ASH, ASH_KEY, build_tombstone(ASH, an_offer().id))
    document = sign_as(ASH, ASH_KEY, build_delete(ASH, tombstone))
    check_context(document["@context"], ACTIVITY_CONTEXT)
    read = parse_activity(document)
    assert isinstance(read, Delete)
    assert read.object_id == an_offer().id
    assert read.tombstone is not None
    assert parse_tombstone(read.tombstone).id == an_offer().id


def test_the_receipt_of_a_withdrawal_is_the_same_however_often_it_arrives() -> None:
    delete = str(build_delete(ASH, build_tombstone(ASH, an_offer().id))["id"])
    receipt = build_accept_delete(ELM, delete, actor_url(ASH))
    assert receipt == build_accept_delete(ELM, delete, actor_url(ASH))
    assert receipt["to"] == [actor_url(ASH)]
    read = parse_activity(receipt)
    assert isinstance(read, Accept)
    assert read.object_id == delete
    assert read.follow is None


def test_only_an_offer_with_a_revision_is_announced() -> None:
    for revision in (None, 0, "1", 2**31):
        with pytest.raises(MalformedError):
            build_create(ASH, {**a_signed_offer(), "kith:revision": revision})
