"""Halls and the seats in them, as the secretariat enters them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import HallId, SeatId
from sessions.model.nothing import put
from sessions.model.people import Hall, Seat
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import SECRETARIAT
from sessions.shape import flag, ident, integer, record, text
from sessions.state import State


@dataclass(frozen=True, slots=True)
class AddHall:
    hall: HallId
    name: str
    kecamatan: str = ""
    order: int | None = None


@dataclass(frozen=True, slots=True)
class AddSeat:
    seat: SeatId
    hall: HallId
    office: str
    voice: bool = True
    vote: bool = True


@dataclass(frozen=True, slots=True)
class HallAdded:
    hall: HallId
    name: str
    kecamatan: str
    order: int


@dataclass(frozen=True, slots=True)
class SeatAdded:
    seat: SeatId
    hall: HallId
    office: str
    voice: bool
    vote: bool


def decide_add_hall(state: State, command: AddHall, moment: Moment) -> list[Any]:
    """Without an order the hall comes last."""
    require_phase(state, *BEFORE_THE_END)
    if command.hall in state.halls:
        raise Refused("already_exists", hall=command.hall)
    order = command.order or max((hall.order for hall in state.halls.values()), default=0) + 1
    return [HallAdded(command.hall, command.name, command.kecamatan, order)]


def decide_add_seat(state: State, command: AddSeat, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    if command.hall not in state.halls:
        raise Refused("unknown_hall", hall=command.hall)
    if command.seat in state.seats:
        raise Refused("already_exists", seat=command.seat)
    return [SeatAdded(command.seat, command.hall, command.office, command.voice, command.vote)]


def apply_hall_added(state: State, event: HallAdded, at: int) -> State:
    hall = Hall(event.hall, event.name, event.kecamatan, event.order)
    return replace(state, halls=put(state.halls, hall.id, hall))


def apply_seat_added(state: State, event: SeatAdded, at: int) -> State:
    seat = Seat(event.seat, event.hall, event.office, event.voice, event.vote)
    hall = state.halls[event.hall]
    halls = put(state.halls, hall.id, replace(hall, seat_count=hall.seat_count + 1))
    return replace(state, halls=halls, seats=put(state.seats, seat.id, seat))


HALL = record(
    AddHall,
    {"hall": ident, "name": text(80, 1)},
    {"kecamatan": text(80), "order": integer(1, 1000)},
)
SEAT = record(
    AddSeat,
    {"seat": ident, "hall": ident, "office": text(80, 1)},
    {"voice": flag, "vote": flag},
)

NOUN = Noun(
    commands={
        "hall.add": Act(HALL, decide_add_hall, SECRETARIAT),
        "seat.add": Act(SEAT, decide_add_seat, SECRETARIAT),
    },
    events={
        "hall_added": (HallAdded, apply_hall_added),
        "seat_added": (SeatAdded, apply_seat_added),
    },
)
