"""One simulated client: exchanges its pass, keeps a socket, merges frames, and comes back after every cut."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import socketio

Json = Mapping[str, Any]
log = logging.getLogger("pleno.simulate")
ACK_TIMEOUT_S = 8.0
CONNECT_S = 15.0  # a server that just came back has everybody at its door; python-socketio waits one second
CONFLICT = 409
RETRY_S = (0.2, 2.0)  # random pause before coming back, so that everybody does not come back together


def device_of(holder: Json) -> str:
    """The same each time: a second run is the same device as the first."""
    return hashlib.sha256(f"simulate {holder['token']}".encode()).hexdigest()[:32]


class NoAnswer(Exception):
    """The server did not answer in time, or the connection broke: repeat with the same key."""


class Member:
    """A pass holder at a running server. `entities` is the view of its class; `on_change` hears each changed entity."""

    def __init__(self, http: aiohttp.ClientSession, url: str, holder: Json) -> None:
        self.http = http
        self.url = url.rstrip("/")
        self.holder = holder
        self.label = str(holder["label"])
        self.identity: Json = {}
        self.me: Json = {}
        self.entities: dict[tuple[str, str], Json] = {}
        self.live = asyncio.Event()
        self.on_change: Callable[[str, str, Json | None], None] = lambda kind, entity, fields: None
        self.on_media: Callable[[Json], None] = lambda message: None
        self.on_live: Callable[[], None] = lambda: None
        self._credential = ""
        self._upto: int | None = None
        self._syncing = False
        self._socket: socketio.AsyncClient | None = None

    async def run(self) -> None:
        """Stay joined until cancelled, or until the server says bye (pass revoked, replaced)."""
        try:
            while True:
                try:
                    if await self._visit():
                        return
                except (aiohttp.ClientError, socketio.exceptions.SocketIOError, NoAnswer, OSError) as fault:
                    log.debug("%s: %r, coming back", self.label, fault)
                await asyncio.sleep(random.uniform(*RETRY_S))
        finally:
            await self._leave()

    async def call(self, event: str, payload: Json) -> Json:
        """Send one event and return its acknowledgement. Raises NoAnswer."""
        if self._socket is None or not self._socket.connected:
            raise NoAnswer(event)
        try:
            answer = await self._socket.call(event, dict(payload), timeout=ACK_TIMEOUT_S)
        except socketio.exceptions.SocketIOError as fault:
            raise NoAnswer(event) from fault
        return answer if isinstance(answer, Mapping) else {"ok": False, "code": "internal", "data": {}}

    async def _visit(self) -> bool:
        """One connection from start to end. True when there is no point in coming back."""
        await self._exchange()
        bye = asyncio.get_running_loop().create_future()
        gone = asyncio.Event()  # client.wait() would swallow a cancellation
        client = socketio.AsyncClient(
            reconnection=False, handle_sigint=False, http_session=self.http, logger=False, engineio_logger=False
        )
        client.on("frame", self._frame)
        client.on("me", self._set_me)
        client.on("media", lambda message: self.on_media(message))
        client.on("bye", lambda message: None if bye.done() else bye.set_result(message))
        client.on("disconnect", lambda *_: gone.set())
        client.on("connect_error", self._refused)
        self._socket = client
        auth = {"credential": self._credential}
        await client.connect(self.url, transports=["websocket"], auth=auth, wait_timeout=CONNECT_S)
        try:
            await self._sync()
            self.live.set()
            self.on_live()
            await gone.wait()
        finally:
            self.live.clear()
            await client.disconnect()
        if bye.done():
            log.warning("%s: the server said bye (%s)", self.label, bye.result().get("code"))
        return bool(bye.done())

    def _refused(self, message: object) -> None:
        """A credential this server does not know is dropped, and the pass exchanged again."""
        if "credential" in str(message):
            self._credential, self._upto = "", None

    async def _leave(self) -> None:
        if self._socket is not None and self._socket.connected:
            await self._socket.disconnect()

    async def _exchange(self) -> None:
        if self._credential:
            return
        body = await self._enter({"token": self.holder["token"], "device": device_of(self.holder)})
        self._credential, self.identity = str(body["credential"]), body["identity"]

    async def _enter(self, wanted: dict[str, str]) -> Json:
        """A card that somebody holds on another device is taken over with its PIN."""
        for knock in (wanted, {**wanted, "pin": str(self.holder.get("pin", ""))}):
            async with self.http.post(f"{self.url}/api/passes/exchange", json=knock) as answer:
                if answer.status != CONFLICT or "pin" in knock:
                    answer.raise_for_status()
                    body: Json = await answer.json()
                    return body
        raise NoAnswer("exchange")

    async def _sync(self) -> None:
        """Ask for what was missed; fetch the snapshot where the server cannot bridge (docs/protocol.md §2–3)."""
        for _ in range(5):
            answer = await self.call("sync", {"after": self._upto})
            if not answer["ok"]:
                raise NoAnswer(str(answer.get("code")))
            self._set_me(answer["me"])
            if not answer["resync"] and self._upto is not None:
                return
            await self._fetch()
        raise NoAnswer("sync")

    async def _fetch(self) -> None:
        session = self.identity["session"]
        headers = {"Authorization": f"Bearer {self._credential}"}
        async with self.http.get(f"{self.url}/api/sessions/{session}/snapshot", headers=headers) as answer:
            answer.raise_for_status()
            snapshot = await answer.json()
        self.entities.clear()
        self._merge(snapshot)

    def _set_me(self, me: Json) -> None:
        self.me = me

    async def _frame(self, frame: Json) -> None:
        if self._upto is None or frame["upto"] <= self._upto:
            return
        if frame["after"] > self._upto:
            if not self._syncing:
                self._syncing = True
                try:
                    await self._sync()
                except NoAnswer:
                    pass  # the connection is gone; the next visit syncs
                finally:
                    self._syncing = False
            return
        self._merge(frame)

    def _merge(self, frame: Json) -> None:
        self._upto = int(frame["upto"])
        for change in frame["changes"]:
            kind, entity, fields = change["kind"], change["id"], change["fields"]
            if fields is None:
                self.entities.pop((kind, entity), None)
            else:
                self.entities[kind, entity] = fields
            self.on_change(kind, entity, fields)
