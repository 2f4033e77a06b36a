"""What strangers send: bodies by size and then shape, queries by name."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from sessions.errors import ProtocolError

MOST_BYTES = 4096
LONGEST_NAME = 40


async def read_bytes(request: web.Request, most: int) -> bytes:
    """The whole body. Raises ProtocolError("too_large", limit=…) as soon as that is known."""
    if request.content_length is not None and request.content_length > most:
        raise ProtocolError("too_large", limit=most)
    body = bytearray()
    while len(body) <= most:
        chunk = await request.content.read(most + 1 - len(body))
        if not chunk:
            return bytes(body)
        body += chunk
    raise ProtocolError("too_large", limit=most)


async def read_object(request: web.Request, most: int = MOST_BYTES) -> dict[str, Any]:
    """Raises ProtocolError: too_large, bad_input."""
    body = await read_bytes(request, most)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ProtocolError("bad_input", field="") from None
    if not isinstance(found, dict):
        raise ProtocolError("bad_input", field="")
    return found


def query(request: web.Request, *known: str) -> dict[str, str]:
    """The parameters of the address. Raises ProtocolError("bad_input"): one unknown or said twice has a slip in it."""
    for name in request.query:
        if name not in known or len(request.query.getall(name)) > 1:
            raise ProtocolError("bad_input", field=name[:LONGEST_NAME])
    return dict(request.query)


def member(body: dict[str, Any], name: str, longest: int) -> str:
    """A text that has to be there. Raises ProtocolError("bad_input")."""
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ProtocolError("bad_input", field=name)
    return value
