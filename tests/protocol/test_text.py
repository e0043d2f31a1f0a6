import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError
from kith_protocol.errors import PrivacyFloorError
from kith_protocol.text import check_text, clean_text


@pytest.mark.parametrize(
    "text",
    [
        "Node.js, Vue.js and ASP.NET",
        "I teach C++ @ home",
        "Since 2019, about 100 letters; 3.5 years",
        "نكتب معا، ببطء",
        "می‌خواهم",
        "e.g. CVs, i.e. letters",
        "👩‍🏫 for beginners",
        "a" * 120,
    ],
)
def test_takes_plain_text(text: str) -> None:
    assert check_text(text, 120) == text


@pytest.mark.parametrize("text", ["", "a" * 121, " a", "a ", "Cafe\u0301"])
def test_refuses_text_of_another_form(text: str) -> None:
    with pytest.raises(MalformedError):
        check_text(text, 120)


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines",
        "\x00",
        "tab\there",
        "\u202eright to left",
        "\u2067isolated\u2069",
        "zero\u200bwidth",
        "\ufeffmark",
        "\U000e0041tag",
        "see https://node.example",
        "see HTTPS://node.example",
        "www.node.example",
        "node.example/me",
        "find me on mypage.com",
        "mailto:someone",
        "t.me",
        "write to @someone",
        "someone@node.example",
        "\uff57\uff57\uff57.node.example",
        "someone\uff20node",
        "call 555 123 4567",
        "+49 (30) 1234567",
        "١٢٣٤٥٦٧",
        "1-2-3-4-5-6-7",
    ],
)
def test_refuses_what_may_identify_or_mislead(text: str) -> None:
    with pytest.raises(PrivacyFloorError):
        check_text(text, 600)


@given(st.text(max_size=40))
def test_any_text_is_taken_as_it_is_or_refused(text: str) -> None:
    try:
        assert check_text(text, 30) is text
    except KithError:
        return
    assert unicodedata.is_normalized("NFC", text)
    assert "\n" not in text


@given(st.text(max_size=80))
def test_cleaned_text_is_short_and_harmless(text: str) -> None:
    cleaned = clean_text(text, 20)
    assert len(cleaned) <= 20
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in cleaned)
    assert clean_text(cleaned, 20) == cleaned


def test_cleaning_turns_a_line_break_into_a_blank() -> None:
    assert clean_text("one\ntwo\u202e\x07", 20) == "one two"


def test_long_hostile_text_is_checked_in_little_time() -> None:
    for text in ("1 " * 300, "a." * 300, "@ " * 300, "." * 600):
        try:
            check_text(text.strip(), 600)
        except KithError:
            continue
