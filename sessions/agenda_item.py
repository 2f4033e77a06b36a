"""Items of the agenda one by one: inserted, moved, edited and removed, also while the session runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sessions.agenda import ITEMS_MOST, PLAN, PLANNERS, WORDS, PlannedItem, item_of, placed, require_hall
from sessions.errors import Refused
from sessions.ids import HallId, ItemId
from sessions.model.agenda import AgendaItem
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.shape import bad, ident, members, nullable, record
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Insert:
    """before: None for the end."""

    before: ItemId | None
    title: str
    kind: str
    minutes: int
    speaker: str = ""
    hall: HallId | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    item: ItemId
    before: ItemId | None


@dataclass(frozen=True, slots=True)
class Edit:
    item: ItemId
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remove:
    item: ItemId


@dataclass(frozen=True, slots=True)
class AgendaItemInserted:
    item: PlannedItem
    before: ItemId | None = None


@dataclass(frozen=True, slots=True)
class AgendaItemMoved:
    item: ItemId
    before: ItemId | None = None


@dataclass(frozen=True, slots=True)
class AgendaItemEdited:
    """The item as it is planned from now on."""

    item: PlannedItem


@dataclass(frozen=True, slots=True)
class AgendaItemRemoved:
    item: ItemId


def decide_insert(state: State, command: Insert, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    if len(state.agenda) >= ITEMS_MOST:
        raise Refused("agenda_full", most=ITEMS_MOST)
    if command.before is not None:
        item_of(state, command.before)
    require_hall(state, command.hall)
    planned = PlannedItem(
        ItemId(moment.fresh),
        command.title,
        command.kind,
        command.minutes,
        command.speaker,
        command.hall,
        command.note,
    )
    return [AgendaItemInserted(planned, command.before)]


def decide_move(state: State, command: Move, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    moving = item_of(state, command.item)
    if command.before is not None:
        item_of(state, command.before)
    if command.before == command.item or moved(state.agenda, moving, command.before) == state.agenda:
        return []
    return [AgendaItemMoved(command.item, command.before)]


def decide_edit(state: State, command: Edit, moment: Moment) -> list[Any]:
    """The planned minutes of an item that is over stay what they were: the drift was counted against them."""
    require_phase(state, *BEFORE_THE_END)
    item = item_of(state, command.item)
    require_hall(state, command.fields.get("hall"))
    before = planned_of(item)
    after = replace(before, **command.fields)
    if item.state == "done" and after.minutes != before.minutes:
        raise Refused("item_has_begun", item=item.id, state=item.state)
    return [] if after == before else [AgendaItemEdited(after)]


def decide_remove(state: State, command: Remove, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    item = item_of(state, command.item)
    if item.state != "todo":
        raise Refused("item_has_begun", item=item.id, state=item.state)
    return [AgendaItemRemoved(item.id)]


def planned_of(item: AgendaItem) -> PlannedItem:
    return PlannedItem(item.id, item.title, item.kind, item.minutes, item.speaker, item.hall, item.note)


def numbered(items: Iterable[AgendaItem]) -> tuple[AgendaItem, ...]:
    """Orders from 1; an item that keeps its order stays the same object."""
    return tuple(item if item.order == order else replace(item, order=order) for order, item in enumerate(items, 1))


def put_before(items: list[AgendaItem], item: AgendaItem, before: ItemId | None) -> tuple[AgendaItem, ...]:
    """With the item before that one; at the end when that is None or not there."""
    place = next((index for index, other in enumerate(items) if other.id == before), len(items))
    return numbered([*items[:place], item, *items[place:]])


def moved(agenda: tuple[AgendaItem, ...], item: AgendaItem, before: ItemId | None) -> tuple[AgendaItem, ...]:
    return put_before([other for other in agenda if other.id != item.id], item, before)


def apply_inserted(state: State, event: AgendaItemInserted, at: int) -> State:
    return replace(state, agenda=put_before(list(state.agenda), placed(0, event.item, None), event.before))


def apply_moved(state: State, event: AgendaItemMoved, at: int) -> State:
    for item in state.agenda:
        if item.id == event.item:
            return replace(state, agenda=moved(state.agenda, item, event.before))
    return state


def apply_edited(state: State, event: AgendaItemEdited, at: int) -> State:
    items = (placed(item.order, event.item, item) if item.id == event.item.item else item for item in state.agenda)
    return replace(state, agenda=tuple(items))


def apply_removed(state: State, event: AgendaItemRemoved, at: int) -> State:
    return replace(state, agenda=numbered(item for item in state.agenda if item.id != event.item))


def some_fields(value: Any, field: str) -> dict[str, Any]:
    found = members(value, field, {}, {**PLAN, **WORDS})
    return found or bad(field)


NOUN = Noun(
    commands={
        "agenda.insert": Act(record(Insert, {"before": nullable(ident), **PLAN}, WORDS), decide_insert, PLANNERS),
        "agenda.move": Act(record(Move, {"item": ident, "before": nullable(ident)}), decide_move, PLANNERS),
        "agenda.edit": Act(record(Edit, {"item": ident, "fields": some_fields}), decide_edit, PLANNERS),
        "agenda.remove": Act(record(Remove, {"item": ident}), decide_remove, PLANNERS),
    },
    events={
        "agenda_item_inserted": (AgendaItemInserted, apply_inserted),
        "agenda_item_moved": (AgendaItemMoved, apply_moved),
        "agenda_item_edited": (AgendaItemEdited, apply_edited),
        "agenda_item_removed": (AgendaItemRemoved, apply_removed),
    },
    results={AgendaItemInserted: lambda event: {"item": event.item.item}},
)
