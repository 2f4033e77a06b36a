"""This node's end of the link to another node that carries rooms: its engine's verbs and events over one WebSocket."""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import Any, Protocol

import aiohttp

from signaling.engine import Direction, EngineError, MediaEvent, MediaHost
from signaling.engine_verbs import Verbs
from signaling.sfu import control

PATH = "/internal/media"
NODE_HEADER = "X-Pleno-Node"
REQUEST_S = 3.0
HELLO_S = 3.0
CLOSE = aiohttp.ClientWSTimeout(ws_close=1.0)
HEARTBEAT_S = 6.0  # a node that freezes is noticed after one and a half of these; one at its limit stalls for seconds
BACKOFF_S = (0.1, 0.2, 0.5, 1.0)
REFUSED_MOST = 2  # attempts in a row at an address where nobody listens, before the node counts as dead

log = logging.getLogger("pleno.media")


class LinkOwner(Protocol):
    """Who is told what a link brings."""

    def link_came(self, link: HostLink, again: bool) -> None:
        """again: it was up before; what the host said meanwhile is lost."""

    def link_went(self, link: HostLink) -> None: ...

    def link_said(self, link: HostLink, event: MediaEvent) -> None: ...


class HostLink(Verbs):
    """Implements Engine over the link, except `direct`: the node that carries a room directs it itself.

    Connects, and again whenever it breaks, until it is closed. me: this node, in this life. secret: the installation's.
    """

    def __init__(self, http: aiohttp.ClientSession, host: MediaHost, me: str, secret: str, owner: LinkOwner) -> None:
        self.host = host
        self.gone = False  # nobody listens at its address any more, or somebody else does
        self._http = http
        self._headers = {NODE_HEADER: me, "Authorization": f"Bearer {secret}"}
        self._owner = owner
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._settled = asyncio.Event()  # up or gone: nobody has to wait any longer
        self._waiting: dict[int, asyncio.Future[control.Message]] = {}
        self._numbers = itertools.count(1)
        self._refused = 0
        self._came_before = False
        self._running = asyncio.get_running_loop().create_task(self._run())

    @property
    def up(self) -> bool:
        return self._socket is not None

    async def settled(self) -> None:
        """Until it is up or gone."""
        await self._settled.wait()

    # -- the engine's verbs

    async def direct(self, room: str, direction: Direction) -> None:
        """Nothing: the host sees the same deliberation, and only one may say which state of it is the newest."""

    async def _ask(self, message: dict[str, Any]) -> control.Message:
        """Raises EngineError: what the host's engine says, media_unavailable, or media_moved: it carries it no more."""
        if self._socket is None:
            raise EngineError("media_unavailable")
        number = next(self._numbers)
        future: asyncio.Future[control.Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            async with asyncio.timeout(REQUEST_S):
                await self._socket.send_str(control.encode({**message, "id": number}).decode())
                reply = await future
        except (TimeoutError, ConnectionError, aiohttp.ClientError):
            raise EngineError("media_unavailable") from None
        finally:
            self._waiting.pop(number, None)
        if "error" in reply:
            raise control.error_in(reply)
        return reply

    # -- its life

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self._once()
                failures = 0
            except aiohttp.ClientConnectorError as error:
                self._refused = self._refused + 1 if isinstance(error.os_error, ConnectionRefusedError) else 0
                if self._refused >= REFUSED_MOST:
                    self._give_up("nobody listens there any more")
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError) as error:
                log.warning("node %s at %s: %s", self.host.node, self.host.url, error or type(error).__name__)
            await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
            failures += 1

    async def _once(self) -> None:
        """Connect and listen until the link breaks."""
        bounds: Any = {"heartbeat": HEARTBEAT_S, "max_msg_size": control.MAX_LINE, "timeout": CLOSE}
        async with (
            asyncio.timeout(HELLO_S) as limit,
            self._http.ws_connect(self.host.url + PATH, headers=self._headers, **bounds) as socket,
        ):
            self._refused = 0
            hello = control.decode(await socket.receive_str())
            limit.reschedule(None)
            if hello["hello"] != self.host.node:
                self._give_up("it was started anew")
                return
            self._socket, self.gone = socket, False
            self._settled.set()
            self._owner.link_came(self, self._came_before)
            self._came_before = True
            try:
                async for message in socket:
                    if message.type is not aiohttp.WSMsgType.TEXT:
                        raise ValueError("speaks nonsense")
                    self._take(control.decode(message.data))
            finally:
                self._lose()

    def _take(self, message: control.Message) -> None:
        if "event" in message:
            try:
                self._owner.link_said(self, control.event_in(message))
            except Exception:
                log.exception("media listener failed")
        elif (future := self._waiting.get(message["id"])) is not None and not future.done():
            future.set_result(message)

    def _lose(self) -> None:
        self._socket = None
        self._settled.clear()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the link broke"))
                future.exception()  # seen, even where nobody waits
        self._owner.link_went(self)

    def _give_up(self, why: str) -> None:
        """It may still come back: a server that is busy starting refuses too."""
        if not self.gone:
            log.warning("node %s at %s: %s", self.host.node, self.host.url, why)
            self.gone = True
            self._settled.set()
            self._owner.link_went(self)

    async def close(self) -> None:
        """Twice is harmless."""
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
