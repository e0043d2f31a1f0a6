"""An export holds all of a member's own data, and nothing that opens or proves anything."""

from __future__ import annotations

from base64 import b64encode

import msgspec
import pytest

from kith_client.export_document import encode_export, parse_export
from kith_client.export_html import render_export
from kith_crypto.encoding import encode_base64url
from kith_protocol.circle.roster import CircleTerms
from kith_protocol.conversation.records import RECORD_KINDS, IncomingKnock, Proofs, Seed, Talk
from kith_protocol.day import day_of
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Device
from kith_testing.small_node import SmallNode


@pytest.fixture
async def mentor(people: Correspondents, node: SmallNode, other_node: SmallNode) -> Device:
    """Return a member with an offer, a conversation with a file, a declined knock, a block."""
    mentor, mentee = await people.member(other_node), await people.member(node)
    await mentor.member.personas.add("Heron", about="I read what you wrote")
    wren = await mentee.member.personas.add("Wren")
    offer = await mentor.offer()
    for number in range(3):
        await mentee.member.knocks.knock(offer, f"knock {number}", persona=wren)
    first, second, third = (await mentor.member.knocks.check()).knocks
    await mentor.member.knocks.accept(first, "gladly")
    await mentor.member.knocks.decline(second, "sorry")
    await mentor.member.knocks.block(third)
    await mentee.member.knocks.check()
    talk = mentee.member.conversations.open(first.conversation)
    await talk.say("a secret")
    await talk.send_file(b"a file", name="a.txt", media="text/plain")
    await mentor.member.conversations.check()
    return mentor


async def test_an_export_holds_everything(mentor: Device) -> None:
    export = mentor.member.export()
    assert parse_export(encode_export(export)) == export
    assert [one.pseudonym for one in export.personas] == ["Heron"]
    assert len(export.offers) == len(export.conversations) == len(export.blocked) == 1
    assert sorted(one.state for one in export.knocks) == ["accepted", "declined", "delivered"]
    (conversation,) = export.conversations
    assert conversation.card is not None
    assert conversation.card.pseudonym == "Wren"
    assert [one.kind for one in conversation.messages] == ["knock", "answer", "text", "file"]
    assert conversation.messages[2].text == "a secret"
    assert conversation.messages[3].file == encode_base64url(b"a file")
    page = render_export(export)
    for words in ("Heron", "Wren", "a secret", "gladly", "a.txt"):
        assert words in page


async def test_an_export_opens_and_proves_nothing(mentor: Device) -> None:
    secrets: set[bytes] = {mentor.person.auth, mentor.person.vault_key}
    for offer in mentor.member.keys.offers:
        secrets |= {offer.seed, offer.box_seed, *(week.seed for week in offer.weeks)}
    for kind in RECORD_KINDS:
        for value in mentor.member.vault.list(kind).values():
            secrets |= _secrets_of(kind, value)
    assert len(secrets) > 20
    raw = encode_export(mentor.member.export())
    for secret in secrets:
        for form in (secret.hex(), encode_base64url(secret), b64encode(secret).decode()):
            assert form.encode() not in raw


def _secrets_of(kind: str, value: object) -> set[bytes]:
    forms = {"talk": Talk, "seed": Seed, "proofs": Proofs, "knocked": IncomingKnock}
    if kind not in forms:
        return set()
    record = msgspec.convert(value, forms[kind])
    match record:
        case Talk():
            return {record.seed, record.box_seed}
        case Seed():
            return {record.seed}
        case Proofs():
            return {proof.frank_key for proof in record.proofs} | {
                proof.postmark for proof in record.proofs
            }
        case IncomingKnock(proof=proof, who=who) if proof is not None:
            return {proof.frank_key, proof.postmark, who}
        case _:
            return set()


async def test_leaving_closes_all_boxes_first(
    people: Correspondents, mentor: Device, node: SmallNode, other_node: SmallNode
) -> None:
    assert {box.kind for box in other_node.post.boxes.values()} == {"knock", "reply"}
    other_node.seen.clear()
    await mentor.member.leave()
    assert other_node.post.boxes == {}
    calls = [f"{seen.method} {seen.path.split('/')[3]}" for seen in other_node.seen]
    assert calls.index("DELETE mailboxes") < calls.index("DELETE offers")
    assert calls.index("DELETE offers") < calls.index("DELETE account")
    assert mentor.member.has_left


async def test_circles_are_exported_with_names_and_without_keys(
    people: Correspondents, node: SmallNode, other_node: SmallNode, clock: FakeClock
) -> None:
    ann, ben = await people.member(node), await people.member(other_node)
    today = day_of(clock.now())
    terms = CircleTerms("Reading together", today, today + 60, rules="Kind <b>words</b> only.")
    circle = await ann.member.circles.convene(terms, name="Ann")
    knock = await ann.member.knocks.knock(await ben.offer(), "Hello")
    (came,) = (await ben.member.knocks.check()).knocks
    await ben.member.knocks.accept(came, "Welcome")
    await ann.member.knocks.check()
    await circle.convener.invite(ann.member.conversations.open(knock.conversation))
    await ben.member.conversations.check()
    (invitation,) = ben.member.circles.invitations
    bens = await ben.member.circles.join(invitation, name="Ben")
    for one in (ann, ben):
        await one.member.conversations.check()
        await one.member.circles.check()
    await bens.say("A line that I liked")
    await circle.convener.plan(30_000_000, 60, "The library")
    await ann.member.circles.check()

    export = ann.member.export()
    assert parse_export(encode_export(export)) == export
    (exported,) = export.circles
    assert exported.my_name == "Ann"
    assert sorted(exported.members) == ["Ann", "Ben"]
    assert [(one.name, one.text) for one in exported.words] == [("Ben", "A line that I liked")]
    assert [one.where for one in exported.sessions] == ["The library"]
    assert exported.terms is not None
    assert exported.terms.ends == terms.ends
    page = render_export(export)
    for words in (
        "Reading together",
        "Kind &lt;b&gt;words",
        "A line that",
        "The library",
        "Ben",
    ):
        assert words in page
    raw = encode_export(export)
    own = circle.record.own
    for secret in (own.keys.seed, own.keys.box_seed, own.keys.reply_seed):
        assert encode_base64url(secret).encode() not in raw
    for seat in (circle.seat, bens.seat):
        assert seat.key.encode() not in raw
        assert seat.box.encode() not in raw
    assert len(export.conversations) == 1, "the links of a circle are no conversations"
