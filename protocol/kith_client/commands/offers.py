"""``kith me offer …``: look at, publish, change and withdraw one's own offers."""

from __future__ import annotations

from typing import get_args

import click
import msgspec

from kith_client.commands.common import Place, member_command, pick, run_async, short_id
from kith_client.commands.topics import topic_names
from kith_client.commands.words import describe_own
from kith_client.commands.writing import (
    Said,
    change_offer,
    content_options,
    read_said,
    write_offer,
)
from kith_client.member import Member
from kith_client.offers import DEFAULT_DAYS, MAX_DAYS, OwnOffer
from kith_client.places import OfferPlaces
from kith_client.preview import WITHHELD, Preview
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.api import CommunityAnswer
from kith_protocol.community_topics import with_labels
from kith_protocol.day import format_day
from kith_protocol.offer_content import OfferContent, Room
from kith_protocol.urls import offer_url


@click.group()
def offer() -> None:
    """Your own offers: "I can help with …".

    An offer is named by its number in `kith me offer list`, or by the beginning of its id.
    """


@offer.command("new")
@content_options
@click.option("--days", type=click.IntRange(1, MAX_DAYS), help="How long it stands.")
@click.option("--yes", "is_agreed", is_flag=True, help="Publish without asking.")
@member_command
def new_offer(
    place: Place,
    days: int | None,
    is_agreed: bool,
    **said: object,
) -> None:
    """Publish a new offer, after showing what will leave and who gets it.

    It appears with the next release of your community, together with others, dated that day.

    Example: kith me offer new -t career.cv -l en --way review --format chat
    """
    run_async(_publish(place, place.ask_passphrase(), read_said(said), days, is_agreed))


@offer.command("preview")
@content_options
@click.option("--days", type=click.IntRange(1, MAX_DAYS), help="How long it would stand.")
@member_command
def preview_offer(place: Place, days: int | None, **said: object) -> None:
    """Show in words and byte for byte what an offer would tell others. Nothing is sent.

    Example: kith me offer preview -t career.cv -l en --way review --format chat
    """
    run_async(_preview(place, place.ask_passphrase(), read_said(said), days))


@offer.command("list")
@member_command
def list_offers(place: Place) -> None:
    """List your offers. Only your keys know that they are all yours.

    Example: kith me offer list
    """
    run_async(_list(place, place.ask_passphrase()))


@offer.command("edit")
@click.argument("number")
@content_options
@click.option("--room", type=click.Choice(get_args(Room)), help="Whether you take new people.")
@click.option("--yes", "is_agreed", is_flag=True, help="Publish without asking.")
@member_command
def edit_offer(
    place: Place,
    number: str,
    is_agreed: bool,
    **said: object,
) -> None:
    """Change an offer. What you do not name stays as it is.

    Peers learn of it with the next release of your community.

    Example: kith me offer edit 1 --room full
    """
    changes = read_said(said)
    if changes == Said():
        raise UsageError("name what should change, such as --room full; see --help")
    run_async(_edit(place, place.ask_passphrase(), number, changes, is_agreed))


@offer.command("extend")
@click.argument("number")
@click.option("--days", type=click.IntRange(1, MAX_DAYS), default=DEFAULT_DAYS)
@member_command
def extend_offer(place: Place, number: str, days: int) -> None:
    """Let an offer stand for so many days from today, at most a year from its publication.

    Example: kith me offer extend 1 --days 90
    """
    run_async(_extend(place, place.ask_passphrase(), number, days))


@offer.command("withdraw")
@click.argument("number")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def withdraw_offer(place: Place, number: str, is_agreed: bool) -> None:
    """Withdraw an offer. Connected communities are told at once.

    Those who have read it may remember it: `receipts` shows what other communities confirm.

    Example: kith me offer withdraw 1
    """
    passphrase = place.ask_passphrase()
    place.confirm("Withdraw this offer for good?", is_agreed=is_agreed)
    run_async(_withdraw(place, passphrase, number))


@offer.command("receipts")
@click.argument("number")
@member_command
def show_receipts(place: Place, number: str) -> None:
    """Show which communities have confirmed that a withdrawn offer is deleted.

    Example: kith me offer receipts 1
    """
    run_async(_receipts(place, place.ask_passphrase(), number))


async def _publish(
    place: Place, passphrase: str, said: Said, days: int | None, is_agreed: bool
) -> None:
    async with await place.open(passphrase) as member:
        await publish(place, member, said, days, is_agreed=is_agreed)


async def publish(
    place: Place, member: Member, said: Said, days: int | None, *, is_agreed: bool
) -> OwnOffer:
    """Publish what was *said*, after showing what will leave, and return the offer.

    Args:
        place: where it is shown and answered.
        member: whose it will be.
        said: what it says.
        days: how long it stands; None for the usual.
        is_agreed: nobody is asked.

    Raises:
        UsageError: it cannot be, or not in this community.
        click.Abort: the answer is no; nothing was sent.
    """
    await member.resume()
    content, stands = await _write(member, said, days)
    show_preview(place, member.offers.preview(content, days=stands))
    place.confirm("Publish this?", is_agreed=is_agreed)
    made = await member.offers.publish(content, days=stands)
    show_taken(place, made, content)
    return made


