"""The quorum: declared upon who is here, waited for, put off, and in the end done without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from sessions import dispatch
from sessions.attendance import SeatCheckedIn, SeatLeft, WitnessNamed, present
from sessions.errors import Refused
from sessions.model.attendance import AttendanceRules, Figures, Quorum
from sessions.model.rules import Rules
from sessions.model.settings import Share
from sessions.noun import Deadline, Moment
from sessions.quorum import (
    QuorumAwaited,
    QuorumDeclared,
    QuorumDoneWithout,
    QuorumPostponed,
    QuorumWaitPassed,
    deadlines,
    quorum_holds,
    today,
)
from sessions.session import SessionClosed, SessionOpened
from sessions.state import State
from sessions.view import snapshot
from tests.sessions.given import (
    ADMIN,
    CREATED,
    DRAFT,
    GUEST,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    NOW,
    OPENED,
    RW07,
    RW11,
    SYSTEM,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

DECLARE, WAIT, PASSED = "quorum.declare", "quorum.wait", "quorum.wait_passed"
POSTPONE, PROCEED = "quorum.postpone", "quorum.proceed"
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
HERE = SeatCheckedIn(RW07, "qr")
TOO_FEW = Figures(1, 3, 2)
SHORT = (*OPENED, HERE, QuorumDeclared(TOO_FEW, reached=False, sitting=1))
WAITED = (*SHORT, QuorumAwaited(NOW + HOUR), QuorumWaitPassed())
TOMORROW = "2018-01-24"  # NOW is 14:00 WIB on the 23rd


def ruled(state: State, **rules: Any) -> State:
    return replace(state, rules=Rules(attendance=AttendanceRules(**rules)))


def quorum(state: State) -> Quorum:
    return state.attendance.quorum


def second_sitting() -> State:
    state = given(*WAITED, QuorumPostponed(TOMORROW))
    return more(state, [HERE, QuorumDeclared(TOO_FEW, reached=False, sitting=2)], at=NOW + DAY)


def test_two_thirds_of_the_invited_are_a_quorum() -> None:
    state = given(*OPENED, HERE)
    assert when(state, DECLARE) == [QuorumDeclared(TOO_FEW, reached=False, sitting=1)]
    enough = more(state, [SeatCheckedIn(GUEST, "name")])
    (event,) = when(enough, DECLARE)
    assert event == QuorumDeclared(Figures(2, 3, 2), reached=True, sitting=1)
    declared = more(enough, [event], at=NOW + 7)
    assert quorum(declared) == Quorum("reached", figures=Figures(2, 3, 2), declared_at=NOW + 7)
    assert dispatch.result_of([event]) == {"reached": True, "present": 2, "base": 3, "needed": 2}


def test_whoever_left_does_not_count() -> None:
    state = given(*OPENED, HERE, SeatCheckedIn(RW11, "qr"), SeatLeft(RW11))
    assert when(state, DECLARE) == [QuorumDeclared(TOO_FEW, reached=False, sitting=1)]


def test_what_the_share_is_of_is_a_rule() -> None:
    state = given(*OPENED, HERE, SeatCheckedIn(GUEST, "qr"))
    (event,) = when(ruled(state, quorum_base="voters", quorum_share=Share(1, 2)), DECLARE)
    assert (event.figures, event.reached) == (Figures(1, 2, 1), True), "a guest has no vote"
    (event,) = when(ruled(state, quorum_base="present"), DECLARE)
    assert (event.figures, event.reached) == (Figures(2, 2, 1), True)
    (event,) = when(ruled(given(*OPENED), quorum_base="present"), DECLARE)
    assert not event.reached, "nobody is no quorum"
    (event,) = when(ruled(given(*OPENED), quorum_share=Share(0, 1)), DECLARE)
    assert (event.figures.needed, event.reached) == (1, False)


def test_a_quorum_of_nobody_cannot_be_declared() -> None:
    assert code(given(CREATED, SessionOpened()), DECLARE) == "nobody_invited"
    nobody_votes = ruled(given(*OPENED), quorum_base="voters")
    nobody_votes = replace(
        nobody_votes, seats={seat: replace(found, vote=False) for seat, found in nobody_votes.seats.items()}
    )
    assert code(nobody_votes, DECLARE) == "nobody_invited"


def test_before_it_was_declared_and_while_it_is_short_it_does_not_hold() -> None:
    assert not quorum_holds(given(*OPENED)) and not quorum_holds(given(*SHORT)) and not quorum_holds(given(*WAITED))
    assert quorum_holds(given(*OPENED, QuorumDeclared(Figures(2, 3, 2), reached=True, sitting=1)))
    assert quorum_holds(more(second_sitting(), [QuorumDoneWithout("hujan", TOO_FEW)]))
    assert not quorum_holds(given(*WAITED, QuorumPostponed(TOMORROW)))


def test_a_quorum_can_be_lost_again() -> None:
    state = given(*OPENED, QuorumDeclared(Figures(2, 3, 2), reached=True, sitting=1), HERE)
    lost = more(state, when(state, DECLARE))
    assert quorum(lost).state == "short" and not quorum_holds(lost)


def test_a_sitting_that_is_short_waits_up_to_three_hours() -> None:
    state = given(*SHORT)
    assert when(state, WAIT, {"minutes": 180}) == [QuorumAwaited(NOW + 3 * HOUR)]
    assert refused(state, WAIT, {"minutes": 181}) == ("quorum_wait_too_long", {"minutes": 180})
    assert refused(ruled(state, quorum_wait_minutes=15), WAIT, {"minutes": 16}) == (
        "quorum_wait_too_long",
        {"minutes": 15},
    )


def test_several_delays_are_together_no_longer_than_one() -> None:
    state = given(*SHORT, QuorumAwaited(NOW + HOUR))
    later = NOW + 30 * MINUTE
    assert when(state, WAIT, {"minutes": 150}, now=later) == [QuorumAwaited(NOW + 3 * HOUR)]
    assert refused(state, WAIT, {"minutes": 151}, now=later) == ("quorum_wait_too_long", {"minutes": 150})
    assert when(state, WAIT, {"minutes": 30}, now=later) == [], "it is what was announced"
    over = more(state, [QuorumWaitPassed()], at=NOW + HOUR)
    assert when(over, WAIT, {"minutes": 120}, now=NOW + HOUR) == [QuorumAwaited(NOW + 3 * HOUR)]
    assert refused(over, WAIT, {"minutes": 1}, now=NOW + 4 * HOUR) == ("quorum_wait_too_long", {"minutes": 0})


def test_who_comes_while_it_waits_can_make_it_a_quorum() -> None:
    state = given(*SHORT, QuorumAwaited(NOW + HOUR), SeatCheckedIn(RW11, "name"))
    reached = more(state, when(state, DECLARE))
    assert quorum(reached).state == "reached" and deadlines(reached) == []
    still = more(given(*SHORT, QuorumAwaited(NOW + HOUR)), when(given(*SHORT), DECLARE), at=NOW + 5)
    assert (quorum(still).state, quorum(still).until, quorum(still).declared_at) == ("waiting", NOW + HOUR, NOW + 5)
    waited = more(given(*WAITED), when(given(*WAITED), DECLARE))
    assert quorum(waited).state == "waited"


def test_a_timer_ends_the_delay_once() -> None:
    state = given(*SHORT, QuorumAwaited(NOW + HOUR))
    (deadline,) = deadlines(state)
    assert deadline == Deadline(NOW + HOUR, f"quorum-wait-1-{NOW + HOUR}", PASSED, {"until": NOW + HOUR})
    assert code(state, deadline.name, deadline.data, SYSTEM, now=NOW + HOUR - 1) == "too_early"
    assert when(state, deadline.name, deadline.data, SYSTEM, now=NOW + HOUR) == [QuorumWaitPassed()]
    assert when(given(*WAITED), deadline.name, deadline.data, SYSTEM, now=NOW + HOUR) == []
    longer = more(state, [QuorumAwaited(NOW + 2 * HOUR)])
    assert when(longer, deadline.name, deadline.data, SYSTEM, now=NOW + 3 * HOUR) == []
    assert [found.at_ms for found in deadlines(longer)] == [NOW + 2 * HOUR]
    assert deadlines(more(state, [SessionClosed()])) == []


def test_the_next_date_is_one_to_three_days_off() -> None:
    state = given(*WAITED)
    assert today(state, NOW) == date(2018, 1, 23)
    for off in (1, 2, 3):
        day = (date(2018, 1, 23) + timedelta(off)).isoformat()
        assert when(state, POSTPONE, {"date": day}) == [QuorumPostponed(day)]
    for wrong in ("2018-01-22", "2018-01-23", "2018-01-27", "2019-01-24"):
        assert refused(state, POSTPONE, {"date": wrong}) == (
            "quorum_date_out_of_range",
            {"first": "2018-01-24", "last": "2018-01-26"},
        )
    assert bad_field(POSTPONE, {"date": "2018-02-31"}) == "date"
    assert when(ruled(state, quorum_postpone_days=7), POSTPONE, {"date": "2018-01-30"})


def test_a_day_begins_where_the_session_is_held() -> None:
    late = NOW + 9 * HOUR  # 23:00 WIB, 00:00 WITA, 01:00 WIT
    state = given(*WAITED)
    dates = [
        today(replace(state, session=replace(state.session, tz=tz)), late).isoformat() for tz in ("WIB", "WITA", "WIT")
    ]
    assert dates == ["2018-01-23", "2018-01-24", "2018-01-24"]


def test_it_is_not_put_off_before_it_has_waited() -> None:
    assert refused(given(*SHORT), POSTPONE, {"date": TOMORROW}) == ("quorum_wait_first", {"until": None})
    waiting = given(*SHORT, QuorumAwaited(NOW + HOUR))
    assert refused(waiting, POSTPONE, {"date": TOMORROW}) == ("quorum_wait_first", {"until": NOW + HOUR})
    assert when(waiting, POSTPONE, {"date": TOMORROW}, now=NOW + HOUR), "the timer is about to say so"
    assert when(ruled(given(*SHORT), quorum_wait_minutes=0), POSTPONE, {"date": TOMORROW})


def test_whoever_came_to_a_sitting_that_was_put_off_has_left() -> None:
    state = given(*WAITED, WitnessNamed(JATIASIH, RW11))
    later = more(state, [QuorumPostponed(TOMORROW)], at=NOW + HOUR)
    assert present(later) == frozenset() and later.attendance.total.present == 0
    assert later.attendance.arrivals[RW07].left_at == NOW + HOUR
    crowd = later.attendance.halls[JATIASIH]
    assert (crowd.invited, crowd.present, crowd.guests, crowd.witnesses) == (2, 0, 0, ())
    assert quorum(later) == Quorum("postponed", figures=TOO_FEW, declared_at=NOW, date=TOMORROW)


def test_the_second_sitting_begins_on_its_date_with_a_declaration() -> None:
    state = given(*WAITED, QuorumPostponed(TOMORROW))
    assert refused(state, DECLARE, now=NOW + HOUR) == ("quorum_postponed", {"date": TOMORROW})
    for name, data in ((WAIT, {"minutes": 1}), (POSTPONE, {"date": TOMORROW}), (PROCEED, {"reason": "x"})):
        assert refused(state, name, data) == ("quorum_postponed", {"date": TOMORROW})
    assert when(state, DECLARE, now=NOW + DAY) == [QuorumDeclared(Figures(0, 3, 2), reached=False, sitting=2)]
    second = second_sitting()
    assert quorum(second) == Quorum("short", 2, TOO_FEW, NOW + DAY, date=TOMORROW)


def test_the_second_sitting_goes_on_with_whoever_is_there() -> None:
    state = second_sitting()
    assert when(state, PROCEED, {"reason": "Sidang kedua"}) == [QuorumDoneWithout("Sidang kedua", TOO_FEW)]
    assert refused(state, POSTPONE, {"date": "2018-01-25"}) == ("quorum_postponed_enough", {"times": 1})
    assert when(state, WAIT, {"minutes": 180}, now=NOW + DAY), "it may wait, too"
    on = more(state, [QuorumDoneWithout("Sidang kedua", TOO_FEW)])
    assert (quorum(on).state, quorum(on).reason) == ("proceeding", "Sidang kedua")
    again = more(on, when(on, DECLARE, now=NOW + DAY))
    assert quorum(again).state == "proceeding", "a newer count takes nothing back"
    reached = more(on, [SeatCheckedIn(RW11, "qr")])
    assert quorum(more(reached, when(reached, DECLARE))).state == "reached"


def test_the_first_sitting_goes_on_only_where_the_rules_let_it() -> None:
    state = given(*WAITED)
    assert code(state, PROCEED, {"reason": "x"}) == "quorum_postpone_first"
    free = ruled(state, quorum_proceed_at_first=True)
    assert when(free, PROCEED, {"reason": "Disepakati"}) == [QuorumDoneWithout("Disepakati", TOO_FEW)]
    assert code(ruled(given(*SHORT), quorum_proceed_at_first=True), PROCEED, {"reason": "x"}) == "quorum_wait_first"
    never_put_off = {"quorum_postponements": 0}
    assert when(ruled(state, **never_put_off), PROCEED, {"reason": "x"})
    assert code(ruled(given(*SHORT), **never_put_off), PROCEED, {"reason": "x"}) == "quorum_wait_first"
    assert code(ruled(state, **never_put_off), POSTPONE, {"date": TOMORROW}) == "quorum_postponed_enough"


def test_only_what_is_short_waits_is_put_off_or_done_without() -> None:
    fresh = given(*OPENED)
    reached = given(*OPENED, QuorumDeclared(Figures(2, 3, 2), reached=True, sitting=1))
    without = more(second_sitting(), [QuorumDoneWithout("x", TOO_FEW)])
    for state, why in (
        (fresh, "quorum_not_declared"),
        (reached, "quorum_reached"),
        (without, "quorum_done_without"),
    ):
        for name, data in ((WAIT, {"minutes": 1}), (POSTPONE, {"date": TOMORROW}), (PROCEED, {"reason": "x"})):
            assert code(state, name, data) == why


def test_who_may_and_when() -> None:
    commands: tuple[tuple[str, dict[str, Any]], ...] = (
        (DECLARE, {}),
        (WAIT, {"minutes": 1}),
        (POSTPONE, {"date": TOMORROW}),
        (PROCEED, {"reason": "x"}),
    )
    for name, data in commands:
        assert code(given(*SHORT), name, data, HALL_PEJUANG) == "forbidden"
        assert code(given(*SHORT), name, data, ADMIN) == "forbidden"
        assert code(given(*DRAFT), name, data) == "wrong_phase"
        assert code(given(*SHORT, SessionClosed()), name, data) == "wrong_phase"
    assert code(given(*SHORT), PASSED, {"until": 1}, MODERATOR) == "forbidden"


def test_bad_shapes() -> None:
    assert bad_field(DECLARE, {"present": 99}) == "present"
    assert bad_field(WAIT, {"minutes": 0}) == "minutes"
    assert bad_field(POSTPONE, {"date": "24-01-2018"}) == "date"
    assert bad_field(PROCEED, {"reason": "  "}) == "reason"
    assert bad_field(PASSED, {}) == "until"


def test_everybody_sees_what_was_declared() -> None:
    for view in ("moderator", "participant", "public"):
        (fields,) = [change["fields"] for change in snapshot(given(*WAITED), view) if change["kind"] == "quorum"]
        assert fields == {
            "state": "waited",
            "sitting": 1,
            "figures": {"present": 1, "base": 3, "needed": 2},
            "declared_at": NOW,
            "until": NOW + HOUR,
            "date": "",
            "reason": "",
        }


STEPS = st.one_of(
    st.tuples(st.just(DECLARE), st.just({})),
    st.tuples(st.just(WAIT), st.fixed_dictionaries({"minutes": st.sampled_from([1, 60, 179, 180, 181])})),
    st.tuples(st.just(POSTPONE), st.integers(-1, 5)),
    st.tuples(st.just(PROCEED), st.just({"reason": "x"})),
    st.tuples(st.just("come"), st.sampled_from([RW07, RW11, GUEST])),
    st.tuples(st.just("go"), st.sampled_from([RW07, RW11, GUEST])),
    st.tuples(st.just("time"), st.sampled_from([MINUTE, HOUR, 3 * HOUR, DAY])),
)


def stepped(state: State, name: str, data: Any, now: int) -> list[Any]:
    """The events of one step; none when it is refused."""
    if name == POSTPONE:
        data = {"date": (today(state, now) + timedelta(data)).isoformat()}
    if name in ("come", "go"):
        name, data = ("attendance.check_in" if name == "come" else "attendance.leave"), {"seat": data}
    try:
        return dispatch.decide(state, dispatch.parse(name, data), Moment(MODERATOR, now, "f"))
    except Refused:
        return []


@settings(max_examples=200, deadline=None)
@examples(st.lists(STEPS, max_size=25), st.booleans())
def test_whatever_happens_the_rules_are_kept(steps: list[tuple[str, Any]], at_first: bool) -> None:
    state, now = ruled(given(*OPENED), quorum_proceed_at_first=at_first), NOW
    waited_ms: dict[int, list[int]] = {}
    postponed = 0
    for name, data in steps:
        if name == "time":
            now += data
            for deadline in dispatch.due(state, now):
                command = dispatch.parse(deadline.name, deadline.data)
                state = more(state, dispatch.decide(state, command, Moment(SYSTEM, now, "f")), at=now)
            assert dispatch.due(state, now) == []
            continue
        for event in stepped(state, name, data, now):
            before, state = quorum(state), more(state, [event], at=now)
            if isinstance(event, QuorumDeclared):
                assert event.reached == (len(present(state)) >= 2)
                if event.reached:
                    waited_ms.pop(before.sitting, None)  # lost again, it may wait again
                assert before.state != "postponed" or today(state, now).isoformat() >= before.date
            elif isinstance(event, QuorumAwaited):
                waited_ms.setdefault(before.sitting, [now]).append(event.until)
            elif isinstance(event, QuorumPostponed):
                postponed += 1
                assert timedelta(1) <= date.fromisoformat(event.date) - today(state, now) <= timedelta(3)
            elif isinstance(event, QuorumDoneWithout):
                assert before.sitting == 2 or at_first
        if quorum_holds(state) and quorum(state).state == "reached":
            found = quorum(state).figures
            assert found is not None and found.present >= found.needed
        assert (quorum(state).state == "waiting") == bool(deadlines(state))
    assert postponed <= 1 and quorum(state).sitting <= 1 + postponed
    assert all(max(times) - times[0] <= 3 * HOUR for times in waited_ms.values())
