"""GET /internal/media: where other nodes use this node's media engine. Nobody else is told that it exists."""

from __future__ import annotations

import hmac
import re

from aiohttp import web

from server.services import SERVICES
from signaling import engine_link
from signaling.sfu import control

NODE = re.compile(r"[A-Za-z0-9_-]{1,40}\.[0-9a-f]{8}")  # its name, and which life of it
CLOSE_S = 1.0  # how long to wait for the other end when a link ends


async def media(request: web.Request) -> web.WebSocketResponse:
    """A stranger gets what any address gets that does not exist."""
    nodes = request.app[SERVICES].media_nodes
    if nodes is None or not secret_fits(request, nodes.secret):
        raise web.HTTPNotFound
    node = request.headers.get(engine_link.NODE_HEADER, "")
    socket = web.WebSocketResponse(
        timeout=CLOSE_S, heartbeat=engine_link.HEARTBEAT_S, max_msg_size=control.MAX_LINE, compress=False
    )
    if not NODE.fullmatch(node) or not socket.can_prepare(request).ok:
        raise web.HTTPNotFound
    await socket.prepare(request)
    await nodes.guests.serve(node, socket)
    return socket


def secret_fits(request: web.Request, secret: str) -> bool:
    given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, f"Bearer {secret}".encode())


def add_routes(app: web.Application) -> None:
    app.router.add_get(engine_link.PATH, media)
