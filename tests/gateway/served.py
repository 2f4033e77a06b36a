"""A Gateway on a free port over the real Desk and store, and a client that speaks the wire by hand."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from server.store import tables
from server.store.ballot_box import chosen
from server.store.opening import Store
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import SessionId
from sessions.permissions import Actor, Role
from signaling.engine import Direction, EngineError, PeerRef, Shown
from signaling.gateway.app import Gateway
from signaling.gateway.ports import Admission, GatewaySettings, Relays
from tests.fixtures import stores
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DELEGATE_11,
    DELEGATE_GUEST,
    HALL_JATIASIH,
    HALL_PEJUANG,
    MODERATOR,
    PUBLIC,
    SCREEN,
    SESSION,
    SYSTEM,
)

PEOPLE = {
    "moderator": MODERATOR,
    "admin": ADMIN,
    "screen": SCREEN,
    "public": PUBLIC,
    "hall-pejuang": HALL_PEJUANG,
    "hall-jatiasih": HALL_JATIASIH,
    "seat-07": DELEGATE_07,
    "seat-11": DELEGATE_11,
    "guest": DELEGATE_GUEST,
}
GUEST_RIGHTS = {"voice": False, "vote": False}
FAR = 4_000_000_000_000


_keys = itertools.count()  # never twice, or a restarted session would take a command for a retry
_ids = itertools.count()


class Key:
    """Sealer over a throwaway Ed25519 key."""

    key_id = "test-key"

    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.generate()
        self.public = self._private.public_key()

    def sign(self, body: bytes) -> str:
        return base64.urlsafe_b64encode(self._private.sign(body)).rstrip(b"=").decode()

    def sign_all(self, bodies: Sequence[bytes]) -> list[str]:
        return [self.sign(body) for body in bodies]


class Door:
    """Doorkeeper: a credential is the name of somebody in PEOPLE. away: the database does not answer."""

    def __init__(self) -> None:
        self.away = False
        self.expires: dict[str, int] = {}
        self.now = 0

    async def admit(self, credential: str, session: SessionId | None = None, kiosk: Actor | None = None) -> Admission:
        await asyncio.sleep(0)
        if self.away:
            raise Refused("held")
        if credential not in PEOPLE:
            raise Refused("credential_unknown")
        expires_at = self.expires.get(credential, FAR)
        if expires_at == 0:
            raise Refused("credential_expired")
        return Admission(PEOPLE[credential], expires_at)


class Room:
    """Engine that records what it is told; `refuse` makes the next verb fail with that code."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.refuse: EngineError | None = None

    def _take(self, *call: Any) -> None:
        if self.refuse is not None:
            refuse, self.refuse = self.refuse, None
            raise refuse
        self.calls.append(call)

    def said(self, verb: str) -> list[tuple[Any, ...]]:
        return [call[1:] for call in self.calls if call[0] == verb]

    async def publish(self, peer: PeerRef, sdp: str, tracks: Mapping[str, Any]) -> str:
        self._take("publish", peer, sdp, dict(tracks))
        return f"answer to {sdp}"

    async def show(self, peer: PeerRef, shown: Shown) -> None:
        self._take("show", peer, shown)

    async def answer(self, peer: PeerRef, generation: int, sdp: str) -> None:
        self._take("answer", peer, generation, sdp)

    async def direct(self, room: str, direction: Direction) -> None:
        self._take("direct", room, direction)

    async def leave(self, peer: PeerRef, what: str) -> None:
        self._take("leave", peer, what)


class Clock:
    """at: milliseconds since 1970 UTC; it stands still until a test turns it."""

    def __init__(self) -> None:
        self.at = stores.EPOCH

    def __call__(self) -> int:
        return self.at


