"""The database behind the store: one write engine and one read engine over SQLite or PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, NullPool, QueuePool

from sessions.errors import Refused
from signaling.measures import By, Figure, Times

# synchronous=FULL: an acknowledged command survives a power cut, at one fsync a group.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "temp_store=MEMORY",
    "wal_autocheckpoint=2000",
)
SQLITE_READERS = 4
POSTGRES_WRITERS = 10
POSTGRES_READERS = 5
ANSWER_WITHIN_S = 15  # a statement; a cut link would otherwise be noticed after a quarter of an hour
IDLE_MOST_S = 15  # inside a transaction; then PostgreSQL takes the lock from a node that froze
LOCKED_MOST_S = 10  # waiting for another's lock; the statement itself still gets its answer afterwards

SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
# SQLSTATE classes: connection, insufficient resources, operator intervention; and what another try may well do:
# transactions that met (a deadlock), a lock that was not given up in time.
POSTGRES_AWAY = {"08", "53", "57", "40", "55"}


@dataclass(slots=True)
class Counters:
    """What happened since start, for /metrics."""

    writes: int = 0
    reads: int = 0
    held: int = 0
    votes: int = 0
    vote_groups: int = 0
    replayed_groups: int = 0

    def read(self) -> dict[str, float]:
        return {f"{name}_total": float(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Database:
    """Where transactions begin. clock: milliseconds since 1970 UTC, for SQLite, which has none better."""

    write: AsyncEngine
    read: AsyncEngine
    clock: Callable[[], int]
    counters: Counters = field(default_factory=Counters)
    write_times: Times = field(default_factory=Times)

    @property
    def is_sqlite(self) -> bool:
        return self.write.dialect.name == "sqlite"

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write. Raises Refused("held") when the database cannot be reached."""
        with self.write_times.measured():
            async with self._answering(), self.write.begin() as connection:
                self.counters.writes += 1
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One read-only transaction; on SQLite it never waits for a writer. Raises Refused("held")."""
        async with self._answering(), self.read.connect() as connection:
            self.counters.reads += 1
            yield connection

    async def now(self, connection: AsyncConnection) -> int:
        """The database's clock, milliseconds. SQLite runs on this machine, so its clock is ours."""
        if self.is_sqlite:
            return self.clock()
        found = await connection.execute(text("select (extract(epoch from clock_timestamp()) * 1000)::bigint"))
        return int(found.scalar_one())

    def figures(self) -> Mapping[str, Figure]:
        """For /metrics. write_seconds: from asking for a connection to the commit, votes and commands alike."""
        pools = {"writers": self.write.pool, "readers": self.read.pool}
        queues = {name: pool for name, pool in pools.items() if isinstance(pool, QueuePool)}
        return {
            **self.counters.read(),
            "write_seconds": self.write_times.read(),
            "connections_used": By("pool", {name: float(pool.checkedout()) for name, pool in queues.items()}),
            "connections_most": By("pool", {name: float(pool.size()) for name, pool in queues.items()}),
        }

    async def risks(self) -> list[str]:
        """Settings of the server by which a power cut may lose what was acknowledged, and no connection can change."""
        if self.is_sqlite:
            return []
        async with self.reading() as connection:
            off = "select name from pg_settings where name in ('fsync', 'full_page_writes') and setting = 'off'"
            return sorted((await connection.execute(text(off))).scalars())

    async def close(self) -> None:
        """Forget all connections; whoever asks next gets a new one, as after the database was away: those from before
        would fail once each.

        One that is at work now is closed when it is handed back; its pool is nobody's by then and would just hold it.
        """
        for engine in (self.read, self.write):
            before = engine.pool
            await engine.dispose()
            event.listen(before, "checkin", discard)

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[None]:
        """Turns "the database is away" into Refused("held"): nobody knows whether the transaction took place."""
        try:
            yield
        except (DBAPIError, OSError, PoolTimeout) as error:
            if isinstance(error, DBAPIError) and not is_away(error):
                raise
            self.counters.held += 1
            raise Refused("held") from error


def discard(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.invalidate()


def is_away(error: DBAPIError) -> bool:
    """Whether the database was unreachable, shutting down, locked or full, rather than disagreeing with a statement."""
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in SQLITE_AWAY
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return state[:2] in POSTGRES_AWAY


def connect(url: str | URL, clock: Callable[[], int]) -> Database:
    """url: sqlite:///path or postgresql://user:password@host/name. Raises ValueError for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError("not a database URL") from error
    match parsed.get_backend_name():
        case "sqlite":
            return connect_sqlite(parsed.set(drivername="sqlite+aiosqlite"), clock)
        case "postgresql":
            return connect_postgres(parsed.set(drivername="postgresql+asyncpg"), clock)
        case other:
            raise ValueError(f"{other} is not supported: sqlite or postgresql")


def connect_file(path: Path, clock: Callable[[], int]) -> Database:
    """SQLite in one file."""
    return connect(URL.create("sqlite", database=str(path)), clock)


def connect_sqlite(url: URL, clock: Callable[[], int]) -> Database:
    """One writer that takes the lock when it begins: a read-modify-write under plain BEGIN loses updates silently."""
    writer = sqlite_engine(url, "BEGIN IMMEDIATE", connections=1)
    return Database(writer, sqlite_engine(url, "BEGIN", connections=SQLITE_READERS), clock)


def sqlite_engine(url: URL, begin: str, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        url, poolclass=AsyncAdaptedQueuePool, pool_size=connections, max_overflow=0, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def patient(database: Database) -> AsyncEngine:
    """For updates of the tables, which may take long and wait long for another node's; PostgreSQL only."""
    settings = {"synchronous_commit": "on"}
    return create_async_engine(
        database.write.url, poolclass=NullPool, hide_parameters=True, connect_args={"server_settings": settings}
    )


def apart(database: Database) -> Database:
    """The same database by a connection to write and one to read: for what must not wait behind everybody else."""
    url, clock = database.write.url, database.clock
    if database.is_sqlite:
        return Database(sqlite_engine(url, "BEGIN IMMEDIATE", connections=1), sqlite_engine(url, "BEGIN", 1), clock)
    return connect_postgres(url, clock, writers=1, readers=1)


def connect_postgres(
    url: URL, clock: Callable[[], int], writers: int = POSTGRES_WRITERS, readers: int = POSTGRES_READERS
) -> Database:
    """READ COMMITTED: each statement sees what was committed before it, which row locks then make a total order."""

    patience = {
        "command_timeout": ANSWER_WITHIN_S,
        "server_settings": {
            "idle_in_transaction_session_timeout": str(IDLE_MOST_S * 1000),
            "lock_timeout": str(LOCKED_MOST_S * 1000),
            "synchronous_commit": "on",  # whatever its default: what is acknowledged survives a power cut
        },
    }

    def engine(connections: int) -> AsyncEngine:
        return create_async_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            hide_parameters=True,
            pool_recycle=1800,
            connect_args=patience,
        )

    return Database(engine(writers), engine(readers), clock)
