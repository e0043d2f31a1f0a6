"""From the options of ``kith me offer new|preview|edit`` to what an offer says."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from typing import ParamSpec, TypeVar, get_args

import click
import msgspec

from kith_client.commands.topics import TopicNames
from kith_crypto.errors import UsageError
from kith_protocol.offer_content import Answers, Audience, OfferContent
from kith_protocol.query import FORMATS, LEVELS, WAYS, WHENS

P = ParamSpec("P")
R = TypeVar("R")

_IN_LANGUAGE = re.compile(r"([a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})=(.*)\Z", re.DOTALL)
_NAME = re.compile(r"[a-z]+")
_LENGTH = re.compile(r"`(\w+)` of length (<=|>=) ([0-9]+)")
_OPTIONS = {
    "topics": "--topic",
    "languages": "--language",
    "ways": "--way",
    "formats": "--format",
    "content": "--text",
}
_LOOKS_LIKE = {"region": "155"}
_NEEDED = {
    "topics": "--topic",
    "languages": "--language",
    "ways": "--way",
    "formats": "--format",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What was named on the command line; an empty tuple or None was not named."""

    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    answers: str | None = None
    group: bool | None = None
    relay: bool | None = None
    region: str | None = None
    summary: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    room: str | None = None


def read_said(options: Mapping[str, object]) -> Said:
    """Return the *options* that click has read, by the names of ``Said``."""
    return msgspec.convert(dict(options), Said)


def content_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give *command* an option for each thing that an offer says, by the names of ``Said``."""
    options = (
        click.option("--topic", "-t", "topics", multiple=True, help="Topic id; 1 to 4."),
        click.option("--language", "-l", "languages", multiple=True, help="Like en; 1 to 6."),
        click.option("--way", "ways", multiple=True, type=click.Choice(WAYS), help="1 to 3."),
        click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS)),
        click.option("--when", "when", multiple=True, type=click.Choice(WHENS)),
        click.option("--level", "level", multiple=True, type=click.Choice(LEVELS)),
        click.option("--answers", type=click.Choice(get_args(Answers)), help="How soon."),
        click.option("--group/--no-group", default=None, help="For a small group together."),
        click.option("--relay/--no-relay", default=None, help="Let relays pass it on."),
        click.option("--region", help="UN M49 code, only with in-person."),
        click.option("--summary", multiple=True, help="One line; en=… names its language."),
        click.option("--text", multiple=True, help="More text; en=… names its language."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def write_offer(said: Said, names: TopicNames, *, audience: Audience) -> OfferContent:
    """Return a new offer.

    Raises:
        UsageError: something that every offer says is missing, or a value cannot be used.
    """
    missing = [option for name, option in _NEEDED.items() if not getattr(said, name)]
    if missing:
        raise UsageError(f"an offer needs at least one of each of: {', '.join(missing)}")
    return _convert({"audience": audience} | _named(said, names, said.languages[0]))


def change_offer(content: OfferContent, said: Said, names: TopicNames) -> OfferContent:
    """Return *content* with what was *said* in its place.

    Raises:
        UsageError: a value cannot be used.
    """
    first = said.languages[0] if said.languages else content.languages[0]
    document: dict[str, object] = msgspec.to_builtins(content)
    return _convert(document | _named(said, names, first))


def _named(said: Said, names: TopicNames, language: str) -> dict[str, object]:
    """Return the members of an offer that were named, as its JSON has them."""
    members: dict[str, object] = dataclasses.asdict(said)
    members["topics"] = tuple(map(names.find, said.topics))
    members["summary"] = _read_texts(said.summary, language)
    members["content"] = _read_texts(said.text, language)
    del members["text"]
    return {name: value for name, value in members.items() if value not in (None, (), {})}


def _read_texts(texts: Iterable[str], language: str) -> dict[str, str]:
    """Return texts by language; one that names none is in *language*."""
    found: dict[str, str] = {}
    for text in texts:
        named = _IN_LANGUAGE.match(text)
        tag, words = (named[1], named[2]) if named else (language, text)
        if tag in found:
            raise UsageError(f"two texts in {tag}; name the language of each, such as ar=…")
        found[tag] = words.strip()
    return found


def _convert(document: dict[str, object]) -> OfferContent:
    try:
        return msgspec.convert(document, OfferContent)
    except msgspec.ValidationError as error:
        raise UsageError(f"this offer is not possible: {explain_bound(error)}") from error


def explain_bound(error: msgspec.ValidationError) -> str:
    """Return what is wrong in the words of the command line: the option, and what it takes."""
    reason, _, place = str(error).partition(" - at `$.")
    name = _NAME.match(place)
    if name is None:
        return reason
    option = _OPTIONS.get(name[0], f"--{name[0]}")
    if "matching regex" in reason:
        return f"{option} is written like {_LOOKS_LIKE.get(name[0], 'en or pt-BR')}"
    bound = _LENGTH.search(reason)
    if bound is None:
        return f"{option}: {reason}"
    limit = "at least" if bound[2] == ">=" else "at most"
    return f"{option} takes {limit} {bound[3]}{' characters' if bound[1] == 'str' else ''}"
