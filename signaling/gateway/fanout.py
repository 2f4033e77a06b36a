"""Encode-once, direct delivery over the insides of python-socketio and python-engineio; only this file touches them.

Stock python-socketio gives every recipient a task, a queue, a wake-up and its own framing, always accepts
permessage-deflate (a compressor a client) and scans all rooms when one client leaves. Here an event is encoded and
framed once and written straight to each transport; what arrives is dispatched where it is parsed, without a task.
tests/gateway/test_fanout_contract.py names every internal used and pins the versions.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Iterable, Mapping
from typing import Any

import engineio
import socketio
from aiohttp import web
from engineio import packet as engine_packet
from engineio.async_socket import AsyncSocket
from engineio.exceptions import QueueEmpty, SocketIsClosedError

from sessions.errors import ProtocolError, Refused
from signaling.gateway import packets
from signaling.gateway.link import Link, Receiver
from signaling.gateway.packets import Message
from signaling.gateway.ports import GatewaySettings
from signaling.gateway.websocket import LINGER_S, FramePipe

log = logging.getLogger("pleno.gateway")
_library_log = logging.getLogger("pleno.gateway.socketio")
_library_log.setLevel(logging.CRITICAL)  # what it says about strangers' bad requests is counted, not logged

_PING = packets.text_frame("2")
_PROBE_ANSWER = packets.text_frame("3probe")
_MAX_PACKETS_A_POLL = 16  # more in one payload and stock clients refuse it
_CONNECT_WITHIN_S = 15.0
_GRACE_S = 3.0  # within which a newcomer shows its credential even on a slow link


class Carrier:
    """Socket.IO on an aiohttp application: turns away, delivers, broadcasts."""

    def __init__(self, receiver: Receiver, settings: GatewaySettings) -> None:
        self.receiver = receiver
        self.settings = settings
        self.slow_readers = self.violations = 0
        self.messages_sent = self.bytes_sent = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweeper: asyncio.Task[None] | None = None
        self._sio = _SocketIo(
            async_mode="aiohttp", client_manager=_Rooms(), logger=_library_log, engineio_logger=_library_log,
            cors_allowed_origins=[], http_compression=False, monitor_clients=False, cookie=None,
            max_http_buffer_size=settings.max_message_bytes, ping_interval=settings.ping_interval_s,
            ping_timeout=settings.ping_timeout_s,
        )  # fmt: skip
        self._sio.eio.carrier = self
        self._sio.on("connect", self._on_connect)
        self._sio.on("disconnect", self._on_disconnect)

    def attach(self, app: web.Application) -> None:
        self._sio.attach(app, socketio_path="socket.io")

    @property
    def sockets(self) -> int:
        """Open Engine.IO connections, whether admitted yet or not."""
        return len(self._sio.eio.sockets)

    def broadcast(self, links: Iterable[Link], messages: Iterable[Message]) -> None:
        """Write the same messages to each link, in order. Encoded and framed once; about one system call a client."""
        batch = tuple(messages)
        frame = b"".join(message.frame for message in batch)
        limit, sent, polled = self.settings.slow_reader_bytes, 0, 0
        for link in links:
            socket = link.pipe
            transport = socket.transport
            if transport is None:
                socket.enqueue_all(batch)
                polled += 1
            elif transport.get_write_buffer_size() > limit:
                socket.cut_off()
            else:
                try:
                    transport.write(frame)
                except Exception:  # one client's broken transport is that client's
                    socket.cut_off()
                sent += 1
        self.messages_sent += (sent + polled) * len(batch)
        self.bytes_sent += sent * len(frame)

    def spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End every connection; clients reconnect to whatever listens next."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
            self._sweeper = None
        for socket in list(self._sio.eio.sockets.values()):
            socket.leave(for_good=False)
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def keep_sweeping(self) -> None:
        self._sweeper = self._sweeper or asyncio.ensure_future(self._sweep())

    async def _sweep(self) -> None:
        """Heartbeats and overdue clients: one task for everybody in place of one a client."""
        while True:
            await asyncio.sleep(1.0)
            now = time.monotonic()
            for socket in list(self._sio.eio.sockets.values()):
                socket.heartbeat(now)

    async def connect(self, socket: _Socket, auth: Any) -> None:
        """Run the Socket.IO handshake, then what the client already sent behind it."""
        try:
            await self._sio._handle_connect(socket.sid, "/", auth)
        except Exception as error:
            if not isinstance(error, ConnectionAbortedError):  # "not now": nothing is said, and the client tries again
                log.exception("a connection could not be opened")
            self._sio.manager.basic_disconnect(self._sio.manager.sid_from_eio_sid(socket.sid, "/"), "/")
        self._sio.environ.pop(socket.sid, None)
        socket.connecting = False
        if socket.link is None:
            socket.leave(for_good=False)  # refused and told so
            return
        waiting, socket.early = socket.early, []
        for text in waiting:
            socket.on_text(text)

    async def _on_connect(self, sid: str, headers: Mapping[str, str], auth: Any = None) -> None:
        socket = self._sio.eio.sockets.get(self._sio.manager.eio_sid_from_sid(sid, "/"))
        if socket is None:
            raise socketio.exceptions.ConnectionRefusedError("gone")
        link = Link(sid, socket)
        try:
            await self.receiver.opened(link, auth, headers)
        except Refused as refused:
            raise socketio.exceptions.ConnectionRefusedError(refused.code) from None
        if socket.closing or socket.closed:
            self.receiver.closed(link)
            raise socketio.exceptions.ConnectionRefusedError("gone")
        socket.link = link

    def _on_disconnect(self, sid: str, reason: str) -> None:
        socket = self._sio.eio.sockets.get(self._sio.manager.eio_sid_from_sid(sid, "/"))
        if socket is not None and socket.link is not None:
            link, socket.link = socket.link, None
            self.receiver.closed(link)

    async def hang_up(self, socket: _Socket, for_good: bool) -> None:
        if for_good and socket.link is not None:
            await self._sio.disconnect(socket.link.sid)
        if socket.transport is None and not socket.closed:
            with contextlib.suppress(TimeoutError):  # a polling client fetches its last words first
                async with asyncio.timeout(LINGER_S):
                    await socket.queue.join()
        await socket.close(wait=False)
        self._sio.eio.sockets.pop(socket.sid, None)


class _Bag(set[str]):
    """Stands in for the lists of pending clients, which are searched once a client: O(n²) in a storm."""

    append = set.add


class _Pending(dict[str, Any]):
    def __setitem__(self, namespace: str, clients: Iterable[str]) -> None:
        super().__setitem__(namespace, _Bag(clients))


class _Rooms(socketio.AsyncManager):  # type: ignore[misc]
    """Stock scans all rooms of the namespace when one client leaves; ours has its own and the common one."""

    def __init__(self) -> None:
        super().__init__()
        self.pending_connect = _Pending()
        self.pending_disconnect = _Pending()

    def basic_disconnect(self, sid: str, namespace: str, **kwargs: Any) -> None:
        for room in (sid, None):
            self.basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            clients = pending.get(namespace)
            if clients is not None:
                clients.discard(sid)
                if not clients:
                    del pending[namespace]


class _SocketIo(socketio.AsyncServer):  # type: ignore[misc]
    def _engineio_server_class(self) -> type[_EngineIo]:
        return _EngineIo


class _EngineIo(engineio.AsyncServer):  # type: ignore[misc]
    carrier: Carrier

    async def _handle_connect(self, environ: dict[str, Any], transport: str, jsonp_index: int | None = None) -> Any:
        """A new connection. As in stock, with our socket, without its service task and per-client ping task."""
        self.carrier.keep_sweeping()
        full = len(self.sockets) >= self.carrier.settings.max_clients + 64  # room to say server_full politely
        if full and not self._make_place(time.monotonic()):
            return {"status": "503 SERVICE UNAVAILABLE", "headers": [("Retry-After", "5")], "response": b"server_full"}
        socket = _Socket(self, self.generate_id())
        self.sockets[socket.sid] = socket
        headers = environ["aiohttp.request"].headers
        await self._trigger_event("connect", socket.sid, headers, run_async=False)
        hello = {
            "sid": socket.sid,
            "upgrades": self._upgrades(socket.sid, transport),
            "pingTimeout": int(self.ping_timeout * 1000),
            "pingInterval": int(self.ping_interval * 1000),
            "maxPayload": self.max_http_buffer_size,
        }
        await socket.send(engine_packet.Packet(engine_packet.OPEN, hello))
        if transport == "websocket":
            return await socket.handle_get_request(environ)
        socket.connected = True
        return self._ok(await socket.poll(), jsonp_index=jsonp_index)

    def _make_place(self, now: float) -> bool:
        """Send away the oldest connection that had time to show a credential and has not; False when there is none."""
        for socket in self.sockets.values():
            if socket.idles(now):
                del self.sockets[socket.sid]
                self.carrier.spawn(socket.close(wait=False, abort=True))
                return True
        return False


class _Socket(AsyncSocket):  # type: ignore[misc]
    """One Engine.IO connection: `transport` is set while frames may be written straight to a WebSocket."""

    def __init__(self, server: _EngineIo, sid: str) -> None:
        super().__init__(server, sid)
        self.carrier = server.carrier
        self.link: Link | None = None
        self.transport: asyncio.Transport | None = None
        self.connecting = False
        self.early: list[str] = []
        self._over = False  # it left or broke the protocol: nothing it says counts any more
        self.backlog = 0  # bytes waiting for a poll
        self._wire: FramePipe | None = None
        self._probing = False
        self._connect_by = time.monotonic() + _CONNECT_WITHIN_S
        self._ping_at = time.monotonic() + server.ping_interval * random.uniform(0.5, 1.0)
        self._pong_by: float | None = None

    # -- towards the client

    def deliver(self, message: Message) -> None:
        """Write one message now, or queue it for the next poll."""
        self.carrier.messages_sent += 1
        transport = self.transport
        if transport is None:
            self.enqueue_all((message,))
        elif transport.get_write_buffer_size() > self.carrier.settings.slow_reader_bytes:
            self.cut_off()
        else:
            self.carrier.bytes_sent += len(message.frame)
            transport.write(message.frame)

    def enqueue_all(self, messages: Iterable[Message]) -> None:
        if self.closed:
            return
        if self.backlog > self.carrier.settings.slow_reader_bytes:
            return self.cut_off()
        for message in messages:
            self.backlog += len(message.text) - 1
            self.queue.put_nowait(engine_packet.Packet(engine_packet.MESSAGE, message.text[1:]))

    async def send(self, pkt: engine_packet.Packet) -> None:
        """What python-socketio itself sends: handshakes, farewells."""
        if self.closed:
            raise SocketIsClosedError()
        if self.transport is None:
            self.queue.put_nowait(pkt)
        else:
            self.transport.write(packets.text_frame(pkt.encode()))

    def cut_off(self) -> None:
        """Forget a client that does not read: only that client waits. It reconnects and catches up."""
        self.carrier.slow_readers += 1
        if self._wire is not None:
            self._wire.abort()
        else:
            self.carrier.spawn(self.close(wait=False, abort=True))

    def leave(self, for_good: bool) -> None:
        self.carrier.spawn(self.carrier.hang_up(self, for_good))

    def idles(self, now: float) -> bool:
        """It has been here for a while and nobody knows who it is."""
        return self.link is None and not self.connecting and now > self._connect_by - _CONNECT_WITHIN_S + _GRACE_S

    def heartbeat(self, now: float) -> None:
        if self.link is None and not self.connecting and now > self._connect_by:
            self.leave(for_good=False)
        elif self._pong_by is not None and now > self._pong_by:
            self.carrier.spawn(self.close(wait=False, abort=True, reason=self.server.reason.PING_TIMEOUT))
        elif self._pong_by is None and now >= self._ping_at:
            self._pong_by = now + self.server.ping_timeout
            if self.transport is not None:
                self.transport.write(_PING)
            elif not self.upgrading:
                self.queue.put_nowait(engine_packet.Packet(engine_packet.PING))

    async def poll(self) -> list[Any]:
        """What is waiting, or the next thing to come; raises QueueEmpty when the client should have heard something.

        Not wait_for: until Python 3.12 it swallows a cancellation that comes together with what it waits for.
        """
        try:
            async with asyncio.timeout(self.server.ping_interval + self.server.ping_timeout):
                found = [await self.queue.get()]
        except TimeoutError:
            raise QueueEmpty() from None
        while len(found) < _MAX_PACKETS_A_POLL and not self.queue.empty():
            found.append(self.queue.get_nowait())
        for pkt in found:
            self.queue.task_done()
            self.backlog -= len(pkt.data) if isinstance(pkt.data, str) else 0
        return found

    async def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        if not self.closed and not self.closing:
            await super().close(wait=False, abort=abort, reason=reason)
        if self._wire is not None:
            self._wire.finish()
        self.transport = None
        if self.server.sockets.get(self.sid) is self and (abort or self._wire is not None):
            del self.server.sockets[self.sid]

    # -- from the client

    def on_text(self, text: str) -> None:
        """One Engine.IO packet, from either transport. Never raises."""
        link = self.link
        if self._over:
            return None
        if link is not None and not self.carrier.receiver.allowed(link):
            return self.violate("rate_limited")
        if self.connecting:
            self.early.append(text)
            return None if len(self.early) <= self.carrier.settings.event_burst else self.violate("rate_limited")
        try:
            self._dispatch(text, link)
        except ProtocolError as error:
            if link is not None:
                link.ack(error.data.get("reply"), {"ok": False, "code": error.code, "data": {}})
            self.violate(error.code)

    def _dispatch(self, text: str, link: Link | None) -> None:
        kind = text[:2]
        if kind == "42":
            if link is not None:
                self.carrier.receiver.received(link, packets.parse_event(text))
        elif kind == "40" and link is None:
            auth = packets.parse_json(text[2:]) if len(text) > 2 else None
            self.connecting = True
            self.carrier.spawn(self.carrier.connect(self, auth))
        elif kind[:1] == "3":
            self._pong_by = None
            self._ping_at = time.monotonic() + self.server.ping_interval
        elif kind == "41" or kind[:1] == "1":
            self._over = True  # each further farewell would be a task that lingers
            self.leave(for_good=False)
        elif kind != "43" and kind[:1] not in ("5", "6"):  # nobody asked for that acknowledgement; upgrade, noop
            raise ProtocolError("bad_input")

    def violate(self, code: str) -> None:
        """The peer's program is wrong: tell it the code and let it go."""
        if self._over:
            return
        self._over = True
        self.carrier.violations += 1
        if self.link is not None:
            self.link.dismiss(code)
        else:
            self.leave(for_good=False)

    async def handle_post_request(self, environ: dict[str, Any]) -> None:
        """Long-polling's way in. Unlike stock: reads the whole body and parses nothing before its size is known."""
        size = environ.get("CONTENT_LENGTH", "")
        if not (size.isascii() and size.isdigit()) or int(size) > self.server.max_http_buffer_size:
            return self.violate("too_large")
        try:
            body = (await environ["wsgi.input"].readexactly(int(size))).decode()
        except (asyncio.IncompleteReadError, UnicodeDecodeError):
            return self.violate("bad_input")
        for text in body.split("\x1e"):
            self.on_text(text)

    async def _upgrade_websocket(self, environ: dict[str, Any]) -> Any:
        """Carry this connection over a WebSocket, from its start or after some polling."""
        if self._wire is not None:
            return self.server._bad_request("Already upgraded")
        self._probing = self.upgrading = self.connected
        wire = self._wire = FramePipe(self, self.server.max_http_buffer_size)
        try:
            await wire.prepare(environ["aiohttp.request"])
            if not self._probing:
                self._go_direct(wire)
            await wire.finished
        finally:
            if self._probing:  # the probe failed: polling goes on
                self._wire, self._probing, self.upgrading = None, False, False
                wire.finish()
            else:
                await self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
        return wire

    def on_frame(self, wire: FramePipe, text: str) -> None:
        if not self._probing:
            self.on_text(text)
        elif text == "2probe":
            wire.put(_PROBE_ANSWER)
            self.queue.put_nowait(engine_packet.Packet(engine_packet.NOOP))  # ends the poll that is under way
        elif text[:1] == "5":
            self._probing = False
            self._go_direct(wire)
        else:
            wire.abort()

    def on_ping(self, wire: FramePipe, payload: bytes) -> None:
        """Answer it, unless earlier answers are not read: they would pile up for as long as pings come."""
        transport = wire.transport
        if transport is not None and transport.get_write_buffer_size() > self.carrier.settings.slow_reader_bytes:
            self.carrier.slow_readers += 1
            wire.abort()
        else:
            wire.put(packets.ws_frame(payload, packets.PONG))

    def on_gone(self, wire: FramePipe) -> None:
        if wire is self._wire:
            self.transport = None

    def _go_direct(self, wire: FramePipe) -> None:
        self.connected = self.upgraded = True
        self.upgrading = False
        while not self.queue.empty():
            pkt = self.queue.get_nowait()
            self.queue.task_done()
            if pkt.packet_type != engine_packet.NOOP:
                wire.put(packets.text_frame(pkt.encode()))
        self.backlog = 0
        self.transport = wire.transport