class Served:
    """Everything a test needs to look at. url: of the gateway."""

    def __init__(
        self, store: Store, clock: Clock, desk: Desk, gateway: Gateway, door: Door, key: Key, room: Room, url: str
    ) -> None:
        self.store = store
        self.clock = clock
        self.desk = desk
        self.gateway = gateway
        self.door = door
        self.key = key
        self.room = room
        self.url = url

    async def do(self, name: str, data: Any = None, actor: Actor = MODERATOR) -> Mapping[str, Any]:
        """A command that did not come over a socket; returns its result."""
        answer = await self.desk.submit(name, data or {}, actor, f"fixture-{next(_keys):08}")
        return answer.result

    async def open_ballot(self, secrecy: str = "secret", choose_max: int = 2) -> str:
        options = [{"id": "x", "label": "Drainase"}, {"id": "y", "label": "Jalan"}, {"id": "z", "label": "Posyandu"}]
        data = {"title": "Prioritas", "options": options, "choose_max": choose_max, "secrecy": secrecy}
        ballot: str = (await self.do("ballot.open", data))["ballot"]
        return ballot

    async def in_box(self, ballot: str) -> dict[str, tuple[str, ...]]:
        """Tracker → choices, of a secret ballot."""
        async with self.store.database.reading() as connection:
            found = await connection.execute(select(tables.box).where(tables.box.c.ballot == ballot))
            return {row.tracker: chosen(row.choices) for row in found}

    async def on_roll(self, ballot: str) -> set[str]:
        """The seats that voted on a secret ballot."""
        async with self.store.database.reading() as connection:
            found = await connection.execute(select(tables.roll.c.seat).where(tables.roll.c.ballot == ballot))
            return set(found.scalars())


class OneSession:
    """signaling.gateway.ports.Sessions with one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def desk(self, session: SessionId) -> Desk:
        if session != SESSION:
            raise Refused("unknown_session")
        return self._desk


async def loaded(store: Store) -> Desk:
    desk = Desk(SESSION, store.journal, store.box, new_id=lambda: f"id{next(_ids)}")
    await desk.load()
    return desk


async def deliberation(store: Store) -> None:
    """An open session with two halls, three seats and two proposals."""
    desk = await loaded(store)
    steps: list[tuple[str, dict[str, Any], Actor]] = [
        ("session.create", {"title": "Musrenbang", "kind": "plenary", "place": "Aula", "date": "2018-01-23"}, SYSTEM),
        ("hall.add", {"hall": "pejuang", "name": "Pejuang"}, SYSTEM),
        ("hall.add", {"hall": "jatiasih", "name": "Jatiasih"}, SYSTEM),
        ("seat.add", {"seat": "pejuang-07", "hall": "pejuang", "office": "Ketua RW 07"}, SYSTEM),
        ("seat.add", {"seat": "jatiasih-11", "hall": "jatiasih", "office": "Ketua RW 11"}, SYSTEM),
        ("seat.add", {"seat": "jatiasih-tamu", "hall": "jatiasih", "office": "Tamu", **GUEST_RIGHTS}, SYSTEM),
        *[("pass.issue", pass_of(actor), SYSTEM) for actor in PEOPLE.values()],
        ("session.open", {}, MODERATOR),
        ("proposal.add", {"title": "Saluran drainase Gg. Mawar", "hall": "pejuang"}, MODERATOR),
        ("proposal.add", {"title": "Posyandu RW 11", "hall": "jatiasih"}, MODERATOR),
    ]  # fmt: skip
    for number, (name, data, actor) in enumerate(steps):
        await desk.submit(name, data, actor, f"setup-{number:08}")
    await desk.close()


def pass_of(actor: Actor) -> dict[str, Any]:
    hall = actor.hall if actor.role is Role.HALL else None
    return {"pass": actor.pass_id, "role": actor.role.value, "seat": actor.seat, "hall": hall, "expires_at": FAR}


@asynccontextmanager
async def serving(
    url: str | None = None, *, key: Key | None = None, relays: Relays | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """url: of a database with the deliberation in it; one of its own otherwise."""
    if url is None:
        async with (
            stores.kept(deliberation) as own,
            serving(own, key=key, relays=relays, **settings) as served,
        ):
            yield served
        return
    clock = Clock()
    store = await stores.turned(url, clock)
    desk = await loaded(store)
    door, key, room = Door(), key or Key(), Room()
    gateway = Gateway(
        OneSession(desk),
        door,
        key,
        room,
        clock=clock,
        settings=GatewaySettings(**settings),
        box=store.box,
        relays=relays,
    )
    app = web.Application()
    gateway.attach(app)

    async def snapshot(request: web.Request) -> web.Response:
        found = await gateway.snapshot(SESSION, request.match_info["view"])
        return web.Response(body=found.body, headers={"ETag": f'"{found.etag}"', "Content-Encoding": "gzip"})

    app.router.add_get("/snapshot/{view}", snapshot)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Served(store, clock, desk, gateway, door, key, room, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await gateway.close()
        await runner.cleanup()
        await desk.close()
        await store.database.close()


class Wire:
    """A Socket.IO client by hand, over one WebSocket. heard: events in order; refused: the CONNECT_ERROR, if any.

    ended: "disconnect" once the server said 41, "closed" once the socket is gone.
    """

    def __init__(self, http: aiohttp.ClientSession, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.http = http
        self.ws = ws
        self.heard: list[tuple[str, Any]] = []
        self.refused: str | None = None
        self.connected = asyncio.Event()
        self.said_disconnect = False
        self.closed = asyncio.Event()
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._ids = itertools.count()
        self._news = asyncio.Event()
        self._reader = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for message in self.ws:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            text = message.data
            if text == "2":
                await self.ws.send_str("3")
            elif text.startswith("40"):
                self.connected.set()
            elif text.startswith("44"):
                self.refused = json.loads(text[2:])["message"]
                self.connected.set()
            elif text.startswith("41"):
                self.said_disconnect = True
            elif text.startswith("42"):
                name, payload = json.loads(text[2:])
                self.heard.append((name, payload))
            elif text.startswith("43"):
                cut = text.index("[")
                future = self._acks.pop(int(text[2:cut]))
                if not future.done():
                    future.set_result(json.loads(text[cut:])[0])
            self._news.set()
        self.closed.set()
        self.connected.set()
        self._news.set()
        for future in self._acks.values():
            if not future.done():
                future.set_exception(ConnectionResetError())

    def ask(self, event: str, payload: Any) -> asyncio.Future[Any]:
        """Send an event; the future gets its acknowledgement."""
        number = next(self._ids)
        future = self._acks[number] = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.raw(f"42{number}{json.dumps([event, payload])}")
        return future

    def raw(self, text: str) -> None:
        asyncio.ensure_future(self.ws.send_str(text))  # noqa: RUF006 - a write, finished long before the test

    async def call(self, event: str, payload: Any) -> Any:
        return await asyncio.wait_for(self.ask(event, payload), 5)

    async def command(self, name: str, data: Any = None, key: str = "key-00000001") -> Any:
        return await self.call("command", {"key": key, "name": name, "data": data or {}})

    def of(self, event: str) -> list[Any]:
        return [payload for name, payload in self.heard if name == event]

    async def until(self, condition: Any, seconds: float = 5.0) -> None:
        """Wait until condition() is true; checked whenever something arrives."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def close(self) -> None:
        await self.ws.close()
        await self._reader
        await self.http.close()


