"""Decisions: of one card or of hundreds in one event, with the reason everybody who says no owes."""

from __future__ import annotations

import pytest

from sessions.board import ColumnRenumbered, ProposalMoved, ProposalsMoved
from sessions.columns import RANK_MOST
from sessions.decision import ProposalDecided, ProposalsDecided
from sessions.dispatch import result_of
from sessions.ids import ProposalId
from sessions.model.board import Decision
from sessions.proposal import ProposalEdited
from sessions.session import SessionClosed
from sessions.state import State
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DRAIN,
    HALL_PEJUANG,
    NOW,
    OPENED,
    STEP,
    THREE,
    added,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)
from tests.sessions.test_board import moved, order, require_consistent

A = ProposalId("a")
BOARD = (*OPENED, *THREE)
NO = {"reason_code": "LAND_DISPUTE", "reason": "Lahan masih sengketa"}


def seen(*cards: str, base: int = 1) -> list[dict[str, object]]:
    return [{"proposal": card, "base": base} for card in cards]


def decided(state: State, proposal: str, decision: str, **words: object) -> State:
    base = state.board.proposals[ProposalId(proposal)].version
    return more(
        state, when(state, "proposal.decide", {"proposal": proposal, "base": base, "decision": decision, **words})
    )


@pytest.mark.parametrize(
    ("decision", "words", "status"),
    [
        ("ACCEPTED", {}, "AGREED"),
        ("ACCEPTED_WITH_CHANGES", {"amount": 50, "volume": 2, "note": "dikurangi"}, "AGREED_WITH_CHANGES"),
        ("REJECTED", NO, "NOT_AGREED"),
        ("POSTPONED", NO, "DISCUSSED"),
    ],
)
def test_each_decision_is_kept_as_a_row_and_moves_the_card(decision: str, words: dict, status: str) -> None:  # type: ignore[type-arg]
    state = given(*BOARD)
    events = when(state, "proposal.decide", {"proposal": "a", "base": 1, "decision": decision, **words})
    assert [type(event) for event in events] == [ProposalDecided]
    assert result_of(events) == {"proposal": "a", "version": 2}
    after = more(state, events, at=NOW + 5)
    card = after.board.proposals[A]
    (row,) = card.decisions
    assert (row.level, row.status, row.at) == ("KECAMATAN", decision, NOW + 5)
    assert (row.amount, row.volume, row.note) == (words.get("amount"), words.get("volume"), words.get("note", ""))
    assert (card.status, card.version, card.content) == (status, 2, DRAIN)
    assert (card.reason_code, card.reason) == (words.get("reason_code", ""), words.get("reason", ""))
    require_consistent(after)


@pytest.mark.parametrize("decision", ["REJECTED", "POSTPONED"])
@pytest.mark.parametrize("name", ["proposal.decide", "proposals.decide"])
def test_a_no_needs_a_code_and_words(name: str, decision: str) -> None:
    target = {"proposal": "a", "base": 1} if name == "proposal.decide" else {"items": seen("a")}
    state = given(*BOARD)
    for words, missing in (
        ({}, ["reason_code", "reason"]),
        ({"reason": "Lahan sengketa"}, ["reason_code"]),
        ({"reason_code": "LAND_DISPUTE", "reason": "  "}, ["reason"]),
    ):
        assert refused(state, name, {**target, "decision": decision, **words}) == (
            "reason_required",
            {"missing": missing},
        )


def test_one_decision_a_level_the_latest_and_a_yes_takes_the_reason_back() -> None:
    state = decided(given(*BOARD), "a", "REJECTED", **NO)
    state = decided(state, "a", "ACCEPTED", level="CITY")
    state = decided(state, "a", "ACCEPTED")
    card = state.board.proposals[A]
    assert [(row.level, row.status) for row in card.decisions] == [("CITY", "ACCEPTED"), ("KECAMATAN", "ACCEPTED")]
    assert (card.reason, card.reason_code, card.status) == ("", "", "AGREED")


def test_what_is_in_the_ranking_stays_there_when_it_is_agreed_to() -> None:
    state = moved(moved(given(*BOARD), "a", "PRIORITISED", None), "b", "RESERVE", None)
    state = decided(decided(state, "a", "ACCEPTED"), "b", "ACCEPTED_WITH_CHANGES")
    assert [state.board.proposals[ProposalId(card)].status for card in "ab"] == ["PRIORITISED", "RESERVE"]
    assert decided(state, "a", "REJECTED", **NO).board.proposals[A].status == "NOT_AGREED"


def test_what_has_left_for_the_next_level_is_no_longer_decided_here() -> None:
    state = moved(moved(given(*BOARD), "a", "PRIORITISED", None), "a", "SENT_UP", None)
    got, data = refused(state, "proposal.decide", {"proposal": "a", "base": 3, "decision": "ACCEPTED"})
    assert got == "not_from_here" and (data["status"], data["to"]) == ("SENT_UP", "AGREED")
    assert "PRIORITISED" in data["allowed"]


