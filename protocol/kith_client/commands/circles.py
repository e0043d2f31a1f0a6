"""``kith me circle …``: small groups: join one, read, say something, leave."""

from __future__ import annotations

import sys

import click

from kith_client.commands.circle_documents import (
    circle_document,
    invitation_document,
    line_document,
    news_document,
    words_document,
)
from kith_client.commands.circle_scene import (
    CircleScene,
    in_circle,
    pick_circle,
    shown_id,
    typed_id,
    with_member,
)
from kith_client.commands.circle_words import (
    STATES,
    known_terms,
    names_of,
    purpose_of,
    safe,
    show_circle_news,
    show_meeting,
    show_members,
    show_said,
    show_terms,
    warnings_of,
)
from kith_client.commands.common import (
    Place,
    member_command,
    run_async,
    short_id,
)
from kith_client.commands.messages import show_day
from kith_client.commands.progress import waiting_for
from kith_client.commands.reader import reader_of
from kith_client.commands.report import TOO_LATE, report_options, send_report, show_proof
from kith_client.commands.scene import ask_first
from kith_client.member import Member
from kith_client.reports import OwnReport
from kith_crypto.errors import UsageError
from kith_protocol.sealed_api import ReportCategory


@click.group()
def circle() -> None:
    """Small groups: up to 30 people of any connected communities, for a purpose and a time.

    Whoever convenes a circle invites people they talk with already, and says who is in it;
    everybody has acknowledged its terms. What you say is sealed for each one by itself, so no
    node knows that there is a group. A circle is named by its number in `kith me circle list`,
    or by the beginning of its id.

    \b
    A beginning:
      kith me circle convene --purpose "Reading each other's CVs" --until 2027-06-01 --name Ann
      kith me circle invite 1 2 'Would you like to come?'
      kith me circle invitations
      kith me circle join 1 --name Ben
      kith me circle say 1 'Hello, all'
      kith me circle show 1
    """  # noqa: D301 - click reads the escape


@circle.command("list")
@member_command
def list_circles(place: Place) -> None:
    """List your circles after looking for what is new, and let in who accepted.

    Example: kith me circle list
    """

    async def act(member: Member) -> None:
        await waiting_for("Looking for messages", member.conversations.check())
        news = await waiting_for("Looking into your circles", member.circles.check())
        for number, one in enumerate(member.circles.list(), 1):
            view = one.view
            state = STATES[view.state] or f"{len(view.places) + view.unknown} in it"
            if view.state == "open" and view.me.is_convener:
                state += ", you convene it"
            purpose = purpose_of(known_terms(member, one, view))
            place.title(f"{number:2}. {purpose}  [{short_id(one.id)}, {state}]")
            if view.purge_day is not None and view.state != "open":
                place.say(f"    deleted here on {show_day(view.purge_day)}")
        if not member.circles.list():
            place.say("You are in no circle. Begin one: kith me circle convene")
        waiting = member.circles.invitations
        show_circle_news(place, news, waiting)
        place.answer(
            {
                "circles": [line_document(member, one) for one in member.circles.list()],
                "news": [news_document(one, what) for one, what in news],
                "invitations": [invitation_document(one) for one in waiting],
            }
        )

    with_member(place, act)


@circle.command("show")
@click.argument("number", metavar="CIRCLE")
@click.option("--last", type=click.IntRange(0), default=20, help="How many messages to show.")
@click.option("--zone", help="Yours, like Africa/Nairobi; by default your system's.")
@member_command
def show_circle(place: Place, number: str, last: int, zone: str | None) -> None:
    """Show a circle: what it agrees on, who is in it, when you meet, what was said.

    Example: kith me circle show 1 --last 50
    """
    reader = reader_of(zone=zone)

    async def act(scene: CircleScene) -> None:
        one, view = scene.circle, scene.view
        names, terms = names_of(view), known_terms(scene.member, one, view)
        state = f", {STATES[view.state]}" if STATES[view.state] else ""
        place.title(f"{purpose_of(terms)}  [{short_id(one.id)}{state}]")
        if terms is not None:
            show_terms(place, terms)
        if view.farewell:
            place.say(f"  they say: {safe(view.farewell)}")
        if view.places:
            show_members(place, one, view, names)
        if view.meetings:
            place.title("Sessions")
        for at, meeting in enumerate(view.meetings, 1):
            show_meeting(place, at, meeting, names, reader)
        said = view.words[len(view.words) - last :] if last else ()
        if said:
            place.title("Words")
        for words in said:
            show_said(place, words, names, reader, is_own=words.writer == one.seat.key)
        for warning in warnings_of(one, view, names).values():
            place.warn(warning)
        place.answer(circle_document(scene.member, one))

    in_circle(place, number, act)


