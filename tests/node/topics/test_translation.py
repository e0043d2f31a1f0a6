"""A translator's file: what is wrong with it is said so that it can be mended."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError
from kith_node.topics.translation import parse_translation
from kith_protocol.vocabulary import MAX_FILE_BYTES, LanguageTexts, Texts

GOOD = '{"language": "de", "reviewed": false, "topics": {\n"craft": {"label": "Handwerk"}\n}}'
PARSED = LanguageTexts("de", False, {"craft": Texts("Handwerk")})


def test_reads_a_file_with_or_without_a_byte_order_mark() -> None:
    assert parse_translation(GOOD.encode()) == PARSED
    assert parse_translation(GOOD.encode("utf-8-sig")) == PARSED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace('"}\n}', '"},\n}'), "line 3, column 1"),
        (GOOD.replace('"Handwerk"', '"Handwerk'), "line 2"),
        (
            GOOD.replace("\n}}", ',\n"craft": {"label": "Kunst"}\n}}'),
            "“craft” is there twice",
        ),
        (GOOD.replace('"label"', '"lable"'), "lable"),
        (GOOD.replace('{"label": "Handwerk"}', '"Handwerk"'), "craft|topics"),
        ("[" * 100_000, "brackets"),
        (GOOD.replace("false", "1" * 5000), "number"),
        (" " * (MAX_FILE_BYTES + 1), "bytes"),
    ],
)
def test_says_where_the_mistake_is(text: str, said: str) -> None:
    with pytest.raises(MalformedError, match=said):
        parse_translation(text.encode())


def test_names_the_line_of_letters_in_another_encoding() -> None:
    with pytest.raises(MalformedError, match=r"line 2.*UTF-8"):
        parse_translation(GOOD.replace("Handwerk", "Töpfern").encode("latin-1"))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_words_or_a_malformed_error(raw: bytes) -> None:
    try:
        texts = parse_translation(raw)
    except MalformedError:
        return
    assert parse_translation(msgspec.json.encode(texts)) == texts
