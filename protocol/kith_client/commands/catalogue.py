"""``kith me search`` and ``kith me topics``."""

from __future__ import annotations

import click

from kith_client.commands.common import Place, count_of, member_command, run_async
from kith_client.commands.words import describe_hit, hit_document
from kith_client.member import Member
from kith_client.topics import Topics
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

_OPTIONS = {"topics": "topic", "languages": "language", "ways": "way", "formats": "format"}


@click.command()
@click.option("--topic", "-t", "topics", multiple=True, help="Topic id, or a word for one.")
@click.option("--language", "-l", "languages", multiple=True, help="Such as en; best first.")
@click.option("--way", "ways", multiple=True, type=click.Choice(WAYS))
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS))
@click.option("--when", "when", multiple=True, type=click.Choice(WHENS))
@click.option("--level", "level", multiple=True, type=click.Choice(LEVELS))
@click.option("--room", is_flag=True, help="Only those who have room now.")
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=DEFAULT_LIMIT)
@click.option("--after", default="", help="The next page, as the page before said.")
@click.option("--facets", is_flag=True, help="Show counts instead of offers.")
@click.option("--here", is_flag=True, help="Search on this device; nobody sees the query.")
@member_command
def search(
    place: Place,
    topics: tuple[str, ...],
    languages: tuple[str, ...],
    room: bool,
    limit: int,
    after: str,
    facets: bool,
    here: bool,
    **choices: tuple[str, ...],
) -> None:
    """Find offers, in your own and in every connected community.

    Your node sees the query while it runs, though not who asks; it keeps none. With --here the
    offers of a language are fetched, the same file for everybody, and searched on this device.

    Example: kith me search -t career.cv -l en -l ar --way advise
    """
    if here and facets:
        raise click.UsageError("--facets and --here do not go together yet")
    parameters = {
        "languages": ",".join(languages),
        "limit": str(limit),
        "after": after,
        "room": "open" if room else "",
        **{name: ",".join(values) for name, values in choices.items()},
    }
    run_async(_search(place, place.ask_passphrase(), topics, parameters, facets, here))


@click.command("topics")
@click.argument("query")
@click.option("--language", "-l", "languages", multiple=True, help="Languages you read.")
@member_command
def find_topics(place: Place, query: str, languages: tuple[str, ...]) -> None:
    """Find topics by a word, in any language of the vocabulary.

    Example: kith me topics python
    """
    run_async(_find_topics(place, place.ask_passphrase(), query, languages))


async def _search(
    place: Place,
    passphrase: str,
    topics: tuple[str, ...],
    parameters: dict[str, str],
    facets: bool,
    here: bool,
) -> None:
    async with await place.open(passphrase) as member:
        vocabulary = await member.search.topics()
        given = {name: value for name, value in parameters.items() if value}
        if topics:
            given["topics"] = ",".join(find_topic(vocabulary, topic) for topic in topics)
        query = _read_query(given, vocabulary)
        if facets:
            _show_facets(place, await member.search.facets(query), vocabulary, query)
        else:
            _show_hits(place, await _find(member, query, here), vocabulary, query)


def _read_query(given: dict[str, str], vocabulary: Topics) -> Query:
    try:
        return parse_query(given, is_known_topic=vocabulary.is_known)
    except MalformedError as error:
        name = (error.pointer or "/").removeprefix("/")
        option = f"--{_OPTIONS.get(name, name)}"
        raise UsageError(f"{option} cannot be used: {error}; see --help") from error


async def _find(member: Member, query: Query, here: bool) -> SearchAnswer:
    return await (member.search.find_here(query) if here else member.search.find(query))


async def _find_topics(
    place: Place, passphrase: str, query: str, languages: tuple[str, ...]
) -> None:
    async with await place.open(passphrase) as member:
        vocabulary = await member.search.topics()
    found = vocabulary.find(query, languages=languages)
    for topic in found:
        note = "  (sensitive)" if vocabulary.is_sensitive(topic) else ""
        place.say(f"{topic}  {vocabulary.label(topic, languages)}{note}")
    if not found:
        near = vocabulary.near(query)
        hint = f"Perhaps: {', '.join(near)}" if near else "Try the beginning of another word."
        place.say(f"No topic fits. {hint}")
    place.answer(
        {
            "topics": [
                {"id": topic, "label": vocabulary.label(topic, languages)} for topic in found
            ]
        }
    )


def find_topic(vocabulary: Topics, text: str) -> str:
    """Return the topic that *text* is the id of, or the only one it can mean.

    Raises:
        UsageError: none or several; the error names the nearest.
    """
    if vocabulary.is_known(text):
        return text
    found = vocabulary.find(text, limit=5)
    if len(found) == 1:
        return found[0]
    if not found:
        near = vocabulary.near(text)
        if near:
            raise UsageError(f"no topic is called {text!r}; perhaps: {', '.join(near)}")
        raise UsageError(f"no topic is like {text!r}; try `kith me topics WORD`")
    raise UsageError(f"{text!r} is no topic id; perhaps one of: {', '.join(found)}")


def _show_hits(place: Place, answer: SearchAnswer, topics: Topics, query: Query) -> None:
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
        }
    )


def _show_facets(place: Place, answer: FacetsAnswer, topics: Topics, query: Query) -> None:
    place.say(count_of(answer.total, "offer"))
    counts = {
        "topics": {
            topics.label(topic, query.languages): n for topic, n in answer.topics.items()
        },
        "languages": answer.languages,
        "ways": answer.ways,
        "formats": answer.formats,
        "communities": answer.communities,
    }
    for name, values in counts.items():
        if values:
            place.title(name)
        for value, count in sorted(values.items(), key=lambda pair: (-pair[1], pair[0])):
            place.say(f"  {count:6}  {value}")
    place.answer(answer)
