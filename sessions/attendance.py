"""Attendance: who was invited, who is here, how many came without a seat, and who witnesses for a hall."""

from __future__ import annotations

from sessions.ids import HallId, SeatId
from sessions.state import State


def present(state: State) -> frozenset[SeatId]:
    """The seats checked in and not left; empty when nobody was ever checked in."""
    return frozenset(seat for seat, arrival in state.attendance.arrivals.items() if arrival.left_at is None)


def invited(state: State) -> frozenset[SeatId]:
    """Every seat, with or without voice and vote."""
    return frozenset(state.seats)


def witnesses(state: State, hall: HallId) -> tuple[SeatId, ...]:
    """The seats named as witnesses of this hall; whoever leaves is one no longer."""
    crowd = state.attendance.halls.get(hall)
    return () if crowd is None else crowd.witnesses
