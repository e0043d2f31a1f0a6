"""Stewards' files: what is written is read again, and what is wrong is told with its place."""

from __future__ import annotations

import contextlib
import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError, TooLargeError
from kith_protocol.day import MAX_DAY, Day
from kith_protocol.resource_content import ResourceContent, check_line, check_lines
from kith_protocol.resource_files import (
    MAX_COLUMNS,
    MAX_FILE_BYTES,
    encode_csv,
    encode_json,
    parse_csv,
    parse_json,
)
from kith_protocol.resource_rows import (
    FIXED_COLUMNS,
    MAX_PROBLEMS,
    MAX_ROWS,
    RowsError,
    format_date,
    parse_date,
)
from kith_protocol.text import clean_text

LINK = ResourceContent(
    topics=("career.cv", "craft"),
    languages=("en", "pt-BR"),
    licence="CC-BY-4.0",
    reviewed=Day(20_000),
    name={"en": "Writing a CV", "pt-BR": "Como escrever um currículo"},
    summary={"en": "=1+1, they say"},
    url="https://example.org/cv?a=b#start",
    region="004",
    urgent=True,
)
TEXT = ResourceContent(
    topics=("career.cv",),
    languages=("ar",),
    licence="unknown",
    reviewed=Day(0),
    name={"ar": "أرقام مفيدة"},
    content={"ar": "-3114\n\n\"مجاني\", '=x'"},
)
HEADS = "url,topics,languages,licence,reviewed,name.en,content.en"
ROW = "https://example.org/,career.cv,en,unknown,2026-11-23,A name,"


def is_shown(text: str, most: int, *, lines: bool) -> bool:
    try:
        (check_lines if lines else check_line)(text, most)
    except KithError:
        return False
    return True


def texts(most: int, *, lines: bool = False) -> st.SearchStrategy[str]:
    hard = st.text(alphabet=st.sampled_from("=+-@'\",;\n\t aé\u202eق\uff1d"), max_size=8)

    def tidied(text: str) -> str:
        parts = [clean_text(line, most) for line in text.split("\n" if lines else "\0")]
        tidy = "\n".join(parts).strip()
        return tidy if is_shown(tidy, most, lines=lines) else "'="

    return st.one_of(hard, st.text(max_size=20)).map(tidied)


TAGS = st.sampled_from(["en", "de-AT", "ar", "pt-BR", "zh-Hant-TW", "und"])
IDS = st.sampled_from(["", "https://kith.example/resources/AAAAAAAAAAAAAAAAAAAAAA"])


@st.composite
def contents(draw: st.DrawFn) -> ResourceContent:
    languages = draw(st.lists(TAGS, min_size=1, max_size=3, unique=True))
    articles = {tag: draw(texts(2000, lines=True)) for tag in languages}
    url = draw(st.sampled_from(["", "https://example.org/a,b;'c'", "https://example.com/?=@"]))
    topics = st.sampled_from(["career", "career.cv", "craft.writing"])
    return ResourceContent(
        topics=tuple(draw(st.lists(topics, min_size=1, unique=True))),
        languages=tuple(languages),
        licence=draw(st.sampled_from(["unknown", "CC-BY-4.0", "GPL-2.0+"])),
        reviewed=Day(draw(st.integers(0, MAX_DAY))),
        name=draw(st.dictionaries(TAGS, texts(120), min_size=1, max_size=2)),
        summary=draw(st.dictionaries(TAGS, texts(300), max_size=2)),
        content={} if url else articles,
        url=url,
        region=draw(st.sampled_from([None, "004", "276"])),
        urgent=draw(st.booleans()),
    )


ENTRIES = st.lists(st.tuples(IDS, contents()), max_size=3, unique_by=lambda entry: entry[0])


# --- round trips ------------------------------------------------------------------


@settings(max_examples=30)
@given(ENTRIES)
def test_what_is_written_as_json_is_read_again(
    entries: list[tuple[str, ResourceContent]],
) -> None:
    assert [(one.id, one.content) for one in parse_json(encode_json(entries))] == entries


@settings(max_examples=30)
@given(ENTRIES)
def test_what_is_written_as_csv_is_read_again(
    entries: list[tuple[str, ResourceContent]],
) -> None:
    raw = encode_csv(entries)
    assert [(one.id, one.content) for one in parse_csv(raw)] == entries
    assert parse_csv(b"\xef\xbb\xbf" + raw) == parse_csv(raw)


