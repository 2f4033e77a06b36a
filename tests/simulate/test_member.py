"""A simulated client at a server that is slow, sends it away, or turns it away at the door."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import socketio
from aiohttp import web
from aiohttp.test_utils import TestServer

from server.simulate import member as members
from server.simulate.main import parser, shares
from server.simulate.member import Member
from tests.sfu.engine import eventually

SLOW_S = 1.5  # longer than the second that python-socketio waits when nothing is said


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "FIRST_S", 0.05)


@asynccontextmanager
async def serving(
    slow_s: float = 0.0,
    refusals: Sequence[str] = (),
    byes: Sequence[str] = (),
    gap: asyncio.Event | None = None,
) -> AsyncIterator[Any]:
    """Its address and the sockets that came. refusals: of the first of them; byes: to the first that are caught up.

    gap: who is caught up hears a frame after one that never came; set once the snapshot is asked for, never sent.
    """
    came: list[str] = []
    synced: list[str] = []
    refused, told = iter(refusals), iter(byes)
    server = socketio.AsyncServer(async_mode="aiohttp")
    app = web.Application()
    server.attach(app)

    async def exchange(request: web.Request) -> web.Response:
        return web.json_response({"credential": "c", "identity": {"session": "s"}})

    async def snapshot(request: web.Request) -> web.Response:
        if gap is not None and synced:
            gap.set()
            await asyncio.Event().wait()
        return web.json_response({"after": 0, "upto": 1, "changes": []})

    @server.event
    async def connect(sid: str, environ: Any, auth: Any) -> None:
        came.append(sid)
        await asyncio.sleep(slow_s)
        if code := next(refused, ""):
            raise socketio.exceptions.ConnectionRefusedError(code)

    @server.event
    async def sync(sid: str, message: Any) -> dict[str, Any]:
        synced.append(sid)
        if code := next(told, ""):
            server.start_background_task(send_away, sid, code)
        if gap is not None and len(synced) == 1:
            server.start_background_task(skip_one, sid)
        return {"ok": True, "me": {}, "resync": len(synced) > 1}

    async def skip_one(sid: str) -> None:
        await asyncio.sleep(0.05)  # after the answer
        await server.emit("frame", {"after": 7, "upto": 8, "changes": []}, to=sid)

    async def send_away(sid: str, code: str) -> None:
        await asyncio.sleep(0.05)  # after the answer
        await server.emit("bye", {"code": code}, to=sid)
        await server.disconnect(sid)

    app.router.add_post("/api/passes/exchange", exchange)
    app.router.add_get("/api/sessions/s/snapshot", snapshot)
    runner = web.AppRunner(app, shutdown_timeout=1)
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
    async with serving(SLOW_S) as (url, came), aiohttp.ClientSession() as http:
        member = Member(http, url, {"label": "Aula Pejuang", "token": "t"})
        running = asyncio.create_task(member.run())
        try:
            await asyncio.wait_for(member.live.wait(), 30)
            assert len(came) == 1
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def joining(url: str) -> AsyncIterator[asyncio.Task[None]]:
    async with aiohttp.ClientSession() as http:
        running = asyncio.create_task(Member(http, url, {"label": "Ketua RW 07", "token": "t"}).run())
        yield running
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("code", ["node_drained", "rate_limited"])
async def test_a_member_comes_back_after_a_farewell_that_is_not_meant_for_good(code: str) -> None:
    async with serving(byes=[code, code]) as (url, came), joining(url) as running:
        await eventually(lambda: len(came) == 3)
        assert not running.done()


@pytest.mark.parametrize("code", ["replaced", "pass_revoked", "pass_moved", "session_sealed", "logged_out"])
async def test_a_member_that_is_told_to_go_for_good_does_not_come_back(code: str) -> None:
    async with serving(byes=[code]) as (url, came), joining(url) as running:
        await asyncio.wait_for(running, 30)
        assert len(came) == 1


async def test_a_member_waits_for_room_and_shows_its_card_again_when_its_credential_has_ended() -> None:
    async with serving(refusals=["server_full", "credential_expired"]) as (url, came), joining(url) as running:
        await eventually(lambda: len(came) == 3)
        assert not running.done()


async def test_a_member_that_the_door_refuses_for_good_stays_away() -> None:
    async with serving(refusals=["pass_revoked"]) as (url, came), joining(url) as running:
        await asyncio.wait_for(running, 30)
        assert len(came) == 1


async def test_a_member_that_leaves_while_it_catches_up_leaves_nothing_behind() -> None:
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    asked = asyncio.Event()
    async with serving(gap=asked) as (url, _came):
        async with joining(url):
            await asyncio.wait_for(asked.wait(), 30)
        await asyncio.sleep(0.1)  # its connections are closed now; whoever still used one failed
        gc.collect()
    assert faults == []


async def test_a_crowd_is_divided_among_processes_and_halls_have_one_of_their_own() -> None:
    asked = parser().parse_args(["--seats", "1200", "--halls", "12", "--skip-seats", "7"])
    halls, *crowds = [parser().parse_args(["--seats", "1200", "--halls", "12", *share]) for share in shares(asked)]
    assert (halls.halls, halls.seats) == (12, 0)
    assert [(one.halls, one.skip_seats, one.seats) for one in crowds] == [(0, 7, 500), (0, 507, 500), (0, 1007, 200)]
    assert len({one.seed for one in [halls, *crowds]}) == 4
    assert shares(parser().parse_args(["--seats", "500", "--halls", "12"])) == []


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
