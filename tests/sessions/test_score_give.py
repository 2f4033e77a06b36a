"""A scorer's sheet: which marks it takes, who may give it, and what nobody scores because it is his own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessions.dispatch import result_of
from sessions.ids import ProposalId
from sessions.model.content import Content
from sessions.model.scoring import Mark, ScoringRules
from sessions.presets.criteria import PRESETS
from sessions.proposal import ProposalAdded, ProposalEdited, ProposalWithdrawn
from sessions.scoring import ScoreGiven
from tests.sessions.given import (
    DELEGATE_07,
    DELEGATE_11,
    DELEGATE_GUEST,
    DRAIN,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    PEJUANG,
    RW07,
    SCREEN,
    STEP,
    code,
    given,
    more,
    refused,
    when,
)
from tests.sessions.test_scoring import AGENCY, DELEGATE_08, OPEN, READY, RUNNING, THREES, A, B, sheet


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
