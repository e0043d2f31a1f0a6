"""A report from the device that makes it to the moderators and on to the keyholders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack

import msgspec
import pytest

from kith_client.errors import ProblemError, WrongPassphraseError
from kith_client.moderators_key import FILE_BYTES, lock_moderators_key, unlock_moderators_key
from kith_client.reports import KEPT_DAYS, make_application
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import DecryptionError, MalformedError, SignatureError, UsageError
from kith_crypto.hashes import sha256
from kith_crypto.hpke import sealing_public_key
from kith_crypto.moderators import KIND_REPORT, SMALLEST_SEALED_BYTES, seal_for_moderators
from kith_crypto.objects import community_id
from kith_crypto.report import Report, encode_report
from kith_protocol.conversation.events import Evidence
from kith_protocol.day import DAY_S
from kith_protocol.errors import PrivacyFloorError
from kith_protocol.keyholders_case import check_case, open_case, parse_case
from kith_protocol.offer_content import OfferContent
from kith_protocol.reporting import (
    ProvenMessage,
    ProvenOffer,
    ReportPayload,
    encode_payload,
)
from kith_protocol.urls import actor_url
from kith_testing.clock import FakeClock
from kith_testing.correspondence import MEMBER
from kith_testing.moderated import Person, World, put_offer
from kith_testing.resources import LINK, a_resource
from kith_testing.rng import SeededRng
from kith_testing.small_moderation import KEYHOLDERS_SEED, ModeratedNode


@pytest.fixture
async def world(clock: FakeClock) -> AsyncIterator[World]:
    with ExitStack() as stack:
        world = World(stack, clock)
        yield world
        for person in world.people:
            await person.connection.close()


@pytest.fixture
async def moderator(world: World) -> Person:
    """A moderator of our node who has made the key."""
    person = world.person()
    await person.moderation.make_key()
    return person


def sealed_in(node: ModeratedNode) -> str:
    (case,) = node.reports.values()
    return case.sealed


async def test_a_message_is_reported_proven_and_its_sender_found_by_keyholders(
    world: World, moderator: Person
) -> None:
    reporter = world.person()
    made = await reporter.reports.report_message(
        world.ours.evidence("something unkind"), category="harassment", words="Again.\x07"
    )
    assert await reporter.reports.state(made.id) == "waiting"
    assert reporter.reports.list() == (made,)
    assert [kind for kind, _ in reporter.stored.records] == ["report"]

    (entry,) = await moderator.moderation.list_reports()
    assert (entry.category, entry.state) == ("harassment", "waiting")
    opened = await moderator.moderation.open_report(made.id)
    assert opened.payload.words == "Again."
    assert isinstance(opened.proven, ProvenMessage)
    assert opened.proven.core.body["text"] == "something unkind"
    assert "unkind" not in repr(opened)

    case = parse_case(await moderator.moderation.write_case(opened, note="The second time."))
    assert case.report.words == "The second time."
    assert open_case(check_case(case), {world.ours.epoch: KEYHOLDERS_SEED}) == MEMBER

    await moderator.moderation.decide(made.id, "acted")
    assert await reporter.reports.state(made.id) == "acted"


async def test_the_node_learns_neither_reporter_nor_words(
    world: World, moderator: Person
) -> None:
    reporter = world.person()
    world.ours.seen.clear()
    await reporter.reports.report_message(
        world.ours.evidence("something unkind"), category="other", words="so unkind"
    )
    (put,) = [seen for seen in world.ours.seen if seen.method == "PUT"]
    assert "authorization" not in put.headers
    assert put.headers["kith-reader"] == "pass-1"
    assert b"unkind" not in put.body
    assert len(parse_base64url(sealed_in(world.ours))) == SMALLEST_SEALED_BYTES


async def test_an_offer_is_reported_and_removed(
    world: World, moderator: Person, content: OfferContent
) -> None:
    url = put_offer(world.ours, content)
    made = await world.person().reports.report_offer(url, category="deception")
    opened = await moderator.moderation.open_report(made.id)
    assert isinstance(opened.proven, ProvenOffer)
    assert opened.proven.offer.id == url
    await moderator.moderation.remove_offer(bytes(range(16)))
    assert world.ours.removed == [encode_base64url(bytes(range(16)))]


async def test_an_entry_for_the_library_is_proposed_and_looks_like_any_report(
    world: World, moderator: Person
) -> None:
    proposer = world.person()
    made = await proposer.reports.propose(LINK, words="It helped me.")
    assert len(parse_base64url(sealed_in(world.ours))) == SMALLEST_SEALED_BYTES
    (entry,) = await moderator.moderation.list_reports()
    assert entry.category == "other"
    opened = await moderator.moderation.open_report(made.id)
    assert (opened.proposed, opened.proven, opened.payload.words) == (
        LINK,
        None,
        "It helped me.",
    )
    for refused in (moderator.moderation.pass_on, moderator.moderation.write_case):
        with pytest.raises(UsageError, match="accuses nobody"):
            await refused(opened)
    await moderator.moderation.decide(made.id, "acted")
    assert await proposer.reports.state(made.id) == "acted"
    assert [one.kind for one in proposer.reports.list()] == ["resource"]


async def test_an_entry_that_may_not_stand_in_a_library_is_not_sent(
    world: World, moderator: Person
) -> None:
    with pytest.raises(MalformedError):
        await world.person().reports.propose(a_resource(url="http://example.org/"))
    assert world.ours.reports == {}


async def test_a_false_proof_is_not_sent_and_one_that_comes_is_refused(
    world: World, moderator: Person
) -> None:
    true = world.ours.evidence("hello")
    false = Evidence(true.node, true.postmark, true.frank_key, true.core[:-4] + b'oo"}')
    with pytest.raises(SignatureError):
        await world.person().reports.report_message(false, category="harassment")
    assert world.ours.reports == {}

    # Somebody with another program sends it all the same.
    payload = ReportPayload("message", "harassment", "", True, world.ours.origin, b"")
    proof = encode_report(Report(false.postmark, false.frank_key, false.core))
    raw = encode_payload(msgspec.structs.replace(payload, proof=proof))
    key = parse_base64url(world.ours.moderators_key)
    community = community_id(actor_url(world.ours.origin))
    sealed = seal_for_moderators(key, raw, kind=KIND_REPORT, community=community)
    name = world.ours.add_report(encode_base64url(sealed))
    opened = await moderator.moderation.open_report(parse_base64url(name))
    assert opened.proven is None
    for refused in (moderator.moderation.pass_on, moderator.moderation.write_case):
        with pytest.raises(UsageError, match="the proof is false"):
            await refused(opened)


async def test_a_report_is_passed_on_only_with_consent_and_only_to_a_peer(
    world: World, moderator: Person
) -> None:
    reporter, theirs = world.person(), world.person(world.theirs)
    await theirs.moderation.make_key()
    evidence = world.theirs.evidence("something unkind")
    kept = await reporter.reports.report_message(evidence, category="harassment")
    opened = await moderator.moderation.open_report(kept.id)
    with pytest.raises(UsageError, match="did not agree"):
        await moderator.moderation.pass_on(opened)
    with pytest.raises(UsageError, match="another community"):
        await moderator.moderation.write_case(opened)

    agreed = await reporter.reports.report_message(
        evidence, category="harassment", may_pass_on=True
    )
    opened = await moderator.moderation.open_report(agreed.id)
    for standing in ("introduced", "cut-off"):
        world.ours.connect(world.theirs, standing)
        with pytest.raises(UsageError, match="peers only"):
            await moderator.moderation.pass_on(opened)
    assert world.theirs.reports == {}
    world.ours.connect(world.theirs)
    await moderator.moderation.pass_on(opened)
    assert await reporter.reports.state(agreed.id) == "passed-on"

    (entry,) = await theirs.moderation.list_reports()
    assert entry.origin == world.ours.origin
    passed = await theirs.moderation.open_report(parse_base64url(entry.id))
    assert isinstance(passed.proven, ProvenMessage)
    case = check_case(parse_case(await theirs.moderation.write_case(passed)))
    assert open_case(case, {world.theirs.epoch: KEYHOLDERS_SEED}) == MEMBER


async def test_what_is_too_long_for_an_activity_is_not_passed_on(
    world: World, moderator: Person
) -> None:
    await world.person(world.theirs).moderation.make_key()
    made = await world.person().reports.report_message(
        world.theirs.evidence("x" * 40_000), category="other", may_pass_on=True
    )
    opened = await moderator.moderation.open_report(made.id)
    with pytest.raises(UsageError, match="too long"):
        await moderator.moderation.pass_on(opened)
    assert world.theirs.reports == {}


async def test_an_offer_of_another_community_is_named_openly_when_passed_on(
    world: World, moderator: Person, content: OfferContent
) -> None:
    await world.person(world.theirs).moderation.make_key()
    url = put_offer(world.theirs, content)
    raw = world.theirs.signed(encode_base64url(bytes(range(16))))
    payload = ReportPayload("offer", "spam", "", True, world.theirs.origin, raw)
    community = community_id(actor_url(world.ours.origin))
    key = parse_base64url(world.ours.moderators_key)
    sealed = seal_for_moderators(
        key, encode_payload(payload), kind=KIND_REPORT, community=community
    )
    name = world.ours.add_report(encode_base64url(sealed))
    opened = await moderator.moderation.open_report(parse_base64url(name))
    await moderator.moderation.pass_on(opened)
    assert world.ours.decisions[-1].flag_object == url


async def test_the_key_is_handed_on_with_a_passphrase(world: World, moderator: Person) -> None:
    file = await moderator.moderation.hand_on("gravel-otter-lamp")
    second = world.person()
    assert not second.moderation.has_key
    with pytest.raises(WrongPassphraseError):
        await second.moderation.take_over(file, "gravel-otter-pear")
    await second.moderation.take_over(file, "gravel-otter-lamp")
    made = await world.person().reports.report_message(
        world.ours.evidence("hello"), category="other"
    )
    assert (await second.moderation.open_report(made.id)).proven is not None
    assert [kind for kind, _ in second.stored.records] == ["moderators"]


async def test_a_key_that_is_not_published_is_not_taken(
    world: World, moderator: Person
) -> None:
    old = await moderator.moderation.hand_on("gravel-otter-lamp")
    await moderator.moderation.make_key()
    second = world.person()
    with pytest.raises(UsageError, match="not the key"):
        await second.moderation.take_over(old, "gravel-otter-lamp")
    with pytest.raises(UsageError, match="does not hold"):
        await second.moderation.hand_on("gravel-otter-lamp")


async def test_a_new_key_seals_what_waits_anew_and_shuts_out_who_left(
    world: World, moderator: Person
) -> None:
    leaving = world.person()
    file = await moderator.moderation.hand_on("gravel-otter-lamp")
    await leaving.moderation.take_over(file, "gravel-otter-lamp")
    made = await world.person().reports.report_message(
        world.ours.evidence("hello"), category="other"
    )
    decided = await world.person().reports.report_message(
        world.ours.evidence("hello"), category="other"
    )
    await moderator.moderation.decide(decided.id, "no-action")
    before = world.ours.reports[encode_base64url(made.id)].sealed
    renewed = await moderator.moderation.make_key()
    assert (renewed.sealed_anew, renewed.left) == (1, 0)
    assert world.ours.reports[encode_base64url(made.id)].sealed != before
    assert (await moderator.moderation.open_report(made.id)).proven is not None
    with pytest.raises(DecryptionError):
        await leaving.moderation.open_report(made.id)

    stranger = world.person()
    renewed = await stranger.moderation.make_key()
    assert (renewed.sealed_anew, renewed.left) == (0, 1)


async def test_without_a_moderators_key_nothing_is_sent(world: World) -> None:
    with pytest.raises(UsageError, match="no key yet"):
        await world.person().reports.report_message(
            world.ours.evidence("hello"), category="other"
        )
    assert world.ours.reports == {}


async def test_after_nine_weeks_nobody_can_be_named(world: World, moderator: Person) -> None:
    made = await world.person().reports.report_message(
        world.ours.evidence("hello"), category="other"
    )
    opened = await moderator.moderation.open_report(made.id)
    world.ours.week_key = None
    with pytest.raises(ProblemError):
        await moderator.moderation.write_case(opened)


async def test_records_of_old_reports_are_forgotten(
    world: World, moderator: Person, clock: FakeClock
) -> None:
    reporter = world.person()
    made = await reporter.reports.report_message(world.ours.evidence("hello"), category="other")
    await reporter.reports.forget_old()
    assert reporter.reports.list() == (made,)
    clock.advance(KEPT_DAYS * DAY_S)
    assert reporter.reports.list() == ()
    await reporter.reports.forget_old()
    assert [value for _, _, value in reporter.stored.records.values()] == [None]
    assert await reporter.reports.state(bytes(16)) is None


async def test_an_application_is_read_and_opens_the_applicants_invite(
    world: World, moderator: Person
) -> None:
    actor, rng = actor_url(world.ours.origin), SeededRng(50)
    key = parse_base64url(world.ours.moderators_key)
    invites = [sha256(b"one"), sha256(b"two")]
    person = world.person()
    for invite in invites:
        call = make_application(
            "I repair radios", invite=invite, moderators_key=key, actor=actor, rng=rng
        )
        await person.connection.send(call)
    with pytest.raises(PrivacyFloorError):
        make_application(
            "I am wren@example.org", invite=bytes(32), moderators_key=key, actor=actor, rng=rng
        )
    first, second = await moderator.moderation.list_applications()
    opened = await moderator.moderation.open_application(parse_base64url(first.id))
    assert opened.words == "I repair radios"
    assert "radios" not in repr(opened)
    renewed = await moderator.moderation.make_key()
    assert renewed.sealed_anew == 2
    chosen = world.ours.applications[first.id].invite
    await moderator.moderation.admit(parse_base64url(first.id), is_admitted=True)
    await moderator.moderation.admit(parse_base64url(second.id), is_admitted=False)
    assert world.ours.admitted == [chosen]
    assert world.ours.applications == {}


def test_a_key_file_with_any_byte_changed_does_not_open() -> None:
    seed = sha256(b"moderators")
    file = lock_moderators_key(seed, "gravel-otter-lamp", rng=SeededRng(1))
    assert len(file) == FILE_BYTES
    assert unlock_moderators_key(file, "gravel-otter-lamp") == seed
    for place in (16, 40, 91):
        spoilt = bytearray(file)
        spoilt[place] ^= 1
        with pytest.raises(WrongPassphraseError):
            unlock_moderators_key(bytes(spoilt), "gravel-otter-lamp")
    for other in (file[:-1], b"x" + file[1:], b""):
        with pytest.raises(UsageError):
            unlock_moderators_key(other, "gravel-otter-lamp")
    assert sealing_public_key(seed) not in file
