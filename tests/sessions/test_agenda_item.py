"""Items of the agenda one by one, before and while the session runs; and what holds whatever was done to them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions.agenda import AgendaPlanned, PlannedItem
from sessions.agenda_item import AgendaItemEdited, AgendaItemInserted, AgendaItemMoved, AgendaItemRemoved
from sessions.errors import Refused
from sessions.ids import HallId, ItemId
from sessions.pace import real_ms
from sessions.session import SessionClosed
from sessions.state import State
from sessions.view import changes
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DRAFT,
    HALL_PEJUANG,
    MODERATOR,
    NOW,
    OPENED,
    SYSTEM,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)
from tests.sessions.test_agenda import ONE, PLANNED, THREE, TWO, started

BREAK = {"title": "Istirahat", "kind": "BREAK", "minutes": 15}
RUNNING = (*PLANNED, started("i1"), started("i2"))
EACH = [
    ("agenda.insert", {"before": None, **BREAK}),
    ("agenda.move", {"item": "i3", "before": "i2"}),
    ("agenda.edit", {"item": "i3", "fields": {"minutes": 7}}),
    ("agenda.remove", {"item": "i3"}),
]


def order(state: State) -> list[str]:
    assert [item.order for item in state.agenda] == list(range(1, len(state.agenda) + 1))
    return [item.id for item in state.agenda]


def after(state: State, name: str, data: dict[str, Any]) -> State:
    return more(state, when(state, name, data))


def test_an_item_is_inserted_before_another_or_at_the_end() -> None:
    state = given(*RUNNING)
    planned = PlannedItem(ItemId("fresh"), "Istirahat", "BREAK", 15)
    assert when(state, "agenda.insert", {"before": "i3", **BREAK}) == [AgendaItemInserted(planned, ItemId("i3"))]
    assert order(after(state, "agenda.insert", {"before": "i3", **BREAK})) == ["i1", "i2", "fresh", "i3"]
    assert order(after(state, "agenda.insert", {"before": None, **BREAK})) == ["i1", "i2", "i3", "fresh"]
    (item,) = after(given(*OPENED), "agenda.insert", {"before": None, **BREAK}).agenda
    assert (item.title, item.kind, item.minutes, item.state) == ("Istirahat", "BREAK", 15, "todo")


def test_inserted_before_the_next_one_it_is_the_next_one() -> None:
    state = after(given(*RUNNING), "agenda.insert", {"before": "i3", **BREAK})
    assert when(state, "agenda.next") == [started("fresh")]


def test_an_inserted_item_has_speaker_hall_and_note() -> None:
    words = {"speaker": "Lurah", "hall": "pejuang", "note": "bawa foto"}
    item = after(given(*RUNNING), "agenda.insert", {"before": None, **BREAK, **words}).agenda[-1]
    assert (item.speaker, item.hall, item.note) == ("Lurah", HallId("pejuang"), "bawa foto")


def test_a_full_agenda_takes_no_more() -> None:
    plan = AgendaPlanned(tuple(PlannedItem(ItemId(f"i{n}"), "Paparan", "REPORT", 5) for n in range(100)))
    assert refused(given(*OPENED, plan), "agenda.insert", {"before": None, **BREAK}) == ("agenda_full", {"most": 100})


def test_an_item_is_moved_before_another_or_to_the_end() -> None:
    state = given(*RUNNING)
    assert when(state, "agenda.move", {"item": "i3", "before": "i1"}) == [AgendaItemMoved(ItemId("i3"), ItemId("i1"))]
    assert order(after(state, "agenda.move", {"item": "i3", "before": "i1"})) == ["i3", "i1", "i2"]
    moved = after(state, "agenda.move", {"item": "i2", "before": None})
    assert order(moved) == ["i1", "i3", "i2"]
    assert moved.agenda[2].state == "now", "moving changes the place and nothing else"


@pytest.mark.parametrize("before", ["i2", "i3"])
def test_moving_to_where_it_is_changes_nothing(before: str) -> None:
    assert when(given(*RUNNING), "agenda.move", {"item": "i2", "before": before}) == []


def test_only_what_is_given_is_edited() -> None:
    state = given(*RUNNING)
    edit = {"item": "i3", "fields": {"minutes": 8, "speaker": "Camat", "hall": "jatiasih"}}
    planned = PlannedItem(ItemId("i3"), THREE.title, THREE.kind, 8, "Camat", HallId("jatiasih"))
    assert when(state, "agenda.edit", edit) == [AgendaItemEdited(planned)]
    state = after(state, "agenda.edit", edit)
    state = after(state, "agenda.edit", {"item": "i3", "fields": {"hall": None, "title": "Penutup"}})
    item = state.agenda[2]
    assert (item.title, item.minutes, item.speaker, item.hall) == ("Penutup", 8, "Camat", None)


def test_editing_to_the_same_changes_nothing() -> None:
    assert when(given(*RUNNING), "agenda.edit", {"item": "i3", "fields": {"minutes": THREE.minutes}}) == []


def test_the_item_that_is_now_can_be_given_more_minutes_but_one_that_is_over_cannot() -> None:
    state = given(*RUNNING)
    now = after(state, "agenda.edit", {"item": "i2", "fields": {"minutes": 45}}).agenda[1]
    assert (now.minutes, now.state, now.since) == (45, "now", NOW)
    over = {"item": "i1", "fields": {"minutes": 45}}
    assert refused(state, "agenda.edit", over) == ("item_has_begun", {"item": "i1", "state": "done"})
    title = after(state, "agenda.edit", {"item": "i1", "fields": {"title": "Pembukaan resmi"}}).agenda[0]
    assert (title.title, title.state) == ("Pembukaan resmi", "done")


def test_only_what_has_not_begun_is_removed() -> None:
    state = given(*RUNNING)
    assert when(state, "agenda.remove", {"item": "i3"}) == [AgendaItemRemoved(ItemId("i3"))]
    assert order(after(state, "agenda.remove", {"item": "i3"})) == ["i1", "i2"]
    assert refused(state, "agenda.remove", {"item": "i2"}) == ("item_has_begun", {"item": "i2", "state": "now"})
    assert refused(state, "agenda.remove", {"item": "i1"}) == ("item_has_begun", {"item": "i1", "state": "done"})


def test_a_removed_item_is_removed_for_everybody_and_the_others_move_up() -> None:
    before = given(*OPENED, AgendaPlanned((ONE, TWO, THREE)))
    frame = changes(before, after(before, "agenda.remove", {"item": "i2"}), "participant")
    assert [(change["id"], change["fields"] and change["fields"]["order"]) for change in frame] == [
        ("i3", 2),
        ("i2", None),
    ]


@pytest.mark.parametrize(("name", "data"), EACH)
def test_secretariat_and_moderator_may_until_the_session_is_closed(name: str, data: dict[str, Any]) -> None:
    for actor in (ADMIN, SYSTEM, MODERATOR):
        for state in (given(*RUNNING), given(*DRAFT, AgendaPlanned((ONE, TWO, THREE)))):
            assert len(when(state, name, data, actor)) == 1
    for actor in (HALL_PEJUANG, DELEGATE_07):
        assert code(given(*RUNNING), name, data, actor) == "forbidden"
    assert code(given(*RUNNING, SessionClosed()), name, data) == "wrong_phase"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("agenda.insert", {"before": "i9", **BREAK}),
        ("agenda.move", {"item": "i9", "before": None}),
        ("agenda.move", {"item": "i1", "before": "i9"}),
        ("agenda.edit", {"item": "i9", "fields": {"minutes": 1}}),
        ("agenda.remove", {"item": "i9"}),
    ],
)
def test_an_item_that_is_not_there_is_unknown(name: str, data: dict[str, Any]) -> None:
    assert refused(given(*RUNNING), name, data) == ("unknown_item", {"item": "i9"})


def test_a_hall_that_is_not_there_is_unknown() -> None:
    state = given(*RUNNING)
    nowhere = ("unknown_hall", {"hall": "nowhere"})
    assert refused(state, "agenda.insert", {"before": None, **BREAK, "hall": "nowhere"}) == nowhere
    assert refused(state, "agenda.edit", {"item": "i3", "fields": {"hall": "nowhere"}}) == nowhere


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("agenda.insert", BREAK, "before"),
        ("agenda.insert", {"before": None, **BREAK, "kind": "LUNCH"}, "kind"),
        ("agenda.insert", {"before": None, **BREAK, "minutes": 601}, "minutes"),
        ("agenda.insert", {"before": None, **BREAK, "title": " "}, "title"),
        ("agenda.insert", {"before": None, **BREAK, "item": "mine"}, "item"),
        ("agenda.insert", {"before": None, **BREAK, "speaker": "x" * 161}, "speaker"),
        ("agenda.insert", {"before": None, **BREAK, "note": 7}, "note"),
        ("agenda.move", {"item": "i1"}, "before"),
        ("agenda.move", {"before": None}, "item"),
        ("agenda.edit", {"item": "i1"}, "fields"),
        ("agenda.edit", {"item": "i1", "fields": {}}, "fields"),
        ("agenda.edit", {"item": "i1", "fields": {"state": "done"}}, "fields.state"),
        ("agenda.edit", {"item": "i1", "fields": {"minutes": -1}}, "fields.minutes"),
        ("agenda.remove", {}, "item"),
    ],
)
def test_bad_shapes(name: str, data: dict[str, Any], field: str) -> None:
    assert bad_field(name, data) == field


STEPS = st.sampled_from(
    [
        *("agenda.next", "agenda.goto", "agenda.insert", "agenda.move", "agenda.edit", "agenda.remove", "agenda.plan"),
        *("session.recess", "session.resume"),
    ]
)


def data_for(draw: st.DrawFn, name: str, items: list[str]) -> dict[str, Any]:
    item = draw(st.sampled_from([*items, "i9"]))
    before = draw(st.sampled_from([None, *items]))
    match name:
        case "agenda.goto" | "agenda.remove":
            return {"item": item}
        case "agenda.move":
            return {"item": item, "before": before}
        case "agenda.insert":
            return {"before": before, **BREAK}
        case "agenda.edit":
            return {"item": item, "fields": {"minutes": draw(st.integers(0, 9))}}
        case "agenda.plan":
            kept = draw(st.permutations(items))
            return {"items": [{"item": one, "title": "Acara", "kind": "REPORT", "minutes": 3} for one in kept]}
        case "session.recess":
            return {"reason": "salat"}
    return {}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@examples(st.data())
def test_whatever_is_done_to_it_an_agenda_stays_whole(data: st.DataObject) -> None:
    """One item is now once the first began; orders are 1…n; nothing is lost or doubled; time only grows."""
    state, begun = given(*PLANNED), False
    expected = {"i1", "i2", "i3"}
    for number in range(data.draw(st.integers(1, 25))):
        name = data.draw(STEPS)
        now = state.at + data.draw(st.integers(0, 5000))
        chosen = data_for(data.draw, name, [item.id for item in state.agenda])  # type: ignore[arg-type]
        actor = ADMIN if name == "agenda.plan" else MODERATOR
        before = {item.id: real_ms(item, now) for item in state.agenda}
        try:
            events = when(state, name, chosen, actor, now=now, fresh=f"f{number}")
        except Refused:
            continue
        state = more(state, events, at=now)
        begun = begun or (bool(events) and name in ("agenda.next", "agenda.goto"))
        if name == "agenda.insert":
            expected.add(f"f{number}")
        if name == "agenda.remove":
            expected.discard(chosen["item"])
        assert set(order(state)) == expected
        assert sum(item.state == "now" for item in state.agenda) == (1 if begun else 0)
        for item in state.agenda:
            assert real_ms(item, now) == before.get(item.id, 0), "what is done to the agenda takes no time"
            assert item.since is None or (item.state == "now" and state.session.phase == "open")
            assert real_ms(item, now + 1000) - real_ms(item, now) == (1000 if item.since is not None else 0)
            assert (item.since is not None) == (item.state == "now" and state.session.phase == "open")
