"""The readable export: whole, inert, and safe from what people write."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_client.export_document import (
    Export,
    ExportedBlock,
    ExportedCard,
    ExportedConversation,
    ExportedKnock,
    ExportedMessage,
    ExportedOffer,
    ExportedPersona,
    encode_export,
    parse_export,
)
from kith_client.export_html import render_export

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "section",
    "article", "dl", "dt", "dd", "ol", "li", "span", "bdi",
}  # fmt: skip
HOSTILE = '</span><script src="https://evil.example/x"></script><img onerror=1 src=x>'


class Page(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def export_of(text: str) -> Export:
    card = ExportedCard(text, text, text)
    return Export(
        community=text,
        node="https://one.example",
        day=20_780,
        personas=(ExportedPersona(text, text, text, (text,), (text,)),),
        offers=(ExportedOffer(text, text, 20_800, (text,), (text,), (), (), ((text, text),)),),
        profiles=(ExportedPersona(text),),
        knocks=(ExportedKnock(True, text, text, text, 20_780, card),),
        conversations=(
            ExportedConversation(
                id="c",
                role="mentee",
                offer=text,
                node=text,
                state=text,
                card=card,
                messages=(
                    ExportedMessage(True, 29_923_200, "text", text),
                    ExportedMessage(False, 29_923_201, "file", "", text, 3, "AAAA"),
                ),
            ),
        ),
        blocked=(ExportedBlock(text, 20_780),),
    )


def test_shows_everything_that_was_said() -> None:
    page = Page(render_export(export_of("hello there")))
    assert page.words.count("hello there") >= 20
    assert "2026-11-23 00:00 UTC" in page.words


@given(st.text(max_size=60) | st.just(HOSTILE))
def test_no_text_becomes_markup_or_turns_what_stands_around_it(text: str) -> None:
    source = render_export(export_of(text))
    page = Page(source)
    assert set(page.tags) <= ALLOWED
    assert page.attributes <= {
        "lang",
        "dir",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
    }
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\x00") & set(source)
    assert page.tags == Page(render_export(export_of("x"))).tags or not text.strip()


def test_forbids_scripts_and_fetching() -> None:
    assert "default-src 'none'" in render_export(export_of("x"))


@given(st.text(max_size=60).filter(lambda text: text.isprintable()))
def test_the_document_can_be_read_back(text: str) -> None:
    export = export_of(text)
    assert parse_export(encode_export(export)) == export


def test_parts_of_an_export_show_nothing_by_chance() -> None:
    assert "secret" not in repr(export_of("secret"))


def test_an_export_names_its_format() -> None:
    assert b'"format": "kith-export"' in encode_export(export_of("x"))
    with pytest.raises(ValueError, match="export"):
        parse_export(b'{"export":{},"format":"other"}')
