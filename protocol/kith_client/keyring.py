r"""The member's keys in one encrypted local file, format version 2.

    "kith-keys" ‖ version (1) ‖ salt (16) ‖ slot (60) ‖ nonce (12) ‖ ciphertext ‖ tag (16)

The slot holds the vault key VK (32 random bytes) under ``wrap``, derived from the passphrase
as for signing in (``kith_crypto.signin``), with *salt* in the place of the community and a
fixed name: so the file opens by the passphrase alone and tells nobody which community it
belongs to. The content is AES-256-GCM under ``HKDF(VK, "kith/keyring/v1\0")`` with everything
before the nonce as associated data; inside are ``length (4) ‖ canonical JSON ‖ zeros``, padded
to a power of two of at least 16 KiB, so that the size says little.

VK also lies in the slots that the node keeps, so that the recovery code opens this file too.
A wrong passphrase, another key and a damaged file are one error. Left to the caller: running
the derivation (a quarter of a second) off an event loop, and when to save.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from kith_client.errors import WrongPassphraseError
from kith_client.keyfile import read_private, write_private
from kith_client.records import Records
from kith_crypto.aead import decrypt, encrypt
from kith_crypto.errors import CryptoError, UsageError
from kith_crypto.hashes import hkdf_sha256
from kith_crypto.randomness import Rng
from kith_crypto.signin import derive_sign_in, unwrap_vault_key, wrap_vault_key

MAGIC = b"kith-keys"
VERSION = 2
SALT_BYTES = 16
SLOT_BYTES = 60
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
MIN_PADDED_BYTES = 16 * 1024

_LENGTH_BYTES = 4
_HEADER_BYTES = len(MAGIC) + 1 + SALT_BYTES + SLOT_BYTES
_CONTENT_LABEL = b"kith/keyring/v1\0"
_NAME = "keyring"  # stands where signing in has the login name

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Records)


class Keyring:
    """A member's opened keys. Its ``repr`` shows nothing.

    Attributes:
        records: what is in it; assign a changed one, then ``save``.
        vault_key: VK, 32 bytes.
    """

    def __init__(
        self, *, path: Path | None, header: bytes, vault_key: bytes, records: Records, rng: Rng
    ) -> None:
        self.records = records
        self.vault_key = vault_key
        self._path = path
        self._header = header
        self._rng = rng
        self._content_key = hkdf_sha256(vault_key, _CONTENT_LABEL)

    def __repr__(self) -> str:
        return "Keyring(...)"

    @property
    def path(self) -> Path | None:
        """Return where it is stored, or None if it lives in memory only."""
        return self._path

    @classmethod
    def create(
        cls, path: Path | None, *, passphrase: str, vault_key: bytes, rng: Rng
    ) -> Keyring:
        """Return a new, empty keyring; nothing is written before ``save``.

        Args:
            path: where it will be stored, or None for one that lives in memory only (which
                spares the derivation).
            passphrase: will open it.
            vault_key: 32 random bytes.
            rng: for salt and nonces.

        Raises:
            UsageError: there is a file at *path* already, or the passphrase is not usable.
        """
        header = b""
        if path is not None:
            if path.exists():
                raise UsageError(f"there are keys at {path} already")
            header = _make_header(passphrase, vault_key, rng)
        return cls(path=path, header=header, vault_key=vault_key, records=Records(), rng=rng)

    @classmethod
    def open(cls, path: Path, *, passphrase: str, rng: Rng) -> Keyring:
        """Return the keyring at *path*.

        Raises:
            NoKeyringError: there is none.
            WrongPassphraseError: it does not open.
            UsageError: the file is of a later version of this program.
        """
        raw = read_private(path)
        header = _read_header(raw)
        try:
            wrap = _derive_wrap(passphrase, _salt_of(header))
            vault_key = unwrap_vault_key(header[-SLOT_BYTES:], wrap)
        except (CryptoError, UsageError) as error:
            raise WrongPassphraseError(WrongPassphraseError.safe) from error
        return cls._open(path, raw, vault_key, rng)

    @classmethod
    def open_with_key(cls, path: Path, *, vault_key: bytes, rng: Rng) -> Keyring:
        """Return the keyring at *path* by its vault key, for recovery.

        Raises:
            NoKeyringError: there is none.
            WrongPassphraseError: it does not open.
            UsageError: the file is of a later version of this program.
        """
        return cls._open(path, read_private(path), vault_key, rng)

    @classmethod
    def _open(cls, path: Path, raw: bytes, vault_key: bytes, rng: Rng) -> Keyring:
        header = _read_header(raw)
        try:
            content_key = hkdf_sha256(vault_key, _CONTENT_LABEL)
            padded = decrypt(content_key, raw[_HEADER_BYTES:], bound=header)
        except CryptoError as error:
            raise WrongPassphraseError(WrongPassphraseError.safe) from error
        records = parse_records(padded)
        return cls(path=path, header=header, vault_key=vault_key, records=records, rng=rng)

    def change_passphrase(self, passphrase: str) -> None:
        """Replace the slot, so that the next ``save`` writes a file that *passphrase* opens."""
        if self._path is not None:
            self._header = _make_header(passphrase, self.vault_key, self._rng)

    def replace_vault_key(self, vault_key: bytes, *, passphrase: str) -> None:
        """Put a new VK in place, so that the next ``save`` encrypts everything anew."""
        self.vault_key = vault_key
        self._content_key = hkdf_sha256(vault_key, _CONTENT_LABEL)
        self.change_passphrase(passphrase)

    def save(self) -> None:
        """Write everything to the disk; a crash leaves the old file or the new one.

        Raises:
            UsageError: it cannot be written; the old file is untouched.
        """
        if self._path is not None:
            write_private(self._path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the file's bytes, encrypted under a fresh nonce."""
        padded = encode_records(self.records)
        nonce = self._rng.bytes(NONCE_BYTES)
        return self._header + encrypt(
            self._content_key, padded, nonce=nonce, bound=self._header
        )


