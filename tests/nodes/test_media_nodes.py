"""Media across nodes: a room is carried by one of them, and clients of the others reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.app import Running, running
from server.config import Settings
from server.store import database as databases
from tests.fixtures import postgres
from tests.http.conftest import built_client
from tests.nodes.pages import page
from tests.sfu.engine import eventually
from tests.sfu.stock_peer import Picture, Publisher, Seen, Subscriber, Tone
from tests.store.conftest import clock, emptied


def settings_of(name: str, folder: Path, cluster: postgres.Cluster) -> Settings:
    port = postgres.free_port()
    return Settings(
        port=port,
        data=folder / name,
        database=cluster.url,
        core="python",
        node=name,
        internal=f"http://127.0.0.1:{port}",
        demo=name == "one",
    )


@pytest.fixture
async def nodes(tmp_path: Path, cluster: postgres.Cluster) -> AsyncIterator[list[Running]]:
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    static = built_client(tmp_path / "static")
    async with AsyncExitStack() as stack:
        every = [settings_of(name, tmp_path, cluster) for name in ("one", "two")]
        yield [await stack.enter_async_context(running(each, static=static)) for each in every]


async def seeing(screen: Subscriber, hall: str, colour: str) -> Seen:
    def check() -> Seen | None:
        seen = screen.slot("thumb", hall)
        return seen if seen is not None and seen.colour == colour else None

    seen: Seen = await eventually(check)
    frames = seen.frames
    await eventually(lambda: seen.frames > frames + 5)
    return seen


async def test_a_screen_on_one_node_sees_and_hears_a_hall_on_another(nodes: list[Running]) -> None:
    one, two = nodes
    async with page(one, one, "hall") as hall, page(two, one, "screen") as screen:
        name = "pejuang"
        publisher = Publisher(hall, hall.peer, {"mic": Tone(), "camera": Picture("red")})
        await publisher.start()
        watcher = Subscriber(screen, screen.events, screen.peer)
        await watcher.show(name, audio=True)
        await seeing(watcher, name, "red")
        print(one.services.media_metrics(), two.services.media_metrics())
        await publisher.close()
        await watcher.close()
