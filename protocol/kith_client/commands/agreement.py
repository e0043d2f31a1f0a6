"""``kith me agreement …``: what two people agree on."""

from __future__ import annotations

import re
from typing import get_args

import click
import msgspec

from kith_client.commands.common import Place, member_command
from kith_client.commands.guide import show_tip
from kith_client.commands.messages import show_day, show_minute
from kith_client.commands.reader import Reader, reader_of
from kith_client.commands.scene import Scene, in_conversation, read_coming_day
from kith_client.system import SystemClock
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.agreement import Agreement
from kith_protocol.mentorship.bodies import Cadence, Terms

_LABELS = {
    "goals": "goals",
    "cadence": "cadence",
    "sessions": "sessions",
    "minutes": "minutes",
    "channel": "channel",
    "boundaries": "boundaries",
    "confidentiality": "confidentiality",
    "limits": "limits",
    "ending": "ending",
    "review_day": "review",
}
_TEMPLATE = ("boundaries", "confidentiality", "limits", "ending")
_LONG = re.compile(r"length <= ([0-9]+)")
_OPTIONS = {"goals": "--goal", "review_day": "--review"}


@click.group()
def agreement() -> None:
    """What the two of you agree on: goals, rhythm, boundaries, how to end.

    Terms are in force once one of you accepts what the other proposed. Everything may be left
    open, and changed later. Nobody is bound: either of you may end at any time, without a
    reason, with `kith me closing end`. No node knows that there is an agreement.
    """


@agreement.command("show")
@click.argument("number")
@member_command
def show_agreement(place: Place, number: str) -> None:
    """Show the terms in force in conversation NUMBER of `kith me talk`, and those proposed.

    Example: kith me agreement show 1
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        _show(place, number, scene.state.agreement, reader)

    in_conversation(place, number, act)


@agreement.command("propose")
@click.argument("number")
@click.option("--goal", "goals", multiple=True, help="What it is for; up to 8, repeat it.")
@click.option("--cadence", type=click.Choice(get_args(Cadence)), help="How often.")
@click.option("--sessions", type=click.IntRange(0, 200), help="How many times; 0: open.")
@click.option("--minutes", type=click.IntRange(0, 600), help="Each time; 0: open.")
@click.option("--channel", help="Where you talk.")
@click.option("--boundaries", help="What is off limits.")
@click.option("--confidentiality", help="What stays between you.")
@click.option("--limits", help="What does not, and who is told.")
@click.option("--ending", help="How you end, also when it does not work.")
@click.option("--review", metavar="DATE", help="When you look back; none: no such day.")
@click.option("--template", "is_template", is_flag=True, help="Start from texts to begin with.")
@click.option("--language", "-l", help="Of --template; by default your system's.")
@click.option("--yes", "is_agreed", is_flag=True, help="With --template: do not ask.")
@member_command
def propose_terms(
    place: Place,
    number: str,
    is_template: bool,
    language: str | None,
    is_agreed: bool,
    review: str | None,
    **said: object,
) -> None:
    """Propose terms, or a change: what you do not name stays as it was said last.

    A change starts from the terms that are proposed at the moment, else from those in force,
    so that one option changes one thing. An empty text leaves that thing open again. Terms
    in force stay so until the new ones are accepted.

    Example: kith me agreement propose 1 --goal 'A CV that I like' --cadence weekly --sessions 4
    """
    reader = reader_of(language=language)
    named = {name: value for name, value in said.items() if value not in (None, ())}
    if review is not None:
        named["review_day"] = read_coming_day(review, SystemClock().now())
    if not named and not is_template:
        raise UsageError("say what you propose, such as --goal; or --template; see --help")

    async def act(scene: Scene) -> None:
        before = scene.state.agreement
        base = before.proposed or before.terms or Terms()
        terms = _change(_template(reader) if is_template else base, named)
        if is_template:
            _show_terms(place, "You would propose:", terms, reader)
            place.confirm("Propose this?", is_agreed=is_agreed)
        await scene.send(scene.mentorship.propose(terms))
        _show(place, number, scene.state.agreement, reader)

    in_conversation(place, number, act)


@agreement.command("accept")
@click.argument("number")
@member_command
def accept_terms(place: Place, number: str) -> None:
    """Accept what the other side proposes. You can still end or change it at any time.

    Example: kith me agreement accept 1
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        await scene.send(scene.mentorship.accept())
        _show(place, number, scene.state.agreement, reader)
        await show_tip(scene, "boundaries", reader)

    in_conversation(place, number, act)


