"""``kith me report …``: tell one's moderators of a message, a knock or an offer, with proof."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import ParamSpec, TypeVar, get_args

import click

from kith_client.commands.common import (
    Place,
    count_of,
    member_command,
    pick,
    run_async,
    short_id,
)
from kith_client.commands.inbox import pick_knock
from kith_client.commands.messages import pick_conversation
from kith_client.conversation import Conversation
from kith_client.member import Member
from kith_client.reports import OwnReport
from kith_crypto.core import parse_core
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.conversation.events import Evidence, Shown
from kith_protocol.conversation.incoming import evidence_of_knock
from kith_protocol.day import Day, format_day
from kith_protocol.reported import describe_core
from kith_protocol.sealed_api import ReportCategory

WHO_READS = (
    "Your community's moderators read this one thing and your words, nothing else of the "
    "conversation. Your node cannot, and cannot tell who reports. What it says of you, they "
    "read too."
)
TOO_LATE = "it can no longer be proven: that is possible for 30 days after it came"

_STATES = {
    "waiting": "waits",
    "acted": "they acted",
    "no-action": "they decided to do nothing",
    "passed-on": "passed on to the other community",
    None: "decided; the report is deleted",
}

P = ParamSpec("P")
R = TypeVar("R")


@click.group()
def report() -> None:
    """Report a message, a knock or an offer to the moderators of your community.

    The report proves what was written and cannot be forged. It is sealed on this device, so
    that nobody else reads it.

    \b
    Examples:
      kith me report message 1 --category harassment
      kith me report offer https://kith.example/offers/4mYc… --category spam
      kith me report list
    """  # noqa: D301 - click reads the escape


def report_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give *command* the options of every report."""
    options = (
        click.option(
            "--category",
            required=True,
            type=click.Choice(get_args(ReportCategory)),
            help="Your node sees it, and nothing else of the report.",
        ),
        click.option("--words", default="", help="What you want to tell the moderators."),
        click.option(
            "--pass-on",
            "may_pass_on",
            is_flag=True,
            help="They may hand it, your words included, to the other community's moderators.",
        ),
        click.option("--yes", "is_agreed", is_flag=True, help="Send it without asking."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@report.command("message")
@click.argument("conversation")
@click.option("--back", type=click.IntRange(1), default=1, help="1 is the last one, and so on.")
@report_options
@member_command
def report_message(
    place: Place,
    conversation: str,
    back: int,
    category: ReportCategory,
    words: str,
    may_pass_on: bool,
    is_agreed: bool,
) -> None:
    """Report the last message that you received in CONVERSATION, or the one --back so many.

    It is shown before it is sent. CONVERSATION is a number of `kith me talk`, or an id.

    Example: kith me report message 1 --back 3 --category harassment
    """

    async def work(member: Member) -> OwnReport:
        await member.refresh()
        proof = _proof_of_message(pick_conversation(member, conversation), back)
        show_proof(place, proof, is_agreed=is_agreed)
        return await member.reports.report_message(
            proof, category=category, words=words, may_pass_on=may_pass_on
        )

    run_async(send_report(place, place.ask_passphrase(), work))


@report.command("knock")
@click.argument("number")
@report_options
@member_command
def report_knock(
    place: Place,
    number: str,
    category: ReportCategory,
    words: str,
    may_pass_on: bool,
    is_agreed: bool,
) -> None:
    """Report a knock that you received, by its number in `kith me inbox` or its id.

    Example: kith me report knock 2 --category spam
    """

    async def work(member: Member) -> OwnReport:
        await member.refresh()
        proof = _proof_of_knock(member, number)
        show_proof(place, proof, is_agreed=is_agreed)
        return await member.reports.report_message(
            proof, category=category, words=words, may_pass_on=may_pass_on
        )

    run_async(send_report(place, place.ask_passphrase(), work))


@report.command("offer")
@click.argument("url")
@report_options
@member_command
def report_offer(
    place: Place,
    url: str,
    category: ReportCategory,
    words: str,
    may_pass_on: bool,
    is_agreed: bool,
) -> None:
    """Report the offer at URL, as a search shows it.

    Example: kith me report offer https://kith.example/offers/4mYc1m0wJrQG --category deception
    """

    async def work(member: Member) -> OwnReport:
        place.say(WHO_READS)
        place.confirm("Report this offer?", is_agreed=is_agreed)
        return await member.reports.report_offer(
            url, category=category, words=words, may_pass_on=may_pass_on
        )

    run_async(send_report(place, place.ask_passphrase(), work))


@report.command("list")
@member_command
def list_reports(place: Place) -> None:
    """List what you reported, and what became of it.

    Example: kith me report list
    """
    run_async(_list(place, place.ask_passphrase()))


async def send_report(
    place: Place, passphrase: str, work: Callable[[Member], Coroutine[None, None, OwnReport]]
) -> None:
    """Do *work*, which reports something, and say what comes of it."""
    async with await place.open(passphrase) as member:
        made = await work(member)
    place.say("Your moderators have it. See what becomes of it: kith me report list")
    place.answer({"id": encode_base64url(made.id)})


async def _list(place: Place, passphrase: str) -> None:
    async with await place.open(passphrase) as member:
        await member.refresh()
        found = [(one, await member.reports.state(one.id)) for one in member.reports.list()]
        await member.reports.forget_old()
    for number, (one, state) in enumerate(found, 1):
        day = format_day(Day(one.day))[:10]
        what = f"{one.kind} of {one.node}, {one.category}, {day}"
        place.say(f"{number:2}. {short_id(one.id)}  {what}: {_STATES.get(state, state)}")
    if not found:
        place.say("You have reported nothing.")
    place.answer({"reports": [_document_of(one, state) for one, state in found]})


def _document_of(one: OwnReport, state: str | None) -> dict[str, object]:
    return {
        "id": encode_base64url(one.id),
        "kind": one.kind,
        "category": one.category,
        "node": one.node,
        "day": one.day,
        "state": state,
    }


def _proof_of_message(talk: Conversation, back: int) -> Evidence:
    received = [one for one in talk.messages if isinstance(one, Shown) and not one.is_own]
    if back > len(received):
        raise UsageError(f"you received {count_of(len(received), 'message')} there")
    proof = talk.evidence(received[-back].hash)
    if proof is None:
        raise UsageError(TOO_LATE)
    return proof


def _proof_of_knock(member: Member, number: str) -> Evidence:
    if number.isdigit():
        knock = pick_knock(member, number)
    else:  # answered ones are no longer in the tray
        knocks = member.knocks.received
        chosen = pick(number, tuple(one.conversation for one in knocks), "knock")
        knock = next(one for one in knocks if one.conversation == chosen)
    proof = evidence_of_knock(knock)
    if proof is None:
        raise UsageError(TOO_LATE)
    return proof


def show_proof(place: Place, proof: Evidence, *, is_agreed: bool) -> None:
    """Print what will be reported and ask.

    Raises:
        click.Abort: the answer is no.
    """
    place.title("This will be reported:")
    for line in describe_core(parse_core(proof.core)):
        place.say(f"  {line}")
    place.say(WHO_READS)
    place.confirm("Report it?", is_agreed=is_agreed)
