"""Decks of slides: a PDF comes in, pictures of its pages go out."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from aiohttp import hdrs, web

from server.http.passes import in_session
from server.services import SERVICES, Services
from server.slides import render
from server.store.files import NewFile
from sessions.deck import owner
from sessions.errors import ProtocolError, Refused
from sessions.ids import HallId
from sessions.permissions import Actor, Role
from sessions.shape import text

MOST_BYTES = 20 * 1024 * 1024
UPLOADERS = frozenset({Role.MODERATOR, Role.HALL, Role.ADMIN})
KIND = "slide"
UNUSED_MS = 3_600_000  # pages this old that no deck speaks of were left by a server that died between
RENDERING = web.AppKey("rendering", asyncio.Lock)
TITLE = text(160, 1)


async def upload(request: web.Request) -> web.Response:
    """POST the PDF itself, `?title=` and perhaps `&hall=`; the answer names the deck and its pages."""
    services = request.app[SERVICES]
    actor = (await in_session(request)).actor
    if actor.role not in UPLOADERS:
        raise Refused("forbidden")
    title = TITLE(request.query.get("title", ""), "title")
    hall = request.query.get("hall")
    desk = await services.desks.desk(actor.session)
    owner(desk.state, None if hall is None else HallId(hall), actor)  # before minutes of rendering, not after
    body = await read_body(request)
    async with request.app[RENDERING]:  # one at a time: a deck must not take the machine from the session
        pages = await render(body)
    deck = secrets.token_hex(16)
    files = [
        NewFile(page_id(deck, number), actor.session, KIND, "image/webp", page.image, page.width, page.height)
        for number, page in enumerate(pages, 1)
    ]
    data = {"deck": deck, "title": title, "pages": len(pages), **({} if hall is None else {"hall": hall})}
    await store(services, actor, files, data)
    return web.json_response({"deck": deck, "pages": len(pages)}, status=201)


async def store(services: Services, actor: Actor, files: list[NewFile], data: dict[str, Any]) -> None:
    """The pictures first: a deck of the session always has all its pages. Raises what the command is refused with."""
    desk = await services.desks.desk(actor.session)
    await services.store.files.add(*files)
    try:
        await desk.submit("deck.add", data, actor, f"deck-{data['deck']}")
    except (Refused, ProtocolError) as error:
        if error.code != "held":  # held may have been recorded after all
            await services.store.files.remove(*(file.id for file in files))
        raise
    used = {page_id(one.id, number) for one in desk.state.decks.decks.values() for number in range(1, one.pages + 1)}
    await services.store.files.forget_unused(actor.session, KIND, used, services.clock() - UNUSED_MS)


async def read_body(request: web.Request) -> bytes:
    """Raises ProtocolError("too_large")."""
    if (request.content_length or 0) > MOST_BYTES:
        raise ProtocolError("too_large", limit=MOST_BYTES)
    body = bytearray()
    async for chunk in request.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > MOST_BYTES:
            raise ProtocolError("too_large", limit=MOST_BYTES)
    return bytes(body)


def page_id(deck: str, page: int) -> str:
    """A deck's id is 128 random bits; whoever was shown a page knows it, nobody can guess it."""
    return f"{deck}-{page}"


async def page(request: web.Request) -> web.Response:
    """One page as WebP, for as long as anybody likes to keep it: it never changes."""
    match = request.match_info
    found = await request.app[SERVICES].store.files.get(f"{match['deck']}-{match['page']}")
    if found is None or found.kind != KIND or found.session != match["session"]:
        raise Refused("unknown_deck")
    headers = {hdrs.CACHE_CONTROL: "private, max-age=31536000, immutable"}
    return web.Response(body=found.body, content_type=found.media_type, headers=headers)


def add_routes(app: web.Application) -> None:
    app[RENDERING] = asyncio.Lock()
    app.router.add_post("/api/sessions/{session}/decks", upload)
    app.router.add_get(r"/api/sessions/{session}/decks/{deck:[0-9a-f]{32}}/{page:[1-9][0-9]{0,2}}", page)
