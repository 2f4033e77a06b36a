"""The agenda: planned whole, walked through one item at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sessions.agenda import AgendaItemStarted, AgendaPlanned, PlannedItem
from sessions.hall import HallAdded
from sessions.ids import HallId, ItemId
from sessions.kind import VIEWS
from sessions.pace import real_ms
from sessions.session import SessionClosed, SessionRecessed, SessionReopened, SessionResumed
from sessions.view import snapshot
from tests.sessions.given import (
    ADMIN,
    CREATED,
    DRAFT,
    HALL_PEJUANG,
    MODERATOR,
    NOW,
    OPENED,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

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


def test_items_carry_speaker_hall_and_note_and_halls_must_exist() -> None:
    items = [wire(ONE, speaker="Camat", hall="pejuang", note="siapkan mikrofon")]
    (event,) = when(given(*DRAFT), "agenda.plan", {"items": items}, ADMIN)
    (item,) = more(given(*DRAFT), [event]).agenda
    assert (item.speaker, item.hall, item.note) == ("Camat", "pejuang", "siapkan mikrofon")
    nowhere = {"items": [wire(ONE, hall="nowhere")]}
    assert refused(given(*DRAFT), "agenda.plan", nowhere, ADMIN) == ("unknown_hall", {"hall": "nowhere"})


def test_only_those_who_run_the_session_read_the_note() -> None:
    state = given(*OPENED, AgendaPlanned((replace(ONE, note="rahasia panitia"),)))
    for view in VIEWS:
        (fields,) = [change["fields"] for change in snapshot(state, view) if change["kind"] == "agenda"]
        assert ("note" in fields) == (view in ("moderator", "hall"))


def test_an_item_entered_again_adds_to_its_real_time() -> None:
    state = given(*PLANNED, started("i1"))
    state = more(state, [started("i2")], at=NOW + 3000)
    state = more(state, [started("i1")], at=NOW + 4000)
    first, second, _ = state.agenda
    assert (first.spent_ms, first.since) == (3000, NOW + 4000)
    assert (second.spent_ms, second.since) == (1000, None)
    assert [real_ms(item, NOW + 4500) for item in state.agenda] == [3500, 1000, 0]


def test_a_recess_is_no_items_time() -> None:
    state = more(given(*PLANNED, started("i1")), [SessionRecessed("salat")], at=NOW + 2000)
    assert (state.agenda[0].state, state.agenda[0].since, state.agenda[0].spent_ms) == ("now", None, 2000)
    assert real_ms(state.agenda[0], NOW + 60_000) == 2000
    state = more(state, [SessionResumed()], at=NOW + 60_000)
    assert real_ms(state.agenda[0], NOW + 61_000) == 3000
    closed = more(state, [SessionClosed()], at=NOW + 62_000)
    assert (closed.agenda[0].state, real_ms(closed.agenda[0], NOW + 99_000)) == ("done", 4000)


def test_closing_in_recess_counts_nothing_of_it() -> None:
    state = more(given(*PLANNED, started("i1")), [SessionRecessed("listrik padam")], at=NOW + 2000)
    closed = more(state, [SessionClosed()], at=NOW + 60_000)
    assert (closed.agenda[0].spent_ms, closed.agenda[0].ended_at) == (2000, NOW + 60_000)


def test_after_a_session_was_reopened_next_goes_on_where_it_stopped() -> None:
    closed = more(given(*PLANNED, started("i1")), [started("i2"), SessionClosed()], at=NOW + 5000)
    reopened = more(closed, [SessionReopened("suara belum dihitung")], at=NOW + 6000)
    assert when(reopened, "agenda.next") == [started("i3")]
    back = more(given(*PLANNED, started("i1")), [started("i3")], at=NOW + 5000)
    back = more(back, [started("i1")], at=NOW + 6000)
    back = more(back, [SessionClosed(), SessionReopened("suara belum dihitung")], at=NOW + 7000)
    assert when(back, "agenda.next") == [started("i2")], "not what stands last among those that are done"


def test_a_template_fills_an_empty_agenda() -> None:
    for actor in (ADMIN, MODERATOR):
        (event,) = when(given(*DRAFT), "agenda.template", {"template": "semarang-kelurahan"}, actor, fresh="f")
        assert event.template == "semarang-kelurahan"
        items = more(given(*DRAFT), [event]).agenda
        assert [item.id for item in items[:2]] == ["f-1", "f-2"]
        assert (items[1].kind, items[1].minutes, items[1].speaker) == ("ADDRESS", 5, "Camat")
        assert sum(item.minutes for item in items) == 95


def test_a_template_has_an_item_for_every_hall() -> None:
    (event,) = when(given(*DRAFT), "agenda.template", {"template": "bekasi"}, ADMIN)
    reports = [item for item in event.items if item.kind == "GROUP_REPORT"]
    assert [item.title for item in reports] == ["Paparan kebutuhan: Pejuang", "Paparan kebutuhan: Jatiasih"]
    assert [item.hall for item in reports] == ["pejuang", "jatiasih"]
    (alone,) = when(given(CREATED), "agenda.template", {"template": "bekasi"}, ADMIN)
    assert [(item.title, item.hall) for item in alone.items if item.kind == "GROUP_REPORT"] == [
        ("Paparan kebutuhan", None)
    ]


def test_a_template_replaces_what_is_planned_only_when_told() -> None:
    state = given(*DRAFT, AgendaPlanned((ONE,)))
    assert code(state, "agenda.template", {"template": "gresik"}, ADMIN) == "agenda_exists"
    assert code(state, "agenda.template", {"template": "gresik", "replace": False}, ADMIN) == "agenda_exists"
    (event,) = when(state, "agenda.template", {"template": "gresik", "replace": True}, ADMIN)
    assert len(more(state, [event]).agenda) == 10


def test_what_a_template_is_refused_for() -> None:
    assert refused(given(*DRAFT), "agenda.template", {"template": "atlantis"}) == (
        "unknown_template",
        {"template": "atlantis"},
    )
    assert code(given(*OPENED), "agenda.template", {"template": "gresik"}) == "wrong_phase"
    assert code(given(*DRAFT), "agenda.template", {"template": "gresik"}, HALL_PEJUANG) == "forbidden"
    halls = (HallAdded(HallId(f"h{n}"), f"Kelurahan {n}", "", n) for n in range(1, 95))
    assert refused(given(CREATED, *halls), "agenda.template", {"template": "bekasi"}, ADMIN) == (
        "agenda_full",
        {"most": 100},
    )
    assert bad_field("agenda.template", {}) == "template"
    assert bad_field("agenda.template", {"template": "gresik", "replace": 1}) == "replace"
