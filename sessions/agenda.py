"""The agenda: what is planned and which item is now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import ItemId
from sessions.model.agenda import AgendaItem
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR, SECRETARIAT
from sessions.shape import ident, integer, list_of, one_of, record, text
from sessions.state import State

KINDS = (
    "REGISTRATION", "ANTHEM", "PRAYER", "REPORT", "ADDRESS", "OPENING", "PRESENTATION", "COUNCIL_IDEAS",
    "RULES_QUORUM", "GROUP_WORK", "GROUP_REPORT", "PROPOSAL_REVIEW", "AGENCY_RESPONSE", "QA", "TALKSHOW", "SCORING",
    "VOTE", "DELEGATE_ELECTION", "READ_DRAFT", "SIGNING", "BREAK", "CLOSING",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlannedItem:
    item: ItemId
    title: str
    kind: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Plan:
    items: tuple[PlannedItem, ...]


@dataclass(frozen=True, slots=True)
class Next:
    pass


@dataclass(frozen=True, slots=True)
class Goto:
    item: ItemId


@dataclass(frozen=True, slots=True)
class AgendaPlanned:
    """The whole plan; an item that keeps its id keeps its state."""

    items: tuple[PlannedItem, ...]


@dataclass(frozen=True, slots=True)
class AgendaItemStarted:
    """The item before it, if any, ended at the same moment."""

    item: ItemId


def current(state: State) -> AgendaItem | None:
    return next((item for item in state.agenda if item.state == "now"), None)


def decide_plan(state: State, command: Plan, moment: Moment) -> list[Any]:
    """Items without an id get one; the item that is now cannot be planned away."""
    require_phase(state, *BEFORE_THE_END)
    items = tuple(
        planned if planned.item else replace(planned, item=ItemId(f"{moment.fresh}-{place}"))
        for place, planned in enumerate(command.items, 1)
    )
    ids = {planned.item for planned in items}
    now = current(state)
    if len(ids) < len(items) or (now is not None and now.id not in ids):
        raise Refused("bad_input", field="items")
    return [AgendaPlanned(items)]


def decide_next(state: State, command: Next, moment: Moment) -> list[Any]:
    require_phase(state, "open")
    now = current(state)
    place = 0 if now is None else now.order
    if place >= len(state.agenda):
        raise Refused("agenda_ended")
    return [AgendaItemStarted(state.agenda[place].id)]


def decide_goto(state: State, command: Goto, moment: Moment) -> list[Any]:
    require_phase(state, "open")
    for item in state.agenda:
        if item.id == command.item:
            return [] if item.state == "now" else [AgendaItemStarted(item.id)]
    raise Refused("unknown_item", item=command.item)


def apply_planned(state: State, event: AgendaPlanned, at: int) -> State:
    known = {item.id: item for item in state.agenda}

    def placed(order: int, planned: PlannedItem) -> AgendaItem:
        before = known.get(planned.item)
        if before is None:
            return AgendaItem(planned.item, planned.title, planned.kind, order, planned.minutes)
        return replace(before, title=planned.title, kind=planned.kind, order=order, minutes=planned.minutes)

    return replace(state, agenda=tuple(placed(order, planned) for order, planned in enumerate(event.items, 1)))


def ended(item: AgendaItem, at: int) -> AgendaItem:
    return replace(item, state="done", ended_at=at) if item.state == "now" else item


def apply_started(state: State, event: AgendaItemStarted, at: int) -> State:
    def moved(item: AgendaItem) -> AgendaItem:
        if item.id != event.item:
            return ended(item, at)
        return replace(item, state="now", started_at=item.started_at or at, ended_at=None)

    return replace(state, agenda=each(state.agenda, moved))


def each(agenda: tuple[AgendaItem, ...], change: Callable[[AgendaItem], AgendaItem]) -> tuple[AgendaItem, ...]:
    return tuple(change(item) for item in agenda)


def planned_item(item: str = "", **checked: Any) -> PlannedItem:
    return PlannedItem(ItemId(item), **checked)


PLANNED = record(
    planned_item,
    {"title": text(160, 1), "kind": one_of(*KINDS), "minutes": integer(0, 600)},
    {"item": ident},
)

NOUN = Noun(
    commands={
        "agenda.plan": Act(record(Plan, {"items": list_of(PLANNED, 1, 100)}), decide_plan, SECRETARIAT),
        "agenda.next": Act(record(Next, {}), decide_next, MODERATOR),
        "agenda.goto": Act(record(Goto, {"item": ident}), decide_goto, MODERATOR),
    },
    events={
        "agenda_planned": (AgendaPlanned, apply_planned),
        "agenda_item_started": (AgendaItemStarted, apply_started),
    },
)
