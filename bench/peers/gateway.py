"""The gateway of this project in a process of its own, for bench.realtime: real Desk, SQLite store and sockets."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web

from bench.sockets import raise_descriptor_limit
from server.app import settle
from server.clock import wall_ms
from server.desks import new_id
from server.store.ballot_box import SqlBallotBox
from server.store.database import connect_file
from server.store.journal import SqlJournal
from server.store.keys import signing_key
from server.store.migrations import migrate
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import HallId, PassId, SeatId, SessionId
from sessions.permissions import Actor, Role
from signaling.gateway.app import Gateway
from signaling.gateway.ports import Admission, GatewaySettings

SESSION = SessionId("bench")
HALL = HallId("aula")
SYSTEM = Actor(SESSION, Role.SYSTEM, PassId("system"))
MODERATOR = Actor(SESSION, Role.MODERATOR, PassId("moderator"))
CARD_BYTES = 240  # of one proposal with an empty title as a phone sees it, at least


class OpenDoor:
    """Admits delegate n with the credential "n"."""

    async def admit(self, credential: str, session: SessionId | None = None, kiosk: Actor | None = None) -> Admission:
        seat = SeatId(f"seat-{int(credential)}")
        return Admission(Actor(SESSION, Role.DELEGATE, PassId(seat), seat, HALL), wall_ms() + 10**9)


class Only:
    """One desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def desk(self, session: SessionId) -> Desk:
        if session != SESSION:
            raise Refused("unknown_session")
        return self._desk


async def submit(desk: Desk, key: str, name: str, data: Any, actor: Actor = SYSTEM) -> Any:
    return (await desk.submit(name, data, actor, f"bench-{key}")).result


async def prepare(desk: Desk, seats: int) -> None:
    session = {"title": "B", "kind": "plenary", "place": "B", "date": "2018-01-23"}
    await submit(desk, "create", "session.create", session)
    await submit(desk, "hall-add", "hall.add", {"hall": HALL, "name": "Aula"})
    add = [
        submit(desk, f"seat-{number}", "seat.add", {"seat": f"seat-{number}", "hall": HALL, "office": "Ketua RW"})
        for number in range(seats)
    ]
    await asyncio.gather(*add)
    await submit(desk, "open-session", "session.open", {}, MODERATOR)


def drafts(payload_bytes: int) -> list[dict[str, Any]]:
    """Proposals whose cards together make a frame of at least about that size."""
    number = payload_bytes // 440 + 1
    title = "Perbaikan saluran drainase dan jalan lingkungan " * 8
    length = max(8, payload_bytes // number - CARD_BYTES)
    return [{"title": title[: min(length, 240)].strip(), "hall": HALL} for _ in range(number)]


def resident_kb() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def routes(desk: Desk, gateway: Gateway) -> web.Application:
    app = web.Application()
    gateway.attach(app)
    published: dict[str, float] = {}
    desk.watch(lambda before, after: published.update(at=time.perf_counter()))
    counter = iter(range(10**9))

    async def cpu(_: web.Request) -> web.Response:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return web.json_response({"cpu_s": used.ru_utime + used.ru_stime, "rss_kb": resident_kb()})

    async def emit(request: web.Request) -> web.Response:
        """One command, hence one frame. at: when the state was published, asked_at: when the command was given."""
        asked_at = time.perf_counter()
        rows = drafts(int(request.query["bytes"]))
        await submit(desk, f"import-{next(counter)}", "proposals.import", {"proposals": rows})
        return web.json_response({"at": published["at"], "asked_at": asked_at})

    async def ballot(request: web.Request) -> web.Response:
        options = [{"label": "A"}, {"label": "B"}]
        data = {"title": "B", "options": options, "choose_max": 1, "secrecy": "open"}
        return web.json_response(await submit(desk, f"ballot-{next(counter)}", "ballot.open", data, MODERATOR))

    async def warm(_: web.Request) -> web.Response:
        settle()
        return web.json_response({})

    app.router.add_get("/cpu", cpu)
    app.router.add_get("/emit", emit)
    app.router.add_get("/ballot", ballot)
    app.router.add_get("/warm", warm)
    return app


async def serve(seats: int, folder: Path) -> None:
    database = connect_file(folder / "bench.sqlite", wall_ms)
    await migrate(database)
    box = SqlBallotBox(database)
    desk = Desk(SESSION, SqlJournal(database), box, new_id=new_id)
    await prepare(desk, seats)
    settings = GatewaySettings(max_clients=seats + 100)
    sealer = await signing_key(database)
    gateway = Gateway(Only(desk), OpenDoor(), sealer, None, clock=wall_ms, settings=settings, box=box)
    runner = web.AppRunner(routes(desk, gateway), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    print(json.dumps({"host": f"127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.to_thread(sys.stdin.read)  # until the bench closes its end
    await gateway.close()
    await runner.cleanup()
    await desk.close()
    await database.close()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seats", type=int, required=True)
    seats = arguments.parse_args().seats
    raise_descriptor_limit(seats + 200)
    with tempfile.TemporaryDirectory(prefix="pleno-bench-") as folder:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(seats, Path(folder)))
