"""The floor: who asks for it, in which order they wait, and to whom it is granted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.clock import OUTAGE, FloorPaused, FloorYielded, begun, is_lost
from sessions.errors import Refused
from sessions.fairness import EQUITY, MINUTE_MS, booked, heard, order_in_force
from sessions.ids import HallId, ProposalId, RequestId, SeatId
from sessions.model.floor import Speaker
from sessions.noun import Act, Moment, Noun, require_phase
from sessions.permissions import ASKERS, FLOOR, MODERATOR, Actor, Role
from sessions.proposal import on_board
from sessions.shape import ident, integer, nullable, one_of, record, text
from sessions.speakers import (
    POINT,
    REQUEST_KINDS,
    SIDES,
    moved,
    owns,
    point_of,
    points_first,
    queued,
    request_of,
    without,
)
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Request:
    note: str = ""
    kind: str = "ordinary"
    proposal: ProposalId | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    request: RequestId


@dataclass(frozen=True, slots=True)
class Reorder:
    request: RequestId
    before: RequestId | None


@dataclass(frozen=True, slots=True)
class Grant:
    """minutes: None for what the rules say, 0 for without end."""

    request: RequestId
    minutes: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FloorRequested:
    request: RequestId
    hall: HallId
    seat: SeatId | None = None
    note: str = ""
    kind: str = "ordinary"
    proposal: ProposalId | None = None


@dataclass(frozen=True, slots=True)
class FloorWithdrawn:
    request: RequestId


@dataclass(frozen=True, slots=True)
class FloorReordered:
    request: RequestId
    before: RequestId | None = None


@dataclass(frozen=True, slots=True)
class FloorGranted:
    """expected: who would have been first in the order in force, when the chair overrode it for this reason."""

    request: RequestId
    until: int | None = None
    reason: str = ""
    expected: RequestId | None = None


def decide_request(state: State, command: Request, moment: Moment) -> list[Any]:
    """A point of order may be asked for besides another request; of each there is one at a time."""
    require_phase(state, "open")
    actor = moment.actor
    hall, seat = asking(state, actor)
    mine = point_of(state, actor) if command.kind == POINT else request_of(state, actor)
    if mine is not None:
        raise Refused("already_queued", request=mine.request)
    if command.proposal is not None:
        on_board(state, command.proposal)
    waiting, most = sum(speaker.kind != POINT for speaker in state.floor.queue), state.rules.floor.queue_most
    if command.kind != POINT and waiting >= most:
        raise Refused("queue_full", most=most)
    return [FloorRequested(RequestId(moment.fresh), hall, seat, command.note, command.kind, command.proposal)]


def asking(state: State, actor: Actor) -> tuple[HallId, SeatId | None]:
    """For whom this actor asks; raises Refused("no_voice")."""
    if actor.role is Role.HALL:
        if actor.hall is None or actor.hall not in state.halls:
            raise Refused("no_voice")
        return actor.hall, None
    seat = None if actor.seat is None else state.seats.get(actor.seat)
    if seat is None or not seat.voice:
        raise Refused("no_voice")
    return seat.hall, seat.id


def decide_withdraw(state: State, command: Withdraw, moment: Moment) -> list[Any]:
    speaker = queued(state, command.request)
    if moment.actor.role is not Role.MODERATOR and not owns(moment.actor, speaker):
        raise Refused("forbidden")
    return [FloorWithdrawn(speaker.request)]


def decide_reorder(state: State, command: Reorder, moment: Moment) -> list[Any]:
    """Points of order stay ahead of the others, wherever they are put."""
    speaker = queued(state, command.request)
    if command.before is not None:
        queued(state, command.before)
    if command.before == command.request or moved(state.floor, speaker.request, command.before) == state.floor.queue:
        return []
    return [FloorReordered(speaker.request, command.before)]


def decide_grant(state: State, command: Grant, moment: Moment) -> list[Any]:
    """Whoever is not first in the order in force needs a reason, a point of order never. A holder yields first."""
    require_phase(state, "open")
    speaker, rules = queued(state, command.request), state.rules.floor
    expected = order_in_force(state.floor, rules)[0].request
    overridden = speaker.kind != POINT and speaker.request != expected
    if overridden and not command.reason:
        raise Refused("reason_required", expected=expected)
    minutes = rules.minutes if command.minutes is None else command.minutes
    until = moment.now + minutes * MINUTE_MS if minutes else None
    granted = FloorGranted(speaker.request, until, *((command.reason, expected) if overridden else ()))
    holder = state.floor.holder
    events: list[Any] = [granted] if holder is None else [FloorYielded(holder.request), granted]
    return events + lost_already(state, speaker, None if until is None else until - moment.now)


def lost_already(state: State, speaker: Speaker, length_ms: int | None) -> list[Any]:
    """The clock of somebody whose hall is cut off does not start before it is back."""
    if not is_lost(state, speaker.hall) or not state.rules.floor.pause_when_lost:
        return []
    return [FloorPaused(speaker.request, length_ms, OUTAGE)]


def apply_requested(state: State, event: FloorRequested, at: int) -> State:
    seat = None if event.seat is None else state.seats.get(event.seat)
    speaker = Speaker(
        event.request,
        event.hall,
        event.seat,
        event.note,
        at,
        kind=event.kind,
        proposal=event.proposal,
        constituency="" if seat is None else seat.constituency,
        rw="" if seat is None else seat.rw,
    )
    floor = state.floor
    queue = points_first((*floor.queue, speaker))
    return replace(state, floor=replace(floor, queue=queue, equity=booked(floor.equity, speaker, waiting=1)))


def apply_withdrawn(state: State, event: FloorWithdrawn, at: int) -> State:
    floor = state.floor
    for speaker in floor.queue:
        if speaker.request == event.request:
            equity = booked(floor.equity, speaker, waiting=-1)
            return replace(state, floor=replace(floor, queue=without(floor, event.request), equity=equity))
    return state


def apply_reordered(state: State, event: FloorReordered, at: int) -> State:
    return replace(state, floor=replace(state.floor, queue=moved(state.floor, event.request, event.before)))


def apply_granted(state: State, event: FloorGranted, at: int) -> State:
    """Whoever held it has yielded before."""
    floor = state.floor
    for speaker in floor.queue:
        if speaker.request == event.request:
            floor = replace(
                floor,
                holder=begun(speaker, at, event.until),
                queue=without(floor, event.request),
                last_side=speaker.kind if speaker.kind in SIDES else floor.last_side,
                equity=heard(floor.equity, speaker),
            )
            return replace(state, floor=floor)
    return state


REQUEST = record(Request, {}, {"note": text(200), "kind": one_of(*REQUEST_KINDS), "proposal": nullable(ident)})
GRANT = record(Grant, {"request": ident}, {"minutes": integer(0, 60), "reason": text(500)})

NOUN = Noun(
    commands={
        "floor.request": Act(REQUEST, decide_request, ASKERS),
        "floor.withdraw": Act(record(Withdraw, {"request": ident}), decide_withdraw, FLOOR),
        "floor.reorder": Act(record(Reorder, {"request": ident, "before": nullable(ident)}), decide_reorder, MODERATOR),
        "floor.grant": Act(GRANT, decide_grant, MODERATOR),
    },
    events={
        "floor_requested": (FloorRequested, apply_requested),
        "floor_withdrawn": (FloorWithdrawn, apply_withdrawn),
        "floor_reordered": (FloorReordered, apply_reordered),
        "floor_granted": (FloorGranted, apply_granted),
    },
    results={FloorRequested: lambda event: {"request": event.request}},
    kinds=EQUITY,
)
