"""Entries of a library as files: JSON for programs, CSV for spreadsheets.

Both hold what a steward chooses (``ResourceContent``) and, if it stands in a library already,
its id. What the rows hold is checked in ``resource_rows.py``. Left to the caller: the files
themselves, whether topics are known, what an id means.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, and loses it
again when it is read.

Source: RFC 4180 (CSV); SPEC.md, section on the library.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_crypto.strict_json import parse_json as parse_strict_json
from kith_protocol.resource_content import ResourceContent
from kith_protocol.resource_rows import (
    FIXED_COLUMNS,
    TEXT_COLUMNS,
    ResourceRow,
    format_date,
    is_tag,
    read_rows,
    short,
)

MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_COLUMNS = 400

_MAX_DEPTH = 4
_BOM = "\ufeff"
# What a spreadsheet would take for the beginning of a formula; some take wide signs, too. A
# cell that begins with apostrophes before such a sign gets one more, so that nothing is lost.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n"
_FORMULA = re.compile(f"'*[{_SIGNS}]")
_GUARDED = re.compile(f"'+[{_SIGNS}]")
_YES = {"yes": True, "true": True, "no": False, "false": False, "": False}
_REGION = re.compile(r"[0-9]{1,2}\Z")


def encode_json(entries: Iterable[tuple[str, ResourceContent]]) -> bytes:
    """Return *entries*, id (or empty) and content, as an array of objects."""
    documents: list[JsonObject] = []
    for resource, content in entries:
        values = msgspec.to_builtins(content)
        named = {"id": resource} if resource else {}
        documents.append({**named, **values, "reviewed": format_date(content.reviewed)})
    return msgspec.json.format(msgspec.json.encode(documents), indent=2) + b"\n"


def parse_json(raw: bytes) -> tuple[ResourceRow, ...]:
    """Return the entries of an array of objects, as ``encode_json`` writes it.

    Args:
        raw: UTF-8, with or without byte order mark, at most ``MAX_FILE_BYTES``.

    Raises:
        TooLargeError: too many bytes or entries.
        MalformedError: no JSON, or not an array.
        RowsError: entries that have to be mended.
    """
    text = raw.removeprefix(_BOM.encode())
    try:
        value = parse_strict_json(
            text, max_bytes=MAX_FILE_BYTES, max_depth=_MAX_DEPTH, max_members=MAX_FILE_BYTES
        )
    except TooLargeError as error:
        raise TooLargeError(f"the file is too large: {error}") from error
    if not isinstance(value, list):
        raise MalformedError("not an array: write [ first, then an object for each entry")
    return read_rows((row, 0, entry) for row, entry in enumerate(value, 1))


def encode_csv(entries: Iterable[tuple[str, ResourceContent]]) -> bytes:
    """Return *entries*, id (or empty) and content, as CSV with heads, lines ended by CR LF."""
    known = list(entries)
    heads = [
        *FIXED_COLUMNS,
        *(
            f"{field}.{language}"
            for field in TEXT_COLUMNS
            for language in sorted({tag for _, one in known for tag in _texts(one, field)})
        ),
    ]
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(heads)
    for resource, content in known:
        cells = _cells(resource, content)
        writer.writerow([_guard(cells.get(head, "")) for head in heads])
    return file.getvalue().encode()


def parse_csv(raw: bytes) -> tuple[ResourceRow, ...]:
    """Return the entries of a CSV file, as ``encode_csv`` writes it.

    Blanks around a cell are dropped, and texts are brought to Unicode normal form C: what one
    sees in a spreadsheet tells neither. Rows without any text are left out.

    Args:
        raw: UTF-8, with or without byte order mark, at most ``MAX_FILE_BYTES``.

    Raises:
        TooLargeError: too many bytes, columns or rows.
        MalformedError: not UTF-8, not CSV, or heads that are not known.
        RowsError: rows that have to be mended.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise TooLargeError(f"the file is too large: at most {MAX_FILE_BYTES} bytes")
    try:
        text = raw.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        raise MalformedError("not UTF-8: save the file as “CSV UTF-8”") from error
    records = _records(unicodedata.normalize("NFC", text))
    _, heads = next(records, (1, []))
    heads = [head.strip() for head in heads]
    _check_heads(heads)
    return read_rows(_from_cells(heads, records))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record begins, from 1, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise MalformedError(f"line {line}: not CSV ({error}); save it anew as CSV") from error


def _check_heads(heads: Sequence[str]) -> None:
    if len(heads) > MAX_COLUMNS:
        raise TooLargeError(f"{len(heads)} columns, {MAX_COLUMNS} allowed")
    for at, head in enumerate(heads):
        if head in heads[:at]:
            raise MalformedError(f"row 1: two columns are named “{short(head)}”")
        field, dot, language = head.partition(".")
        if head in FIXED_COLUMNS or (field in TEXT_COLUMNS and dot and is_tag(language)):
            continue
        raise MalformedError(
            f"row 1: there is no column “{short(head)}”; the heads are"
            f" {', '.join(FIXED_COLUMNS)}, and name.en, summary.en, content.en for each"
            " language, with commas between"
        )
    if not heads:
        raise MalformedError("the file is empty: its first row holds the heads of the columns")


def _from_cells(
    heads: Sequence[str], records: Iterable[tuple[int, list[str]]]
) -> Iterator[tuple[int, int, JsonValue | MalformedError]]:
    for row, (line, cells) in enumerate(records, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heads):
            yield row, line, MalformedError(f"{len(cells)} cells below {len(heads)} heads")
            continue
        texts = {
            head: _unguard(cell.strip()).replace("\r\n", "\n").replace("\r", "\n").strip()
            for head, cell in zip(heads, cells, strict=True)
        }
        yield row, line, _from_texts(texts)


def _from_texts(texts: dict[str, str]) -> JsonObject:
    """Return the members that the cells *texts* mean; what they cannot mean stays as it is."""
    urgent = texts.get("urgent", "")
    region = texts.get("region", "")
    values: JsonObject = {
        "id": texts.get("id", ""),
        "url": texts.get("url", ""),
        "topics": list(texts.get("topics", "").split()),
        "languages": list(texts.get("languages", "").split()),
        "licence": texts.get("licence", ""),
        "reviewed": texts.get("reviewed", ""),
        # A spreadsheet makes a number of 004.
        "region": (region.zfill(3) if _REGION.match(region) else region) or None,
        "urgent": _YES.get(urgent.lower(), urgent),
    }
    for field in TEXT_COLUMNS:
        values[field] = {
            head.partition(".")[2]: text
            for head, text in texts.items()
            if text and head.startswith(f"{field}.")
        }
    return values


def _texts(content: ResourceContent, field: str) -> dict[str, str]:
    return {
        "name": content.name,
        "summary": content.summary,
        "content": content.content,
    }[field]


def _cells(resource: str, content: ResourceContent) -> dict[str, str]:
    cells = {
        "id": resource,
        "url": content.url,
        "topics": " ".join(content.topics),
        "languages": " ".join(content.languages),
        "licence": content.licence,
        "reviewed": format_date(content.reviewed),
        "region": content.region or "",
        "urgent": "yes" if content.urgent else "",
    }
    for field in TEXT_COLUMNS:
        for language, text in _texts(content, field).items():
            cells[f"{field}.{language}"] = text
    return cells


def _guard(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguard(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
