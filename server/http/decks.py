"""Decks of slides: a PDF comes in, pictures of its pages go out."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from aiohttp import hdrs, web

from server.desks import system
from server.http.bodies import query
from server.http.passes import in_session
from server.services import SERVICES, Services
from server.slides import Page, render
from server.store.files import NewFile
from sessions.deck import owner
from sessions.desk import Desk
from sessions.errors import ProtocolError, Refused
from sessions.ids import HallId, SessionId
from sessions.shape import text

MOST_BYTES = 20 * 1024 * 1024
KIND = "slide"
UNUSED_MS = 3_600_000  # pages this old that no deck speaks of were left by a server that died between
RENDERING = web.AppKey("rendering", asyncio.Lock)
TITLE = text(160, 1)


async def upload(request: web.Request) -> web.Response:
    """POST the PDF itself, `?title=` and perhaps `&hall=`; the answer names the deck and its pages."""
    services = request.app[SERVICES]
    actor = (await in_session(request)).actor
    asked = query(request, "title", "hall")
    title = TITLE(asked.get("title", ""), "title")
    desk = await services.desks.desk(actor.session)
    hall = owner(desk.state, HallId(asked["hall"]) if "hall" in asked else None, actor)  # before minutes of rendering
    services.uploads.spend(actor)
    async with services.uploads.decks.body(request, actor, MOST_BYTES) as body:
        async with request.app[RENDERING]:  # one at a time: a deck must not take the machine from the session
            stored = await kept(services, desk)
            services.uploads.require_room(stored)
            pages = await render(body)
            size = sum(len(page.image) for page in pages)
            services.uploads.require_room(stored, size)
            services.uploads.spend_slides(actor, size)
            deck = secrets.token_hex(16)
            data = {"deck": deck, "title": title, "pages": len(pages), "hall": hall, "by": actor.id}
            await store(services, actor.session, files_of(actor.session, deck, pages), data)
    return web.json_response({"deck": deck, "pages": len(pages)}, status=201)


def files_of(session: SessionId, deck: str, pages: list[Page]) -> list[NewFile]:
    return [
        NewFile(page_id(deck, number), session, KIND, "image/webp", page.image, page.width, page.height)
        for number, page in enumerate(pages, 1)
    ]


async def store(services: Services, session: SessionId, files: list[NewFile], data: dict[str, Any]) -> None:
    """The pictures first: a deck of the session always has all its pages. Raises what the command is refused with."""
    desk = await services.desks.desk(session)
    await services.store.files.add(*files)
    try:
        await desk.submit("deck.add", data, system(session), f"deck-{data['deck']}")
    except (Refused, ProtocolError) as error:
        if error.code != "held":  # held may have been recorded after all
            await services.store.files.remove(*(file.id for file in files))
        raise


async def kept(services: Services, desk: Desk) -> int:
    """Bytes of all pages in the store, after those have gone that belong to no deck any more.

    What is removed counts until then: whoever uploads and removes in turns fills the disk no less. Decks are rendered
    one at a time, so this holds while one is; another node may add a deck meanwhile.
    """
    files, state = services.store.files, desk.state
    used = {page_id(one.id, number) for one in state.decks.decks.values() for number in range(1, one.pages + 1)}
    await files.forget_unused(state.session.id, KIND, used, services.clock() - UNUSED_MS)
    return await files.bytes_of(state.session.id, KIND)


def page_id(deck: str, page: int) -> str:
    """A deck's id is 128 random bits; whoever was shown a page knows it, nobody can guess it."""
    return f"{deck}-{page}"


async def page(request: web.Request) -> web.Response:
    """One page as WebP, for as long as anybody likes to keep it: it never changes."""
    match, services = request.match_info, request.app[SERVICES]
    found = await services.store.files.get(page_id(match["deck"], int(match["page"])))
    if found is None or found.kind != KIND or found.session != match["session"]:
        raise Refused("unknown_deck")
    if match["deck"] not in (await services.desks.desk(found.session)).state.decks.decks:
        raise Refused("unknown_deck")  # removed: its pages lie in the store until the next deck comes
    headers = {hdrs.CACHE_CONTROL: "private, max-age=31536000, immutable"}
    return web.Response(body=found.body, content_type=found.media_type, headers=headers)


def add_routes(app: web.Application) -> None:
    app[RENDERING] = asyncio.Lock()
    app.router.add_post("/api/sessions/{session}/decks", upload)
    app.router.add_get(r"/api/sessions/{session}/decks/{deck:[0-9a-f]{32}}/{page:[1-9][0-9]{0,2}}", page)
