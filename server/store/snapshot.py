"""All rows of a database as they are at one moment, while others write; and the way back into an empty one.

Neither database's own copy: rows that were erased are not in it, nor the order in which rows were written, roll and box
come sorted by their keys, and what was taken from SQLite can be put into PostgreSQL and the other way round.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import tables
from server.store.database import Database
from server.store.migrations import current, upgrade
from sessions.ids import BallotId

# What holds only as long as the nodes live that wrote it, and the table that says which version the others are of.
PASSING = frozenset({"alembic_version", "bulletins", "media_hosts", "account_guesses", "prints"})
AT_ONCE = 100  # rows in memory; a page of slides has some 100 KB


class Snapshot:
    """One read-only transaction over everything."""

    def __init__(self, connection: AsyncConnection, revision: str, found: Sequence[Table]) -> None:
        self.revision = revision
        self.tables = [table.name for table in found]
        self._connection = connection
        self._tables = {table.name: table for table in found}

    async def open_secret_ballots(self) -> list[BallotId]:
        ballots = tables.ballots
        wanted = select(ballots.c.id).where(ballots.c.secret, ballots.c.state == "open").order_by(ballots.c.id)
        return [BallotId(row.id) for row in await self._connection.execute(wanted)]

    async def rows(self, table: str) -> AsyncIterator[str]:
        """A JSON object a row, by primary key."""
        found = self._tables[table]
        wanted = select(found).order_by(*(found.primary_key.columns or found.columns))
        stream = await self._connection.stream(wanted, execution_options={"yield_per": AT_ONCE})
        async for row in stream.mappings():
            yield json.dumps({name: out(value) for name, value in row.items()}, separators=(",", ":"))


def out(value: Any) -> Any:
    """Bytes as {"base64": …}; everything else these tables hold is JSON already. Raises TypeError for what is not."""
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode("ascii")}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a {type(value).__name__} cannot be kept")


def back(value: Any) -> Any:
    return base64.b64decode(value["base64"], validate=True) if isinstance(value, dict) else value


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Snapshot]:
    """What was committed before this began, and nothing else. Raises Refused("held")."""
    async with database.reading() as connection:
        if not database.is_sqlite:  # SQLite's readers see one state throughout as it is
            await connection.execute(text("set transaction isolation level repeatable read, read only"))
        revision = await current(connection)
        yield Snapshot(connection, revision, await reflected(connection))


async def reflected(connection: AsyncConnection) -> list[Table]:
    """The tables there are, those first that others refer to."""
    found = MetaData()
    await connection.run_sync(found.reflect)
    return [table for table in found.sorted_tables if table.name not in PASSING]


async def is_empty(database: Database) -> bool:
    """Whether there are no tables at all, ours or anybody's."""
    async with database.reading() as connection:
        found = MetaData()
        await connection.run_sync(found.reflect)
        return not found.tables


class Filling:
    """One transaction that puts everything back."""

    def __init__(self, connection: AsyncConnection, found: Sequence[Table]) -> None:
        self.tables = [table.name for table in found]
        self._connection = connection
        self._tables = {table.name: table for table in found}

    async def put(self, table: str, lines: Iterable[bytes]) -> int:
        """How many rows there were. Raises ValueError, KeyError for what is no row of this table."""
        count = 0
        for group in grouped(lines):
            rows = [{name: back(value) for name, value in json.loads(line).items()} for line in group]
            await self._connection.execute(insert(self._tables[table]), rows)
            count += len(rows)
        return count

    async def finish(self) -> None:
        """Let numbers that PostgreSQL gives itself go on after the last one; then the tables of this version."""
        if self._connection.dialect.name == "postgresql":
            for table in self._tables.values():
                for column in table.columns:
                    await self._count_on(table, column)
        await self._connection.run_sync(upgrade)

    async def _count_on(self, table: Table, column: Column[Any]) -> None:
        if not isinstance(column.type, Integer | BigInteger):
            return
        where = {"table": table.name, "column": column.name}
        counter = (
            await self._connection.execute(text("select pg_get_serial_sequence(:table, :column)"), where)
        ).scalar()
        if counter is not None:
            last = (await self._connection.execute(select(column).order_by(column.desc()).limit(1))).scalar() or 0
            numbers = {"counter": counter, "next": last + 1}
            await self._connection.execute(text("select setval(:counter, :next, false)"), numbers)


def grouped(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    group: list[bytes] = []
    for line in lines:
        group.append(line)
        if len(group) == AT_ONCE:
            yield group
            group = []
    if group:
        yield group


@asynccontextmanager
async def filling(database: Database, revision: str) -> AsyncIterator[Filling]:
    """An empty database brought to this revision; all that is put into it is there at the end, or nothing is."""
    async with database.writing() as connection:
        await connection.run_sync(upgrade, revision)
        yield Filling(connection, await reflected(connection))
