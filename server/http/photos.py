"""Photos and documents of proposals, handed in as the body of a request, and files as they are fetched."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from typing import Any

from aiohttp import hdrs, web

from server import pictures
from server.desks import system
from server.http.bodies import query
from server.http.passes import bearer, in_session
from server.services import SERVICES, Services
from server.slides import pages_of
from server.store.files import NewFile, StoredFile
from sessions import document as documents
from sessions.attachments import files_of
from sessions.desk import Desk
from sessions.errors import ProtocolError, Refused
from sessions.ids import ProposalId, SessionId
from sessions.permissions import Actor
from sessions.photo import SURVEY, may_attach, shown
from sessions.shape import IDENT, KEY, one_of, text

PHOTO, DOCUMENT = "photo", "document"
FILE_BYTES = 16  # random: a photo is found by its id alone
PDF = "application/pdf"
TAKEN_MOST_BYTES = 8_000_000
AT_ONCE = 2  # decoders; each may hold 200 MB for a moment, see server/pictures.py
UNUSED_MS = 3_600_000
FILE = re.compile(f"[0-9a-f]{{{2 * FILE_BYTES}}}")
A_DAY = "public, max-age=86400"

DECODERS = web.AppKey("decoders", asyncio.Semaphore)
check_caption = text(200)
check_kind = one_of("", SURVEY)
check_document_kind = one_of(*documents.KINDS)


async def hand_in(request: web.Request) -> web.Response:
    """The photo is durable before any event speaks of it; a repeat with the same key is the same photo.

    Raises Refused: what may_attach() and pictures.kept() do. ProtocolError: too_large, bad_input.
    """
    admission = await in_session(request)
    services = request.app[SERVICES]
    actor, proposal = admission.actor, ProposalId(request.match_info["proposal"])
    asked = query(request, "caption", "kind")
    caption = check_caption(asked.get("caption", ""), "caption")
    kind = check_kind(asked.get("kind", ""), "kind")
    key = key_of(request, actor)
    desk = await services.desks.desk(actor.session)
    may_attach(desk.state, proposal, actor, kind)
    services.uploads.spend(actor)
    async with services.uploads.files.body(request, actor, TAKEN_MOST_BYTES) as body, request.app[DECODERS]:
        picture = await asyncio.to_thread(pictures.kept, body)
    file = secrets.token_hex(FILE_BYTES)
    new = NewFile(file, actor.session, PHOTO, picture.media_type, picture.body, picture.width, picture.height)
    await services.store.files.add(new)
    data = {"proposal": proposal, "file": file, "width": picture.width, "height": picture.height, "by": actor.id}
    told = await recorded(services, desk, "photo.attach", {**data, "caption": caption, "kind": kind}, key)
    await forget_unused(services, actor.session, PHOTO)
    return told


async def hand_in_document(request: web.Request) -> web.Response:
    """As a photo, but kept as it came: nobody but those who decide fetches it, and no browser opens it by itself.

    Raises Refused: what documents.may_attach() and slides.pages_of() do. ProtocolError: too_large, bad_input.
    """
    actor = (await in_session(request)).actor
    services = request.app[SERVICES]
    proposal = ProposalId(request.match_info["proposal"])
    kind = check_document_kind(query(request, "kind").get("kind"), "kind")
    key = key_of(request, actor)
    desk = await services.desks.desk(actor.session)
    documents.may_attach(desk.state, proposal, actor)
    services.uploads.spend(actor)
    async with services.uploads.files.body(request, actor, documents.BYTES_MOST) as body, request.app[DECODERS]:
        pages = await pages_of(body)
        file = secrets.token_hex(FILE_BYTES)
        await services.store.files.add(NewFile(file, actor.session, DOCUMENT, PDF, body))
    data = {"proposal": proposal, "file": file, "kind": kind, "pages": pages, "size": len(body), "by": actor.id}
    told = await recorded(services, desk, "file.attach", data, key)
    await forget_unused(services, actor.session, DOCUMENT)
    return told


async def forget_unused(services: Services, session: SessionId, kind: str) -> None:
    """Drop what no card of any session lists and no parcel carries: cards travel, their files stay where they are."""
    await services.desks.level()
    loaded = list(services.desks.loaded.values())
    if any(desk.broken for desk in loaded):
        return  # what such a session lists is not known here
    used = files_of([desk.state.board for desk in loaded])
    for desk in loaded:
        for parcel in desk.state.parcels.waiting.values():
            used.update(FILE.findall(parcel.body))
    await services.store.files.forget_unused(session, kind, used, services.clock() - UNUSED_MS)


async def recorded(services: Services, desk: Desk, name: str, data: dict[str, Any], key: str) -> web.Response:
    """The event that speaks of a stored file; without it the file goes. Raises what the command is refused with."""
    try:
        answer = await desk.submit(name, data, system(desk.state.session.id), key)
    except (Refused, ProtocolError) as error:
        if error.code != "held":  # held may have been recorded after all
            await services.store.files.remove(data["file"])
        raise
    return web.json_response({"seq": answer.seq, "result": answer.result}, status=201)


def key_of(request: web.Request, actor: Actor) -> str:
    """The client's key, made the actor's own: the command itself is the server's."""
    told = request.headers.get("Idempotency-Key") or secrets.token_urlsafe(16)
    if not KEY.fullmatch(told):
        raise ProtocolError("bad_input", field="Idempotency-Key")
    return "photo-" + hashlib.sha256(f"{actor.id} {told}".encode()).hexdigest()[:40]


