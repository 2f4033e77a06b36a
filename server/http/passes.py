"""A QR card's token becomes a credential: for the device that exchanges it, or for one vote at a hall's kiosk."""

from __future__ import annotations

import contextlib
import math
import re
import time
from typing import Any

from aiohttp import web

from server.doorkeeper import Entry
from server.http.bodies import member, read_object
from server.http.problems import problem, retry_later
from server.limits import client_address, counted_as
from server.pins import PIN
from server.services import SERVICES, Services
from server.store.passes import digest
from sessions.errors import ProtocolError, Refused
from sessions.ids import SessionId
from sessions.permissions import Role
from signaling import trail
from signaling.gateway.ports import Admission
from signaling.gateway.rates import Allowance

LONGEST_TOKEN = 200
AT_ONCE, EVERY_S = 400, 0.025  # requests of one credential: a board's pictures at once, then 40 a second
REQUESTS = web.AppKey("requests", Allowance[bytes])
DEVICE = re.compile(r"[A-Za-z0-9_-]{16,64}")
FAULTS = frozenset({"pass_unknown", "pass_expired", "pass_revoked", "no_seat"})


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
    body = await read_object(request)
    token = member(body, "token", LONGEST_TOKEN)
    device, pin = matching(body, "device", DEVICE), matching(body, "pin", PIN)
    guesses = f"pin {address}"  # counted apart: who mistypes a PIN keeps nobody of the same hall from coming in
    try:
        with services.tries.trying(guesses, "pin_wrong", "pin_spent") if pin else contextlib.nullcontext():
            entry = await services.doorkeeper.exchange(token, device, pin, address)
    except Refused as refused:
        if refused.code == "pass_unknown":
            # Only what is no card has to wait: one who tries links must not keep a whole hall from coming in.
            if (wait_s := services.tries.wait_s(address)) > 0:
                return retry_later(429, "too_many_attempts", wait_s)
            services.tries.failed(address)
        raise
    return entered(entry, services)


def entered(entry: Entry, services: Services) -> web.Response:
    answer = {
        "credential": entry.credential,
        "identity": identity(entry.admission),
        "server_now": services.clock(),
    }
    return web.json_response(answer, headers={"Cache-Control": "no-store"})


def matching(body: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    """Empty where there is none. Raises ProtocolError("bad_input")."""
    value = body.get(name, "")
    if not isinstance(value, str) or not (value == "" or pattern.fullmatch(value)):
        raise ProtocolError("bad_input", field=name)
    return value


async def at_kiosk(request: web.Request) -> web.Response:
    """A delegate's card shown at the page of a hall. What is wrong with the card is 409: 401 would be the hall's own.

    What is no card at all counts as a try of the pass that shows it, as at the door.
    """
    actor = (await in_session(request)).actor
    if actor.role is not Role.HALL:
        raise Refused("forbidden")
    services = request.app[SERVICES]
    tried_by = f"door {actor.session} {actor.pass_id}"
    token = member(await read_object(request), "token", LONGEST_TOKEN)
    try:
        with services.tries.trying(tried_by, "pass_unknown"):
            entry = await services.doorkeeper.show(token, actor)
    except Refused as refused:
        if refused.code not in FAULTS:
            raise
        return problem(409, refused.code)
    return entered(entry, services)


async def bearer(request: web.Request, session: str | None = None) -> Admission:
    """Whoever the request's credential stands for, in this session or at home.

    Raises Refused: rate_limited, credential_unknown and its sisters.
    """
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not credential.strip():
        raise Refused("credential_unknown")
    if not request.app[SERVICES].doorkeeper.is_ours(credential.strip()):
        raise Refused("credential_unknown")
    entering = None if session is None else SessionId(session)
    if (wait_s := request.app[REQUESTS].wait_s(digest(credential.strip()))) > 0:
        raise Refused("rate_limited", retry_after_ms=math.ceil(wait_s * 1000))
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
    app[REQUESTS] = Allowance(time.monotonic, AT_ONCE, EVERY_S)
    app.router.add_post("/api/passes/exchange", exchange)
    app.router.add_post("/api/sessions/{session}/kiosk", at_kiosk)
