from kith_crypto.passphrase import suggest_name, suggest_passphrase
from kith_crypto.words import WORDS
from kith_testing.rng import SeededRng


class _CountingRng:
    """Gives the numbers from *start* upwards, two bytes each."""

    def __init__(self, start: int) -> None:
        self._next = start

    def bytes(self, size: int, /) -> bytes:
        self._next += 1
        return (self._next - 1).to_bytes(size, "big")


def test_a_passphrase_is_six_words_of_the_list() -> None:
    words = suggest_passphrase(SeededRng(1)).split("-")
    assert len(words) == 6
    assert set(words) <= set(WORDS)


def test_a_name_is_three_words_of_the_list() -> None:
    words = suggest_name(SeededRng(1)).split("-")
    assert len(words) == 3
    assert set(words) <= set(WORDS)


def test_suggestions_follow_the_random_source() -> None:
    assert suggest_passphrase(SeededRng(1)) == suggest_passphrase(SeededRng(1))
    assert suggest_passphrase(SeededRng(1)) != suggest_passphrase(SeededRng(2))


def test_every_word_can_come_up() -> None:
    assert suggest_name(_CountingRng(0)).split("-") == list(WORDS[:3])
    assert suggest_name(_CountingRng(2045)).split("-") == list(WORDS[-3:])
    assert suggest_name(_CountingRng(2048)).split("-") == list(WORDS[:3])
