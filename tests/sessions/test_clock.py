"""The speaker's clock: yielding, extending, pausing, and what it makes of a hall that drops."""

from __future__ import annotations

from typing import Any

from sessions.clock import (
    FloorExtended,
    FloorPaused,
    FloorResumed,
    FloorYielded,
    outage,
    remaining_ms,
    restored,
    spoken_ms,
)
from sessions.floor import FloorGranted, FloorRequested
from sessions.ids import RequestId
from sessions.model.floor import FloorRules, Speaker
from sessions.model.rules import Rules
from sessions.rules import RulesSet
from sessions.session import SessionRecessed, SessionResumed
from sessions.site import HallCame, HallLost
from sessions.state import State
from tests.sessions.given import (
    DELEGATE_07,
    DELEGATE_11,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    SCREEN,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

R1, R2 = RequestId("r1"), RequestId("r2")
QUEUED = (*OPENED, FloorRequested(R1, PEJUANG, RW07, "soal drainase"), FloorRequested(R2, JATIASIH))
HELD = (*QUEUED, FloorGranted(R1, NOW + 180_000))
ENDLESS = (*QUEUED, FloorGranted(R1, None))
PAUSED = FloorPaused(R1, 120_000, "chair")


def ruled(**floor: Any) -> RulesSet:
    return RulesSet(Rules(floor=FloorRules(**floor)))


def holder(state: State) -> Speaker:
    assert state.floor.holder is not None
    return state.floor.holder


def test_the_floor_is_given_back_by_its_holder_or_the_moderator() -> None:
    state = given(*HELD)
    assert when(state, "floor.yield", {}, DELEGATE_07) == [FloorYielded(R1)]
    assert when(state, "floor.yield", {}, MODERATOR) == [FloorYielded(R1)]
    assert code(state, "floor.yield", {}, DELEGATE_11) == "not_holder"
    assert code(state, "floor.yield", {}, HALL_PEJUANG) == "not_holder"
    assert code(state, "floor.yield", {}, SCREEN) == "forbidden"
    assert code(given(*QUEUED), "floor.yield", {}, DELEGATE_07) == "floor_is_free"
    assert more(state, [FloorYielded(R1)]).floor.holder is None


def test_more_time_is_added_to_what_is_left_or_counts_from_now() -> None:
    state = given(*HELD)
    assert when(state, "floor.extend", {"minutes": 2}) == [FloorExtended(R1, NOW + 300_000)]
    assert when(state, "floor.extend", {"minutes": 2}, now=NOW + 600_000) == [FloorExtended(R1, NOW + 720_000)]
    assert when(given(*ENDLESS), "floor.extend", {"minutes": 1}) == [FloorExtended(R1, NOW + 60_000)]
    assert code(given(*QUEUED), "floor.extend", {"minutes": 1}) == "floor_is_free"
    assert code(state, "floor.extend", {"minutes": 1}, DELEGATE_07) == "forbidden"
    assert holder(more(state, [FloorExtended(R1, NOW + 300_000)])).until == NOW + 300_000


def test_a_turn_is_extended_as_often_and_as_long_as_the_rules_allow() -> None:
    limits = {"extensions": 1, "minutes": 5}
    state = given(*HELD, ruled(extensions=1, extension_minutes=5))
    assert refused(state, "floor.extend", {"minutes": 6}) == ("extension_limit", limits)
    state = more(state, when(state, "floor.extend", {"minutes": 5}))
    assert refused(state, "floor.extend", {"minutes": 1}) == ("extension_limit", limits)
    again = more(state, [FloorYielded(R1), FloorGranted(R2, NOW + 60_000)])
    assert when(again, "floor.extend", {"minutes": 5}) != [], "the next turn counts anew"


def test_a_pause_stops_the_clock_and_resuming_gives_back_what_was_left() -> None:
    state = given(*HELD)
    assert when(state, "floor.pause", {}, now=NOW + 60_000) == [FloorPaused(R1, 120_000, "chair")]
    paused = more(state, [PAUSED], at=NOW + 60_000)
    assert (holder(paused).until, holder(paused).remaining, holder(paused).spoken_ms) == (None, 120_000, 60_000)
    assert remaining_ms(holder(paused), NOW + 999_999) == 120_000 and spoken_ms(holder(paused), NOW + 999_999) == 60_000
    assert when(paused, "floor.resume", {}, now=NOW + 100_000) == [FloorResumed(R1, NOW + 220_000)]
    running = holder(more(paused, [FloorResumed(R1, NOW + 220_000)], at=NOW + 100_000))
    assert (running.until, running.remaining, running.paused) == (NOW + 220_000, None, "")
    assert spoken_ms(running, NOW + 110_000) == 70_000 and running.since == NOW


def test_a_turn_that_ran_over_has_nothing_left_and_one_without_end_stays_so() -> None:
    assert when(given(*HELD), "floor.pause", {}, now=NOW + 200_000) == [FloorPaused(R1, 0, "chair")]
    assert when(given(*ENDLESS), "floor.pause", {}) == [FloorPaused(R1, None, "chair")]
    endless = more(given(*ENDLESS), [FloorPaused(R1, None)])
    assert when(endless, "floor.resume", {}) == [FloorResumed(R1, None)]


def test_pausing_and_resuming_are_refused_without_need() -> None:
    paused = more(given(*HELD), [PAUSED])
    assert code(paused, "floor.pause") == "floor_is_paused"
    assert code(given(*HELD), "floor.resume") == "floor_not_paused"
    for name in ("floor.pause", "floor.resume"):
        assert code(given(*QUEUED), name) == "floor_is_free"
        assert code(paused, name, {}, DELEGATE_07) == "forbidden"


def test_a_paused_turn_is_extended_without_starting_its_clock() -> None:
    paused = more(given(*HELD), [PAUSED])
    (extended,) = when(paused, "floor.extend", {"minutes": 1})
    assert extended == FloorExtended(R1, NOW + 180_000, 180_000)
    after = holder(more(paused, [extended]))
    assert (after.until, after.remaining, after.paused) == (None, 180_000, "chair")


def test_a_paused_turn_that_is_yielded_books_only_what_was_spoken() -> None:
    state = more(more(given(*HELD), [PAUSED], at=NOW + 60_000), [FloorYielded(R1)], at=NOW + 600_000)
    assert state.floor.equity.halls[PEJUANG].spoken_ms == 60_000


def test_the_clock_stops_when_the_speakers_hall_drops_and_runs_on_when_it_is_back() -> None:
    state = given(*HELD)
    assert outage(state, PEJUANG, NOW + 60_000) == [FloorPaused(R1, 120_000, "outage")]
    assert outage(state, JATIASIH, NOW) == [] and outage(given(*QUEUED), PEJUANG, NOW) == []
    paused = more(state, [FloorPaused(R1, 120_000, "outage")], at=NOW + 60_000)
    assert outage(paused, PEJUANG, NOW + 70_000) == []
    assert restored(paused, PEJUANG, NOW + 90_000) == [FloorResumed(R1, NOW + 210_000)]
    assert restored(paused, JATIASIH, NOW + 90_000) == []


def test_what_the_chair_stopped_only_the_chair_starts() -> None:
    paused = more(given(*HELD), [PAUSED])
    assert restored(paused, PEJUANG, NOW) == []
    cut = more(given(*HELD), [FloorPaused(R1, 120_000, "outage")])
    taken = when(cut, "floor.pause")
    assert taken == [FloorPaused(R1, 120_000, "chair")]
    assert restored(more(cut, taken), PEJUANG, NOW) == []
    assert when(cut, "floor.resume") == [FloorResumed(R1, NOW + 120_000)], "the chair need not wait for the hall"


def test_where_the_rules_say_so_an_outage_stops_no_clock() -> None:
    assert outage(given(*HELD, ruled(pause_when_lost=False)), PEJUANG, NOW) == []


def test_bad_shapes() -> None:
    assert bad_field("floor.extend", {"minutes": 0}) == "minutes"
    assert bad_field("floor.extend", {"minutes": 31}) == "minutes"
    assert bad_field("floor.pause", {"why": ""}) == "why"


def test_no_clock_runs_in_a_recess_and_it_goes_on_after() -> None:
    recess = more(given(*HELD), [SessionRecessed("Salat", None)], at=NOW + 60_000)
    assert (holder(recess).paused, holder(recess).remaining) == ("recess", 120_000)
    assert code(recess, "floor.resume") == "wrong_phase"
    after = holder(more(recess, [SessionResumed()], at=NOW + 600_000))
    assert (after.until, after.spoken_ms, after.paused) == (NOW + 720_000, 60_000, "")
    endless = more(given(*ENDLESS), [SessionRecessed("Salat", None), SessionResumed()])
    assert (holder(endless).until, holder(endless).paused) == (None, "")


def test_a_recess_does_not_start_what_the_chair_stopped_or_a_cut_off_hall() -> None:
    chair = more(given(*HELD), [PAUSED, SessionRecessed("Salat", None), SessionResumed()])
    assert holder(chair).paused == "chair"
    lost = [HallCame(PEJUANG), SessionRecessed("Salat", None), HallLost("o1", PEJUANG, "page"), SessionResumed()]
    assert holder(more(given(*HELD), lost)).paused == "outage"
    cut = [FloorPaused(R1, 120_000, "outage"), SessionRecessed("Salat", None)]
    recess = more(given(*HELD), cut)
    assert restored(recess, PEJUANG, NOW) == [], "the clock waits for the session"
    assert holder(more(recess, [SessionResumed()])).paused == ""
