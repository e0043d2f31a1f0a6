"""Several devices that write, sync, lose answers, are set back; a node that sets back its own.

Whatever the order: when all have synced, all have the join of everything that was written, and
nobody was warned but for what the node did.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kith_client.records import VaultState
from kith_crypto.hashes import sha256
from kith_protocol.vault.layout import chunk_of
from kith_testing.clock import FakeClock
from kith_testing.small_node import SmallNode, serve_small_node
from kith_testing.vault_devices import KIND, Device, Devices

DEVICES = 3
RECORDS = ("a", "b", "c", "d", "e")

_device = st.integers(0, DEVICES - 1)
_record = st.sampled_from(RECORDS)


class VaultMachine(RuleBasedStateMachine):
    """Three devices and one node, which is shared by all runs and emptied by each."""

    node: SmallNode
    clock: FakeClock

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._all = Devices(self.node, self.clock)
        self._devices: list[Device] = []
        self._files: dict[int, VaultState] = {}
        self._old: list[dict[int, bytes]] = []
        self._writings = 0
        self._is_meddled = False
        self._is_set_back = [False] * DEVICES

    @initialize()
    def begin(self) -> None:
        self._devices = [self._all.open() for _ in range(DEVICES)]
        for device in range(DEVICES):
            self._sync(device)

    @rule(device=_device, record=_record)
    def put(self, device: int, record: str) -> None:
        self._writings += 1
        self._all.put(self._devices[device], record, self._writings)

    @rule(device=_device, record=_record)
    def delete(self, device: int, record: str) -> None:
        self._all.delete(self._devices[device], record)

    @rule(device=_device)
    def sync(self, device: int) -> None:
        self._sync(device)
        assert not self._devices[device].vault.is_behind

    @rule(one=_device, other=_device)
    def sync_two_at_once(self, one: int, other: int) -> None:
        async def both() -> None:
            devices = {one, other}
            await asyncio.gather(*(self._devices[nth].vault.sync() for nth in devices))

        self._runner.run(both())
        self._is_set_back[one] = self._is_set_back[other] = False

    @rule(device=_device, record=_record, later=st.integers(0, 6))
    def write_while_syncing(self, device: int, record: str, later: int) -> None:
        async def write() -> None:
            for _ in range(later):
                await asyncio.sleep(0)
            self.put(device, record)

        async def both() -> None:
            await asyncio.gather(self._devices[device].vault.sync(), write())

        self.put(device, record)
        self._runner.run(both())

    @rule(device=_device)
    def lose_an_answer(self, device: int) -> None:
        self._runner.run(self._all.lose_answer(self._devices[device]))

    @rule(device=_device)
    def lose_a_request(self, device: int) -> None:
        self._runner.run(self._all.lose_request(self._devices[device]))

    @rule(device=_device)
    def copy_the_key_file(self, device: int) -> None:
        self._files[device] = self._devices[device].keep()

    @precondition(lambda self: self._files)
    @rule(data=st.data())
    def restore_the_key_file(self, data: st.DataObject) -> None:
        device = data.draw(st.sampled_from(sorted(self._files)))
        self._sync(device)  # else what only this device has is lost with good reason
        self._devices[device] = self._all.open(self._files[device])
        self._is_set_back[device] = True

    @rule()
    def back_up_the_node(self) -> None:
        self._old.append(self._all.chunks)

    @precondition(lambda self: self._old and not any(self._is_set_back))
    @rule(data=st.data(), device=_device)
    def set_back_the_node(self, data: st.DataObject, device: int) -> None:
        self._sync(device)
        seen = self._all.chunks
        self._all.chunks = data.draw(st.sampled_from(self._old))
        self._is_meddled = True
        if self._all.chunks[0] != seen[0]:
            self._sync(device)
            assert self._devices[device].vault.warnings

    @precondition(lambda self: not any(self._is_set_back))
    @rule(one=_device, other=_device, record=_record)
    def damage_what_was_just_written(self, one: int, other: int, record: str) -> None:
        self.put(one, record)
        self._sync(one)
        chunk = chunk_of((KIND, record), number=15)
        if not self._knows(other, chunk):
            self._all.chunks |= {chunk: bytes(16 * 1024)}
            self._is_meddled = True
            self._sync(other)
            assert "damaged" in self._devices[other].vault.warnings

    @invariant()
    def nobody_is_warned_without_a_reason(self) -> None:
        if not self._is_meddled:
            assert not any(device.vault.warnings for device in self._devices)

    def teardown(self) -> None:
        try:
            for _ in range(2):
                for device in range(len(self._devices)):
                    self._sync(device)
            if self._devices:
                self._devices.append(self._all.open())
                self._sync(-1)
            for opened in self._devices:
                assert opened.records == self._all.written
        finally:
            self._runner.run(self._all.close())
            self._runner.close()

    def _knows(self, device: int, chunk: int) -> bool:
        stored = self._devices[device].keys.copy.stored
        assert stored is not None
        return stored.index.hashes[chunk - 1] == sha256(self._all.chunks[chunk])

    def _sync(self, device: int) -> None:
        self._runner.run(self._devices[device].vault.sync())
        self._is_set_back[device] = False


def test_whatever_happens_nothing_written_is_lost() -> None:
    clock = FakeClock()
    with serve_small_node(clock) as node:
        VaultMachine.node, VaultMachine.clock = node, clock
        run_state_machine_as_test(
            VaultMachine, settings=settings(max_examples=30, stateful_step_count=25)
        )


@pytest.fixture
async def devices(node: SmallNode, clock: FakeClock) -> AsyncIterator[Devices]:
    opened = Devices(node, clock)
    yield opened
    await opened.close()


async def two_that_know_the_vault(devices: Devices) -> tuple[Device, Device]:
    one, two = devices.open(), devices.open()
    await one.vault.sync()
    await two.vault.sync()
    return one, two


async def damage_a_chunk(devices: Devices, writer: Device) -> int:
    """Let *writer* store a record that nobody else has, and damage its chunk; return which."""
    devices.put(writer, "a", 1)
    await writer.vault.sync()
    chunk = chunk_of((KIND, "a"), number=15)
    devices.chunks |= {chunk: bytes(16 * 1024)}
    return chunk


async def test_a_damaged_chunk_is_not_forgotten_when_the_program_ends(
    devices: Devices,
) -> None:
    one, two = await two_that_know_the_vault(devices)
    chunk = await damage_a_chunk(devices, one)
    await devices.lose_request(two)
    assert two.vault.warnings == {"damaged"}
    again = devices.open(two.keep())
    assert again.vault.is_behind
    await again.vault.sync()
    assert devices.chunks[chunk] != bytes(16 * 1024)
    await one.vault.sync()
    third = devices.open()
    await third.vault.sync()
    assert third.records == devices.written


async def test_a_damaged_chunk_is_not_forgotten_when_another_device_writes_elsewhere(
    devices: Devices,
) -> None:
    one, two = await two_that_know_the_vault(devices)
    chunk = await damage_a_chunk(devices, one)
    await devices.lose_request(two)
    devices.put(one, "b", 2)
    assert chunk_of((KIND, "b"), number=15) != chunk
    await one.vault.sync()
    await two.vault.sync()
    assert devices.chunks[chunk] != bytes(16 * 1024)
    await one.vault.sync()
    await two.vault.sync()
    assert one.records == two.records == devices.written


async def test_a_chunk_that_is_whole_again_is_read_and_not_written(devices: Devices) -> None:
    one, two = await two_that_know_the_vault(devices)
    devices.put(one, "a", 1)
    await one.vault.sync()
    whole = devices.chunks
    devices.chunks |= {chunk_of((KIND, "a"), number=15): bytes(16 * 1024)}
    await devices.lose_request(two)
    devices.chunks = whole
    devices.put(one, "b", 2)
    await one.vault.sync()
    whole = devices.chunks
    await two.vault.sync()
    assert two.records == devices.written
    assert devices.chunks == whole
