"""The host's end of links: other nodes whose clients this node's media engine serves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from aiohttp import WSMsgType, web

from signaling.engine import Engine, EngineError, MediaEvent, PeerRef
from signaling.sfu import control

UNSENT = 4 << 20  # octets a node may leave unread before its link is cut
BUSY = 500  # requests of one node under way
FLUSH_S = 1.0
SEPARATOR = ":"  # between a node and its peer; neither holds one

log = logging.getLogger("pleno.media")


def guest_peer(node: str, peer: PeerRef) -> PeerRef:
    """As our engine knows a peer of another node: no two nodes can name the same one."""
    return replace(peer, peer=f"{node}{SEPARATOR}{peer.peer}")


def node_of(peer: str) -> tuple[str, str]:
    """Whose peer it is, "" for our own, and its name there."""
    node, _, name = peer.rpartition(SEPARATOR)
    return node, name


class Guest:
    """One link of another node, from the hello to its end. carry_out: does what a message asks, returns the answer."""

    def __init__(
        self,
        node: str,
        socket: web.WebSocketResponse,
        carry_out: Callable[[control.Message], Awaitable[dict[str, Any]]],
    ) -> None:
        self.node = node
        self._socket = socket
        self._carry_out = carry_out
        self._unsent = 0
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, hello: str) -> None:
        """Until the link ends."""
        self._put({"hello": hello})
        writing = asyncio.get_running_loop().create_task(self._write())
        try:
            async for message in self._socket:
                if message.type is not WSMsgType.TEXT:
                    break
                self._receive(control.decode(message.data))
        except ValueError as error:
            log.warning("node %s speaks nonsense: %s", self.node, error)
        finally:
            writing.cancel()
            await asyncio.gather(writing, *self._tasks, return_exceptions=True)
            await self._socket.close()

    def tell(self, event: MediaEvent) -> None:
        self._put(control.event_out(event))

    async def close(self) -> None:
        """Once it has read what it was told, or a second later. Twice is harmless."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_S):
                await self._outbox.join()
        await self._socket.close()

    def _put(self, message: dict[str, Any]) -> None:
        text = control.encode(message).decode()
        self._unsent += len(text)
        if self._unsent > UNSENT:
            self._spawn(self._socket.close())
            return
        self._outbox.put_nowait(text)

    async def _write(self) -> None:
        while True:
            text = await self._outbox.get()
            await self._socket.send_str(text)
            self._unsent -= len(text)
            self._outbox.task_done()

    def _receive(self, message: control.Message) -> None:
        """Begun in the order they came; a slow answer holds up no other."""
        if len(self._tasks) >= BUSY:
            self._put({"id": message["id"], **control.error_out(EngineError("media_unavailable"))})
            return
        self._spawn(self._answer(message))

    async def _answer(self, message: control.Message) -> None:
        try:
            reply = await self._carry_out(message)
        except EngineError as error:
            reply = control.error_out(error)
        except (KeyError, TypeError, ValueError) as error:
            log.warning("node %s asks nonsense: %s", self.node, error)
            reply = control.error_out(EngineError("media_unavailable"))
        self._put({"id": message.get("id"), **reply})

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def perform(engine: Engine, peer: PeerRef, message: control.Message) -> dict[str, Any]:
    """Do for this peer what a message of another node asks. Raises EngineError, KeyError, TypeError, ValueError."""
    match message["op"]:
        case "publish":
            return {"sdp": await engine.publish(peer, message["sdp"], message["tracks"])}
        case "show":
            await engine.show(peer, control.shown_in(message["shown"]))
        case "answer":
            await engine.answer(peer, message["generation"], message["sdp"])
        case "leave":
            await engine.leave(peer, message["what"])
        case other:
            raise ValueError(f"no such verb: {other!r}")
    return {}
