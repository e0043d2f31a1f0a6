"""A book of secrets, and a search for every one of them, however it may be written.

A value is looked for as it is, in hexadecimal, in both base64 alphabets at each of the three
alignments that it may have inside something longer, as UTF-16, and inside everything in the
searched bytes that inflates.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

import numpy as np

_HEAD_BYTES = 8  # the shortest needle; its head is what is looked for first
_MAX_INFLATED_BYTES = 1 << 20
_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_ANY_WRAPPER = zlib.MAX_WBITS | 32  # zlib or gzip, by its header


class SecretBook:
    """Secrets by what they are."""

    def __init__(self) -> None:
        self._kept: set[tuple[str, bytes]] = set()
        self._needles: dict[bytes, list[tuple[bytes, str]]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, what: str, value: str | bytes) -> None:
        """Write *value* into the book.

        Args:
            what: what it is; named when it is found.
            value: at least 8 bytes, so that nothing matches it by chance.
        """
        raw = value.encode() if isinstance(value, str) else value
        assert len(raw) >= _HEAD_BYTES, f"{what} is too short to be looked for"
        if (what, raw) in self._kept:
            return
        self._kept.add((what, raw))
        for form, needle in _forms(raw, is_text=isinstance(value, str)):
            if len(needle) >= _HEAD_BYTES:
                line = (needle, f"{what} ({form})")
                self._needles.setdefault(needle[:_HEAD_BYTES], []).append(line)

    def kinds(self) -> set[str]:
        """Return what there is in the book."""
        return {what for what, _ in self._kept}

    def search(self, data: bytes) -> set[str]:
        """Return what is in *data*, and in which form."""
        found = set(self._search_plain(data))
        for inflated in _inflate(data):
            found |= {f"{name}, deflated" for name in self._search_plain(inflated)}
        return found

    def _search_plain(self, data: bytes) -> Iterator[str]:
        heads = np.array(
            [int.from_bytes(head, "little") for head in self._needles], dtype="<u8"
        )
        for shift in range(min(_HEAD_BYTES, len(data) - _HEAD_BYTES + 1)):
            count = (len(data) - shift) // _HEAD_BYTES
            words = np.frombuffer(data, dtype="<u8", count=count, offset=shift)
            for index in np.flatnonzero(np.isin(words, heads)):
                position = shift + _HEAD_BYTES * int(index)
                for needle, name in self._needles[data[position : position + _HEAD_BYTES]]:
                    if data.startswith(needle, position):
                        yield name


def _forms(raw: bytes, *, is_text: bool) -> Iterator[tuple[str, bytes]]:
    yield "raw", raw
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    for before in range(3):
        # What stands before and after shares the first and the last character.
        first, last = (before * 8 + 5) // 6, (before + len(raw)) * 8 // 6
        padded = b"\0" * before + raw
        yield "base64", base64.b64encode(padded)[first:last]
        yield "base64url", base64.urlsafe_b64encode(padded)[first:last]
    if is_text:
        yield "UTF-16", raw.decode().encode("utf-16-le")


def _inflate(data: bytes) -> Iterator[bytes]:
    for match in _DEFLATED.finditer(data):
        try:
            inflater = zlib.decompressobj(_ANY_WRAPPER)
            yield inflater.decompress(data[match.start() :], _MAX_INFLATED_BYTES)
        except zlib.error:
            continue  # it only looked so
