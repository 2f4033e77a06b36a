"""Pages for anybody, without scripts: results, the fate of proposals, one page a proposal, the check of a receipt."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import json
import math
import re
import time
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import segno
from aiohttp import hdrs, web

from server.http.bodies import read_bytes
from server.http.client import File
from server.http.cookies import address_of, from_front, is_secure
from server.http.problems import come_back_s, whole_seconds
from server.http.sessions import TRANSCRIPTS, compressed
from server.pages import render
from server.pages.public import FATES, Public, ended, parts, public
from server.pages.render import Frame, Wanted
from server.pages.words import LANGUAGES, Words, spoken
from server.services import SERVICES
from sessions.card import proposal_details, whereabouts
from sessions.errors import ProtocolError, Refused
from sessions.ids import BallotId, ProposalId, SessionId
from sessions.kind import PUBLIC
from sessions.state import State
from sessions.view import same
from signaling.gateway.rates import Allowance

MOST = 512  # pages kept; one of 50 proposals takes 5 KB compressed
SESSIONS_MOST = 16  # of which the public view is kept
FRESH_S = 5.0  # a crowd reloads while the board changes several times a second; to gather 1,451 proposals takes 0.2 s
LISTS_MOST = 32  # of codes; one of 2,500 votes takes 200 KB
FORM_BYTES = 1024
LONGEST_QUERY = 80
CODE = re.compile(r"[0-9a-f]{12,32}")
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
STYLE = re.compile(r"^assets/pages-[\w-]+\.css$")
SIZE_OF_A_DOT = 6

# Searches of one address, which a whole hall may share: each word makes a page, and pages are made one at a time.
SEARCHES_AT_ONCE, SEARCH_EVERY_S = 120, 0.25

Key = tuple[str, ...]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made of these parts of a state. begun_at: seconds, monotonic."""

    parts: tuple[object, ...]
    begun_at: float
    making: asyncio.Task[Any]

    def serves(self, now_parts: tuple[object, ...], now: float, fresh_s: float) -> bool:
        current = same(self.parts, now_parts) or now - self.begun_at < fresh_s
        if not self.making.done():
            return current
        return current and not self.making.cancelled() and self.making.exception() is None


class Made:
    """Made once for all who ask, one at a time beside the event loop.

    most: kept. fresh_s: how long something serves although what it was made of has changed. built: how many were made.
    """

    def __init__(self, most: int, fresh_s: float = 0.0) -> None:
        self.built = 0
        self._most = most
        self._fresh_s = fresh_s
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._turn = asyncio.Lock()

    async def of(self, key: Key, of: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """make() of these parts; it is kept by key until the parts are others."""
        now = time.monotonic()
        kept = self._kept.get(key)
        if kept is None or not kept.serves(of, now, self._fresh_s):
            kept = self._kept[key] = Kept(of, now, asyncio.ensure_future(self._made(make)))
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return await asyncio.shield(kept.making)

    async def _made(self, make: Callable[[], Any]) -> Any:
        async with self._turn:
            self.built += 1
            return await asyncio.to_thread(make)


@dataclass(frozen=True, slots=True)
class Sent:
    """body: gzip. etag: of what it says."""

    body: bytes
    etag: str


def packed(body: bytes) -> Sent:
    return Sent(gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:24])


@dataclass(slots=True)
class Site:
    """views: what anybody may see, by session, FRESH_S behind at most. sent: pages and lists.

    codes: of ballots, with the transcript they are from. shell: the client's page, None while it is not built.
    """

    styles: tuple[str, ...]
    shell: bytes | None
    views: Made
    sent: Made
    codes: OrderedDict[BallotId, tuple[bytes, list[str]]]


SITE = web.AppKey("pages", Site)
SEARCHES = web.AppKey("searches", Allowance[str])


