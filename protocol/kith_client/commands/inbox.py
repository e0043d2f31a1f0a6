"""``kith me inbox`` and ``kith me answer``: who knocked, and what is new in conversations."""

from __future__ import annotations

import dataclasses
from typing import Literal

import click

from kith_client.circles.circle import Circle, News
from kith_client.circles.circles import Invitation
from kith_client.commands.cautions import show_cautions
from kith_client.commands.circle_documents import invitation_document, news_document
from kith_client.commands.circle_words import show_circle_news
from kith_client.commands.common import (
    Place,
    count_of,
    member_command,
    pick,
    run_async,
    short_id,
)
from kith_client.commands.guide import decline_text, tell_tip
from kith_client.commands.messages import show_entry, tidy
from kith_client.commands.persona import pick_persona
from kith_client.commands.progress import waiting_for
from kith_client.commands.reader import Reader, reader_of
from kith_client.commands.scene import ask_first, read_day
from kith_client.conversations import Happening
from kith_client.knocks import Arrivals
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.conversation.bodies import Knock
from kith_protocol.conversation.events import Received, Shown
from kith_protocol.conversation.incoming import words_of
from kith_protocol.conversation.records import IncomingKnock, OutgoingKnock
from kith_protocol.day import day_of, format_day
from kith_protocol.mentorship.bodies import MENTORSHIP_BODIES


@dataclasses.dataclass(frozen=True, slots=True)
class _Found:
    """What lies in the boxes, beside what ended by itself; which offers announce a circle."""

    tray: tuple[IncomingKnock, ...]
    news: tuple[Happening, ...]
    circles: tuple[tuple[Circle, News], ...]
    invitations: tuple[Invitation, ...]
    announced: dict[bytes, bytes]


@click.command()
@click.argument("number", required=False)
@click.option("--preview", is_flag=True, help="Show what the knocks say as well.")
@member_command
def inbox(place: Place, number: str | None, preview: bool) -> None:
    """Look into your boxes: who knocked, which conversations and circles have something new.

    Nobody is told that you have looked. Knocks are listed without what they say; NUMBER shows
    one of them.

    Example: kith me inbox 1
    """
    run_async(_inbox(place, place.ask_passphrase(), number, preview, reader_of()))


@click.command()
@click.argument("number")
@click.argument("decision", type=click.Choice(["yes", "no"]))
@click.option("--text", default="", help="What you say to them.")
@click.option("--times", default="", help="When it suits you, with your zone.")
@click.option("--persona", help="Who you are to them: a number in `kith me persona list`.")
@click.option("--suggest", multiple=True, help="With no: a topic where they may find somebody.")
@click.option("--template", type=int, help="With no: kind words, see kith me guide declines.")
@click.option("--language", "-l", help="Of --template; by default your system's.")
@click.option("--pause", is_flag=True, help="Take nobody new at this offer from now on.")
@click.option("--until", default="none", help="With --pause: the first day it is open again.")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def answer(
    place: Place,
    number: str,
    decision: Literal["yes", "no"],
    text: str,
    times: str,
    persona: str | None,
    suggest: tuple[str, ...],
    template: int | None,
    language: str | None,
    pause: bool,
    until: str,
    is_agreed: bool,
) -> None:
    """Answer the knock NUMBER of `kith me inbox`. A yes begins a conversation.

    Example: kith me answer 1 yes --text 'Gladly'
    """
    reader = reader_of(language=language)
    if template is not None:
        if decision == "yes" or text:
            raise UsageError("--template is for a no without a --text")
        text = decline_text(reader, template)
    if not pause and until != "none":
        raise UsageError("--until goes with --pause")
    pause_until = read_day(until) if pause else None
    words = {"text": text, "times": times}
    passphrase = place.ask_passphrase()
    ask_first(place, text, reader, is_agreed=is_agreed)
    run_async(
        _answer(
            place, passphrase, number, decision, words, persona, suggest, reader, pause_until
        )
    )


def pick_knock(member: Member, number: str) -> IncomingKnock:
    """Return the knock of the tray that *number* means.

    Raises:
        UsageError: there is none or more than one.
    """
    tray = member.knocks.tray
    try:
        chosen = pick(number, tuple(one.conversation for one in tray), "knock")
    except UsageError as error:
        # The list of one's own knocks is another one.
        raise UsageError(str(error).replace("kith me knock list", "kith me inbox")) from error
    return next(one for one in tray if one.conversation == chosen)


async def _inbox(
    place: Place, passphrase: str, number: str | None, preview: bool, reader: Reader
) -> None:
    async with await place.open(passphrase) as member:
        if number is None:
            deleted = await tidy(place, member)
            looking = member.knocks.check(found=reader.words.say("knock.withdrawn.found"))
            arrivals = await waiting_for("Looking for knocks", looking)
            show_arrivals(place, arrivals, reader)
            news = await waiting_for("Looking for messages", member.conversations.check())
            circles = await waiting_for("Looking into your circles", member.circles.check())
            found = _Found(
                member.knocks.tray,
                news,
                circles,
                invitations=member.circles.invitations,
                announced={one.record.offer: one.id for one in member.circles.list()},
            )
            _show_all(place, found, arrivals, preview, reader, deleted)
        else:
            await member.refresh()
            one = pick_knock(member, number)
            _show_knock(place, 1, one, reader, preview=True)
            place.answer(_document_of(one, with_words=True))