@agreement.command("decline")
@click.argument("number")
@member_command
def decline_terms(place: Place, number: str) -> None:
    """Say no to what is proposed, or take back what you have proposed yourself.

    Terms that are in force stay so.

    Example: kith me agreement decline 1
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        await scene.send(scene.mentorship.decline())
        _show(place, number, scene.state.agreement, reader)

    in_conversation(place, number, act)


def _template(reader: Reader) -> Terms:
    """Return terms to begin with, in the reader's language; goals and rhythm are left open."""
    texts = {name: reader.words.say(f"agreement.template.{name}") for name in _TEMPLATE}
    return msgspec.convert(texts, Terms)


def _change(terms: Terms, named: dict[str, object]) -> Terms:
    """Return *terms* with what was named in its place.

    Raises:
        UsageError: a text is too long, or there are too many goals.
    """
    goals = named.get("goals")
    if isinstance(goals, tuple):
        named = {**named, "goals": tuple(goal.strip() for goal in goals if goal.strip())}
    document: dict[str, object] = msgspec.to_builtins(terms) | named
    try:
        return msgspec.convert(document, Terms)
    except msgspec.ValidationError as error:
        raise UsageError(_explain(error)) from error


def _explain(error: msgspec.ValidationError) -> str:
    reason, _, where = str(error).partition(" - at `$.")
    name = re.split(r"[^a-z_]", where)[0]
    option = _OPTIONS.get(name, f"--{name}")
    bound = _LONG.search(reason)
    if bound is None:
        return f"{option}: {reason}"
    unit = "goals" if "array" in reason else "characters"
    return f"{option} takes at most {bound[1]} {unit}"


def _show(place: Place, number: str, one: Agreement, reader: Reader) -> None:
    if one.terms is not None:
        _show_terms(
            place, f"Agreed on {show_minute(one.agreed_minute)[:10]}:", one.terms, reader
        )
    if one.proposed is not None:
        who = "You propose" if one.is_proposed_by_me else "They propose"
        _show_terms(place, f"{who}:", one.proposed, reader, since=one.terms)
        if one.is_proposed_by_me:
            place.say(f"Take it back: kith me agreement decline {number}")
        else:
            place.say(f"Answer: kith me agreement accept {number}, decline {number},")
            place.say(f"or propose something else: kith me agreement propose {number} …")
    if one.terms is None and one.proposed is None:
        place.say("Nothing is agreed, and nothing is proposed.")
        place.say(f"Begin with: kith me agreement propose {number} --template")
    place.answer(
        {
            "terms": one.terms,
            "agreed_minute": one.agreed_minute or None,
            "proposed": one.proposed,
            "proposed_by_me": one.is_proposed_by_me,
        }
    )


def _show_terms(
    place: Place, title: str, terms: Terms, reader: Reader, *, since: Terms | None = None
) -> None:
    """Print *terms*; what differs from those they would replace is marked."""
    place.title(title)
    for name, label in _LABELS.items():
        value = getattr(terms, name)
        is_new = since is not None and getattr(since, name) != value
        if value or is_new:
            mark = "*" if is_new else " "
            said = reader.words.say(f"agreement.label.{label}")
            place.say(f" {mark} {said}: {_words_of(name, value, reader)}")
    if since is not None and terms != since:
        place.say("   (* is not as in the terms in force)")


def _words_of(name: str, value: object, reader: Reader) -> str:
    if not value:
        return "left open"
    if name == "review_day" and isinstance(value, int):
        return show_day(value)
    if isinstance(value, tuple):
        return "; ".join(value)
    return reader.words.say(f"cadence.{value}") if name == "cadence" else str(value)
