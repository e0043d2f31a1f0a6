"""Circles of members of two communities, over real HTTP."""

from __future__ import annotations

import msgspec
import pytest

from kith_client.circles.circle import Circle
from kith_client.conversation import Conversation
from kith_client.errors import NodeUnreachableError
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.report import Report, encode_report, parse_report, verify_report
from kith_protocol.circle.bodies import CircleJoin
from kith_protocol.circle.parts import signed_bytes
from kith_protocol.circle.roster import CircleTerms, terms_hash
from kith_protocol.circle.seat import Seat, check_seat, make_keys, make_seat
from kith_protocol.day import DAY_S, day_of
from kith_protocol.urls import parse_offer_url
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Device
from kith_testing.rng import SeededRng
from kith_testing.small_node import SmallNode


@pytest.fixture
async def ann(people: Correspondents, node: SmallNode) -> Device:
    return await people.member(node)


@pytest.fixture
async def ben(people: Correspondents, other_node: SmallNode) -> Device:
    return await people.member(other_node)


@pytest.fixture
async def cleo(people: Correspondents, other_node: SmallNode) -> Device:
    return await people.member(other_node)


@pytest.fixture
def terms(clock: FakeClock) -> CircleTerms:
    today = day_of(clock.now())
    return CircleTerms("Reading each other's CVs", today, today + 60, rules="Kind words only.")


async def talk(mentee: Device, mentor: Device) -> tuple[Conversation, Conversation]:
    """Let a knock be accepted and return both sides of what begins."""
    knock = await mentee.member.knocks.knock(await mentor.offer(), "Hello")
    (came,) = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(came, "Welcome")
    await mentee.member.knocks.check()
    return (
        mentee.member.conversations.open(knock.conversation),
        mentor.member.conversations.open(knock.conversation),
    )


async def look(device: Device) -> None:
    """Read everything that came."""
    await device.member.conversations.check()
    await device.member.circles.check()


async def bring(convener: Device, circle: Circle, guest: Device, name: str) -> Circle:
    """Invite somebody, who comes."""
    side, _ = await talk(convener, guest)
    await circle.convener.invite(side)
    await look(guest)
    (invitation,) = guest.member.circles.invitations
    joined = await guest.member.circles.join(invitation, name=name)
    await look(convener)
    await look(guest)
    return joined


def names(circle: Circle) -> list[str]:
    return sorted(place.seat.name for place in circle.view.places)


def said(circle: Circle) -> list[tuple[str, str]]:
    return [(one.seat.name if one.seat else "?", one.text) for one in circle.view.words]