@settings(max_examples=30)
@given(ENTRIES)
def test_no_cell_begins_like_a_formula(entries: list[tuple[str, ResourceContent]]) -> None:
    for row in csv.reader(io.StringIO(encode_csv(entries).decode(), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\uff1d")) for cell in row)


def test_a_text_that_begins_with_an_apostrophe_keeps_it() -> None:
    for name in ("'=1", "''+1", "'quoted'", "'"):
        content = ResourceContent(
            ("craft",), ("en",), "unknown", Day(1), {"en": name}, url="https://example.org/"
        )
        [row] = parse_csv(encode_csv([("", content)]))
        assert row.content == content


def test_dates_are_written_as_people_write_them() -> None:
    assert format_date(parse_date("2026-11-23")) == "2026-11-23"
    assert '"reviewed": "1970-01-01"' in encode_json([("", TEXT)]).decode()
    assert b",1970-01-01," in encode_csv([("", TEXT)])


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    raw = encode_csv([("", TEXT), ("", LINK)])
    assert [one.row for one in parse_csv(raw)] == [2, 3]
    assert [one.row for one in parse_json(encode_json([("", TEXT), ("", LINK)]))] == [1, 2]


def test_a_file_with_heads_only_holds_nothing() -> None:
    assert parse_csv(encode_csv([])) == ()
    assert parse_json(b"[]") == ()


# --- what spreadsheets and people do to a file ------------------------------------


def test_what_a_spreadsheet_changes_is_understood() -> None:
    raw = (
        "url,topics,languages,licence,reviewed,region,urgent,name.en,summary.en\r\n"
        " https://example.org/ ,career.cv  craft ,en,unknown,2026-11-23,4,TRUE,"
        " Cafe\u0301 ,\r\n"
        ",,,,,,,,\r\n"
        "\r\n"
    ).encode()
    [row] = parse_csv(raw)
    assert row.content.topics == ("career.cv", "craft")
    assert row.content.region == "004"
    assert row.content.urgent
    assert row.content.name == {"en": "Café"}
    assert row.content.summary == {}


def test_line_breaks_in_a_cell_may_be_of_any_kind() -> None:
    raw = f'{HEADS}\r\n,craft,en,unknown,2026-11-23,A name,"one\r\ntwo\rthree\nfour"\r\n'
    [row] = parse_csv(raw.encode())
    assert row.content.content == {"en": "one\ntwo\nthree\nfour"}


def said(raw: bytes) -> list[str]:
    with pytest.raises(RowsError) as caught:
        parse_csv(raw)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "place", "advice"),
    [
        ("career.cv", "a b c d e", "row 2, topics", "1 to 4 ids"),
        ("career.cv", "a a", "row 2, topics", "each once"),
        ("career.cv", "x.haiku", "row 2, topics", "career.cv"),
        (",en,", ",English,", "row 2, languages", "en or pt-BR"),
        (",en,", ",,", "row 2, languages", "1 to 12"),
        ("unknown", "free for all", "row 2, licence", "SPDX"),
        ("2026-11-23", "23.11.2026", "row 2, reviewed", "2026-11-23"),
        ("2026-11-23", "2026-02-30", "row 2, reviewed", "2026-11-23"),
        ("https://example.org/", "http://example.org/", "row 2, url", "https"),
        ("https://example.org/", "https://10.0.0.1/", "row 2, url", "https"),
        ("https://example.org/", "javascript:alert(1)", "row 2, url", "https"),
        ("https://example.org/", "", "row 2, url", "a link or a text"),
        ("A name", "", "row 2, name", "one line"),
        ("A name", "x" * 121, "row 2, name.en", "at most 120"),
        ("A name", "a\u202eb", "row 2, name.en", "not allowed"),
        ("A name", "a\x00b", "row 2, name.en", "not allowed"),
        (",A name,", ",A name", "row 2", "6 cells below 7 heads"),
    ],
)
def test_a_problem_is_told_with_its_place_and_what_to_write(
    old: str, new: str, place: str, advice: str
) -> None:
    [problem] = said(f"{HEADS}\r\n{ROW.replace(old, new)}\r\n".encode())
    assert problem.startswith(f"{place}: ")
    assert advice in problem


def test_all_problems_of_all_rows_are_told_at_once() -> None:
    bad = ROW.replace("career.cv", "").replace("2026", "26").replace("A name", "x" * 200)
    problems = said(f"{HEADS}\r\n{bad}\r\n{ROW}\r\n{bad}\r\n".encode())
    assert [problem.partition(":")[0] for problem in problems] == [
        f"row {row}, {column}" for row in (2, 4) for column in ("reviewed", "name.en", "topics")
    ]


def test_lines_are_told_where_they_differ_from_rows() -> None:
    long = ',craft,en,unknown,2026-11-23,A name,"one\n\ntwo"'
    [problem] = said(f"{HEADS}\r\n{long}\r\n{ROW.replace('unknown', '?')}\r\n".encode())
    assert problem.startswith("row 3 (line 5), licence: ")


