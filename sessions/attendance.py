"""Attendance: who was invited, who is here, how many came without a seat, and who witnesses for a hall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.hall import known_seat
from sessions.ids import HallId, SeatId
from sessions.kind import HALL, MODERATOR, PUBLIC, SCREEN, Fields, Kind
from sessions.model.attendance import Arrival, Attendance, Crowd
from sessions.model.nothing import put
from sessions.model.people import Seat
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import BOARD, FLOOR, Actor, Role
from sessions.shape import Check, bad, flag, ident, integer, one_of, record
from sessions.state import State

CHANNELS = ("qr", "name", "self")
GUESTS_MOST = 100_000


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Either a seat, by a channel, or how many guests a hall has now."""

    seat: SeatId | None = None
    channel: str = ""
    guests: int | None = None
    hall: HallId | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    seat: SeatId


@dataclass(frozen=True, slots=True)
class NameWitness:
    """named: False takes it back."""

    hall: HallId
    seat: SeatId
    named: bool = True


@dataclass(frozen=True, slots=True)
class SeatCheckedIn:
    """channel: "qr" (the card at the door), "name" (found in the list) or "self" (the delegate's own phone)."""

    seat: SeatId
    channel: str


@dataclass(frozen=True, slots=True)
class SeatLeft:
    seat: SeatId


@dataclass(frozen=True, slots=True)
class GuestsCounted:
    """How many people without a seat are in the hall from now on."""

    hall: HallId
    guests: int


@dataclass(frozen=True, slots=True)
class WitnessNamed:
    hall: HallId
    seat: SeatId


@dataclass(frozen=True, slots=True)
class WitnessDismissed:
    hall: HallId
    seat: SeatId


def present(state: State) -> frozenset[SeatId]:
    """The seats checked in and not left; empty when nobody was ever checked in."""
    return frozenset(seat for seat in state.attendance.arrivals if is_here(state, seat))


def is_here(state: State, seat: SeatId) -> bool:
    arrival = state.attendance.arrivals.get(seat)
    return arrival is not None and arrival.left_at is None


def invited(state: State) -> frozenset[SeatId]:
    """Every seat, with or without voice and vote."""
    return frozenset(state.seats)


def witnesses(state: State, hall: HallId) -> tuple[SeatId, ...]:
    """The seats named as witnesses of this hall, in that order; whoever leaves is one no longer."""
    crowd = state.attendance.halls.get(hall)
    return () if crowd is None else crowd.witnesses


def decide_check_in(state: State, command: CheckIn, moment: Moment) -> list[Any]:
    """Somebody who is here already changes nothing, whoever says it and how often."""
    require_phase(state, *BEFORE_THE_END)
    if command.seat is None:
        return counted(state, command, moment.actor)
    seat = own_seat(state, command.seat, moment.actor)
    oneself = moment.actor.role is Role.DELEGATE
    channel = command.channel or ("self" if oneself else "name")
    if oneself != (channel == "self"):
        raise Refused("bad_input", field="channel")
    if is_here(state, seat.id):
        return []
    if oneself and not state.rules.attendance.self_check_in:
        raise Refused("no_self_check_in")
    return [SeatCheckedIn(seat.id, channel)]


def counted(state: State, command: CheckIn, actor: Actor) -> list[Any]:
    """Guests are counted hall by hall, so a moderator says which."""
    if actor.role is Role.DELEGATE:
        raise Refused("forbidden")
    hall = command.hall or actor.hall
    if hall is None:
        raise Refused("bad_input", field="hall")
    own_hall(state, hall, actor)
    assert command.guests is not None, "a check-in is of a seat or of guests"
    return [] if state.attendance.halls[hall].guests == command.guests else [GuestsCounted(hall, command.guests)]


def own_seat(state: State, seat: SeatId, actor: Actor) -> Seat:
    """The seat, if its coming and going is this actor's to say. Raises Refused: unknown_seat, wrong_hall, forbidden."""
    if actor.role is Role.DELEGATE and actor.seat != seat:
        raise Refused("forbidden")
    found = known_seat(state, seat)
    own_hall(state, found.hall, actor)
    return found


def own_hall(state: State, hall: HallId, actor: Actor) -> None:
    """Raises Refused: unknown_hall, wrong_hall (which says where instead)."""
    if hall not in state.halls:
        raise Refused("unknown_hall", hall=hall)
    if actor.role is Role.HALL and actor.hall != hall:
        raise Refused("wrong_hall", hall=hall, name=state.halls[hall].name)


def decide_leave(state: State, command: Leave, moment: Moment) -> list[Any]:
    """Whoever is not here has left already."""
    require_phase(state, *BEFORE_THE_END)
    seat = own_seat(state, command.seat, moment.actor)
    return [SeatLeft(seat.id)] if is_here(state, seat.id) else []


def decide_witness(state: State, command: NameWitness, moment: Moment) -> list[Any]:
    """Only somebody of the hall can witness there what is counted by hand."""
    require_phase(state, *BEFORE_THE_END)
    own_hall(state, command.hall, moment.actor)
    seat = known_seat(state, command.seat)
    if seat.hall != command.hall:
        raise Refused("wrong_hall", hall=seat.hall, name=state.halls[seat.hall].name)
    named = witnesses(state, command.hall)
    if (seat.id in named) == command.named:
        return []
    if not command.named:
        return [WitnessDismissed(command.hall, seat.id)]
    most = state.rules.attendance.witnesses
    if len(named) >= most:
        raise Refused("witnesses_complete", most=most)
    return [WitnessNamed(command.hall, seat.id)]


