import hashlib
import hmac

import pytest

from kith_crypto.hashes import hkdf_sha256, hmac_sha256, is_equal, sha256, sha512, shake256


def test_digests_are_those_of_the_standard() -> None:
    assert sha256(b"abc").hex().startswith("ba7816bf8f01cfea")
    assert sha512(b"abc").hex().startswith("ddaf35a193617aba")
    assert shake256(b"", 4).hex() == "46b9dd2b"


def test_hmac_gives_rfc_4231_case_2() -> None:
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac_sha256(b"Jefe", b"what do ya want for nothing?").hex() == expected


def test_hkdf_gives_rfc_5869_case_3_without_salt_and_info() -> None:
    expected = (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )
    assert hkdf_sha256(b"\x0b" * 22, b"", 42).hex() == expected


def test_hkdf_separates_purposes() -> None:
    assert hkdf_sha256(b"k" * 32, b"a\0") != hkdf_sha256(b"k" * 32, b"b\0")


def test_hkdf_is_extract_with_zero_salt_then_expand() -> None:
    extracted = hmac.new(bytes(32), b"key", hashlib.sha256).digest()
    expected = hmac.new(extracted, b"info\x01", hashlib.sha256).digest()
    assert hkdf_sha256(b"key", b"info") == expected


@pytest.mark.parametrize(("other", "same"), [(b"abc", True), (b"abd", False), (b"ab", False)])
def test_comparison_tells_equal_from_different(other: bytes, same: bool) -> None:
    assert is_equal(b"abc", other) is same