async def fetch(request: web.Request) -> web.Response:
    """A photo that a proposal shows is for everybody, a document for those who decide where a card lists it.

    Any other file is for the session it belongs to.
    """
    services = request.app[SERVICES]
    asked = request.match_info["file"]
    file = await services.store.files.get(asked) if IDENT.fullmatch(asked) else None  # PostgreSQL chokes on a NUL
    if file is None:
        raise web.HTTPNotFound
    headers: dict[str, str] = {
        hdrs.ETAG: f'"{file.sha256[:32]}"',
        hdrs.CACHE_CONTROL: await caching(request, services, file),
    }
    if any(tag.value in (file.sha256[:32], "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    if file.kind == DOCUMENT:  # whatever it holds, it runs and loads nothing here
        headers[hdrs.CONTENT_DISPOSITION] = f'attachment; filename="{file.id[:8]}.pdf"'
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return web.Response(body=file.body, content_type=file.media_type, headers=headers)


async def caching(request: web.Request, services: Services, file: StoredFile) -> str:
    """How long it may be kept; raises when this request may not have it at all."""
    if file.kind == PHOTO:
        if not any(shown(desk.state.board, file.id) for desk in await everywhere(services, file)):
            raise web.HTTPNotFound
        return A_DAY
    if file.kind == DOCUMENT:
        await bearer(request)
        for desk in await everywhere(services, file):
            if file.id in files_of([desk.state.board]) and await reads(request, desk, file.id):
                return "private, no-store"
        raise Refused("forbidden")
    actor = (await bearer(request, file.session)).actor
    if actor.session != file.session:
        raise Refused("forbidden")
    return "private, max-age=3600"


async def everywhere(services: Services, file: StoredFile) -> list[Desk]:
    """Its own session first, then the others: a card that was sent on, carried over or split off shows it there."""
    own = await services.desks.desk(SessionId(file.session))
    return [own, *(desk for desk in services.desks.loaded.values() if desk is not own)]


async def reads(request: web.Request, desk: Desk, document: str) -> bool:
    """Whether the bearer is somebody in this session who may read it."""
    try:
        actor = (await bearer(request, desk.state.session.id)).actor
    except Refused as refused:
        if refused.code not in ("forbidden", "unknown_session"):
            raise
        return False
    return documents.may_read(desk.state, document, actor)


def add_routes(app: web.Application) -> None:
    app[DECODERS] = asyncio.Semaphore(AT_ONCE)
    app.router.add_post("/api/sessions/{session}/proposals/{proposal}/photos", hand_in)
    app.router.add_post("/api/sessions/{session}/proposals/{proposal}/files", hand_in_document)
    app.router.add_get("/api/files/{file}", fetch)
