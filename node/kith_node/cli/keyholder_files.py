"""Files of keyholders on their own disks: read, written once, replaced whole, and the log."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from kith_crypto.errors import UsageError
from kith_node.runtime.system import SystemClock
from kith_protocol.day import Day, day_of, format_day

PUBLIC_NAME = "keyholders.json"
PRIVATE_NAME = "keyholders-private.json"
SHARES_NAME = "keyholders-shares.json"
LOG_NAME = "keyholders-log.jsonl"
PRIVATE_MODE = 0o600
PUBLIC_MODE = 0o644


class LogLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One opening, as its keyholder's own log keeps it: what and when, not who was found.

    Attributes:
        day: such as ``2026-11-23``.
        what: ``half-opened``, ``opened`` or ``swept``.
        node: origin of the community.
        node_key: the key, as Multikey, that vouched for the report; empty for a sweep.
        kind: ``message``, ``offer`` or ``sweep``.
        category: of the report.
        file: base64url of 32 bytes that name the file it was done with.
    """

    day: str
    what: str
    node: str
    kind: str
    file: str
    node_key: str = ""
    category: str = ""


def today() -> Day:
    """Return today by this machine's clock."""
    return day_of(SystemClock().now())


def read_file(path: Path) -> bytes:
    """Return the bytes of *path*.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error


def write_new(path: Path, data: bytes, *, mode: int) -> None:
    """Write *data* to *path*, which must not be there yet.

    Raises:
        UsageError: it is there.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already; choose another name or folder") from error
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes, *, mode: int) -> None:
    """Replace *path* by *data* as a whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    write_new(fresh, data, mode=mode)
    fresh.replace(path)


def append_log(folder: Path, line: LogLine) -> None:
    """Append *line* to the log in *folder*, and wait until it is on the disk.

    Raises:
        UsageError: it cannot be written; then nothing may be opened.
    """
    path = folder / LOG_NAME
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_MODE)
        with os.fdopen(handle, "ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def read_log(folder: Path) -> list[LogLine]:
    """Return the log in *folder*, oldest first; lines of another form are left out.

    Raises:
        UsageError: it is there and cannot be read.
    """
    path = folder / LOG_NAME
    if not path.exists():
        return []
    lines = []
    for raw in read_file(path).splitlines():
        try:
            lines.append(msgspec.json.decode(raw, type=LogLine))
        except msgspec.DecodeError:
            continue  # of a later version, or cut off by a crash
    return lines


def log_day() -> str:
    """Return today as the log writes it."""
    return format_day(today())[:10]
