"""This device's copy of the vault: what is in it, and what the node does not have yet.

Plain values and rules; sending is ``vault.py``'s part, encrypting the file ``keyring.py``'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from kith_client.records import VaultState
from kith_client.system import Clock
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import KithError
from kith_crypto.randomness import Rng
from kith_crypto.strict_json import JsonObject
from kith_protocol.day import day_of
from kith_protocol.vault.chest import Index, Stored, Writing, seal_vault
from kith_protocol.vault.layout import chunk_of
from kith_protocol.vault.records import (
    DEVICE_BYTES,
    Contents,
    Name,
    Record,
    encode_record,
    erase,
    forget,
    join,
    parse_record,
    write,
)

DEVICE_SECRET_BYTES: Final = 16

_encode = msgspec.json.encode
_decode = msgspec.json.Decoder(dict).decode


class VaultCopy:
    """Records by kind and id, changed in memory."""

    def __init__(self, state: VaultState, *, clock: Clock, rng: Rng) -> None:
        """Take what the key file holds; a device without a name gets one."""
        self._clock = clock
        self._rng = rng
        self._contents = _read_lines(state.lines)
        self._unsent = {_read_name(one) for one in state.unsent}
        self._stored = _read_stored(state)
        self._damaged: set[int] = set()
        self.seen = state.seen
        self.seen_mark = state.seen_mark
        self.device = state.device or rng.bytes(DEVICE_SECRET_BYTES)
        self.changes = 0

    # --- records -------------------------------------------------------------------

    def list(self, kind: str) -> dict[str, JsonObject]:
        """Return the values of all records of *kind*, by id."""
        return {
            record.id: record.value
            for record in self._contents.values()
            if record.kind == kind and record.value is not None
        }

    def get(self, kind: str, record: str) -> JsonObject | None:
        """Return the value of one record, or None."""
        found = self._contents.get((kind, record))
        return None if found is None else found.value

    def put(self, kind: str, record: str, value: JsonObject) -> None:
        """Add or replace a record; nothing happens where it is the same already."""
        value = _decode(_encode(value))  # nobody changes it from outside, and tuples are lists
        if self.get(kind, record) != value:
            self._keep(write(self._contents, (kind, record), value, device=self._writer))

    def delete(self, kind: str, record: str) -> None:
        """Delete a record, where there is one."""
        if self.get(kind, record) is not None:
            today = day_of(self._clock.now())
            name = (kind, record)
            self._keep(erase(self._contents, name, device=self._writer, today=today))

    def renew_device(self) -> None:
        """Stand for a new device from now on: this copy turned out to be an older one."""
        self.device = self._rng.bytes(DEVICE_SECRET_BYTES)
        self.changes += 1

    def snapshot(self) -> Mapping[Name, Record]:
        """Return all records as they are now, deletions included."""
        return dict(self._contents)

    # --- what the node has -----------------------------------------------------------

    @property
    def stored(self) -> Stored | None:
        """The vault on the node as last read or written here; None where there was none."""
        return self._stored

    @property
    def is_behind(self) -> bool:
        """Whether there is something that the node does not have."""
        return bool(self._unsent or self._damaged) or self._stored is None

    def take(
        self,
        contents: Contents,
        stored: Stored | None,
        *,
        fresh: Iterable[int],
        damaged: Iterable[int] = (),
    ) -> None:
        """Join what was read from the node.

        A record of this very device that the copy does not have means that the copy was set
        back: from then on it stands for a new device.

        Args:
            contents: the records of the data chunks *fresh*.
            stored: the vault that they are of.
            fresh: which data chunks were read.
            damaged: which of these did not fit, and are to be written anew.
        """
        self._damaged = set(damaged)
        contents = forget(contents, today=day_of(self._clock.now()))
        known = self._contents
        self._contents = join(known, contents)
        read = set(fresh)
        for name, record in self._contents.items():
            if stored is None or contents.get(name) == record:
                continue
            if chunk_of(name, number=stored.index.number) in read:
                self._unsent.add(name)
        is_older = any(
            record.device == self._writer and known.get(name) != self._contents[name]
            for name, record in contents.items()
        )
        self._stored = stored
        self.note_seen()
        if is_older:
            self.renew_device()
        self.changes += 1

    def note_seen(self) -> None:
        """Remember the version that the node has now, if it is the greatest so far."""
        if self._stored is not None and self._stored.index.version >= self.seen:
            self.seen, self.seen_mark = self._stored.index.version, self._stored.mark

    def write(self, vault_key: bytes, *, anew: bool = False) -> Writing:
        """Return what brings the node up to date.

        Args:
            vault_key: 32 bytes.
            anew: whether every chunk is written, as under a new key.
        """
        self._contents = forget(self._contents, today=day_of(self._clock.now()))
        stored = self._stored
        number = 0 if stored is None else stored.index.number
        changed = {chunk_of(name, number=number) for name in self._unsent if number}
        return seal_vault(
            vault_key,
            self._contents,
            before=stored,
            changed=None if anew else changed | self._damaged,
            device=self._writer,
            seen=self.seen,
            rng=self._rng,
        )

    def written(self, writing: Writing, sent: Mapping[Name, Record]) -> None:
        """Note that the node has taken *writing*, of which *sent* were the records."""
        self._stored = writing.stored
        self._damaged = set()
        self.note_seen()
        self._unsent = {
            name for name in self._unsent if self._contents.get(name) != sent.get(name)
        }
        self.changes += 1

    def state(self) -> VaultState:
        """Return what the key file is to hold."""
        stored = self._stored
        return VaultState(
            device=self.device,
            lines=b"\n".join(encode_record(one) for one in self._contents.values()),
            unsent=tuple(sorted("/".join(name) for name in self._unsent)),
            seen=self.seen,
            seen_mark=self.seen_mark,
            version=0 if stored is None else stored.index.version,
            writer=b"" if stored is None else stored.index.device,
            hashes=() if stored is None else stored.index.hashes,
            mark=b"" if stored is None else stored.mark,
            sizes=() if stored is None else stored.sizes,
        )

    @property
    def _writer(self) -> bytes:
        return self.device[:DEVICE_BYTES]

    def _keep(self, record: Record) -> None:
        self._contents[record.name] = record
        self._unsent.add(record.name)
        self.changes += 1


def record_key(raw: bytes) -> str:
    """Return the id of a record that is named by bytes."""
    return encode_base64url(raw)


def _read_lines(lines: bytes) -> Contents:
    contents: Contents = {}
    for line in lines.split(b"\n") if lines else ():
        try:
            record = parse_record(line)
        except KithError as error:  # the file's seal was whole, so this is our own mistake
            raise msgspec.ValidationError("a record of the key file") from error
        contents[record.name] = record
    return contents


def _read_name(text: str) -> Name:
    kind, _, record = text.partition("/")
    return kind, record


def _read_stored(state: VaultState) -> Stored | None:
    if not state.hashes:
        return None
    index = Index(state.version, state.writer, state.hashes)
    return Stored(index, state.mark, state.sizes)
