"""Three keyholders of each community, as the commands that three people would run.

On this machine their files lie beside each other in the community's folder; in life each of
them keeps theirs on a machine of their own, and none of these is the server.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from kith_node.demo.nodes import run_kith

PEOPLE = ("wren", "ash", "elm")
_FOLDER = "keyholders"
_PUBLIC = "keyholders.json"
_SHARES = "keyholders-shares.json"


class _Opened(msgspec.Struct, frozen=True):
    member: str


async def make_keyholders(folder: Path) -> Path:
    """Make keys for a community of which any two of three people open a case together.

    Args:
        folder: of the community.

    Returns:
        The public file, for the node.

    Raises:
        NodeFailedError: a command failed.
    """
    place = folder / _FOLDER
    place.mkdir(mode=0o700, parents=True)
    named: list[str] = []
    for person in PEOPLE:
        await run_kith("keyholder", "person", str(_key_of(place, person)), "--json")
        named += ["--for", str(place / f"{person}.pub")]
    await run_kith("keyholder", "new", str(place), *named, "--json")
    return place / _PUBLIC


async def open_case(folder: Path, raw: bytes) -> str:
    """Return the id of the member behind a case, opened by two of three keyholders.

    Each of the two checks the proof themselves before they open anything. Afterwards the case
    and what the first one handed on are deleted.

    Args:
        folder: of the community.
        raw: the case, from the moderators.

    Raises:
        NodeFailedError: a command refused it.
    """
    place = folder / _FOLDER
    case, half = place / "case.json", place / "half.json"
    first, second = PEOPLE[:2]
    case.write_bytes(raw)
    try:
        await _open(place, case, first, "--out", str(half))
        told = await _open(place, case, second, "--half", str(half))
    finally:
        case.unlink()
        half.unlink(missing_ok=True)
    return msgspec.json.decode(told, type=_Opened).member


async def _open(place: Path, case: Path, person: str, *further: str) -> bytes:
    return await run_kith(
        *("keyholder", "open", str(case), "--key", str(_key_of(place, person))),
        *("--shares", str(place / _SHARES), "--yes", "--json"),
        *further,
    )


def _key_of(place: Path, person: str) -> Path:
    return place / f"{person}.key"
