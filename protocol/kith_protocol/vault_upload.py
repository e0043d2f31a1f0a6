"""How chunks of a vault travel to the node: many in one body, taken together or not at all.

``v(1) ‖ count(2) ‖ [chunk(2) ‖ length(4) ‖ bytes]…`` in ascending order of chunk; an empty
chunk is one to be deleted. New credentials bring the whole vault with them, as encrypted under
the new key: ``length(4) ‖ JSON of CredentialsBody ‖ chunks``. What is in a chunk, and how its
key is made, is left to the vault format. Each body has exactly one form but for the JSON's.

Source: SPEC.md, section on vaults; docs/adr/0010.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.hashes import sha256
from kith_crypto.padding import is_bucket
from kith_crypto.strict_json import parse_json
from kith_crypto.vault import LARGEST_CHUNK_BYTES, MAX_CHUNK, SMALLEST_CHUNK_BYTES
from kith_protocol.api import CredentialsBody
from kith_protocol.wire import convert

CHUNK_TYPE = "application/vnd.kith.chunk"
CHUNKS_TYPE = "application/vnd.kith.chunks"
CREDENTIALS_TYPE = "application/vnd.kith.credentials"

INDEX_CHUNK = 0
MAX_CHUNKS = 1024
MAX_VAULT_BYTES = 16 * 1024 * 1024
MAX_CREDENTIALS_BYTES = 4096  # verifiers and two wrapped keys

_VERSION = 1
_HEAD_BYTES = 1 + 2
_CHUNK_HEAD_BYTES = 2 + 4
_LENGTH_BYTES = 4
_ETAG_BYTES = 16

MAX_UPLOAD_BYTES = _HEAD_BYTES + MAX_CHUNKS * _CHUNK_HEAD_BYTES + MAX_VAULT_BYTES
MAX_CREDENTIALS_UPLOAD_BYTES = _LENGTH_BYTES + MAX_CREDENTIALS_BYTES + MAX_UPLOAD_BYTES


def chunk_etag(chunk: bytes) -> str:
    """Return the entity tag of a chunk as the node stores it, quotes included."""
    return etag_of_hash(sha256(chunk))


def etag_of_hash(digest: bytes) -> str:
    """Return the entity tag of the chunk whose SHA-256 is *digest*."""
    return f'"{encode_base64url(digest[:_ETAG_BYTES])}"'


def encode_chunks(chunks: Mapping[int, bytes]) -> bytes:
    """Return the body that puts *chunks*.

    Args:
        chunks: number, 0 to ``MAX_CHUNK``, to encrypted bytes, a power of two from 1 KiB to
            4 MiB; empty bytes delete the chunk. At most ``MAX_CHUNKS``, 16 MiB in all.

    Raises:
        ValueError: a number, a size or a sum out of bounds.
    """
    size = sum(map(len, chunks.values()))
    if len(chunks) > MAX_CHUNKS or size > MAX_VAULT_BYTES or not all(map(_is_number, chunks)):
        raise ValueError("more than a vault holds, or no number of a chunk")
    parts = [bytes((_VERSION,)), len(chunks).to_bytes(2, "big")]
    for number, chunk in sorted(chunks.items()):
        if not _is_chunk(len(chunk)):
            raise ValueError("a chunk is a power of two of bytes")
        parts += [number.to_bytes(2, "big"), len(chunk).to_bytes(4, "big"), chunk]
    return b"".join(parts)


def parse_chunks(raw: bytes) -> dict[int, bytes]:
    """Return number to bytes of the chunks in *raw*, in ascending order.

    Args:
        raw: as received.

    Raises:
        TooLargeError: more than ``MAX_UPLOAD_BYTES``.
        MalformedError: any other form than ``encode_chunks`` gives.
    """
    if len(raw) > MAX_UPLOAD_BYTES:
        raise TooLargeError(f"{len(raw)} bytes of chunks")
    if len(raw) < _HEAD_BYTES or raw[0] != _VERSION:
        raise MalformedError("not chunks of a vault")
    count, at = int.from_bytes(raw[1:_HEAD_BYTES], "big"), _HEAD_BYTES
    if count > MAX_CHUNKS:
        raise MalformedError("more chunks than a vault has")
    chunks: dict[int, bytes] = {}
    last = -1
    for _ in range(count):
        start = at + _CHUNK_HEAD_BYTES
        number = int.from_bytes(raw[at : at + 2], "big")
        size = int.from_bytes(raw[at + 2 : start], "big")
        at = start + size
        if at > len(raw) or number <= last or not _is_chunk(size):
            raise MalformedError("not chunks of a vault")
        chunks[number], last = raw[start:at], number
    if at != len(raw) or sum(map(len, chunks.values())) > MAX_VAULT_BYTES:
        raise MalformedError("not chunks of a vault")
    return chunks


def encode_credentials(body: CredentialsBody, chunks: Mapping[int, bytes]) -> bytes:
    """Return new credentials with the whole vault under the new key.

    Args:
        body: verifiers, slots, device.
        chunks: all chunks of the vault, none of them empty.

    Raises:
        ValueError: see ``encode_chunks``, or more credentials than ``MAX_CREDENTIALS_BYTES``.
    """
    head = msgspec.json.encode(body)
    if len(head) > MAX_CREDENTIALS_BYTES:
        raise ValueError("more than credentials are")
    return len(head).to_bytes(_LENGTH_BYTES, "big") + head + encode_chunks(chunks)


def parse_credentials(raw: bytes) -> tuple[CredentialsBody, dict[int, bytes]]:
    """Return the credentials and the chunks in *raw*.

    Raises:
        TooLargeError: more than ``MAX_CREDENTIALS_UPLOAD_BYTES``.
        MalformedError: any other form, or a chunk without bytes: the vault is whole.
    """
    if len(raw) > MAX_CREDENTIALS_UPLOAD_BYTES:
        raise TooLargeError(f"{len(raw)} bytes of credentials")
    end = _LENGTH_BYTES + int.from_bytes(raw[:_LENGTH_BYTES], "big")
    if len(raw) < _LENGTH_BYTES or end > min(len(raw), _LENGTH_BYTES + MAX_CREDENTIALS_BYTES):
        raise MalformedError("not credentials with a vault")
    head = parse_json(raw[_LENGTH_BYTES:end], max_bytes=MAX_CREDENTIALS_BYTES)
    chunks = parse_chunks(raw[end:])
    if not all(chunks.values()):
        raise MalformedError("a new key comes with the whole vault")
    return convert(head, CredentialsBody), chunks


def _is_number(number: int) -> bool:
    return 0 <= number <= MAX_CHUNK


def _is_chunk(size: int) -> bool:
    return size == 0 or is_bucket(
        size, smallest=SMALLEST_CHUNK_BYTES, largest=LARGEST_CHUNK_BYTES
    )
