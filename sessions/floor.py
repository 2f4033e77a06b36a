"""The floor: who asks for it, who holds it and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import HallId, RequestId, SeatId
from sessions.model.floor import Floor, Speaker
from sessions.noun import Act, Moment, Noun, require_phase
from sessions.permissions import ASKERS, FLOOR, MODERATOR, Actor, Role
from sessions.shape import ident, integer, record, text
from sessions.state import State

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Request:
    note: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw:
    request: RequestId


@dataclass(frozen=True, slots=True)
class Grant:
    request: RequestId
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Yield:
    pass


@dataclass(frozen=True, slots=True)
class Extend:
    minutes: int


@dataclass(frozen=True, slots=True)
class FloorRequested:
    request: RequestId
    hall: HallId
    seat: SeatId | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FloorWithdrawn:
    request: RequestId


@dataclass(frozen=True, slots=True)
class FloorGranted:
    request: RequestId
    until: int | None = None


@dataclass(frozen=True, slots=True)
class FloorYielded:
    request: RequestId


@dataclass(frozen=True, slots=True)
class FloorExtended:
    request: RequestId
    until: int


def speakers(floor: Floor) -> Iterator[Speaker]:
    """The holder, if any, then the queue."""
    if floor.holder is not None:
        yield floor.holder
    yield from floor.queue


def owns(actor: Actor, speaker: Speaker) -> bool:
    """A delegate owns what the seat asked for, a hall what the hall itself asked for."""
    if actor.role is Role.DELEGATE:
        return actor.seat is not None and speaker.seat == actor.seat
    return actor.role is Role.HALL and speaker.seat is None and speaker.hall == actor.hall


def request_of(state: State, actor: Actor) -> Speaker | None:
    """The actor's own request, waiting or granted."""
    return next((speaker for speaker in speakers(state.floor) if owns(actor, speaker)), None)


def queued(state: State, request: RequestId) -> Speaker:
    for speaker in state.floor.queue:
        if speaker.request == request:
            return speaker
    raise Refused("unknown_request", request=request)


def decide_request(state: State, command: Request, moment: Moment) -> list[Any]:
    require_phase(state, "open")
    actor = moment.actor
    hall, seat = asking(state, actor)
    mine = request_of(state, actor)
    if mine is not None:
        raise Refused("already_queued", request=mine.request)
    return [FloorRequested(RequestId(moment.fresh), hall, seat, command.note)]


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


def decide_grant(state: State, command: Grant, moment: Moment) -> list[Any]:
    speaker = queued(state, command.request)
    until = None if command.minutes is None else moment.now + command.minutes * MINUTE_MS
    granted = FloorGranted(speaker.request, until)
    holder = state.floor.holder
    return [granted] if holder is None else [FloorYielded(holder.request), granted]


def decide_yield(state: State, command: Yield, moment: Moment) -> list[Any]:
    holder = state.floor.holder
    if holder is None:
        raise Refused("floor_is_free")
    if moment.actor.role is not Role.MODERATOR and not owns(moment.actor, holder):
        raise Refused("not_holder")
    return [FloorYielded(holder.request)]


def decide_extend(state: State, command: Extend, moment: Moment) -> list[Any]:
    """Time is added to what is left; to none, when it has run out or was never limited."""
    holder = state.floor.holder
    if holder is None:
        raise Refused("floor_is_free")
    start = max(holder.until or moment.now, moment.now)
    return [FloorExtended(holder.request, start + command.minutes * MINUTE_MS)]


def without(floor: Floor, request: RequestId) -> tuple[Speaker, ...]:
    return tuple(speaker for speaker in floor.queue if speaker.request != request)


def apply_requested(state: State, event: FloorRequested, at: int) -> State:
    speaker = Speaker(event.request, event.hall, event.seat, event.note, at)
    return replace(state, floor=replace(state.floor, queue=(*state.floor.queue, speaker)))


def apply_withdrawn(state: State, event: FloorWithdrawn, at: int) -> State:
    return replace(state, floor=replace(state.floor, queue=without(state.floor, event.request)))


def apply_granted(state: State, event: FloorGranted, at: int) -> State:
    for speaker in state.floor.queue:
        if speaker.request == event.request:
            holder = replace(speaker, since=at, until=event.until)
            return replace(state, floor=Floor(holder, without(state.floor, event.request)))
    return state


def apply_yielded(state: State, event: FloorYielded, at: int) -> State:
    return replace(state, floor=replace(state.floor, holder=None))


def apply_extended(state: State, event: FloorExtended, at: int) -> State:
    if state.floor.holder is None:
        return state
    return replace(state, floor=replace(state.floor, holder=replace(state.floor.holder, until=event.until)))


NOUN = Noun(
    commands={
        "floor.request": Act(record(Request, {}, {"note": text(200)}), decide_request, ASKERS),
        "floor.withdraw": Act(record(Withdraw, {"request": ident}), decide_withdraw, FLOOR),
        "floor.grant": Act(record(Grant, {"request": ident}, {"minutes": integer(1, 60)}), decide_grant, MODERATOR),
        "floor.yield": Act(record(Yield, {}), decide_yield, FLOOR),
        "floor.extend": Act(record(Extend, {"minutes": integer(1, 30)}), decide_extend, MODERATOR),
    },
    events={
        "floor_requested": (FloorRequested, apply_requested),
        "floor_withdrawn": (FloorWithdrawn, apply_withdrawn),
        "floor_granted": (FloorGranted, apply_granted),
        "floor_yielded": (FloorYielded, apply_yielded),
        "floor_extended": (FloorExtended, apply_extended),
    },
    results={FloorRequested: lambda event: {"request": event.request}},
)
