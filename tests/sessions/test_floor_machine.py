"""The floor and the site log under random commands: nobody is forgotten, no clock runs backwards."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions.clock import remaining_ms, spoken_ms
from sessions.fairness import fair_order
from sessions.journal import Recorded
from sessions.model.floor import Speaker
from sessions.session import SessionClosed
from sessions.speakers import POINT, speakers
from sessions.state import State
from tests.sessions import commands
from tests.sessions.floor_commands import FLOOR_COMMANDS
from tests.sessions.given import MODERATOR, when

History = list[tuple[State, Recorded | None]]
LEAVE = {"floor_withdrawn", "floor_granted", "floor_yielded", "session_closed", "group_dismissed"}


def told(data: st.DataObject) -> History:
    """A history in which most commands are about the floor."""
    names = st.sampled_from(sorted(FLOOR_COMMANDS))
    state, history = commands.initial(commands.SESSION), list[tuple[State, Recorded | None]]()
    drawn = data.draw(st.lists(names, min_size=15, max_size=40))
    for number, name in enumerate((*commands.SETTING_UP, "floor.request", *drawn)):
        now = state.at + data.draw(st.sampled_from([0, 1, 20_000, 200_000]))
        for event in commands.step(data.draw, state, name, number, now):
            state = commands.dispatch.apply(state, event)
            history.append((state, event))
    return history


machine = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@machine
@examples(st.data())
def test_nobody_leaves_the_floor_without_an_event_that_says_so(data: st.DataObject) -> None:
    for (before, _), (after, event) in pairwise(told(data)):
        gone = requests(before) - requests(after)
        assert event is not None and (not gone or event.type in LEAVE), f"{gone} left with {event}"
        assert len(gone) <= 1 or event.type not in ("floor_withdrawn", "floor_granted", "floor_yielded")
        came = requests(after) - requests(before)
        assert not came or event.type == "floor_requested"


def requests(state: State) -> set[str]:
    return {speaker.request for speaker in speakers(state.floor)}


@machine
@examples(st.data())
def test_no_clock_is_negative_runs_while_it_stands_still_or_loses_time(data: st.DataObject) -> None:
    for (before, _), (after, event) in pairwise(told(data)):
        holder = after.floor.holder
        if holder is None:
            continue
        left = remaining_ms(holder, after.at)
        assert left is None or left >= 0
        assert (holder.running_since is None) == bool(holder.paused)
        assert spoken_ms(holder, after.at) >= spoken_before(before.floor.holder, holder, after.at) >= 0
        if event is not None and event.type in ("floor_paused", "floor_resumed"):
            was = before.floor.holder
            assert was is not None and remaining_ms(was, after.at) == left, "a pause takes and gives nothing"


def spoken_before(was: Speaker | None, holder: Speaker, at: int) -> int:
    return was.spoken_ms if was is not None and was.request == holder.request else 0


@machine
@examples(st.data())
def test_the_queue_and_the_figures_agree_and_points_of_order_stand_first(data: st.DataObject) -> None:
    for state, _ in told(data):
        floor = state.floor
        kinds = [speaker.kind == POINT for speaker in floor.queue]
        assert kinds == sorted(kinds, reverse=True)
        ordered = fair_order(floor, state.rules.floor)
        assert sorted(one.request for one in ordered) == sorted(one.request for one in floor.queue)
        waiting = Counter(speaker.hall for speaker in floor.queue)
        assert {hall: used.waiting for hall, used in floor.equity.halls.items() if used.waiting} == waiting
        for figures in (floor.equity.halls, floor.equity.constituencies):
            assert all(min(used.times, used.spoken_ms, used.waiting) >= 0 for used in figures.values())
        assert len(floor.panel) <= 4 and len(set(floor.panel)) == len(floor.panel)
        owners = Counter((one.hall, one.seat, one.kind == POINT) for one in speakers(floor))
        assert all(count == 1 for count in owners.values()), "one request and one point of order each"


@machine
@examples(st.data())
def test_time_by_hall_and_by_constituency_is_the_same_time_and_is_all_that_was_spoken(data: st.DataObject) -> None:
    history = told(data)
    total = 0
    for (before, _), (after, _event) in pairwise(history):
        ended = before.floor.holder is not None and (
            after.floor.holder is None or after.floor.holder.request != before.floor.holder.request
        )
        total += spoken_ms(before.floor.holder, after.at) if ended and before.floor.holder is not None else 0
    equity = history[-1][0].floor.equity
    assert sum(used.spoken_ms for used in equity.halls.values()) == total
    assert sum(used.spoken_ms for used in equity.constituencies.values()) == total


@machine
@examples(st.data())
def test_each_hall_has_at_most_one_outage_running_and_the_log_adds_up(data: st.DataObject) -> None:
    for state, _ in told(data):
        running = Counter(one.hall for one in state.site.outages.values() if one.until is None)
        for hall, place in state.site.places.items():
            mine = [one for one in state.site.outages.values() if one.hall == hall]
            assert running[hall] == (place.lost_at is not None)
            assert place.outages == len(mine)
            assert place.lost_ms == sum(one.until - one.since for one in mine if one.until is not None)
            assert place.came_at is not None or not mine, "a hall that never came was lost"
        calls = [one.id for one in state.site.rollcalls.values() if one.ended_at is None]
        assert calls == ([] if state.site.rollcall is None else [state.site.rollcall])


@machine
@examples(st.data())
def test_closing_from_anywhere_leaves_an_empty_floor(data: st.DataObject) -> None:
    state = told(data)[-1][0]
    if state.session.phase != "open":
        return
    assert any(isinstance(event, SessionClosed) for event in when(state, "session.close", {}, MODERATOR))
    closed = commands.dispatch.evolve(state, SessionClosed(), state.at)
    assert requests(closed) == set() and closed.floor.panel == ()
    assert all(used.waiting == 0 for used in closed.floor.equity.halls.values())
