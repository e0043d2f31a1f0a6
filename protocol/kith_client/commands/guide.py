"""``kith me guide``: short advice, and the pieces of it that commands show when they matter."""

from __future__ import annotations

import re
from typing import Literal

import click

from kith_client.commands.common import Place, member_command
from kith_client.commands.reader import Reader, reader_of
from kith_client.commands.scene import Scene
from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_crypto.errors import UsageError

MOMENTS = (
    "first-message",
    "first-session",
    "boundaries",
    "confidentiality",
    "hand-over",
    "check-in",
    "ending-well",
)

_DECLINES = "declines"
_DECLINE = re.compile(r"decline\.[0-9]\Z")
_QUESTION = re.compile(r"closing\.question\.[0-9]\Z")

Role = Literal["mentor", "mentee"]
_ROLES: tuple[Role, ...] = ("mentor", "mentee")


@click.command()
@click.argument("moment", required=False)
@click.option("--role", type=click.Choice(_ROLES), help="For one of the two; both by default.")
@click.option("--language", "-l", help="Such as en; by default your system's.")
@member_command
def guide(place: Place, moment: str | None, role: Role | None, language: str | None) -> None:
    """Read what helps at a moment of a mentorship; without MOMENT, list the moments.

    Comes with the program: nothing is asked of any node.

    Example: kith me guide first-session --role mentor
    """
    reader = reader_of(language=language)
    if moment is None:
        for one in MOMENTS:
            place.say(one)
        place.say("Read one: kith me guide MOMENT")
        place.say(f"Kind words to say no with: kith me guide {_DECLINES}")
        place.answer({"moments": MOMENTS})
        return
    if moment == _DECLINES:
        _show_declines(place, reader)
        return
    if moment not in MOMENTS:
        raise UsageError(f"there is advice for: {', '.join((*MOMENTS, _DECLINES))}")
    texts = {one: _text(reader, moment, one) for one in ([role] if role else _ROLES)}
    for one, text in texts.items():
        place.title(f"For the {one}:")
        place.say(_indent(text))
    place.answer({"moment": moment, "texts": texts})


async def show_tip(
    scene: Scene, moment: str, reader: Reader, *, is_always: bool = False
) -> None:
    """Show the advice for *moment* to the member of *scene*; see ``tell_tip``."""
    await tell_tip(
        scene.place, scene.member, scene.conversation, moment, reader, is_always=is_always
    )


async def tell_tip(
    place: Place,
    member: Member,
    conversation: Conversation,
    moment: str,
    reader: Reader,
    *,
    is_always: bool = False,
) -> None:
    """Show the advice for *moment*, once ever, to people only.

    Args:
        place: where they read.
        member: who remembers that they have read it.
        conversation: tells which side they are.
        moment: one of ``MOMENTS``.
        reader: their language.
        is_always: show it again where they have read it before.
    """
    if place.as_json or not (is_always or member.tips.is_new(moment)):
        return
    place.title(f"A word on this moment (again: kith me guide {moment})")
    place.say(_indent(_text(reader, moment, "mentee" if conversation.is_mentee else "mentor")))
    await member.tips.note(moment)


def closing_questions(reader: Reader) -> tuple[str, ...]:
    """Return what one may look back on, at most six questions."""
    keys = sorted(filter(_QUESTION.match, reader.words.keys()))
    return tuple(map(reader.words.say, keys))


def decline_text(reader: Reader, number: int) -> str:
    """Return the kind no with *number*, from 1, as it would be sent.

    Raises:
        UsageError: there is none.
    """
    try:
        return reader.words.say(f"decline.{number}")
    except KeyError:
        raise UsageError(f"there is no such text; see `kith me guide {_DECLINES}`") from None


def _show_declines(place: Place, reader: Reader) -> None:
    keys = sorted(filter(_DECLINE.match, reader.words.keys()))
    texts = {key.removeprefix("decline."): reader.words.say(key) for key in keys}
    for number, text in texts.items():
        place.title(f"{number}. {reader.words.say(f'decline.{number}.label')}")
        place.say(_indent(text))
    place.say("Send one: kith me answer NUMBER no --template 1")
    place.answer({"declines": texts})


def _text(reader: Reader, moment: str, role: Role) -> str:
    return reader.words.say(f"guide.{moment}.{role}")


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
