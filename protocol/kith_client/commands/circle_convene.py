"""``kith me circle …``: what only the convener does: invite, remove, hand over, archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import msgspec

from kith_client.commands.circle_documents import circle_document
from kith_client.commands.circle_join import name_for
from kith_client.commands.circle_scene import (
    CircleScene,
    in_circle,
    shown_id,
    typed_id,
    with_member,
)
from kith_client.commands.circle_words import names_of, safe, show_terms
from kith_client.commands.common import Place, member_command, short_id
from kith_client.commands.inbox import pick_knock
from kith_client.commands.messages import name_of, pick_conversation
from kith_client.commands.offers import publish
from kith_client.commands.persona import pick_persona
from kith_client.commands.progress import waiting_for
from kith_client.commands.reader import reader_of
from kith_client.commands.scene import ask_first, read_coming_day, read_day, send_or_keep
from kith_client.commands.writing import Said, explain_bound
from kith_client.errors import NodeUnreachableError
from kith_client.member import Member
from kith_client.offers import MAX_DAYS
from kith_client.system import SystemClock
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.circle.roster import (
    MAX_PLACES,
    MAX_PURGE_DAYS,
    MAX_RULES_CHARACTERS,
    MIN_PLACES,
    MIN_PURGE_DAYS,
    CircleTerms,
)
from kith_protocol.circle.seat import Seat
from kith_protocol.day import day_of
from kith_protocol.query import FORMATS, LEVELS, WHENS

P = ParamSpec("P")
R = TypeVar("R")

LINKABLE = (
    "The offer is public: all who read it see that there is such a circle. Whoever is admitted "
    "knows that whoever made the offer convenes it."
)


def _terms_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give *command* an option for each thing that a circle may agree on beside its purpose."""
    options = (
        click.option("--begins", metavar="DATE", help="First day; today by default."),
        click.option("--rules", help="Ground rules, up to 2000 characters."),
        click.option(
            "--rules-file",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="Read the ground rules from this file.",
        ),
        click.option("--rhythm", help="How often and where you meet."),
        click.option(
            "--places",
            type=click.IntRange(MIN_PLACES, MAX_PLACES),
            help="For how many people, you among them; 12 by default.",
        ),
        click.option(
            "--purge-days",
            type=click.IntRange(MIN_PURGE_DAYS, MAX_PURGE_DAYS),
            help="So long after its end all of it is deleted; 30 by default.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("convene")
@click.option("--purpose", required=True, help="What it is for, in one line.")
@click.option("--until", metavar="DATE", required=True, help="First day on which it is over.")
@_terms_options
@click.option("--name", help="What the circle calls you; by default the name of --persona.")
@click.option("--persona", help="Whose picture to show: a number in `kith me persona list`.")
@member_command
def convene(place: Place, name: str | None, persona: str | None, **said: object) -> None:
    """Begin a circle, with yourself alone in it; then invite people.

    You say who is in it and plan its sessions, until you hand it over. Whoever comes
    acknowledges what you write here. No node learns of it.

    Example: kith me circle convene --purpose 'CVs, together' --until 2027-06-01 --name Ann
    """
    terms = _terms_of(said, None)

    async def act(member: Member) -> None:
        chosen = pick_persona(member, persona)
        called = name_for(place, name, chosen)
        convening = member.circles.convene(terms, name=called, persona=chosen)
        made = await waiting_for("Opening a box for it", convening)
        place.title(f"[{short_id(made.id)}]")
        show_terms(place, terms)
        place.say(f"Invite people: kith me circle invite {short_id(made.id)} CONVERSATION")
        place.answer(circle_document(member, made))

    with_member(place, act)


@click.command("invite")
@click.argument("number", metavar="CIRCLE")
@click.argument("conversation")
@click.argument("words", default="")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def invite(place: Place, number: str, conversation: str, words: str, is_agreed: bool) -> None:
    """Invite the other side of CONVERSATION, a number of `kith me talk`, with WORDS.

    They read what the circle agrees on, how many people it has, and what it calls you; not who
    the others are. Once they accept, the next `kith me circle list` or `kith me inbox` lets
    them in.

    Example: kith me circle invite 1 2 'Would you like to come?'
    """

    async def act(scene: CircleScene) -> None:
        chosen = pick_conversation(scene.member, conversation)
        ask_first(place, words, reader_of(), is_agreed=is_agreed)
        sending = scene.circle.convener.invite(chosen, words)
        await send_or_keep(place, sending, lambda: len(chosen.messages))
        place.say(f"{safe(name_of(chosen))} is invited.")
        place.answer({"id": shown_id(scene.circle), "with": name_of(chosen)})

    in_circle(place, number, act)


@click.command("change-rules")
@click.argument("number", metavar="CIRCLE")
@click.option("--purpose", help="What it is for, in one line.")
@click.option("--until", metavar="DATE", help="First day on which it is over.")
@_terms_options
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def change_rules(place: Place, number: str, is_agreed: bool, **said: object) -> None:
    """Let a circle agree on something else. What you do not name stays as it is.

    Everybody has to acknowledge it before they can say anything again.

    Example: kith me circle change-rules 1 --rhythm 'Every Monday'
    """
    if not any(value is not None for value in said.values()):
        raise UsageError("name what should change, such as --rhythm; see --help")

    async def act(scene: CircleScene) -> None:
        terms = _terms_of(said, scene.view.roster.terms)
        show_terms(place, terms)
        place.confirm("Change it? Everybody is asked for their word.", is_agreed=is_agreed)
        convener = scene.circle.convener
        await scene.send(lambda tell: convener.change_terms(terms, progress=tell))
        place.say("It is changed.")
        place.answer(circle_document(scene.member, scene.circle))

    in_circle(place, number, act)


@click.command("remove")
@click.argument("number", metavar="CIRCLE")
@click.argument("name")
@click.argument("words", default="")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def remove(place: Place, number: str, name: str, words: str, is_agreed: bool) -> None:
    """Take the seat of NAME away, with WORDS to them alone.

    They read nothing that is said from then on, and are told that they have no seat. What they
    have read they keep. Where several have one name, give the id that `show` prints beside it.

    Example: kith me circle remove 1 Cleo 'It did not fit. Take care.'
    """

    async def act(scene: CircleScene) -> None:
        seat = _find(scene, name)
        who = names_of(scene.view)[seat.key]
        place.confirm(f"Remove {who} from the circle?", is_agreed=is_agreed)
        ask_first(place, words, reader_of(), is_agreed=is_agreed)
        convener = scene.circle.convener
        await scene.send(lambda tell: convener.remove(seat, words, progress=tell))
        place.say(f"{who} has no seat any more.")
        place.answer(circle_document(scene.member, scene.circle))

    in_circle(place, number, act)


@click.command("hand-over")
@click.argument("number", metavar="CIRCLE")
@click.argument("name")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def hand_over(place: Place, number: str, name: str, is_agreed: bool) -> None:
    """Let NAME convene a circle from now on. Only they can give it back.

    Example: kith me circle hand-over 1 Ben
    """

    async def act(scene: CircleScene) -> None:
        seat = _find(scene, name)
        who = names_of(scene.view)[seat.key]
        place.confirm(f"Hand the circle over to {who}?", is_agreed=is_agreed)
        convener = scene.circle.convener
        await scene.send(lambda tell: convener.hand_over(seat, progress=tell))
        place.say(f"{who} convenes it now. You may stay, or leave.")
        place.answer(circle_document(scene.member, scene.circle))

    in_circle(place, number, act)


@click.command("archive")
@click.argument("number", metavar="CIRCLE")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def archive(place: Place, number: str, is_agreed: bool) -> None:
    """End a circle, for everybody. It cannot be opened again.

    Nothing more is said in it; everybody can still read it until it is deleted, so many days
    later as it agreed on.

    Example: kith me circle archive 1
    """

    async def act(scene: CircleScene) -> None:
        place.confirm("End this circle for everybody?", is_agreed=is_agreed)
        convener = scene.circle.convener
        await scene.send(lambda tell: convener.archive(progress=tell))
        place.say("It is over. Keep what matters to you: kith me export FOLDER")
        place.answer(circle_document(scene.member, scene.circle))

    in_circle(place, number, act)


@click.command("announce")
@click.argument("number", metavar="CIRCLE")
@click.option("--topic", "-t", "topics", multiple=True, required=True, help="Topic id; 1 to 4.")
@click.option("--language", "-l", "languages", multiple=True, required=True, help="Like en.")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(FORMATS), default=("chat",)
)
@click.option("--when", "when", multiple=True, type=click.Choice(WHENS))
@click.option("--level", "level", multiple=True, type=click.Choice(LEVELS))
@click.option("--summary", multiple=True, help="One line; en=… names its language.")
@click.option("--text", multiple=True, help="More text; en=… names its language.")
@click.option("--days", type=click.IntRange(1, MAX_DAYS), help="How long it stands.")
@click.option("--yes", "is_agreed", is_flag=True, help="Publish without asking.")
@member_command
def announce(
    place: Place, number: str, days: int | None, is_agreed: bool, **said: object
) -> None:
    """Publish an offer by which people find a circle and can ask to come in.

    It is an offer like any other, to practise together in a small group; what will leave is
    shown first. Whoever wants to come knocks; see `kith me inbox`, then `admit` them.

    Example: kith me circle announce 1 -t career.cv -l en --summary 'We read our CVs together'
    """
    wanted = msgspec.convert({**said, "ways": ("practise",), "group": True}, Said)

    async def act(scene: CircleScene) -> None:
        _check_may_announce(scene)
        place.say(LINKABLE)
        made = await publish(place, scene.member, wanted, days, is_agreed=is_agreed)
        await scene.circle.convener.announce_by(made.record.id)
        place.say(f"Who knocks: kith me inbox, then kith me circle admit {number} KNOCK")

    in_circle(place, number, act)


@click.command("admit")
@click.argument("number", metavar="CIRCLE")
@click.argument("knock")
@click.argument("words", default="")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def admit(place: Place, number: str, knock: str, words: str, is_agreed: bool) -> None:
    """Answer KNOCK of `kith me inbox`, at the offer that announces a circle, by an invitation.

    You talk with them from then on; they come in once they have acknowledged the terms.

    Example: kith me circle admit 1 1 'Gladly'
    """

    async def act(scene: CircleScene) -> None:
        chosen = pick_knock(scene.member, knock)
        ask_first(place, words, reader_of(), is_agreed=is_agreed)
        admitting = scene.member.circles.admit(scene.circle, chosen, words)
        talk = short_id(chosen.conversation)
        try:
            await waiting_for("Sending", admitting)
        except NodeUnreachableError:
            if chosen in scene.member.knocks.tray:
                raise
            place.warn(
                "the node cannot be reached; your answer is kept and leaves later. If no "
                f"invitation stands below it: kith me circle invite {number} {talk}"
            )
        place.say(f"They are invited. You talk: kith me talk {talk}")
        conversation = encode_base64url(chosen.conversation)
        place.answer({"id": shown_id(scene.circle), "conversation": conversation})

    in_circle(place, number, act)


def _find(scene: CircleScene, name: str) -> Seat:
    return scene.circle.find_member(typed_id(name))


def _check_may_announce(scene: CircleScene) -> None:
    if not scene.view.me.is_convener:
        raise UsageError("only the convener of a circle does that")
    known = scene.circle.record.offer
    if any(one.id == known and one.state == "live" for one in scene.member.keys.offers):
        raise UsageError(
            f"the circle is announced already; first: kith me offer withdraw {short_id(known)}"
        )


def _terms_of(said: dict[str, object], before: CircleTerms | None) -> CircleTerms:
    """Return what was *said* on the command line, and the rest as it was *before*.

    Raises:
        UsageError: a value cannot be used.
    """
    now = SystemClock().now()
    named = {name: value for name, value in said.items() if value is not None}
    if (file := named.pop("rules_file", None)) is not None:
        if "rules" in named:
            raise UsageError("--rules or --rules-file, not both")
        named["rules"] = _read_rules(Path(str(file)))
    if (until := named.pop("until", None)) is not None:
        named["ends"] = read_coming_day(str(until), now)
    if (begins := named.pop("begins", None)) is not None:
        named["begins"] = read_day(str(begins))
    start: dict[str, object] = (
        {"begins": day_of(now)} if before is None else msgspec.to_builtins(before)
    )
    try:
        return msgspec.convert(start | named, CircleTerms)
    except msgspec.ValidationError as error:
        raise UsageError(explain_bound(error)) from error


def _read_rules(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MAX_RULES_CHARACTERS * 4 + 1).decode("utf-8").strip()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text, or too long") from error
