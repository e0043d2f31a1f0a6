"""``kith me check-in …``: how it goes, asked now and then."""

from __future__ import annotations

from typing import get_args

import click

from kith_client.commands.common import Place, member_command
from kith_client.commands.guide import show_tip
from kith_client.commands.messages import show_day
from kith_client.commands.reader import Reader, reader_of
from kith_client.commands.scene import Scene, in_conversation
from kith_client.mentorship.mentoring import CheckedIn, CheckInDue
from kith_protocol.mentorship.blind import Answers
from kith_protocol.mentorship.bodies import Feeling


@click.group("check-in")
def check_in() -> None:
    """How it goes: asked a week after you agreed, after three weeks, then monthly.

    Your own device asks; nobody sees whether you answer. An answer stays in your vault unless
    you share it, and then both see the other's only once both have answered.
    """


@check_in.command("show")
@click.argument("number")
@member_command
def show_check_ins(place: Place, number: str) -> None:
    """Show what was answered in conversation NUMBER of `kith me talk`, and whether one is due.

    Example: kith me check-in show 1
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        _show_all(scene, number, reader)

    in_conversation(place, number, act)


@check_in.command("answer")
@click.argument("number")
@click.argument("feeling", type=click.Choice(get_args(Feeling)))
@click.option("--text", default="", help="In your own words.")
@click.option("--share", is_flag=True, help="Show it to them, once they have answered too.")
@member_command
def answer_check_in(
    place: Place, number: str, feeling: Feeling, text: str, share: bool
) -> None:
    """Answer the check-in that is due: fine, unsure, or help if you need some.

    With --share they read at once that you have answered, and later what, even if it is help.

    Example: kith me check-in answer 1 fine --text 'Slow, but good'
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        await scene.send(scene.mentorship.check_in(feeling, text, share=share))
        _show_all(scene, number, reader)
        if feeling == "help":
            place.say(reader.words.say("check-in.help"))
            await show_tip(scene, "hand-over", reader)
        else:
            await show_tip(scene, "check-in", reader)

    in_conversation(place, number, act)


def _show_all(scene: Scene, number: str, reader: Reader) -> None:
    place, found = scene.place, scene.mentorship.check_ins
    for one in found:
        _show(place, one, reader)
    due = scene.mentorship.due_check_in
    if due is not None:
        place.say(f"{show_day(due.day)}: {reader.words.say('check-in.question')}")
        place.say(f"Answer: kith me check-in answer {number} {'|'.join(get_args(Feeling))}")
    elif not found:
        place.say("Nothing is asked yet: the first time is a week after you have agreed.")
    place.answer({"due": _due_document(due), "check_ins": [_document(one) for one in found]})


def _show(place: Place, one: CheckedIn, reader: Reader) -> None:
    place.title(f"{one.number:2}. check-in")
    if one.mine is not None:
        shared = one.round is not None and one.round.is_mine_in
        place.say(f"    You: {_say(one.mine, reader)}")
        place.say(f"    {'shared' if shared else 'only you see it'}")
    if one.round is None or not one.round.is_theirs_in:
        return
    if one.round.is_theirs_false:
        place.say("    They: what they showed is not what they had answered first")
    elif one.round.theirs is not None:
        place.say(f"    They: {_say(one.round.theirs, reader)}")
    else:
        place.say("    They have answered; you see it once you both have shared")


def _say(answers: Answers, reader: Reader) -> str:
    feeling = reader.words.say(f"check-in.feeling.{answers.feeling}") if answers.feeling else ""
    return "  ".join((feeling, *answers.words))


def _due_document(due: CheckInDue | None) -> dict[str, object] | None:
    return None if due is None else {"number": due.number, "day": due.day}


def _document(one: CheckedIn) -> dict[str, object]:
    theirs = one.round.theirs if one.round is not None else None
    return {
        "number": one.number,
        "mine": one.mine,
        "shared": one.round is not None and one.round.is_mine_in,
        "answered_by_them": one.round is not None and one.round.is_theirs_in,
        "theirs": theirs,
        "theirs_false": one.round is not None and one.round.is_theirs_false,
    }
