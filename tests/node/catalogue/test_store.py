import pytest
from aiosqlite import Connection

from kith_node.catalogue import store
from kith_node.storage.database import Database
from kith_testing.catalogue import COMMUNITIES, TODAY, offer_id

ASH, ELM, _ = COMMUNITIES


async def put(
    connection: Connection,
    number: int,
    *,
    author: str = ASH,
    revision: int = 1,
    end_day: int = TODAY + 9,
    hidden: bool = False,
    raw: bytes = b"{}",
) -> bool:
    return await store.put_object(
        connection,
        id=offer_id(number, author),
        author=author,
        revision=revision,
        end_day=end_day,
        hidden=hidden,
        raw=raw,
    )


async def test_only_a_higher_revision_changes_an_offer(database: Database) -> None:
    async with database.transaction() as connection:
        assert await put(connection, 1, revision=3, raw=b"3")
        assert not await put(connection, 1, revision=3, raw=b"again")
        assert not await put(connection, 1, revision=2, raw=b"2")
        assert await put(connection, 1, revision=4, raw=b"4")
        row = await store.object_by_id(connection, offer_id(1))
    assert row is not None
    assert (row.raw, row.revision, row.position, row.serial) == (b"4", 4, 1, 2)


async def test_a_gone_offer_can_come_back_with_any_revision(database: Database) -> None:
    async with database.transaction() as connection:
        await put(connection, 1, revision=3)
        assert await store.drop_object(connection, offer_id(1))
        assert not await store.drop_object(connection, offer_id(1))
        assert await put(connection, 1, revision=1, raw=b"back")
        row = await store.object_by_id(connection, offer_id(1))
    assert row is not None
    assert (row.raw, row.serial) == (b"back", 3)


async def test_each_change_is_seen_by_who_tails_the_serials(database: Database) -> None:
    async with database.transaction() as connection:
        for number in range(4):
            await put(connection, number, author=ELM, end_day=TODAY + number)
        await put(connection, 9)
        assert await store.newest_serial(connection) == 5
        assert await store.expire_before(connection, TODAY + 1) == 2
        assert await store.hide_author(connection, ELM, hidden=True) == 2
        assert await store.hide_author(connection, ELM, hidden=True) == 0
        assert await store.drop_author(connection, ELM) == 2
        assert await store.drop_author(connection, ELM) == 0
        rows = await store.objects_after(connection, 5, 100)
    assert [row.raw for row in rows] == [None] * 4
    assert [row.serial for row in rows] == [6, 7, 10, 11]
    assert {row.author for row in rows} == {ELM}


async def test_rows_are_read_in_bounded_pieces(database: Database) -> None:
    async with database.transaction() as connection:
        for number in range(5):
            await put(connection, number)
        first = await store.objects_after(connection, 0, 2)
        second = await store.objects_after(connection, first[-1].serial, 2)
    assert [row.serial for row in (*first, *second)] == [1, 2, 3, 4]


async def test_the_next_serial_never_repeats_one_after_rows_were_deleted(
    database: Database,
) -> None:
    async with database.transaction() as connection:
        for number in range(3):
            await put(connection, number)
        await store.drop_author(connection, ASH)
        newest = await store.newest_serial(connection)
        assert await store.delete_gone(connection, before_serial=newest + 1) == 2
        await put(connection, 7)
        row = await store.object_by_id(connection, offer_id(7))
    assert row is not None
    assert row.serial == newest + 1


async def test_deletes_only_gone_rows_and_only_old_ones(database: Database) -> None:
    async with database.transaction() as connection:
        for number in range(4):
            await put(connection, number)
        for number in (0, 1, 2):
            await store.drop_object(connection, offer_id(number))
        assert await store.delete_gone(connection, before_serial=6) == 1
        assert await store.live_ids_of(connection, ASH) == [offer_id(3)]
        assert await store.object_by_id(connection, offer_id(0)) is None
        assert await store.object_by_id(connection, offer_id(1)) is not None


async def test_members_rows_leave_out_hidden_and_gone_offers(database: Database) -> None:
    async with database.transaction() as connection:
        await put(connection, 1)
        await put(connection, 2, author=ELM, hidden=True)
        await put(connection, 3)
        await store.drop_object(connection, offer_id(3))
        assert set(await store.objects_by_position(connection, [1, 2, 3, 99])) == {1}
        await store.hide_author(connection, ELM, hidden=False)
        assert set(await store.objects_by_position(connection, [1, 2, 3, 99])) == {1, 2}


async def test_lists_the_live_ids_of_one_author(database: Database) -> None:
    async with database.transaction() as connection:
        for number in range(3):
            await put(connection, number)
        await put(connection, 5, author=ELM)
        assert await store.live_ids_of(connection, ASH) == sorted(map(offer_id, range(3)))
        assert await store.live_ids_of(connection, ASH, limit=1) == [
            min(map(offer_id, range(3)))
        ]


@pytest.mark.parametrize("name", [name for name in dir(store) if name.startswith("SQL_")])
async def test_no_statement_scans_the_table(database: Database, name: str) -> None:
    values = {
        "id": "x", "author": "x", "revision": 1, "end_day": 1, "hidden": 0, "raw": b"",
        "serial": 1, "limit": 1, "day": 1, "positions": "[1]", "kind": 0, "today": 1,
        "after": "",
    }  # fmt: skip
    async with (
        database.transaction() as connection,
        connection.execute(f"EXPLAIN QUERY PLAN {getattr(store, name)}", values) as cursor,
    ):
        plan = [row[3] for row in await cursor.fetchall()]
    scans = [
        step
        for step in plan
        if step.startswith("SCAN catalogue_objects") and "INDEX" not in step
    ]
    assert scans == []
