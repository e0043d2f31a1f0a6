"""One small private file, replaced as a whole or not at all.

A crash leaves the old bytes or the new ones, never a mixture. What the bytes mean is the
caller's part.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kith_client.errors import KeyringBusyError, NoKeyringError
from kith_crypto.errors import TooLargeError, UsageError

if sys.platform != "win32":
    import fcntl

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
MAX_BYTES = 64 * 1024 * 1024  # thousands of offers; more is not a key file


def read_private(path: Path) -> bytes:
    """Return the bytes of *path*.

    Raises:
        NoKeyringError: there is no such file.
        TooLargeError: it is longer than ``MAX_BYTES``.
        UsageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise NoKeyringError(f"there are no keys at {path}") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise TooLargeError(f"more than {MAX_BYTES} bytes")
    return raw


def write_private(path: Path, raw: bytes) -> None:
    """Replace *path* by *raw*, readable by its owner only, and wait until it is on the disk.

    Raises:
        UsageError: it cannot be written; the old file is untouched.
    """
    new = path.with_name(path.name + ".new")
    try:
        _make_folder(path.parent)
        _write_and_sync(new, raw)
        new.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def remove_private(path: Path) -> None:
    """Remove *path* and whatever a crash may have left beside it. Best effort on SSDs."""
    for name in (path.name, path.name + ".new", path.name + ".lock"):
        path.with_name(name).unlink(missing_ok=True)


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Keep other programs of this kind away from *path* while the block runs.

    Without it, two that save after each other would lose what the first one made.

    Raises:
        KeyringBusyError: another program holds it.
        UsageError: the folder cannot be written.
    """
    try:
        _make_folder(path.parent)
        handle = os.open(
            path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, PRIVATE_FILE
        )
    except OSError as error:
        raise UsageError(f"cannot write in {path.parent}: {error.strerror}") from error
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)  # which also releases the lock, as does the end of the process


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise KeyringBusyError("another program is using these keys") from error


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


def _write_and_sync(path: Path, raw: bytes) -> None:
    # A leftover of a crash may have other rights; it is never reused.
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
