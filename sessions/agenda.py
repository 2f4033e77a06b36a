"""The agenda as a whole: planned or taken from a template, and walked through one item at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import HallId, ItemId
from sessions.model.agenda import AgendaItem
from sessions.noun import BEFORE_THE_END, PREPARING, RUNNING, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR, SECRETARIAT
from sessions.presets.agenda import TEMPLATES, Template
from sessions.shape import flag, ident, integer, list_of, nullable, one_of, record, text
from sessions.state import State

KINDS = (
    "REGISTRATION", "ANTHEM", "PRAYER", "REPORT", "ADDRESS", "OPENING", "PRESENTATION", "COUNCIL_IDEAS",
    "RULES_QUORUM", "GROUP_WORK", "GROUP_REPORT", "PROPOSAL_REVIEW", "AGENCY_RESPONSE", "QA", "TALKSHOW", "SCORING",
    "VOTE", "DELEGATE_ELECTION", "READ_DRAFT", "SIGNING", "BREAK", "CLOSING",
)  # fmt: skip
ITEMS_MOST = 100
PLANNERS = SECRETARIAT | MODERATOR


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """hall: whose turn it is; None when it is nobody's in particular. note: for those who run the session."""

    item: ItemId
    title: str
    kind: str
    minutes: int
    speaker: str = ""
    hall: HallId | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    items: tuple[PlannedItem, ...]


@dataclass(frozen=True, slots=True)
class FromTemplate:
    template: str
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    pass


@dataclass(frozen=True, slots=True)
class Goto:
    item: ItemId


@dataclass(frozen=True, slots=True)
class AgendaPlanned:
    """The whole plan; an item that keeps its id keeps its state. template: what it was taken from, empty for none."""

    items: tuple[PlannedItem, ...]
    template: str = ""


@dataclass(frozen=True, slots=True)
class AgendaItemStarted:
    """The item before it, if any, ended at the same moment."""

    item: ItemId


def current(state: State) -> AgendaItem | None:
    return next((item for item in state.agenda if item.state == "now"), None)


def item_of(state: State, item: ItemId) -> AgendaItem:
    """Raises Refused("unknown_item")."""
    for found in state.agenda:
        if found.id == item:
            return found
    raise Refused("unknown_item", item=item)


def require_hall(state: State, hall: HallId | None) -> None:
    if hall is not None and hall not in state.halls:
        raise Refused("unknown_hall", hall=hall)


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
    for planned in items:
        require_hall(state, planned.hall)
    return [AgendaPlanned(items)]


def decide_template(state: State, command: FromTemplate, moment: Moment) -> list[Any]:
    """Before the session opens; what is planned already is only replaced when that is said."""
    require_phase(state, *PREPARING)
    template = TEMPLATES.get(command.template)
    if template is None:
        raise Refused("unknown_template", template=command.template)
    if state.agenda and not command.replace:
        raise Refused("agenda_exists")
    items = list(filled_in(template, state, moment.fresh))
    if len(items) > ITEMS_MOST:
        raise Refused("agenda_full", most=ITEMS_MOST)
    return [AgendaPlanned(tuple(items), command.template)]


def filled_in(template: Template, state: State, fresh: str) -> Iterator[PlannedItem]:
    """The template's items in order; one that is each hall's comes once a hall, or once without halls."""
    place = 0
    halls = sorted(state.halls.values(), key=lambda hall: (hall.order, hall.id))
    for item in template.items:
        for hall in halls if item.each_hall and halls else (None,):
            place += 1
            yield PlannedItem(
                item=ItemId(f"{fresh}-{place}"),
                title=item.title if hall is None else f"{item.title}: {hall.name}",
                kind=item.kind,
                minutes=item.minutes,
                speaker=item.speaker,
                hall=None if hall is None else hall.id,
            )


def place_of(state: State) -> int:
    """The order of the item that is now, else of the one that ended last; 0 before the first."""
    now = current(state)
    if now is not None:
        return now.order
    return max(((item.ended_at or 0, item.order) for item in state.agenda if item.state == "done"), default=(0, 0))[1]


