"""What is asked of a catalogue, as a struct and as the parameters of a GET request.

Several values of one parameter are separated by commas; the order of ``languages`` is the order
of preference. What answers a query is in ``matching.py``, in which order in ``ranking.py``.
Left to the caller: the vocabulary, which says what topics exist, and making sense of ``text``
(``understood.py``); nothing is searched by text alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar, get_args

import msgspec

from kith_crypto.errors import MalformedError
from kith_protocol.offer_content import Format, Level, Way, When

MAX_TOPICS = 12
MAX_KNOWN = 12
MAX_WORDS = 8
MAX_TEXT_CHARACTERS = 200
MAX_LANGUAGES = 12
MAX_COMMUNITIES = 50
MAX_LIMIT = 50
DEFAULT_LIMIT = 20
MAX_OFFSET = 1000  # ranking.MAX_RANKED: nothing is listed beyond

WAYS: tuple[Way, ...] = get_args(Way)
FORMATS: tuple[Format, ...] = get_args(Format)
WHENS: tuple[When, ...] = get_args(When)
LEVELS: tuple[Level, ...] = get_args(Level)
ROOMS = ("open",)
YES = ("yes",)

PARAMETERS = (
    "topics",
    "near",
    "knows",
    "text",
    "languages",
    "ways",
    "formats",
    "when",
    "level",
    "room",
    "communities",
    "without",
    "counts",
    "limit",
    "after",
)

T = TypeVar("T", bound=str)

_LANGUAGE = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]{2,8}){0,3}\Z", re.ASCII)
_COMMUNITY = re.compile(
    r"https?://[A-Za-z0-9.:\[\]-]{1,255}/[A-Za-z0-9/._~-]{0,200}\Z", re.ASCII
)
_CURSOR = re.compile(r"([0-9]{1,6})-([1-9][0-9]{0,3})\Z", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]?\Z", re.ASCII)
# A terminal in another encoding brings these; they can be sent nowhere.
_HALF_LETTER = re.compile("[\ud800-\udfff]")


class Cursor(msgspec.Struct, frozen=True):
    """Where the next page begins.

    Attributes:
        day: whose order is being read, so that midnight does not shuffle it between pages.
        offset: results already read, 1 to ``MAX_OFFSET``.
    """

    day: int
    offset: int


class Query(msgspec.Struct, frozen=True):
    """What somebody looks for. An empty tuple asks for nothing in particular.

    Attributes:
        topics: concept ids, at most ``MAX_TOPICS``; each stands for all below it as well.
        near: also find near relatives of *topics*; see ``hierarchy.near_topics``.
        knows: what the asker knows already, at most ``MAX_KNOWN`` topics: preferred, not
            required.
        text: free text as typed, at most ``MAX_TEXT_CHARACTERS``; itself it decides nothing.
        languages: primary language subtags, best first, at most ``MAX_LANGUAGES``.
        ways: ways of helping, any of which is enough.
        formats: any of which is enough.
        when: preferred, not required.
        level: preferred, not required.
        room_only: leave out offers that have no room.
        communities: actors; if given, only their offers.
        without: actors whose offers are left out.
        counts: whether to count what each further choice would bring.
        limit: results in one page, 1 to ``MAX_LIMIT``.
        after: where the page before ended, or None for the first.
        words: what *text* says besides topics, at most ``MAX_WORDS`` of ``words_of``. With
            topics they are preferred; without, at least one is required.
        preferred_ways: ways that *text* names: preferred, not required.
        is_lost: nothing of *text* was understood and no topic chosen; nothing answers. The
            last three are no parameters: ``understood.py`` fills them in.
    """

    topics: tuple[str, ...] = ()
    near: bool = False
    knows: tuple[str, ...] = ()
    text: str = ""
    languages: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    formats: tuple[Format, ...] = ()
    when: tuple[When, ...] = ()
    level: tuple[Level, ...] = ()
    room_only: bool = False
    communities: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    counts: bool = False
    limit: int = DEFAULT_LIMIT
    after: Cursor | None = None
    words: tuple[str, ...] = ()
    preferred_ways: tuple[Way, ...] = ()
    is_lost: bool = False


def primary_language(tag: str) -> str:
    """Return the first subtag of a BCP 47 *tag*: people who share it can talk."""
    return tag.partition("-")[0]


def parse_query(
    parameters: Mapping[str, str], *, is_known_topic: Callable[[str], bool]
) -> Query:
    """Return the query that the *parameters* of a GET request make.

    Args:
        parameters: name to value, percent-decoded; names are those of ``PARAMETERS``.
        is_known_topic: whether the vocabulary has a topic.

    Raises:
        MalformedError: an unknown name or value, a repeated or empty value, or too many of
            them; ``pointer`` names the parameter.
    """
    for name in parameters:
        if name not in PARAMETERS:
            raise MalformedError("unknown parameter", pointer="/")
    return Query(
        topics=_several(parameters, "topics", MAX_TOPICS, is_known_topic),
        near=_choices(parameters, "near", YES) == YES,
        knows=_several(parameters, "knows", MAX_KNOWN, is_known_topic),
        text=_text(parameters.get("text")),
        languages=_languages(parameters),
        ways=_choices(parameters, "ways", WAYS),
        formats=_choices(parameters, "formats", FORMATS),
        when=_choices(parameters, "when", WHENS),
        level=_choices(parameters, "level", LEVELS),
        room_only=_choices(parameters, "room", ROOMS) == ROOMS,
        communities=_several(parameters, "communities", MAX_COMMUNITIES, _is_community),
        without=_several(parameters, "without", MAX_COMMUNITIES, _is_community),
        counts=_choices(parameters, "counts", YES) == YES,
        limit=_limit(parameters.get("limit")),
        after=parse_cursor(parameters["after"]) if "after" in parameters else None,
    )


def encode_query(query: Query) -> dict[str, str]:
    """Return the parameters that ``parse_query`` reads as *query*; defaults are left out."""
    values = {
        "topics": ",".join(query.topics),
        "near": "yes" if query.near else "",
        "knows": ",".join(query.knows),
        "text": query.text,
        "languages": ",".join(query.languages),
        "ways": ",".join(query.ways),
        "formats": ",".join(query.formats),
        "when": ",".join(query.when),
        "level": ",".join(query.level),
        "room": "open" if query.room_only else "",
        "communities": ",".join(query.communities),
        "without": ",".join(query.without),
        "counts": "yes" if query.counts else "",
        "limit": str(query.limit) if query.limit != DEFAULT_LIMIT else "",
        "after": encode_cursor(query.after) if query.after is not None else "",
    }
    return {name: value for name, value in values.items() if value}


def encode_cursor(cursor: Cursor) -> str:
    """Return *cursor* as clients carry it; they do not look inside."""
    return f"{cursor.day}-{cursor.offset}"


def parse_cursor(text: str) -> Cursor:
    """Return the cursor in *text*.

    Raises:
        MalformedError: not one of ours, or beyond ``MAX_OFFSET``.
    """
    found = _CURSOR.match(text)
    if found is None or int(found[2]) > MAX_OFFSET:
        raise MalformedError("not a cursor", pointer="/after")
    return Cursor(int(found[1]), int(found[2]))


def _several(
    parameters: Mapping[str, str], name: str, most: int, is_allowed: Callable[[str], bool]
) -> tuple[str, ...]:
    if name not in parameters:
        return ()
    pointer = f"/{name}"
    values = tuple(parameters[name].split(",", most))
    if len(values) > most:
        raise MalformedError("too many values", pointer=pointer)
    if len(set(values)) != len(values):
        raise MalformedError("repeated value", pointer=pointer)
    if not all(map(is_allowed, values)):
        raise MalformedError("unknown value", pointer=pointer)
    return values


def _choices(parameters: Mapping[str, str], name: str, choices: tuple[T, ...]) -> tuple[T, ...]:
    known = {str(choice): choice for choice in choices}
    given = _several(parameters, name, len(choices), known.__contains__)
    return tuple(known[value] for value in given)


def _languages(parameters: Mapping[str, str]) -> tuple[str, ...]:
    tags = _several(parameters, "languages", MAX_LANGUAGES, _is_language)
    return tuple(dict.fromkeys(primary_language(tag) for tag in tags))


def _text(text: str | None) -> str:
    if text is None:
        return ""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise MalformedError(f"more than {MAX_TEXT_CHARACTERS} characters", pointer="/text")
    if not text.strip():
        raise MalformedError("empty text", pointer="/text")
    if _HALF_LETTER.search(text) is not None:
        raise MalformedError("text that is not Unicode", pointer="/text")
    return text


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not _NUMBER.match(text) or int(text) > MAX_LIMIT:
        raise MalformedError(f"not a number from 1 to {MAX_LIMIT}", pointer="/limit")
    return int(text)


def _is_language(text: str) -> bool:
    return _LANGUAGE.match(text) is not None


def _is_community(text: str) -> bool:
    return _COMMUNITY.match(text) is not None
