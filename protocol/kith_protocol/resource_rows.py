"""What stewards wrote of entries of a library, row by row: checked, or what to mend.

What people wrote by hand is full of slips, so reading collects all problems of all rows, each
with its place and with what to write instead. Left to the caller: the formats of files
(``resource_files.py``), whether topics are known, what an id means.

Source: SPEC.md, section on the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from kith_crypto.errors import KithError, MalformedError, TooLargeError
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.day import Day, format_day, parse_day
from kith_protocol.limits import MAX_URL_CHARACTERS
from kith_protocol.offer_content import LanguageTag
from kith_protocol.resource_content import (
    MAX_ARTICLE_TEXT,
    MAX_NAME_TEXT,
    MAX_SUMMARY_TEXT,
    ResourceContent,
    check_line,
    check_lines,
    check_resource_content,
)
from kith_protocol.wire import convert

MAX_ROWS = 2000
MAX_PROBLEMS = 100  # more than anybody mends before the next try

FIXED_COLUMNS = (
    "id",
    "url",
    "topics",
    "languages",
    "licence",
    "reviewed",
    "region",
    "urgent",
)
TEXT_COLUMNS = ("name", "summary", "content")  # each with a language: name.en

_MOST = 12  # problems that are told of one kind in one row
_CHECKS: dict[str, tuple[int, Callable[[str, int], str]]] = {
    "name": (MAX_NAME_TEXT, check_line),
    "summary": (MAX_SUMMARY_TEXT, check_line),
    "content": (MAX_ARTICLE_TEXT, check_lines),
}
_ADVICE = {
    "id": "leave it empty for a new entry; else keep what was exported",
    "url": "write an https address as a browser copies it, or only a text in content",
    "topics": "write 1 to 4 ids of topics, each once, such as career.cv",
    "languages": "write 1 to 12 language tags, each once, such as en or pt-BR",
    "licence": "write an identifier of the SPDX list such as CC-BY-4.0, or unknown",
    "reviewed": "write a day like 2026-11-23",
    "region": "write the three digits of a UN M49 code such as 250, or nothing",
    "urgent": "write yes for what helps in a crisis, else nothing",
    "name": f"write one line of at most {MAX_NAME_TEXT} characters for 1 to 12 languages",
    "summary": f"write one line of at most {MAX_SUMMARY_TEXT} characters, or nothing",
    "content": f"write at most {MAX_ARTICLE_TEXT} characters in each of the languages named"
    " in languages, or only a link in url",
}


class ResourceRow(msgspec.Struct, frozen=True):
    """One entry of a file.

    Attributes:
        row: its number as a spreadsheet counts, so that the first below the heads is 2; in
            JSON its place in the array, from 1.
        content: checked, but that its topics are known.
        id: as written, at most 2048 characters; empty if there is none.
    """

    row: int
    content: ResourceContent
    id: str = ""


class Problem(msgspec.Struct, frozen=True):
    """What has to be mended.

    Attributes:
        row: as in ``ResourceRow``.
        column: the head of the column, in JSON the member (``name.en``); empty for the row.
        said: what it is and what to write, for people.
        line: of a CSV file, where the row begins, from 1; 0 in JSON.
    """

    row: int
    column: str
    said: str
    line: int = 0

    def __str__(self) -> str:
        """Return the place and what is said."""
        line = f" (line {self.line})" if self.line not in (0, self.row) else ""
        column = f", {self.column}" if self.column else ""
        return f"row {self.row}{line}{column}: {self.said}"


class RowsError(MalformedError):
    """Some rows of a file cannot be used.

    Attributes:
        problems: in order, at least one, the first ``MAX_PROBLEMS`` or a few more.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
        self.problems = tuple(problems)


def format_date(day: Day) -> str:
    """Return *day* as ``YYYY-MM-DD``, as it stands in files and on screens."""
    return format_day(day).partition("T")[0]


def parse_date(text: str) -> Day:
    """Return the day that *text* names.

    Raises:
        MalformedError: not ``YYYY-MM-DD``, no such date, or one out of range.
    """
    return parse_day(f"{text}T00:00:00Z")