def test_refusals_of_one() -> None:
    state = given(*BOARD, ProposalEdited(A, 2, DRAIN))
    yes = {"proposal": "a", "base": 2, "decision": "ACCEPTED"}
    assert code(state, "proposal.decide", {**yes, "base": 1}) == "stale"
    assert code(state, "proposal.decide", {**yes, "proposal": "q"}) == "unknown_proposal"
    for actor in (HALL_PEJUANG, DELEGATE_07, ADMIN):
        assert code(state, "proposal.decide", yes, actor) == "forbidden"
    assert code(more(state, [SessionClosed()]), "proposal.decide", yes) == "wrong_phase"
    assert bad_field("proposal.decide", {**yes, "decision": "MAYBE"}) == "decision"
    assert bad_field("proposal.decide", {**yes, "level": "MOON"}) == "level"
    assert bad_field("proposal.decide", {**yes, "reason_code": "BECAUSE"}) == "reason_code"
    assert bad_field("proposal.decide", {**yes, "amount": -1}) == "amount"


def test_five_hundred_are_settled_in_one_event() -> None:
    rows = [{"proposal": f"p{number}", "title": "Sumur", "hall": "pejuang"} for number in range(500)]
    state = given(*OPENED)
    state = more(state, when(state, "proposals.import", {"proposals": rows}, ADMIN))
    ids = [row["proposal"] for row in rows]
    events = when(state, "proposals.decide", {"items": seen(*ids), "decision": "ACCEPTED"})
    assert [type(event) for event in events] == [ProposalsDecided]
    assert result_of(events)["proposals"][0] == {"proposal": "p0", "version": 2}
    after = more(state, events)
    assert sorted(order(after, "AGREED")) == sorted(ids) and order(after, "AGREED") == ids
    assert {card.decisions for card in after.board.proposals.values()} == {(Decision("KECAMATAN", "ACCEPTED", NOW),)}
    require_consistent(after)
    assert bad_field("proposals.decide", {"items": seen(*ids, "q"), "decision": "ACCEPTED"}) == "items"


@pytest.mark.parametrize("name", ["proposals.decide", "proposals.move"])
def test_several_are_all_or_nothing_and_every_one_at_fault_is_named(name: str) -> None:
    words = {"decision": "ACCEPTED"} if name == "proposals.decide" else {"status": "DISCUSSED"}
    state = given(*BOARD, added("d", 4), ProposalEdited(A, 2, DRAIN), ProposalEdited(ProposalId("c"), 2, DRAIN))
    assert refused(state, name, {"items": seen("a", "b", "c"), **words}) == (
        "stale",
        {"items": [{"proposal": "a", "version": 2}, {"proposal": "c", "version": 2}]},
    )
    got, data = refused(state, name, {"items": seen("b", "x", "y"), **words})
    assert got == "unknown_proposal" and data["items"] == [{"proposal": "x"}, {"proposal": "y"}]
    assert code(state, name, {"items": seen("b"), **words}, HALL_PEJUANG) == "forbidden"
    assert code(more(state, [SessionClosed()]), name, {"items": seen("b"), **words}) == "wrong_phase"
    assert bad_field(name, {"items": seen("b", "b"), **words}) == "items"
    assert bad_field(name, {"items": [], **words}) == "items"
    up = moved(moved(state, "b", "PRIORITISED", None), "b", "SENT_UP", None)
    items = [*seen("b", base=3), *seen("d")]
    got, data = refused(up, name, {"items": items, **words})
    assert got == "not_from_here" and [item["proposal"] for item in data["items"]] == ["b"]


def test_several_move_together_and_keep_their_places_inside_a_column() -> None:
    state = given(*BOARD)
    (event,) = when(state, "proposals.move", {"items": seen("c", "a"), "status": "VERIFIED"})
    assert isinstance(event, ProposalsMoved)
    after = more(state, [event])
    assert [card for _, card in after.board.columns["SUBMITTED"]] == ["a", "b", "c"], "the same column, the same places"
    assert after.board.proposals[A].status == "VERIFIED"
    after = more(after, when(after, "proposals.move", {"items": seen("c", "a", base=2), "status": "PRIORITISED"}))
    assert order(after, "PRIORITISED") == ["c", "a"], "the order given, at the end"
    require_consistent(after)


def test_several_moved_to_a_no_need_code_and_words() -> None:
    state = given(*BOARD)
    for status in ("NOT_AGREED", "RETURNED"):
        move = {"items": seen("a", "b"), "status": status}
        assert refused(state, "proposals.move", move) == ("reason_required", {"missing": ["reason_code", "reason"]})
        after = more(state, when(state, "proposals.move", {**move, **NO}))
        assert after.board.proposals[A].reason_code == "LAND_DISPUTE"


def test_a_full_column_is_numbered_afresh_before_several_come() -> None:
    last = ProposalMoved(ProposalId("c"), 2, "DISCUSSED", RANK_MOST - STEP)
    state = given(*BOARD, last)
    events = when(state, "proposals.decide", {"items": seen("a", "b"), "decision": "ACCEPTED"})
    assert [type(event) for event in events] == [ColumnRenumbered, ProposalsDecided]
    after = more(state, events)
    assert [card for _, card in after.board.columns["DISCUSSED"]] == ["c", "a", "b"]
    require_consistent(after)
