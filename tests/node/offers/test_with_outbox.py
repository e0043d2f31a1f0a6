"""The steps of release and withdrawal against the real outbox, interrupted between any two."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pytest

from kith_crypto.objects import offer_id
from kith_crypto.rsa import RsaSigningKey
from kith_node.federation.identity import NodeIdentity
from kith_node.federation.outbox import Outbox
from kith_node.offers.outbox import Change
from kith_node.storage.database import Database, open_database
from kith_node.storage.migrations import load_migrations
from kith_protocol.errors import GoneError
from kith_testing.offers_room import (
    CONTENT,
    CrashError,
    MemoryOutbox,
    OffersRoom,
    OneKeyIdentity,
    url_of,
)

OTHER = msgspec.structs.replace(CONTENT, ways=("teach",))


class FailingOutbox(MemoryOutbox):
    """The real outbox, which dies when told to."""

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self.outbox = outbox

    async def append(self, changes: Sequence[Change]) -> None:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "before":
            raise CrashError
        await self.outbox.append(changes)
        if fault == "after":
            raise CrashError

    async def receipts(self, object_id: str) -> list[tuple[str, str]]:
        return await self.outbox.receipts(object_id)


@pytest.fixture
async def catalogue(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(tmp_path / "catalogue.db", load_migrations("catalogue"))
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def rsa_key() -> RsaSigningKey:
    return RsaSigningKey.generate()


@pytest.fixture
def outbox(quick: OffersRoom, catalogue: Database, rsa_key: RsaSigningKey) -> FailingOutbox:
    signer = OneKeyIdentity()
    identity = NodeIdentity(signer.origin, signer.key, rsa_key)
    real = Outbox(
        catalogue,
        identity,
        clock=quick.clock,
        on_change=lambda: None,
        wake=lambda: None,
    )
    failing = FailingOutbox(real)
    quick.outbox = failing
    quick.restart()
    return failing


async def _log(catalogue: Database) -> list[tuple[str, int, str]]:
    async with catalogue.read() as connection:
        rows = await connection.execute_fetchall(
            "SELECT object, revision, kind FROM outbox ORDER BY sequence"
        )
    return [(row[0], row[1], row[2]) for row in rows]


@pytest.mark.parametrize("fault", ["", "before", "after"])
async def test_a_release_ends_with_one_line_per_offer(
    quick: OffersRoom, outbox: FailingOutbox, catalogue: Database, fault: str
) -> None:
    keys = [quick.key() for _ in range(3)]
    for key in keys:
        await quick.publish(key)
    outbox.faults = [fault]
    if fault:
        with pytest.raises(CrashError):
            await quick.release()
        quick.restart()

    await quick.release()
    await quick.release()

    assert sorted(await _log(catalogue)) == sorted((url_of(key), 1, "create") for key in keys)
    for key in keys:
        own = await quick.offers.editor.get(offer_id(key.verify_key))
        assert await outbox.outbox.object_bytes(url_of(key)) == own.signed


@pytest.mark.parametrize("fault", ["before", "after"])
async def test_an_edit_after_a_crash_is_an_update(
    quick: OffersRoom, outbox: FailingOutbox, catalogue: Database, fault: str
) -> None:
    key = quick.key()
    await quick.publish(key)
    outbox.faults = [fault]
    with pytest.raises(CrashError):
        await quick.release()

    await quick.offers.editor.edit(offer_id(key.verify_key), OTHER, if_match=None)
    await quick.release()

    assert await _log(catalogue) == [(url_of(key), 2, "update")]


@pytest.mark.parametrize("fault", ["", "before", "after"])
async def test_a_withdrawal_ends_with_a_tombstone(
    quick: OffersRoom, outbox: FailingOutbox, catalogue: Database, fault: str
) -> None:
    key = quick.key()
    await quick.publish(key)
    await quick.release()
    outbox.faults = [fault]
    if fault:
        with pytest.raises(CrashError):
            await quick.offers.endings.withdraw(offer_id(key.verify_key))
        quick.restart()
        await quick.release()
    else:
        await quick.offers.endings.withdraw(offer_id(key.verify_key))

    assert await _log(catalogue) == [(url_of(key), 1, "delete")]
    assert await quick.rows("offers") == []
    with pytest.raises(GoneError):
        await outbox.outbox.object_bytes(url_of(key))


async def test_what_was_withdrawn_does_not_come_back_under_its_id(
    quick: OffersRoom, outbox: FailingOutbox, catalogue: Database
) -> None:
    key = quick.key()
    await quick.publish(key)
    await quick.release()
    await quick.offers.endings.withdraw(offer_id(key.verify_key))

    await quick.publish(key)
    await quick.release()

    assert await _log(catalogue) == [(url_of(key), 1, "delete")]
