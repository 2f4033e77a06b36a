"""The agenda: planned whole, walked through one item at a time."""

from __future__ import annotations

from typing import Any

from sessions.agenda import AgendaItemStarted, AgendaPlanned, PlannedItem
from sessions.ids import ItemId
from tests.sessions.given import ADMIN, DRAFT, MODERATOR, NOW, OPENED, bad_field, code, given, more, refused, when

ONE, TWO, THREE = (
    PlannedItem(ItemId("i1"), "Pembukaan", "OPENING", 10),
    PlannedItem(ItemId("i2"), "Laporan", "REPORT", 20),
    PlannedItem(ItemId("i3"), "Penutupan", "CLOSING", 5),
)
PLANNED = (*OPENED, AgendaPlanned((ONE, TWO, THREE)))


def wire(item: PlannedItem, **changed: Any) -> dict[str, Any]:
    return {"item": item.item, "title": item.title, "kind": item.kind, "minutes": item.minutes, **changed}


def started(item: str) -> AgendaItemStarted:
    return AgendaItemStarted(ItemId(item))


def test_a_plan_gives_ids_to_items_that_have_none() -> None:
    items = [{"title": "Doa", "kind": "PRAYER", "minutes": 3}, wire(ONE)]
    (event,) = when(given(*DRAFT), "agenda.plan", {"items": items}, ADMIN, fresh="f")
    assert [item.item for item in event.items] == ["f-1", "i1"]


def test_next_walks_through_the_items_and_ends() -> None:
    state = given(*PLANNED)
    for item in ("i1", "i2", "i3"):
        events = when(state, "agenda.next")
        assert events == [started(item)]
        state = more(state, events, at=state.at + 1000)
    assert [item.state for item in state.agenda] == ["done", "done", "now"]
    assert [item.ended_at for item in state.agenda] == [NOW + 2000, NOW + 3000, None]
    assert code(state, "agenda.next") == "agenda_ended"


def test_an_empty_agenda_has_ended() -> None:
    assert code(given(*OPENED), "agenda.next") == "agenda_ended"


def test_going_back_to_an_item_keeps_when_it_first_began() -> None:
    state = more(given(*PLANNED, started("i1")), [started("i2")], at=NOW + 5000)
    assert when(state, "agenda.goto", {"item": "i1"}) == [started("i1")]
    state = more(state, [started("i1")], at=NOW + 9000)
    first, second, _ = state.agenda
    assert (first.state, first.started_at, first.ended_at) == ("now", NOW, None)
    assert (second.state, second.ended_at) == ("done", NOW + 9000)
    assert when(state, "agenda.next") == [started("i2")]


def test_going_where_we_are_changes_nothing() -> None:
    assert when(given(*PLANNED, started("i1")), "agenda.goto", {"item": "i1"}) == []


def test_an_unknown_item_and_a_closed_phase_are_refused() -> None:
    assert refused(given(*PLANNED), "agenda.goto", {"item": "i9"}) == ("unknown_item", {"item": "i9"})
    assert code(given(*DRAFT), "agenda.next") == "wrong_phase"
    assert code(given(*DRAFT), "agenda.goto", {"item": "i1"}) == "wrong_phase"


def test_planning_again_keeps_the_state_of_items_that_stay() -> None:
    state = given(*PLANNED, started("i1"))
    (event,) = when(state, "agenda.plan", {"items": [wire(TWO), wire(ONE, minutes=15)]}, ADMIN)
    second, first = more(state, [event]).agenda
    assert (first.state, first.minutes, first.order, second.state) == ("now", 15, 2, "todo")


def test_the_item_that_is_now_cannot_be_planned_away_nor_an_id_used_twice() -> None:
    state = given(*PLANNED, started("i1"))
    bad = ("bad_input", {"field": "items"})
    assert refused(state, "agenda.plan", {"items": [wire(TWO)]}, ADMIN) == bad
    assert refused(state, "agenda.plan", {"items": [wire(ONE), wire(ONE)]}, ADMIN) == bad


def test_planning_is_the_secretariats() -> None:
    assert code(given(*OPENED), "agenda.plan", {"items": [wire(ONE)]}, MODERATOR) == "forbidden"


def test_bad_shapes() -> None:
    assert bad_field("agenda.plan", {"items": []}) == "items"
    assert bad_field("agenda.plan", {"items": [wire(ONE), wire(TWO, kind="LUNCH")]}) == "items.1.kind"
    assert bad_field("agenda.plan", {"items": [wire(ONE, minutes=True)]}) == "items.0.minutes"
    assert bad_field("agenda.goto", {}) == "item"
