"""Whom a delegate may let vote for it: seats by hall and office, for no view tells a phone who sits where."""

from __future__ import annotations

import time

from aiohttp import hdrs, web

from server.http.bodies import query
from server.http.passes import in_session
from server.http.problems import retry_later
from server.services import SERVICES
from sessions.ballot import still_open
from sessions.errors import ProtocolError, Refused
from sessions.hall import known_seat
from sessions.ids import BallotId, SeatId, SessionId
from sessions.model.ballot import Ballot
from sessions.model.people import Seat
from sessions.permissions import VOTERS
from sessions.proxy import require_allowed
from sessions.shape import ident
from sessions.state import State
from signaling.gateway.rates import Allowance

LISTED_MOST = 30
LONGEST_QUERY = 80
AT_ONCE, EVERY_S = 20, 2.0  # a seat's searches: enough for typing, too slow for copying a list of everybody
SEARCHES = web.AppKey("proxy-searches", Allowance[tuple[SessionId, SeatId]])


async def listed(request: web.Request) -> web.Response:
    """Those of the own hall, or with ?q= whoever has all its words in hall and office; never a name."""
    actor = (await in_session(request)).actor
    if actor.role not in VOTERS or actor.seat is None:
        raise Refused("forbidden")
    asked = query(request, "q", "ballot")
    wanted = asked.get("q", "").strip()
    if len(wanted) > LONGEST_QUERY:
        raise ProtocolError("bad_input", field="q")
    if (wait_s := request.app[SEARCHES].wait_s((actor.session, actor.seat))) > 0:
        return retry_later(429, "rate_limited", wait_s)
    state = (await request.app[SERVICES].desks.desk(actor.session)).state
    ballot = still_open(state, BallotId(ident(asked["ballot"], "ballot"))) if "ballot" in asked else None
    found = matching(state, known_seat(state, actor.seat), ballot, wanted)
    body = {
        "seats": [{"seat": seat.id, "label": label(state, seat)} for seat in found[:LISTED_MOST]],
        "more": len(found) > LISTED_MOST,
    }
    return web.json_response(body, headers={hdrs.CACHE_CONTROL: "no-store"})


def matching(state: State, own: Seat, ballot: Ballot | None, wanted: str) -> list[Seat]:
    """The own hall's first. Raises Refused: no_delegation, not_on_secret, not_in_electorate."""
    require_allowed(state, ballot)
    if not votes(own, ballot):
        raise Refused("not_in_electorate", seat=own.id)
    words = wanted.casefold().split()
    found = [
        seat
        for seat in state.seats.values()
        if seat.id != own.id
        and votes(seat, ballot)
        and (all(word in label(state, seat).casefold() for word in words) if words else seat.hall == own.hall)
    ]
    return sorted(found, key=lambda seat: (seat.hall != own.hall, state.halls[seat.hall].order, seat.office, seat.id))


def votes(seat: Seat, ballot: Ballot | None) -> bool:
    return seat.vote and (ballot is None or seat.id in ballot.electorate)


def label(state: State, seat: Seat) -> str:
    return f"{state.halls[seat.hall].name} · {seat.office}"


def add_routes(app: web.Application) -> None:
    app[SEARCHES] = Allowance(time.monotonic, AT_ONCE, EVERY_S)
    app.router.add_get("/api/sessions/{session}/proxies", listed)