def test_one_id_stands_for_one_entry() -> None:
    entries = [("https://kith.example/resources/a", LINK)] * 2
    [problem] = said(encode_csv(entries))
    assert problem.startswith("row 3, id: the id of row 2 again")
    with pytest.raises(RowsError, match="row 2, id"):
        parse_json(encode_json(entries))


def test_an_error_says_how_many_there_are() -> None:
    bad = ROW.replace("unknown", "?")
    with pytest.raises(RowsError, match=r"row 2, licence: .* \(and 1 more\)"):
        parse_csv(f"{HEADS}\r\n{bad}\r\n{bad}\r\n".encode())


# --- hostile files ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b"", "empty"),
        ("name.en\r\nä".encode("utf-16"), "CSV UTF-8"),
        (b"\xff\xfe", "CSV UTF-8"),
        (b"url;topics\r\n", "commas"),
        (b"url,script\r\n", "no column"),
        (b"url,name\r\n", "no column"),
        (b"url,name.English\r\n", "no column"),
        (b"url,url\r\n", "two columns"),
        (b'url,topics\r\n"never ends', "not CSV"),
        (b'url,topics\r\n"a"b,c\r\n', "line 2: not CSV"),
        (b"url\r\n" + b"x" * 200_000, "not CSV"),
    ],
)
def test_what_is_no_table_of_entries_is_refused(raw: bytes, part: str) -> None:
    with pytest.raises(MalformedError, match=part):
        parse_csv(raw)


def test_an_unknown_head_does_not_reach_the_screen_as_it_is() -> None:
    with pytest.raises(MalformedError) as caught:
        parse_csv("url,\x1b[31m\u202egone\r\n".encode())
    assert str(caught.value).isprintable()


def test_too_much_is_refused() -> None:
    with pytest.raises(TooLargeError):
        parse_csv(b"x" * (MAX_FILE_BYTES + 1))
    with pytest.raises(TooLargeError):
        parse_json(b"[" + b" " * MAX_FILE_BYTES + b"]")
    with pytest.raises(TooLargeError):
        parse_csv(",".join(f"name.a{at:x}" for at in range(MAX_COLUMNS + 1)).encode())
    lines = f"{HEADS}\r\n" + f"{ROW}\r\n" * (MAX_ROWS + 1)
    with pytest.raises(TooLargeError, match="several files"):
        parse_csv(lines.encode())
    with pytest.raises(TooLargeError, match="several files"):
        parse_json(encode_json([("", LINK)] * (MAX_ROWS + 1)))


def test_problems_end_somewhere() -> None:
    with pytest.raises(RowsError) as caught:
        parse_json(json.dumps([{"id": 1}] * MAX_ROWS).encode())
    assert len(caught.value.problems) <= MAX_PROBLEMS + len(FIXED_COLUMNS)
    wide = {"name": {f"{at}": 1 for at in range(50_000)}}
    with pytest.raises(RowsError) as caught:
        parse_json(json.dumps([wide, dict.fromkeys(map(str, range(9999)))]).encode())
    assert len(caught.value.problems) < 40


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"id": 7}, "id"),
        ({"reviewed": 20_000}, "reviewed"),
        ({"topics": "career.cv"}, "topics"),
        ({"urgent": "yes"}, "urgent"),
        ({"region": "Europe"}, "region"),
        ({"name": {"en": "<b>\x07"}}, "name.en"),
        ({"name": {"en": 1}}, "name.en"),
        ({"name": {"\x1b[": "a"}}, "name.?["),
        ({"name": {"en": "x" * 1_000_000}}, "name.en"),
        ({"summary": []}, "summary"),
        ({"content": {"en": "both"}}, "url"),
        ({"script": "x"}, "script"),
    ],
)
def test_an_entry_of_json_is_checked_as_closely(change: dict[str, object], column: str) -> None:
    [entry] = json.loads(encode_json([("", LINK)]))
    with pytest.raises(RowsError) as caught:
        parse_json(json.dumps([entry | change]).encode())
    [problem] = caught.value.problems
    assert (problem.row, problem.column) == (1, column)
    assert problem.said.isprintable()
    assert len(problem.said) < 200


@pytest.mark.parametrize("raw", [b"{}", b"", b"[", b"[1.5]", b"null", b'[{"a":1,"a":2}]'])
def test_what_is_no_array_of_json_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_json(raw)


def test_an_entry_has_to_be_an_object() -> None:
    with pytest.raises(RowsError, match="row 1: not an object"):
        parse_json(b'["x", null, []]')


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for parse in (parse_csv, parse_json):
        with contextlib.suppress(MalformedError, TooLargeError):
            parse(raw)


@given(st.lists(st.text(max_size=30), min_size=7, max_size=7))
def test_any_cells_are_read_or_refused(cells: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([HEADS.split(","), cells])
    with contextlib.suppress(RowsError):
        parse_csv(file.getvalue().encode(errors="replace"))
