"""Collects everything of a member into one export; see ``export_document`` for its form.

It is put together on the device from keys and vault: no node is asked for it, so the sender's
stamps and everything else that proves messages never gets in.
"""

from __future__ import annotations

from kith_client.blocks import Blocks
from kith_client.circles.circles import Circles
from kith_client.conversation import Conversation
from kith_client.conversations import Conversations
from kith_client.export_circles import export_circles
from kith_client.export_document import (
    Export,
    ExportedBlock,
    ExportedCard,
    ExportedConversation,
    ExportedKnock,
    ExportedMessage,
    ExportedOffer,
    ExportedPersona,
    ExportedWish,
)
from kith_client.export_mentorship import export_mentorship, export_thanks
from kith_client.keystore import KeyStore
from kith_client.knocks import Knocks
from kith_client.mentorship.thanks import ThanksBook
from kith_client.personas import Personas
from kith_client.records import CommunityRecord, OfferRecord
from kith_client.wishes import Wishes
from kith_crypto.encoding import encode_base64url
from kith_protocol.conversation.bodies import (
    Answer,
    Body,
    Card,
    Close,
    Knock,
    Part,
    Text,
    Unknown,
)
from kith_protocol.conversation.events import Shown
from kith_protocol.conversation.incoming import words_of
from kith_protocol.conversation.records import IncomingKnock, OutgoingKnock
from kith_protocol.day import Day, day_of
from kith_protocol.mentorship.bodies import MENTORSHIP_BODIES
from kith_protocol.offer_content import ProfileContent
from kith_protocol.query import encode_query
from kith_protocol.urls import offer_url

_HIDDEN = frozenset({"rekey", "part"})


def make_export(
    *,
    community: CommunityRecord,
    keys: KeyStore,
    personas: Personas,
    knocks: Knocks,
    conversations: Conversations,
    circles: Circles,
    wishes: Wishes,
    thanks: ThanksBook,
    blocks: Blocks,
    today: Day,
) -> Export:
    """Return everything of a member. Reads memory only: refresh the vault before."""
    node = community.node
    return Export(
        community=community.actor,
        node=node,
        day=today,
        personas=tuple(_persona(one.content) for one in personas.list()),
        offers=tuple(_offer(node, record) for record in keys.offers),
        profiles=tuple(_persona(one.content, end_day=one.end_day) for one in keys.profiles),
        knocks=(
            *map(_made, knocks.made),
            *(_received(node, knock) for knock in knocks.received),
        ),
        conversations=tuple(_conversation(one) for one in conversations.list()),
        circles=export_circles(circles),
        wishes=tuple(
            ExportedWish(encode_query(one.query), one.name, one.standing)
            for one in wishes.list()
        ),
        thanks=export_thanks(thanks),
        blocked=tuple(
            ExportedBlock(encode_base64url(one.offer), one.day) for one in blocks.list()
        ),
    )


def _persona(content: ProfileContent, *, end_day: int | None = None) -> ExportedPersona:
    return ExportedPersona(
        pseudonym=content.pseudonym,
        pronouns=content.pronouns,
        about=content.about,
        languages=content.languages,
        topics=content.topics,
        picture=content.picture,
        end_day=end_day,
    )


def _offer(node: str, record: OfferRecord) -> ExportedOffer:
    content = record.content
    return ExportedOffer(
        url=offer_url(node, record.id),
        state=record.state,
        end_day=record.end_day,
        topics=content.topics,
        languages=content.languages,
        ways=content.ways,
        formats=content.formats,
        texts=(*content.summary.items(), *content.content.items()),
    )


def _card(card: Card | None) -> ExportedCard | None:
    if card is None:
        return None
    return ExportedCard(card.pseudonym, card.pronouns, card.about, card.languages, card.topics)


def _made(knock: OutgoingKnock) -> ExportedKnock:
    words = knock.words
    return ExportedKnock(
        is_mine=True,
        offer=offer_url(knock.node, knock.offer),
        state=knock.state,
        text=_joined(words.words, words.hopes, words.tried, words.rhythm, words.times),
        day=day_of(knock.sent_at or knock.changed_at),
    )


def _received(node: str, knock: IncomingKnock) -> ExportedKnock:
    said = words_of(knock)
    return ExportedKnock(
        is_mine=False,
        offer=offer_url(node, knock.offer),
        state=knock.state,
        text=_joined(said.words, said.hopes, said.tried, said.rhythm, said.times),
        day=day_of(knock.read_at),
        card=_card(said.card),
    )


def _conversation(conversation: Conversation) -> ExportedConversation:
    entries = [entry for entry in conversation.messages if isinstance(entry, Shown)]
    said = [message for entry in entries if (message := _message(entry)) is not None]
    files = [
        ExportedMessage(
            is_mine=file.is_own,
            minute=file.minute,
            kind="file",
            file_name=file.name,
            file_bytes=len(file.data),
            file=encode_base64url(file.data),
        )
        for file in conversation.files
    ]
    return ExportedConversation(
        id=encode_base64url(conversation.id),
        role="mentee" if conversation.is_mentee else "mentor",
        offer=encode_base64url(conversation.offer),
        node=conversation.node,
        state=conversation.state,
        card=_card(conversation.card),
        mentorship=export_mentorship(conversation.mentorship),
        messages=tuple(sorted([*said, *files], key=lambda message: message.minute)),
    )


def _message(entry: Shown) -> ExportedMessage | None:
    kind, text = _say(entry.body)
    # What a mentorship is made of is exported as what it became.
    if kind in _HIDDEN or isinstance(entry.body, MENTORSHIP_BODIES):
        return None
    return ExportedMessage(entry.is_own, entry.minute, kind, text)


def _say(body: Body) -> tuple[str, str]:
    """Return the type of *body*, and what it says."""
    match body:
        case Text(text=text):
            return "text", text
        case Knock() as said:
            return "knock", _joined(said.words, said.hopes, said.tried, said.rhythm, said.times)
        case Answer(words=words, times=times):
            return "answer", _joined(words, times)
        case Close(words=words):
            return "close", words
        case Card() as card:
            return "card", _joined(card.pseudonym, card.pronouns, card.about)
        case Part():
            return "part", ""
        case Unknown(type=kind):
            return kind, ""
        case _:
            return type(body).__name__.lower(), ""


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
