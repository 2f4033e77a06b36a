"""Cards printed for the secretariat: asked for, looked at while they are made, fetched as PDF."""

from __future__ import annotations

from typing import Any

from aiohttp import hdrs, web

from server.http.bodies import read_object
from server.http.cards import DAYS, PRIVATE, check_days
from server.http.people import SECRETARIAT, admitted
from server.printing import BASE, PRINTED, Asked, Print
from server.services import SERVICES
from sessions.errors import ProtocolError, Refused
from sessions.ids import HallId, SeatId
from sessions.shape import ident

MOST_BYTES = 256 * 1024
MOST_NAMED = 5000
KNOWN = {"base", "days", "roles", "halls", "seats", "again"}


async def begin(request: web.Request) -> web.Response:
    """202 with its progress. Raises Refused: print_running, busy, nothing_to_print, unknown_hall, unknown_seat."""
    actor = (await admitted(request, SECRETARIAT)).actor
    services = request.app[SERVICES]
    asked = read(await read_object(request, MOST_BYTES))
    desk = await services.desks.desk(actor.session)
    for hall in asked.halls - desk.state.halls.keys():
        raise Refused("unknown_hall", hall=hall)
    for seat in asked.seats - desk.state.seats.keys():
        raise Refused("unknown_seat", seat=seat)
    job = await services.prints.begin(desk, asked, actor)
    return web.json_response(told(job), status=202, headers=PRIVATE)


def read(body: dict[str, Any]) -> Asked:
    """Raises ProtocolError("bad_input", field=…)."""
    if unknown := body.keys() - KNOWN:
        raise ProtocolError("bad_input", field=min(unknown)[:40])
    base, roles, again = body.get("base"), body.get("roles"), body.get("again", False)
    if not isinstance(base, str) or not BASE.fullmatch(base):
        raise ProtocolError("bad_input", field="base")
    if not isinstance(roles, list) or not roles or any(role not in PRINTED for role in roles):
        raise ProtocolError("bad_input", field="roles")
    if not isinstance(again, bool):
        raise ProtocolError("bad_input", field="again")
    days: int = check_days(body.get("days", DAYS), "days")
    halls, seats = named(body, "halls"), named(body, "seats")
    return Asked(base, days, roles, frozenset(map(HallId, halls)), frozenset(map(SeatId, seats)), again)


def named(body: dict[str, Any], field: str) -> list[str]:
    found = body.get(field, [])
    if not isinstance(found, list) or len(found) > MOST_NAMED:
        raise ProtocolError("bad_input", field=field)
    return [ident(one, field) for one in found]


async def listed(request: web.Request) -> web.Response:
    """Those the asker began at this node, under way or not yet forgotten: whoever lost the page finds them again."""
    actor = (await admitted(request, SECRETARIAT)).actor
    found = request.app[SERVICES].prints.of(actor.session, actor.pass_id)
    return web.json_response({"prints": [told(job) for job in found]}, headers=PRIVATE)


async def progress(request: web.Request) -> web.Response:
    return web.json_response(told(await mine(request)), headers=PRIVATE)


async def stop(request: web.Request) -> web.Response:
    """What is issued by then is still printed. Twice is harmless."""
    job = await mine(request)
    request.app[SERVICES].prints.stop(job)
    return web.json_response(told(job), headers=PRIVATE)


async def file(request: web.Request) -> web.Response:
    """One part as PDF. Raises Refused("unknown_print")."""
    job, number = await mine(request), int(request.match_info["part"])
    if not 1 <= number <= len(job.parts):
        raise Refused("unknown_print")
    part = job.parts[number - 1]
    name = f'attachment; filename="kartu-{job.session}-{part.name}.pdf"'
    return web.Response(
        body=part.body, content_type="application/pdf", headers={**PRIVATE, hdrs.CONTENT_DISPOSITION: name}
    )


async def mine(request: web.Request) -> Print:
    actor = (await admitted(request, SECRETARIAT)).actor
    return request.app[SERVICES].prints.find(actor.session, request.match_info["print"], actor.pass_id)


def told(job: Print) -> dict[str, Any]:
    """Parts can be fetched as soon as they are named."""
    return {
        "print": job.id,
        "state": job.state,
        "total": job.total,
        "done": job.done,
        "set": job.set,
        "halls": sorted(job.halls),
        "parts": [{"part": number, "name": part.name, "cards": part.cards} for number, part in enumerate(job.parts, 1)],
    }


def add_routes(app: web.Application) -> None:
    prints = "/api/sessions/{session}/prints"
    app.router.add_get(prints, listed)
    app.router.add_post(prints, begin)
    app.router.add_get(f"{prints}/{{print}}", progress)
    app.router.add_delete(f"{prints}/{{print}}", stop)
    app.router.add_get(rf"{prints}/{{print}}/{{part:\d{{1,4}}}}.pdf", file)
