"""From the state of the deliberation to what the media plane should do: pure, called on every publish."""

from __future__ import annotations

from sessions.ids import SeatId
from sessions.state import State
from signaling.engine import Direction


def delegate_source(seat: SeatId) -> str:
    """Under this name a delegate's phone publishes, where a hall would use its id."""
    return f"seat-{seat}"


def direction(state: State) -> Direction:
    """The spotlight fills the stage, else the hall of whoever holds the floor; the holder is always heard."""
    holder = state.floor.holder
    speakers = frozenset[str]()
    if holder is not None:
        speakers = frozenset({holder.hall} if holder.seat is None else {holder.hall, delegate_source(holder.seat)})
    centre = state.stage.spotlight or (holder.hall if holder is not None else None)
    return Direction(stage=() if centre is None else (centre,), speakers=speakers)


def may_speak_by_phone(state: State, seat: SeatId | None) -> bool:
    """Whether this seat holds the floor, which lets its phone publish a microphone."""
    holder = state.floor.holder
    return holder is not None and holder.seat is not None and holder.seat == seat