def frame_of(request: web.Request, zone: str = "WIB") -> Frame:
    asked = request.query.get("lang")
    language = spoken(asked, request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
    named = language if asked == language else None
    return Frame(request.match_info["session"], Words(language, zone), named, request.app[SITE].styles)


async def state_of(request: web.Request) -> State:
    """Raises Refused: unknown_session, held."""
    desk = await request.app[SERVICES].desks.desk(SessionId(request.match_info["session"]))
    if not desk.state.session.created:
        raise Refused("unknown_session")
    return desk.state


async def view_of(request: web.Request, state: State) -> Public:
    site = request.app[SITE]
    found: Public = await site.views.of((state.session.id,), parts(state), lambda: public(state))
    return found


def told(handler: Handler) -> Handler:
    """A reader without scripts gets a refusal as a page, too."""

    async def answered(request: web.Request) -> web.StreamResponse:
        headers = {hdrs.CACHE_CONTROL: "no-store", hdrs.VARY: "Accept-Language"}
        try:
            return await handler(request)
        except Refused as refused:
            names = {
                "unknown_session": ("session", 404),
                "unknown_proposal": ("proposal", 404),
                "not_found": ("page", 404),
                "held": ("held", 503),
                "rate_limited": ("busy", 429),
            }
            if refused.code not in names:
                raise
            name, status = names[refused.code]
            if (after_s := come_back_s(refused)) is not None:
                headers[hdrs.RETRY_AFTER] = whole_seconds(after_s)
        except ProtocolError as error:
            name, status = "input", 413 if error.code == "too_large" else 400
        body = render.error(frame_of(request), name, name in ("proposal", "page", "input"))
        return web.Response(status=status, body=body, content_type="text/html", charset="utf-8", headers=headers)

    return answered


def answer(request: web.Request, sent: Sent, content_type: str = "text/html") -> web.Response:
    """What was made, or 304 for who has it."""
    vary = "Accept-Encoding, Accept-Language" if content_type == "text/html" else "Accept-Encoding"
    return compressed(request, sent.body, sent.etag, "public, no-cache", vary, content_type)


async def made_page(
    request: web.Request, name: Key, state: State, make: Callable[[Frame, Public], bytes]
) -> web.Response:
    frame, found = frame_of(request, state.session.tz), await view_of(request, state)
    key = (state.session.id, frame.words.language, frame.asked or "", *name)
    sent: Sent = await request.app[SITE].sent.of(key, (found,), lambda: packed(make(frame, found)))
    return answer(request, sent)


@told
async def results(request: web.Request) -> web.StreamResponse:
    return await made_page(request, ("hasil",), await state_of(request), render.results)


def wanted(request: web.Request, state: State) -> Wanted:
    """What the address asks for. Raises ProtocolError("bad_input") for a hall, a fate or a page there is none of."""
    asked = request.query
    q, hall, fate, page = (asked.get(name, "").strip() for name in ("q", "hall", "fate", "page"))
    if hall and hall not in state.halls:
        raise ProtocolError("bad_input", field="hall")
    if fate and fate not in FATES:
        raise ProtocolError("bad_input", field="fate")
    if page not in ("", "semua") and not (page.isascii() and page.isdigit() and 0 < int(page[:6]) and len(page) <= 6):
        raise ProtocolError("bad_input", field="page")
    number = 0 if page == "semua" else int(page or 1)
    return Wanted(" ".join(q[:LONGEST_QUERY].split()), hall, fate, number)


@told
async def fates(request: web.Request) -> web.StreamResponse:
    state = await state_of(request)
    asked = wanted(request, state)
    if asked.q and (wait_s := request.app[SEARCHES].wait_s(address_of(request))) > 0:
        raise Refused("rate_limited", retry_after_ms=math.ceil(wait_s * 1000))
    key = ("usulan", asked.q.casefold(), asked.hall, asked.fate, str(asked.page))
    return await made_page(request, key, state, lambda frame, found: render.fates(frame, found, asked))


@told
async def proposal(request: web.Request) -> web.StreamResponse:
    state, named = await state_of(request), request.match_info["proposal"]
    details = proposal_details(state, ProposalId(named), PUBLIC)
    if details is None:
        raise Refused("unknown_proposal")

    def make(frame: Frame, found: Public) -> bytes:
        card = found.cards.get(named)
        if card is None:
            raise Refused("unknown_proposal")  # it came after the view was made
        return render.proposal(frame, found, card, details)

    return await made_page(request, ("usulan", named), state, make)


async def qr(request: web.Request) -> web.Response:
    """The address of the proposal's page, as this reader came to it. Raises Refused as the page does."""
    state, named = await state_of(request), request.match_info["proposal"]
    if proposal_details(state, ProposalId(named), PUBLIC) is None:
        raise Refused("unknown_proposal")
    host = from_front(request, hdrs.X_FORWARDED_HOST) or request.headers.get(hdrs.HOST, "")
    if not HOST.fullmatch(host):
        raise ProtocolError("bad_input", field="host")
    scheme = "https" if is_secure(request) else "http"
    drawn = io.BytesIO()
    code = segno.make(f"{scheme}://{host}/public/{state.session.id}/usulan/{named}", micro=False, error="m")
    code.save(drawn, kind="svg", scale=SIZE_OF_A_DOT, border=2, light="#ffffff", xmldecl=False)
    headers = {hdrs.CACHE_CONTROL: "public, max-age=3600", hdrs.VARY: "Host"}
    return web.Response(body=drawn.getvalue(), content_type="image/svg+xml", headers=headers)


@told
async def check_form(request: web.Request) -> web.StreamResponse:
    make = lambda frame, found: render.check(frame, found, "", None)  # noqa: E731
    return await made_page(request, ("periksa",), await state_of(request), make)


@told
async def check(request: web.Request) -> web.StreamResponse:
    """By POST: what somebody looks for stands in no address, no log and no history."""
    state = await state_of(request)
    try:
        form = parse_qs((await read_bytes(request, FORM_BYTES)).decode("utf-8", "replace"), max_num_fields=4)
    except ValueError:  # more fields than any form of ours has
        raise ProtocolError("bad_input", field="kode") from None
    typed = form.get("kode", [""])[0][:LONGEST_QUERY]
    frame, found = frame_of(request, state.session.tz), await view_of(request, state)
    verdict = await verdict_on(request, state, frame.words, found, re.sub(r"[\s-]", "", typed.lower()))
    body = await asyncio.to_thread(render.check, frame, found, typed, verdict)
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)


