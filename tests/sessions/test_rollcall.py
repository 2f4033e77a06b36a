"""The roll-call of halls."""

from __future__ import annotations

from sessions.dispatch import result_of
from sessions.rollcall import RollcallAnswered, RollcallEnded, RollcallStarted
from sessions.site import HallBack, HallCame, HallLost
from sessions.view import snapshot
from tests.sessions.given import (
    DELEGATE_07,
    DRAFT,
    HALL_JATIASIH,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

BOTH = (*OPENED, HallCame(PEJUANG), HallCame(JATIASIH))
STARTED = RollcallStarted("rc", "Apakah suara kami terdengar?")
RUNS = (*BOTH, STARTED)


def test_a_roll_call_asks_every_hall_and_names_those_that_are_not_there() -> None:
    started = when(given(*BOTH), "rollcall.start", {"question": STARTED.question}, fresh="rc")
    assert started == [STARTED] and result_of(started) == {"rollcall": "rc"}
    lost = more(given(*BOTH), [HallLost("o1", PEJUANG, "page")])
    assert when(lost, "rollcall.start")[0].absent == (PEJUANG,)
    assert when(more(lost, [HallBack("o1", PEJUANG)]), "rollcall.start")[0].absent == ()
    never = given(*OPENED, HallCame(JATIASIH))
    assert when(never, "rollcall.start")[0].absent == (PEJUANG,)
    assert when(given(*BOTH), "rollcall.start", {"absent": ["jatiasih"]})[0].absent == (JATIASIH,)


def test_one_runs_at_a_time_and_only_while_halls_gather() -> None:
    assert refused(given(*RUNS), "rollcall.start") == ("rollcall_runs", {"rollcall": "rc"})
    assert code(given(*DRAFT), "rollcall.start") == "wrong_phase"
    assert refused(given(*BOTH), "rollcall.start", {"absent": ["x"]}) == ("unknown_hall", {"hall": "x"})
    assert code(given(*BOTH), "rollcall.start", {}, HALL_PEJUANG) == "forbidden"
    ended = given(*RUNS, RollcallEnded("rc"))
    assert len(when(ended, "rollcall.start", fresh="rc2")) == 1


def test_a_hall_answers_for_itself_and_the_moderator_on_its_behalf() -> None:
    state = given(*RUNS)
    answer = {"hall": "pejuang", "heard": "partly", "note": "putus-putus"}
    own = when(state, "rollcall.answer", answer, HALL_PEJUANG)
    assert own == [RollcallAnswered("rc", PEJUANG, "partly", "putus-putus", "hall")]
    assert when(state, "rollcall.answer", answer, MODERATOR)[0].by == "moderator"
    assert code(state, "rollcall.answer", answer, HALL_JATIASIH) == "forbidden"
    assert code(state, "rollcall.answer", answer, DELEGATE_07) == "forbidden"
    assert refused(state, "rollcall.answer", {**answer, "hall": "x"}) == ("unknown_hall", {"hall": "x"})
    assert code(given(*BOTH), "rollcall.answer", answer, HALL_PEJUANG) == "no_rollcall"


def test_the_last_answer_counts_and_the_same_again_is_no_event() -> None:
    answered = RollcallAnswered("rc", PEJUANG, "no", "", "hall")
    state = given(*RUNS, answered)
    assert when(state, "rollcall.answer", {"hall": "pejuang", "heard": "no"}, HALL_PEJUANG) == []
    assert len(when(state, "rollcall.answer", {"hall": "pejuang", "heard": "no"}, MODERATOR)) == 1
    better = when(state, "rollcall.answer", {"hall": "pejuang", "heard": "yes"}, HALL_PEJUANG)
    assert more(state, better).site.rollcalls["rc"].answers[PEJUANG].heard == "yes"


def test_a_roll_call_ends_and_takes_no_more_answers() -> None:
    state = given(*RUNS)
    assert when(state, "rollcall.end") == [RollcallEnded("rc")]
    assert code(state, "rollcall.end", {}, HALL_PEJUANG) == "forbidden"
    ended = more(state, [RollcallEnded("rc")], at=NOW + 9)
    assert ended.site.rollcalls["rc"].ended_at == NOW + 9
    assert code(ended, "rollcall.end") == "no_rollcall"
    assert code(ended, "rollcall.answer", {"hall": "pejuang", "heard": "yes"}) == "no_rollcall"


def test_an_absent_hall_that_answers_was_there() -> None:
    state = given(*OPENED, RollcallStarted("rc", "", (PEJUANG, JATIASIH)))
    state = more(state, [RollcallAnswered("rc", PEJUANG, "yes", "", "moderator")])
    for view in ("moderator", "hall", "screen"):
        (shown,) = [change["fields"] for change in snapshot(state, view) if change["kind"] == "rollcall"]
        assert shown == {
            "question": "", "started_at": NOW, "ended_at": None, "absent": ["jatiasih"],
            "answers": [{"hall": "pejuang", "heard": "yes", "note": "", "by": "moderator", "at": NOW}],
        }  # fmt: skip
    for view in ("participant", "public"):
        assert "rollcall" not in {change["kind"] for change in snapshot(state, view)}


def test_bad_shapes() -> None:
    assert bad_field("rollcall.start", {"question": "x" * 201}) == "question"
    assert bad_field("rollcall.start", {"absent": ["a b"]}) == "absent.0"
    assert bad_field("rollcall.answer", {"hall": "pejuang", "heard": "maybe"}) == "heard"
    assert bad_field("rollcall.answer", {"hall": "pejuang", "heard": "yes", "note": "x" * 201}) == "note"
