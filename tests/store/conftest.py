"""Every test of the store runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from server.store import database as databases
from server.store.database import Database
from server.store.migrations import migrate
from tests.fixtures import postgres


def clock() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    running = postgres.create()
    yield running
    postgres.remove(running)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'pleno.sqlite'}"
    found: postgres.Cluster = request.getfixturevalue("cluster")
    return found.url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    connected = databases.connect(url, clock)
    if not connected.is_sqlite:
        async with connected.writing() as connection:
            await connection.execute(text("drop schema public cascade"))
            await connection.execute(text("create schema public"))
    await migrate(connected)
    yield connected
    await connected.close()
