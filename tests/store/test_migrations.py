"""The revisions build exactly the tables the code speaks of."""

from __future__ import annotations

import asyncio
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from server.store import database as databases
from server.store.database import Database
from server.store.migrations import file_lock, migrate
from server.store.tables import metadata
from tests.store.conftest import clock


def differences(connection: Connection) -> list[Any]:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


async def test_revisions_and_tables_agree(database: Database) -> None:
    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_table_the_revisions_do_not_know_would_be_noticed(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("alter table roll drop column channel"))
    async with database.reading() as connection:
        found = await connection.run_sync(differences)
        assert [difference[0] for difference in found] == ["add_column"]


async def test_migrating_again_changes_nothing(database: Database) -> None:
    await migrate(database)
    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_two_nodes_may_start_at_once(url: str, database: Database) -> None:
    async with database.writing() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.execute(text("drop table alembic_version"))
    nodes = [databases.connect(url, clock) for _ in range(2)]
    await asyncio.gather(*(asyncio.to_thread(asyncio.run, migrated(url)) for _ in range(3)))
    async with nodes[0].reading() as connection:
        assert await connection.run_sync(differences) == []
    for node in nodes:
        await node.close()


async def test_on_sqlite_a_node_waits_for_the_one_that_is_migrating(url: str, database: Database) -> None:
    """However long that takes: the database's own lock would give up after five seconds."""
    if not database.is_sqlite:
        return  # there the advisory lock of PostgreSQL waits, see above
    with file_lock(str(database.write.url.database)):
        waiting = asyncio.create_task(asyncio.to_thread(asyncio.run, migrated(url)))
        done, _ = await asyncio.wait([waiting], timeout=0.7)
        assert not done
    await asyncio.wait_for(waiting, 10)


async def migrated(url: str) -> None:
    node = databases.connect(url, clock)
    await migrate(node)
    await node.close()


async def test_on_sqlite_roll_and_box_have_no_row_number(database: Database) -> None:
    if not database.is_sqlite:
        async with database.reading() as connection:
            assert "box" in await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        return
    async with database.reading() as connection:
        found = await connection.execute(text("select name, sql from sqlite_master where type = 'table'"))
        tables = {row.name: row.sql for row in found}
    for table in ("roll", "box", "open_votes"):
        assert "WITHOUT ROWID" in tables[table]
