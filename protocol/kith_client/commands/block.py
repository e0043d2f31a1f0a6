"""``kith me block``: never again, without a word."""

from __future__ import annotations

import click

from kith_client.blocks import Block
from kith_client.commands.common import Place, member_command, pick, run_async, short_id
from kith_client.commands.inbox import pick_knock
from kith_client.commands.messages import pick_conversation
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.day import Day, format_day


@click.command()
@click.argument("number", required=False)
@click.option("--knock", "is_knock", is_flag=True, help="NUMBER is a knock of the inbox.")
@click.option("--list", "is_list", is_flag=True, help="Show whom you have blocked.")
@click.option("--lift", "is_lift", is_flag=True, help="NUMBER is a block to lift.")
@member_command
def block(
    place: Place, number: str | None, is_knock: bool, is_list: bool, is_lift: bool
) -> None:
    """Block whoever is behind a conversation or a knock. They are told nothing.

    It holds at the offer where they knocked, for about a year, and for that account: it does
    not keep them from your other offers, nor from coming back under another account. If you
    are in danger, report it as well and talk to your moderators.

    Example: kith me block 2
    """
    run_async(_block(place, place.ask_passphrase(), number, is_knock, is_list, is_lift))


async def _block(
    place: Place,
    passphrase: str,
    number: str | None,
    is_knock: bool,
    is_list: bool,
    is_lift: bool,
) -> None:
    async with await place.open(passphrase) as member:
        await member.refresh()
        if is_list:
            _show(place, member.blocks.list())
            return
        if number is None:
            raise UsageError("say which: a number of `kith me talk`, or --knock with one")
        if is_lift:
            ids = tuple(one.id for one in member.blocks.list())
            chosen = pick(number, ids, "block")
            await member.blocks.lift(chosen)
            place.say("It is lifted; what they sent meanwhile is gone.")
            place.answer({"lifted": encode_base64url(chosen)})
            return
        if is_knock:
            made: Block | None = await member.knocks.block(pick_knock(member, number))
        else:
            made = await member.conversations.block(pick_conversation(member, number))
    place.say("It is over. They are told nothing.")
    place.answer({"blocked": encode_base64url(made.id) if made is not None else None})


def _show(place: Place, blocks: tuple[Block, ...]) -> None:
    for number, one in enumerate(blocks, 1):
        day = format_day(Day(one.day))[:10]
        place.say(f"{number:2}. at offer {short_id(one.offer)}, from {one.node}, since {day}")
    if not blocks:
        place.say("You have blocked nobody.")
    place.answer(
        {
            "blocks": [
                {
                    "id": encode_base64url(one.id),
                    "offer": encode_base64url(one.offer),
                    "node": one.node,
                    "day": one.day,
                }
                for one in blocks
            ]
        }
    )
