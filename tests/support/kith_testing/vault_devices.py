"""Devices of one member over a small node: what each wrote, and what a node can do to a vault.

Nothing here knows how a vault is merged but ``records.join``: what has to be in it at the end
is the join of everything that was ever written on any device.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping

from kith_client.errors import NodeUnreachableError
from kith_client.http import NodeConnection
from kith_client.keyring import Keyring
from kith_client.keystore import KeyStore
from kith_client.records import CommunityRecord, Records, VaultState
from kith_client.session import Session
from kith_client.vault import Vault
from kith_protocol.vault.records import Contents, Name, Record, join
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng
from kith_testing.small_node import SmallNode
from kith_testing.small_vault import SmallVault

AUTH = bytes(range(32))
VAULT_KEY = bytes(range(32, 64))
KIND = "page"


@dataclasses.dataclass
class Device:
    """One device, whose key file is a value in memory."""

    keys: KeyStore
    vault: Vault
    connection: NodeConnection

    @property
    def records(self) -> Mapping[Name, Record]:
        """All records of its copy, deletions included."""
        return self.keys.copy.snapshot()

    def keep(self) -> VaultState:
        """Return what a copy of its key file would hold."""
        return self.keys.copy.state()


class Devices:
    """Opens devices, and remembers everything that they write.

    Attributes:
        written: the join of all records that any device ever wrote.
    """

    def __init__(self, node: SmallNode, clock: FakeClock, *, seed: int = 1) -> None:
        self.node = node
        self.written: Contents = {}
        self._clock = clock
        self._rng = SeededRng(seed)
        self._opened: list[Device] = []
        node.breaks_before = node.breaks_after = None
        node.accounts.clear()
        node.sessions.clear()
        node.forget_objects()
        node.add_account(AUTH)

    @property
    def chunks(self) -> dict[int, bytes]:
        """A copy of the vault on the node; assign what the node is to show instead."""
        return dict(self._stored.chunks)

    @chunks.setter
    def chunks(self, chunks: Mapping[int, bytes]) -> None:
        self._stored.chunks = dict(chunks)

    def open(self, state: VaultState | None = None) -> Device:
        """Return a device: a new one, or what is in the key file *state*."""
        rng, clock = self._rng, self._clock
        keyring = Keyring.create(None, passphrase="", vault_key=VAULT_KEY, rng=rng)
        community = CommunityRecord(self.node.origin, f"{self.node.origin}/actor", AUTH)
        keyring.records = Records(community=community, vault=state or VaultState())
        keys = KeyStore(keyring, clock=clock, rng=rng)
        connection = NodeConnection(self.node.origin, clock=clock, rng=rng)
        session = Session(
            connection,
            auths=[AUTH],
            reader_pass=None,
            keep_pass=keys.put_pass,
            clock=clock,
            rng=rng,
        )
        device = Device(keys, Vault(session=session, keys=keys), connection)
        self._opened.append(device)
        return device

    def put(self, device: Device, record: str, value: int) -> None:
        """Write a record on *device*."""
        device.vault.put(KIND, record, {"n": value})
        self._note(device, record)

    def delete(self, device: Device, record: str) -> None:
        """Delete a record on *device*, if it has it."""
        device.vault.delete(KIND, record)
        self._note(device, record)

    async def lose_answer(self, device: Device) -> None:
        """Sync *device* while the node takes what is put but cannot say so."""
        self.node.breaks_after = ("PUT", "vault")
        try:
            with contextlib.suppress(NodeUnreachableError):
                await device.vault.sync()
        finally:
            self.node.breaks_after = None

    async def lose_request(self, device: Device) -> None:
        """Sync *device* while nothing that is put arrives."""
        self.node.breaks_before = ("PUT", "vault")
        try:
            with contextlib.suppress(NodeUnreachableError):
                await device.vault.sync()
        finally:
            self.node.breaks_before = None

    async def close(self) -> None:
        """Close every connection."""
        for device in self._opened:
            await device.connection.close()

    def _note(self, device: Device, record: str) -> None:
        found = device.records.get((KIND, record))
        if found is not None:
            self.written = join(self.written, {found.name: found})

    @property
    def _stored(self) -> SmallVault:
        return self.node.vault_of(self.node.accounts[0])
