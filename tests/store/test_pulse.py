"""Whether the database answers: asked by reading, and by writing once somebody's transaction failed."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import event

from server import pulse
from server.pulse import Pulse
from server.store import database as databases
from server.store.database import Database
from server.store.migrations import migrate
from server.store.probing import probe, time_of
from tests.http.conftest import until
from tests.store.conftest import clock


async def test_a_probe_leaves_nothing_behind(database: Database) -> None:
    await probe(database)
    await probe(database)
    assert abs(await time_of(database) - clock()) < 60_000


async def test_a_database_that_takes_nothing_is_away_though_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "BEAT_S", 0.05)
    monkeypatch.setattr(pulse, "PATIENCE_S", 0.5)
    monkeypatch.setattr(databases, "PRAGMAS", (*databases.PRAGMAS, "busy_timeout=50"))
    path = tmp_path / "pleno.sqlite"
    database = databases.connect_file(path, clock)
    await migrate(database)
    apart = databases.apart(database)
    told: list[bool] = []
    watching = Pulse(database, apart, None, told.append)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    try:
        assert told == []
        database.counters.held += 1  # somebody's transaction failed
        await until(lambda: told == [True])
        assert watching.figures()["away"] == 1.0
        other.execute("rollback")
        await until(lambda: told == [True, False])
    finally:
        other.close()
        await watching.close()
        await apart.close()
        await database.close()


async def test_a_connection_that_is_at_work_when_all_are_forgotten_is_closed_afterwards(database: Database) -> None:
    closed: list[object] = []
    for engine in (database.read, database.write):
        event.listen(engine.pool, "close", lambda connection, _entry: closed.append(connection))
    async with database.reading() as connection, database.writing() as other:
        one, two = [(await each.get_raw_connection()).dbapi_connection for each in (connection, other)]
        await database.close()
        assert one not in closed and two not in closed
        assert await database.now(connection) > 0
    assert one in closed and two in closed
    assert await time_of(database) > 0


async def test_a_process_that_is_late_itself_blames_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "BEAT_S", 0.01)
    monkeypatch.setattr(pulse, "PATIENCE_S", 0.1)
    monkeypatch.setattr(pulse, "LATE_S", 0.05)
    database = databases.connect_file(tmp_path / "pleno.sqlite", clock)
    await migrate(database)
    told: list[bool] = []
    watching = Pulse(database, database, None, told.append)
    for _ in range(12):
        time.sleep(0.3)  # noqa: ASYNC251 - the event loop is held up, as on a machine that has too much to do
        for _ in range(3):
            await asyncio.sleep(0)
    assert told == []
    await watching.close()
    await database.close()
