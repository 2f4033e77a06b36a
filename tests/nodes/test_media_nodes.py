"""Media across whole servers: pages of one node see those of another, also after the one that carries them died."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from server.app import Running, running
from server.config import Settings
from server.media_nodes import media_nodes
from server.store import database as databases
from server.store.opening import open_store
from sessions.ids import PassId, SessionId
from sessions.permissions import Actor, Role
from signaling.engine import MediaHost
from tests.fixtures import postgres
from tests.http.conftest import built_client
from tests.nodes.pages import Page, page
from tests.sfu.engine import ROOM, eventually
from tests.sfu.stock_peer import Picture, Publisher, Seen, Subscriber, Tone
from tests.store.conftest import clock, emptied

HALL = "pejuang"
HERE = Path(__file__).resolve().parents[2]
MODERATOR = Actor(SessionId(ROOM), Role.MODERATOR, PassId("moderator"))


def settings_of(name: str, folder: Path, cluster: postgres.Cluster) -> Settings:
    port = postgres.free_port()
    url = f"http://127.0.0.1:{port}"
    return Settings(port=port, data=folder / name, database=cluster.url, core="python", node=name, internal=url)


@pytest.fixture
async def one(tmp_path: Path, cluster: postgres.Cluster) -> AsyncIterator[Running]:
    """A node, in a database with the demonstration."""
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    settings = replace(settings_of("one", tmp_path, cluster), demo=True)
    async with running(settings, static=built_client(tmp_path / "static")) as server:
        yield server


@asynccontextmanager
async def process_of(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """A node of its own process, once it answers."""
    options = {"data": settings.data, "database": settings.database, "core": settings.core, "node": settings.node}
    options |= {"port": settings.port, "internal": settings.internal}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", "serve"),
        *(f"--{name}={value}" for name, value in options.items()),
        cwd=HERE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 60)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Scene:
    """What pages publish and watch; closed at the end."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def publish(self, hall: Page, colour: str) -> None:
        publisher = Publisher(hall, hall.peer, {"mic": Tone(), "camera": Picture(colour)})
        self._stack.push_async_callback(publisher.close)
        await publisher.start()

    async def watch(self, screen: Page) -> Subscriber:
        subscriber = Subscriber(screen, screen.events, screen.peer)
        self._stack.push_async_callback(subscriber.close)
        await subscriber.show(HALL, stage=True, audio=True)
        return subscriber


async def seeing(screen: Subscriber, use: str, colour: str) -> Seen:
    """Wait until pictures of this colour go on coming."""

    def check() -> Seen | None:
        seen = screen.slot(use, HALL)
        return seen if seen is not None and seen.colour == colour else None

    seen: Seen = await eventually(check)
    frames = seen.frames
    await eventually(lambda: seen.frames > frames + 5)
    return seen


async def host(server: Running) -> MediaHost:
    assert server.services.media_nodes is not None
    return (await server.services.media_nodes._hosts.renew([ROOM]))[ROOM]


async def synced(page: Page) -> None:
    """From here on it is told what goes on."""
    upto = (await page.wire.call("sync", {"after": None}))["upto"]
    assert not (await page.wire.call("sync", {"after": upto}))["resync"]


def publishes(page: Page) -> bool:
    """Whether it was told that the hall does: what the node that carries the session sees."""
    told = page.wire.of("presence")
    return bool(told) and told[-1]["halls"][HALL]["publishing"]


@pytest.mark.cluster
async def test_pages_of_two_nodes_see_each_other_and_go_on_when_the_node_that_carries_them_is_killed(
    one: Running, tmp_path: Path, cluster: postgres.Cluster
) -> None:
    killed = settings_of("killed", tmp_path, cluster)
    async with AsyncExitStack() as stack:
        process = await stack.enter_async_context(process_of(killed))
        far = await stack.enter_async_context(page(replace(one, url=killed.internal), one, "screen"))
        hall, near = [await stack.enter_async_context(page(one, one, role)) for role in ("hall", "screen")]
        scene = Scene(stack)
        watcher = await scene.watch(far)  # the first that needs it, so its node carries the room
        assert (await host(one)).node.startswith("killed.")
        await scene.publish(hall, "red")
        await seeing(watcher, "thumb", "red")
        heard = await eventually(lambda: watcher.slot("audio", HALL))
        await eventually(lambda: len(heard.loudness) == 25 and heard.loudness[-1] > 0.01)
        desk = await one.services.desks.desk(SessionId(ROOM))
        await desk.submit("stage.spotlight", {"hall": HALL}, MODERATOR, "spotlight-1")
        await seeing(watcher, "stage", "red")
        await seeing(await scene.watch(near), "thumb", "red")
        await synced(near)
        await near.wire.until(lambda: publishes(near), 30)
        figures = one.services.media_metrics()
        assert (figures["rooms_elsewhere"], figures["links_up"], figures["transports"]) == (1, 1, 0)
        began = asyncio.get_running_loop().time()
        process.send_signal(signal.SIGKILL)
        for each in (hall, near):
            await each.events.wait("reset", None, lambda data: data["code"] == "media_moved")
        told = asyncio.get_running_loop().time()
        await scene.publish(hall, "green")
        again = await scene.watch(near)
        await seeing(again, "thumb", "green")
        await seeing(again, "stage", "green")
        seen = asyncio.get_running_loop().time()
        print(f"killed; people were told after {told - began:.1f} s, saw again after {seen - told:.1f} s more")
        await near.wire.until(lambda: publishes(near), 30)
        found = await host(one)
        assert found.node.startswith("one.") and found.epoch == 2


async def test_a_node_that_no_other_reaches_or_that_is_alone_leases_nothing(
    tmp_path: Path, cluster: postgres.Cluster
) -> None:
    given = settings_of("alone", tmp_path, cluster)
    for settings, leases in (
        (given, True),
        (replace(given, internal=""), False),
        (replace(given, database=None), False),
    ):
        url = settings.database or f"sqlite:///{tmp_path / 'pleno.sqlite'}"
        store = await open_store(databases.connect(url, clock))
        assert (await media_nodes(settings, store, lambda event: None) is not None) is leases
        await store.database.close()