async def dial(url: str, auth: Any, **headers: str) -> Wire:
    """Connect and wait for the server's word, whatever it is."""
    http = aiohttp.ClientSession()
    ws = await http.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket", headers=headers, max_msg_size=0)
    wire = Wire(http, ws)
    wire.raw("40" + (json.dumps(auth) if auth is not None else ""))
    await asyncio.wait_for(wire.connected.wait(), 5)
    return wire


@asynccontextmanager
async def dialled(served: Served, *names: str) -> AsyncIterator[list[Wire]]:
    """Connections of these people of PEOPLE, admitted but not synced."""
    wires = [await dial(served.url, {"credential": name}) for name in names]
    try:
        for wire in wires:
            assert wire.refused is None
        yield wires
    finally:
        for wire in wires:
            await wire.close()


class Replica:
    """What the browser does with snapshot and frames: one generic merge (docs/protocol.md §3)."""

    def __init__(self) -> None:
        self.last: int | None = None
        self.entities: dict[tuple[str, str], Any] = {}
        self.gaps = 0

    def load(self, snapshot: Mapping[str, Any]) -> None:
        self.entities = {(one["kind"], one["id"]): one["fields"] for one in snapshot["changes"]}
        self.last = snapshot["upto"]

    def merge(self, frame: Mapping[str, Any]) -> None:
        assert self.last is not None
        if frame["after"] > self.last:
            self.gaps += 1
        elif frame["upto"] > self.last:
            for change in frame["changes"]:
                key = (change["kind"], change["id"])
                if change["fields"] is None:
                    self.entities.pop(key, None)
                else:
                    self.entities[key] = change["fields"]
            self.last = frame["upto"]


async def fetched(served: Served, view: str) -> dict[str, Any]:
    """The snapshot as HTTP gives it."""
    async with aiohttp.ClientSession() as http, http.get(f"{served.url}/snapshot/{view}") as response:
        assert response.status == 200
        found: dict[str, Any] = await response.json(content_type=None)
        return found
