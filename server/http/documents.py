"""GET /api/sessions/{session}/record.{html,pdf,json}: the record of a session (Berita Acara)."""

from __future__ import annotations

import logging

from aiohttp import hdrs, web

from server.documents.names import kept_in
from server.documents.page import CONTENT_SECURITY_POLICY
from server.documents.records import FORMS, MEDIA_TYPES, Records
from server.http.passes import in_session
from server.services import SERVICES
from sessions.errors import ProtocolError, Refused
from sessions.ids import SessionId
from sessions.permissions import Role

RECORDS = web.AppKey("records", Records)
ENDED = ("closed", "sealed")
KEEPERS = frozenset({Role.MODERATOR, Role.ADMIN})
READERS = KEEPERS | {Role.HALL}
ANYBODY = "public"
audit = logging.getLogger("pleno.access")


async def record(request: web.Request) -> web.Response:
    """The public form of an ended session is anybody's; a draft its people's; the archive's form its keepers'."""
    session, form = SessionId(request.match_info["session"]), request.query.get("form", "public")
    if form not in FORMS:
        raise ProtocolError("bad_input", field="form")
    desk = await request.app[SERVICES].desks.desk(session)
    public = form == "public" and desk.state.session.phase in ENDED
    actor = ANYBODY if public else await require(request, KEEPERS if form == "archive" else READERS, form)
    format_ = request.match_info["format"]
    found = await request.app[RECORDS].of(session, form, format_, actor)
    etag = f"{session}-{form}-{format_}-{found.tag}"
    headers: dict[str, str] = {
        hdrs.ETAG: f'"{etag}"',
        hdrs.CACHE_CONTROL: caching(public, form),
        hdrs.VARY: "Authorization",
        hdrs.CONTENT_DISPOSITION: f'inline; filename="berita-acara-{session}-{form}.{format_}"',
    }
    if format_ == "html":
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    if any(tag.value in (etag, "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    charset = None if format_ == "pdf" else "utf-8"
    return web.Response(body=found.body, content_type=MEDIA_TYPES[format_], charset=charset, headers=headers)


async def require(request: web.Request, roles: frozenset[Role], form: str) -> str:
    """Who reads it; a look at the archive is noted. Raises Refused: credential_unknown and its sisters, forbidden."""
    admission = await in_session(request)
    actor = admission.actor
    if actor.role not in roles:
        raise Refused("forbidden")
    if form == "archive":
        audit.info(
            "record of session %s read in the archive's form (%s) by %s, role %s",
            request.match_info["session"],
            request.match_info["format"],
            actor.id,
            actor.role.value,
        )
        trail, format_ = request.app[SERVICES].store.audit, request.match_info["format"]
        await trail.note(actor.id, "record.read", session=actor.session, form=form, format=format_)
    return actor.id


def caching(public: bool, form: str) -> str:
    """What holds names and contacts is kept by nobody on the way, nor by the browser."""
    if form == "archive":
        return "no-store"
    return "public, no-cache" if public else "private, no-cache"


async def close(app: web.Application) -> None:
    await app[RECORDS].close()


def add_routes(app: web.Application) -> None:
    store = app[SERVICES].store
    app[RECORDS] = Records(store.journal, kept_in(store.people))
    app.on_cleanup.append(close)
    app.router.add_get("/api/sessions/{session}/record.{format:html|pdf|json}", record)
