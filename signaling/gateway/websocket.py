"""The insides of aiohttp's WebSocket, and the only file that touches them: frames are handed on where they are parsed.

aiohttp's compiled reader stays; what goes is the queue behind it and the task that waited there. No permessage-deflate:
it costs a compressor a client. tests/gateway/test_fanout_contract.py names every internal used and pins the version.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

from aiohttp import web
from aiohttp._websocket.reader import WebSocketDataQueue, WebSocketReader
from aiohttp.http import WSMessage, WSMsgType

from signaling.gateway import packets

log = logging.getLogger("pleno.gateway")
LINGER_S = 2.0  # how long a closing connection may take to read its last words


class FrameTaker(Protocol):
    """Who gets the text frames of one connection."""

    def on_frame(self, wire: FramePipe, text: str) -> None: ...

    def on_ping(self, wire: FramePipe, payload: bytes) -> None: ...

    def on_gone(self, wire: FramePipe) -> None:
        """The transport must not be written to any more: it may raise."""

    def violate(self, code: str) -> None:
        """The peer breaks the protocol: too_large or bad_input."""


class FramePipe(web.WebSocketResponse):
    """A WebSocket without permessage-deflate whose incoming frames go straight to its socket."""

    def __init__(self, taker: FrameTaker, max_bytes: int) -> None:
        super().__init__(max_msg_size=max_bytes, compress=False, autoping=False)
        self._taker = taker
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self._broken = self._finishing = False

    def _post_start(self, request: web.BaseRequest, protocol: str | None, writer: Any) -> None:
        self._ws_protocol = protocol
        self._writer = writer
        self.transport = writer.transport
        inbox = _Inbox(request.protocol, 2**16, loop=asyncio.get_running_loop())
        inbox.attach(self)
        self._reader = inbox
        self._parser = WebSocketReader(inbox, self._max_msg_size + 1, compress=False, decode_text=True)
        request.protocol.set_parser(self._parser)
        request.protocol.keep_alive(False)

    async def write_eof(self) -> None:  # type: ignore[override]
        """aiohttp would wait here for the peer's close frame; ours was answered or the peer is gone."""
        self._eof_sent = True
        self._parser = None

    def put(self, frame: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(frame)

    def on_message(self, message: WSMessage) -> None:
        match message.type:
            case WSMsgType.TEXT:
                self._taker.on_frame(self, message.data)
            case WSMsgType.PING:
                self._taker.on_ping(self, message.data)
            case WSMsgType.CLOSE:
                self.finish()
            case WSMsgType.BINARY:
                self._taker.violate("bad_input")

    def on_error(self, error: BaseException) -> None:
        """Oversized, badly framed or undecodable: aiohttp reads on and throws away."""
        self._broken = True
        self._taker.violate("too_large" if getattr(error, "code", 0) == 1009 else "bad_input")

    def finish(self) -> None:
        """Close once written data is out; a peer that does not read it is aborted after a while.

        Closing while a broken peer still sends would reset the connection before it has read why.
        """
        if self._finishing:
            return
        self._finishing = True
        self._taker.on_gone(self)
        self.put(packets.ws_frame(b"\x03\xe8", packets.CLOSE))
        loop = asyncio.get_running_loop()
        loop.call_later(LINGER_S, self.abort)
        if self._broken:
            return
        if self.transport is not None:
            self.transport.close()
        self._done()

    def _done(self) -> None:
        if not self.finished.done():
            self.finished.set_result(None)

    def abort(self) -> None:
        self._taker.on_gone(self)
        if self.transport is not None:
            self.transport.abort()
        self._done()


class _Inbox(WebSocketDataQueue):
    """Where aiohttp's reader puts what it parsed; hands it on at once, so nothing piles up."""

    def attach(self, wire: FramePipe) -> None:
        self._wire = wire

    def feed_data(self, data: WSMessage, size: int) -> None:  # type: ignore[override]
        try:
            self._wire.on_message(data)
        except Exception:  # the reader, compiled, would swallow it
            log.exception("a message could not be dispatched")

    def feed_eof(self) -> None:
        self._wire.abort()

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        self._wire.on_error(exc)
