from typing import Any

from kith_crypto.fingerprint import fingerprint_words


def test_words_are_those_of_the_vectors(load_vectors: Any) -> None:
    vectors = load_vectors("kith_keys.json")["words"]["fingerprints"]
    assert len(vectors) == 3
    for vector in vectors:
        assert list(fingerprint_words(bytes.fromhex(vector["key"]))) == vector["words"]


def test_another_key_has_other_words() -> None:
    assert len(fingerprint_words(b"one key")) == 8
    assert fingerprint_words(b"one key") != fingerprint_words(b"another key")
