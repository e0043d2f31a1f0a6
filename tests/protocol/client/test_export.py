"""An export holds all of a member's own data, and nothing that opens or proves anything."""

from __future__ import annotations

from base64 import b64encode

import msgspec
import pytest

from kith_client.export_document import encode_export, parse_export
from kith_client.export_html import render_export
from kith_crypto.encoding import encode_base64url
from kith_protocol.conversation.records import RECORD_KINDS, IncomingKnock, Proofs, Seed, Talk
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