def read_rows(
    entries: Iterable[tuple[int, int, JsonValue | MalformedError]],
) -> tuple[ResourceRow, ...]:
    """Return what *entries* hold.

    Args:
        entries: row and line as in ``Problem``, and an object with the members of
            ``ResourceContent``, the day of review as text, and perhaps ``id``; or what is
            wrong with the row as a whole.

    Raises:
        TooLargeError: more than ``MAX_ROWS``.
        RowsError: some have to be mended.
    """
    rows: list[ResourceRow] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for count, (row, line, entry) in enumerate(entries, 1):
        if count > MAX_ROWS:
            raise TooLargeError(f"more than {MAX_ROWS} entries: make several files of it")
        found = _read_entry(entry, row)
        if isinstance(found, ResourceRow) and found.id in seen:
            found = [("id", f"the id of row {seen[found.id]} again; {_ADVICE['id']}")]
        if isinstance(found, ResourceRow):
            rows.append(found)
            if found.id:
                seen[found.id] = row
        else:
            problems += [Problem(row, column, said, line) for column, said in found]
        if len(problems) >= MAX_PROBLEMS:
            break
    if problems:
        raise RowsError(problems)
    return tuple(rows)


def _read_entry(
    entry: JsonValue | MalformedError, row: int
) -> ResourceRow | list[tuple[str, str]]:
    """Return the entry, or for each problem of it the column and what is said."""
    if not isinstance(entry, dict):
        said = str(entry) if isinstance(entry, MalformedError) else "not an object"
        return [("", f"{said}; compare it with an exported file")]
    unknown = [name for name in entry if name not in (*FIXED_COLUMNS, *TEXT_COLUMNS)]
    if unknown:
        return [
            (short(name), "there is no such member; leave it out") for name in unknown[:_MOST]
        ]
    values = dict(entry)
    resource = values.pop("id", "")
    problems: list[tuple[str, str]] = []
    if not isinstance(resource, str) or len(resource) > MAX_URL_CHARACTERS:
        problems.append(("id", _ADVICE["id"]))
    try:
        values["reviewed"] = int(parse_date(str(values.get("reviewed", ""))))
    except MalformedError:
        problems.append(("reviewed", _ADVICE["reviewed"]))
        values["reviewed"] = 0
    problems += islice(_problems_in_texts(values), _MOST)
    try:
        content = check_resource_content(convert(values, ResourceContent))
    except KithError as error:
        known = {column.partition(".")[0] for column, _ in problems}
        if not problems or _column(error) not in {"", *known}:  # else it is said already
            problems.append((_column(error), _say(error)))
    if problems:
        return problems
    return ResourceRow(row, content, str(resource))


def _problems_in_texts(values: JsonObject) -> Iterator[tuple[str, str]]:
    for field, (most, check) in _CHECKS.items():
        texts = values.get(field)
        for language, text in texts.items() if isinstance(texts, dict) else ():
            column = f"{field}.{short(language)}"
            if not is_tag(language):
                yield column, "not a language tag such as en or pt-BR"
            elif not isinstance(text, str):
                yield column, _ADVICE[field]
            else:
                try:
                    check(text, most)
                except KithError as error:
                    yield column, f"{error}; {_ADVICE[field]}"


def _column(error: KithError) -> str:
    pointer = (error.pointer if isinstance(error, MalformedError) else None) or ""
    return pointer.removeprefix("/").partition("/")[0]


def _say(error: KithError) -> str:
    advice = _ADVICE.get(_column(error))
    # What the reader of structs says is not for people.
    if advice is None or str(error).startswith("Expected"):
        return advice or str(error)
    return f"{error}; {advice}"


def is_tag(text: str) -> bool:
    """Return whether *text* is a language tag."""
    try:
        convert(text, LanguageTag)
    except MalformedError:
        return False
    return True


def short(text: str) -> str:
    """Return the beginning of *text* without what would turn or hide the rest of a line."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:40])