async def _preview(place: Place, passphrase: str, said: Said, days: int | None) -> None:
    async with await place.open(passphrase) as member:
        content, stands = await _write(member, said, days)
        preview = member.offers.preview(content, days=stands)
    show_preview(place, preview)
    place.say(preview.raw.decode())
    place.answer(
        {
            "words": preview.words,
            "receivers": preview.receivers,
            "object": msgspec.Raw(preview.raw),
        }
    )


async def _list(place: Place, passphrase: str) -> None:
    async with await place.open(passphrase) as member:
        await member.resume()
        own = await member.offers.list_own()
        node = member.community.node
    documents = []
    for number, one in enumerate(own, 1):
        address = offer_url(node, one.record.id)
        place.say(f"{number:2}. {short_id(one.record.id)}  {describe_own(one)}")
        if one.state == "released":
            place.say(f"    {address}")
        documents.append({"address": address, **_document_of(one)})
    if not own:
        place.say("You have no offers. Make one with `kith me offer new`.")
    place.answer({"offers": documents})


async def _edit(
    place: Place, passphrase: str, number: str, said: Said, is_agreed: bool
) -> None:
    async with await place.open(passphrase) as member:
        one = await member.offers.get(_pick(member, number))
        if one.answer is None:
            raise UsageError("this offer is no longer there; publish a new one")
        _check_room(member.places.of(one.record.id), said.room)
        names = await topic_names(member.search)
        changed = change_offer(one.answer.content, said, names)
        content = with_labels(changed, await member.search.topics())
        check_place(content, await member.get_community())
        show_preview(place, member.offers.preview_edit(one, content))
        place.confirm("Publish this?", is_agreed=is_agreed)
        show_taken(place, await member.offers.edit(one.record.id, content), content)
        # What one says by hand counts for the places too, or they would turn it back.
        if said.room == "full":
            await member.places.pause(one.record.id)
        elif said.room == "open":
            await member.places.resume(one.record.id)


async def _extend(place: Place, passphrase: str, number: str, days: int) -> None:
    async with await place.open(passphrase) as member:
        chosen = _pick(member, number)
        end_day = await member.offers.extend(chosen, days=days)
    place.say(f"It stands until {format_day(end_day)[:10]}.")
    place.answer({"id": encode_base64url(chosen), "end_day": end_day})


async def _withdraw(place: Place, passphrase: str, number: str) -> None:
    async with await place.open(passphrase) as member:
        chosen = _pick(member, number)
        await member.offers.withdraw(chosen)
    place.say(f"It is withdrawn. Who confirmed it: kith me offer receipts {number}")
    place.answer({"id": encode_base64url(chosen), "state": "withdrawn"})


async def _receipts(place: Place, passphrase: str, number: str) -> None:
    async with await place.open(passphrase) as member:
        chosen = _pick(member, number)
        if member.keys.offer(chosen).state != "withdrawn":
            raise UsageError("this offer stands; withdraw it with `kith me offer withdraw`")
        receipts = await member.offers.receipts(chosen)
    for receipt in receipts:
        place.say(f"{receipt.state:12} {receipt.peer}")
    if not receipts:
        place.say("No other community had it.")
    place.answer({"receipts": receipts})


async def _write(member: Member, said: Said, days: int | None) -> tuple[OfferContent, int]:
    """Return the offer that was asked for, and for how many days it will stand."""
    community = await member.get_community()
    names = await topic_names(member.search)
    written = write_offer(said, names, audience=community.programme)
    content = with_labels(written, await member.search.topics())
    check_place(content, community)
    if days is not None and days > community.max_offer_days:
        raise UsageError(
            f"in your community an offer stands at most {community.max_offer_days} days; "
            "it can be extended later"
        )
    return content, days or min(DEFAULT_DAYS, community.max_offer_days)


def _check_room(places: OfferPlaces, room: str | None) -> None:
    if room == "open" and 0 < places.places <= places.taken:
        raise UsageError(
            f"all {places.places} places are taken; for more: kith me offer places NUMBER COUNT"
        )


def check_place(content: OfferContent, community: CommunityAnswer) -> None:
    """Return if *community* lets people meet as *content* says.

    Raises:
        UsageError: it does not.
    """
    if "in-person" in content.formats and not community.in_person:
        raise UsageError("your community does not offer meeting in person; take other formats")


def _pick(member: Member, number: str) -> bytes:
    return pick(number, tuple(record.id for record in member.keys.offers), "offer")


def show_preview(place: Place, preview: Preview) -> None:
    """Print what will leave, who gets it, and what stays here."""
    place.title("This is what others will read:")
    for line in preview.words:
        place.say(f"  {line}")
    place.say(f"Who gets it: {preview.receivers}.")
    place.say(f"What stays here: {WITHHELD}.")


def show_taken(place: Place, one: OwnOffer, sent: OfferContent) -> None:
    """Print what the node made of an offer that was *sent*."""
    if one.record.content.topics != sent.topics:
        topics = ", ".join(one.record.content.topics)
        place.say(f"Your community puts rare topics more generally; it says: {topics}")
    place.say("It will appear with the next release of your community.")
    place.answer(_document_of(one))


def _document_of(one: OwnOffer) -> dict[str, object]:
    answer = one.answer
    return {
        "id": encode_base64url(one.record.id),
        "state": one.state,
        "end_day": one.record.end_day,
        "released": answer is not None and answer.released,
        "content": one.record.content if answer is None else answer.content,
    }
