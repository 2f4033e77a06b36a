"""The host's end of links: other nodes whose clients this node's media engine serves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Literal, TypeVar, get_args

from aiohttp import WSMsgType, web

from signaling.engine import Engine, EngineError, MediaEvent, PeerRef, Shown, Source
from signaling.sfu import control

UNSENT = 4 << 20  # octets a node may leave unread before its link is cut
BUSY = 500  # requests of one node under way
FLUSH_S = 1.0
GRACE_S = 5.0  # peers of a node whose link broke stay this long: pictures flow on while it connects again
SOURCES: tuple[Source, ...] = get_args(Source)
WAYS_OUT: tuple[Literal["publish", "subscribe", "all"], ...] = ("publish", "subscribe", "all")
SEPARATOR = ":"  # between a node and its peer; neither holds one

Choice = TypeVar("Choice")

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
        except Exception as error:  # another version, perhaps; it harms that node's peers alone
            log.warning("node %s asks nonsense: %s: %s", self.node, type(error).__name__, error)
            reply = control.error_out(EngineError("media_unavailable"))
        self._put({"id": message.get("id"), **reply})

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Guests:
    """All of them. me: this node. forget: called with a node whose earlier peers are nobody's any more."""

    def __init__(
        self,
        me: str,
        carry_out: Callable[[str, control.Message], Awaitable[dict[str, Any]]],
        forget: Callable[[str], None],
    ) -> None:
        self._me = me
        self._carry_out = carry_out
        self._forget = forget
        self._guests: dict[str, Guest] = {}
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self.verbs = 0

    def __len__(self) -> int:
        return len(self._guests)

    async def serve(self, node: str, socket: web.WebSocketResponse) -> None:
        """Until the link ends. What that node had by an earlier link is forgotten: it begins anew."""
        if (older := self._guests.get(node)) is not None:
            self._end(older)
        self._dismiss(node)
        guest = Guest(node, socket, lambda message: self._answer(guest, message))
        self._guests[node] = guest
        log.info("node %s uses this node's media engine", node)
        try:
            await guest.serve(self._me)
        finally:
            if self._guests.get(node) is guest:
                del self._guests[node]
                loop = asyncio.get_running_loop()
                self._leaving[node] = loop.call_later(GRACE_S, self._dismiss, node)

    async def _answer(self, guest: Guest, message: control.Message) -> dict[str, Any]:
        if self._guests.get(guest.node) is not guest:
            raise EngineError("media_unavailable")  # of a link that was replaced
        self.verbs += 1
        return await self._carry_out(guest.node, message)

    def tell(self, node: str, event: MediaEvent) -> None:
        """Nothing while its link is broken: when it is back that node begins anew."""
        if (guest := self._guests.get(node)) is not None:
            guest.tell(event)

    def _dismiss(self, node: str) -> None:
        if (timer := self._leaving.pop(node, None)) is not None:
            timer.cancel()
        self._forget(node)

    def _end(self, guest: Guest) -> None:
        task = asyncio.get_running_loop().create_task(guest.close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """End all links. Twice is harmless."""
        await asyncio.gather(*(guest.close() for guest in self._guests.values()), *self._ending)
        for timer in self._leaving.values():
            timer.cancel()
        self._leaving.clear()


def peer_of(message: control.Message) -> PeerRef:
    """Whom a message is about, by the name it has at that node. Raises anything for nonsense."""
    room, peer, hall = message["peer"]
    text(room)
    text(peer)
    if hall is not None:
        text(hall)
    return PeerRef(room, peer, hall)


async def perform(engine: Engine, peer: PeerRef, message: control.Message) -> dict[str, Any]:
    """Do for this peer what a message of another node asks. Raises EngineError, or anything else for nonsense."""
    match message["op"]:
        case "publish":
            tracks: dict[str, Source] = {text(mid): one_of(SOURCES, of) for mid, of in message["tracks"].items()}
            return {"sdp": await engine.publish(peer, text(message["sdp"], control.MAX_LINE), tracks)}
        case "show":
            halls, *flags = message["shown"]
            stage, audio, restart = (one_of((True, False), flag) for flag in flags)
            await engine.show(peer, Shown(tuple(dict.fromkeys(map(text, halls))), stage, audio, restart))
        case "answer":
            if not isinstance(generation := message["generation"], int):
                raise TypeError("generation")
            await engine.answer(peer, generation, text(message["sdp"], control.MAX_LINE))
        case "leave":
            await engine.leave(peer, one_of(WAYS_OUT, message["what"]))
        case other:
            raise ValueError(f"no such verb: {other!r}")
    return {}


def text(value: Any, most: int = 100) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise ValueError("not such a text")
    return value


def one_of(choices: tuple[Choice, ...], value: Any) -> Choice:
    return choices[choices.index(value)]
