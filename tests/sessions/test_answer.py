"""The agencies' desk: answers with survey, cost and land, and a proposal passed on to another agency."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessions.answer import ProposalAnswered, ProposalRerouted, in_charge
from sessions.card import proposal_details, proposal_fields
from sessions.ids import PassId, ProposalId
from sessions.kind import MODERATOR as MODERATORS
from sessions.kind import VIEWS
from sessions.model.board import Answer, Route
from sessions.passes import PassIssued
from sessions.permissions import Actor, Role
from sessions.proposal import ProposalEdited
from sessions.session import SessionClosed
from sessions.state import State
from sessions.view import me
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DRAFT,
    DRAIN,
    HALL_PEJUANG,
    MODERATOR,
    NOW,
    OPENED,
    SESSION,
    THREE,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)
from tests.sessions.test_board import moved, require_consistent

A = ProposalId("a")
WATER, ROADS = "Dinas Sumber Daya Air", "Dinas Bina Marga"
WATER_DESK = Actor(SESSION, Role.AGENCY, PassId("p-sda"))
ROADS_DESK = Actor(SESSION, Role.AGENCY, PassId("p-bm"))
ANY_DESK = Actor(SESSION, Role.AGENCY, PassId("p-any"))
DESKS = (
    PassIssued(PassId("p-sda"), "agency", NOW + 1, agency=WATER),
    PassIssued(PassId("p-bm"), "agency", NOW + 1, agency=ROADS),
    PassIssued(PassId("p-any"), "agency", NOW + 1),
)
BOARD = (*OPENED, *DESKS, *THREE, ProposalEdited(A, 2, replace(DRAIN, agency=WATER)))
SURVEYED = {"proposal": "a", "base": 2, "survey_status": "SUDAH", "survey_date": "2018-01-20", "cost": 80_000_000}
ROUTE = {"proposal": "a", "base": 2, "agency": ROADS, "reason": "Saluran di badan jalan"}


def test_an_answer_is_on_the_card_with_its_agency_and_time() -> None:
    state = given(*BOARD)
    told = {**SURVEYED, "land": "PEMDA", "survey_note": "Layak", "verdict": "FEASIBLE", "note": "Renja 2019"}
    (event,) = when(state, "proposal.answer", told, WATER_DESK)
    answer = Answer("SUDAH", WATER, "2018-01-20", "Layak", "PEMDA", 80_000_000, "Renja 2019", "FEASIBLE")
    assert event == ProposalAnswered(A, 3, "SURVEYED", answer)
    card = more(state, [event], at=NOW + 9).board.proposals[A]
    assert (card.status, card.version, card.desk.answer, card.desk.answered_at) == ("SURVEYED", 3, answer, NOW + 9)


@pytest.mark.parametrize(
    ("survey", "status"), [("BELUM", "SUBMITTED"), ("DIJADWALKAN", "SUBMITTED"), ("SUDAH", "SURVEYED")]
)
def test_only_a_survey_that_was_made_moves_a_card_that_waited_for_it(survey: str, status: str) -> None:
    state = given(*BOARD)
    answer = {"proposal": "a", "base": 2, "survey_status": survey}
    after = more(state, when(state, "proposal.answer", answer, WATER_DESK))
    assert after.board.proposals[A].status == status
    assert [card for _, card in after.board.columns["SUBMITTED"]] == ["a", "b", "c"]
    require_consistent(after)
    chosen = moved(state, "a", "PRIORITISED", None)
    after = more(chosen, when(chosen, "proposal.answer", {**answer, "base": 3}, WATER_DESK))
    assert after.board.proposals[A].status == "PRIORITISED"


def test_a_later_answer_takes_the_place_of_the_earlier() -> None:
    state = given(*BOARD)
    state = more(state, when(state, "proposal.answer", SURVEYED, WATER_DESK))
    state = more(state, when(state, "proposal.answer", {**SURVEYED, "base": 3, "cost": 1}, ANY_DESK))
    answer = state.board.proposals[A].desk.answer
    assert answer is not None and (answer.cost, answer.agency) == (1, WATER)


def test_not_feasible_needs_a_code_and_a_note() -> None:
    state = given(*BOARD)
    no = {**SURVEYED, "verdict": "NOT_FEASIBLE"}
    assert refused(state, "proposal.answer", no, WATER_DESK) == (
        "reason_required",
        {"missing": ["reason_code", "note"]},
    )
    no["reason_code"] = "LAND_NOT_OWNED_BY_GOV"
    assert refused(state, "proposal.answer", no, WATER_DESK) == ("reason_required", {"missing": ["note"]})
    assert len(when(state, "proposal.answer", {**no, "note": "Lahan warga"}, WATER_DESK)) == 1


def test_an_agency_answers_what_lies_with_it_and_a_pass_without_a_name_answers_all() -> None:
    state = given(*BOARD)
    assert refused(state, "proposal.answer", SURVEYED, ROADS_DESK) == ("other_agency", {"agency": WATER})
    assert refused(state, "proposal.reroute", {**ROUTE, "agency": "Dinas Lain"}, ROADS_DESK)[0] == "other_agency"
    for actor in (WATER_DESK, ANY_DESK, MODERATOR):
        assert len(when(state, "proposal.answer", SURVEYED, actor)) == 1
    unaddressed = {**SURVEYED, "proposal": "b", "base": 1}
    (event,) = when(state, "proposal.answer", unaddressed, ROADS_DESK)
    assert event.answer.agency == ROADS
    rules = replace(state.rules, board=replace(state.rules.board, agency_own_only=False))
    assert len(when(replace(state, rules=rules), "proposal.answer", SURVEYED, ROADS_DESK)) == 1


def test_a_proposal_is_passed_on_with_a_trace_and_the_old_answer_goes() -> None:
    state = given(*BOARD)
    state = more(state, when(state, "proposal.answer", SURVEYED, WATER_DESK))
    (event,) = when(state, "proposal.reroute", {**ROUTE, "base": 3}, WATER_DESK)
    assert event == ProposalRerouted(A, 4, ROADS, "Saluran di badan jalan")
    state = more(state, [event], at=NOW + 7)
    card = state.board.proposals[A]
    assert (card.content.agency, in_charge(card), card.desk.answer) == (WATER, ROADS, None)
    assert card.desk.routes == (Route(WATER, ROADS, "Saluran di badan jalan", NOW + 7),)
    assert code(state, "proposal.answer", {**SURVEYED, "base": 4}, WATER_DESK) == "other_agency"
    state = more(
        state, when(state, "proposal.reroute", {**ROUTE, "base": 4, "agency": WATER, "reason": "Kembali"}, ROADS_DESK)
    )
    assert [(route.source, route.agency) for route in state.board.proposals[A].desk.routes] == [
        (WATER, ROADS),
        (ROADS, WATER),
    ]


def test_refusals() -> None:
    state = given(*BOARD)
    for name, good in (("proposal.answer", SURVEYED), ("proposal.reroute", ROUTE)):
        assert code(state, name, {**good, "base": 1}, WATER_DESK) == "stale"
        assert code(state, name, {**good, "proposal": "q"}, WATER_DESK) == "unknown_proposal"
        for actor in (HALL_PEJUANG, DELEGATE_07, ADMIN):
            assert code(state, name, good, actor) == "forbidden"
        assert code(more(state, [SessionClosed()]), name, good, WATER_DESK) == "wrong_phase"
    assert refused(state, "proposal.reroute", {**ROUTE, "agency": WATER.upper()}) == ("same_agency", {"agency": WATER})
    assert refused(state, "proposal.reroute", {**ROUTE, "reason": " "}) == ("reason_required", {"missing": ["reason"]})
    assert bad_field("proposal.answer", {**SURVEYED, "survey_status": "MUNGKIN"}) == "survey_status"
    assert bad_field("proposal.answer", {**SURVEYED, "survey_date": "20-01-2018"}) == "survey_date"
    assert bad_field("proposal.answer", {**SURVEYED, "verdict": "GOOD"}) == "verdict"
    assert bad_field("proposal.answer", {**SURVEYED, "cost": "mahal"}) == "cost"
    assert bad_field("proposal.reroute", {**ROUTE, "agency": ""}) == "agency"


def test_only_an_agency_s_pass_names_an_agency() -> None:
    issue = {"role": "agency", "agency": WATER, "expires_at": NOW + 1, "pass": "p1"}
    state = given(*DRAFT)
    after: State = more(state, when(state, "pass.issue", issue, ADMIN))
    assert after.passes[PassId("p1")].agency == WATER
    assert refused(state, "pass.issue", {**issue, "role": "screen"}, ADMIN) == ("bad_input", {"field": "agency"})


@pytest.mark.parametrize("view", VIEWS)
def test_everybody_sees_that_there_is_an_answer_and_the_moderator_what_it_says(view: str) -> None:
    state = given(*BOARD)
    state = more(state, when(state, "proposal.answer", SURVEYED, WATER_DESK))
    fields = proposal_fields(state, state.board.proposals[A], view)
    assert fields is not None and fields["survey"] == "SUDAH"
    assert ("answer" in fields) == (view == MODERATORS)
    details = proposal_details(state, A, view)
    assert details is not None and details["answer"]["cost"] == 80_000_000 and details["answer"]["at"] == NOW


@pytest.mark.parametrize("view", VIEWS)
def test_a_moderator_s_card_says_where_exactly_and_no_other_does(view: str) -> None:
    state = given(*BOARD)
    place = {"lat": -6.301437, "lon": 107.03593}
    state = more(
        state, when(state, "proposal.edit", {"proposal": A, "base": state.board.proposals[A].version, "fields": place})
    )
    fields = proposal_fields(state, state.board.proposals[A], view)
    assert fields is not None
    assert {name: fields[name] for name in place if name in fields} == (place if view == MODERATORS else {})


def test_an_agency_is_told_whom_it_speaks_for_and_nobody_else_is() -> None:
    state = given(*BOARD)
    assert [me(state, actor).get("agency") for actor in (WATER_DESK, ANY_DESK, MODERATOR)] == [WATER, "", None]
