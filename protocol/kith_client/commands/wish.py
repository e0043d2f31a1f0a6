"""``kith me wish …``: what a member looks for, kept to oneself, and what is new for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import click

from kith_client.commands.catalogue import read_query
from kith_client.commands.common import (
    Place,
    count_of,
    member_command,
    pick,
    run_async,
    short_id,
)
from kith_client.commands.progress import waiting_for
from kith_client.commands.reader import reader_of
from kith_client.commands.topics import topic_names
from kith_client.commands.words import describe_hit, hit_document
from kith_client.member import Member
from kith_client.wishes import Wish, WishFound
from kith_crypto.encoding import encode_base64url
from kith_protocol.query import FORMATS, LEVELS, WAYS, WHENS, encode_query
from kith_protocol.vocabulary import Vocabulary

_SHOWN = frozenset({"topics", "text", "languages", "ways", "formats", "when", "level", "knows"})


@click.group()
def wish() -> None:
    """What you look for: kept in your vault, matched on this device, told to nobody.

    A wish that finds nothing stays, and `kith me wish check` speaks up when something fits. A
    wish is named by its number in `kith me wish list`, or by the beginning of its id.
    """


@wish.command("add")
@click.argument("text", nargs=-1)
@click.option("--name", default="", help="What you call it; only you see it.")
@click.option("--topic", "-t", "topics", multiple=True, help="Topic id, or a word for one.")
@click.option("--language", "-l", "languages", multiple=True, required=True, help="Such as en.")
@click.option("--way", "ways", multiple=True, type=click.Choice(WAYS))
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS))
@click.option("--when", "when", multiple=True, type=click.Choice(WHENS))
@click.option("--level", "level", multiple=True, type=click.Choice(LEVELS))
@click.option("--knows", multiple=True, help="A topic you know: who shares it is preferred.")
@click.option("--near/--exact", default=True, help="Also topics close by, or none but these.")
@click.option("--standing/--once", default=True, help="Whether it tells of what is new.")
@member_command
def add(
    place: Place,
    text: tuple[str, ...],
    name: str,
    near: bool,
    standing: bool,
    **choices: tuple[str, ...],
) -> None:
    """Keep a wish. TEXT is in your own words, in any language of the vocabulary.

    Example: kith me wish add "somebody who reads my CV" -l en --way review
    """
    given = {"text": " ".join(text), "near": "yes" if near else ""}

    async def act(member: Member) -> None:
        vocabulary = await waiting_for("Fetching the topics", member.search.topics())
        names = await topic_names(member.search)
        for group in ("topics", "knows"):
            choices[group] = tuple(map(names.find, choices[group]))
        parameters = given | {group: ",".join(values) for group, values in choices.items()}
        query = read_query(
            {key: value for key, value in parameters.items() if value}, vocabulary
        )
        made = await member.wishes.add(query, name=name, standing=standing)
        place.say(f"Your wish is kept [{short_id(made.id)}]. Nobody else knows of it.")
        place.say("Look for it: kith me wish find, or kith me wish check for all of them")
        place.answer(_document(made))

    _with_member(place, act)


@wish.command("list")
@member_command
def list_wishes(place: Place) -> None:
    """List your wishes, oldest first.

    Example: kith me wish list
    """

    async def act(member: Member) -> None:
        vocabulary = await waiting_for("Fetching the topics", member.search.topics())
        found = member.wishes.list()
        for number, one in enumerate(found, 1):
            place.title(f"{number:2}. {_name_of(one, vocabulary)}  [{short_id(one.id)}]")
            rest = {
                key: value for key, value in encode_query(one.query).items() if key in _SHOWN
            }
            for key, value in rest.items():
                place.say(f"    {key}: {value}")
            if not one.standing:
                place.say("    looked for only when you ask")
        if not found:
            place.say("You have no wish. Begin with: kith me wish add TEXT -l en")
        place.answer({"wishes": [_document(one) for one in found]})

    _with_member(place, act)


@wish.command("find")
@click.argument("number")
@click.option("--on-node", is_flag=True, help="Let your node search; it sees the wish.")
@member_command
def find(place: Place, number: str, on_node: bool) -> None:
    """Show what fits wish NUMBER, and mark what is new.

    On this device by default: your node sees only which languages you fetch. With --on-node it
    is quicker on small devices, and the node sees what you look for while it runs.

    Example: kith me wish find 1
    """

    async def act(member: Member) -> None:
        one = _pick(member, number)
        where = "node" if on_node else "device"
        place.say(reader_of().words.say(f"search.reveals.{where}"))
        looking = member.wishes.find(one, where="node" if on_node else "device")
        found = await waiting_for("Looking", looking)
        vocabulary = await member.search.topics()
        _show(place, found, vocabulary)
        place.answer(_found_document(found))

    _with_member(place, act)


@wish.command("check")
@member_command
def check(place: Place) -> None:
    """Tell what is new for your wishes since last time; looked for on this device.

    Example: kith me wish check --json
    """

    async def act(member: Member) -> None:
        news = await waiting_for("Looking", member.wishes.check())
        vocabulary = await member.search.topics()
        for found in news:
            _show(place, found, vocabulary, only_new=True)
        if not news:
            place.say("Nothing new. Your wishes stay.")
        place.answer({"wishes": [_found_document(found) for found in news]})

    _with_member(place, act)


@wish.command("drop")
@click.argument("number")
@member_command
def drop(place: Place, number: str) -> None:
    """Forget wish NUMBER.

    Example: kith me wish drop 1
    """

    async def act(member: Member) -> None:
        one = _pick(member, number)
        await member.wishes.drop(one.id)
        place.say("It is gone.")
        place.answer({"id": encode_base64url(one.id)})

    _with_member(place, act)


def pick_wish(member: Member, number: str) -> bytes:
    """Return the id of the wish that *number* means.

    Raises:
        UsageError: there is none or more than one.
    """
    return pick(number, tuple(one.id for one in member.wishes.list()), "wish")


def _with_member(place: Place, act: Callable[[Member], Awaitable[None]]) -> None:
    async def run(passphrase: str) -> None:
        async with await place.open(passphrase) as member:
            await member.refresh()
            await act(member)

    run_async(run(place.ask_passphrase()))


def _pick(member: Member, number: str) -> Wish:
    return member.wishes.get(pick_wish(member, number))


def _show(
    place: Place, found: WishFound, vocabulary: Vocabulary, *, only_new: bool = False
) -> None:
    place.title(_name_of(found.wish, vocabulary))
    hits = [hit for hit in found.answer.hits if hit.id in found.new or not only_new]
    place.say(f"{count_of(found.answer.total, 'offer')}, {len(found.new)} new since last time")
    for number, hit in enumerate(hits, 1):
        first, *rest = describe_hit(hit, vocabulary, found.wish.query.languages)
        mark = click.style(" new", fg="green") if hit.id in found.new else ""
        place.say(f"{number:2}. {first}{mark}")
        for line in rest:
            place.say(f"  {line}")
    more = len(found.new) - sum(hit.id in found.new for hit in hits)
    if more:
        place.say(f"And {more} more that are new. See them with: kith me search")
    if not found.answer.hits:
        place.say("Nothing fits yet. The wish stays.")


def _name_of(one: Wish, vocabulary: Vocabulary) -> str:
    if one.name:
        return one.name
    labels = [vocabulary.label(topic, one.query.languages) for topic in one.query.topics]
    return ", ".join(labels) or one.query.text


def _document(one: Wish) -> dict[str, object]:
    return {
        "id": encode_base64url(one.id),
        "name": one.name,
        "query": encode_query(one.query),
        "standing": one.standing,
        "day": one.day,
    }


def _found_document(found: WishFound) -> dict[str, object]:
    return {
        **_document(found.wish),
        "hits": [hit_document(hit) for hit in found.answer.hits],
        "new": list(found.new),
        "total": found.answer.total,
    }