async def verdict_on(request: web.Request, state: State, words: Words, found: Public, code: str) -> Mapping[str, str]:
    """What there is to say of a code: tone, icon, title and text."""
    if not CODE.fullmatch(code):
        text = words("check.slip") if re.search("[oil]", code) else ""
        return {"tone": "warn", "icon": "circle-alert", "title": words("check.short"), "text": text}
    for id_, ballot in ended(found):
        if ballot["secrecy"] != "secret":
            continue
        try:
            codes = await codes_of(request, state, BallotId(id_))
        except Refused:
            return {"tone": "warn", "icon": "circle-alert", "title": words("check.later"), "text": ""}
        place = bisect_left(codes, code)
        if place < len(codes) and codes[place].startswith(code):
            if ballot["state"] == "void":
                title = words("check.void", title=ballot["title"])
                return {"tone": "warn", "icon": "circle-alert", "title": title, "text": ballot["reason"]}
            title = words("check.found", title=ballot["title"])
            return {"tone": "ok", "icon": "shield-check", "title": title, "text": ""}
    for ballot in found.ballots.values():
        if ballot["state"] == "open" and ballot["secrecy"] == "secret":
            title, text = words("check.early"), words("check.early.text", title=ballot["title"])
            return {"tone": "warn", "icon": "circle-alert", "title": title, "text": text}
    missing, text = words("check.missing"), words("check.missing.text")
    return {"tone": "bad", "icon": "circle-alert", "title": missing, "text": text}


