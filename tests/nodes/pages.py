"""Pages of people on a node: a connection each, and its media as the page would use them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from server.app import Running
from signaling.engine import Direction, EngineError, MediaEvent, PeerRef, Shown, Source
from tests.gateway.served import Wire, dial
from tests.http.conftest import cards
from tests.sfu.engine import ROOM, Events


class Page:
    """signaling.engine.Engine over one connection: `media` messages there, what the node says of media to `events`."""

    def __init__(self, wire: Wire, name: str) -> None:
        self.wire = wire
        self.peer = PeerRef(ROOM, name, None)
        self.events = Events()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        told: list[Any] = []
        while not self.wire.closed.is_set():
            await self.wire.until(lambda: len(self.wire.of("media")) > len(told) or self.wire.closed.is_set(), 600)
            for data in self.wire.of("media")[len(told) :]:
                told.append(data)
                peer = None if data["event"] == "reset" else self.peer.peer
                self.events(MediaEvent(data["event"], ROOM, peer, data))

    async def _ask(self, method: str, **data: Any) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await self.wire.call("media", {"method": method, **data})
        if not answer["ok"]:
            raise EngineError(answer["code"], **answer["data"])
        return answer

    async def publish(self, peer: PeerRef, sdp: str, tracks: Mapping[str, Source]) -> str:
        wanted = [{"mid": mid, "source": source} for mid, source in tracks.items()]
        return str((await self._ask("publish", sdp=sdp, tracks=wanted))["sdp"])

    async def show(self, peer: PeerRef, shown: Shown) -> None:
        await self._ask("show", halls=list(shown.halls), stage=shown.stage, audio=shown.audio)

    async def answer(self, peer: PeerRef, generation: int, sdp: str) -> None:
        await self._ask("answer", generation=generation, sdp=sdp)

    async def direct(self, room: str, direction: Direction) -> None:
        raise AssertionError("pages direct nothing")

    async def leave(self, peer: PeerRef, what: str) -> None:
        await self._ask("leave", what=what)

    async def close(self) -> None:
        await self.wire.close()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)


async def credential(server: Running, issuer: Running, role: str, hall: str | None = None) -> str:
    """Of somebody with a pass of the demonstration, which `issuer` built; exchanged at `server`."""
    card = next(card for card in cards(issuer) if card["role"] == role and hall in (None, card.get("hall")))
    async with aiohttp.ClientSession(server.url) as http:
        async with http.post("/api/passes/exchange", json={"token": card["token"]}) as answer:
            return str((await answer.json())["credential"])


@asynccontextmanager
async def page(server: Running, issuer: Running, role: str, hall: str | None = None) -> AsyncIterator[Page]:
    wire = await dial(server.url, {"credential": await credential(server, issuer, role, hall)})
    assert wire.refused is None
    opened = Page(wire, f"{role}-{hall}")
    try:
        yield opened
    finally:
        await opened.close()
