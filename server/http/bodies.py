"""What strangers send: bodies by size and then shape, queries by name."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sessions.errors import ProtocolError, Refused

MOST_BYTES = 4096
LONGEST_NAME = 40
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Pace:
    """What one body is given: grace_s, then as long as it comes with least_rate bytes a second, never beyond most_s.

    A village's line of 1 Mbit/s takes 160 s for the largest deck; who sends a byte now and then is not waited for.
    """

    grace_s: float = 15.0
    least_rate: float = 32_000.0
    most_s: float = 600.0


PACE = Pace()


async def received(request: web.Request, most: int, pace: Pace) -> bytes:
    """Raises Refused("too_slow"), ProtocolError("too_large")."""
    began, body = asyncio.get_running_loop().time(), bytearray()
    try:
        async with asyncio.timeout_at(began + pace.grace_s) as limit:
            while chunk := await request.content.read(CHUNK):
                body += chunk
                if len(body) > most:
                    raise ProtocolError("too_large", limit=most)
                limit.reschedule(began + min(pace.most_s, pace.grace_s + len(body) / pace.least_rate))
    except TimeoutError:
        raise Refused("too_slow") from None
    except ConnectionError:
        raise web.HTTPBadRequest from None  # nobody is left to read it
    return bytes(body)


async def read_bytes(request: web.Request, most: int) -> bytes:
    """The whole body. Raises ProtocolError("too_large", limit=…) as soon as that is known, Refused("too_slow")."""
    if (request.content_length or 0) > most:
        raise ProtocolError("too_large", limit=most)
    return await received(request, most, PACE)


async def read_object(request: web.Request, most: int = MOST_BYTES) -> dict[str, Any]:
    """Raises ProtocolError: too_large, bad_input. Refused("too_slow")."""
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
