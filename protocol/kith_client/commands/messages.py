"""Messages of a conversation as commands show them, and which conversation is meant."""

from __future__ import annotations

import click
import msgspec

from kith_client.commands.cautions import show_cautions
from kith_client.commands.common import Place, count_of, pick
from kith_client.commands.reader import Reader
from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.circle.bodies import (
    CIRCLE_BODIES,
    CircleDecline,
    CircleInvite,
    CircleJoin,
)
from kith_protocol.conversation.bodies import (
    Answer,
    Body,
    Card,
    Close,
    Freeze,
    Knock,
    Part,
    Text,
)
from kith_protocol.conversation.events import Entry, Missing, Shown
from kith_protocol.day import day_of, format_day
from kith_protocol.mentorship.bodies import (
    MENTORSHIP_BODIES,
    Closing,
    PassedOn,
    SessionEnd,
    SessionProposal,
)

_MINUTE_S = 60
_DAY_MINUTES = 24 * 60
_WITH_WORDS = (Closing, PassedOn, SessionEnd, SessionProposal)


def pick_conversation(member: Member, number: str) -> Conversation:
    """Return the conversation that *number* means.

    Raises:
        UsageError: there is none or more than one.
    """
    ids = tuple(one.id for one in member.conversations.list())
    try:
        return member.conversations.open(pick(number, ids, "conversation"))
    except UsageError as error:
        raise UsageError(
            str(error).replace("kith me conversation list", "kith me talk")
        ) from error


async def tidy(place: Place, member: Member) -> list[str]:
    """Delete what was to be kept until today at most, say so, and return the ids."""
    await member.refresh()
    gone = await member.conversations.tidy()
    if gone:
        place.say(f"{count_of(len(gone), 'conversation')} deleted, as wished at its end")
    return [encode_base64url(one) for one in gone]


def name_of(conversation: Conversation) -> str:
    """Return how the other side calls themselves."""
    card = conversation.card
    return card.pseudonym if card is not None else "Somebody without a card"


def show_entry(place: Place, entry: Entry, reader: Reader) -> None:
    """Print one message, or what is missing; under one that came, what to be careful about."""
    if isinstance(entry, Missing):
        place.say(f"  … {count_of(entry.count, 'message')} did not arrive")
        return
    text = describe_entry(entry, reader)
    if not text:
        return
    fork = "  [another version of this message exists]" if entry.is_fork else ""
    if isinstance(entry.body, MENTORSHIP_BODIES):  # its summary says who
        place.say(f"{show_minute(entry.minute)} {text}{fork}")
    else:
        who = click.style("you" if entry.is_own else "they", bold=True)
        place.say(f"{show_minute(entry.minute)} {who}: {text}{fork}")
    if isinstance(entry.body, _WITH_WORDS) and entry.body.words:  # not in the summary
        place.say(f"    {entry.body.words}")
    if not entry.is_own:
        show_cautions(place, entry.body, reader)


def describe_entry(entry: Shown, reader: Reader) -> str:
    """Return what a message says in words; nothing where it says nothing to people."""
    if isinstance(entry.body, MENTORSHIP_BODIES):
        return reader.summarise(entry.body, is_own=entry.is_own)
    return describe_body(entry.body)


def describe_body(body: Body) -> str:
    """Return what a *body* of no mentorship says in words; nothing where that is nothing."""
    match body:
        case Text(text=text):
            return text
        case Knock(words=words):
            return f"(knock) {words}"
        case Answer(words=words):
            return f"(answer) {words}"
        case Card(pseudonym=pseudonym, pronouns=pronouns, about=about, thanks=thanks):
            shown = f"{pseudonym} ({pronouns})" if pronouns else pseudonym
            said = "".join(f"\n    somebody thanked them: {one}" for one in thanks)
            return f"(card) {shown} {about}".rstrip() + said
        case Part(number=1, name=name, total=total):
            return f"(file) {name or 'without a name'}, {count_of(total, 'part')}"
        case Freeze():
            return "(paused by its owner)"
        case Close(words=words):
            return f"(ended) {words}".rstrip()
        case _:
            return _describe_circle(body)


def _describe_circle(body: Body) -> str:
    match body:
        case CircleInvite(terms=terms, words=words):
            until = show_day(terms.ends)
            return f"(invitation to a circle: {terms.purpose}, until {until}) {words}".rstrip()
        case CircleJoin(seat=seat):
            return f"(comes to the circle as {seat.name})"
        case CircleDecline(words=words):
            return f"(does not come to the circle) {words}".rstrip()
        case _:
            return ""


def show_minute(minute: int) -> str:
    """Return a minute since 1970-01-01 UTC as day and time in UTC."""
    rest = minute % _DAY_MINUTES
    return f"{show_day(minute // _DAY_MINUTES)} {rest // 60:02}:{rest % 60:02}"


def show_day(day: int) -> str:
    """Return a day since 1970-01-01 as people write it in lists."""
    return format_day(day_of(day * _DAY_MINUTES * _MINUTE_S))[:10]


def entry_document(entry: Entry, reader: Reader) -> dict[str, object]:
    """Return a message as the JSON output has it."""
    if isinstance(entry, Missing):
        return {"missing": entry.count}
    document: dict[str, object] = {
        "id": encode_base64url(entry.hash),
        "own": entry.is_own,
        "minute": entry.minute,
        "type": getattr(entry.body, "type", type(entry.body).__name__.lower()),
        "text": describe_entry(entry, reader),
        "fork": entry.is_fork,
        "seen": entry.is_acknowledged,
    }
    if isinstance(entry.body, MENTORSHIP_BODIES):
        document |= {"type": _type_of(entry.body), "body": entry.body}
    elif isinstance(entry.body, CIRCLE_BODIES):
        document["type"] = _type_of(entry.body)
    return document


def _type_of(body: msgspec.Struct) -> str:
    return str(body.__struct_config__.tag)
