"""Cards as the secretariat of a session keeps them: listed, issued with their link, revoked."""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import hdrs, web

from server import issuing
from server.http.bodies import read_object
from server.http.people import SECRETARIAT, admitted
from server.services import SERVICES
from sessions.errors import ProtocolError
from sessions.shape import ident, integer

PRIVATE: dict[str, str] = {hdrs.CACHE_CONTROL: "no-store"}
DAYS, MOST_DAYS = 30, 3660
OPTIONAL = ("seat", "hall", "agency")
check_days = integer(1, MOST_DAYS)


async def listed(request: web.Request) -> web.Response:
    """Every card of the session; the tokens are known to nobody."""
    actor = (await admitted(request, SECRETARIAT)).actor
    state = (await request.app[SERVICES].desks.desk(actor.session)).state
    cards = [
        {
            "pass": card.id,
            "role": card.role,
            "seat": card.seat,
            "hall": card.hall,
            "agency": card.agency,
            "expires_at": card.expires_at,
            "revoked": card.revoked,
        }
        for card in state.passes.values()
    ]
    return web.json_response({"passes": cards}, headers=PRIVATE)


async def issue(request: web.Request) -> web.Response:
    """A new card; its link, and the PIN of one with a vote, are told this once. Raises what `pass.issue` does."""
    actor = (await admitted(request, SECRETARIAT)).actor
    services = request.app[SERVICES]
    body = await read_object(request)
    if unknown := body.keys() - {"role", "days", *OPTIONAL}:
        raise ProtocolError("bad_input", field=min(unknown)[:40])
    days: int = check_days(body.get("days", DAYS), "days")
    data: dict[str, Any] = {"role": body.get("role"), "expires_at": services.clock() + days * issuing.DAY_MS}
    data |= {name: body[name] for name in OPTIONAL if body.get(name) is not None}
    desk = await services.desks.desk(actor.session)
    made = await issuing.issue(desk, services.store.passes, services.store.claims, data, actor)
    answer = {"pass": made.pass_id, "path": f"/{issuing.FACES.get(body['role'], body['role'])}#{made.token}"}
    if made.pin:
        answer["pin"] = made.pin
    return web.json_response(answer, headers=PRIVATE)


async def revoke(request: web.Request) -> web.Response:
    """Twice is harmless. Raises Refused("unknown_pass")."""
    actor = (await admitted(request, SECRETARIAT)).actor
    card = ident(request.match_info["pass"], "pass")
    desk = await request.app[SERVICES].desks.desk(actor.session)
    await desk.submit("pass.revoke", {"pass": card}, actor, f"http-{secrets.token_hex(8)}")
    return web.json_response({"pass": card}, headers=PRIVATE)


def add_routes(app: web.Application) -> None:
    cards = "/api/sessions/{session}/passes"
    app.router.add_get(cards, listed)
    app.router.add_post(cards, issue)
    app.router.add_delete(f"{cards}/{{pass}}", revoke)
