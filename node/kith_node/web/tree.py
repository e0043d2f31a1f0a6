"""The built web client: its files, read once, and the digest that tells builds apart.

``make web`` builds ``node/web`` into ``kith_node/webroot``. Each file there may have a
compressed copy beside it, ``name.br``. The digest covers names and bytes of all files, so two
people can compare what their nodes hand out: SHA-256 over a line for each file, in the order of
their names, ``SHA-256 of the bytes in hexadecimal, two blanks, name, line feed``, which is what
``sha256sum`` prints.

Which headers they carry is in ``headers``, who gets them in ``routes``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256

PAGE = "index.html"
ASSETS = "assets"
WORKER = "sw.js"
MANIFEST = "manifest.webmanifest"
COMPRESSED = ".br"
TAG_BYTES = 16

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ftl": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """One file of the client.

    Attributes:
        raw: its bytes.
        brotli: the same, compressed; empty if there is no compressed copy.
        media_type: of what it holds.
        etag: quoted, strong.
    """

    raw: bytes
    brotli: bytes
    media_type: str
    etag: str


def webroot() -> Path:
    """Return where the build puts the client."""
    return Path(__file__).parent.parent / "webroot"


def load_tree(folder: Path) -> Mapping[str, File]:
    """Return the files of a build by their names, such as ``assets/app-3f2a.js``.

    Args:
        folder: as ``webroot``; a folder that is not there holds nothing.

    Raises:
        UsageError: a file of a kind that the client has not, or no page among the files.
    """
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    plain = [path for path in paths if path.suffix != COMPRESSED]
    tree = {path.relative_to(folder).as_posix(): _load(path) for path in plain}
    if tree and PAGE not in tree:
        raise UsageError(f"{folder} holds no {PAGE}; build it anew: make web")
    return tree


def digest_of(tree: Mapping[str, File]) -> str:
    """Return what names a build, 64 hexadecimal digits."""
    lines = (f"{sha256(file.raw).hex()}  {name}\n" for name, file in sorted(tree.items()))
    return sha256("".join(lines).encode()).hex()


def _load(path: Path) -> File:
    media_type = _TYPES.get(path.suffix)
    if media_type is None:
        raise UsageError(f"{path} is no file of the web client; remove it or build it anew")
    raw = path.read_bytes()
    packed = path.with_name(path.name + COMPRESSED)
    return File(
        raw=raw,
        brotli=packed.read_bytes() if packed.exists() else b"",
        media_type=media_type,
        etag=f'"{sha256(raw)[:TAG_BYTES].hex()}"',
    )
