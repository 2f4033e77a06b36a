"""A node whose machine has the wrong time: it is on the database's before it does anything by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from server import app
from server.clock import wall_ms
from server.config import Settings
from server.store import database as databases
from server.store.passes import SqlPasses
from tests.fixtures.postgres import Cluster
from tests.http.conftest import built_client
from tests.store.conftest import clock, emptied

YEAR_MS = 366 * 24 * 3600 * 1000


async def test_a_machine_a_year_ahead_forgets_no_credential_that_is_good(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ahead() -> int:
        return wall_ms() + YEAR_MS

    async def forget_expired(_: SqlPasses, before: int) -> int:
        asked.append(before)
        return 0

    asked: list[int] = []
    monkeypatch.setattr(app, "wall_ms", ahead)
    monkeypatch.setattr(SqlPasses, "forget_expired", forget_expired)
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    settings = Settings(port=0, data=tmp_path / "data", core="python", database=cluster.url)
    async with app.running(settings, clock=ahead, static=built_client(tmp_path / "static")):
        assert asked and abs(asked[0] - wall_ms()) < 60_000
