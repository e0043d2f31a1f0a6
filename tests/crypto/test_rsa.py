import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KeyRefusedError, SignatureError
from kith_crypto.rsa import RsaSigningKey, parse_rsa_public_pem, verify_rsa


@pytest.fixture(scope="module")
def key() -> RsaSigningKey:
    return RsaSigningKey.generate()


def _pem(n: int, e: int) -> str:
    public = rsa.RSAPublicNumbers(e, n).public_key()
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def _modulus(bits: int) -> int:
    return (1 << bits) - 1  # odd and of that length; only its size is looked at


def test_the_rfc_9421_keys_read_in_both_forms(load_vectors: Any) -> None:
    keys = load_vectors("http_message_signatures.json")["keys"]
    pkcs1, spki = keys["test-key-rsa"]["public_pem"], keys["test-key-rsa-pss"]["public_pem"]
    assert pkcs1.startswith("-----BEGIN RSA PUBLIC KEY-----")
    assert spki.startswith("-----BEGIN PUBLIC KEY-----")
    assert parse_rsa_public_pem(pkcs1).bits == 2048
    assert parse_rsa_public_pem(spki.replace("\n", "\r\n")).bits == 2048
    for other in ("test-key-ed25519", "test-key-ecc-p256"):
        with pytest.raises(KeyRefusedError):
            parse_rsa_public_pem(keys[other]["public_pem"])


def test_the_published_rsa_signatures_verify_and_tampered_ones_fail(load_vectors: Any) -> None:
    vectors = load_vectors("http_message_signatures.json")
    verified = 0
    for case in vectors["fediverse_profile"]:
        if case["algorithm"] != "rsa-v1_5-sha256":
            continue
        key = parse_rsa_public_pem(vectors["keys"][case["key"]]["public_pem"])
        signature = base64.b64decode(case["signature"].split(":")[1])
        base = case["signature_base"].encode()
        verify_rsa(key, signature, base)
        verified += 1
        for bad_signature, bad_base in [
            (signature, base + b"\n"),
            (signature[:-1] + bytes([signature[-1] ^ 1]), base),
            (signature[1:], base),
            (b"", base),
        ]:
            with pytest.raises(SignatureError, match=r"\ARSA verification failed\Z"):
                verify_rsa(key, bad_signature, bad_base)
    assert verified >= 1


def test_signing_is_that_of_the_published_key(load_vectors: Any) -> None:
    vectors = load_vectors("http_message_signatures.json")
    published = vectors["keys"]["test-key-rsa"]
    key = RsaSigningKey.from_pem(published["private_pem"].encode())
    cases = [c for c in vectors["fediverse_profile"] if c["algorithm"] == "rsa-v1_5-sha256"]
    for case in cases:
        signature = base64.b64encode(key.sign(case["signature_base"].encode())).decode()
        assert case["signature"] == f"sig1=:{signature}:"  # deterministic by RFC 8017


def test_a_key_survives_its_file(key: RsaSigningKey) -> None:
    again = RsaSigningKey.from_pem(key.to_pem())
    assert key.to_pem().startswith(b"-----BEGIN PRIVATE KEY-----")
    assert again.public_pem() == key.public_pem()
    verify_rsa(parse_rsa_public_pem(key.public_pem()), again.sign(b"m"), b"m")


def test_a_signing_key_shows_nothing_when_printed(key: RsaSigningKey) -> None:
    assert repr(key) == str(key) == "RsaSigningKey(...)"


@pytest.mark.parametrize("bits", [512, 1024, 2047, 8193, 16384])
def test_refuses_a_modulus_of_another_size(bits: int) -> None:
    with pytest.raises(KeyRefusedError):
        parse_rsa_public_pem(_pem(_modulus(bits), 65537))


@pytest.mark.parametrize("bits", [2048, 8192])
def test_takes_the_smallest_and_the_largest_modulus(bits: int) -> None:
    assert parse_rsa_public_pem(_pem(_modulus(bits), 3)).bits == bits


@pytest.mark.parametrize("exponent", [2**32 + 1, 2**64 + 1])
def test_refuses_an_exponent_that_makes_verifying_slow(exponent: int) -> None:
    with pytest.raises(KeyRefusedError):
        parse_rsa_public_pem(_pem(_modulus(2048), exponent))


@pytest.mark.parametrize("exponent", [0, 1, 2, 4, 65536])
def test_refuses_an_exponent_that_proves_nothing(exponent: int) -> None:
    """The library will not even write such keys, so their DER is put together here."""

    def integer(value: int) -> bytes:
        raw = value.to_bytes(value.bit_length() // 8 + 1, "big")
        head = b"\x02" + (
            bytes([len(raw)]) if len(raw) < 128 else b"\x82" + len(raw).to_bytes(2, "big")
        )
        return head + raw

    body = integer(_modulus(2048)) + integer(exponent)
    der = b"\x30\x82" + len(body).to_bytes(2, "big") + body
    text = base64.encodebytes(der).decode()
    with pytest.raises(KeyRefusedError):
        parse_rsa_public_pem(
            f"-----BEGIN RSA PUBLIC KEY-----\n{text}-----END RSA PUBLIC KEY-----\n"
        )


def test_refuses_a_private_key_two_keys_and_text_around_a_key(key: RsaSigningKey) -> None:
    public = key.public_pem()
    for text in (
        key.to_pem().decode(),
        public + public,
        "note\n" + public,
        public + "note",
        public.replace("END PUBLIC", "END RSA PUBLIC"),
        public.replace("A", "\u0410", 1),
        public + " " * 5000,
        "",
    ):
        with pytest.raises(KeyRefusedError):
            parse_rsa_public_pem(text)


@given(st.text(max_size=30) | st.text("AQMIBgkh+/=\n", max_size=80))
def test_any_text_is_refused(text: str) -> None:
    for framed in (text, f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----"):
        with pytest.raises(KeyRefusedError):
            parse_rsa_public_pem(framed)


def test_own_key_files_are_held_to_the_same_bounds(load_vectors: Any) -> None:
    keys = load_vectors("http_message_signatures.json")["keys"]
    small = rsa.generate_private_key(65537, 1024).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    other_kind = keys["test-key-ed25519"]["private_pem"].encode()
    for pem in (b"", b"-----BEGIN PRIVATE KEY-----", other_kind, small):
        with pytest.raises(KeyRefusedError):
            RsaSigningKey.from_pem(pem)
    for bits in (1024, 8193):
        with pytest.raises(KeyRefusedError):
            RsaSigningKey.generate(bits)
