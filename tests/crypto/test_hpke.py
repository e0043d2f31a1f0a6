import hashlib
import hmac
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import DecryptionError, KeyRefusedError
from kith_crypto.hpke import OVERHEAD_BYTES, open_sealed, seal, sealing_public_key

SEED = bytes(range(32))
PUBLIC = sealing_public_key(SEED)
INFO = b"kith/test/v1\0"


class _Schedule:
    """The key schedule of RFC 9180 §5.1 for base mode, written out as a second opinion."""

    def __init__(self, suite: bytes, shared_secret: bytes, info: bytes, key_bytes: int) -> None:
        self._suite = suite
        context = b"\0" + self._extract(b"", b"psk_id_hash", b"")
        context += self._extract(b"", b"info_hash", info)
        self.secret = self._extract(shared_secret, b"secret", b"")
        self.key = self._expand(b"key", context, key_bytes)
        self.base_nonce = self._expand(b"base_nonce", context, 12)

    def _extract(self, salt: bytes, label: bytes, ikm: bytes) -> bytes:
        data = b"HPKE-v1" + self._suite + label + ikm
        return hmac.digest(salt or bytes(32), data, "sha256")

    def _expand(self, label: bytes, context: bytes, size: int) -> bytes:
        info = size.to_bytes(2, "big") + b"HPKE-v1" + self._suite + label + context
        return hmac.digest(self.secret, info + b"\x01", "sha256")[:size]


def _decapsulate(seed: bytes, encapsulated: bytes) -> bytes:
    """X-Wing §5.4, written out on the two halves."""
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    theirs = encapsulated[1088:]
    shared = x25519.exchange(X25519PublicKey.from_public_bytes(theirs))
    public = x25519.public_key().public_bytes_raw()
    parts = mlkem.decapsulate(encapsulated[:1088]) + shared + theirs + public
    return hashlib.sha3_256(parts + bytes.fromhex("5c2e2f2f5e5c")).digest()


def test_public_keys_and_secrets_are_those_of_x_wing(load_vectors: Any) -> None:
    vectors = load_vectors("xwing.json")
    assert len(vectors["vectors"]) == 3
    for vector in vectors["vectors"]:
        seed = bytes.fromhex(vector["seed"])
        assert sealing_public_key(seed).hex() == vector["pk"]
        assert _decapsulate(seed, bytes.fromhex(vector["ct"])).hex() == vector["ss"]


def test_the_second_opinion_gives_the_rfc_9180_schedules(load_vectors: Any) -> None:
    vectors = [v for v in load_vectors("hpke_rfc9180.json")["vectors"] if v["mode"] == 0]
    assert len(vectors) == 3
    for vector in vectors:
        suite = b"HPKE" + b"".join(
            vector[part].to_bytes(2, "big") for part in ("kem_id", "kdf_id", "aead_id")
        )
        shared, info = (bytes.fromhex(vector[part]) for part in ("shared_secret", "info"))
        schedule = _Schedule(suite, shared, info, len(vector["key"]) // 2)
        assert schedule.secret.hex() == vector["secret"]
        assert schedule.key.hex() == vector["key"]
        assert schedule.base_nonce.hex() == vector["base_nonce"]


def test_the_second_opinion_opens_the_hybrid_vectors(load_vectors: Any) -> None:
    """Their AEAD is ChaCha20-Poly1305 with associated data, so ``open_sealed`` cannot."""
    for vector in load_vectors("hpke_pq.json")["vectors"]:
        seed, encapsulated, suite, info = (
            bytes.fromhex(vector[part]) for part in ("skRm", "enc", "suite_id", "info")
        )
        assert sealing_public_key(seed).hex() == vector["pkRm"]
        shared = _decapsulate(seed, encapsulated)
        assert shared.hex() == vector["shared_secret"]
        if vector["kdf_id"] != 1:
            continue  # SHAKE256 has another schedule; its keys and secret are checked above
        schedule = _Schedule(suite, shared, info, 32)
        assert schedule.key.hex() == vector["key"]
        first = vector["encryptions"][0]
        ciphertext, bound = bytes.fromhex(first["ct"]), bytes.fromhex(first["aad"])
        plaintext = ChaCha20Poly1305(schedule.key).decrypt(
            schedule.base_nonce, ciphertext, bound
        )
        assert plaintext.hex() == first["pt"]


def test_opens_what_the_second_opinion_seals_in_its_own_suite(load_vectors: Any) -> None:
    suite = b"HPKE" + bytes.fromhex("647a00010002")
    for vector in load_vectors("xwing.json")["vectors"]:
        schedule = _Schedule(suite, bytes.fromhex(vector["ss"]), INFO, 32)
        ciphertext = AESGCM(schedule.key).encrypt(schedule.base_nonce, b"plaintext", b"")
        sealed = bytes.fromhex(vector["ct"]) + ciphertext
        assert open_sealed(bytes.fromhex(vector["seed"]), sealed, info=INFO) == b"plaintext"


def test_an_altered_kem_ciphertext_fails_like_everything_else(load_vectors: Any) -> None:
    vectors = load_vectors("xwing.json")
    negative = vectors["negative"][0]
    seed = bytes.fromhex(vectors["vectors"][negative["based_on"]]["seed"])
    assert (
        _decapsulate(seed, bytes.fromhex(negative["ct"])).hex()
        == (negative["expected_ss_implicit_rejection"])
    )
    with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
        open_sealed(seed, bytes.fromhex(negative["ct"]) + bytes(32), info=INFO)


@given(st.binary(max_size=200))
def test_opening_undoes_sealing(plaintext: bytes) -> None:
    sealed = seal(PUBLIC, plaintext, info=INFO)
    assert len(sealed) == len(plaintext) + OVERHEAD_BYTES
    assert open_sealed(SEED, sealed, info=INFO) == plaintext


def test_sealing_twice_gives_different_bytes() -> None:
    assert seal(PUBLIC, b"x", info=INFO) != seal(PUBLIC, b"x", info=INFO)


def test_refuses_another_key_info_length_or_changed_byte() -> None:
    sealed = seal(PUBLIC, b"plaintext", info=INFO)
    attempts = [
        (bytes(32), sealed, INFO),
        (SEED, sealed, b"kith/other/v1\0"),
        (SEED, sealed[:-1], INFO),
        (SEED, sealed + b"\0", INFO),
        (SEED, sealed[:1088] + bytes(32) + sealed[1120:], INFO),  # X25519 gives all zeros
    ]
    for position in [*range(0, len(sealed), 97), 1087, 1088, 1119, 1120, len(sealed) - 1]:
        tampered = bytearray(sealed)
        tampered[position] ^= 1
        attempts.append((SEED, bytes(tampered), INFO))
    for seed, text, info in attempts:
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            open_sealed(seed, text, info=info)


@given(st.binary(max_size=40) | st.binary(min_size=1136, max_size=1200))
def test_any_bytes_are_refused(sealed: bytes) -> None:
    with pytest.raises(DecryptionError):
        open_sealed(SEED, sealed, info=INFO)


@pytest.mark.parametrize(
    "public",
    [
        b"",
        PUBLIC[:-1],
        PUBLIC + b"\0",
        b"\xff" * 1184 + PUBLIC[1184:],
        PUBLIC[:1184] + bytes(32),
    ],
)
def test_refuses_a_bad_public_key(public: bytes) -> None:
    with pytest.raises(KeyRefusedError):
        seal(public, b"x", info=INFO)


def test_a_seed_of_another_size_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sealing_public_key(bytes(31))
    with pytest.raises(ValueError, match="32 bytes"):
        open_sealed(bytes(33), bytes(2000), info=INFO)
