"""What a steward says of one resource: by options, or in a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click
import msgspec

from kith_crypto.errors import MalformedError, RemoteError, UsageError
from kith_node.cli.settings import read_settings
from kith_node.runtime.system import SystemClock
from kith_node.topics.loading import load_vocabulary
from kith_protocol.day import DAY_S, Day, day_of
from kith_protocol.resource_content import ResourceContent
from kith_protocol.resource_files import MAX_FILE_BYTES, encode_json, parse_json
from kith_protocol.resource_rows import RowsError, is_tag, parse_date
from kith_protocol.vocabulary import Vocabulary

STDIN = "-"


class Choices(msgspec.Struct, frozen=True):
    """What the options say; None or empty: nothing.

    Attributes:
        url: the link; empty to take it away.
        names, summaries, contents: each ``LANGUAGE=TEXT``.
        topics, languages: all there will be.
        licence: an SPDX identifier.
        region: a UN M49 code; empty to take it away.
        urgent: whether it helps in a crisis.
        reviewed: ``YYYY-MM-DD``.
    """

    url: str | None
    names: tuple[str, ...]
    summaries: tuple[str, ...]
    contents: tuple[str, ...]
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    licence: str | None
    region: str | None
    urgent: bool | None
    reviewed: str | None

    def names_something(self) -> bool:
        """Return whether any option was given."""
        return any(value not in (None, ()) for value in msgspec.structs.astuple(self))


_OPTIONS = (
    click.option("--url", help="The link, an https address."),
    click.option(
        "--name", "names", multiple=True, help="What it is called: en=Writing a CV. Repeat it."
    ),
    click.option("--summary", "summaries", multiple=True, help="A line about it: en=…"),
    click.option(
        "--content", "contents", multiple=True, help="Instead of a link, a text: en=…"
    ),
    click.option(
        "--topic", "topics", multiple=True, help="Up to four; see `kith topics find WORDS`."
    ),
    click.option(
        "--language", "languages", multiple=True, help="What it is in: en, pt-BR. Repeat it."
    ),
    click.option("--licence", help="How it may be used: CC-BY-4.0, or unknown."),
    click.option("--region", help="A UN M49 code: 250 is France. Without: for everybody."),
    click.option("--urgent/--not-urgent", default=None, help="Whether it helps in a crisis."),
    click.option("--reviewed", metavar="DAY", help="When somebody last looked: 2026-11-23."),
)


def choice_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of ``Choices`` to *command*, which gets them as ``choices``."""

    @wraps(command)
    def gathered(**values: Any) -> None:
        mine = {name: values.pop(name) for name in Choices.__struct_fields__}
        command(**values, choices=Choices(**mine))

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


def today(config_path: Path) -> Day:
    """Return what day it is for the node."""
    offset_s = read_settings(config_path).clock_offset_days * DAY_S
    return day_of(SystemClock(offset_s).now())


def read_bytes(file: str) -> bytes:
    """Return what is in *file*, or typed in for ``-``; a byte more than allowed at most."""
    if file == STDIN:
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    with Path(file).open("rb") as opened:
        return opened.read(MAX_FILE_BYTES + 1)


def read_entry(file: str | None) -> ResourceContent | None:
    """Return the one entry in *file*, None without a file.

    Raises:
        UsageError: it cannot be used; says why.
    """
    if file is None:
        return None
    raw = read_bytes(file).strip()
    return _only_entry(raw if raw.startswith(b"[") else b"[" + raw + b"]", f"{file}: ")


def content_from(
    choices: Choices, base: ResourceContent | None, *, today: Day
) -> ResourceContent:
    """Return *base*, or a new entry, with what the options say.

    Raises:
        UsageError: an option that cannot be used.
    """
    content = base or ResourceContent((), (), "unknown", today, {})
    name = _merged(content.name, choices.names, "--name")
    article = _merged(content.content, choices.contents, "--content")
    # A text is in the languages that it is in; of a link one cannot tell.
    follows = bool(article) and set(article) != set(content.languages)
    languages = () if follows else content.languages
    changed = msgspec.structs.replace(
        content,
        url=content.url if choices.url is None else choices.url,
        name=name,
        summary=_merged(content.summary, choices.summaries, "--summary"),
        content=article,
        topics=choices.topics or content.topics,
        languages=choices.languages or languages or tuple(article or name),
        licence=choices.licence or content.licence,
        region=content.region if choices.region is None else choices.region or None,
        urgent=content.urgent if choices.urgent is None else choices.urgent,
        reviewed=_day(choices.reviewed) if choices.reviewed else content.reviewed,
    )
    if changed.reviewed > today:
        raise UsageError("the day of review is in the future")
    return changed


def check_content(content: ResourceContent) -> ResourceContent:
    """Return *content* if it may stand in a library.

    Raises:
        UsageError: it may not; says what to write.
    """
    _only_entry(encode_json([("", content)]), "")
    unknown = unknown_topics(content, load_vocabulary())
    if unknown:
        raise UsageError(unknown)
    return content


def unknown_topics(content: ResourceContent, vocabulary: Vocabulary) -> str:
    """Return, for people, which topics *vocabulary* does not have; empty if it has all."""
    unknown = [topic for topic in content.topics if not vocabulary.is_known(topic)]
    if not unknown:
        return ""
    return f"there is no topic {', '.join(unknown)}; look it up with `kith topics find`"


def _only_entry(raw: bytes, lead: str) -> ResourceContent:
    try:
        rows = parse_json(raw)
    except RowsError as error:
        said = "; ".join(
            f"{one.column}: {one.said}" if one.column else one.said for one in error.problems
        )
        raise UsageError(f"{lead}{said}") from error
    except RemoteError as error:
        raise UsageError(f"{lead}{error}") from error
    if len(rows) != 1:
        raise UsageError(f"{lead}{len(rows)} entries; for several: kith library import")
    return rows[0].content


def _merged(before: Mapping[str, str], given: Iterable[str], option: str) -> dict[str, str]:
    """Return *before* with the texts *given*, each ``LANGUAGE=TEXT``, empty to take away."""
    texts = dict(before)
    seen: set[str] = set()
    for one in given:
        language, sign, text = one.partition("=")
        if not sign or not is_tag(language):
            raise UsageError(f"{option} {one}: write LANGUAGE=TEXT, such as en=…")
        if language in seen:
            raise UsageError(f"{option}: two texts in {language}")
        seen.add(language)
        texts[language] = text.strip()
    return {language: text for language, text in texts.items() if text}


def _day(text: str) -> Day:
    try:
        return parse_date(text)
    except MalformedError as error:
        raise UsageError(f"--reviewed {text}: write a day like 2026-11-23") from error
