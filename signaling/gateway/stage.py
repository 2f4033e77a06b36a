"""From the state of the deliberation to what the media plane should do: pure, called on every publish."""

from __future__ import annotations

from sessions.ids import SeatId
from sessions.state import State
from signaling.engine import Direction


def direction(state: State) -> Direction:
    """The spotlight fills the stage, else the hall of whoever holds the floor, whose hall is always heard.

    A delegate who speaks by phone is heard without being named here: the engine forwards whoever may publish and
    stands for no hall.
    """
    hall = None if state.floor.holder is None else state.floor.holder.hall
    centre = state.stage.spotlight or hall
    return Direction(stage=() if centre is None else (centre,), speakers=frozenset(() if hall is None else (hall,)))


def may_speak_by_phone(state: State, seat: SeatId | None) -> bool:
    """Whether this seat holds the floor, which lets its phone publish a microphone."""
    holder = state.floor.holder
    return holder is not None and holder.seat is not None and holder.seat == seat
