"""Halls and people from a spreadsheet: looked at first, and written only when no row is wrong."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Coroutine, Iterable, Mapping
from typing import Any

from aiohttp import hdrs, web

from server.http.bodies import query
from server.http.people import SECRETARIAT, admitted, home_of
from server.http.uploads import Gate
from server.interchange.filled import filled
from server.interchange.lists import checked, marked, sample
from server.interchange.rows import Change, Checked
from server.interchange.sheets import CSV, MEDIA_TYPES, XLSX
from server.interchange.words import CHOICES, said
from server.services import SERVICES, Services
from server.store.people import Person
from sessions.errors import ProtocolError
from sessions.ids import SeatId
from sessions.permissions import Actor

GATE = web.AppKey("lists", Gate)
MOST_BYTES = 4 * 1024 * 1024
IGNORED_MOST, IGNORED_LONGEST = 20, 80  # headings that mean no column, as they are told
TOLD_MOST = 200  # faults told one by one; the marked list holds them all
NAMES = {"halls": "aula", "people": "orang"}
PRIVATE: dict[str, str] = {hdrs.CACHE_CONTROL: "no-store"}


async def bring(request: web.Request) -> web.Response:
    """POST the list itself; `?write=yes` writes it if nothing is wrong, in the order halls, seats, people.

    Raises Refused: not_a_list, workbook_too_heavy, list_too_long, columns_missing, columns_twice, and what the
    commands do.
    """
    actor = (await admitted(request, SECRETARIAT)).actor
    services, kind = request.app[SERVICES], request.match_info["kind"]
    asked = query(request, "write", "lang")
    if asked.get("write", "yes") != "yes":
        raise ProtocolError("bad_input", field="write")
    tongue = language(asked)
    async with request.app[GATE].body(request, actor, MOST_BYTES) as body:
        desk = await services.desks.desk(actor.session)
        await desk.refresh()
        stored: Mapping[SeatId, Person] = {}
        if kind == "people":
            stored = await services.store.people.of(home_of(desk.state), actor.id, "import")
        found = await asyncio.to_thread(checked, kind, body, desk.state, stored)
    if "write" in asked and not found.faults:
        await write(services, actor, kind, found)
    return web.json_response(await asyncio.to_thread(told, kind, found, tongue, "write" in asked), headers=PRIVATE)


def told(kind: str, found: Checked, tongue: str, write: bool) -> dict[str, Any]:
    """faults: the first of them, in words. marked: the whole list with them in the form it came in, base64; if any."""
    faults = [
        {
            "line": one.line,
            "cell": one.cell,
            "code": one.why,
            "column": said(one.column, tongue),
            "why": said(one.why, tongue),
            "value": one.value,
        }
        for one in found.faults[:TOLD_MOST]
    ]
    answer: dict[str, Any] = {
        "form": found.form,
        "sheet": found.sheet,
        "ignored": [one[:IGNORED_LONGEST] for one in found.ignored[:IGNORED_MOST]],
        "new": len(found.new),
        "known": found.known,
        "changed": len(found.changed),
        "changes": [change_told(one, tongue) for one in found.changes[:TOLD_MOST]],
        "people": len(found.people),
        "wrong": len({one.line for one in found.faults}),
        "faults": faults,
        "written": write and not found.faults,
    }
    if found.faults:
        answer["marked"] = base64.b64encode(marked(kind, found, tongue)).decode()
    return answer


def change_told(one: Change, tongue: str) -> dict[str, str]:
    """As the list itself says it; was is empty where nothing stood."""

    def as_read(value: str | bool) -> str:
        if isinstance(value, str):
            return value
        yes, no = said(CHOICES[one.column], tongue).split("|")
        return yes if value else no

    return {"of": one.of, "column": said(one.column, tongue), "was": as_read(one.was), "now": as_read(one.now)}


def language(asked: dict[str, str]) -> str:
    """Raises ProtocolError("bad_input")."""
    tongue = asked.get("lang", "id")
    if tongue not in ("id", "en"):
        raise ProtocolError("bad_input", field="lang")
    return tongue


async def write(services: Services, actor: Actor, kind: str, found: Checked) -> None:
    """By ordinary commands; stopped half-way, the same list once more goes on."""
    desk = await services.desks.desk(actor.session)
    if kind == "halls":
        await all_of(desk.submit("hall.add", hall, actor, f"list-{secrets.token_hex(8)}") for hall in found.new)
    elif found.new:
        await desk.submit("seats.import", {"seats": found.new}, actor, f"list-{secrets.token_hex(8)}")
    edit = "hall.edit" if kind == "halls" else "seat.edit"
    await all_of(desk.submit(edit, one, actor, f"list-{secrets.token_hex(8)}") for one in found.changed)
    if found.people:
        await services.store.audit.note(actor.id, "people.enter", session=actor.session, people=len(found.people))
        await services.store.people.put(home_of(desk.state), found.people, actor.id)


async def all_of(commands: Iterable[Coroutine[Any, Any, object]]) -> None:
    """Raises what the first of them was refused with, once none is under way any more."""
    for answer in await asyncio.gather(*commands, return_exceptions=True):
        if isinstance(answer, BaseException):
            raise answer


async def present(request: web.Request) -> web.Response:
    """What is there already, as a workbook that `bring` takes again once it is corrected."""
    actor = (await admitted(request, SECRETARIAT)).actor
    services, kind = request.app[SERVICES], request.match_info["kind"]
    tongue = language(query(request, "lang"))
    desk = await services.desks.desk(actor.session)
    await desk.refresh()
    people: Mapping[SeatId, Person] = {}
    if kind == "people":
        people = await services.store.people.of(home_of(desk.state), actor.id, "export")
        people = {seat: who for seat, who in people.items() if seat in desk.state.seats}
        await services.store.audit.note(actor.id, "people.export", session=actor.session, people=len(people))
    body = await asyncio.to_thread(filled, kind, desk.state, people, tongue)
    name = f'attachment; filename="{NAMES[kind]}-{actor.session}.xlsx"'
    headers = {**PRIVATE, hdrs.CONTENT_DISPOSITION: name}
    return web.Response(body=body, content_type=MEDIA_TYPES[XLSX], headers=headers)


async def empty(request: web.Request) -> web.Response:
    """A list with its headings alone, to begin from; `?form=` is csv or xlsx."""
    kind = request.match_info["kind"]
    asked = query(request, "lang", "form")
    form = asked.get("form", CSV)
    if form not in MEDIA_TYPES:
        raise ProtocolError("bad_input", field="form")
    name = f"{NAMES[kind]}.{form}"
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"', hdrs.CACHE_CONTROL: "no-cache"}
    body = await asyncio.to_thread(sample, kind, language(asked), form)
    charset = "utf-8" if form == CSV else None
    return web.Response(body=body, content_type=MEDIA_TYPES[form], charset=charset, headers=headers)


def add_routes(app: web.Application) -> None:
    app[GATE] = Gate(2)
    app.router.add_post("/api/sessions/{session}/lists/{kind:halls|people}", bring)
    app.router.add_get("/api/sessions/{session}/lists/{kind:halls|people}", present)
    app.router.add_get("/api/lists/{kind:halls|people}", empty)
