from hashlib import sha256
from typing import Any

from kith_crypto.words import BITS_PER_WORD, WORDS


def test_the_list_is_the_one_fingerprints_were_made_with(load_vectors: Any) -> None:
    vector = load_vectors("kith_keys.json")["words"]
    assert len(WORDS) == vector["count"] == 2**BITS_PER_WORD
    digest = sha256(" ".join(WORDS).encode()).hexdigest()
    assert digest == vector["sha256_of_list_joined_by_spaces"]


def test_words_are_distinct_short_and_plain() -> None:
    assert len(set(WORDS)) == len(WORDS)
    assert all(3 <= len(word) <= 8 for word in WORDS)
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)


def test_no_word_is_another_with_a_letter_left_out() -> None:
    known = set(WORDS)
    shortened = {word[:i] + word[i + 1 :] for word in WORDS for i in range(len(word))}
    assert not known & shortened