def in_hall(attendance: Attendance, hall: HallId, present: int = 0, guests: int = 0) -> Attendance:
    """So many more of each, in the hall and in all."""
    crowd, total = attendance.halls[hall], attendance.total
    crowd = replace(crowd, present=crowd.present + present, guests=crowd.guests + guests)
    total = replace(total, present=total.present + present, guests=total.guests + guests)
    return replace(attendance, halls=put(attendance.halls, hall, crowd), total=total)


def apply_checked_in(state: State, event: SeatCheckedIn, at: int) -> State:
    """Whoever comes back came when he first did."""
    if is_here(state, event.seat):
        return state
    before = state.attendance.arrivals.get(event.seat)
    arrival = Arrival(event.seat, at if before is None else before.at, event.channel)
    attendance = in_hall(state.attendance, state.seats[event.seat].hall, present=1)
    return replace(state, attendance=replace(attendance, arrivals=put(attendance.arrivals, event.seat, arrival)))


def apply_left(state: State, event: SeatLeft, at: int) -> State:
    if not is_here(state, event.seat):
        return state
    hall = state.seats[event.seat].hall
    attendance = without_witness(in_hall(state.attendance, hall, present=-1), hall, event.seat)
    arrival = replace(attendance.arrivals[event.seat], left_at=at)
    return replace(state, attendance=replace(attendance, arrivals=put(attendance.arrivals, event.seat, arrival)))


def apply_counted(state: State, event: GuestsCounted, at: int) -> State:
    more = event.guests - state.attendance.halls[event.hall].guests
    return replace(state, attendance=in_hall(state.attendance, event.hall, guests=more))


def apply_witness(state: State, event: WitnessNamed, at: int) -> State:
    crowd = state.attendance.halls[event.hall]
    crowd = replace(crowd, witnesses=(*crowd.witnesses, event.seat))
    halls = put(state.attendance.halls, event.hall, crowd)
    return replace(state, attendance=replace(state.attendance, halls=halls))


def apply_dismissed(state: State, event: WitnessDismissed, at: int) -> State:
    return replace(state, attendance=without_witness(state.attendance, event.hall, event.seat))


def without_witness(attendance: Attendance, hall: HallId, seat: SeatId) -> Attendance:
    crowd = attendance.halls[hall]
    if seat not in crowd.witnesses:
        return attendance
    crowd = replace(crowd, witnesses=tuple(witness for witness in crowd.witnesses if witness != seat))
    return replace(attendance, halls=put(attendance.halls, hall, crowd))


def everybody_left(attendance: Attendance, at: int) -> Attendance:
    """As after a sitting that was put off: the next one checks in anew."""
    arrivals = {
        seat: arrival if arrival.left_at is not None else replace(arrival, left_at=at)
        for seat, arrival in attendance.arrivals.items()
    }
    halls = {hall: Crowd(crowd.invited) for hall, crowd in attendance.halls.items()}
    return replace(attendance, arrivals=arrivals, halls=halls, total=Crowd(attendance.total.invited))


def crowd_fields(state: State, crowd: Crowd, view: str) -> Fields:
    return {"invited": crowd.invited, "present": crowd.present, "guests": crowd.guests}


def attendance_fields(state: State, crowd: Crowd, view: str) -> Fields:
    """Who the witnesses are is for those who work with them."""
    fields = crowd_fields(state, crowd, view)
    return {**fields, "witnesses": list(crowd.witnesses)} if view in (MODERATOR, HALL) else fields


def arrival_fields(state: State, arrival: Arrival, view: str) -> Fields:
    return {
        "hall": state.seats[arrival.seat].hall,
        "at": arrival.at,
        "channel": arrival.channel,
        "left_at": arrival.left_at,
    }


def halls_of(state: State) -> Mapping[HallId, Crowd]:
    return state.attendance.halls


def total_of(state: State) -> Mapping[str, Crowd]:
    return {"crowd": state.attendance.total}


def arrivals_of(state: State) -> Mapping[SeatId, Arrival]:
    return state.attendance.arrivals


def one_or_the_other(check: Check) -> Check:
    """A seat or guests; a channel only of a seat, a hall only of guests."""

    def checked(value: Any, field: str) -> CheckIn:
        found: CheckIn = check(value, field)
        if (found.seat is None) == (found.guests is None):
            bad("seat")
        if found.seat is None and found.channel:
            bad("channel")
        if found.seat is not None and found.hall is not None:
            bad("hall")
        return found

    return checked


CHECK_IN = one_or_the_other(
    record(
        CheckIn,
        {},
        {"seat": ident, "channel": one_of(*CHANNELS), "guests": integer(0, GUESTS_MOST), "hall": ident},
    )
)

NOUN = Noun(
    commands={
        "attendance.check_in": Act(CHECK_IN, decide_check_in, FLOOR),
        "attendance.leave": Act(record(Leave, {"seat": ident}), decide_leave, FLOOR),
        "hall.witness": Act(
            record(NameWitness, {"hall": ident, "seat": ident}, {"named": flag}), decide_witness, BOARD
        ),
    },
    events={
        "seat_checked_in": (SeatCheckedIn, apply_checked_in),
        "seat_left": (SeatLeft, apply_left),
        "guests_counted": (GuestsCounted, apply_counted),
        "witness_named": (WitnessNamed, apply_witness),
        "witness_dismissed": (WitnessDismissed, apply_dismissed),
    },
    kinds=(
        Kind("attendance", halls_of, halls_of, attendance_fields, (MODERATOR, HALL, SCREEN, PUBLIC)),
        Kind("crowd", lambda state: state.attendance.total, total_of, crowd_fields),
        Kind("arrival", arrivals_of, arrivals_of, arrival_fields, (MODERATOR, HALL)),
    ),
)
