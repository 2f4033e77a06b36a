"""A scoring: opened with criteria and scorers, sheets that may change, and the order that comes out."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions.dispatch import apply, deadlines, recorded, result_of
from sessions.hall import SeatAdded
from sessions.ids import PassId, ProposalId, SeatId
from sessions.kind import VIEWS
from sessions.model.content import Content
from sessions.model.funnel import FunnelRules
from sessions.model.rules import Rules
from sessions.model.scoring import Mark, Outcome, Round, ScoringRules, Settlement, Sheet
from sessions.permissions import Actor, Role
from sessions.presets.criteria import PRESETS
from sessions.proposal import ProposalAdded, ProposalEdited, ProposalWithdrawn
from sessions.rules import RulesSet
from sessions.scoring import ScoreGiven, ScoringClosed, ScoringOpened, ScoringOrdered, ScoringVoided
from sessions.session import SessionClosed
from sessions.state import State, initial
from sessions.view import changes, me, snapshot
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DELEGATE_11,
    DELEGATE_GUEST,
    DRAFT,
    DRAIN,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    RW11,
    SCREEN,
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


# -- giving


def test_a_scorer_gives_marks_and_may_change_them() -> None:
    state = given(*RUNNING)
    events = when(state, "score.give", {"proposal": "a", "scores": THREES, "note": "becek"}, DELEGATE_11)
    assert events == [ScoreGiven("s1", "seat:jatiasih-11", A, replace(sheet(3, 3, 3), note="becek"))]
    assert result_of(events) == {"proposal": "a", "scores": THREES}
    state = more(state, events)
    assert when(state, "score.give", {"proposal": "a", "scores": THREES, "note": "becek"}, DELEGATE_11) == []
    better = when(state, "score.give", {"proposal": "a", "scores": {**THREES, "need": 4}}, DELEGATE_11)
    (mine,) = more(state, better).scoring.sheets["s1"].by_scorer.values()
    assert mine == {A: sheet(3, 4, 3)}


@pytest.mark.parametrize("value", [0, 5, 1000])
def test_a_mark_outside_the_scale_is_refused_with_its_field(value: int) -> None:
    data = {"proposal": "a", "scores": {**THREES, "need": value}}
    assert refused(given(*RUNNING), "score.give", data, DELEGATE_11) == (
        "out_of_scale",
        {"field": "scores.need", "least": 1, "most": 4, "step": 1},
    )


def test_a_mark_between_two_steps_is_refused() -> None:
    bolmong = replace(OPEN, criteria=PRESETS["bolmong"].criteria)
    scores = {"kecamatan_rank": 3, "council": 2, "agency_plan": 1, "papers": 2}
    give = {"proposal": "a", "scores": scores}
    state = given(*READY, bolmong)
    assert when(state, "score.give", give, DELEGATE_11)
    got, data = refused(state, "score.give", {**give, "scores": {**scores, "kecamatan_rank": 2}}, DELEGATE_11)
    assert (got, data["field"], data["step"]) == ("out_of_scale", "scores.kecamatan_rank", 3)


def test_every_criterion_needs_a_mark_and_no_other_takes_one() -> None:
    state = given(*RUNNING)
    assert refused(state, "score.give", {"proposal": "a", "scores": {"need": 3}}, DELEGATE_11) == (
        "score_missing",
        {"missing": ["condition", "impact"]},
    )
    data = {"proposal": "a", "scores": {**THREES, "beauty": 3}}
    assert refused(state, "score.give", data, DELEGATE_11) == ("bad_input", {"field": "scores.beauty"})


def test_what_follows_from_the_proposal_is_not_given_by_hand() -> None:
    asahan = replace(OPEN, criteria=PRESETS["asahan"].criteria)
    counted = ProposalEdited(A, 2, Content("Jalan", households=25))
    state = given(*READY, counted, asahan)
    data = {"proposal": "a", "scores": {"benefit": 5, "urgency": 4}}
    assert refused(state, "score.give", data, DELEGATE_11) == ("bad_input", {"field": "scores.benefit"})
    (event,) = when(state, "score.give", {"proposal": "a", "scores": {"urgency": 4}}, DELEGATE_11)
    assert event.sheet.marks == (Mark("benefit", 2), Mark("urgency", 4))
    by_hand = given(*READY, asahan)
    assert refused(by_hand, "score.give", {"proposal": "a", "scores": {"urgency": 4}}, DELEGATE_11)[1] == {
        "missing": ["benefit"]
    }, "nobody entered the households"


def test_who_does_not_score() -> None:
    data = {"proposal": "b", "scores": THREES}
    state = given(*RUNNING)
    assert code(state, "score.give", data, DELEGATE_GUEST) == "not_a_scorer"
    for stranger in (MODERATOR, HALL_PEJUANG, SCREEN):
        assert code(state, "score.give", data, stranger) == "forbidden"
    assert code(given(*READY), "score.give", data, DELEGATE_07) == "scoring_closed"
    assert code(state, "score.give", {**data, "proposal": "q"}, DELEGATE_07) == "unknown_proposal"
    fewer = given(*READY, replace(OPEN, proposals=(A,)))
    assert code(fewer, "score.give", data, DELEGATE_07) == "unknown_proposal", "it is not being scored"
    gone = more(state, [ProposalWithdrawn(B, 2, "ganda")])
    assert code(gone, "score.give", data, DELEGATE_07) == "unknown_proposal"


def test_an_agency_scores_unless_the_rules_keep_it_out() -> None:
    data = {"proposal": "a", "scores": THREES}
    (event,) = when(given(*RUNNING), "score.give", data, AGENCY)
    assert event.scorer == "pass:p-sda"
    state = given(*READY, replace(OPEN, rules=ScoringRules(agencies=False)))
    assert code(state, "score.give", data, AGENCY) == "not_a_scorer"


# -- conflict


def test_nobody_scores_what_comes_from_his_own_hall() -> None:
    data = {"proposal": "a", "scores": THREES}
    assert refused(given(*RUNNING), "score.give", data, DELEGATE_07) == ("own_area", {"proposal": "a"})
    assert code(given(*RUNNING), "score.give", data, DELEGATE_08) == "own_area"
    assert when(given(*RUNNING), "score.give", {**data, "proposal": "b"}, DELEGATE_07)


@pytest.mark.parametrize(("rw", "barred"), [("08", True), ("8", True), ("RW 08", True), ("07", False), ("", False)])
def test_in_one_hall_nobody_scores_what_comes_from_his_own_rw(rw: str, barred: bool) -> None:
    here = ProposalEdited(A, 2, replace(DRAIN, rw=rw))
    state = given(*READY, here, replace(OPEN, rules=ScoringRules(own_area="rw")))
    data = {"proposal": "a", "scores": THREES}
    if barred:
        assert code(state, "score.give", data, DELEGATE_08) == "own_area"
    else:
        assert when(state, "score.give", data, DELEGATE_08)
    nowhere = ProposalEdited(A, 3, replace(DRAIN, rw=""))
    assert when(more(state, [nowhere]), "score.give", data, DELEGATE_07), "neither seat nor proposal is of an RW"
    other_hall = ProposalEdited(B, 2, replace(DRAIN, rw="08"))
    assert when(more(state, [other_hall]), "score.give", {**data, "proposal": "b"}, DELEGATE_08)


def test_the_conflict_rule_can_be_put_off_but_owners_stay_out() -> None:
    off = replace(OPEN, rules=ScoringRules(own_area="off"), proposals=(A, ProposalId("e"), ProposalId("f")))
    mine = ProposalAdded(ProposalId("e"), PEJUANG, DRAIN, 5 * STEP, RW07)
    into = ProposalAdded(ProposalId("f"), JATIASIH, DRAIN, 6 * STEP)
    state = given(*READY, mine, into, off)
    assert when(state, "score.give", {"proposal": "a", "scores": THREES}, DELEGATE_07)
    assert code(state, "score.give", {"proposal": "e", "scores": THREES}, DELEGATE_07) == "own_area"
    assert when(state, "score.give", {"proposal": "e", "scores": THREES}, DELEGATE_08)
    card = state.board.proposals[ProposalId("f")]
    both = replace(card, trace=replace(card.trace, merged=(ProposalId("e"),)))
    board = replace(state.board, proposals={**state.board.proposals, card.id: both})
    merged = replace(state, board=board)
    assert code(merged, "score.give", {"proposal": "f", "scores": THREES}, DELEGATE_07) == "own_area"
    freely = given(*READY, mine, replace(off, rules=ScoringRules(own_area="off", own_proposals=False)))
    assert when(freely, "score.give", {"proposal": "e", "scores": THREES}, DELEGATE_07)


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


# -- views


def shown(state: State, kind: str, view: str) -> Any:
    (fields,) = [change["fields"] for change in snapshot(state, view) if change["kind"] == kind]
    return fields


@pytest.mark.parametrize("view", VIEWS)
def test_while_it_is_open_nobody_sees_a_score(view: str) -> None:
    state = given(*RUNNING, gave("seat:pejuang-07", B, 4, 4, 4), gave("seat:pejuang-07", C, 1, 1, 1))
    fields = shown(state, "scoring", view)
    assert fields["results"] is None and fields["proposals"] == ["a", "b", "c", "d"] and fields["scorers"] == 3
    progress = shown(state, "scoring_progress", view)
    assert (progress["given"], progress["scorers"]) == (2, 1)
    if view == "moderator":
        assert progress["by_scorer"] == {"seat:pejuang-07": 2} and progress["by_proposal"] == {"b": 1, "c": 1}
    else:
        assert progress.keys() == {"given", "scorers"}
    other = given(*RUNNING, gave("seat:pejuang-07", B, 1, 2, 1), gave("seat:pejuang-07", C, 3, 4, 3))
    assert snapshot(other, view) == snapshot(state, view), "other scores, the same picture"


def test_once_closed_everybody_sees_weights_and_scores_but_not_whose() -> None:
    state = closed(given(*CLOSED))
    for view in VIEWS:
        fields = shown(state, "scoring", view)
        first = fields["results"][0]
        assert (first["proposal"], first["rank"], first["score"], first["scorers"]) == ("b", 1, 3.17, 2)
        assert (first["tied"], first["passed"]) == (False, None)
        assert fields["results"][3]["score"] is None and fields["criteria"]["criteria"][0]["weight"] == 1
        assert "pejuang-07" not in json.dumps(fields)


@pytest.mark.parametrize("view", VIEWS)
def test_the_spread_of_few_scorers_is_the_moderators_alone(view: str) -> None:
    """Two of them: each could work out from it what the other one gave."""
    spread = {"least": 2.33, "most": 4.0, "deviation": 0.83, "details": {"condition": 3.0, "need": 3.0, "impact": 3.5}}
    hidden = dict.fromkeys(spread)
    two = shown(closed(given(*CLOSED)), "scoring", view)["results"][0]
    assert {name: two[name] for name in spread} == (spread if view == "moderator" else hidden)
    three = closed(given(*CLOSED, gave("seat:bekasi-01", B, 3, 3, 3)))
    first = next(one for one in shown(three, "scoring", view)["results"] if one["proposal"] == "b")
    assert first["scorers"] == 3
    assert (first["least"], first["most"], first["details"]["impact"]) == (2.33, 4.0, 3.33), "three hide each other"


def test_a_pass_mark_is_met_or_not() -> None:
    bolmong = replace(OPEN, criteria=PRESETS["bolmong"].criteria)
    state = given(*READY, bolmong)
    for proposal, papers in (("a", 2), ("b", 1)):
        scores = {"kecamatan_rank": 3, "council": 0, "agency_plan": 1, "papers": papers}
        state = more(state, when(state, "score.give", {"proposal": proposal, "scores": scores}, AGENCY))
    results = shown(closed(state), "scoring", "screen")["results"]
    assert [(one["proposal"], one["score"], one["passed"]) for one in results[:2]] == [
        ("a", 8.0, True),
        ("b", 4.0, False),
    ]
    assert results[2]["passed"] is None


def test_a_sheet_sends_the_progress_alone() -> None:
    before = given(*RUNNING)
    after = more(before, [gave("seat:pejuang-07", B, 4, 4, 4)])
    assert [change["kind"] for change in changes(before, after, "participant")] == ["scoring_progress"]


def test_a_scorer_learns_his_own_scores_and_what_he_may_not_score() -> None:
    state = given(*RUNNING, gave("seat:pejuang-07", B, 4, 3, 4))
    assert me(state, DELEGATE_07)["scoring"] == {
        "scoring": "s1", "barred": ["a"], "scores": {"b": {"condition": 4, "need": 3, "impact": 4}},
    }  # fmt: skip
    assert me(state, DELEGATE_11)["scoring"] == {"scoring": "s1", "barred": ["b", "c", "d"], "scores": {}}
    assert me(state, AGENCY)["scoring"] == {"scoring": "s1", "barred": [], "scores": {}}
    for nobody in (DELEGATE_GUEST, MODERATOR, HALL_PEJUANG, SCREEN):
        assert me(state, nobody)["scoring"] is None
    assert me(closed(given(*CLOSED)), DELEGATE_07)["scoring"] is None


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
