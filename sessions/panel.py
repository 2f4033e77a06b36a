"""The panel of a talk-show: up to four who hold the stage together and may all be heard at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import HallId, SeatId
from sessions.model.floor import Panelist
from sessions.noun import Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR
from sessions.shape import bad, ident, list_of, members, record
from sessions.state import State

PLACES = 4  # as many pictures as the stage holds


@dataclass(frozen=True, slots=True)
class Member:
    """One of the two is set."""

    hall: HallId | None = None
    seat: SeatId | None = None


@dataclass(frozen=True, slots=True)
class SetPanel:
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class EndPanel:
    pass


@dataclass(frozen=True, slots=True)
class PanelSet:
    members: tuple[Panelist, ...]


@dataclass(frozen=True, slots=True)
class PanelEnded:
    pass


def member(value: Any, field: str) -> Member:
    """{"hall": id} or {"seat": id}."""
    found: Mapping[str, Any] = members(value, field, {}, {"hall": ident, "seat": ident})
    return Member(**found) if len(found) == 1 else bad(field)


def seated(state: State, member: Member) -> Panelist:
    """Raises Refused: unknown_hall, unknown_seat, no_voice."""
    if member.seat is None:
        if member.hall is None or member.hall not in state.halls:
            raise Refused("unknown_hall", hall=member.hall)
        return Panelist(member.hall)
    seat = state.seats.get(member.seat)
    if seat is None:
        raise Refused("unknown_seat", seat=member.seat)
    if not seat.voice:
        raise Refused("no_voice", seat=seat.id)
    return Panelist(seat.hall, seat.id)


def decide_set(state: State, command: SetPanel, moment: Moment) -> list[Any]:
    """The whole panel; whoever is on it already stays."""
    require_phase(state, "open")
    if len(command.members) > state.rules.floor.panel_most:
        raise Refused("panel_full", most=state.rules.floor.panel_most)
    panel = tuple(seated(state, one) for one in command.members)
    for number, one in enumerate(panel):
        if one in panel[:number]:
            raise Refused("bad_input", field=f"members.{number}")
    return [] if panel == state.floor.panel else [PanelSet(panel)]


def decide_end(state: State, command: EndPanel, moment: Moment) -> list[Any]:
    if not state.floor.panel:
        raise Refused("no_panel")
    return [PanelEnded()]


def apply_set(state: State, event: PanelSet, at: int) -> State:
    return replace(state, floor=replace(state.floor, panel=event.members))


def apply_ended(state: State, event: PanelEnded, at: int) -> State:
    return replace(state, floor=replace(state.floor, panel=()))


NOUN = Noun(
    commands={
        "panel.set": Act(record(SetPanel, {"members": list_of(member, 1, PLACES)}), decide_set, MODERATOR),
        "panel.end": Act(record(EndPanel, {}), decide_end, MODERATOR),
    },
    events={
        "panel_set": (PanelSet, apply_set),
        "panel_ended": (PanelEnded, apply_ended),
    },
)
