"""Two servers on one PostgreSQL, and people who are connected to either."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
import pytest_asyncio

from server.app import Running, running
from server.config import Settings
from server.nodes import Nodes
from server.store import database as databases
from sessions.desk import Desk
from sessions.ids import PassId, SessionId
from sessions.permissions import Actor, Role
from tests.fixtures.postgres import Cluster
from tests.fixtures.redis import Redis
from tests.gateway.served import Wire, dial
from tests.http.conftest import built_client, until
from tests.nodes.pages import credential
from tests.store.conftest import clock, emptied

SESSION = SessionId("bekasi-2018")
MODERATOR = Actor(SESSION, Role.MODERATOR, PassId("moderator"))


@asynccontextmanager
async def two_nodes(cluster: Cluster, folder: Path, redis: str | None = None) -> AsyncIterator[tuple[Running, Running]]:
    """Over an emptied database with the demonstration in it."""
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    static = built_client(folder / "static")
    first = Settings(port=0, data=folder / "one", demo=True, core="python", database=cluster.url, redis=redis)
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(running(first, static=static))
        second = replace(first, data=folder / "two", demo=False)
        yield one, await stack.enter_async_context(running(second, static=static))


def known(server: Running) -> Nodes:
    found = server.services.nodes
    assert found is not None
    return found


def carried(server: Running) -> bool:
    """Whether Redis carries what this node says."""
    return known(server).areas["bus"]()["up"] == 1.0


async def die(server: Running) -> None:
    """As if it were killed: it says nothing any more, not even goodbye."""
    nodes = known(server)
    for task in [*nodes._tasks, *([] if nodes._bus is None else nodes._bus._tasks)]:
        task.cancel()
    for plenary in server.services.gateway._plenaries.values():
        await plenary.close()


async def desk(server: Running) -> Desk:
    return await server.services.desks.desk(SESSION)


Both = tuple[Running, Running, Redis]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Both]:
    """Two nodes with a Redis between them, for all tests of this module; each leaves them as it found them."""
    between = Redis.create()
    try:
        async with two_nodes(cluster, tmp_path_factory.mktemp("both"), between.url) as (one, two):
            await until(lambda: carried(one) and carried(two))
            await (await desk(one)).submit("session.open", {}, MODERATOR, "open-0001")
            yield one, two, between
    finally:
        between.close()


class People:
    """Connections that end with the test. one: the node that built the demonstration and has its cards."""

    _exchanged: ClassVar[dict[tuple[str, str, str | None], str]] = {}

    def __init__(self, one: Running) -> None:
        self._one = one
        self._wires: list[Wire] = []

    async def join(self, server: Running, role: str, hall: str | None = None) -> Wire:
        """Somebody with a card of this role, in step with the session."""
        return await self.enter(server, await self.admission(server, role, hall))

    async def admission(self, server: Running, role: str, hall: str | None = None) -> str:
        """A credential; it is good on every node. A card is exchanged once: later it would be claimed."""
        card = self._one.url, role, hall
        if card not in self._exchanged:
            self._exchanged[card] = await credential(server, self._one, role, hall)
        return self._exchanged[card]

    async def enter(self, server: Running, admission: str) -> Wire:
        wire = await dial(server.url, {"credential": admission})
        self._wires.append(wire)
        assert wire.refused is None
        await synced(wire)
        return wire

    async def close(self) -> None:
        for wire in self._wires:
            await wire.close()


@asynccontextmanager
async def people_of(one: Running) -> AsyncIterator[People]:
    people = People(one)
    try:
        yield people
    finally:
        await people.close()


async def synced(wire: Wire) -> Any:
    answer = await wire.call("sync", {"after": None})
    if answer["resync"]:
        answer = await wire.call("sync", {"after": answer["upto"]})
    assert answer["ok"] and not answer["resync"]
    return answer["me"]


def halls(wire: Wire) -> dict[str, Any]:
    """Presence as this page last heard it."""
    told = wire.of("presence")
    return dict(told[-1]["halls"]) if told else {}


def participants(wire: Wire) -> int:
    told = wire.of("presence")
    return int(told[-1]["participants"]) if told else -1
