"""``kith me persona …``: who one is to others."""

from __future__ import annotations

import click

from kith_client.commands.common import Place, member_command, pick, run_async, short_id
from kith_client.commands.topics import topic_names
from kith_client.member import Member
from kith_client.personas import Persona
from kith_crypto.encoding import encode_base64url


@click.group()
def persona() -> None:
    """Your personas: who you are to those you choose to show it to.

    A persona stays in your vault until you show it in a knock, an answer or a conversation.
    It is named by its number in `kith me persona list`, or by the beginning of its id.
    """


@persona.command("new")
@click.option(
    "--pseudonym", help="Not your login name, and not your own; suggested if left out."
)
@click.option("--pronouns", default="")
@click.option("--about", default="", help="A line about yourself.")
@click.option("--language", "-l", "languages", multiple=True)
@click.option("--topic", "-t", "topics", multiple=True)
@member_command
def new_persona(
    place: Place,
    pseudonym: str | None,
    pronouns: str,
    about: str,
    languages: tuple[str, ...],
    topics: tuple[str, ...],
) -> None:
    """Make a persona. Nobody sees it until you show it.

    Two people to whom you show the same one can find that out, if they talk to each other.

    Example: kith me persona new --pronouns they -l en
    """
    texts = {"pronouns": pronouns, "about": about}
    run_async(_new(place, place.ask_passphrase(), pseudonym, texts, languages, topics))


@persona.command("list")
@member_command
def list_personas(place: Place) -> None:
    """Show your personas. Asks the node for nothing but your vault.

    Example: kith me persona list
    """
    run_async(_list(place, place.ask_passphrase()))


@persona.command("edit")
@click.argument("number")
@click.option("--pseudonym")
@click.option("--pronouns")
@click.option("--about")
@click.option("--language", "-l", "languages", multiple=True)
@click.option("--topic", "-t", "topics", multiple=True)
@click.option("--new-picture", is_flag=True, help="Another generated picture.")
@member_command
def edit_persona(
    place: Place,
    number: str,
    languages: tuple[str, ...],
    topics: tuple[str, ...],
    new_picture: bool,
    **texts: str | None,
) -> None:
    """Change a persona. What you have shown before stays as it was.

    Example: kith me persona edit 1 --about 'I repair old radios'
    """
    run_async(
        _edit(place, place.ask_passphrase(), number, texts, languages, topics, new_picture)
    )


@persona.command("remove")
@click.argument("number")
@member_command
def remove_persona(place: Place, number: str) -> None:
    """Forget a persona. Whoever saw it may have kept it.

    Example: kith me persona remove 2
    """
    run_async(_remove(place, place.ask_passphrase(), number))


def pick_persona(member: Member, number: str | None) -> Persona | None:
    """Return the persona that *number* means, or None where none was named.

    Raises:
        UsageError: there is none or more than one.
    """
    if number is None:
        return None
    ids = tuple(one.id for one in member.personas.list())
    return member.personas.get(pick(number, ids, "persona"))


async def _new(
    place: Place,
    passphrase: str,
    pseudonym: str | None,
    texts: dict[str, str],
    languages: tuple[str, ...],
    topics: tuple[str, ...],
) -> None:
    async with await place.open(passphrase) as member:
        made = await member.personas.add(
            pseudonym,
            pronouns=texts["pronouns"],
            about=texts["about"],
            languages=languages,
            topics=await _find_topics(member, topics),
        )
    _show(place, 1, made)
    place.answer(_document_of(made))


async def _list(place: Place, passphrase: str) -> None:
    async with await place.open(passphrase) as member:
        found = member.personas.list()
    for number, one in enumerate(found, 1):
        _show(place, number, one)
    if not found:
        place.say("You have no persona. Make one: kith me persona new")
    place.answer({"personas": [_document_of(one) for one in found]})


async def _edit(
    place: Place,
    passphrase: str,
    number: str,
    texts: dict[str, str | None],
    languages: tuple[str, ...],
    topics: tuple[str, ...],
    new_picture: bool,
) -> None:
    changes: dict[str, str | tuple[str, ...]] = {
        name: value for name, value in texts.items() if value is not None
    }
    async with await place.open(passphrase) as member:
        chosen = pick_persona(member, number)
        assert chosen is not None
        if languages:
            changes["languages"] = languages
        if topics:
            changes["topics"] = await _find_topics(member, topics)
        edited = await member.personas.edit(chosen.id, **changes)
        if new_picture:
            edited = await member.personas.new_picture(chosen.id)
    _show(place, 1, edited)
    place.answer(_document_of(edited))


async def _remove(place: Place, passphrase: str, number: str) -> None:
    async with await place.open(passphrase) as member:
        chosen = pick_persona(member, number)
        assert chosen is not None
        await member.personas.remove(chosen.id)
    place.say("It is forgotten.")
    place.answer({"removed": encode_base64url(chosen.id)})


async def _find_topics(member: Member, topics: tuple[str, ...]) -> tuple[str, ...]:
    if not topics:
        return ()
    names = await topic_names(member.search)
    return tuple(map(names.find, topics))


def _show(place: Place, number: int, one: Persona) -> None:
    content = one.content
    pronouns = f" ({content.pronouns})" if content.pronouns else ""
    place.title(f"{number:2}. {content.pseudonym}{pronouns}  [{short_id(one.id)}]")
    if content.about:
        place.say(f"  {content.about}")


def _document_of(one: Persona) -> dict[str, object]:
    return {"id": encode_base64url(one.id), "content": one.content}
