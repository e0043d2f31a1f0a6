"""``kith me closing …``: ending well, and looking back."""

from __future__ import annotations

import click

from kith_client.commands.common import Place, member_command
from kith_client.commands.guide import closing_questions, show_tip
from kith_client.commands.messages import show_day, show_minute
from kith_client.commands.reader import Reader, reader_of
from kith_client.commands.scene import Scene, ask_first, in_conversation, read_coming_day
from kith_client.system import SystemClock
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.blind import Answers
from kith_protocol.mentorship.bodies import MAX_REFLECTIONS, Closing
from kith_protocol.mentorship.state import ClosingState


@click.group()
def closing() -> None:
    """End a mentorship, and look back on it. Either of you can, at any time, without a reason.

    The conversation goes on until one of you ends it too: `kith me talk NUMBER --close`.
    """


@closing.command("show")
@click.argument("number")
@click.option("--language", "-l", help="Of the questions; by default your system's.")
@member_command
def show_closing(place: Place, number: str, language: str | None) -> None:
    """Show how the mentorship in conversation NUMBER ended, and what to look back on.

    Example: kith me closing show 1
    """
    reader = reader_of(language=language)

    async def act(scene: Scene) -> None:
        _show(scene, number, reader)

    in_conversation(place, number, act)


@closing.command("end")
@click.argument("number")
@click.option("--text", default="", help="A last word, if you like.")
@click.option(
    "--keep-until",
    metavar="DATE",
    help="Both of you delete all that was said here on that day; the earlier wish counts.",
)
@click.option("--look-back", is_flag=True, help="Be asked the questions; Enter skips one.")
@click.option("--answer", "answers", multiple=True, help="To each question, in their order.")
@click.option("--language", "-l", help="Of the questions; by default your system's.")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def end_mentorship(
    place: Place,
    number: str,
    text: str,
    keep_until: str | None,
    look_back: bool,
    answers: tuple[str, ...],
    language: str | None,
    is_agreed: bool,
) -> None:
    """End the mentorship, for both; what is planned is cancelled. Nothing can bring it back.

    What you find looking back, the other side reads only once they have looked back too. With
    --keep-until your and their program delete the conversation on that day. What somebody has
    copied stays.

    Example: kith me closing end 1 --text 'Thank you for everything' --keep-until 2027-03-31
    """
    reader = reader_of(language=language)
    day = read_coming_day(keep_until or "", SystemClock().now())
    if len(answers) > MAX_REFLECTIONS:
        raise UsageError(f"there are at most {MAX_REFLECTIONS} answers")

    async def act(scene: Scene) -> None:
        ended = scene.state.closing
        if ended is not None and ended.mine is not None:
            raise UsageError(f"you have ended it already; see `kith me closing show {number}`")
        if not is_agreed:
            await show_tip(scene, "ending-well", reader)
        found = _look_back(reader) if look_back else answers
        if ended is None:
            place.confirm("End this mentorship, for both of you?", is_agreed=is_agreed)
        ask_first(place, text, reader, is_agreed=is_agreed)
        kept = found if any(found) else ()
        await scene.send(scene.mentorship.close(text, day, kept))
        _show(scene, number, reader)

    in_conversation(place, number, act)


def _look_back(reader: Reader) -> tuple[str, ...]:
    """Return what somebody answers to the questions, in their order."""
    return tuple(
        click.prompt(question, default="", show_default=False, err=True).strip()
        for question in closing_questions(reader)
    )


def _show(scene: Scene, number: str, reader: Reader) -> None:
    place, one = scene.place, scene.state.closing
    questions = closing_questions(reader)
    if one is None:
        place.say("The mentorship goes on.")
        place.say(f"End it: kith me closing end {number}")
        place.say("You may look back on:")
        for question in questions:
            place.say(f"  - {question}")
    else:
        _show_ended(scene, number, one, reader)
    place.answer(
        {
            "closed": one is not None,
            "mine": None if one is None else one.mine,
            "theirs": None if one is None else one.theirs,
            "keep_until_day": scene.mentorship.kept_until,
            "found_by_me": scene.mentorship.reflections,
            "found_by_them": None if one is None else one.looking_back.theirs,
            "questions": questions,
        }
    )


def _show_ended(scene: Scene, number: str, one: ClosingState, reader: Reader) -> None:
    place, words = scene.place, reader.words
    place.title(f"The mentorship ended on {show_minute(one.minute)[:10]}.")
    for who, said in (("You", one.mine), ("They", one.theirs)):
        _show_side(place, who, said)
    if (day := scene.mentorship.kept_until) is not None:
        place.say(words.say("closing.kept", day=show_day(day)))
        place.say(f"  {words.say('closing.kept.limits')}")
        place.say("  To keep a copy: kith me export FOLDER")
    _show_answers(place, "What you found looking back:", scene.mentorship.reflections, reader)
    _show_found(place, number, one, reader)
    if scene.conversation.is_mentee:
        place.say(f"To thank them: kith me thanks write {number} TEXT")
        place.say(f"{words.say('closing.pass-on')}  kith me pass-on {number}")


def _show_found(place: Place, number: str, one: ClosingState, reader: Reader) -> None:
    back = one.looking_back
    if back.is_theirs_false:
        place.say("What they show of looking back is not what they wrote first.")
    elif back.theirs is not None:
        _show_answers(place, "What they found looking back:", back.theirs, reader)
    elif back.is_theirs_in and one.mine is None:
        place.say("They have looked back. You read it if you do too:")
        place.say(f"  kith me closing end {number} --look-back")


def _show_answers(place: Place, title: str, found: Answers | None, reader: Reader) -> None:
    if found is None:
        return
    place.title(title)
    for question, words in zip(closing_questions(reader), found.words, strict=False):
        if words:
            place.say(f"  {question}\n    {words}")


def _show_side(place: Place, who: str, said: Closing | None) -> None:
    if said is None:
        return
    words = f": {said.words}" if said.words else ""
    wish = f", to be kept until {show_day(said.kept_until)}" if said.kept_until else ""
    place.say(f"  {who} ended it{wish}{words}")
