"""Debian's Chromium as a media client: pages of page.html joined to an EmbeddedEngine."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from signaling.engine import EngineError, MediaEvent, PeerRef, Shown
from signaling.engine_embedded import EmbeddedEngine
from tests.fixtures.prerequisites import require
from tests.sfu.engine import Events

PAGE = Path(__file__).with_name("page.html")
FLAGS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
)


def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        require("chromium", "apt-get install chromium")
    return path


class Client:
    """One page that publishes and watches as a peer."""

    def __init__(self, page: Page, engine: EmbeddedEngine, events: Events, peer: PeerRef) -> None:
        self.page, self.engine, self.peer = page, engine, peer
        self._tasks: set[asyncio.Task[Any]] = set()
        events.listen(peer.peer, self._on_event)

    async def publish(self, **options: Any) -> None:
        await self.page.evaluate("([name, options]) => publish(name, options)", [self.peer.peer, options])

    async def restart_publish(self) -> None:
        await self.page.evaluate("name => offer(name, true)", self.peer.peer)

    async def watch(self) -> None:
        await self.page.evaluate("name => watch(name)", self.peer.peer)

    async def show(self, *halls: str, stage: bool = False, audio: bool = False, restart: bool = False) -> None:
        await self.engine.show(self.peer, Shown(halls, stage, audio, restart))

    async def get(self, what: str) -> Any:
        return await self.page.evaluate(f"name => clients[name].{what}", self.peer.peer)

    async def received(self) -> dict[str, dict[str, Any]]:
        """Receiver statistics by mid."""
        return dict(await self.page.evaluate("name => received(name)", self.peer.peer))

    async def sent(self) -> list[dict[str, Any]]:
        return list(await self.page.evaluate("name => sent(name)", self.peer.peer))

    async def slot(self, use: str, hall: str | None = None) -> dict[str, Any] | None:
        """Statistics of the first slot of this use that carries this hall."""
        slots, received = await self.get("slots"), await self.received()
        for mid, slot in slots.items():
            if slot["use"] == use and (hall is None or slot["hall"] == hall) and slot["source"] is not None:
                return received.get(mid)
        return None

    async def until(self, use: str, hall: str | None, fits: Any, timeout: float = 30) -> dict[str, Any]:
        """Statistics of the slot as soon as they fit. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while True:
                row = await self.slot(use, hall)
                if row is not None and fits(row):
                    return row
                await asyncio.sleep(0.03)

    def _on_event(self, event: MediaEvent) -> None:
        task = asyncio.ensure_future(self._tell({"event": event.kind, **event.data}))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, event: dict[str, Any]) -> None:
        await self.page.evaluate("([name, event]) => onMedia(name, event)", [self.peer.peer, event])

    async def signal(self, method: str, payload: dict[str, Any]) -> dict[str, Any]:
        try:
            if method == "publish":
                tracks = {each["mid"]: each["source"] for each in payload["tracks"]}
                return {"ok": True, "sdp": await self.engine.publish(self.peer, payload["sdp"], tracks)}
            await self.engine.answer(self.peer, payload["generation"], payload["sdp"])
        except EngineError as error:
            return {"ok": False, "code": error.code, "data": error.data}
        return {"ok": True}


class Pages:
    """Opens pages of one browser."""

    def __init__(self, browser: Browser, url: str, engine: EmbeddedEngine, events: Events) -> None:
        self._browser, self._url, self._engine, self._events = browser, url, engine, events
        self._clients: dict[str, Client] = {}

    async def open(self, peer: PeerRef) -> Client:
        page = await self._browser.new_page()
        client = self._clients[peer.peer] = Client(page, self._engine, self._events, peer)
        await page.expose_function("signal", self._signal)
        await page.goto(self._url)
        return client

    async def _signal(self, name: str, method: str, payload: dict[str, Any]) -> dict[str, Any]:
        return await self._clients[name].signal(method, payload)


@asynccontextmanager
async def browsing(engine: EmbeddedEngine, events: Events) -> AsyncIterator[Pages]:
    """A browser with a fake camera and microphone, and the server of its page."""
    executable = chromium()
    app = web.Application()

    async def page(request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE)

    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
            try:
                yield Pages(browser, f"http://127.0.0.1:{port}/", engine, events)
            finally:
                await browser.close()
    finally:
        await runner.cleanup()
