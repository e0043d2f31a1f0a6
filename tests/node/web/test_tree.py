"""A build of the web client is read whole, and its digest tells it from any other."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kith_crypto.errors import UsageError
from kith_node.web.tree import digest_of, load_tree


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(b"<!doctype html>")
    (tmp_path / "assets" / "app-1.js").write_bytes(b"export {}")
    (tmp_path / "assets" / "app-1.js.br").write_bytes(b"packed")
    return tmp_path


def test_files_are_found_with_their_kinds_and_compressed_copies(folder: Path) -> None:
    tree = load_tree(folder)
    assert set(tree) == {"index.html", "assets/app-1.js"}
    assert tree["index.html"].media_type.startswith("text/html")
    assert (tree["assets/app-1.js"].brotli, tree["index.html"].brotli) == (b"packed", b"")


def test_the_digest_is_what_sha256sum_of_all_files_would_hash_to(folder: Path) -> None:
    lines = "".join(
        f"{hashlib.sha256(raw).hexdigest()}  {name}\n"
        for name, raw in (("assets/app-1.js", b"export {}"), ("index.html", b"<!doctype html>"))
    )
    assert digest_of(load_tree(folder)) == hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.parametrize("change", ["bytes", "name", "more"])
def test_the_digest_changes_with_anything(folder: Path, change: str) -> None:
    before = digest_of(load_tree(folder))
    if change == "bytes":
        (folder / "index.html").write_bytes(b"<!doctype html >")
    elif change == "name":
        (folder / "assets" / "app-1.js").rename(folder / "assets" / "app-2.js")
    else:
        (folder / "assets" / "more.css").write_bytes(b"")
    assert digest_of(load_tree(folder)) != before


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert load_tree(tmp_path / "none") == {}


@pytest.mark.parametrize("name", ["notes.txt", "app.js.map", "photo.jpg"])
def test_what_is_no_part_of_a_client_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    with pytest.raises(UsageError):
        load_tree(folder)


def test_a_build_without_a_page_is_refused(folder: Path) -> None:
    (folder / "index.html").unlink()
    with pytest.raises(UsageError):
        load_tree(folder)
