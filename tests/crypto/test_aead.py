import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.aead import decrypt, encrypt
from kith_crypto.errors import DecryptionError

KEY = bytes(range(32))
NONCE = bytes(12)


def test_gives_the_gcm_specifications_case_14() -> None:
    sealed = encrypt(bytes(32), bytes(16), nonce=bytes(12))
    expected = "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    assert sealed.hex() == "00" * 12 + expected


@given(st.binary(max_size=64), st.binary(max_size=16))
def test_decryption_undoes_encryption(plaintext: bytes, bound: bytes) -> None:
    assert (
        decrypt(KEY, encrypt(KEY, plaintext, nonce=NONCE, bound=bound), bound=bound)
        == plaintext
    )


def test_refuses_another_key_bound_text_or_any_changed_byte() -> None:
    sealed = encrypt(KEY, b"secret", nonce=NONCE, bound=b"label\0")
    attempts = [(bytes(32), sealed, b"label\0"), (KEY, sealed, b"other\0"), (KEY, sealed, b"")]
    for position in range(len(sealed)):
        tampered = bytearray(sealed)
        tampered[position] ^= 1
        attempts.append((KEY, bytes(tampered), b"label\0"))
    for key, text, bound in attempts:
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            decrypt(key, text, bound=bound)


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_with_the_one_error(sealed: bytes) -> None:
    with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
        decrypt(KEY, sealed)


def test_wrong_sizes_are_mistakes_in_the_program() -> None:
    with pytest.raises(ValueError, match="32-byte"):
        encrypt(bytes(16), b"", nonce=NONCE)
    with pytest.raises(ValueError, match="12-byte"):
        encrypt(KEY, b"", nonce=bytes(8))
    with pytest.raises(ValueError, match="32-byte"):
        decrypt(bytes(16), bytes(40))