@circle.command("say")
@click.argument("number", metavar="CIRCLE")
@click.argument("text")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def say(place: Place, number: str, text: str, is_agreed: bool) -> None:
    """Say TEXT to everybody in a circle; '-' says what comes on the input.

    A letter for each one leaves by itself, over a minute or two, so that nobody who watches the
    line sees a group. Ctrl-C is safe: the rest leaves the next time you look.

    Example: kith me circle say 1 'Good morning, all'
    """
    said = sys.stdin.read().strip() if text == "-" else text
    reader = reader_of()

    async def act(scene: CircleScene) -> None:
        ask_first(place, said, reader, is_agreed=is_agreed)
        made = await scene.send(lambda tell: scene.circle.say(said, progress=tell))
        own = scene.circle.seat.key
        written = made or next(one for one in reversed(scene.view.words) if one.writer == own)
        show_said(place, written, {}, reader, is_own=True)
        place.answer(words_document(written, own=own))

    in_circle(place, number, act)


@circle.command("rules")
@click.argument("number", metavar="CIRCLE")
@click.option("--acknowledge", is_flag=True, help="Tell the others that you have read them.")
@member_command
def rules(place: Place, number: str, acknowledge: bool) -> None:
    """Show what a circle agrees on, and who has not acknowledged it yet.

    Where the convener changed it, nobody can say anything before they --acknowledge it.

    Example: kith me circle rules 1 --acknowledge
    """

    async def act(scene: CircleScene) -> None:
        terms = scene.view.roster.terms
        place.title(f"[{short_id(scene.circle.id)}]")
        show_terms(place, terms)
        if acknowledge:
            await scene.send(lambda tell: scene.circle.acknowledge(progress=tell))
        view = scene.view
        names = names_of(view)
        missing = [one for one in view.places if not one.has_acknowledged]
        if missing:
            shown = ("you" if one.is_me else names[one.seat.key] for one in missing)
            place.say(f"Not acknowledged yet by: {', '.join(shown)}")
        else:
            place.say("Everybody has acknowledged this.")
        if any(one.is_me for one in missing):
            place.say(f"Acknowledge it: kith me circle rules {number} --acknowledge")
        place.answer({"terms": terms, "missing": [one.seat.key for one in missing]})

    in_circle(place, number, act)


@circle.command("leave")
@click.argument("number", metavar="CIRCLE")
@click.argument("words", default="")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def leave(place: Place, number: str, words: str, is_agreed: bool) -> None:
    """Leave a circle, with WORDS to everybody if you like. No reason is needed.

    Nobody writes to you from then on. What was said stays here until the circle is deleted, or
    you `forget` it; the others keep what you said.

    Example: kith me circle leave 1 'Thank you all'
    """

    async def act(scene: CircleScene) -> None:
        place.confirm("Leave this circle?", is_agreed=is_agreed)
        ask_first(place, words, reader_of(), is_agreed=is_agreed)
        await scene.send(lambda tell: scene.circle.leave(words, progress=tell))
        place.say("You have left it.")
        place.answer({"id": shown_id(scene.circle), "state": scene.view.state})

    in_circle(place, number, act)


@circle.command("forget")
@click.argument("number", metavar="CIRCLE")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def forget(place: Place, number: str, is_agreed: bool) -> None:
    """Delete everything of a circle from your devices and your vault, and its box, at once.

    Nobody is told: if you are in it still, `leave` first, or they go on writing to you.

    Example: kith me circle forget 1
    """

    async def act(member: Member) -> None:
        one = pick_circle(member, number)
        if one.view.state in ("open", "joining"):
            place.warn("you are in it still, and nobody is told; `leave` says so to the others")
        place.confirm("Delete all of this circle?", is_agreed=is_agreed)
        await waiting_for("Deleting", member.circles.forget(one))
        place.say("It is deleted here. What others have, they keep until it is deleted there.")
        place.answer({"id": shown_id(one), "forgotten": True})

    with_member(place, act)


@circle.command("report")
@click.argument("number", metavar="CIRCLE")
@click.argument("words_id", metavar="WORDS")
@report_options
@member_command
def report_words(
    place: Place,
    number: str,
    words_id: str,
    category: ReportCategory,
    words: str,
    may_pass_on: bool,
    is_agreed: bool,
) -> None:
    """Report what somebody said, by the id that `kith me circle show` prints beside it.

    Your moderators get proof of this one message. Nobody else in the circle is told.

    Example: kith me circle report 1 k3Jd9sQz --category harassment
    """

    async def work(member: Member) -> OwnReport:
        await member.refresh()
        one = pick_circle(member, number)
        said = one.find_words(typed_id(words_id))
        if said.writer == one.seat.key:
            raise UsageError("these words are your own")
        proof = one.evidence(said)
        if proof is None:
            raise UsageError(TOO_LATE)
        show_proof(place, proof, is_agreed=is_agreed)
        return await member.reports.report_message(
            proof, category=category, words=words, may_pass_on=may_pass_on
        )

    run_async(send_report(place, place.ask_passphrase(), work))
