"""Which record lies in which chunk, and how large chunks look from outside.

Chunk 0 is the index, the others hold records. There are 15, 63 or 255 of these: the more there
is to keep, the more chunks, so that writing one message does not upload everything. The number
only grows. A record's place is the first byte of SHA-256 of ``kind/id``; the chunk is
``1 + place x number // 256``. In a chunk stand the lines of its records in ascending order,
each ended by a line feed. Every chunk is at least 16 KiB, so a new vault is 256 KiB, and a
chunk never shrinks but where all are written anew.

Source: protocol/spec/vault.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kith_crypto.errors import MalformedError
from kith_crypto.vault import record_place
from kith_protocol.vault.records import Contents, Name, Record, encode_record, parse_record

CHUNK_NUMBERS: Final = (15, 63, 255)
SMALLEST_CHUNK_BYTES: Final = 16 * 1024
FULL_BYTES = SMALLEST_CHUNK_BYTES // 2  # of records in a chunk on average; then more chunks
_PLACES = 256


def chunk_of(name: Name, *, number: int) -> int:
    """Return the chunk, 1 to *number*, of a record.

    Args:
        name: its kind and id.
        number: of data chunks, one of ``CHUNK_NUMBERS``.
    """
    return 1 + record_place("/".join(name)) * number // _PLACES


def choose_number(contents: Mapping[Name, Record], *, present: int = CHUNK_NUMBERS[0]) -> int:
    """Return into how many data chunks *contents* go, never fewer than at *present*."""
    size = sum(len(encode_record(record)) + 1 for record in contents.values())
    fitting = (number for number in CHUNK_NUMBERS if size <= number * FULL_BYTES)
    return max(present, next(fitting, CHUNK_NUMBERS[-1]))


def pack(contents: Mapping[Name, Record], *, number: int) -> dict[int, bytes]:
    """Return what stands in each of the data chunks 1 to *number*, unencrypted."""
    lines: dict[int, list[bytes]] = {chunk: [] for chunk in range(1, number + 1)}
    for name, record in contents.items():
        lines[chunk_of(name, number=number)].append(encode_record(record) + b"\n")
    return {chunk: b"".join(sorted(held)) for chunk, held in lines.items()}


def unpack(chunk: int, content: bytes, *, number: int) -> Contents:
    """Return the records that stand in a data chunk.

    Raises:
        MalformedError, TooLargeError: something else, out of order, twice, or in a wrong chunk.
    """
    lines = content.split(b"\n")
    if lines.pop() != b"" or lines != sorted(lines):
        raise MalformedError("not the lines of a chunk")
    contents: Contents = {}
    for line in lines:
        record = parse_record(line)
        if record.name in contents or chunk_of(record.name, number=number) != chunk:
            raise MalformedError("a record twice, or in another chunk than its own")
        contents[record.name] = record
    return contents
