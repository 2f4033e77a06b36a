"""Every test of the store runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from server.store import database as databases
from server.store.database import Database
from server.store.migrations import migrate
from tests.fixtures import postgres
from tests.fixtures.postgres import cluster

__all__ = ["cluster", "database", "url"]


def clock() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'pleno.sqlite'}"
    found: postgres.Cluster = request.getfixturevalue("cluster")
    return found.url


async def emptied(connected: Database) -> None:
    """A cluster is shared by the tests of a run; a file is new for each."""
    if not connected.is_sqlite:
        async with connected.writing() as connection:
            await connection.execute(text("drop schema public cascade"))
            await connection.execute(text("create schema public"))


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    connected = databases.connect(url, clock)
    await emptied(connected)
    await migrate(connected)
    yield connected
    await connected.close()
