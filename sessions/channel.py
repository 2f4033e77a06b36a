"""By what each seat votes: its own phone, the hall's kiosk, or a hand that the hall counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.attendance import own_hall
from sessions.ballot import open_ballot
from sessions.errors import Refused
from sessions.hall import known_seat
from sessions.ids import HallId, SeatId
from sessions.kind import HALL, MODERATOR, Fields, Kind
from sessions.model.ballot import CHANNELS, PHONE
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import BOARD
from sessions.shape import bad, ident, list_of, members, one_of
from sessions.state import State

SEATS_MOST = 10_000


@dataclass(frozen=True, slots=True)
class SetChannel:
    """Either some seats or all of a hall."""

    channel: str
    seats: tuple[SeatId, ...] = ()
    hall: HallId | None = None


@dataclass(frozen=True, slots=True)
class ChannelSet:
    """channel: "phone", "kiosk" or "hand"."""

    seats: tuple[SeatId, ...]
    channel: str


def decide_set(state: State, command: SetChannel, moment: Moment) -> list[Any]:
    """A seat that a running ballot waits for keeps its channel: its vote may be on its way."""
    require_phase(state, *BEFORE_THE_END)
    seats = seats_of(state, command)
    for seat in seats:
        own_hall(state, known_seat(state, seat).hall, moment.actor)
    other = tuple(seat for seat in seats if state.channels.get(seat, PHONE) != command.channel)
    running = open_ballot(state)
    if running is not None and not running.electorate.isdisjoint(other):
        raise Refused("channel_fixed", ballot=running.id)
    return [ChannelSet(other, command.channel)] if other else []


def seats_of(state: State, command: SetChannel) -> tuple[SeatId, ...]:
    if command.hall is None:
        return command.seats
    if command.hall not in state.halls:
        raise Refused("unknown_hall", hall=command.hall)
    return tuple(sorted(seat.id for seat in state.seats.values() if seat.hall == command.hall and seat.vote))


def apply_set(state: State, event: ChannelSet, at: int) -> State:
    changed = frozenset(event.seats)
    rest = {seat: channel for seat, channel in state.channels.items() if seat not in changed}
    if event.channel != PHONE:
        rest.update(dict.fromkeys(event.seats, event.channel))
    return replace(state, channels=rest)


def check_set(value: Any, field: str) -> SetChannel:
    optional = {"seats": list_of(ident, 1, SEATS_MOST), "hall": ident}
    checked = members(value, field, {"channel": one_of(*CHANNELS)}, optional)
    if ("seats" in checked) == ("hall" in checked):
        bad("seats")
    return SetChannel(**checked)


def channel_fields(state: State, channel: str, view: str) -> Fields:
    return {"channel": channel}


NOUN = Noun(
    commands={"channel.set": Act(check_set, decide_set, BOARD)},
    events={"channel_set": (ChannelSet, apply_set)},
    kinds=(
        Kind("channel", lambda state: state.channels, lambda state: state.channels, channel_fields, (MODERATOR, HALL)),
    ),
)
