"""Makes ``protocol/vectors/vault.json`` from fixed values.

Written from ``protocol/spec/vault.md``, without the modules it is to test; a change in it is a
change of format. ``python -m kith_testing.vault_format_vectors`` prints it.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from kith_testing.message_vectors import render
from kith_testing.vault_vectors import VAULT_KEY, seal_by_hand

DEVICE = bytes(range(8))
OTHER = bytes((*range(7), 8))
NUMBERS = (15, 63, 255)
CHUNK_BYTES = 16384
NAMES = (("offer", "a"), ("persona", "Heron.1"), ("talk", "x_-"), ("block", "0" * 200))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _line(
    kind: str, name: str, rev: int, value: object, *, device: bytes = DEVICE, day: int = 0
) -> str:
    line: dict[str, object] = {"device": _text(device), "id": name, "kind": kind, "rev": rev}
    line |= {"day": day} if value is None else {"value": value}
    return _canonical(line)


def _place(kind: str, name: str) -> int:
    return sha256(f"{kind}/{name}".encode()).digest()[0]


def _chunk_of(kind: str, name: str, number: int) -> int:
    return 1 + _place(kind, name) * number // 256


# --- records -------------------------------------------------------------------


def _records() -> list[dict[str, Any]]:
    values: list[tuple[str, str, int, object, int]] = [
        ("persona", "a", 1, {}, 0),
        ("offer", "A-z_0.9", 2**53 - 1, {"u": "ü"}, 0),
        ("talk", "b" * 200, 7, {"text": 'é "\\\n\u2028', "list": [1, [2, {}]], "no": None}, 0),
        ("a-b", "c", 2, None, 20780),
        ("a" * 31, "d", 3, None, 0),
    ]
    return [
        {
            "line": _line(kind, name, rev, value, day=day),
            "kind": kind,
            "id": name,
            "rev": rev,
            "device": DEVICE.hex(),
            "value": value,
            "day": day,
        }
        for kind, name, rev, value, day in values
    ]


def _refused_records() -> dict[str, str]:
    good = _line("persona", "a", 1, {})
    deep: object = 1
    for _ in range(16):
        deep = [deep]
    return {
        "another order of members": good.replace('"kind":"persona",', "")[:-1]
        + ',"kind":"persona"}',
        "a blank": good.replace(":", ": ", 1),
        "a member twice": good.replace('"rev":1', '"rev":1,"rev":1'),
        "a member more": good[:-1] + ',"x":1}',
        "neither value nor day": '{"device":"AAECAwQFBgc","id":"a","kind":"persona","rev":1}',
        "value and day": good.replace("{", '{"day":1,', 1),
        "a value that is null": good.replace('"value":{}', '"value":null'),
        "a value that is a list": good.replace('"value":{}', '"value":[]'),
        "a value with a fraction": good.replace('"value":{}', '"value":{"n":1.5}'),
        "a value with a number too large": good.replace("{}", '{"n":9007199254740992}'),
        "a value with a name outside the profile": good.replace("{}", '{"ü":1}'),
        "a value too deep": good.replace("{}", _canonical({"d": deep})),
        "a value too wide": good.replace("{}", _canonical({"w": [0] * 4097})),
        "a revision of 0": good.replace('"rev":1', '"rev":0'),
        "a revision that is true": good.replace('"rev":1', '"rev":true'),
        "a revision too large": good.replace('"rev":1', '"rev":9007199254740992'),
        "a kind with a capital": good.replace("persona", "Persona"),
        "a kind too long": good.replace("persona", "a" * 32),
        "an empty id": good.replace('"id":"a"', '"id":""'),
        "an id with a slash": good.replace('"id":"a"', '"id":"a/b"'),
        "an id too long": good.replace('"id":"a"', f'"id":"{"a" * 201}"'),
        "a device too short": good.replace("AAECAwQFBgc", "AAECAwQFBg"),
        "a device with stray bits": good.replace("AAECAwQFBgc", "AAECAwQFBgd"),
        "a line feed at its end": good + "\n",
        "nothing": "",
    }


def _joins() -> list[dict[str, Any]]:
    one, two = _line("persona", "a", 1, {"n": 1}), _line("persona", "a", 2, {"n": 2})
    same, later = _line("persona", "a", 1, {"n": 9}), _line("persona", "a", 1, {}, device=OTHER)
    gone, other = _line("persona", "a", 2, None, day=20780), _line("talk", "a", 1, {})
    high = _line("persona", "a", 1, {}, device=bytes((255, *range(7))))
    return [
        {"why": why, "copies": copies, "joined": sorted(joined)}
        for why, copies, joined in (
            ("the greater revision", [[one], [two]], [two]),
            ("of equal revisions the greater device", [[one], [later]], [later]),
            ("devices compared as bytes, not as base64url", [[high], [later]], [high]),
            ("of equal revision and device the greater line", [[one], [same]], [same]),
            ("a deletion is a writing", [[one], [gone]], [gone]),
            ("a writing after a deletion brings it back", [[gone], [two]], [two]),
            ("another kind is another record", [[one], [other]], [one, other]),
            ("several copies", [[one, other], [two], [later], []], [two, other]),
        )
    ]


# --- chunks and index ----------------------------------------------------------


def _places() -> list[dict[str, Any]]:
    return [
        {
            "kind": kind,
            "id": name,
            "place": _place(kind, name),
            "chunks": {str(number): _chunk_of(kind, name, number) for number in NUMBERS},
        }
        for kind, name in NAMES
    ]


def _numbers() -> list[dict[str, int]]:
    # Bytes of all lines with their line feeds; what is there already; what it becomes.
    rows = [
        (0, 0, 15),
        (15 * 8192, 0, 15),
        (15 * 8192 + 1, 0, 63),
        (63 * 8192, 15, 63),
        (63 * 8192 + 1, 63, 255),
        (255 * 8192 + 1, 255, 255),
        (0, 63, 63),
        (1000, 255, 255),
    ]
    return [{"bytes": size, "present": present, "number": n} for size, present, n in rows]


def _refused_contents() -> dict[str, str]:
    """Contents of chunk 1 of 15."""
    ours = sorted(
        _line("persona", str(one), 1, {})
        for one in range(200)
        if _chunk_of("persona", str(one), 15) == 1
    )
    other = next(
        _line("persona", str(one), 1, {})
        for one in range(200)
        if _chunk_of("persona", str(one), 15) == 2
    )
    twice = sorted([ours[0], ours[0].replace('"rev":1', '"rev":2')])
    return {
        "out of order": f"{ours[1]}\n{ours[0]}\n",
        "no line feed at the end": f"{ours[0]}\n{ours[1]}",
        "an empty line": f"\n{ours[0]}\n",
        "a line twice": f"{ours[0]}\n{ours[0]}\n",
        "a record twice": "".join(f"{line}\n" for line in twice),
        "a record of another chunk": f"{other}\n",
    }


def _seal(number: int, content: bytes) -> tuple[bytes, bytes]:
    nonce = sha256(b"vectors of kith: nonce %d" % number).digest()[:12]
    size = CHUNK_BYTES
    while size < len(content) + 32:
        size *= 2
    return nonce, seal_by_hand(number, content, size, nonce=nonce)


def _index(hashes: list[bytes], version: int = 1) -> str:
    return _canonical(
        {
            "chunks": [_text(one) for one in hashes],
            "device": _text(DEVICE),
            "format": 1,
            "version": version,
        }
    )


def _whole() -> dict[str, Any]:
    """A vault of 15 chunks, one of which had to become larger."""
    lines = [_line("persona", str(one), 1 + one, {"n": one}) for one in range(40)]
    lines.append(_line("talk", "long", 1, {"text": "x" * 20_000}))
    contents: dict[int, list[str]] = {chunk: [] for chunk in range(1, 16)}
    for line in lines:
        record = json.loads(line)
        contents[_chunk_of(record["kind"], record["id"], 15)].append(line)
    chunks: list[dict[str, Any]] = []
    hashes = []
    for chunk, held in contents.items():
        content = "".join(f"{line}\n" for line in sorted(held)).encode()
        nonce, sealed = _seal(chunk, content)
        hashes.append(sha256(sealed).digest())
        chunks.append(_row(chunk, content, nonce, sealed))
    index = _index(hashes, version=7).encode()
    nonce, sealed = _seal(0, index)
    return {
        "vault_key": VAULT_KEY.hex(),
        "device": DEVICE.hex(),
        "version": 7,
        "records": lines,
        "index": index.decode(),
        "chunks": [_row(0, index, nonce, sealed), *chunks],
    }


def _row(chunk: int, content: bytes, nonce: bytes, sealed: bytes) -> dict[str, Any]:
    return {
        "chunk": chunk,
        "content_sha256": sha256(content).hexdigest(),
        "nonce": nonce.hex(),
        "size": len(sealed),
        "sealed_sha256": sha256(sealed).hexdigest(),
    }


def _refused_indexes() -> dict[str, str]:
    hashes = [bytes((one,)) * 32 for one in range(15)]
    good = _index(hashes)
    return {
        "of another number of chunks": _index(hashes[:-1]),
        "of no chunks": _index([]),
        "of a later format": good.replace('"format":1', '"format":2'),
        "of a format that is true": good.replace('"format":1', '"format":true'),
        "of version 0": good.replace('"version":1', '"version":0'),
        "of a version that is true": good.replace('"version":1', '"version":true'),
        "with a hash that is short": good.replace(f'"{_text(hashes[3])}"', '"AAAA"'),
        "with a hash that is a number": good.replace(f'"{_text(hashes[3])}"', "1"),
        "with a member more": good[:-1] + ',"x":1}',
        "with a member less": good.replace('"format":1,', ""),
        "in another form": good.replace(",", ", ", 1),
        "with a device that is short": good.replace(_text(DEVICE), "AAAA"),
    }


def _judged() -> list[dict[str, Any]]:
    return [
        {"seen": seen, "version": version, "is_same_index": is_same, "verdict": verdict}
        for seen, version, is_same, verdict in (
            (0, 1, False, "new"),
            (4, 5, False, "new"),
            (5, 5, True, "same"),
            (5, 5, False, "forked"),
            (5, 4, False, "rolled-back"),
        )
    ]


def make() -> dict[str, Any]:
    """Return the vectors."""
    return {
        "source": [
            {
                "name": "Kith",
                "section": "the format of vaults",
                "address": "this project, protocol/spec/vault.md",
            }
        ],
        "checked": "Made by kith_testing.vault_format_vectors from the written rules, with "
        "plain SHA-256, HMAC, AES-GCM and JSON, not with the modules they test.",
        "records": _records(),
        "refused_records": _refused_records(),
        "joins": _joins(),
        "places": _places(),
        "numbers": _numbers(),
        "refused_contents_of_chunk_1_of_15": _refused_contents(),
        "vault": _whole(),
        "refused_indexes": _refused_indexes(),
        "judged": _judged(),
    }


if __name__ == "__main__":
    print(render(make()).decode(), end="")
