"""The vectors of the vault's format: made as they stand, and kept by the code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import DecryptionError, RemoteError
from kith_crypto.hashes import sha256
from kith_crypto.vault import record_place, seal_chunk
from kith_protocol.day import Day
from kith_protocol.vault.chest import Index, judge_index, open_data, open_index, seal_vault
from kith_protocol.vault.layout import FULL_BYTES, choose_number, chunk_of, pack, unpack
from kith_protocol.vault.records import (
    Contents,
    Record,
    encode_record,
    join,
    parse_record,
)
from kith_testing import vault_format_vectors
from kith_testing.message_vectors import render

FILE = Path(__file__).parents[3] / "protocol" / "vectors" / "vault.json"
NAME = "vault.json"


class GivenRng:
    """Hands out the nonces of the vectors, in the order in which chunks are sealed."""

    def __init__(self, nonces: list[bytes]) -> None:
        self._nonces = nonces

    def bytes(self, size: int, /) -> bytes:
        nonce = self._nonces.pop(0)
        assert len(nonce) == size
        return nonce


def contents_of(lines: list[str]) -> Contents:
    records = [parse_record(line.encode()) for line in lines]
    return {record.name: record for record in records}


def test_the_file_is_what_its_maker_makes() -> None:
    assert FILE.read_bytes() == render(vault_format_vectors.make()), "see vault_format_vectors"


def test_records_are_read_and_written(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors(NAME)["records"]
    assert len(vectors) == 5
    for vector in vectors:
        record = Record(
            kind=vector["kind"],
            id=vector["id"],
            rev=vector["rev"],
            device=bytes.fromhex(vector["device"]),
            value=vector["value"],
            day=Day(vector["day"]),
        )
        assert parse_record(vector["line"].encode()) == record
        assert encode_record(record) == vector["line"].encode()


def test_other_lines_are_refused(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors(NAME)["refused_records"]
    assert len(vectors) == 25
    for name, line in vectors.items():
        with pytest.raises(RemoteError):
            pytest.fail(f"{name}: {parse_record(line.encode())!r}")


def test_copies_are_joined(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors(NAME)["joins"]
    assert len(vectors) == 8
    for vector in vectors:
        copies = [contents_of(lines) for lines in vector["copies"]]
        for order in (copies, copies[::-1], [*copies, *copies]):
            lines = sorted(encode_record(one).decode() for one in join(*order).values())
            assert lines == vector["joined"], vector["why"]


def test_records_have_their_places(load_vectors: Callable[[str], Any]) -> None:
    for vector in load_vectors(NAME)["places"]:
        name = vector["kind"], vector["id"]
        assert record_place("/".join(name)) == vector["place"]
        for number, chunk in vector["chunks"].items():
            assert chunk_of(name, number=int(number)) == chunk


def test_there_are_as_many_chunks_as_it_takes(load_vectors: Callable[[str], Any]) -> None:
    for vector in load_vectors(NAME)["numbers"]:
        contents = records_of(vector["bytes"])
        assert choose_number(contents, present=vector["present"]) == vector["number"], vector


def records_of(size: int) -> Contents:
    """Return records whose lines with their ends are *size* bytes."""
    contents: Contents = {}
    left = size
    while left:
        taken = left if left <= 100_000 else 90_000
        bare = Record("talk", f"n{len(contents):05}", 1, bytes(8), {"t": ""})
        text = "x" * (taken - len(encode_record(bare)) - 1)
        record = Record(*bare.name, 1, bytes(8), {"t": text})
        contents[record.name] = record
        left -= taken
    assert sum(len(encode_record(one)) + 1 for one in contents.values()) == size
    return contents


def test_vectors_fill_chunks_by_half() -> None:
    assert FULL_BYTES == 8192


def test_other_contents_are_refused(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors(NAME)["refused_contents_of_chunk_1_of_15"]
    assert len(vectors) == 6
    for name, content in vectors.items():
        with pytest.raises(RemoteError):
            pytest.fail(f"{name}: {unpack(1, content.encode(), number=15)!r}")


def test_a_whole_vault_is_written_byte_for_byte(load_vectors: Callable[[str], Any]) -> None:
    vault = load_vectors(NAME)["vault"]
    key = bytes.fromhex(vault["vault_key"])
    contents = contents_of(vault["records"])
    for chunk, content in pack(contents, number=15).items():
        assert sha256(content).hex() == vault["chunks"][chunk]["content_sha256"]
    index, *data = vault["chunks"]
    writing = seal_vault(
        key,
        contents,
        before=None,
        changed=None,
        device=bytes.fromhex(vault["device"]),
        seen=vault["version"] - 1,
        rng=GivenRng([bytes.fromhex(one["nonce"]) for one in (*data, index)]),
    )
    assert writing.chunks.keys() == set(range(16))
    for row in (index, *data):
        sealed = writing.chunks[row["chunk"]]
        assert len(sealed) == row["size"]
        assert sha256(sealed).hex() == row["sealed_sha256"]
    opened = open_index(key, writing.chunks[0])
    assert opened == writing.stored.index
    read = [open_data(key, one, writing.chunks[one], index=opened) for one in range(1, 16)]
    assert join(*read) == contents
    assert {row["size"] for row in data} == {16384, 32768}


def test_other_indexes_are_refused(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors(NAME)
    key = bytes.fromhex(vectors["vault"]["vault_key"])
    assert len(vectors["refused_indexes"]) == 12
    for name, content in vectors["refused_indexes"].items():
        raw = seal_chunk(key, 0, content.encode(), nonce=bytes(12), at_least=16384)
        with pytest.raises(DecryptionError):
            pytest.fail(f"{name}: {open_index(key, raw)!r}")
    good = vectors["vault"]["index"].encode()
    index = open_index(key, seal_chunk(key, 0, good, nonce=bytes(12)))
    assert index.version == vectors["vault"]["version"]
    assert parse_base64url("AAECAwQFBgc") == index.device


def test_indexes_are_judged(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors(NAME)["judged"]
    assert len(vectors) == 5
    for vector in vectors:
        index = Index(vector["version"], bytes(8), ())
        seen_mark = bytes(32) if vector["is_same_index"] else bytes((1,)) * 32
        verdict = judge_index(index, bytes(32), seen=vector["seen"], seen_mark=seen_mark)
        assert verdict == vector["verdict"]
