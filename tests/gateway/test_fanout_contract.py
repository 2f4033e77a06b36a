"""Names every internal that fanout.py and websocket.py lean on: an upgrade must look at each of them."""

from __future__ import annotations

import inspect
from importlib.metadata import version

import engineio
import pytest
import socketio
from aiohttp import web
from aiohttp._websocket.reader import WebSocketDataQueue, WebSocketReader
from aiohttp.web_protocol import RequestHandler
from engineio.async_socket import AsyncSocket
from engineio.base_server import BaseServer as EngineBase
from engineio.base_socket import BaseSocket
from socketio.async_manager import AsyncManager
from socketio.base_manager import BaseManager
from socketio.base_server import BaseServer as SocketIoBase

from signaling.gateway import packets
from tests.gateway.carried import serving, until
from tests.gateway.served import dial

PINNED = {"python-socketio": "5.18.1", "python-engineio": "4.15.1", "aiohttp": "3.14.5"}


@pytest.mark.parametrize("package", PINNED)
def test_the_versions_are_the_ones_that_were_read(package: str) -> None:
    assert version(package) == PINNED[package], f"read its changes, then {__name__}"


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    [
        (socketio.AsyncServer, "_handle_connect", ["self", "eio_sid", "namespace", "data"]),
        (socketio.AsyncServer, "_engineio_server_class", ["self"]),
        (socketio.AsyncServer, "_handle_eio_connect", ["self", "eio_sid", "environ"]),
        (socketio.AsyncServer, "_handle_eio_disconnect", ["self", "eio_sid", "reason"]),
        (socketio.AsyncServer, "disconnect", ["self", "sid", "namespace", "ignore_queue"]),
        (engineio.AsyncServer, "_handle_connect", ["self", "environ", "transport", "jsonp_index"]),
        (engineio.AsyncServer, "_trigger_event", ["self", "event", "args", "kwargs"]),
        (EngineBase, "_ok", ["self", "packets", "headers", "jsonp_index"]),
        (EngineBase, "_bad_request", ["self", "message"]),
        (EngineBase, "_upgrades", ["self", "sid", "transport"]),
        (EngineBase, "generate_id", ["self"]),
        (BaseSocket, "__init__", ["self", "server", "sid"]),
        (AsyncSocket, "send", ["self", "pkt"]),
        (AsyncSocket, "poll", ["self"]),
        (AsyncSocket, "close", ["self", "wait", "abort", "reason"]),
        (AsyncSocket, "handle_get_request", ["self", "environ"]),
        (AsyncSocket, "handle_post_request", ["self", "environ"]),
        (AsyncSocket, "_upgrade_websocket", ["self", "environ"]),
        (BaseManager, "basic_disconnect", ["self", "sid", "namespace", "kwargs"]),
        (BaseManager, "basic_leave_room", ["self", "sid", "namespace", "room"]),
        (BaseManager, "eio_sid_from_sid", ["self", "sid", "namespace"]),
        (BaseManager, "sid_from_eio_sid", ["self", "eio_sid", "namespace"]),
        (AsyncManager, "disconnect", ["self", "sid", "namespace", "kwargs"]),
        (web.WebSocketResponse, "_post_start", ["self", "request", "protocol", "writer"]),
        (web.WebSocketResponse, "write_eof", ["self"]),
        (RequestHandler, "set_parser", ["self", "parser", "data_received_cb"]),
        (RequestHandler, "keep_alive", ["self", "val"]),
        (WebSocketDataQueue, "feed_data", ["self", "data", "size"]),
        (WebSocketDataQueue, "feed_eof", ["self"]),
        (WebSocketDataQueue, "set_exception", ["self", "exc", "exc_cause"]),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else value if isinstance(value, str) else "",
)
def test_an_internal_has_the_shape_that_is_overridden_or_called(owner: type, name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(owner, name)).parameters) == parameters


def test_the_attributes_leaned_on_exist() -> None:
    manager = socketio.AsyncManager()
    server = socketio.AsyncServer(async_mode="aiohttp", client_manager=manager)
    for attribute in ("environ", "manager", "eio"):
        assert hasattr(server, attribute)
    for attribute in ("rooms", "callbacks", "pending_connect", "pending_disconnect"):
        assert getattr(manager, attribute) == {}
    for attribute in ("sockets", "ping_interval", "ping_timeout", "max_http_buffer_size", "reason", "transports"):
        assert hasattr(server.eio, attribute)
    assert "async_handlers" in inspect.getsource(SocketIoBase.__init__)
    socket = AsyncSocket(server.eio, "sid")
    for attribute in ("queue", "connected", "upgrading", "upgraded", "closing", "closed"):
        assert hasattr(socket, attribute)
    source = inspect.getsource(web.WebSocketResponse)
    for attribute in ("_ws_protocol", "_writer", "_reader", "_parser", "_max_msg_size", "_eof_sent"):
        assert f"self.{attribute} = " in source or f"self.{attribute}: " in source
    assert callable(WebSocketReader)


async def test_permessage_deflate_is_refused_however_much_the_client_wants_it() -> None:
    async with serving() as (_, _, url):
        wire = await dial(url, {}, **{"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"})
        assert "Sec-WebSocket-Extensions" not in wire.ws._response.headers
        assert wire.ws.compress == 0
        await wire.close()


async def test_a_broadcast_makes_one_write_a_client_and_no_task() -> None:
    """The reason for all this: nothing is scheduled, so nothing can pile up."""
    import asyncio

    async with serving() as (carrier, echo, url):
        wires = [await dial(url, {}) for _ in range(5)]
        await until(lambda: len(echo.links) == 5)
        before = len(asyncio.all_tasks())
        carrier.broadcast(echo.links, [packets.event("frame", 1), packets.event("frame", 2)])
        assert len(asyncio.all_tasks()) == before
        for wire in wires:
            await wire.until(lambda wire=wire: len(wire.heard) == 2)  # type: ignore[misc]
            await wire.close()


async def test_nothing_is_left_of_a_client_that_left() -> None:
    async with serving() as (carrier, echo, url):
        wires = [await dial(url, {}) for _ in range(3)]
        for wire in wires:
            await wire.close()
        await until(lambda: carrier.sockets == 0)
        sio = carrier._sio
        assert (sio.manager.rooms, sio.environ, sio.eio.sockets, echo.links) == ({}, {}, {}, [])
        assert not sio.manager.pending_connect and not sio.manager.pending_disconnect
