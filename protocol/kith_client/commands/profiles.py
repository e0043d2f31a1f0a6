"""``kith me profile …``: pseudonymous pages in one's own community."""

from __future__ import annotations

import click
import msgspec

from kith_client.commands.common import (
    Place,
    count_of,
    member_command,
    pick,
    run_async,
    short_id,
)
from kith_client.commands.topics import topic_names
from kith_client.commands.writing import explain_bound
from kith_client.member import Member
from kith_client.profiles import MAX_DAYS
from kith_client.records import ProfileRecord
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.api import ProfileAnswer
from kith_protocol.day import Day, format_day
from kith_protocol.offer_content import ProfileContent

LINKS = (
    "This links the two: whoever sees the profile knows that the same person made the offer. "
    "Hiding it later does not make anybody forget."
)


@click.group()
def profile() -> None:
    """Your own profiles: pseudonyms, seen by signed-in members of your community only.

    A profile is named by its number in `kith me profile list`, or by the beginning of its id.
    """


@profile.command("new")
@click.option("--pseudonym", required=True, help="Not your login name, and not your own.")
@click.option("--pronouns", default="")
@click.option("--about", default="", help="A line about yourself.")
@click.option("--language", "-l", "languages", multiple=True)
@click.option("--topic", "-t", "topics", multiple=True)
@click.option("--listed/--by-link", "is_listed", default=True, help="In the list or not.")
@click.option("--days", type=click.IntRange(1, MAX_DAYS), help="How long it stands.")
@member_command
def new_profile(
    place: Place,
    pseudonym: str,
    pronouns: str,
    about: str,
    languages: tuple[str, ...],
    topics: tuple[str, ...],
    is_listed: bool,
    days: int | None,
) -> None:
    """Publish a profile in your community. Nothing stored tells that two are of one person.

    Example: kith me profile new --pseudonym Wren --about 'I repair old radios' -l en
    """
    changes = _changes(pseudonym, pronouns, about, languages, topics)
    run_async(_publish(place, place.ask_passphrase(), changes, is_listed, days))


@profile.command("edit")
@click.argument("number")
@click.option("--pseudonym")
@click.option("--pronouns")
@click.option("--about", help="A line about yourself.")
@click.option("--language", "-l", "languages", multiple=True)
@click.option("--topic", "-t", "topics", multiple=True)
@click.option("--listed/--by-link", "is_listed", default=None, help="In the list or not.")
@member_command
def edit_profile(
    place: Place,
    number: str,
    pseudonym: str | None,
    pronouns: str | None,
    about: str | None,
    languages: tuple[str, ...],
    topics: tuple[str, ...],
    is_listed: bool | None,
) -> None:
    """Change a profile. What you do not name stays as it is.

    Example: kith me profile edit 1 --about 'I repair old and new radios'
    """
    changes = _changes(pseudonym, pronouns, about, languages, topics)
    if not changes and is_listed is None:
        raise UsageError("name what should change, such as --about TEXT; see --help")
    run_async(_edit(place, place.ask_passphrase(), number, changes, is_listed))


@profile.command("list")
@click.option("--all", "everybody", is_flag=True, help="Those of your community instead.")
@click.option("--after", help="The next page of --all, as the page before said.")
@member_command
def list_profiles(place: Place, everybody: bool, after: str | None) -> None:
    """List your profiles, or everybody's that are listed.

    Example: kith me profile list --all
    """
    passphrase = place.ask_passphrase()
    run_async(_browse(place, passphrase, after) if everybody else _list(place, passphrase))


@profile.command("extend")
@click.argument("number")
@click.option("--days", type=click.IntRange(1, MAX_DAYS), default=90, show_default=True)
@member_command
def extend_profile(place: Place, number: str, days: int) -> None:
    """Let a profile stand for so many days from today.

    Example: kith me profile extend 1 --days 90
    """
    run_async(_extend(place, place.ask_passphrase(), number, days))


@profile.command("withdraw")
@click.argument("number")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def withdraw_profile(place: Place, number: str, is_agreed: bool) -> None:
    """Withdraw a profile. The offers that were shown under it stay.

    Example: kith me profile withdraw 1
    """
    passphrase = place.ask_passphrase()
    place.confirm("Withdraw this profile for good?", is_agreed=is_agreed)
    run_async(_withdraw(place, passphrase, number))


@profile.command("show-offer")
@click.argument("number")
@click.argument("offer")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def show_offer(place: Place, number: str, offer: str, is_agreed: bool) -> None:
    """Show one of your offers under a profile. This links the two for all who see it.

    Example: kith me profile show-offer 1 2
    """
    passphrase = place.ask_passphrase()
    place.say(LINKS)
    place.confirm("Show this offer under this profile?", is_agreed=is_agreed)
    run_async(_show_offer(place, passphrase, number, offer))


@profile.command("hide-offer")
@click.argument("number")
@click.argument("offer")
@member_command
def hide_offer(place: Place, number: str, offer: str) -> None:
    """Show an offer under a profile no longer.

    Example: kith me profile hide-offer 1 2
    """
    run_async(_hide_offer(place, place.ask_passphrase(), number, offer))


