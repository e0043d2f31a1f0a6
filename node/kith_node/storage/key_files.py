"""Secret keys of 32 bytes in files of their own, 0600, made once and destroyed on time.

Which keys exist and how long they live is the caller's decision. Overwriting before removing is
a best effort: an SSD may keep what was written (encrypt the disk).
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from kith_crypto.randomness import Rng

KEY_BYTES = 32


def open_key(path: Path, rng: Rng) -> bytes:
    """Return the key in *path*, which is made (0600, its folder 0700) where missing.

    Processes that make it at the same moment end with the same key.

    Raises:
        OSError: it can be neither read nor written.
        ValueError: the file holds anything but 32 bytes.
    """
    if not path.exists():
        _make(path, rng.bytes(KEY_BYTES))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path.name} is no key of {KEY_BYTES} bytes")
    return key


def destroy_key(path: Path) -> None:
    """Overwrite *path* and remove it; nothing happens where it is gone already."""
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _make(path: Path, key: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written beside and linked into place: nobody reads half a key, and the first one wins.
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, key)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(new)
    new.unlink()
