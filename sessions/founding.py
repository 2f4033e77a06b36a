"""Founding: a group session comes into being with the halls, seats, rules and cards its plenary gives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sessions.agenda import AgendaPlanned, PlannedItem
from sessions.columns import placed
from sessions.errors import Refused
from sessions.hall import HallAdded, SeatAdded, SeatsImported
from sessions.ids import HallId, SeatId
from sessions.model.board import Proposal
from sessions.model.rules import Rules
from sessions.noun import Act, Moment, Noun
from sessions.parcels import carried
from sessions.permissions import SYSTEM
from sessions.rules import RulesSet
from sessions.session import SessionCreated
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Founding:
    """What a plenary gives its group, as the events the group begins with."""

    created: SessionCreated
    rules: Rules
    halls: tuple[HallAdded, ...]
    seats: tuple[SeatAdded, ...] = ()
    agenda: tuple[PlannedItem, ...] = ()
    cards: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class CardsBrought:
    """The part of the plenary's board that this group discusses, as it stood there."""

    cards: tuple[Proposal, ...]


def founding_of(
    state: State,
    title: str,
    halls: Iterable[HallId],
    seats: Sequence[SeatId],
    agenda: tuple[PlannedItem, ...],
    cards: Sequence[Proposal],
) -> Founding:
    """seats: who goes; empty for everybody of these halls."""
    chosen, going = set(halls), set(seats)
    session = state.session
    created = SessionCreated(
        title=title,
        kind="group",
        place=session.place,
        date=session.date,
        tz=session.tz,
        parent=session.id,
        rehearsal=session.rehearsal,
        level=session.level,
        territory_code=session.territory_code,
        territory_name=session.territory_name,
        year=session.year,
    )
    rooms = sorted((hall for hall in state.halls.values() if hall.id in chosen), key=lambda hall: hall.order)
    people = (seat for seat in state.seats.values() if (seat.id in going if going else seat.hall in chosen))
    return Founding(
        created,
        state.rules,
        tuple(HallAdded(hall.id, hall.name, hall.kecamatan, hall.order) for hall in rooms),
        tuple(
            SeatAdded(seat.id, seat.hall, seat.office, seat.voice, seat.vote, seat.constituency, seat.rw)
            for seat in people
        ),
        agenda,
        tuple(cards),
    )


def decide_found(state: State, command: Founding, moment: Moment) -> list[Any]:
    if state.session.created:
        raise Refused("already_exists", session=state.session.id)
    events: list[Any] = [command.created, *command.halls]
    if command.seats:
        events.append(SeatsImported(command.seats))
    if command.rules != Rules():
        events.append(RulesSet(command.rules))
    if command.agenda:
        events.append(AgendaPlanned(command.agenda))
    return [*events, CardsBrought(command.cards)] if command.cards else events


def apply_brought(state: State, event: CardsBrought, at: int) -> State:
    return replace(state, board=placed(state.board, *event.cards))


NOUN = Noun(
    commands={"session.found": Act(carried(Founding), decide_found, SYSTEM, founds=True)},
    events={"cards_brought": (CardsBrought, apply_brought)},
)
