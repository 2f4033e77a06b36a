"""People at the door: found by name, checked in by card; entered and erased by the secretariat."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import hdrs, web

from server.http.bodies import member, query, read_object
from server.http.passes import LONGEST_TOKEN, in_session
from server.http.problems import problem
from server.people_list import people_of
from server.services import SERVICES, Services
from server.store.passes import Holder
from server.store.people import Person
from sessions.attendance import is_here, own_hall
from sessions.errors import ProtocolError, Refused
from sessions.hall import known_seat
from sessions.ids import HallId, SeatId, SessionId
from sessions.model.people import Pass, Seat
from sessions.permissions import Actor, Role
from sessions.shape import ident
from sessions.state import State
from signaling.gateway.ports import Admission

DOOR = frozenset({Role.HALL, Role.MODERATOR, Role.ADMIN})
SECRETARIAT = frozenset({Role.ADMIN})
LISTED_MOST = 200
MOST_BYTES = 2 * 1024 * 1024
LONGEST_QUERY = 80
LOOKS = {"door": "door", "erasure": "erasure_look"}  # why one asks → as it is written down
PRIVATE = {hdrs.CACHE_CONTROL: "no-store"}


async def listed(request: web.Request) -> web.Response:
    """Who was invited to a hall, or to all: name, office and whether here; no way to reach anybody.

    purpose: "door", or for the secretariat "erasure": only those whose names are known, to choose whom to forget.
    """
    actor = (await admitted(request, DOOR)).actor
    services = request.app[SERVICES]
    asked = query(request, "hall", "q", "purpose")
    purpose = asked.get("purpose", "door")
    if purpose != "door" and (purpose != "erasure" or actor.role not in SECRETARIAT):
        raise ProtocolError("bad_input", field="purpose")
    state = (await services.desks.desk(actor.session)).state
    hall = hall_asked(state, actor, asked.get("hall"))
    wanted = asked.get("q", "").strip()
    if len(wanted) > LONGEST_QUERY:
        raise ProtocolError("bad_input", field="q")
    people = await services.store.people.of(home_of(state), actor.id, LOOKS[purpose])
    seats = state.seats.values()
    known = [seat for seat in seats if name_of(people, seat.id)] if purpose == "erasure" else seats
    matches = matching(known, people, hall, wanted.casefold())
    found = sorted(matches, key=lambda seat: sorting(seat, people))
    body = {
        "people": [shown(state, seat, people) for seat in found[:LISTED_MOST]],
        "more": len(found) > LISTED_MOST,
    }
    return web.json_response(body, headers=PRIVATE)


async def admitted(request: web.Request, roles: frozenset[Role]) -> Admission:
    """Raises Refused: forbidden, credential_unknown and its sisters."""
    admission = await in_session(request)
    if admission.actor.role not in roles:
        raise Refused("forbidden")
    return admission


def hall_asked(state: State, actor: Actor, hall: str | None) -> HallId | None:
    """None for all of them, which no hall may ask for. Raises Refused: unknown_hall, wrong_hall."""
    asked = HallId(hall) if hall else actor.hall if actor.role is Role.HALL else None
    if asked is not None:
        own_hall(state, asked, actor)
    return asked


def name_of(people: Mapping[SeatId, Person], seat: SeatId) -> str:
    found = people.get(seat)
    return "" if found is None else found.name


def matching(seats: Iterable[Seat], people: Mapping[SeatId, Person], hall: HallId | None, wanted: str) -> list[Seat]:
    """wanted: in lower case, a part of the name or of the office."""
    return [
        seat
        for seat in seats
        if hall in (None, seat.hall)
        and (wanted in name_of(people, seat.id).casefold() or wanted in seat.office.casefold())
    ]


def sorting(seat: Seat, people: Mapping[SeatId, Person]) -> tuple[bool, str, str, str]:
    """Those with a name first."""
    name = name_of(people, seat.id).casefold()
    return name == "", name, seat.office, seat.id


def shown(state: State, seat: Seat, people: Mapping[SeatId, Person]) -> dict[str, Any]:
    return {
        "id": seat.id,
        "hall": seat.hall,
        "name": name_of(people, seat.id),
        "office": seat.office,
        "present": is_here(state, seat.id),
    }


async def door(request: web.Request) -> web.Response:
    """A delegate's card before the hall's camera: its seat is checked in, and nobody is logged in by it.

    What is no card at all counts as a try of the pass that shows it, not of the address all phones of the hall share.
    """
    actor = (await admitted(request, DOOR - SECRETARIAT)).actor
    services = request.app[SERVICES]
    tried_by = f"door {actor.session} {actor.pass_id}"
    token = member(await read_object(request), "token", LONGEST_TOKEN)
    desk = await services.desks.desk(actor.session)
    try:
        with services.tries.trying(tried_by, "pass_unknown"):
            if (holder := await services.store.passes.of_token(token)) is None:
                raise Refused("pass_unknown")
    except Refused as refused:
        if refused.code != "pass_unknown":
            raise
        return problem(409, "pass_unknown")  # the card's fault: 401 would speak of the hall's own
    home = await home_of_card(services, desk.state, holder)
    card = None if home is None else home.passes.get(holder.pass_id)
    if card is None or home is None:
        return problem(409, "pass_unknown")
    if (fault := fault_of(card, services.clock())) != "":
        return problem(409, fault)
    seat = seat_here(desk.state, home, SeatId(card.seat or ""))
    already = is_here(desk.state, seat.id)
    key = f"door-{secrets.token_hex(8)}"
    await desk.submit("attendance.check_in", {"seat": seat.id, "channel": "qr"}, actor, key)
    people = await services.store.people.of(home.session.id, actor.id, "door")
    return web.json_response({**shown(desk.state, seat, people), "already": already}, headers=PRIVATE)


async def home_of_card(services: Services, state: State, holder: Holder) -> State | None:
    """The state that knows this card: of this session, or of the plenary it is a group of; None for any other."""
    if holder.session == state.session.id:
        return state
    return (await services.desks.desk(holder.session)).state if holder.session == home_of(state) else None


def home_of(state: State) -> SessionId:
    """Where cards are issued and names are kept: a group has those of its plenary."""
    session = state.session
    return session.parent if session.kind == "group" and session.parent is not None else session.id


def seat_here(state: State, home: State, seat: SeatId) -> Seat:
    """Raises Refused: wrong_hall (it sits in a hall that is not here), unknown_seat."""
    invited = home.seats.get(seat)
    if invited is not None and invited.hall not in state.halls:
        raise Refused("wrong_hall", hall=invited.hall, name=home.halls[invited.hall].name)
    return known_seat(state, seat)


def fault_of(card: Pass, now: int) -> str:
    """Why this card lets nobody in, empty if it does: no_seat is that of a hall or a screen."""
    if card.revoked:
        return "pass_revoked"
    if card.expires_at <= now:
        return "pass_expired"
    return "no_seat" if card.seat is None else ""


async def enter(request: web.Request) -> web.Response:
    """A list of people by seat; whoever is there already is replaced. All or none."""
    actor = (await admitted(request, SECRETARIAT)).actor
    services = request.app[SERVICES]
    body = await read_object(request, MOST_BYTES)
    state = (await services.desks.desk(actor.session)).state
    people = people_of(state, body)
    await services.store.audit.note(actor.id, "people.enter", session=actor.session, people=len(people))
    await services.store.people.put(home_of(state), people, actor.id)
    return web.json_response({"people": len(people)}, headers=PRIVATE)


async def erase(request: web.Request) -> web.Response:
    """One seat's person with ?seat=, everybody with ?all=yes: at the end of retention, or when asked to.

    In a group session these are people of its plenary: all are then those who sit in the group.
    """
    actor = (await admitted(request, SECRETARIAT)).actor
    services = request.app[SERVICES]
    seats = seats_asked(query(request, "seat", "all"))
    state = (await services.desks.desk(actor.session)).state
    home = home_of(state)
    if seats is None and home != actor.session:
        seats = list(state.seats)
    subject = f"seat:{seats[0]}" if seats is not None and len(seats) == 1 else ""
    await services.store.audit.note(actor.id, "people.erase", session=actor.session, subject=subject)
    gone = await services.store.people.erase(home, actor.id, seats)
    return web.json_response({"erased": gone}, headers=PRIVATE)


def seats_asked(asked: Mapping[str, str]) -> list[SeatId] | None:
    """None for all of them, which has to be said: what is erased by a slip does not come back.

    Raises ProtocolError("bad_input").
    """
    if "all" not in asked:
        return [SeatId(ident(asked.get("seat"), "seat"))]
    if asked["all"] != "yes" or "seat" in asked:
        raise ProtocolError("bad_input", field="all")
    return None


async def accesses(request: web.Request) -> web.Response:
    """Who looked at people, what for and in which minute, oldest first."""
    actor = (await admitted(request, SECRETARIAT)).actor
    services = request.app[SERVICES]
    state = (await services.desks.desk(actor.session)).state
    found = await services.store.people.accesses(home_of(state))
    told = [{"actor": look.actor, "purpose": look.purpose, "minute": look.minute} for look in found]
    return web.json_response({"accesses": told}, headers=PRIVATE)


def add_routes(app: web.Application) -> None:
    people = "/api/sessions/{session}/people"
    app.router.add_get(people, listed)
    app.router.add_put(people, enter)
    app.router.add_delete(people, erase)
    app.router.add_get(f"{people}/accesses", accesses)
    app.router.add_post("/api/sessions/{session}/door", door)
