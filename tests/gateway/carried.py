"""A Carrier on a free port with a receiver that records and echoes, for tests of the transport alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from sessions.errors import Refused
from signaling.gateway import packets
from signaling.gateway.fanout import Carrier
from signaling.gateway.link import Link
from signaling.gateway.ports import GatewaySettings


class Echo:
    """Admits whoever does not say {"refuse": code}; answers `echo` with its payload, `slow` after a while."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.events: list[tuple[str, Any]] = []
        self.lost = 0
        self.allowance: int | None = None

    async def opened(self, link: Link, auth: Any, headers: Mapping[str, str]) -> None:
        await asyncio.sleep(0)
        if isinstance(auth, dict) and "refuse" in auth:
            raise Refused(auth["refuse"])
        self.links.append(link)

    def allowed(self, link: Link) -> bool:
        if self.allowance is None:
            return True
        self.allowance -= 1
        return self.allowance >= 0

    def received(self, link: Link, event: packets.Event) -> None:
        self.events.append((event.name, event.payload))
        match event.name:
            case "echo":
                link.ack(event.reply, event.payload)
            case "dismiss":
                link.dismiss("replaced")
            case "drop":
                link.drop()

    def closed(self, link: Link) -> None:
        self.links.remove(link)
        self.lost += 1


@asynccontextmanager
async def serving(**settings: Any) -> AsyncIterator[tuple[Carrier, Echo, str]]:
    """Yields carrier, receiver and base URL."""
    echo = Echo()
    carrier = Carrier(echo, GatewaySettings(**settings))
    app = web.Application()
    carrier.attach(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield carrier, echo, f"http://127.0.0.1:{port}"
    finally:
        await carrier.close()
        await runner.cleanup()


async def until(condition: Any, seconds: float = 30.0) -> None:
    """Wait until condition() is true."""
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("did not happen in time")
