import gc
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import MalformedError
from kith_protocol.day import Day
from kith_protocol.listed import (
    MAX_STRETCH_CHARACTERS,
    MAX_WORDS_LISTED,
    Listed,
    list_words,
    read_listed,
)
from kith_protocol.offer import Offer, build_offer
from kith_protocol.offer_content import OfferContent
from kith_protocol.words import words_of
from kith_testing.catalogue import document_of, listed, listed_offers, raw_of


@given(listed_offers())
def test_reads_what_search_needs_from_signed_bytes(offer: Listed) -> None:
    named = replace(offer, id="https://ash.example/offers/x")
    assert read_listed(raw_of(named)) == replace(named, words=frozenset())
    said = frozenset({"i", "can", "help", "n", "with", "that"})
    assert read_listed(raw_of(named), with_words=True) == replace(
        named, words=offer.words | said
    )


def test_reads_what_the_protocol_builds() -> None:
    offer = Offer(
        id="https://ash.example/offers/r1Vw9aGBC3r3jK9LxwpmDw",
        author="https://ash.example/actor",
        published=Day(20_779),
        updated=Day(20_780),
        end_day=Day(20_800),
        revision=2,
        content=OfferContent(
            topics=("a.b", "f"),
            languages=("pt-BR", "en"),
            ways=("teach", "listen"),
            formats=("chat",),
            when=("evenings",),
            level=("some", "starting"),
            room="full",
            answers="week",
        ),
    )
    assert read_listed(canonical_bytes(build_offer(offer))) == Listed(
        id=offer.id,
        community=offer.author,
        updated=20_780,
        end_day=20_800,
        topics=("a.b", "f"),
        languages=("pt-BR", "en"),
        ways=("teach", "listen"),
        formats=("chat",),
        when=("evenings",),
        level=("some", "starting"),
        room="full",
        answers="week",
    )
    plain = replace(
        offer, content=OfferContent(("a",), ("en",), ("teach",), ("chat",), when=())
    )
    read = read_listed(canonical_bytes(build_offer(plain)))
    assert (read.when, read.level, read.room, read.answers) == ((), (), "open", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", None),
        ("attributedTo", 5),
        ("endTime", "soon"),
        ("updated", ""),
        ("kith:topics", "a"),
        ("kith:ways", ["shout"]),
        ("kith:room", "some"),
    ],
)
def test_other_bytes_are_malformed(name: str, value: str | int | list[str] | None) -> None:
    document = document_of(listed())
    document[name] = value
    with pytest.raises(MalformedError):
        read_listed(canonical_bytes(document))


def test_words_are_of_summary_and_content_in_every_language() -> None:
    assert list_words(
        {"de": "Briefe \u00dcBEN", "ar": "\u0631\u0633\u0627\u0626\u0644"},
        {"de": "briefe, C++", "zh": "\u81ea\u52a9\u7df4"},
    ) == {
        "briefe",
        "uben",
        "c++",
        "\u0631\u0633\u0627\u064a\u0644",
        "\u81ea\u52a9",
        "\u52a9\u7df4",
    }
    assert list_words({}, {}) == frozenset()


def test_long_texts_share_a_bounded_number_of_words() -> None:
    long = " ".join(f"w{number}" for number in range(300))
    assert list_words({"en": "first"}, {"en": long}) == {
        "first",
        *(f"w{number}" for number in range(MAX_WORDS_LISTED - 1)),
    }
    both = list_words({"ar": "", "en": "short"}, {"ar": long, "en": "words repeat words"})
    assert len(both) == MAX_WORDS_LISTED // 2 + 3
    assert {"short", "words", "repeat"} <= both


def test_the_share_of_a_language_is_filled_to_the_last_word() -> None:
    almost = " ".join(f"w{number}" for number in range(MAX_WORDS_LISTED - 1))
    repeats = f"{almost} w1 w2 \u81ea\u52a9\u7df4\u7fd2 w3 late"
    words = list_words({}, {"zh": repeats})
    assert words == {*almost.split(), "\u81ea\u52a9"}
    assert list_words({}, {"zh": f"{almost} last last w1"}) == {*almost.split(), "last"}
    assert list_words({}, {"en": f"{almost} w1-w2 late"}) == {*almost.split(), "late"}


def test_of_a_stretch_without_blanks_no_more_counts_than_anybody_can_ask_for() -> None:
    whole = "w" * MAX_STRETCH_CHARACTERS
    assert list_words({}, {"en": f"{whole}w after"}) == {whole, "after"}
    kana = "".join(chr(0x4E00 + number) for number in range(600))
    assert kana[90:92] in list_words({}, {"ja": kana})
    repeats = "\u3042" * MAX_STRETCH_CHARACTERS + kana
    assert list_words({}, {"ja": repeats}) == {"\u3042\u3042"}


def test_long_stretches_are_not_kept_in_memory() -> None:
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(400):
            list_words({}, {"ja": "".join(chr(0x4E00 + number + at) for at in range(600))})
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept_bytes < 400 * 600


@given(st.text(max_size=60))
def test_no_word_goes_across_a_blank(text: str) -> None:
    assert list_words({}, {"en": text}) == frozenset(words_of(text)[:MAX_WORDS_LISTED])


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"id":"\xff"}', b"null"])
def test_what_is_no_object_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        read_listed(raw)


@given(st.binary(max_size=100))
def test_any_bytes_give_an_offer_or_a_malformed_error(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        read_listed(raw)