async def codes_of(request: web.Request, state: State, ballot: BallotId) -> list[str]:
    """The codes a closed secret ballot publishes, sorted. Raises Refused: ballot_is_open, held."""
    transcript = await request.app[TRANSCRIPTS].of(request.app[SERVICES].store, state, ballot)
    kept = request.app[SITE].codes
    if ballot not in kept or kept[ballot][0] is not transcript:
        kept[ballot] = (transcript, await asyncio.to_thread(codes_in, transcript))
    kept.move_to_end(ballot)
    while len(kept) > LISTS_MOST:
        kept.popitem(last=False)
    return kept[ballot][1]


def codes_in(transcript: bytes) -> list[str]:
    """They stand alone, or each beside its choice (docs/protocol.md §2)."""
    read = json.loads(transcript)
    return sorted([*read.get("trackers", ()), *(one["tracker"] for one in read.get("votes", ()) if "tracker" in one)])


async def places(request: web.Request) -> web.StreamResponse:
    """Where proposals are, as roughly as anybody may know. Raises Refused: unknown_session, held."""
    state = await state_of(request)
    found = await view_of(request, state)

    def make() -> Sent:
        known = ((card.id, whereabouts(card)) for card in state.board.proposals.values())
        listed = [{"proposal": id_, "lat": place[0], "lon": place[1]} for id_, place in known if place is not None]
        return packed(json.dumps({"places": listed}, separators=(",", ":")).encode())

    sent: Sent = await request.app[SITE].sent.of((state.session.id, "places"), (found,), make)
    return answer(request, sent, "application/json")


async def live(request: web.Request) -> web.StreamResponse:
    """The client's page of a session; whoever has no scripts is led to the results."""
    shell = request.app[SITE].shell
    if shell is None:
        raise web.HTTPNotFound
    asked = request.query.get("lang")
    named = asked if asked in LANGUAGES else None
    frame = Frame(request.match_info["session"], Words("id"), named, ())
    aside = f'<noscript><meta http-equiv="refresh" content="0; url={frame.url("hasil")}"></noscript></head>'
    return answer(request, packed(shell.replace(b"</head>", aside.encode(), 1)))


@told
async def elsewhere(request: web.Request) -> web.StreamResponse:
    """An address of a session that leads to no page of it: the client would show the live page, as if it were that."""
    await state_of(request)
    raise Refused("not_found")


async def map_source(request: web.Request) -> web.Response:
    """Where map pictures come from, where the office that runs this server named a source."""
    tiles = request.app[SERVICES].settings.map_tiles
    body = {"tiles": None if tiles is None else {"url": tiles.url, "credit": tiles.credit}}
    return web.json_response(body, headers={hdrs.CACHE_CONTROL: "public, no-cache"})


def add_routes(app: web.Application, files: Mapping[str, File]) -> None:
    """files: of the built client. Before the client's own routes, which take every address of a face."""
    index = files.get("index.html")
    styles = tuple(f"/{name}" for name in files if STYLE.match(name))
    app[SITE] = Site(
        styles, None if index is None else index.bodies[""], Made(SESSIONS_MOST, FRESH_S), Made(MOST), OrderedDict()
    )
    app[SEARCHES] = Allowance(time.monotonic, SEARCHES_AT_ONCE, SEARCH_EVERY_S)
    router = app.router
    if index is not None:
        router.add_get("/public/{session}", live)
    router.add_get("/public/{session}/hasil", results)
    router.add_get("/public/{session}/usulan", fates)
    router.add_get("/public/{session}/usulan/{proposal}", proposal)
    router.add_get("/public/{session}/usulan/{proposal}/qr.svg", qr)
    router.add_get("/public/{session}/periksa", check_form)
    router.add_post("/public/{session}/periksa", check)
    router.add_get("/public/{session}/{elsewhere:.+}", elsewhere)
    router.add_get("/api/public/{session}/places", places)
    router.add_get("/api/map", map_source)
