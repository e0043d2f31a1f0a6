"""``kith me knock …``: asking a mentor."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Coroutine

import click

from kith_client.commands.common import Place, member_command, pick, run_async, short_id
from kith_client.commands.inbox import show_arrivals
from kith_client.commands.persona import pick_persona
from kith_client.commands.progress import waiting_for
from kith_client.commands.reader import reader_of
from kith_client.commands.scene import ask_first
from kith_client.commands.wish import pick_wish
from kith_client.commands.words import describe_prospect
from kith_client.errors import NodeUnreachableError, ProblemError
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_protocol.conversation.records import OutgoingKnock
from kith_protocol.urls import parse_offer_url

_STATES = {
    "draft": "not sent",
    "queued": "on its way",
    "delivered": "delivered; no answer yet",
    "failed": "could not be delivered",
    "accepted": "accepted",
    "declined": "declined",
    "expired": "not answered in time",
    "withdrawn": "taken back",
}


@click.group()
def knock() -> None:
    """Ask somebody who offers something. At most three such questions are open at once.

    A knock is named by its number in `kith me knock list`, or by the beginning of its id.
    """


@knock.command("new")
@click.argument("offer")
@click.option("--text", help="What you ask for; '-' reads it from the input.", prompt=True)
@click.option("--hopes", default="", help="What you hope for.")
@click.option("--tried", default="", help="What you have tried.")
@click.option("--rhythm", default="", help="How often you would like to talk.")
@click.option("--times", default="", help="When it suits you, with your zone.")
@click.option("--persona", help="Who you are to them: a number in `kith me persona list`.")
@click.option("--wish", help="What it is for: a number in `kith me wish list`; never sent.")
@click.option("--draft", "is_draft", is_flag=True, help="Keep it, don't send it.")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def new_knock(
    place: Place,
    offer: str,
    text: str,
    persona: str | None,
    wish: str | None,
    is_draft: bool,
    is_agreed: bool,
    **hints: str,
) -> None:
    """Knock at OFFER, an address as `kith me search` shows it.

    It is sealed on this device: your node learns that you knock at this offer, in that moment,
    and keeps nothing; theirs learns that somebody did. It cannot be read by either.

    With --wish, the others for the same wish are taken back once a mentor says yes, with a
    courteous word, so that nobody waits.

    Example: kith me knock new https://kith.example/offers/… --text 'Would you read my CV?'
    """
    words = sys.stdin.read().strip() if text == "-" else text
    passphrase = place.ask_passphrase()
    ask_first(place, words, reader_of(), is_agreed=is_agreed)
    run_async(_new(place, passphrase, offer, words, hints, persona, wish, is_draft))


@knock.command("list")
@member_command
def list_knocks(place: Place) -> None:
    """Show your knocks and what became of them, after looking for answers.

    Example: kith me knock list
    """
    run_async(_list(place, place.ask_passphrase()))


@knock.command("send")
@click.argument("number")
@member_command
def send_knock(place: Place, number: str) -> None:
    """Send a draft, or once more what could not be delivered.

    Example: kith me knock send 1
    """
    run_async(_send(place, place.ask_passphrase(), number))


@knock.command("withdraw")
@click.argument("number")
@click.option("--text", default="", help="A word to the mentor.")
@member_command
def withdraw_knock(place: Place, number: str, text: str) -> None:
    """Take a knock back, until it is accepted. They may have read it already.

    Example: kith me knock withdraw 1 --text 'I found somebody. Thank you!'
    """
    run_async(_withdraw(place, place.ask_passphrase(), number, text))


async def _new(
    place: Place,
    passphrase: str,
    offer: str,
    text: str,
    hints: dict[str, str],
    persona: str | None,
    wish: str | None,
    is_draft: bool,
) -> None:
    _check_address(offer)
    async with await place.open(passphrase) as member:
        await waiting_for("Fetching your vault", member.refresh())
        chosen = pick_persona(member, persona)
        made = await member.knocks.draft(
            offer,
            text,
            hopes=hints["hopes"],
            tried=hints["tried"],
            rhythm=hints["rhythm"],
            times=hints["times"],
            persona=chosen,
            wish=b"" if wish is None else pick_wish(member, wish),
        )
        if not is_draft:
            await _show_prospect(place, member, offer)
            made = await _send_or_keep(place, member.knocks.send(made), made)
    _show(place, 1, made)
    place.answer(_document_of(made))


async def _show_prospect(place: Place, member: Member, offer: str) -> None:
    """Print how soon this mentor usually answers, if they say so and the node knows it.

    Asked for by the reader pass alone, and only right before knocking: a draft names its offer
    to nobody.
    """
    with contextlib.suppress(ProblemError, NodeUnreachableError):
        if said := describe_prospect(await member.search.get(offer)):
            place.say(f"This offer: {said}")


async def _list(place: Place, passphrase: str) -> None:
    async with await place.open(passphrase) as member:
        reader = reader_of()
        looking = member.knocks.check(found=reader.words.say("knock.withdrawn.found"))
        arrivals = await waiting_for("Looking for answers", looking)
        made = member.knocks.made
    show_arrivals(place, arrivals, reader)
    for number, one in enumerate(made, 1):
        _show(place, number, one)
        if one.state == "expired":
            place.say(f"  {reader.words.say('knock.expired.mentee')}")
        _show_answer(place, one)
    if not made:
        place.say("You have not knocked anywhere. Find somebody: kith me search")
    place.answer({"knocks": [_document_of(one) for one in made]})


async def _send(place: Place, passphrase: str, number: str) -> None:
    async with await place.open(passphrase) as member:
        await member.refresh()
        chosen = _pick(member.knocks.made, number)
        sent = await _send_or_keep(place, member.knocks.send(chosen), chosen)
    _show(place, 1, sent)
    place.answer(_document_of(sent))


async def _withdraw(place: Place, passphrase: str, number: str, text: str) -> None:
    async with await place.open(passphrase) as member:
        await member.knocks.check(found=reader_of().words.say("knock.withdrawn.found"))
        chosen = _pick(member.knocks.made, number)
        taken = await waiting_for("Taking it back", member.knocks.withdraw(chosen, text))
    place.say("It is taken back." if taken is not None else "The draft is deleted.")
    place.answer({"withdrawn": encode_base64url(chosen.conversation)})


async def _send_or_keep(
    place: Place, sending: Coroutine[None, None, OutgoingKnock], kept: OutgoingKnock
) -> OutgoingKnock:
    try:
        return await waiting_for("Sending", sending)
    except NodeUnreachableError:
        place.warn("it is kept and will be sent the next time you run `kith me knock list`")
        return kept


def _check_address(offer: str) -> None:
    try:
        parse_offer_url(offer, development=True)
    except MalformedError as error:
        raise UsageError(
            f"{offer} is not the address of an offer; `kith me search` shows them"
        ) from error


def _pick(made: tuple[OutgoingKnock, ...], number: str) -> OutgoingKnock:
    chosen = pick(number, tuple(one.conversation for one in made), "knock")
    return next(one for one in made if one.conversation == chosen)


def _show(place: Place, number: int, one: OutgoingKnock) -> None:
    place.title(f"{number:2}. {_STATES[one.state]}  [{short_id(one.conversation)}]")
    place.say(f"  {one.node}/offers/{encode_base64url(one.offer)}")


def _show_answer(place: Place, one: OutgoingKnock) -> None:
    if one.answer is None:
        return
    if one.answer.words:
        place.say(f"  They say: {one.answer.words}")
    if one.answer.suggestions:
        place.say(f"  They suggest to look under: {', '.join(one.answer.suggestions)}")
    if one.answer.accepted:
        place.say(f"  Go on: kith me talk {short_id(one.conversation)}")


def _document_of(one: OutgoingKnock) -> dict[str, object]:
    return {
        "id": encode_base64url(one.conversation),
        "offer": f"{one.node}/offers/{encode_base64url(one.offer)}",
        "state": one.state,
        "text": one.words.words,
        "answer": one.answer.words if one.answer is not None else None,
    }
