"""A node that alone loses the database: the front is told, its people go to the other, and it comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server import cut_off, nodes
from server.app import Running, running
from server.config import Settings
from server.nodes import LOST_S, STEADY_S, Span, alone
from server.store import database as databases
from signaling.gateway.leaving import CODE
from tests.fixtures.postgres import Cluster
from tests.fixtures.redis import Redis
from tests.http.conftest import built_client, until
from tests.nodes.several import carried, people_of
from tests.store.conftest import clock, emptied

CLOSED = 1  # a port where nobody listens
NOW = 1_000.0
HAS_IT = Span(0.0, NOW + 1)


@pytest.mark.parametrize(
    ("others", "read_at", "expected"),
    [
        ([HAS_IT], NOW - LOST_S, True),
        ([HAS_IT], NOW - LOST_S + 0.1, False),
        ([], NOW - 100, False),
        ([Span(0.0, NOW - 0.1)], NOW - 100, False),
        ([Span(NOW - LOST_S + 0.1, NOW + 1)], NOW - 100, False),
        ([Span(NOW - 1, NOW + 1), HAS_IT], NOW - 100, True),
    ],
    ids=["long gone", "a moment", "nobody to compare with", "gone for all", "back there first", "one of many has it"],
)
def test_a_database_that_is_away_for_all_is_away_for_nobody_alone(
    others: list[Span], read_at: float, expected: bool
) -> None:
    assert alone(others, NOW, read_at, NOW, already=False) is expected


def test_it_is_back_when_it_has_answered_for_a_while() -> None:
    assert alone([HAS_IT], NOW, NOW, NOW - STEADY_S + 0.1, already=True)
    assert not alone([HAS_IT], NOW, NOW, NOW - STEADY_S, already=True)
    assert not alone([], NOW, NOW - 100, NOW, already=True), "now it is away for all"


@dataclass
class Line:
    """TCP to a port of this machine, that can be cut."""

    to: int
    open: bool = True
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[int]:
        """The port it begins at."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            self.cut()

    def cut(self) -> None:
        self.open = False
        for writer in self.writers:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.to if self.open else CLOSED)
        except OSError:
            writer.transport.abort()
            return
        mine = {writer, back}
        self.writers |= mine
        await asyncio.gather(pump(reader, back), pump(there, writer))
        self.writers -= mine


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()


@asynccontextmanager
async def two(cluster: Cluster, redis: Redis, folder: Path, line: Line) -> AsyncIterator[tuple[Running, Running]]:
    """The second reaches the database by the line."""
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    static = built_client(folder / "static")
    first = Settings(port=0, data=folder / "one", demo=True, core="python", database=cluster.url, redis=redis.url)
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(line.laid())
        one = await stack.enter_async_context(running(first, static=static))
        url = cluster.url.replace(f":{cluster.port}/", f":{port}/")
        second = replace(first, data=folder / "two", demo=False, database=url)
        yield one, await stack.enter_async_context(running(second, static=static))


async def ready(server: Running) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession(server.url) as http, http.get("/readyz") as answer:
        return answer.status, await answer.json()


async def until_ready(server: Running, status: int) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            found, told = await ready(server)
            if found == status:
                return told
            await asyncio.sleep(0.1)


@pytest.mark.cluster
async def test_a_node_that_alone_loses_the_database_wants_nobody_until_it_is_back(
    cluster: Cluster, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "LOST_S", 3.0)
    monkeypatch.setattr(cut_off, "LEAVE_S", 1.0)
    line = Line(cluster.port)
    async with two(cluster, redis, tmp_path, line) as (one, other), people_of(one) as people:
        await until(lambda: carried(one) and carried(other))
        admission = await people.admission(one, "delegate", "pejuang")
        phone = await people.enter(other, admission)
        line.cut()
        told = await until_ready(other, 503)
        assert told == {"ready": False, "reasons": ["database_away_here"], "database": "away"}
        assert phone.of("notice") == [{"storage": "away"}]
        async with asyncio.timeout(60):
            await phone.closed.wait()
        assert phone.of("bye") == [{"code": CODE}]
        late = await people.enter(one, admission)
        assert (await ready(one))[0] == 200 and late.of("notice") == []
        line.open = True
        assert (await until_ready(other, 200))["database"] == "ok"
        await people.enter(other, admission)


@pytest.mark.cluster
async def test_nodes_that_all_lose_the_database_stay_ready(
    cluster: Cluster, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A front without any node would show people its own blank page."""
    monkeypatch.setattr(nodes, "LOST_S", nodes.STORED_S + 2.0)
    line = Line(cluster.port)
    async with two(cluster, redis, tmp_path, line) as both:
        await until(lambda: all(carried(server) for server in both))
        await asyncio.to_thread(cluster.stop)
        try:
            for _ in range(60):
                for server in both:
                    assert (await ready(server))[1]["reasons"] == []
                await asyncio.sleep(0.2)
        finally:
            await asyncio.to_thread(cluster.start)
        for server in both:
            assert (await until_ready(server, 200))["ready"]
