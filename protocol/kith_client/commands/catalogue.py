"""``kith me search``."""

from __future__ import annotations

import click

from kith_client.commands.common import Place, count_of, member_command, run_async
from kith_client.commands.reader import reader_of
from kith_client.commands.topics import topic_names
from kith_client.commands.words import describe_hit, describe_understood, hit_document
from kith_client.member import Member
from kith_crypto.errors import MalformedError, UsageError
from kith_protocol.api import FacetsAnswer, SearchAnswer
from kith_protocol.query import (
    DEFAULT_LIMIT,
    FORMATS,
    LEVELS,
    MAX_LIMIT,
    WAYS,
    WHENS,
    Query,
    parse_query,
)
from kith_protocol.vocabulary import Vocabulary

_OPTIONS = {
    "topics": "--topic",
    "languages": "--language",
    "ways": "--way",
    "formats": "--format",
    "text": "the text",
}


@click.command()
@click.argument("text", nargs=-1)
@click.option("--topic", "-t", "topics", multiple=True, help="Topic id, or a word for one.")
@click.option("--language", "-l", "languages", multiple=True, help="Such as en; best first.")
@click.option("--way", "ways", multiple=True, type=click.Choice(WAYS))
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS))
@click.option("--when", "when", multiple=True, type=click.Choice(WHENS))
@click.option("--level", "level", multiple=True, type=click.Choice(LEVELS))
@click.option("--knows", multiple=True, help="A topic you know: who shares it is preferred.")
@click.option("--near/--exact", default=True, help="Also topics close by, or none but these.")
@click.option("--room", is_flag=True, help="Only those who have room now.")
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=DEFAULT_LIMIT)
@click.option("--after", default="", help="The next page, as the page before said.")
@click.option("--facets", is_flag=True, help="Show counts instead of offers.")
@click.option("--here", is_flag=True, help="Search on this device; nobody sees the query.")
@member_command
def search(
    place: Place,
    text: tuple[str, ...],
    languages: tuple[str, ...],
    near: bool,
    room: bool,
    limit: int,
    after: str,
    facets: bool,
    here: bool,
    **choices: tuple[str, ...],
) -> None:
    """Find offers, in your own and in every connected community.

    TEXT is in your own words, in any language of the vocabulary.

    Your node sees the query while it runs, though not who asks; it keeps none. With --here the
    offers of a language are fetched, the same file for everybody, and searched on this device.

    Example: kith me search "CV prüfen" -l de --way review
    """
    parameters = {
        "text": " ".join(text),
        "languages": ",".join(languages),
        "limit": "1" if facets else str(limit),
        "after": after,
        "near": "yes" if near else "",
        "room": "open" if room else "",
        "counts": "yes" if facets else "",
    }
    run_async(_search(place, place.ask_passphrase(), parameters, choices, here))


async def _search(
    place: Place,
    passphrase: str,
    parameters: dict[str, str],
    choices: dict[str, tuple[str, ...]],
    here: bool,
) -> None:
    async with await place.open(passphrase) as member:
        vocabulary = await member.search.topics()
        for name in ("topics", "knows"):
            if choices[name]:
                names = await topic_names(member.search)
                choices[name] = tuple(map(names.find, choices[name]))
        given = parameters | {name: ",".join(values) for name, values in choices.items()}
        query = read_query({name: value for name, value in given.items() if value}, vocabulary)
        way = "device" if here else "node"
        place.say(reader_of().words.say(f"search.reveals.{way}"))
        answer = await _find(member, query, here)
    _show_understood(place, answer, vocabulary, query)
    if answer.facets is not None:
        show_facets(place, answer.facets, vocabulary, query)
    else:
        _show_hits(place, answer, vocabulary, query)


def read_query(given: dict[str, str], vocabulary: Vocabulary) -> Query:
    """Return the query that options make.

    Raises:
        UsageError: names the option that cannot be used.
    """
    try:
        return parse_query(given, is_known_topic=vocabulary.is_placed)
    except MalformedError as error:
        name = (error.pointer or "/").removeprefix("/")
        option = _OPTIONS.get(name, f"--{name}")
        raise UsageError(f"{option} cannot be used: {error}; see --help") from error


async def _find(member: Member, query: Query, here: bool) -> SearchAnswer:
    return await (member.search.find_here(query) if here else member.search.find(query))


def _show_understood(
    place: Place, answer: SearchAnswer, topics: Vocabulary, query: Query
) -> None:
    if answer.understood is not None:
        lines = describe_understood(
            answer.understood, lambda topic: topics.label(topic, query.languages)
        )
        for line in lines:
            place.say(line)


def _show_hits(place: Place, answer: SearchAnswer, topics: Vocabulary, query: Query) -> None:
    place.say(count_of(answer.total, "offer"))
    for number, hit in enumerate(answer.hits, 1):
        first, *rest = describe_hit(hit, topics, query.languages)
        place.title(f"{number:2}. {first}")
        for line in rest:
            place.say(f"  {line}")
    if answer.next is not None:
        place.say(f"More: the same command with --after {answer.next}")
    place.answer(
        {
            "hits": [hit_document(hit) for hit in answer.hits],
            "total": answer.total,
            "next": answer.next,
            "understood": answer.understood,
        }
    )


def show_facets(place: Place, answer: FacetsAnswer, topics: Vocabulary, query: Query) -> None:
    """Print the counts of *answer*, the largest of each group first."""
    place.say(count_of(answer.total, "offer"))
    labels = {topic: topics.label(topic, query.languages) for topic in answer.topics}
    counts = {
        "topics": answer.topics,
        "languages": answer.languages,
        "ways": answer.ways,
        "formats": answer.formats,
        "when": answer.when,
        "level": answer.level,
        "room": answer.room,
        "communities": answer.communities,
    }
    for name, values in counts.items():
        if values:
            place.title(name)
        # Two topics may have one label, so it takes the place of none before it is shown.
        shown = labels if name == "topics" else {}
        ordered = sorted((-count, shown.get(value, value)) for value, count in values.items())
        for less, label in ordered:
            place.say(f"  {-less:6}  {label}")
    place.answer(answer)
