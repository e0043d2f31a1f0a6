"""The member's vault as the parts about conversations use it: typed values in and out.

``put`` and ``drop`` change what is in memory; ``save`` returns only when the changed vault is
stored on the node. That order is what everything else leans on: first store, then send what was
written, then acknowledge what was read. A crash between two of them repeats something that may
be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

import msgspec

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import JsonObject
from kith_protocol.conversation.records import (
    RECORD_KINDS,
    Change,
    Record,
    encode_record,
    lane_of,
    parse_record,
)

T = TypeVar("T", bound=msgspec.Struct)
R = TypeVar("R")


class Vault(Protocol):
    """What is needed of the vault: records of JSON by kind and id."""

    def list(self, kind: str) -> Mapping[str, JsonObject]:
        """Return the values of all records of *kind*, by id."""
        ...

    def put(self, kind: str, record: str, value: JsonObject) -> None:
        """Add or replace a record."""
        ...

    def delete(self, kind: str, record: str) -> None:
        """Delete a record, where there is one."""
        ...

    @property
    def device(self) -> bytes:
        """Return random bytes that stand for this device; new after a restore or conflict."""
        ...

    def renew_device(self) -> None:
        """Stand for a new device from now on."""
        ...

    async def sync(self) -> None:
        """Return when this vault and the stored one are the same."""
        ...


class Shelf:
    """Typed records of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def get(self, kind: str, key: bytes, form: type[T]) -> T | None:
        """Return the value of *kind* under *key*, or None."""
        return self.all(kind, form).get(key)

    def all(self, kind: str, form: type[T]) -> dict[bytes, T]:
        """Return all values of *kind* by key; what another version wrote is left out."""
        found: dict[bytes, T] = {}
        for name, value in self._vault.list(kind).items():
            try:
                found[parse_base64url(name)] = msgspec.convert(value, form)
            except (MalformedError, msgspec.ValidationError):
                continue
        return found

    def put(self, kind: str, key: bytes, value: msgspec.Struct) -> None:
        """Add or replace a value."""
        # By way of JSON: what has become plain values otherwise still has tuples in it.
        plain: JsonObject = msgspec.json.decode(msgspec.json.encode(value))
        self._vault.put(kind, encode_base64url(key), plain)

    def drop(self, kind: str, key: bytes) -> None:
        """Remove a value, where there is one."""
        self._vault.delete(kind, encode_base64url(key))

    # --- records of conversations ----------------------------------------------------

    def records(self, form: type[R], *, kind: str) -> list[R]:
        """Return all records of conversations of *kind*, which are *form*."""
        return [one for one in self._records(kind, "") if isinstance(one, form)]

    def records_of(self, conversation: bytes) -> list[Record]:
        """Return all records of one conversation, 16 bytes."""
        start = encode_base64url(conversation)
        return [one for kind in sorted(RECORD_KINDS) for one in self._records(kind, start)]

    def apply(self, changes: Iterable[Change]) -> None:
        """Put and drop what a machine has changed."""
        for change in changes:
            if change.record is None:
                self._vault.delete(change.kind, change.id)
            else:
                self._vault.put(change.kind, change.id, encode_record(change.record))

    def lane(self, conversation: bytes) -> bytes:
        """Return what stands for this device in one conversation, 8 bytes."""
        return lane_of(self._vault.device, conversation)

    @property
    def device(self) -> bytes:
        """Return what stands for this device; it never leaves it as it is."""
        return self._vault.device

    def renew_device(self) -> None:
        """Stand for a new device from now on, as the vault turned out to be an older one."""
        self._vault.renew_device()

    async def save(self) -> None:
        """Return when everything put so far is stored on the node."""
        await self._vault.sync()

    def _records(self, kind: str, start: str) -> Iterable[Record]:
        for name, value in self._vault.list(kind).items():
            if not name.startswith(start):
                continue
            try:
                yield parse_record(kind, value)
            except MalformedError:
                continue  # of a later version
