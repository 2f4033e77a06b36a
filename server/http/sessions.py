"""Snapshots, proposals and transcripts of sessions."""

from __future__ import annotations

import gzip

from aiohttp import hdrs, web

from server.http.client import accepted
from server.http.columns import Columns
from server.http.outcomes import Outcomes
from server.http.passes import in_session
from server.http.transcripts import Transcripts
from server.services import SERVICES
from sessions import card, view
from sessions.errors import Refused
from sessions.ids import BallotId, HallId, ProposalId, SessionId
from sessions.permissions import Role

TRANSCRIPTS = web.AppKey("transcripts", Transcripts)
OUTCOMES = web.AppKey("outcomes", Outcomes)
COLUMNS = web.AppKey("columns", Columns)


async def own_snapshot(request: web.Request) -> web.Response:
    admission = await in_session(request)
    return await snapshot(request, view.view_class(admission.actor.role), "private, no-cache")


async def public_snapshot(request: web.Request) -> web.Response:
    return await snapshot(request, view.view_class(Role.PUBLIC), "public, no-cache")


async def snapshot(request: web.Request, view_class: str, caching: str) -> web.Response:
    """Compressed once a class and seq by the gateway; who has it already gets 304. `?form=columns`: smaller."""
    services = request.app[SERVICES]
    session = SessionId(request.match_info["session"])
    await services.desks.desk(session)
    found = await services.gateway.snapshot(session, view_class)
    vary = "Accept-Encoding, Authorization"
    if request.query.get("form") == "columns":
        told = await request.app[COLUMNS].of(found.body, found.etag)
        return compressed(request, told.body, told.etag, caching, vary)
    return compressed(request, found.body, found.etag, caching, vary)


def compressed(
    request: web.Request, body: bytes, etag: str, caching: str, vary: str, content_type: str = "application/json"
) -> web.Response:
    """What was compressed before, or 304 for who has it."""
    headers: dict[str, str] = {hdrs.ETAG: f'"{etag}"', hdrs.CACHE_CONTROL: caching, hdrs.VARY: vary}
    if any(tag.value in (etag, "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    if "gzip" in accepted(request.headers.get(hdrs.ACCEPT_ENCODING, "")):
        headers[hdrs.CONTENT_ENCODING] = "gzip"
    else:
        body = gzip.decompress(body)
    charset = "utf-8" if content_type.startswith("text/") else None
    return web.Response(body=body, content_type=content_type, charset=charset, headers=headers)


async def proposal(request: web.Request) -> web.Response:
    """Everything about one proposal that the bearer's class may see."""
    admission = await in_session(request)
    desk = await request.app[SERVICES].desks.desk(admission.actor.session)
    wanted = ProposalId(request.match_info["proposal"])
    details = card.proposal_details(desk.state, wanted, view.view_class(admission.actor.role))
    if details is None:
        raise Refused("unknown_proposal")
    return web.json_response(details, headers={hdrs.CACHE_CONTROL: "private, no-cache"})


async def public_proposal(request: web.Request) -> web.Response:
    """The same as anybody may see it."""
    desk = await request.app[SERVICES].desks.desk(SessionId(request.match_info["session"]))
    details = card.proposal_details(
        desk.state, ProposalId(request.match_info["proposal"]), view.view_class(Role.PUBLIC)
    )
    if details is None:
        raise Refused("unknown_proposal")
    return web.json_response(details, headers={hdrs.CACHE_CONTROL: "public, no-cache"})


async def public_outcomes(request: web.Request) -> web.Response:
    """Decisions and their reasons, of one hall where one is named. Raises Refused: unknown_session, unknown_hall."""
    desk = await request.app[SERVICES].desks.desk(SessionId(request.match_info["session"]))
    named = request.query.get("hall")
    hall = None if named is None else HallId(named)
    if hall is not None and hall not in desk.state.halls:
        raise Refused("unknown_hall")
    told = await request.app[OUTCOMES].of(desk.state, hall)
    return compressed(request, told.body, told.etag, "public, no-cache", "Accept-Encoding")


async def ballot_transcript(request: web.Request) -> web.Response:
    """The canonical transcript of a ballot that has ended, signed. Raises Refused: unknown_ballot, ballot_is_open."""
    services = request.app[SERVICES]
    desk = await services.desks.desk(SessionId(request.match_info["session"]))
    body = await request.app[TRANSCRIPTS].of(services.store, desk.state, BallotId(request.match_info["ballot"]))
    headers = {hdrs.CACHE_CONTROL: "public, no-cache"}  # it may yet be declared void
    return web.Response(body=body, content_type="application/json", headers=headers)


async def key(request: web.Request) -> web.Response:
    """The public half of the key that receipts and transcripts are signed with."""
    sealer = request.app[SERVICES].store.sealer
    return web.json_response({"key_id": sealer.key_id, "algorithm": "Ed25519", "public_key": sealer.public_text})


def add_routes(app: web.Application) -> None:
    app[TRANSCRIPTS] = Transcripts()
    app[OUTCOMES] = Outcomes()
    app[COLUMNS] = Columns()
    router = app.router
    router.add_get("/api/sessions/{session}/snapshot", own_snapshot)
    router.add_get("/api/public/{session}/snapshot", public_snapshot)
    router.add_get("/api/sessions/{session}/proposals/{proposal}", proposal)
    router.add_get("/api/public/{session}/proposals/{proposal}", public_proposal)
    router.add_get("/api/public/{session}/outcomes", public_outcomes)
    router.add_get("/api/sessions/{session}/ballots/{ballot}/transcript", ballot_transcript)
    router.add_get("/api/key", key)
