"""``kith me thanks …``: from a mentee to a mentor, to whom it belongs."""

from __future__ import annotations

import click

from kith_client.commands.common import Place, member_command, pick, run_async, short_id
from kith_client.commands.messages import show_day
from kith_client.commands.progress import waiting_for
from kith_client.commands.reader import reader_of
from kith_client.commands.scene import Scene, ask_first, in_conversation
from kith_client.mentorship.thanks import KeptThanks
from kith_crypto.encoding import encode_base64url


@click.group()
def thanks() -> None:
    """What you are thanked for, and thanking somebody yourself.

    A thanks is a letter, no rating: it goes to one mentor, sealed, and belongs to them. No
    node knows of it, and nobody counts.
    """


@thanks.command("write")
@click.argument("number")
@click.argument("text")
@click.option("--may-show/--keep-private", default=False, help="Whether they may show it.")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def write_thanks(place: Place, number: str, text: str, may_show: bool, is_agreed: bool) -> None:
    """Thank the mentor in conversation NUMBER of `kith me talk`.

    They keep it, also when the conversation is gone. With --may-show they may show your words
    to others: write nothing in it then that tells who you are.

    Example: kith me thanks write 1 'You took your time. It helped.' --may-show
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        if may_show:
            place.say(reader.words.say("thanks.show.reveals"))
        ask_first(place, text, reader, is_agreed=is_agreed)
        await scene.send(scene.mentorship.thank(text, may_show=may_show))
        place.say("They will read it.")
        place.answer({"text": text, "may_show": may_show})

    in_conversation(place, number, act)


@thanks.command("list")
@member_command
def list_thanks(place: Place) -> None:
    """List what you were thanked for, in all conversations, also those that are gone.

    Example: kith me thanks list
    """
    run_async(_list(place, place.ask_passphrase()))


@thanks.command("remove")
@click.argument("chosen", metavar="THANKS")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def remove_thanks(place: Place, chosen: str, is_agreed: bool) -> None:
    """Throw a thanks away: a number in `kith me thanks list`, or the beginning of its id.

    Example: kith me thanks remove 2
    """
    passphrase = place.ask_passphrase()
    place.confirm("Throw this thanks away for good?", is_agreed=is_agreed)
    run_async(_remove(place, passphrase, chosen))


async def _list(place: Place, passphrase: str) -> None:
    async with await place.open(passphrase) as member:
        await waiting_for("Looking for messages", member.conversations.check())
        found = member.thanks.list()
    for number, one in enumerate(found, 1):
        shown = "you may show it" if one.may_show else "for you alone"
        place.title(f"{number:2}. {show_day(one.day)}  [{shown}, {short_id(one.id)}]")
        place.say(f"    {one.text}")
    if not found:
        place.say("Nobody has thanked you here yet. That says nothing about what you gave.")
    place.answer({"thanks": [_document(one) for one in found]})


async def _remove(place: Place, passphrase: str, chosen: str) -> None:
    async with await place.open(passphrase) as member:
        await member.refresh()
        one = pick(chosen, tuple(one.id for one in member.thanks.list()), "thanks")
        await member.thanks.drop(one)
    place.say("It is gone.")
    place.answer({"removed": encode_base64url(one)})


def _document(one: KeptThanks) -> dict[str, object]:
    return {
        "id": encode_base64url(one.id),
        "text": one.text,
        "may_show": one.may_show,
        "day": one.day,
    }
