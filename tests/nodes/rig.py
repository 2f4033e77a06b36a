"""Media engines of several nodes over one database, each with its real worker, without the rest of a server."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
from aiohttp import web
from sqlalchemy import insert

from server.http import nodes
from server.http.problems import problems
from server.services import SERVICES, Services
from server.store import database as databases
from server.store.database import Database
from server.store.keys import node_secret
from server.store.media_hosts import SqlMediaHosts
from server.store.migrations import migrate
from server.store.tables import sessions
from signaling.engine import MediaHost, PeerRef
from signaling.engine_embedded import EmbeddedEngine
from signaling.engine_link import NODE_HEADER, PATH
from signaling.engine_routing import RoutingEngine
from tests.fixtures.postgres import free_port
from tests.sfu.engine import Events
from tests.store.conftest import clock, emptied


class Node:
    """One of them. events: what its gateway would hear."""

    def __init__(self, database: Database, name: str, secret: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.name = name
        self.events = Events()
        self.hosts = SqlMediaHosts(database, name, self.url)
        self.engine = RoutingEngine(name, self.hosts, secret, self.events)
        self.worker: EmbeddedEngine | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, *, worker: bool = True) -> None:
        if worker:
            self.worker = EmbeddedEngine(
                host="127.0.0.1",
                port=0,
                announce=(),
                core="python",
                listener=self.engine.on_event,
                log=logging.getLogger("test.media"),
            )
            await self.worker.start()
        self.engine.start(self.worker)
        app = web.Application(middlewares=[problems])
        app[SERVICES] = cast(Services, SimpleNamespace(media_nodes=self.engine))
        nodes.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def die(self) -> None:
        """As others see a `kill -9`: connections break, nobody listens, the lease is not given up."""
        runner, self._runner = self._runner, None
        if runner is not None:
            assert runner.server is not None
            for connection in runner.server.connections:
                transport: Any = connection.transport
                if transport is not None:
                    transport.abort()
            await runner.cleanup()
        await self.engine.close()
        if self.worker is not None:
            await self.worker.close()

    async def figures(self, name: str) -> float:
        return float(self.engine.metrics()[name])


class Nodes:
    """The database they share, and those that were started."""

    def __init__(self, database: Database, secret: str, stack: AsyncExitStack) -> None:
        self.database, self.secret, self._stack = database, secret, stack

    async def start(self, name: str, *, worker: bool = True) -> Node:
        node = Node(self.database, name, self.secret)
        self._stack.push_async_callback(node.die)
        await node.start(worker=worker)
        return node

    async def host(self, room: str) -> MediaHost | None:
        return (await SqlMediaHosts(self.database, "", "").renew([room])).get(room)


@asynccontextmanager
async def installation(url: str, rooms: int) -> AsyncIterator[Nodes]:
    """Sessions room-0, room-1 … in an empty database, and no node yet."""
    database = databases.connect(url, clock)
    await emptied(database)
    await migrate(database)
    async with database.writing() as connection:
        rows = [{"id": f"room-{number}", "head": 0, "created_at": 0} for number in range(rooms)]
        await connection.execute(insert(sessions), rows)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        yield Nodes(database, await node_secret(database), stack)


def peer(room: str, name: str, hall: str | None = None) -> PeerRef:
    return PeerRef(room, f"peer-{name}", hall)


@asynccontextmanager
async def linked(node: Node, secret: str, name: str = "stranger.00000000") -> AsyncIterator[Any]:
    """A WebSocket to the node's media engine by somebody who knows that secret."""
    headers = {NODE_HEADER: name, "Authorization": f"Bearer {secret}"}
    async with aiohttp.ClientSession() as http, http.ws_connect(node.url + PATH, headers=headers) as socket:
        yield socket
