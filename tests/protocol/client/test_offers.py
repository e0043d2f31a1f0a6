"""One's own offers: what is sent, by which credential, what survives a broken connection."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from kith_client.errors import NodeUnreachableError, ProblemError
from kith_client.keyring import Keyring
from kith_client.keystore import prune_offer
from kith_client.means import Means
from kith_client.member import Member
from kith_client.records import OfferRecord, Records, State, WeekRecord
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_protocol.day import Day, day_of, week_of
from kith_protocol.errors import PrivacyFloorError
from kith_protocol.offer_content import OfferContent
from kith_testing.clock import FakeClock
from kith_testing.small_node import SmallNode

PASSPHRASE = "gravel-otter-lamp-violin-pear-moss"


async def test_publishes_an_offer_with_a_bundle_for_each_week(
    node: SmallNode, member: Member, content: OfferContent, clock: FakeClock
) -> None:
    made = await member.offers.publish(content, days=30)
    held = node.offers[encode_base64url(made.record.id)]
    today = day_of(clock.now())
    assert held.body.content == content
    assert held.body.end_day == today + 30
    first, last = week_of(today), week_of(Day(today + 29))
    assert held.weeks == set(range(first, last + 1, 7))
    assert made.state == "waiting"


async def test_only_publishing_extending_and_bundles_show_a_session(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    node.seen.clear()
    made = await member.offers.publish(content, days=20)
    offer = made.record.id
    await member.offers.edit(offer, msgspec.structs.replace(content, room="full"))
    await member.offers.extend(offer, days=60)
    await member.offers.get(offer)
    await member.offers.withdraw(offer)
    await member.offers.receipts(offer)
    shown = {
        f"{seen.method} {seen.path.split('/', 5)[5:]}": "authorization" in seen.headers
        for seen in node.seen
    }
    assert shown == {
        "PUT []": True,
        "PUT ['bundles']": True,
        "PATCH []": False,
        "POST ['extension']": True,
        "GET []": False,
        "DELETE []": False,
        "GET ['receipts']": False,
    }


async def test_two_offers_have_nothing_in_common(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    one = (await member.offers.publish(content)).record
    other = (await member.offers.publish(content)).record
    secrets = [one.seed, one.box_seed, other.seed, other.box_seed]
    secrets += [week.seed for record in (one, other) for week in record.weeks]
    assert len(set(secrets)) == len(secrets)
    assert one.id != other.id


async def test_the_preview_is_what_the_node_signs_but_for_dates_and_proof(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    preview = member.offers.preview(content, days=30)
    made = await member.offers.publish(content, days=30)
    name = encode_base64url(made.record.id)
    signed = msgspec.json.decode(node.signed(name))
    for unknown in ("proof", "published", "updated"):
        del signed[unknown]
    shown = msgspec.json.decode(preview.raw)
    shown["id"] = signed["id"]
    shown["publishes"]["id"] = signed["publishes"]["id"]
    assert shown == signed
    said = "\n".join(preview.words)
    for words in ("career.cv", "en, ar", "review work", "I read what you wrote"):
        assert words in said


@pytest.mark.parametrize(
    "changes",
    [
        {"topics": ()},
        {"topics": ("career.cv", "career.cv")},
        {"languages": ("English",)},
        {"summary": {"en": "x" * 121}},
        {"region": "155"},
    ],
)
async def test_what_breaks_a_rule_is_not_sent(
    node: SmallNode, member: Member, content: OfferContent, changes: dict[str, object]
) -> None:
    node.seen.clear()
    broken = msgspec.structs.replace(content, **changes)
    with pytest.raises(MalformedError):
        await member.offers.publish(broken)
    assert (node.seen, member.keys.offers) == ([], ())


async def test_a_text_that_names_somebody_is_not_sent(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    node.seen.clear()
    unsafe = msgspec.structs.replace(content, summary={"en": "Write to wren@post.example"})
    with pytest.raises(PrivacyFloorError):
        await member.offers.publish(unsafe)
    assert node.seen == []


@pytest.mark.parametrize("days", [0, -1, 366])
async def test_an_offer_stands_for_a_day_to_a_year(
    member: Member, content: OfferContent, days: int
) -> None:
    with pytest.raises(UsageError):
        await member.offers.publish(content, days=days)


async def test_a_refused_offer_leaves_no_key_behind(
    member: Member, content: OfferContent
) -> None:
    crowded = msgspec.structs.replace(content, topics=("quota",))
    with pytest.raises(ProblemError) as caught:
        await member.offers.publish(crowded)
    assert caught.value.retry_after_s == 60
    with pytest.raises(ProblemError):
        await member.offers.publish(content, days=200)  # longer than this community allows
    assert member.keys.offers == ()


async def test_a_lost_answer_is_finished_later_as_the_same_offer(
    node: SmallNode, means: Means, content: OfferContent, tmp_path: Path
) -> None:
    link = f"{node.origin}/#i=spring-invite-one"
    joined = await Member.join(
        link, name="wren", passphrase=PASSPHRASE, home=tmp_path, means=means
    )
    async with joined.member as member:
        node.breaks_after = ("PUT", "offers")
        with pytest.raises(NodeUnreachableError):
            await member.offers.publish(content)
        node.breaks_after = None
        assert _states(member) == ["making"]
    # The key was on the disk before the node heard of the offer.
    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        assert await member.resume() == 1
        assert await member.resume() == 0
        assert _states(member) == ["live"]
        name = encode_base64url(member.keys.offers[0].id)
    assert list(node.offers) == [name]
    assert len(node.offers[name].weeks) >= 12


async def test_a_community_may_generalise_topics_and_the_answer_shows_it(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    node.generalises = {"career.cv": "career"}
    made = await member.offers.publish(content)
    assert made.record.content.topics == ("career",)
    assert member.keys.offer(made.record.id).content.topics == ("career",)


async def test_labels_go_with_the_topics_that_a_community_generalises(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    own = {"x.career.cabaret": {"en": "Cabaret"}, "x.career.circus": {"en": "Circus"}}
    labelled = msgspec.structs.replace(content, topics=tuple(own), topic_labels=own)
    node.generalises = {"x.career.cabaret": "career"}
    made = await member.offers.publish(labelled)
    assert made.record.content.topics == ("career", "x.career.circus")
    assert made.record.content.topic_labels == {"x.career.circus": {"en": "Circus"}}


async def test_an_answer_with_other_labels_is_not_believed(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    own = {"x.career.circus": {"en": "Circus"}}
    labelled = msgspec.structs.replace(content, topics=tuple(own), topic_labels=own)
    made = await member.offers.publish(labelled)
    for labels in ({"x.career.circus": {"en": "Clowns"}}, {}):
        node.overwrites = msgspec.structs.replace(labelled, topic_labels=labels)
        with pytest.raises(MalformedError):
            await member.offers.edit(made.record.id, labelled)


async def test_an_answer_about_other_words_is_not_believed(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    made = await member.offers.publish(content)
    node.overwrites = msgspec.structs.replace(content, languages=("de",))
    with pytest.raises(MalformedError):
        await member.offers.edit(made.record.id, content)
    with pytest.raises(MalformedError):
        await member.offers.publish(content)


async def test_an_edit_changes_the_content(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    made = await member.offers.publish(content)
    full = msgspec.structs.replace(content, room="full")
    await member.offers.edit(made.record.id, full)
    assert node.offers[encode_base64url(made.record.id)].body.content == full
    assert member.keys.offer(made.record.id).content == full


@pytest.mark.parametrize(("is_released", "revision"), [(False, 1), (True, 2)])
async def test_an_edit_of_what_was_released_is_a_new_revision(
    node: SmallNode, member: Member, content: OfferContent, is_released: bool, revision: int
) -> None:
    made = await member.offers.publish(content)
    node.has_released = is_released
    present = await member.offers.get(made.record.id)
    preview = member.offers.preview_edit(present, content)
    assert msgspec.json.decode(preview.raw)["kith:revision"] == revision


async def test_extending_adds_bundles_for_the_new_weeks_only(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    made = await member.offers.publish(content, days=10)
    before = {week.week: week.seed for week in made.record.weeks}
    await member.offers.extend(made.record.id, days=60)
    record = member.keys.offer(made.record.id)
    after = {week.week: week.seed for week in record.weeks}
    assert before.items() <= after.items()
    assert node.offers[encode_base64url(made.record.id)].weeks == set(after)
    uploads = [seen for seen in node.seen if seen.path.endswith("/bundles")]
    assert len(msgspec.json.decode(uploads[-1].body)["bundles"]) == len(after) - len(before)
    with pytest.raises(UsageError):
        await member.offers.extend(made.record.id, days=60)


async def test_withdrawing_twice_changes_nothing(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    made = await member.offers.publish(content)
    await member.offers.withdraw(made.record.id)
    await member.offers.withdraw(made.record.id)
    assert node.withdrawn == [encode_base64url(made.record.id)]
    assert [one.state for one in await member.offers.list_own()] == ["withdrawn"]
    assert member.keys.offer(made.record.id).weeks == ()
    receipts = await member.offers.receipts(made.record.id)
    assert [(one.peer, one.state) for one in receipts] == [
        ("https://peer.example/actor", "confirmed")
    ]


async def test_lists_own_offers_in_order_but_asks_in_another(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    made = [(await member.offers.publish(content)).record.id for _ in range(6)]
    node.seen.clear()
    listed = await member.offers.list_own()
    assert [one.record.id for one in listed] == made
    asked = [seen.path.rpartition("/")[2] for seen in node.seen]
    names = [encode_base64url(offer) for offer in made]
    assert sorted(asked) == sorted(names)
    assert asked != names  # by a seeded shuffle: not the order of publishing


async def test_an_offer_that_is_gone_is_shown_as_gone(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    made = await member.offers.publish(content)
    node.offers.clear()
    assert (await member.offers.get(made.record.id)).state == "gone"


async def test_keys_own_only_their_own(member: Member) -> None:
    with pytest.raises(UsageError):
        await member.offers.get(bytes(16))
    with pytest.raises(UsageError):
        await member.profiles.withdraw(bytes(16))


async def test_a_batch_saves_once(
    member: Member, means: Means, content: OfferContent, tmp_path: Path
) -> None:
    path = tmp_path / "keys"
    header = bytes(86)  # as if derived: opening it again is not the matter here
    keyring = Keyring(
        path=path,
        header=header,
        vault_key=bytes(32),
        records=Records(community=member.community),
        rng=means.rng,
    )
    async with Member(keyring, means, ExitStack()) as saving:
        with saving.batch():
            with saving.batch():
                await saving.offers.publish(content)
            assert not path.exists()
        first = path.read_bytes()
        await saving.offers.publish(content)
        assert path.read_bytes() != first


def test_old_seeds_are_forgotten(content: OfferContent) -> None:
    weeks = tuple(WeekRecord(week, bytes(32)) for week in (0, 7, 14))
    offer = OfferRecord(
        id=bytes(16),
        seed=bytes(32),
        box_seed=bytes(32),
        end_day=20,
        content=content,
        state="live",
        weeks=weeks,
    )

    def weeks_kept(today: int) -> tuple[WeekRecord, ...] | None:
        kept = prune_offer(offer, today)
        return None if kept is None else kept.weeks

    # A week's seed goes 45 days after the week, the whole offer 45 days after its end.
    assert prune_offer(offer, 51) == offer
    assert weeks_kept(52) == weeks[1:]
    assert weeks_kept(64) == weeks[2:]
    assert weeks_kept(65) is None


def _states(member: Member) -> list[State]:
    return [record.state for record in member.keys.offers]
