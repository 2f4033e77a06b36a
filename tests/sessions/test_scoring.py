"""A scoring: opened with criteria and scorers, closed, put in order or void, and what comes out of any history."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import reduce
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions.dispatch import apply, deadlines, recorded, result_of
from sessions.hall import SeatAdded
from sessions.ids import PassId, ProposalId, SeatId
from sessions.model.funnel import FunnelRules
from sessions.model.rules import Rules
from sessions.model.scoring import Mark, Outcome, Round, ScoringRules, Settlement, Sheet
from sessions.permissions import Actor, Role
from sessions.presets.criteria import PRESETS
from sessions.proposal import ProposalAdded, ProposalWithdrawn
from sessions.rules import RulesSet
from sessions.scoring import ScoreGiven, ScoringClosed, ScoringOpened, ScoringOrdered, ScoringVoided
from sessions.session import SessionClosed
from sessions.state import State, initial
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DELEGATE_11,
    DELEGATE_GUEST,
    DRAFT,
    DRAIN,
    JATIASIH,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    RW11,
    SESSION,
    STEP,
    SYSTEM,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

A, B, C, D = (ProposalId(name) for name in "abcd")
RW08 = SeatId("pejuang-08")
DELEGATE_08 = Actor(SESSION, Role.DELEGATE, PassId("p-08"), seat=RW08, hall=PEJUANG)
AGENCY = Actor(SESSION, Role.AGENCY, PassId("p-sda"))
CARDS = (
    SeatAdded(RW08, PEJUANG, "Ketua RW 08", voice=True, vote=True, rw="08"),
    ProposalAdded(A, PEJUANG, DRAIN, STEP),
    ProposalAdded(B, JATIASIH, replace(DRAIN, rw="11"), 2 * STEP),
    ProposalAdded(C, JATIASIH, replace(DRAIN, rw="11"), 3 * STEP),
    ProposalAdded(D, JATIASIH, replace(DRAIN, rw="11"), 4 * STEP),
)
READY = (*OPENED, *CARDS)
YALIMO = PRESETS["yalimo"].criteria
OPEN = ScoringOpened("s1", "", YALIMO, (A, B, C, D), (RW07, RW08, RW11), ScoringRules())
RUNNING = (*READY, OPEN)
OPEN_DATA = {"criteria": "yalimo", "proposals": ["a", "b", "c", "d"], "scorers": [RW07, RW08, RW11]}
THREES = {"condition": 3, "need": 3, "impact": 3}


def sheet(*values: int) -> Sheet:
    return Sheet(tuple(Mark(one.key, value) for one, value in zip(YALIMO.criteria, values, strict=True)))


def gave(scorer: str, proposal: ProposalId, *values: int) -> ScoreGiven:
    return ScoreGiven("s1", scorer, proposal, sheet(*values))


def open_round(state: State) -> Round:
    return state.scoring.rounds["s1"]


# -- opening


def test_a_scoring_opens_with_a_preset_and_named_scorers() -> None:
    events = when(given(*READY), "scoring.open", OPEN_DATA, fresh="s1")
    assert events == [OPEN] and result_of(events) == {"scoring": "s1"}
    scoring = open_round(more(given(*READY), events))
    assert (scoring.state, scoring.opened_at, scoring.closes_at) == ("open", NOW, None)


def test_the_rules_choose_the_criteria_when_nobody_else_does() -> None:
    data = {"proposals": ["a"], "scorers": [RW11]}
    assert when(given(*READY), "scoring.open", data)[0].criteria == PRESETS["default"].criteria
    state = given(*READY, RulesSet(Rules(scoring=ScoringRules(criteria="asahan"))))
    assert when(state, "scoring.open", data)[0].criteria == PRESETS["asahan"].criteria


def test_an_organiser_may_write_his_own_criteria() -> None:
    criteria = {"name": "Kami", "criteria": [{"key": "k", "name": "Kebutuhan", "least": 0, "most": 10, "step": 5}]}
    (event,) = when(given(*READY), "scoring.open", {**OPEN_DATA, "criteria": criteria})
    (one,) = event.criteria.criteria
    assert (one.key, one.least, one.most, one.step, one.weight, event.criteria.preset) == ("k", 0, 10, 5, 1, "")
    written = recorded(event, 1, 0, "x")
    assert apply(replace(given(*READY), seq=0), written).scoring.rounds[event.scoring].criteria == event.criteria


def test_all_of_one_status_can_be_scored() -> None:
    state = more(given(*READY), when(given(*READY), "proposal.move", move("b")))
    data = {"criteria": "yalimo", "status": "SUBMITTED", "scorers": [RW11]}
    assert when(state, "scoring.open", data)[0].proposals == (A, C, D)
    assert when(state, "scoring.open", {**data, "status": "DISCUSSED"})[0].proposals == (B,)
    assert code(state, "scoring.open", {**data, "status": "RESERVE"}) == "nothing_to_score"


def move(proposal: str) -> dict[str, Any]:
    return {"proposal": proposal, "base": 1, "status": "DISCUSSED", "before": None}


def test_too_many_of_one_status_are_refused() -> None:
    rows = [{"title": "Jalan", "hall": "pejuang"} for _ in range(501)]
    state = more(given(*OPENED), when(given(*OPENED), "proposals.import", {"proposals": rows}, ADMIN))
    data = {"status": "SUBMITTED", "scorers": [RW07]}
    assert refused(state, "scoring.open", data) == ("too_many_proposals", {"found": 501, "most": 500})


def test_what_cannot_be_opened() -> None:
    state = given(*READY)
    assert refused(state, "scoring.open", {**OPEN_DATA, "proposals": ["q"]}) == ("unknown_proposal", {"proposal": "q"})
    withdrawn = more(state, [ProposalWithdrawn(A, 2, "ganda")])
    assert code(withdrawn, "scoring.open", OPEN_DATA) == "unknown_proposal"
    assert refused(state, "scoring.open", {**OPEN_DATA, "scorers": ["q"]}) == ("unknown_seat", {"seat": "q"})
    assert refused(state, "scoring.open", {**OPEN_DATA, "criteria": "q"}) == ("unknown_criteria", {"criteria": "q"})
    assert refused(given(*RUNNING), "scoring.open", OPEN_DATA) == ("scoring_is_open", {"scoring": "s1"})
    assert code(given(*DRAFT, *CARDS), "scoring.open", OPEN_DATA) == "wrong_phase"
    assert code(state, "scoring.open", OPEN_DATA, DELEGATE_07) == "forbidden"
    alone = more(state, [RulesSet(Rules(scoring=ScoringRules(agencies=False)))])
    assert code(alone, "scoring.open", {**OPEN_DATA, "scorers": []}) == "no_scorers"
    assert when(state, "scoring.open", {**OPEN_DATA, "scorers": []})[0].scorers == (), "agencies score"


def test_bad_shapes() -> None:
    assert bad_field("scoring.open", {"scorers": ["a"]}) == "proposals"
    assert bad_field("scoring.open", {**OPEN_DATA, "status": "SUBMITTED"}) == "proposals"
    assert bad_field("scoring.open", {"scorers": ["a"], "status": "MERGED"}) == "status"
    assert bad_field("scoring.open", {**OPEN_DATA, "scorers": ["a", "a"]}) == "scorers"
    assert bad_field("scoring.open", {**OPEN_DATA, "seconds": 9}) == "seconds"
    one = {"key": "k", "name": "K"}
    assert bad_field("scoring.open", {**OPEN_DATA, "criteria": {"criteria": [one, one]}}) == "criteria.criteria"
    wide = {**one, "most": 1}
    assert bad_field("scoring.open", {**OPEN_DATA, "criteria": {"criteria": [wide]}}) == "criteria.criteria.0.most"
    assert bad_field("score.give", {"proposal": "a", "scores": []}) == "scores"
    assert bad_field("score.give", {"proposal": "a", "scores": {"need": 1.5}}) == "scores.need"
    assert bad_field("score.give", {"proposal": "a", "scores": {"need it": 1}}) == "scores"
    assert bad_field("scoring.order", {"scoring": "s1", "proposals": ["a", "a"]}) == "proposals"


# -- closing

GIVEN = (
    gave("seat:pejuang-07", B, 4, 4, 4), gave("pass:p-sda", B, 2, 2, 3),
    gave("seat:pejuang-07", C, 3, 3, 3), gave("seat:jatiasih-11", A, 3, 3, 3),
)  # fmt: skip
CLOSED = (*RUNNING, *GIVEN)


def closed(state: State) -> State:
    return more(state, when(state, "scoring.close", {"scoring": "s1"}))


def test_closing_gives_means_spread_ranks_and_ties() -> None:
    (event,) = when(given(*CLOSED), "scoring.close", {"scoring": "s1"})
    assert isinstance(event, ScoringClosed) and event.decimals == 2
    told = [(o.proposal, o.score, o.rank, o.scorers, o.least, o.most, o.deviation, o.tied) for o in event.outcomes]
    assert told == [
        ("b", 317, 1, 2, 233, 400, 83, False),
        ("a", 300, 2, 1, 300, 300, 0, True),
        ("c", 300, 2, 1, 300, 300, 0, True),
        ("d", None, None, 0, None, None, None, False),
    ]
    state = more(given(*CLOSED), [event])
    assert state.scoring.open is None and open_round(state).state == "closed"
    assert code(state, "score.give", {"proposal": "a", "scores": THREES}, DELEGATE_11) == "scoring_closed"


def test_a_proposal_that_left_the_board_has_no_outcome() -> None:
    state = closed(given(*CLOSED, ProposalWithdrawn(B, 2, "ganda")))
    assert [outcome.proposal for outcome in open_round(state).outcomes] == ["a", "c", "d"]


def test_without_the_forum_a_tie_goes_by_the_place_on_the_board() -> None:
    rules = RulesSet(Rules(funnel=FunnelRules(ties_to_forum=False)))
    moved_up = when(given(*CLOSED), "proposal.move", {**move("c"), "status": "SUBMITTED", "before": "a"})
    for events, order in (((), ["b", "a", "c", "d"]), (moved_up, ["b", "c", "a", "d"])):
        outcomes = open_round(closed(more(given(*CLOSED, rules), events))).outcomes
        assert [outcome.proposal for outcome in outcomes] == order
        assert [outcome.rank for outcome in outcomes] == [1, 2, 3, None] and not any(o.tied for o in outcomes)


def test_the_timer_closes_when_the_time_has_come_and_not_before() -> None:
    (event,) = when(given(*READY), "scoring.open", {**OPEN_DATA, "seconds": 60}, fresh="s1")
    state = more(given(*READY), [event])
    (deadline,) = deadlines(state)
    assert (deadline.at_ms, deadline.key, deadline.name) == (NOW + 60_000, "scoring-s1", "scoring.close")
    early = refused(state, deadline.name, deadline.data, SYSTEM, now=NOW + 59_999)
    assert early == ("too_early", {"closes_at": NOW + 60_000})
    events = when(state, deadline.name, deadline.data, SYSTEM, now=NOW + 60_000)
    assert isinstance(events[0], ScoringClosed) and deadlines(more(state, events)) == []
    assert when(state, "scoring.close", {"scoring": "s1"}, now=NOW + 1), "the moderator need not wait"
    assert code(given(*RUNNING), "scoring.close", {"scoring": "s1"}, SYSTEM) == "too_early", "it has no time"


def test_what_cannot_be_closed() -> None:
    state = closed(given(*CLOSED))
    assert refused(state, "scoring.close", {"scoring": "s1"}) == ("scoring_closed", {"scoring": "s1"})
    assert refused(state, "scoring.close", {"scoring": "s9"}) == ("unknown_scoring", {"scoring": "s9"})
    assert code(given(*CLOSED), "scoring.close", {"scoring": "s1"}, DELEGATE_07) == "forbidden"
    ended = more(given(*CLOSED), [SessionClosed()])
    assert when(ended, "scoring.close", {"scoring": "s1"}), "a scoring left open can still be counted"


def test_a_scoring_is_void_for_a_reason_and_then_counts_no_more() -> None:
    void = {"scoring": "s1", "reason": "kriteria keliru"}
    for state in (given(*CLOSED), closed(given(*CLOSED))):
        assert when(state, "scoring.void", void) == [ScoringVoided("s1", "kriteria keliru")]
        after = more(state, when(state, "scoring.void", void))
        assert open_round(after).state == "void" and after.scoring.open is None
        for name in ("scoring.close", "scoring.void"):
            assert code(after, name, void if name == "scoring.void" else {"scoring": "s1"}) == "scoring_void"
        assert code(after, "scoring.order", {"scoring": "s1", "proposals": ["a", "c"], "reason": "x"}) == "scoring_void"
        assert when(after, "scoring.open", OPEN_DATA), "it may be held again"
    assert code(given(*CLOSED), "scoring.void", {"scoring": "s1"}) == "reason_required"
    assert code(given(*CLOSED), "scoring.void", {**void, "scoring": "s9"}) == "unknown_scoring"
    assert code(given(*CLOSED), "scoring.void", void, SYSTEM) == "forbidden"


def test_the_forum_settles_a_tie_with_a_reason_and_may_think_again() -> None:
    state = closed(given(*CLOSED))
    order = {"scoring": "s1", "proposals": ["c", "a"], "reason": "musyawarah"}
    events = when(state, "scoring.order", order)
    assert events == [ScoringOrdered("s1", (C, A), "musyawarah")]
    state = more(state, events)
    assert [(o.proposal, o.rank, o.tied) for o in open_round(state).outcomes][:3] == [
        ("b", 1, False), ("c", 2, False), ("a", 3, False),
    ]  # fmt: skip
    again = more(state, when(state, "scoring.order", {**order, "proposals": ["a", "c"], "reason": "hitung ulang"}))
    assert [outcome.proposal for outcome in open_round(again).outcomes] == ["b", "a", "c", "d"]
    assert open_round(again).settlements == (Settlement((A, C), "hitung ulang"),)


def test_what_cannot_be_put_in_order() -> None:
    state = closed(given(*CLOSED))
    order = {"scoring": "s1", "proposals": ["a", "c"], "reason": "musyawarah"}
    assert refused(state, "scoring.order", {**order, "proposals": ["a", "b"]}) == (
        "not_tied",
        {"proposals": ["a", "c"]},
    )
    assert code(state, "scoring.order", {**order, "reason": ""}) == "reason_required"
    assert code(given(*CLOSED), "scoring.order", order) == "scoring_is_open"
    assert code(state, "scoring.order", {**order, "scoring": "s9"}) == "unknown_scoring"
    assert code(state, "scoring.order", order, DELEGATE_07) == "forbidden"


# -- any history

MARKS = st.fixed_dictionaries({key: st.integers(0, 5) for key in THREES})
GIVES = st.tuples(
    st.sampled_from([DELEGATE_07, DELEGATE_08, DELEGATE_11, DELEGATE_GUEST, AGENCY]), st.sampled_from("abcdq"), MARKS
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@examples(st.lists(GIVES, max_size=25))
def test_only_the_last_valid_sheets_of_those_entitled_count(gives: list[tuple[Actor, str, dict[str, int]]]) -> None:
    state, model = given(*RUNNING), dict[tuple[str, str], list[int]]()
    for actor, proposal, scores in gives:
        own = {DELEGATE_07: "a", DELEGATE_08: "a", DELEGATE_11: "bcd"}.get(actor, "")
        valid = actor != DELEGATE_GUEST and proposal not in own + "q" and all(1 <= n <= 4 for n in scores.values())
        data = {"proposal": proposal, "scores": scores}
        if valid:
            state = more(state, when(state, "score.give", data, actor))
            model[actor.id, proposal] = list(scores.values())
        else:
            assert code(state, "score.give", data, actor) in (
                "not_a_scorer", "own_area", "unknown_proposal", "out_of_scale",
            )  # fmt: skip
    (event,) = when(state, "scoring.close", {"scoring": "s1"})
    found: dict[str, Outcome] = {outcome.proposal: outcome for outcome in event.outcomes}
    for proposal in "abcd":
        totals = [sum(values) / 3 for (_, other), values in model.items() if other == proposal]
        one = found[proposal]
        assert one.scorers == len(totals)
        assert (one.score is None) == (not totals)
        if totals and one.score is not None:
            assert abs(one.score / 100 - sum(totals) / len(totals)) <= 0.005 + 1e-9


def test_the_events_of_a_scoring_replay_from_the_journal() -> None:
    events = [*CLOSED, *when(given(*CLOSED), "scoring.close", {"scoring": "s1"}), ScoringOrdered("s1", (C, A), "x")]
    journal = [recorded(event, seq, NOW, "x") for seq, event in enumerate(events, 1)]
    told = [replace(one, data=json.loads(json.dumps(one.data))) for one in journal]
    assert reduce(apply, told, initial(SESSION)) == given(*events)
