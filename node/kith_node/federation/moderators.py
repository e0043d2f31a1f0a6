"""The moderators' public key: a file of its own, read at start and replaced by their call.

Its private half lives in the moderators' vaults and never comes near the node.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import KithError, UsageError
from kith_crypto.hpke import PUBLIC_KEY_BYTES, seal

MODERATORS_NAME = "moderators.json"

_PROBE = b"kith/moderators-key-check"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str


class ModeratorsKey:
    """Holds the key and keeps it in ``data_dir/keys``."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of keys and read the file, if it is there.

        Raises:
            UsageError: it is no such file.
        """
        self._path = folder / MODERATORS_NAME
        self._key = self._read()

    @property
    def public(self) -> bytes | None:
        """The key, 1216 bytes, or None where there is none."""
        return self._key

    @property
    def text(self) -> str:
        """The key as base64url, empty where there is none."""
        return encode_base64url(self._key or b"")

    def replace(self, key: bytes) -> bool:
        """Keep *key* in place of the former one; return whether it is another one.

        Raises:
            KeyRefusedError: it is no sealing key.
        """
        seal(key, b"", info=_PROBE)  # refuses what nobody could seal to
        if key == self._key:
            return False
        draft = self._path.with_suffix(".new")
        with draft.open("wb") as file:
            file.write(msgspec.json.encode(_File(encode_base64url(key))))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        self._key = key
        return True

    def _read(self) -> bytes | None:
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            text = msgspec.json.decode(raw, type=_File).key
            return parse_base64url(text, size=PUBLIC_KEY_BYTES)
        except (msgspec.DecodeError, KithError) as error:
            raise UsageError(f"{MODERATORS_NAME} is no key of moderators") from error