def decide_next(state: State, command: Next, moment: Moment) -> list[Any]:
    require_phase(state, *RUNNING)
    place = place_of(state)
    if place >= len(state.agenda):
        raise Refused("agenda_ended")
    return [AgendaItemStarted(state.agenda[place].id)]


def decide_goto(state: State, command: Goto, moment: Moment) -> list[Any]:
    require_phase(state, *RUNNING)
    item = item_of(state, command.item)
    return [] if item.state == "now" else [AgendaItemStarted(item.id)]


def placed(order: int, planned: PlannedItem, before: AgendaItem | None) -> AgendaItem:
    """The item as it is planned now; what happened to it so far stays."""
    return replace(
        before or AgendaItem(planned.item, planned.title, planned.kind, order, planned.minutes),
        title=planned.title,
        kind=planned.kind,
        order=order,
        minutes=planned.minutes,
        speaker=planned.speaker,
        hall=planned.hall,
        note=planned.note,
    )


def apply_planned(state: State, event: AgendaPlanned, at: int) -> State:
    known = {item.id: item for item in state.agenda}
    items = (placed(order, planned, known.get(planned.item)) for order, planned in enumerate(event.items, 1))
    return replace(state, agenda=tuple(items))


def counted(item: AgendaItem, at: int) -> AgendaItem:
    """The item with its clock stopped at this moment."""
    if item.since is None:
        return item
    return replace(item, since=None, spent_ms=item.spent_ms + max(0, at - item.since))


def ended(item: AgendaItem, at: int) -> AgendaItem:
    return replace(counted(item, at), state="done", ended_at=at) if item.state == "now" else item


def apply_started(state: State, event: AgendaItemStarted, at: int) -> State:
    """An item entered again goes on counting where it stopped."""

    def moved(item: AgendaItem) -> AgendaItem:
        if item.id != event.item:
            return ended(item, at)
        if item.state == "now":
            return item
        first = at if item.started_at is None else item.started_at
        return replace(item, state="now", started_at=first, ended_at=None, since=at)

    return replace(state, agenda=each(state.agenda, moved))


def each(agenda: tuple[AgendaItem, ...], change: Callable[[AgendaItem], AgendaItem]) -> tuple[AgendaItem, ...]:
    return tuple(change(item) for item in agenda)


def paused(agenda: tuple[AgendaItem, ...], at: int) -> tuple[AgendaItem, ...]:
    """With a recess the clock of the item that is now stops; the item stays."""
    return each(agenda, lambda item: counted(item, at))


def resumed(agenda: tuple[AgendaItem, ...], at: int) -> tuple[AgendaItem, ...]:
    """After the recess its clock runs on."""
    return each(agenda, lambda item: replace(item, since=at) if item.state == "now" and item.since is None else item)


def planned_item(item: str = "", **checked: Any) -> PlannedItem:
    return PlannedItem(ItemId(item), **checked)


PLAN = {"title": text(160, 1), "kind": one_of(*KINDS), "minutes": integer(0, 600)}
WORDS = {"speaker": text(160), "hall": nullable(ident), "note": text(500)}

NOUN = Noun(
    commands={
        "agenda.plan": Act(
            record(Plan, {"items": list_of(record(planned_item, PLAN, {"item": ident, **WORDS}), 1, ITEMS_MOST)}),
            decide_plan,
            SECRETARIAT,
        ),
        "agenda.template": Act(record(FromTemplate, {"template": ident}, {"replace": flag}), decide_template, PLANNERS),
        "agenda.next": Act(record(Next, {}), decide_next, MODERATOR),
        "agenda.goto": Act(record(Goto, {"item": ident}), decide_goto, MODERATOR),
    },
    events={
        "agenda_planned": (AgendaPlanned, apply_planned),
        "agenda_item_started": (AgendaItemStarted, apply_started),
    },
)
