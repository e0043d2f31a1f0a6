from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kith_node.storage.key_files import destroy_key, open_key
from kith_testing.rng import SeededRng


def test_a_key_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "one.key"

    first = open_key(path, SeededRng(1))

    assert len(first) == 32
    assert open_key(path, SeededRng(2)) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["one.key"]


def test_a_file_that_is_no_key_is_an_error_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "one.key"
    path.write_bytes(b"short")

    with pytest.raises(ValueError, match="no key"):
        open_key(path, SeededRng())

    assert path.read_bytes() == b"short"


def test_what_a_crash_left_beside_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "one.key"
    for left in (tmp_path / f"one.key.{number}.new" for number in range(3)):
        left.write_bytes(b"half")

    assert len(open_key(path, SeededRng())) == 32


def test_a_destroyed_key_is_overwritten_and_gone(tmp_path: Path) -> None:
    path, other_name = tmp_path / "one.key", tmp_path / "same-file"
    open_key(path, SeededRng())
    other_name.hardlink_to(path)

    destroy_key(path)
    destroy_key(path)

    assert not path.exists()
    assert other_name.read_bytes() == bytes(32)
