"""This device's copy of the vault: what is in it, and what the node does not have yet.

Plain values and rules; sending is ``vault.py``'s part, encrypting the file ``keyring.py``'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from kith_client.errors import VaultFullError
from kith_client.records import VaultState
from kith_client.system import Clock
from kith_crypto.errors import KithError, TooLargeError
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
from kith_protocol.vault_upload import MAX_VAULT_BYTES

DEVICE_SECRET_BYTES: Final = 16

_encode = msgspec.json.Encoder(order="sorted").encode
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
        """Add or replace a record; nothing happens where it is the same already.

        Raises:
            ValueError: the name or the value is none of a record.
        """
        raw = _encode(value)
        known = self.get(kind, record)
        if known is None or _encode(known) != raw:
            # Decoded again, nobody changes it from outside, and tuples are lists.
            name = (kind, record)
            self._keep(write(self._contents, name, _decode(raw), device=self._writer))

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
        return bool(self._unsent or self.damaged) or self._stored is None

    @property
    def damaged(self) -> set[int]:
        """The data chunks that did not fit when they were last read; they are written anew.

        No hash is known of them, so that they are read again before.
        """
        hashes = () if self._stored is None else self._stored.index.hashes
        return {chunk for chunk, known in enumerate(hashes, 1) if not known}

    def take(
        self,
        contents: Contents,
        stored: Stored | None,
        *,
        fresh: Iterable[int],
        damaged: Iterable[int] = (),
    ) -> bool:
        """Join what was read from the node; return whether it was set back.

        It was if it holds an older form of a record that it had, as far as this device knows.

        A record of this very device that the copy does not have means that the copy was set
        back: from then on it stands for a new device.

        Args:
            contents: the records of the data chunks *fresh*.
            stored: the vault that they are of.
            fresh: which data chunks were read.
            damaged: which of these did not fit, and are to be written anew.
        """
        contents = forget(contents, today=day_of(self._clock.now()))
        known = self._contents
        self._contents = join(known, contents)
        is_older = any(
            record.device == self._writer and self._is_news(record, known.get(name))
            for name, record in contents.items()
        )
        lost = self._compare(contents, stored, set(fresh))
        self._stored = None if stored is None else _without(stored, set(damaged))
        self.note_seen()
        if is_older:
            self.renew_device()
        self.changes += 1
        return any(name in contents for name in lost)

    def _compare(
        self, contents: Contents, stored: Stored | None, read: Collection[int]
    ) -> set[Name]:
        """Note what the node lacks; return what of it the node was thought to have."""
        lost: set[Name] = set()
        for name, record in self._contents.items():
            if stored is None:
                break
            if contents.get(name) == record:
                self._unsent.discard(name)
            elif chunk_of(name, number=stored.index.number) in read:
                lost.add(name)
        lost -= self._unsent
        self._unsent |= lost
        return lost

    def _is_news(self, record: Record, known: Record | None) -> bool:
        """Return whether *known* is not, or not what follows on, *record*."""
        if known is None or self._contents[record.name] != known:
            return True
        return record.rev == known.rev and record.device == known.device and record != known

    def note_seen(self) -> None:
        """Remember the version that the node has now, if it is the greatest so far."""
        if self._stored is not None and self._stored.index.version >= self.seen:
            self.seen, self.seen_mark = self._stored.index.version, self._stored.mark

    def write(self, vault_key: bytes, *, anew: bool = False) -> Writing:
        """Return what brings the node up to date.

        Args:
            vault_key: 32 bytes.
            anew: whether every chunk is written, as under a new key.

        Raises:
            VaultFullError: there is more than a vault holds.
        """
        self._contents = forget(self._contents, today=day_of(self._clock.now()))
        stored = self._stored
        number = 0 if stored is None else stored.index.number
        changed = {chunk_of(name, number=number) for name in self._unsent if number}
        writing = None if anew else self._seal(vault_key, changed | self.damaged)
        if writing is None or writing.size_bytes > MAX_VAULT_BYTES:
            writing = self._seal(vault_key, None)  # in which chunks are as small as they can be
        if writing.size_bytes > MAX_VAULT_BYTES:
            raise VaultFullError(f"{writing.size_bytes} bytes")
        return writing

    def _seal(self, vault_key: bytes, changed: Collection[int] | None) -> Writing:
        try:
            return seal_vault(
                vault_key,
                self._contents,
                before=self._stored,
                changed=changed,
                device=self._writer,
                seen=self.seen,
                rng=self._rng,
            )
        except TooLargeError as error:
            raise VaultFullError(str(error)) from error

    def written(self, writing: Writing, sent: Mapping[Name, Record]) -> None:
        """Note that the node has taken *writing*, of which *sent* were the records."""
        self._stored = writing.stored
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


def _without(stored: Stored, damaged: Collection[int]) -> Stored:
    """Return *stored* as one of which the hashes of the chunks *damaged* are not known."""
    hashes = enumerate(stored.index.hashes, 1)
    kept = tuple(b"" if chunk in damaged else one for chunk, one in hashes)
    return replace(stored, index=replace(stored.index, hashes=kept))


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