def encode_records(records: Records) -> bytes:
    """Return *records* as ``length ‖ canonical JSON ‖ zeros``, a power of two long."""
    content = _encoder.encode(records)
    size = _LENGTH_BYTES + len(content)
    padded = max(MIN_PADDED_BYTES, 1 << (size - 1).bit_length())
    return len(content).to_bytes(_LENGTH_BYTES, "big") + content + bytes(padded - size)


def parse_records(padded: bytes) -> Records:
    """Return what ``encode_records`` wrote.

    Raises:
        WrongPassphraseError: anything else. Only a holder of the key could have made it, so
            it is not told apart from a damaged file.
    """
    size = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    content = padded[_LENGTH_BYTES : _LENGTH_BYTES + size]
    try:
        records = _decoder.decode(content)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise WrongPassphraseError(WrongPassphraseError.safe) from error
    # Decode, encode, compare: a repeated name, another layout or padding is not ours.
    if encode_records(records) != padded:
        raise WrongPassphraseError(WrongPassphraseError.safe)
    return records


def _make_header(passphrase: str, vault_key: bytes, rng: Rng) -> bytes:
    salt = rng.bytes(SALT_BYTES)
    wrap = _derive_wrap(passphrase, salt)
    slot = wrap_vault_key(vault_key, wrap, nonce=rng.bytes(NONCE_BYTES))
    return MAGIC + bytes([VERSION]) + salt + slot


def _read_header(raw: bytes) -> bytes:
    if not raw.startswith(MAGIC) or len(raw) < _HEADER_BYTES:
        raise WrongPassphraseError(WrongPassphraseError.safe)
    version = raw[len(MAGIC)]
    if version < VERSION:
        raise UsageError(
            "the key file is of a version before the first release and cannot be read any more"
        )
    if version > VERSION:
        raise UsageError("the key file was written by a later version; update this program")
    return raw[:_HEADER_BYTES]


def _salt_of(header: bytes) -> bytes:
    return header[len(MAGIC) + 1 : len(MAGIC) + 1 + SALT_BYTES]


def _derive_wrap(passphrase: str, salt: bytes) -> bytes:
    return derive_sign_in(_NAME, passphrase, community=salt).wrap