async def _publish(
    place: Place,
    passphrase: str,
    changes: dict[str, object],
    is_listed: bool,
    days: int | None,
) -> None:
    async with await place.open(passphrase) as member:
        await member.resume()
        community = await member.get_community()
        picture = {"picture": member.profiles.draw_picture()}
        content = _convert(picture | await _with_topics(member, changes))
        stands = days or min(90, community.max_offer_days)
        made = await member.profiles.publish(content, listed=is_listed, days=stands)
    place.say(f"Your community can see {content.pseudonym}.")
    place.answer({"id": encode_base64url(made)})


async def _edit(
    place: Place,
    passphrase: str,
    number: str,
    changes: dict[str, object],
    is_listed: bool | None,
) -> None:
    async with await place.open(passphrase) as member:
        record = member.keys.profile(_pick(member, number))
        present: dict[str, object] = msgspec.to_builtins(record.content)
        content = _convert(present | await _with_topics(member, changes))
        await member.profiles.edit(record.id, content, listed=is_listed)
    place.say("It is changed.")
    place.answer({"id": encode_base64url(record.id)})


async def _list(place: Place, passphrase: str) -> None:
    async with await place.open(passphrase) as member:
        records = member.keys.profiles
    for number, record in enumerate(records, 1):
        place.say(f"{number:2}. {short_id(record.id)}  {_describe(record)}")
    if not records:
        place.say("You have no profiles. Make one with `kith me profile new`.")
    place.answer({"profiles": [_document_of(record) for record in records]})


async def _browse(place: Place, passphrase: str, after: str | None) -> None:
    async with await place.open(passphrase) as member:
        page = await member.profiles.browse(after=after)
    for answer in page.profiles:
        _show_profile(place, answer)
    if page.next is not None:
        place.say(f"More: the same command with --after {page.next}")
    place.answer(page)


async def _extend(place: Place, passphrase: str, number: str, days: int) -> None:
    async with await place.open(passphrase) as member:
        chosen = _pick(member, number)
        end_day = await member.profiles.extend(chosen, days=days)
    place.say(f"It stands until {format_day(end_day)[:10]}.")
    place.answer({"id": encode_base64url(chosen), "end_day": end_day})


async def _withdraw(place: Place, passphrase: str, number: str) -> None:
    async with await place.open(passphrase) as member:
        chosen = _pick(member, number)
        await member.profiles.withdraw(chosen)
    place.say("It is withdrawn.")
    place.answer({"id": encode_base64url(chosen), "state": "withdrawn"})


async def _show_offer(place: Place, passphrase: str, number: str, offer: str) -> None:
    async with await place.open(passphrase) as member:
        chosen = _pick(member, number)
        await member.profiles.show_offer(chosen, _pick_offer(member, offer))
    place.say("It is shown.")
    place.answer({"id": encode_base64url(chosen)})


async def _hide_offer(place: Place, passphrase: str, number: str, offer: str) -> None:
    async with await place.open(passphrase) as member:
        chosen = _pick(member, number)
        await member.profiles.hide_offer(chosen, _pick_offer(member, offer))
    place.say("It is hidden.")
    place.answer({"id": encode_base64url(chosen)})


async def _with_topics(member: Member, changes: dict[str, object]) -> dict[str, object]:
    topics = changes.get("topics")
    if not isinstance(topics, tuple):
        return changes
    names = await topic_names(member.search)
    return changes | {"topics": tuple(map(names.find, topics))}


def _changes(
    pseudonym: str | None,
    pronouns: str | None,
    about: str | None,
    languages: tuple[str, ...],
    topics: tuple[str, ...],
) -> dict[str, object]:
    """Return what was named; an empty text is named too, as it clears the present one."""
    named = {
        "pseudonym": pseudonym,
        "pronouns": pronouns,
        "about": about,
        "languages": languages or None,
        "topics": topics or None,
    }
    return {name: value for name, value in named.items() if value is not None}


def _convert(document: dict[str, object]) -> ProfileContent:
    try:
        return msgspec.convert(document, ProfileContent)
    except msgspec.ValidationError as error:
        raise UsageError(f"this profile is not possible: {explain_bound(error)}") from error


def _pick(member: Member, number: str) -> bytes:
    return pick(number, tuple(record.id for record in member.keys.profiles), "profile")


def _pick_offer(member: Member, number: str) -> bytes:
    return pick(number, tuple(record.id for record in member.keys.offers), "offer")


def _describe(record: ProfileRecord) -> str:
    end = format_day(Day(record.end_day))[:10]
    where = "listed" if record.listed else "by link"
    shown = count_of(len(record.shown), "offer")
    return f"{record.content.pseudonym}  ({where}, {shown}, until {end})"


def _show_profile(place: Place, answer: ProfileAnswer) -> None:
    content = answer.content
    pronouns = f" ({content.pronouns})" if content.pronouns else ""
    place.title(f"{content.pseudonym}{pronouns}")
    if content.about:
        place.say(f"  {content.about}")
    for url in answer.offers:
        place.say(f"  {url}")


def _document_of(record: ProfileRecord) -> dict[str, object]:
    return {
        "id": encode_base64url(record.id),
        "state": record.state,
        "listed": record.listed,
        "end_day": record.end_day,
        "content": record.content,
        "offers": [encode_base64url(offer) for offer in record.shown],
    }
