"""What counts as writing a check phrase, and which one can be kept."""

import pytest

from kith_client.check_phrase import refuse_phrase, suggest_phrase
from kith_crypto.errors import UsageError
from kith_crypto.words import WORDS
from kith_protocol.conversation.bodies import Close, Part, Text
from kith_protocol.mentorship.bodies import Note
from kith_testing.rng import SeededRng

PHRASE = "silver river boat"


@pytest.mark.parametrize(
    "text",
    [
        "silver river boat",
        "It is SILVER  river-boat, isn't it?",
        "silverriverboat",
        "\uff53\uff49\uff4c\uff56\uff45\uff52 river boat",
        "silver\nriver\nboat",
    ],
)
def test_a_text_that_holds_the_phrase_in_any_spelling_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="Say it aloud"):
        refuse_phrase(Text(text), PHRASE)


def test_every_kind_of_message_is_looked_into() -> None:
    with pytest.raises(UsageError):
        refuse_phrase(Close(f"Farewell, {PHRASE}"), PHRASE)
    with pytest.raises(UsageError):
        refuse_phrase(Note("A" * 22, text=f"remember: {PHRASE}"), PHRASE)


@pytest.mark.parametrize("text", ["the river was silver, and the boat late", "silver", ""])
def test_words_of_the_phrase_elsewhere_are_no_matter(text: str) -> None:
    refuse_phrase(Text(text or "-"), PHRASE)


def test_phrases_of_other_scripts_are_found_too() -> None:
    with pytest.raises(UsageError):
        refuse_phrase(Text("Серебряная Река и лодка"), "серебряная река")
    with pytest.raises(UsageError):
        refuse_phrase(Text("合言葉は、銀の川を渡る舟。"), "銀の川を渡る舟")


def test_without_a_phrase_nothing_is_refused() -> None:
    refuse_phrase(Text(PHRASE), "")


def test_a_suggestion_is_three_words_of_the_list_and_another_each_time() -> None:
    rng = SeededRng(5)
    first, second = suggest_phrase(rng), suggest_phrase(rng)
    assert first != second
    assert all(word in WORDS for word in first.split())
    assert len(first.split()) == 3


def test_pieces_of_files_are_not_texts() -> None:
    piece = Part(file="A" * 22, number=1, total=1, data="silverriverboatA")
    refuse_phrase(piece, PHRASE)
