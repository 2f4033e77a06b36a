"""One simulated client: exchanges its pass, keeps a socket, merges frames, and comes back after every cut."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
from collections.abc import Callable, Container, Mapping
from typing import Any

import aiohttp
import socketio

Json = Mapping[str, Any]
log = logging.getLogger("pleno.simulate")
ACK_TIMEOUT_S = 8.0
CONNECT_S = 15.0  # a server that just came back has everybody at its door; python-socketio waits one second
CONFLICT = 409
ENTERING_AT_ONCE = 24  # of one process: a client that is served in turn comes in sooner than one that times out
# As pages do it (client_web/src/link): the pause doubles, spread by half of it, so that not all come back together.
FIRST_S, LONGEST_S = 0.6, 15.0
STALE = frozenset({"credential_unknown", "credential_expired"})  # the card is shown again
FINAL = frozenset(
    {
        *("pass_unknown", "pass_expired", "pass_revoked", "pass_moved", "pass_claimed", "pin_wrong", "pin_spent"),
        *("replaced", "session_sealed", "logged_out", "origin_refused", "unknown_session", "forbidden"),
    }
)


def pause_s(tries: int) -> float:
    """Before coming back; tries: how many in a row have failed, from 0."""
    step: float = min(LONGEST_S, FIRST_S * 2 ** min(tries, 10))
    return step * random.uniform(0.5, 1.5)


def device_of(holder: Json) -> str:
    """The same each time: a second run is the same device as the first."""
    return hashlib.sha256(f"simulate {holder['token']}".encode()).hexdigest()[:32]


def heed_cancellation() -> None:
    """Raises CancelledError where the library took no notice: asyncio.wait_for loses a cancellation that meets
    its result."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


class NoAnswer(Exception):
    """The server did not answer in time, or the connection broke: repeat with the same key."""


class Over(Exception):
    """There is no point in coming back: the server said so, and why."""


class Member:
    """A pass holder at a running server. `entities` is the view of its class; `on_change` hears each changed entity.

    http: its connections and patience are used; cookies are the member's own, since a front tells people apart by
    them. keeps: kinds of entities it keeps and hears of (None: all). door: how many come in at once.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        holder: Json,
        *,
        keeps: Container[str] | None = None,
        door: asyncio.Semaphore | None = None,
    ) -> None:
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
        self._keeps = keeps
        self._door = door or asyncio.Semaphore()
        self._credential = ""
        self._upto: int | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._socket: socketio.AsyncClient | None = None

    async def run(self) -> None:
        """Stay joined until cancelled, or until the server says that coming back is no use (pass revoked, replaced)."""
        tries = 0
        connector, patience = self.http.connector, self.http.timeout
        async with aiohttp.ClientSession(connector=connector, connector_owner=False, timeout=patience) as self.http:
            while True:
                client = socketio.AsyncClient(
                    reconnection=False, handle_sigint=False, http_session=self.http, logger=False, engineio_logger=False
                )
                try:
                    async with self._door:
                        gone = await self._enter(client)
                    heed_cancellation()
                    tries = 0
                    self.live.set()
                    self.on_live()
                    if code := await gone:
                        raise Over(code)
                except (aiohttp.ClientError, socketio.exceptions.SocketIOError, NoAnswer, OSError) as fault:
                    log.debug("%s: %r, coming back", self.label, fault)
                    tries += 1
                except Over as over:
                    log.warning("%s: the server said %s", self.label, over)
                    return
                finally:
                    self.live.clear()
                    if self._catching_up is not None:
                        self._catching_up.cancel()
                    await client.disconnect()
                await asyncio.sleep(pause_s(tries))

    async def call(self, event: str, payload: Json) -> Json:
        """Send one event and return its acknowledgement. Raises NoAnswer."""
        if self._socket is None or not self._socket.connected:
            raise NoAnswer(event)
        try:
            answer = await self._socket.call(event, dict(payload), timeout=ACK_TIMEOUT_S)
        except socketio.exceptions.SocketIOError as fault:
            raise NoAnswer(event) from fault
        return answer if isinstance(answer, Mapping) else {"ok": False, "code": "internal", "data": {}}

    async def _enter(self, client: socketio.AsyncClient) -> asyncio.Future[str]:
        """From the pass to a socket that is caught up. What is returned is done once that is gone: "", or why for good.

        Raises Over.
        """
        await self._exchange()
        if self._upto is None:
            await self._fetch()
        gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()  # client.wait() swallows cancellation
        refused: list[str] = []

        def leave(code: str = "") -> None:
            if not gone.done():
                gone.set_result(code)

        def turned_away(reason: Any) -> None:
            if isinstance(reason, Mapping):  # a text is about the transport
                refused.append(str(reason["message"]))

        client.on("frame", self._frame)
        client.on("me", self._set_me)
        client.on("media", lambda message: self.on_media(message))
        client.on("bye", lambda message: leave(message["code"]) if message["code"] in FINAL else None)
        client.on("disconnect", lambda *_: leave())
        client.on("connect_error", turned_away)
        self._socket = client
        auth = {"credential": self._credential}
        try:
            await client.connect(self.url, transports=["websocket"], auth=auth, wait_timeout=CONNECT_S)
        except socketio.exceptions.SocketIOError:
            self._turned_away(*refused)
            raise
        beat = client.eio  # it would give up a silent connection sooner than pages do: 5 s after the longer of the two
        beat.ping_timeout += beat.ping_interval - 5
        await self._sync()
        return gone

    def _turned_away(self, code: str = "") -> None:
        """Raises Over."""
        if code in FINAL:
            raise Over(code)
        if code in STALE:
            self._credential, self._upto = "", None

    async def _exchange(self) -> None:
        """A card that somebody holds on another device is taken over with its PIN. Raises Over."""
        if self._credential:
            return
        knock = {"token": self.holder["token"], "device": device_of(self.holder)}
        for pin in ({}, {"pin": str(self.holder.get("pin", ""))}):
            async with self.http.post(f"{self.url}/api/passes/exchange", json={**knock, **pin}) as answer:
                if answer.status == CONFLICT and not pin:
                    continue
                body = await self._told(answer)
                self._credential, self.identity = str(body["credential"]), body["identity"]
                return

    async def _told(self, answer: aiohttp.ClientResponse) -> Json:
        """Raises Over, or aiohttp.ClientError where another try may help."""
        if not answer.ok and answer.content_type == "application/problem+json":
            self._turned_away(str((await answer.json(content_type=None))["code"]))
        answer.raise_for_status()
        body: Json = await answer.json()
        return body

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
            snapshot = await self._told(answer)
        self.entities.clear()
        self._merge(snapshot)

    def _set_me(self, me: Json) -> None:
        self.me = me

    async def _frame(self, frame: Json) -> None:
        if self._upto is None or frame["upto"] <= self._upto:
            return
        if frame["after"] > self._upto:
            if self._catching_up is None:
                self._catching_up = asyncio.current_task()
                try:
                    await self._sync()
                except (NoAnswer, aiohttp.ClientError, OSError) as fault:  # the next visit syncs
                    log.debug("%s: %r, not caught up", self.label, fault)
                finally:
                    self._catching_up = None
            return
        self._merge(frame)

    def _merge(self, frame: Json) -> None:
        self._upto = int(frame["upto"])
        for change in frame["changes"]:
            kind, entity, fields = change["kind"], change["id"], change["fields"]
            if self._keeps is not None and kind not in self._keeps:
                continue
            if fields is None:
                self.entities.pop((kind, entity), None)
            else:
                self.entities[kind, entity] = fields
            self.on_change(kind, entity, fields)
