"""A vault without encryption and node: records in memory, shared by the devices of a member.

Each device has its own copy; ``sync`` joins it with the stored one, the last writer of a record
winning, as the real vault does. ``breaks`` makes the next syncs fail, before or after they
stored anything.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import msgspec

from kith_client.errors import NodeUnreachableError
from kith_crypto.canonical import canonical_bytes
from kith_crypto.strict_json import JsonObject


@dataclasses.dataclass
class StoredVault:
    """What the node holds: revision, device and value by kind and id."""

    records: dict[tuple[str, str], tuple[int, bytes, JsonObject | None]] = dataclasses.field(
        default_factory=dict
    )
    syncs: int = 0


class MemoryVault:
    """The vault as one device has it."""

    def __init__(self, stored: StoredVault, device: bytes) -> None:
        self.stored = stored
        self.device = device
        self.breaks: list[str] = []
        self._own: dict[tuple[str, str], tuple[int, bytes, JsonObject | None]] = {}

    def list(self, kind: str) -> Mapping[str, JsonObject]:
        return {
            name: value
            for (one, name), (_, _, value) in self._own.items()
            if one == kind and value is not None
        }

    def put(self, kind: str, record: str, value: JsonObject) -> None:
        # Only what can be written canonically can be stored.
        self._write((kind, record), msgspec.json.decode(canonical_bytes(value)))

    def delete(self, kind: str, record: str) -> None:
        if (kind, record) in self._own:
            self._write((kind, record), None)

    def renew_device(self) -> None:
        self.device = bytes(255 - byte for byte in self.device)

    async def sync(self) -> None:
        what = self.breaks.pop(0) if self.breaks else ""
        if what == "before":
            raise NodeUnreachableError("the line broke before anything was stored")
        for key, record in self.stored.records.items():
            if key not in self._own or _is_newer(record, self._own[key]):
                self._own[key] = record
        self.stored.records = dict(self._own)
        self.stored.syncs += 1
        if what == "after":
            raise NodeUnreachableError("the line broke after everything was stored")

    def _write(self, key: tuple[str, str], value: JsonObject | None) -> None:
        known = self._own.get(key)
        revision = known[0] if known else 0
        if known is None or known[2] != value:
            self._own[key] = (revision + 1, self.device, value)


def _is_newer(
    one: tuple[int, bytes, JsonObject | None], other: tuple[int, bytes, JsonObject | None]
) -> bool:
    return one[:2] > other[:2]
