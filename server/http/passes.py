"""POST /api/passes/exchange: a QR card's token becomes a credential."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.http.bodies import member, read_object
from server.http.problems import retry_later
from server.limits import client_address, counted_as
from server.services import SERVICES
from sessions.errors import Refused
from sessions.ids import SessionId
from sessions.permissions import Role
from signaling import trail
from signaling.gateway.ports import Admission

LONGEST_TOKEN = 200


def identity(admission: Admission) -> dict[str, Any]:
    """`Identity` of docs/protocol.md §1."""
    actor = admission.actor
    return {
        "session": actor.session,
        "role": actor.role.value,
        "seat": actor.seat,
        "hall": actor.hall,
        "pass": actor.pass_id,
        "expires_at": admission.expires_at,
    }


async def exchange(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    forwarded = request.headers.getall("X-Forwarded-For", [])
    address = counted_as(client_address(request.remote or "", forwarded, services.settings.proxies))
    if (wait_s := services.tries.wait_s(address)) > 0:
        return retry_later(429, "too_many_attempts", wait_s)
    token = member(await read_object(request), "token", LONGEST_TOKEN)
    try:
        entry = await services.doorkeeper.exchange(token)
    except Refused as refused:
        if refused.code == "pass_unknown":
            services.tries.failed(address)
        raise
    answer = {
        "credential": entry.credential,
        "identity": identity(entry.admission),
        "server_now": services.clock(),
    }
    return web.json_response(answer, headers={"Cache-Control": "no-store"})


async def bearer(request: web.Request, session: str | None = None) -> Admission:
    """Whoever the request's credential stands for, in this session or at home. Raises Refused: credential_unknown…"""
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not credential.strip():
        raise Refused("credential_unknown")
    entering = None if session is None else SessionId(session)
    found = await request.app[SERVICES].doorkeeper.admit(credential.strip(), entering)
    trail.follow(**trail.whose(found.actor))
    return found


async def in_session(request: web.Request) -> Admission:
    """The bearer in the session of the path: his own, or one it is joined to. Raises Refused("forbidden") otherwise."""
    admission = await bearer(request, request.match_info["session"])
    if admission.actor.session != request.match_info["session"] or admission.actor.role is Role.SYSTEM:
        raise Refused("forbidden")
    return admission


def add_routes(app: web.Application) -> None:
    app.router.add_post("/api/passes/exchange", exchange)
