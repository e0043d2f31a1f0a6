"""``protocol/vectors/vault.json``: what every client has to read and write in the same way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kith_crypto.hashes import sha256
from kith_crypto.vault import seal_chunk
from kith_protocol.vault.chest import open_data, open_index
from kith_protocol.vault.layout import SMALLEST_CHUNK_BYTES, chunk_of, pack
from kith_protocol.vault.records import Contents, encode_record, join, parse_record
from kith_testing import vault_format_vectors
from kith_testing.message_vectors import render

FILE = Path(__file__).parents[3] / "protocol" / "vectors" / "vault.json"


@pytest.fixture(scope="module")
def vectors() -> Any:
    return msgspec.json.decode(FILE.read_bytes())


def contents(vectors: Any) -> Contents:
    records = [parse_record(line.encode()) for line in vectors["records"]]
    return {record.name: record for record in records}


def test_the_file_is_what_its_maker_prints() -> None:
    assert FILE.read_bytes() == render(vault_format_vectors.make()), "see its maker"


def test_records_are_spelt_as_in_the_vectors(vectors: Any) -> None:
    for line in vectors["records"]:
        assert encode_record(parse_record(line.encode())) == line.encode()


def test_records_lie_where_the_vectors_say(vectors: Any) -> None:
    for number, places in vectors["chunks"].items():
        for name, chunk in places.items():
            kind, _, record = name.partition("/")
            assert chunk_of((kind, record), number=int(number)) == chunk
    packed = pack(contents(vectors), number=15)
    expected = vectors["vault"]["contents"]
    assert {str(chunk): raw.decode() for chunk, raw in packed.items()} == expected


def test_the_vault_of_the_vectors_is_sealed_and_opened(vectors: Any) -> None:
    key, vault = bytes.fromhex(vectors["vault_key"]), vectors["vault"]
    texts = {0: vault["index"]} | {int(one): text for one, text in vault["contents"].items()}
    sealed = {
        chunk: seal_chunk(
            key,
            chunk,
            text.encode(),
            nonce=bytes.fromhex(vault["nonces"][str(chunk)]),
            at_least=SMALLEST_CHUNK_BYTES,
        )
        for chunk, text in texts.items()
    }
    assert {str(chunk): sha256(raw).hex() for chunk, raw in sealed.items()} == vault["sha256"]
    index = open_index(key, sealed[0])
    assert (index.version, index.device, index.number) == (7, b"device 2", 15)
    found: Contents = {}
    for chunk in range(1, 16):
        found |= open_data(key, chunk, sealed[chunk], index=index)
    assert found == contents(vectors)


def test_joins_are_those_of_the_vectors(vectors: Any) -> None:
    for case in vectors["joins"]:
        one, two, stays = (
            parse_record(case[name].encode()) for name in ("one", "two", "stays")
        )
        assert join({one.name: one}, {two.name: two}) == {stays.name: stays}
        assert join({two.name: two}, {one.name: one}) == {stays.name: stays}