async def _answer(
    place: Place,
    passphrase: str,
    number: str,
    decision: Literal["yes", "no"],
    words: dict[str, str],
    persona: str | None,
    suggest: tuple[str, ...],
    reader: Reader,
    pause_until: int | None,
) -> None:
    async with await place.open(passphrase) as member:
        await member.refresh()
        one = pick_knock(member, number)
        if decision == "yes":
            chosen = pick_persona(member, persona)
            sending = member.knocks.accept(
                one,
                words["text"],
                times=words["times"],
                persona=chosen,
                pause_until=pause_until,
            )
        else:
            sending = member.knocks.decline(
                one, words["text"], suggestions=suggest, pause_until=pause_until
            )
        await waiting_for("Sending", sending)
        if decision == "yes":
            await _advise(place, member, one.conversation, reader)
    place.say(
        f"You talk from now on: kith me talk {short_id(one.conversation)}"
        if decision == "yes"
        else "They will read your answer."
    )
    place.answer({"id": encode_base64url(one.conversation), "accepted": decision == "yes"})


async def _advise(place: Place, member: Member, conversation: bytes, reader: Reader) -> None:
    begun = member.conversations.open(conversation)
    await tell_tip(place, member, begun, "first-message", reader)


def _show_all(
    place: Place,
    found: _Found,
    arrivals: Arrivals,
    preview: bool,
    reader: Reader,
    deleted: list[str],
) -> None:
    place.say(f"{count_of(len(found.tray), 'knock')} to answer")
    for number, one in enumerate(found.tray, 1):
        _show_knock(place, number, one, reader, preview=preview)
        if (circle := found.announced.get(one.offer)) is not None:
            place.say(f"  for your circle: kith me circle admit {short_id(circle)} {number}")
    for made in arrivals.answers:
        _show_answer(place, made)
    counts = {
        conversation.id: sum(isinstance(event, Received) for event in events)
        for conversation, events in found.news
    }
    place.say(f"{count_of(len(counts), 'conversation')} with something new")
    for conversation, count in counts.items():
        place.say(f"  {short_id(conversation)}: {count_of(count, 'message')}")
        for message in _of_mentorship(found.news, conversation):
            show_entry(place, message, reader)
    show_circle_news(place, found.circles, found.invitations)
    place.answer(
        {
            "knocks": [_document_of(one, with_words=preview) for one in found.tray],
            "answers": [
                {"id": encode_base64url(made.conversation), "state": made.state}
                for made in arrivals.answers
            ],
            "expired": [encode_base64url(one.conversation) for one in arrivals.expired],
            "paused": [encode_base64url(offer) for offer in arrivals.paused],
            "taken_back": [encode_base64url(one.conversation) for one in arrivals.withdrawn],
            "conversations": [
                {"id": encode_base64url(key), "new": count} for key, count in counts.items()
            ],
            "circles": [news_document(circle, what) for circle, what in found.circles],
            "invitations": [invitation_document(one) for one in found.invitations],
            "deleted": deleted,
        }
    )


def _of_mentorship(news: tuple[Happening, ...], conversation: bytes) -> list[Shown]:
    """Return what was proposed, agreed and the like; texts are read in ``kith me talk``."""
    return [
        event.message
        for one, events in news
        if one.id == conversation
        for event in events
        if isinstance(event, Received) and isinstance(event.message.body, MENTORSHIP_BODIES)
    ]


def show_arrivals(place: Place, arrivals: Arrivals, reader: Reader) -> None:
    """Tell of what ended by itself: unanswered knocks, pauses for that, knocks taken back."""
    for one in arrivals.expired:
        place.say(f"{reader.words.say('knock.expired.mentor')}  [{short_id(one.offer)}]")
    for offer in arrivals.paused:
        place.say(reader.words.say("offer.paused.ask"))
        place.say(f"  kith me offer resume {short_id(offer)}")
    for made in arrivals.withdrawn:
        place.say(f"Taken back, as another mentor said yes: {short_id(made.conversation)}")


def _show_answer(place: Place, made: OutgoingKnock) -> None:
    if made.state == "accepted":
        place.say(f"Your knock was accepted: kith me talk {short_id(made.conversation)}")
        return
    place.say(f"Your knock {short_id(made.conversation)} was declined.")
    if made.answer is not None and made.answer.words:
        place.say(f"  {made.answer.words}")


def _show_knock(
    place: Place, number: int, one: IncomingKnock, reader: Reader, *, preview: bool
) -> None:
    until = format_day(day_of(one.expires_at))[:10]
    place.title(f"{number:2}. Somebody knocked  [{short_id(one.conversation)}, until {until}]")
    place.say(f"  at your offer {short_id(one.offer)}, from {one.node}")
    if preview:
        _show_words(place, words_of(one))
        show_cautions(place, words_of(one), reader)


def _show_words(place: Place, said: Knock) -> None:
    if said.card is not None:
        pronouns = f" ({said.card.pronouns})" if said.card.pronouns else ""
        place.say(f"  {said.card.pseudonym}{pronouns} {said.card.about}".rstrip())
    place.say(f"  {said.words}")
    for name in ("hopes", "tried", "rhythm", "times"):
        if words := getattr(said, name):
            place.say(f"  {name}: {words}")


def _document_of(one: IncomingKnock, *, with_words: bool) -> dict[str, object]:
    said = words_of(one)
    document: dict[str, object] = {
        "id": encode_base64url(one.conversation),
        "offer": encode_base64url(one.offer),
        "node": one.node,
        "state": one.state,
    }
    if with_words:
        document |= {
            "text": said.words,
            "hopes": said.hopes,
            "tried": said.tried,
            "rhythm": said.rhythm,
            "times": said.times,
            "card": said.card,
        }
    return document
