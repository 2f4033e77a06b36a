"""A simulated client at a server that is slow to answer, as right after a restart under load."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import socketio
from aiohttp import web
from aiohttp.test_utils import TestServer

from server.simulate.member import Member

SLOW_S = 1.5  # longer than the second that python-socketio waits when nothing is said


@asynccontextmanager
async def slow_server() -> AsyncIterator[tuple[str, list[str]]]:
    """A server whose sockets take long to be let in; its address and the sockets that came."""
    came: list[str] = []
    server = socketio.AsyncServer(async_mode="aiohttp")
    app = web.Application()
    server.attach(app)

    async def exchange(request: web.Request) -> web.Response:
        return web.json_response({"credential": "c", "identity": {"session": "s"}})

    async def snapshot(request: web.Request) -> web.Response:
        return web.json_response({"after": 0, "upto": 1, "changes": []})

    @server.event
    async def connect(sid: str, environ: Any, auth: Any) -> None:
        came.append(sid)
        await asyncio.sleep(SLOW_S)

    @server.event
    async def sync(sid: str, message: Any) -> dict[str, Any]:
        return {"ok": True, "me": {}, "resync": False}

    app.router.add_post("/api/passes/exchange", exchange)
    app.router.add_get("/api/sessions/s/snapshot", snapshot)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    try:
        yield f"http://127.0.0.1:{port}", came
    finally:
        await runner.cleanup()


async def test_a_member_waits_for_a_slow_server_instead_of_knocking_again_and_again() -> None:
    async with slow_server() as (url, came), aiohttp.ClientSession() as http:
        member = Member(http, url, {"label": "Aula Pejuang", "token": "t"})
        running = asyncio.create_task(member.run())
        try:
            await asyncio.wait_for(member.live.wait(), 30)
            assert len(came) == 1
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_a_card_that_another_device_holds_is_taken_over_with_its_pin() -> None:
    asked: list[dict[str, str]] = []

    async def exchange(request: web.Request) -> web.Response:
        asked.append(await request.json())
        if "pin" not in asked[-1]:
            return web.json_response({"code": "pass_claimed"}, status=409)
        return web.json_response({"credential": "c", "identity": {"session": "s"}})

    app = web.Application()
    app.router.add_post("/api/passes/exchange", exchange)
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        card = {"label": "Ketua RW 07", "token": "t", "pin": "123456"}
        for _ in range(2):
            await Member(http, str(server.make_url("")), card)._exchange()
    assert [one.get("pin") for one in asked] == [None, "123456"] * 2
    assert len({one["device"] for one in asked}) == 1, "a second run is the same device"
