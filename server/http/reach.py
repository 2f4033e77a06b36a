"""POST /api/sessions/{session}/reach: a hall's page times how long its bytes take, to know what its line carries."""

from __future__ import annotations

from aiohttp import hdrs, web

from server.http.bodies import read_bytes
from server.http.passes import in_session
from sessions.errors import Refused
from sessions.permissions import Role

MOST_BYTES = 48 * 1024


async def measured(request: web.Request) -> web.Response:
    """What came is counted and forgotten. Errors: forbidden, too_large, too_slow."""
    if (await in_session(request)).actor.role is not Role.HALL:
        raise Refused("forbidden")
    body = {"bytes": len(await read_bytes(request, MOST_BYTES))}
    return web.json_response(body, headers={hdrs.CACHE_CONTROL: "no-store"})


def add_routes(app: web.Application) -> None:
    app.router.add_post("/api/sessions/{session}/reach", measured)
