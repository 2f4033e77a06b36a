"""How late a session runs, against a plan counted from its opening."""

from __future__ import annotations

from sessions.agenda import AgendaPlanned
from sessions.pace import drift_ms, planned_starts, remaining_ms
from sessions.session import SessionClosed, SessionRecessed, SessionResumed
from sessions.state import State
from tests.sessions.given import DRAFT, NOW, OPENED, given, more, when
from tests.sessions.test_agenda import ONE, PLANNED, THREE, TWO, started

MINUTE = 60_000  # items of 10, 20 and 5 minutes


def drift(state: State, minutes: float) -> float:
    return drift_ms(state, NOW + round(minutes * MINUTE)) / MINUTE


def walked(*steps: tuple[str, int]) -> State:
    """Items begun, each at a minute after the opening."""
    state = given(*PLANNED)
    for item, minute in steps:
        state = more(state, [started(item)], at=NOW + minute * MINUTE)
    return state


def test_before_the_opening_nothing_is_late() -> None:
    state = given(*DRAFT, AgendaPlanned((ONE, TWO, THREE)))
    assert drift_ms(state, NOW + MINUTE) == 0
    assert planned_starts(state) == (None, None, None)


def test_planned_starts_count_from_the_opening() -> None:
    assert planned_starts(given(*PLANNED)) == (NOW, NOW + 10 * MINUTE, NOW + 30 * MINUTE)
    assert planned_starts(given(*OPENED)) == ()


def test_until_the_first_item_begins_every_minute_is_late() -> None:
    assert drift(given(*PLANNED), 3) == 3


def test_within_its_minutes_an_item_makes_nothing_late_and_beyond_each_minute_does() -> None:
    state = walked(("i1", 0))
    assert [drift(state, minute) for minute in (0, 5, 10, 12.5)] == [0, 0, 0, 2.5]


def test_what_ended_early_is_gained_and_what_began_late_stays_late() -> None:
    assert drift(walked(("i1", 0), ("i2", 6)), 7) == -4
    assert drift(walked(("i1", 2), ("i2", 12)), 20) == 2


def test_an_item_left_out_is_gained_until_it_is_treated_after_all() -> None:
    assert drift(walked(("i1", 0), ("i3", 10)), 11) == -20
    assert drift(walked(("i1", 0), ("i3", 10), ("i2", 15)), 15) == 0


def test_an_item_entered_again_has_only_the_rest_of_its_minutes() -> None:
    state = walked(("i1", 0), ("i2", 4), ("i1", 6))
    assert remaining_ms(state, NOW + 6 * MINUTE) == (6 + 5) * MINUTE


def test_a_recess_makes_the_session_late_without_using_up_the_item() -> None:
    state = more(walked(("i1", 0)), [SessionRecessed("salat")], at=NOW + 5 * MINUTE)
    assert drift(state, 25) == 20
    state = more(state, [SessionResumed()], at=NOW + 25 * MINUTE)
    assert [drift(state, minute) for minute in (25, 30, 31)] == [20, 20, 21]


def test_more_minutes_for_the_item_that_is_now_change_the_plan_and_not_the_drift() -> None:
    state = walked(("i1", 0))
    longer = more(state, when(state, "agenda.edit", {"item": "i1", "fields": {"minutes": 30}}))
    assert drift(longer, 20) == 0


def test_a_closed_session_is_as_late_as_it_ended() -> None:
    closed = more(walked(("i1", 0), ("i2", 10), ("i3", 30)), [SessionClosed()], at=NOW + 47 * MINUTE)
    assert drift(closed, 47) == drift(closed, 500) == 12
    early = more(walked(("i1", 0)), [SessionClosed()], at=NOW + 5 * MINUTE)
    assert drift(early, 6) == -30
