"""From the state of the deliberation to what the media plane should do: pure, called on every publish."""

from __future__ import annotations

from sessions.ids import HallId, SeatId
from sessions.state import State
from signaling.engine import Direction

STAGE_MOST = 4  # pictures


def direction(state: State) -> Direction:
    """Who is on stage, who is always heard, and whose picture or sound goes to nobody.

    A delegate who speaks by phone is heard without being named here: the engine forwards whoever may publish and
    stands for no hall.
    """
    floor, places = state.floor, state.site.places.values()
    speaking = [*([] if floor.holder is None else [floor.holder.hall]), *(one.hall for one in floor.panel)]
    blanked = frozenset(place.hall for place in places if place.blanked)
    return Direction(
        stage=on_stage(state.stage.spotlight, speaking),
        speakers=frozenset(speaking),
        muted=blanked | frozenset(place.hall for place in places if place.muted),
        blanked=blanked,
    )


def on_stage(spotlight: HallId | None, speaking: list[HallId]) -> tuple[str, ...]:
    """The spotlight fills the stage; else whoever holds the floor, then the panel in its order."""
    return (spotlight,) if spotlight is not None else tuple(dict.fromkeys(speaking))[:STAGE_MOST]


def may_speak_by_phone(state: State, seat: SeatId | None) -> bool:
    """Whether this seat holds the floor, its clock running or not, or sits on the panel: its phone may then publish."""
    if seat is None:
        return False
    holder = state.floor.holder
    return (holder is not None and holder.seat == seat) or any(one.seat == seat for one in state.floor.panel)
