"""``kith me offer places``, ``pause`` and ``resume``: how much room one's own offers have."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import click

from kith_client.commands.common import Place, member_command, pick, run_async, short_id
from kith_client.commands.progress import waiting_for
from kith_client.commands.scene import read_day
from kith_client.member import Member
from kith_client.places import OfferPlaces
from kith_crypto.encoding import encode_base64url
from kith_protocol.capacity import MAX_PLACES
from kith_protocol.day import Day, format_day


@click.command("places")
@click.argument("number")
@click.argument("count", required=False, type=click.IntRange(0, MAX_PLACES))
@member_command
def places(place: Place, number: str, count: int | None) -> None:
    """Say for how many people you have room at offer NUMBER; 0 is for no limit.

    The number stays in your vault. Others read only that the offer is full once so many
    mentorships go on, and that it has room again when one ends: not at once, but with a later
    release, so that it does not point at somebody.

    Example: kith me offer places 1 2
    """

    async def act(member: Member, offer: bytes) -> OfferPlaces:
        if count is None:
            return member.places.of(offer)
        return await waiting_for("Telling your node", member.places.limit(offer, count))

    run_async(_change(place, place.ask_passphrase(), number, act))


@click.command("pause")
@click.argument("number")
@click.option("--until", default="none", help="The first day on which it is open again.")
@member_command
def pause(place: Place, number: str, until: str) -> None:
    """Take nobody new at offer NUMBER for a while; the offer stays, and shows as full.

    Knocks that are on their way still arrive. It does not end what goes on.

    Example: kith me offer pause 1 --until 2027-03-31
    """
    day = read_day(until)

    async def act(member: Member, offer: bytes) -> OfferPlaces:
        return await waiting_for("Telling your node", member.places.pause(offer, until=day))

    run_async(_change(place, place.ask_passphrase(), number, act))


@click.command("resume")
@click.argument("number")
@member_command
def resume(place: Place, number: str) -> None:
    """End the pause of offer NUMBER, whoever began it.

    Example: kith me offer resume 1
    """

    async def act(member: Member, offer: bytes) -> OfferPlaces:
        return await waiting_for("Telling your node", member.places.resume(offer))

    run_async(_change(place, place.ask_passphrase(), number, act))


async def _change(
    place: Place,
    passphrase: str,
    number: str,
    act: Callable[[Member, bytes], Awaitable[OfferPlaces]],
) -> None:
    async with await place.open(passphrase) as member:
        await member.refresh()
        offer = pick(number, tuple(record.id for record in member.keys.offers), "offer")
        one = await act(member, offer)
    place.title(f"Offer {short_id(offer)}")
    for line in describe_places(one):
        place.say(f"  {line}")
    place.answer(
        {
            "id": encode_base64url(offer),
            "places": one.places or None,
            "taken": one.taken,
            "paused": one.is_paused,
            "until_day": one.until or None,
            "room": one.room,
            "told": one.is_told,
        }
    )


def describe_places(one: OfferPlaces) -> tuple[str, ...]:
    """Return how much room an offer has, in sentences."""
    if one.places:
        room = f"{one.taken} of {one.places} places taken"
    else:
        room = "no limit to its places"
    lines = [room]
    if one.is_paused:
        until = f" until {format_day(Day(one.until))[:10]}" if one.until else ""
        lines.append(f"paused{until}" + (": two knocks were not answered" * one.is_silent))
    lines.append(
        "others read: it is full" if one.room == "full" else "others read: it has room"
    )
    if not one.is_told:
        lines.append("your node hears of that when you look next: kith me inbox")
    return tuple(lines)
