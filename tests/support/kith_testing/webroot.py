"""A web client of a few bytes, so that tests need no build of the real one."""

from __future__ import annotations

from pathlib import Path

PAGE = b"<!doctype html><title>Kith</title>"
SCRIPT = b"export {}"
PACKED = b"the same, smaller"


def write_webroot(folder: Path) -> Path:
    """Write the client into *folder* and return it."""
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / "sw.js").write_bytes(SCRIPT)
    (folder / "manifest.webmanifest").write_bytes(b"{}")
    (folder / "assets" / "app-1.js").write_bytes(SCRIPT)
    (folder / "assets" / "app-1.js.br").write_bytes(PACKED)
    return folder
