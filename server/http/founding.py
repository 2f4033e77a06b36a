"""A plenary founded on a page, from a template, by an admin of the installation."""

from __future__ import annotations

import re
import secrets
from typing import Any

from aiohttp import web

from server.desks import system
from server.http.account_admin import admin
from server.http.accounts import PRIVATE
from server.http.bodies import read_object
from server.services import SERVICES
from sessions.ids import SessionId
from sessions.presets.agenda import TEMPLATES
from sessions.shape import date, flag, integer, members, one_of, text

REQUIRED = {"title": text(160, 1), "place": text(160, 1), "date": date, "template": one_of(*TEMPLATES)}
OPTIONAL = {"tz": one_of("WIB", "WITA", "WIT"), "rehearsal": flag, "year": integer(2000, 2100)}


async def found(request: web.Request) -> web.Response:
    """The session with the agenda of its template; halls and people come from lists. Raises what the commands do."""
    by = await admin(request)
    services = request.app[SERVICES]
    asked = members(await read_object(request), "", REQUIRED, OPTIONAL)
    name = asked.pop("template")
    template = TEMPLATES[name]
    session = new_session(asked["title"])
    await services.store.audit.note(by.actor, "session.found", subject=f"session:{session}")
    desk = await services.desks.load(session)
    created: dict[str, Any] = {**asked, "kind": "plenary", "level": template.level, "form": template.form}
    await desk.submit("session.create", created, system(session), "found-create")
    await desk.submit("agenda.template", {"template": name}, system(session), "found-agenda")
    return web.json_response({"session": session}, status=201, headers=PRIVATE)


def new_session(title: str) -> SessionId:
    """Readable, and nobody else's."""
    words = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:28].strip("-") or "sidang"
    return SessionId(f"{words}-{secrets.token_hex(3)}")


def add_routes(app: web.Application) -> None:
    app.router.add_post("/api/sessions", found)
