"""Fair floor: who has had how much of it, and whom that puts first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sessions.clock import FloorPaused, FloorYielded
from sessions.fairness import fair_order, order_in_force
from sessions.floor import FloorGranted, FloorRequested, FloorWithdrawn
from sessions.ids import HallId, RequestId, SeatId
from sessions.model.floor import FloorRules, Used
from sessions.state import State
from sessions.view import snapshot
from tests.sessions.given import JATIASIH, NOW, OPENED, PEJUANG, RW07, RW11, given, more

R1, R2, R3 = RequestId("r1"), RequestId("r2"), RequestId("r3")
RULES = FloorRules(order="fair")


def asked(request: RequestId, hall: HallId, seat: SeatId | None = None, kind: str = "ordinary") -> FloorRequested:
    return FloorRequested(request, hall, seat, kind=kind)


def opened(**constituencies: str) -> State:
    """RW 07 sits in Pejuang, RW 11 in Jatiasih; each in the constituency given as rw07=…, rw11=…."""
    state = given(*OPENED)
    seats = dict(state.seats)
    for seat, name, rw in ((RW07, "rw07", "07"), (RW11, "rw11", "11")):
        seats[seat] = replace(seats[seat], constituency=constituencies.get(name, ""), rw=rw)
    return replace(state, seats=seats)


def spoke(state: State, hall: HallId, seconds: int, seat: SeatId | None = None) -> State:
    """After a turn of that length."""
    turn = RequestId(f"t{state.seq}")
    state = more(state, [asked(turn, hall, seat), FloorGranted(turn, None)], at=state.at)
    return more(state, [FloorYielded(turn)], at=state.at + seconds * 1000)


def fair(state: State, **rules: Any) -> list[str]:
    return [speaker.request for speaker in fair_order(state.floor, replace(RULES, **rules))]


def test_whose_hall_spoke_least_comes_first_and_equals_stand_as_they_asked() -> None:
    state = spoke(spoke(given(*OPENED), PEJUANG, 60), JATIASIH, 20)
    state = more(state, [asked(R1, PEJUANG), asked(R2, JATIASIH)])
    assert fair(state) == [R2, R1]
    assert fair(state, by_hall=0) == [R1, R2]
    equal = more(given(*OPENED), [asked(R1, PEJUANG), asked(R2, JATIASIH)])
    assert fair(equal) == [R1, R2]


def test_whose_constituency_spoke_least_comes_first_those_without_one_counting_as_one() -> None:
    state = spoke(opened(rw11="women"), PEJUANG, 60, RW07)
    state = more(state, [asked(R1, PEJUANG, RW07), asked(R2, JATIASIH, RW11)])
    assert fair(state, by_hall=0, unheard_rw_s=0) == [R2, R1]
    assert fair(state, by_hall=0, by_constituency=0, unheard_rw_s=0) == [R1, R2]


def test_an_rw_that_has_not_spoken_is_ahead_by_so_many_seconds() -> None:
    state = spoke(spoke(opened(), PEJUANG, 10, RW07), JATIASIH, 60)
    state = more(state, [asked(R1, PEJUANG, RW07), asked(R2, JATIASIH, RW11)])
    assert fair(state, by_constituency=0, unheard_rw_s=51) == [R2, R1]
    assert fair(state, by_constituency=0, unheard_rw_s=49) == [R1, R2]


def test_the_running_turn_counts_whole_from_the_moment_it_was_granted() -> None:
    state = more(given(*OPENED), [asked(R1, PEJUANG), FloorGranted(R1, NOW + 180_000)])
    state = more(state, [asked(R2, PEJUANG), asked(R3, JATIASIH)])
    assert fair(state) == [R3, R2]
    paused = more(state, [FloorPaused(R1, 120_000)], at=NOW + 60_000)
    assert fair(paused) == [R3, R2]
    endless = more(given(*OPENED), [asked(R1, PEJUANG), FloorGranted(R1), asked(R2, PEJUANG), asked(R3, JATIASIH)])
    assert fair(endless) == [R3, R2], "a turn without end counts as long as turns usually are"
    assert fair(endless, minutes=0) == [R2, R3]


def test_points_of_order_come_first_however_much_was_spoken() -> None:
    state = more(spoke(given(*OPENED), PEJUANG, 600), [asked(R1, JATIASIH), asked(R2, PEJUANG, None, "point_of_order")])
    assert fair(state) == [R2, R1]
    state = more(state, [asked(R3, JATIASIH, None, "point_of_order")])
    assert fair(state) == [R2, R3, R1], "among themselves as they asked"


def test_the_order_in_force_is_the_queue_unless_the_rules_say_fair() -> None:
    state = more(spoke(given(*OPENED), PEJUANG, 60), [asked(R1, PEJUANG), asked(R2, JATIASIH)])
    assert order_in_force(state.floor, FloorRules()) == state.floor.queue
    assert order_in_force(state.floor, RULES) == fair_order(state.floor, RULES) != state.floor.queue


def test_figures_are_kept_by_hall_and_by_constituency() -> None:
    state = spoke(opened(rw07="women"), PEJUANG, 60, RW07)
    state = spoke(state, PEJUANG, 5)
    state = more(state, [asked(R1, PEJUANG, RW07), asked(R2, JATIASIH), asked(R3, PEJUANG), FloorWithdrawn(R3)])
    assert state.floor.equity.halls == {PEJUANG: Used(2, 65_000, 1), JATIASIH: Used(0, 0, 1)}
    assert state.floor.equity.constituencies == {"women": Used(1, 60_000, 1), "": Used(1, 5_000, 1)}
    assert state.floor.equity.rws == {(PEJUANG, "07")}


def test_equity_is_shown_to_the_moderator_the_halls_and_but_for_groups_the_screen() -> None:
    state = more(spoke(opened(rw07="women"), PEJUANG, 60, RW07), [asked(R1, JATIASIH)])
    halls = {
        "hall:pejuang": {"times": 1, "spoken_ms": 60_000, "waiting": 0},
        "hall:jatiasih": {"times": 0, "spoken_ms": 0, "waiting": 1},
    }
    groups = {
        "group:women": {"times": 1, "spoken_ms": 60_000, "waiting": 0},
        "group:": {"times": 0, "spoken_ms": 0, "waiting": 1},
    }
    for view in ("moderator", "hall", "screen"):
        shown = {change["id"]: change["fields"] for change in snapshot(state, view) if change["kind"] == "equity"}
        assert shown == (halls if view == "screen" else {**halls, **groups})
    for view in ("participant", "public"):
        assert "equity" not in {change["kind"] for change in snapshot(state, view)}
