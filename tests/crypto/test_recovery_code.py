from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import UsageError
from kith_crypto.recovery_code import (
    encode_recovery_qr,
    encode_recovery_words,
    generate_recovery_code,
    parse_recovery_qr,
    parse_recovery_words,
)
from kith_crypto.words import WORDS
from kith_testing.rng import SeededRng

codes = st.binary(min_size=16, max_size=16)


def test_the_codes_of_the_vectors_are_written_and_read(load_vectors: Any) -> None:
    vectors = load_vectors("kith_vault.json")["recovery"]
    assert len(vectors) == 3
    for vector in vectors:
        code = bytes.fromhex(vector["code"])
        assert " ".join(encode_recovery_words(code)) == vector["words"]
        assert encode_recovery_qr(code) == vector["qr"]
        assert parse_recovery_words(vector["words"]) == code
        assert parse_recovery_qr(vector["qr"]) == code


def test_the_refused_texts_of_the_vectors_are_refused(load_vectors: Any) -> None:
    refused = load_vectors("kith_vault.json")["refused_recovery"]
    assert (len(refused["words"]), len(refused["qr"])) == (6, 7)
    for text in refused["words"]:
        with pytest.raises(UsageError):
            parse_recovery_words(text)
    for text in refused["qr"]:
        with pytest.raises(UsageError):
            parse_recovery_qr(text)


def test_a_code_is_sixteen_bytes_of_the_source() -> None:
    assert generate_recovery_code(SeededRng()) == SeededRng().bytes(16)


@given(codes)
def test_words_and_qr_text_give_back_the_code(code: bytes) -> None:
    words = encode_recovery_words(code)
    assert len(words) == 12
    assert parse_recovery_words(" ".join(words)) == code
    assert parse_recovery_qr(encode_recovery_qr(code)) == code


@pytest.mark.parametrize("separator", [" ", "\n", " - ", ", ", "\t", ";  ", "-"])
def test_words_may_be_typed_in_many_ways(separator: str) -> None:
    words = encode_recovery_words(bytes(16))
    typed = separator.join(word.upper() for word in words)
    assert parse_recovery_words(f"  {typed}\n") == bytes(16)


def test_a_text_far_longer_than_twelve_words_is_not_even_split() -> None:
    with pytest.raises(UsageError):
        parse_recovery_words((" " * 90).join(encode_recovery_words(bytes(16))))


@given(codes, st.integers(0, 11), st.sampled_from(WORDS))
def test_a_wrong_word_is_noticed_or_gives_another_code(
    code: bytes, place: int, wrong: str
) -> None:
    words = list(encode_recovery_words(code))
    is_same = words[place] == wrong
    words[place] = wrong
    try:
        assert (parse_recovery_words(" ".join(words)) == code) == is_same
    except UsageError:
        assert not is_same


def test_of_all_wrong_last_words_fifteen_in_sixteen_are_noticed() -> None:
    first = encode_recovery_words(bytes(16))[:11]
    taken = 0
    for last in WORDS:
        try:
            parse_recovery_words(" ".join([*first, last]))
            taken += 1
        except UsageError:
            pass
    assert taken == 2048 // 16


@given(codes, st.integers(0, 31), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_wrong_character_of_a_qr_text_is_noticed(code: bytes, place: int, wrong: str) -> None:
    text = encode_recovery_qr(code)
    changed = text[:place] + wrong + text[place + 1 :]
    if changed != text:
        with pytest.raises(UsageError):
            parse_recovery_qr(changed)


@given(st.text(max_size=200))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_recovery_words(text)
    with pytest.raises(UsageError):
        parse_recovery_qr(text)


def test_the_refusal_says_where_and_never_what() -> None:
    words = [*encode_recovery_words(bytes(16))[:4], "hunter2", *["about"] * 7]
    with pytest.raises(UsageError, match=r"\Aword 5 is not one of the list\Z"):
        parse_recovery_words(" ".join(words))


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_code_of_another_size_is_a_mistake_in_the_program(size: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        encode_recovery_words(bytes(size))
    with pytest.raises(ValueError, match="16 bytes"):
        encode_recovery_qr(bytes(size))
