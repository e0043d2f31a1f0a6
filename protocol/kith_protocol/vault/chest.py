"""A vault as the node stores it: encrypted chunks, and an index that says which are right.

The index names version, writer, and the SHA-256 of each data chunk as stored. Who writes the
vault says which index they have read, and the node takes index and chunks together or not at
all: so an index that does not fit its chunks, or is older than one that was seen, is no bad
luck. The node, or whoever restored its disk, has put something old in its place.

Reading and writing are left to the caller. Source: protocol/spec/vault.md; docs/adr/0010.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, Literal

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import DecryptionError, KithError, MalformedError
from kith_crypto.hashes import is_equal, sha256
from kith_crypto.randomness import Rng
from kith_crypto.strict_json import MAX_SAFE_INTEGER, JsonObject, parse_json_object
from kith_crypto.vault import open_chunk, seal_chunk
from kith_protocol.vault.layout import (
    CHUNK_NUMBERS,
    SMALLEST_CHUNK_BYTES,
    choose_number,
    pack,
    unpack,
)
from kith_protocol.vault.records import DEVICE_BYTES, Contents, Name, Record
from kith_protocol.vault_upload import INDEX_CHUNK
from kith_protocol.wire import read_string

HASH_BYTES: Final = 32
NONCE_BYTES: Final = 12
MAX_INDEX_BYTES = SMALLEST_CHUNK_BYTES

_FORMAT: Final = 1
_MEMBERS = frozenset({"chunks", "device", "format", "version"})


class Index(msgspec.Struct, frozen=True):
    """What the index says.

    Attributes:
        version: counts the writings of the vault, from 1.
        device: 8 bytes of the device that wrote it.
        hashes: SHA-256 of each data chunk as stored, chunk 1 first.
    """

    version: int
    device: bytes
    hashes: tuple[bytes, ...]

    @property
    def number(self) -> int:
        """How many data chunks there are."""
        return len(self.hashes)

    def differing(self, other: Index | None) -> list[int]:
        """Return the chunks that are not as in *other*; all where the numbers differ."""
        if other is None or other.number != self.number:
            return list(range(1, self.number + 1))
        pairs = zip(self.hashes, other.hashes, strict=True)
        return [chunk for chunk, (one, two) in enumerate(pairs, 1) if one != two]


class Stored(msgspec.Struct, frozen=True):
    """The vault as it was last read or written, without what is in it.

    Attributes:
        index: of it.
        mark: SHA-256 of the index chunk as stored.
        sizes: bytes of each data chunk as stored, chunk 1 first.
    """

    index: Index
    mark: bytes
    sizes: tuple[int, ...]


class Writing(msgspec.Struct, frozen=True):
    """What is to be uploaded, and what the vault is if the node takes it.

    Attributes:
        chunks: the index and every data chunk that changes, encrypted.
        stored: the vault then.
    """

    chunks: dict[int, bytes]
    stored: Stored

    @property
    def size_bytes(self) -> int:
        """What the whole vault takes on the node then."""
        return len(self.chunks[INDEX_CHUNK]) + sum(self.stored.sizes)


def seal_vault(
    vault_key: bytes,
    contents: Mapping[Name, Record],
    *,
    before: Stored | None,
    changed: Collection[int] | None,
    device: bytes,
    seen: int = 0,
    rng: Rng,
) -> Writing:
    """Return what writes *contents* over the vault *before*.

    Args:
        vault_key: 32 bytes.
        contents: everything that the vault is to hold.
        before: the vault as read; None for a new one.
        changed: data chunks that are not as in *before*; these do not shrink. None for all, as
            under a new key; then they do.
        device: 8 bytes of this device.
        seen: the greatest version that the device has seen; the new one is greater.
        rng: for nonces.

    Raises:
        TooLargeError: a chunk would be larger than allowed.
        ValueError: a record is out of bounds.
    """
    number = choose_number(contents, present=before.index.number if before else 0)
    if changed is None or before is None or before.index.number != number:
        sizes, hashes, changed = [SMALLEST_CHUNK_BYTES] * number, [b""] * number, None
    else:
        sizes, hashes = list(before.sizes), list(before.index.hashes)
    chunks: dict[int, bytes] = {}
    for chunk, content in pack(contents, number=number).items():
        if changed is None or chunk in changed:
            place = chunk - 1
            raw = _seal(vault_key, chunk, content, at_least=sizes[place], rng=rng)
            chunks[chunk], sizes[place], hashes[place] = raw, len(raw), sha256(raw)
    version = 1 + max(seen, 0 if before is None else before.index.version)
    index = Index(version, device, tuple(hashes))
    raw = _seal(vault_key, INDEX_CHUNK, _encode_index(index), rng=rng)
    return Writing({INDEX_CHUNK: raw, **chunks}, Stored(index, sha256(raw), tuple(sizes)))


def open_index(vault_key: bytes, raw: bytes) -> Index:
    """Return the index in chunk 0 as stored.

    Raises:
        DecryptionError: in every case but a whole index of this vault.
    """
    try:
        content = open_chunk(vault_key, INDEX_CHUNK, raw)
        line = parse_json_object(content, max_bytes=MAX_INDEX_BYTES)
        index = _read_index(line)
        if _encode_index(index) != content:
            raise MalformedError("not the form of an index")
    except KithError as error:
        raise DecryptionError("cannot be opened") from error
    return index


def open_data(vault_key: bytes, chunk: int, raw: bytes, *, index: Index) -> Contents:
    """Return the records of a data chunk as stored.

    Args:
        vault_key: 32 bytes.
        chunk: 1 to the index's number.
        raw: as the node stores it.
        index: that names it.

    Raises:
        DecryptionError: in every case but the very chunk that *index* names.
    """
    if not is_equal(sha256(raw), index.hashes[chunk - 1]):
        raise DecryptionError("cannot be opened")
    try:
        return unpack(chunk, open_chunk(vault_key, chunk, raw), number=index.number)
    except KithError as error:
        raise DecryptionError("cannot be opened") from error


def judge_index(
    index: Index, mark: bytes, *, seen: int, seen_mark: bytes
) -> Literal["new", "same", "rolled-back", "forked"]:
    """Return what an index is to a device that has seen one before.

    A vault that was rolled back and has been written to since until its version is greater
    than the one that was seen cannot be told from a newer one; nothing is lost by it, because
    the device writes what it has over it.

    Args:
        index: as read.
        mark: SHA-256 of the index chunk as read.
        seen: the greatest version that the device has seen, 0 for none.
        seen_mark: SHA-256 of that index chunk.
    """
    if index.version > seen:
        return "new"
    if index.version < seen:
        return "rolled-back"
    return "same" if is_equal(mark, seen_mark) else "forked"


def _seal(
    vault_key: bytes,
    chunk: int,
    content: bytes,
    *,
    rng: Rng,
    at_least: int = SMALLEST_CHUNK_BYTES,
) -> bytes:
    nonce = rng.bytes(NONCE_BYTES)
    return seal_chunk(vault_key, chunk, content, nonce=nonce, at_least=at_least)


def _encode_index(index: Index) -> bytes:
    line: JsonObject = {
        "chunks": [encode_base64url(one) for one in index.hashes],
        "device": encode_base64url(index.device),
        "format": _FORMAT,
        "version": index.version,
    }
    return canonical_bytes(line)


def _read_index(line: JsonObject) -> Index:
    version, hashes = line.get("version"), line.get("chunks")
    if line.keys() != _MEMBERS or line["format"] != _FORMAT:
        raise MalformedError("not an index, or of a later format")
    if type(version) is not int or not 1 <= version <= MAX_SAFE_INTEGER:
        raise MalformedError("not a version")
    if not isinstance(hashes, list) or len(hashes) not in CHUNK_NUMBERS:
        raise MalformedError("not the hashes of chunks")
    return Index(
        version=version,
        device=parse_base64url(read_string(line, "device"), size=DEVICE_BYTES),
        hashes=tuple(
            parse_base64url(one if isinstance(one, str) else "", size=HASH_BYTES)
            for one in hashes
        ),
    )