async def test_three_people_of_two_communities_talk(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    bens = await bring(ann, circle, ben, "Ben")
    cleos = await bring(ann, circle, cleo, "Cleo")
    await look(ben)
    assert names(circle) == names(bens) == names(cleos) == ["Ann", "Ben", "Cleo"]
    await cleos.say("Hello from Cleo")
    await circle.say("Welcome, Cleo")
    for device in (ann, ben, cleo):
        await look(device)
    expected = sorted([("Cleo", "Hello from Cleo"), ("Ann", "Welcome, Cleo")])
    assert sorted(said(circle)) == sorted(said(bens)) == sorted(said(cleos)) == expected


async def test_who_was_removed_reads_nothing_that_follows(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    bens = await bring(ann, circle, ben, "Ben")
    cleos = await bring(ann, circle, cleo, "Cleo")
    await look(ben)
    await circle.convener.remove(circle.find_member("Cleo"), "Take care.")
    await circle.say("Among us")
    for device in (ben, cleo):
        await look(device)
    assert cleos.view.state == "removed"
    assert cleos.view.farewell == "Take care."
    assert said(cleos) == []
    assert said(bens) == [("Ann", "Among us")]
    with pytest.raises(UsageError):
        await cleos.say("I am still here")
    assert names(bens) == ["Ann", "Ben"]


async def three(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> tuple[Circle, Circle, Circle]:
    """Return a circle of three as each of them has it."""
    circle = await ann.member.circles.convene(terms, name="Ann")
    bens = await bring(ann, circle, ben, "Ben")
    cleos = await bring(ann, circle, cleo, "Cleo")
    await look(ben)
    return circle, bens, cleos


async def test_a_circle_is_no_conversation_and_its_links_are_none_either(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    await three(ann, ben, cleo, terms)
    assert len(ann.member.conversations.list()) == 2
    assert len(ben.member.conversations.list()) == 1


async def test_a_circle_has_one_box_for_each_of_its_people(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    _, bens, cleos = await three(ann, ben, cleo, terms)
    boxes = ben.node.post.boxes  # of Ben and Cleo: one conversation and one circle each
    assert sum(box.kind == "reply" for box in boxes.values()) == 4
    assert bens.links.box_key.seed != cleos.links.box_key.seed


async def test_an_invitation_can_be_declined(
    ann: Device, ben: Device, terms: CircleTerms
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    side, _ = await talk(ann, ben)
    await circle.convener.invite(side, "Come, if you like")
    await look(ben)
    (invitation,) = ben.member.circles.invitations
    assert invitation.body.words == "Come, if you like"
    await ben.member.circles.decline(invitation, "Not this time")
    assert ben.member.circles.invitations == ()
    await look(ann)
    assert names(circle) == ["Ann"]


async def test_whoever_knocks_at_the_offer_of_a_circle_is_admitted(
    ann: Device, ben: Device, terms: CircleTerms
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    url = await ann.offer()
    await circle.convener.announce_by(parse_offer_url(url, development=True)[1])
    await ben.member.knocks.knock(url, "May I come?")
    (knock,) = (await ann.member.knocks.check()).knocks
    await ann.member.circles.admit(circle, knock, "Gladly")
    await ben.member.knocks.check()
    await look(ben)
    (invitation,) = ben.member.circles.invitations
    await ben.member.circles.join(invitation, name="Ben")
    await look(ann)
    assert names(circle) == ["Ann", "Ben"]


async def test_a_knock_at_another_offer_is_not_for_the_circle(
    ann: Device, ben: Device, terms: CircleTerms
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    await ben.member.knocks.knock(await ann.offer(), "Hello")
    (knock,) = (await ann.member.knocks.check()).knocks
    with pytest.raises(UsageError):
        await ann.member.circles.admit(circle, knock)
    assert ann.member.knocks.tray == (knock,)


async def test_who_leaves_is_written_to_no_more(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle, bens, cleos = await three(ann, ben, cleo, terms)
    await cleos.leave("Thank you all")
    await look(ben)
    handed_in = len(ben.node.post.handed_in)
    await bens.say("Cleo has left")
    assert len(ben.node.post.handed_in) == handed_in + 1
    await look(ann)
    await look(ben)
    assert names(circle) == names(bens) == ["Ann", "Ben"]
    assert cleos.view.state == "left"
    with pytest.raises(UsageError):
        await cleos.say("one more thing")


async def test_a_convener_leaves_only_after_handing_over(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle, bens, cleos = await three(ann, ben, cleo, terms)
    with pytest.raises(UsageError):
        await circle.leave()
    await circle.convener.hand_over(circle.find_member("Ben"))
    await look(ben)
    await look(cleo)
    assert bens.view.me.is_convener
    await circle.leave()
    await look(ben)
    await look(cleo)
    assert names(bens) == names(cleos) == ["Ben", "Cleo"]
    with pytest.raises(UsageError):
        await circle.convener.archive()


async def test_new_terms_are_acknowledged_before_anything_is_said(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle, bens, _ = await three(ann, ben, cleo, terms)
    await circle.convener.change_terms(
        msgspec.structs.replace(terms, rules="Kind words only. No links.")
    )
    assert circle.view.me.has_acknowledged
    ((_, news),) = await ben.member.circles.check()
    assert news.are_terms_new
    with pytest.raises(UsageError):
        await bens.say("Hello")
    await bens.acknowledge()
    await bens.say("Hello")
    await look(ann)
    have = {place.seat.name: place.has_acknowledged for place in circle.view.places}
    assert have == {"Ann": True, "Ben": True, "Cleo": False}


async def test_whoever_accepted_terms_that_changed_meanwhile_is_invited_once_more(
    ann: Device, ben: Device, terms: CircleTerms
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    side, _ = await talk(ann, ben)
    await circle.convener.invite(side)
    await look(ben)
    (invitation,) = ben.member.circles.invitations
    await ben.member.circles.join(invitation, name="Ben")
    await circle.convener.change_terms(msgspec.structs.replace(terms, rhythm="Mondays"))
    await look(ann)
    await look(ann)
    assert names(circle) == ["Ann"]
    await look(ben)
    (again,) = ben.member.circles.invitations
    assert again.terms.rhythm == "Mondays"
    await ben.member.circles.join(again, name="Ben")
    await look(ann)
    assert names(circle) == ["Ann", "Ben"]


async def test_a_session_is_planned_moved_and_cancelled(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle, bens, cleos = await three(ann, ben, cleo, terms)
    session = await circle.convener.plan(30_000_000, 60, "The usual place")
    await look(ben)
    await look(cleo)
    with pytest.raises(UsageError):
        await bens.convener.plan(30_000_000, 60)
    await bens.attend(session, "maybe")
    await bens.attend(session, "yes")
    await cleos.attend(session, "no")
    await look(ann)
    assert sorted(circle.find_meeting(session).attends.values()) == ["no", "yes"]
    await circle.convener.plan(30_000_600, 45, session=session)
    await look(ben)
    moved = bens.find_meeting(session)
    assert (moved.start, moved.minutes, moved.is_cancelled) == (30_000_600, 45, False)
    await circle.convener.plan(30_000_600, 45, session=session, is_cancelled=True)
    await look(ben)
    assert bens.find_meeting(session).is_cancelled
    with pytest.raises(UsageError):
        await bens.attend(session, "yes")


async def test_an_archived_circle_is_silent_and_is_deleted_when_its_day_comes(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms, clock: FakeClock
) -> None:
    circle, bens, cleos = await three(ann, ben, cleo, terms)
    await bens.say("It was good")
    await look(ann)
    await circle.convener.archive()
    await look(ben)
    await look(cleo)
    for side in (circle, bens, cleos):
        assert side.view.state == "over"
        assert said(side) == [("Ben", "It was good")]
        with pytest.raises(UsageError):
            await side.say("more")
    clock.advance((terms.purge_days - 1) * DAY_S)
    await look(ben)
    assert len(ben.member.circles.list()) == 1
    clock.advance(DAY_S)
    for device in (ann, ben, cleo):
        await look(device)
        assert device.member.circles.list() == ()
        kinds = ("circle", "circle-roster", "circle-seat")
        assert not any(device.member.vault.list(kind) for kind in kinds)
        talks = device.member.vault.list("talk").values()
        assert not any("circle" in value for value in talks)
    # One box for each conversation is left, and none for the circle.
    assert sum(box.kind == "reply" for box in ben.node.post.boxes.values()) == 2


async def test_a_convener_cannot_make_what_happened_vanish_at_once(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms, clock: FakeClock
) -> None:
    circle, bens, _ = await three(ann, ben, cleo, terms)
    await circle.say("Something unkind")
    await look(ben)
    past = msgspec.structs.replace(
        terms, begins=terms.begins - 50, ends=terms.begins - 40, purge_days=7
    )
    await circle.convener.change_terms(past)
    await look(ben)
    assert bens.view.state == "over"
    clock.advance(13 * DAY_S)
    await look(ben)
    assert said(bens) == [("Ann", "Something unkind")]
    clock.advance(DAY_S)
    await look(ben)
    assert ben.member.circles.list() == ()


async def test_a_circle_that_never_let_one_in_is_forgotten(
    ann: Device, ben: Device, terms: CircleTerms, clock: FakeClock
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    side, _ = await talk(ann, ben)
    await circle.convener.invite(side)
    await look(ben)
    (invitation,) = ben.member.circles.invitations
    joined = await ben.member.circles.join(invitation, name="Ben")
    assert joined.view.state == "joining"
    with pytest.raises(UsageError):
        await joined.say("Am I in?")
    clock.advance((terms.ends - terms.begins + 8) * DAY_S)
    await look(ben)
    assert ben.member.circles.list() == ()


async def test_who_pauses_everything_is_written_to_no_more(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle, bens, _ = await three(ann, ben, cleo, terms)
    assert await ben.member.circles.freeze_all() == 2
    await look(ann)
    assert [seat.name for seat in circle.paused] == ["Ben"]
    handed_in = len(ann.node.post.handed_in)
    await circle.say("Ben has paused")
    assert len(ann.node.post.handed_in) == handed_in + 1
    with pytest.raises(UsageError):
        await bens.say("It is me")


async def test_who_was_removed_comes_back_by_a_new_invitation_as_somebody_new(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle, _, cleos = await three(ann, ben, cleo, terms)
    former = cleos.seat
    await circle.convener.remove(circle.find_member("Cleo"))
    await look(cleo)
    side = next(
        one for one in ann.member.conversations.list() if one.id == cleos.record.conversation
    )
    await circle.convener.invite(side)
    await look(cleo)
    (invitation,) = cleo.member.circles.invitations
    again = await cleo.member.circles.join(invitation, name="Cleo")
    await look(ann)
    await look(cleo)
    assert names(again) == names(circle) == ["Ann", "Ben", "Cleo"]
    assert (again.seat.key, again.seat.box) != (former.key, former.box)


async def test_two_devices_of_one_member_see_and_say_the_same(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms, people: Correspondents
) -> None:
    circle, bens, _ = await three(ann, ben, cleo, terms)
    phone = await people.device(ben.person)
    same = phone.member.circles.open(bens.id)
    await same.say("From the phone")
    await ben.member.refresh()
    await bens.say("From the laptop")
    await circle.say("I hear both")
    await look(ann)
    await look(phone)
    await ben.member.refresh()
    await look(ben)
    expected = {("Ben", "From the phone"), ("Ben", "From the laptop"), ("Ann", "I hear both")}
    assert set(said(circle)) == set(said(bens)) == set(said(same)) == expected


async def test_two_devices_of_the_convener_that_let_people_in_at_once_settle(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms, people: Correspondents
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    phone = await people.device(ann.person)
    invited = []
    for guest, name in ((ben, "Ben"), (cleo, "Cleo")):
        side, _ = await talk(ann, guest)
        await circle.convener.invite(side)
        await look(guest)
        (invitation,) = guest.member.circles.invitations
        invited.append(await guest.member.circles.join(invitation, name=name))
    await ann.member.conversations.check()
    await phone.member.refresh()
    # Neither device knows what the other one does.
    conversations = ann.member.conversations.list()
    roster = circle.view.roster
    for device, conversation in ((ann, conversations[0]), (phone, conversations[1])):
        there = device.member.circles.open(circle.id)
        assert there.view.roster == roster
        await there.convener.let_in([device.member.conversations.open(conversation.id)])
    for _ in range(3):
        for device in (ann, phone, ben, cleo):
            await device.member.refresh()
            await look(device)
    assert len(names(circle)) == 3
    for joined in invited:
        assert names(joined) == names(circle)


async def test_what_a_broken_line_kept_back_leaves_at_the_next_look(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms, node: SmallNode
) -> None:
    circle, bens, cleos = await three(ann, ben, cleo, terms)
    left: list[int] = []

    def cut(done: int, _total: int) -> None:
        left.append(done)
        node.breaks_before = ("PUT", "envelopes")

    with pytest.raises(NodeUnreachableError):
        await circle.say("Can you hear me?", progress=cut)
    assert left == [1]
    node.breaks_before = None
    await look(ann)
    for device in (ben, cleo):
        await look(device)
    assert said(bens) == said(cleos) == [("Ann", "Can you hear me?")]


async def test_words_can_be_reported_with_proof(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle, bens, _ = await three(ann, ben, cleo, terms)
    await bens.say("Something unkind")
    await look(ann)
    (words,) = circle.view.words
    proof = circle.evidence(words)
    assert proof is not None
    report = Report(proof.postmark, proof.frank_key, proof.core)
    proven = verify_report(parse_report(encode_report(report)), [ben.node.post.key.verify_key])
    assert proven.core.body["text"] == "Something unkind"


async def test_who_cannot_be_reached_is_shown(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms, node: SmallNode
) -> None:
    circle, bens, _ = await three(ann, ben, cleo, terms)
    node.post.refused.add(ben.node.origin)
    await circle.say("Is anybody there?")
    assert {seat.name for seat in circle.unreached} == {"Ben", "Cleo"}
    await bens.say("We hear each other")
    await look(cleo)
    assert said(cleo.member.circles.open(circle.id)) == [("Ben", "We hear each other")]
    node.post.refused.clear()
    await circle.convener.hand_over(bens.seat)
    assert circle.unreached == ()
    await look(ben)
    assert ("Ann", "Is anybody there?") in said(bens)
    await bens.convener.archive()


@pytest.mark.parametrize("where", ["vault", "mailboxes", "envelopes"])
@pytest.mark.parametrize("when", ["breaks_before", "breaks_after"])
async def test_a_join_that_was_cut_off_goes_on_at_the_next_look(
    ann: Device, ben: Device, terms: CircleTerms, other_node: SmallNode, when: str, where: str
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    side, _ = await talk(ann, ben)
    await circle.convener.invite(side)
    await look(ben)
    (invitation,) = ben.member.circles.invitations
    setattr(other_node, when, ("PUT", where))
    with pytest.raises(NodeUnreachableError):
        await ben.member.circles.join(invitation, name="Ben")
    setattr(other_node, when, None)
    await look(ben)
    await look(ann)
    await look(ben)
    (joined,) = ben.member.circles.list()
    assert names(joined) == names(circle) == ["Ann", "Ben"]


async def test_a_seat_that_nothing_can_be_sealed_to_keeps_nobody_from_hearing(
    ann: Device, ben: Device, cleo: Device, terms: CircleTerms
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    bens = await bring(ann, circle, ben, "Ben")
    side, _ = await talk(ann, cleo)
    await circle.convener.invite(side)
    await look(cleo)
    (invitation,) = cleo.member.circles.invitations
    seat = signed_seat(invitation.circle, cleo.node.origin, reply=bytes(range(19)) * 64)
    body = CircleJoin(seat, terms_hash(invitation.terms))
    await invitation.conversation.write(body)
    await look(ann)
    assert names(circle) == ["Ann", "Ben", "Mallory"]
    await circle.say("Can you hear me?")
    await look(ben)
    await bens.say("I can")
    await look(ann)
    assert said(circle) == [("Ann", "Can you hear me?"), ("Ben", "I can")]


async def test_a_seat_at_another_node_than_its_owners_is_not_taken(
    ann: Device, ben: Device, terms: CircleTerms
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    side, _ = await talk(ann, ben)
    await circle.convener.invite(side)
    await look(ben)
    (invitation,) = ben.member.circles.invitations
    seat = signed_seat(invitation.circle, ann.node.origin)
    await invitation.conversation.write(CircleJoin(seat, terms_hash(invitation.terms)))
    await look(ann)
    assert names(circle) == ["Ann"]


async def test_an_uninvited_join_is_passed_over(
    ann: Device, ben: Device, terms: CircleTerms
) -> None:
    circle = await ann.member.circles.convene(terms, name="Ann")
    _, theirs = await talk(ann, ben)
    seat = signed_seat(circle.id, ben.node.origin)
    await theirs.write(CircleJoin(seat, terms_hash(terms)))
    await look(ann)
    assert names(circle) == ["Ann"]


def signed_seat(circle: bytes, node: str, *, reply: bytes | None = None) -> Seat:
    """Return a seat that somebody made by hand."""
    keys = make_keys(SeededRng(99))
    seat = make_seat(keys, circle=circle, node=node, name="Mallory", picture="0" * 16)
    if reply is None:
        return seat
    changed = msgspec.structs.replace(seat, reply=encode_base64url(reply))
    label = b"kith/circle-seat/v1\0"
    sign = SigningKey.from_seed(keys.seed).sign(label + signed_bytes(changed))
    return check_seat(msgspec.structs.replace(changed, sign=encode_base64url(sign)))
