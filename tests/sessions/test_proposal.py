"""Proposals: added, edited and withdrawn against the version the editor looked at."""

from __future__ import annotations

from dataclasses import replace

from sessions.dispatch import result_of
from sessions.ids import ProposalId
from sessions.model.board import Content
from sessions.proposal import ProposalAdded, ProposalEdited, ProposalWithdrawn
from sessions.session import SessionClosed
from tests.sessions.given import (
    DELEGATE_07,
    DRAFT,
    DRAIN,
    HALL_JATIASIH,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    OPENED,
    PEJUANG,
    STEP,
    THREE,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

A = ProposalId("a")


def test_a_proposal_is_added_at_the_end_of_submitted() -> None:
    data = {"title": " Posyandu ", "hall": "jatiasih", "amount": 5, "volume": 2, "urgency": "MENDESAK"}
    events = when(given(*OPENED, *THREE), "proposal.add", data, fresh="d")
    content = Content("Posyandu", amount=5, volume=2.0, urgency="MENDESAK")
    assert events == [ProposalAdded(ProposalId("d"), JATIASIH, content, 4 * STEP)]
    assert result_of(events) == {"proposal": "d", "version": 1}
    assert more(given(*OPENED, *THREE), events).board.proposals[ProposalId("d")].status == "SUBMITTED"


def test_a_hall_adds_only_its_own() -> None:
    data = {"title": "Posyandu", "hall": "pejuang"}
    assert len(when(given(*DRAFT), "proposal.add", data, HALL_PEJUANG)) == 1
    assert code(given(*DRAFT), "proposal.add", data, HALL_JATIASIH) == "forbidden"
    assert code(given(*DRAFT), "proposal.add", data, DELEGATE_07) == "forbidden"
    assert code(given(*DRAFT), "proposal.add", {**data, "hall": "atlantis"}) == "unknown_hall"


def test_an_edit_changes_only_what_it_names() -> None:
    edit = {"proposal": "a", "base": 1, "fields": {"title": "Drainase", "amount": None}}
    state = given(*OPENED, *THREE)
    events = when(state, "proposal.edit", edit)
    assert events == [ProposalEdited(A, 2, replace(DRAIN, title="Drainase", amount=None))]
    assert result_of(events) == {"proposal": "a", "version": 2}
    card = more(state, events).board.proposals[A]
    assert (card.version, card.content.title, card.content.rw) == (2, "Drainase", "07")


def test_an_edit_of_an_older_version_is_stale_and_says_what_the_card_says_now() -> None:
    state = given(*OPENED, *THREE, ProposalEdited(A, 2, replace(DRAIN, title="Drainase")))
    got, data = refused(state, "proposal.edit", {"proposal": "a", "base": 1, "fields": {"title": "Selokan"}})
    assert got == "stale" and data["version"] == 2
    assert data["fields"]["title"] == "Drainase" and data["fields"]["status"] == "SUBMITTED"
    assert code(state, "proposal.withdraw", {"proposal": "a", "base": 1, "reason": "ganda"}) == "stale"


def test_a_hall_edits_and_withdraws_only_its_own() -> None:
    state = given(*OPENED, *THREE)
    edit = {"proposal": "a", "base": 1, "fields": {"rw": "08"}}
    assert len(when(state, "proposal.edit", edit, HALL_PEJUANG)) == 1
    assert code(state, "proposal.edit", edit, HALL_JATIASIH) == "forbidden"
    assert code(state, "proposal.withdraw", {"proposal": "a", "base": 1, "reason": "x"}, HALL_JATIASIH) == "forbidden"


def test_withdrawing_needs_a_reason_and_takes_the_card_off_the_board() -> None:
    state = given(*OPENED, *THREE)
    withdraw = {"proposal": "a", "base": 1}
    assert code(state, "proposal.withdraw", withdraw) == "reason_required"
    assert code(state, "proposal.withdraw", {**withdraw, "reason": "  "}) == "reason_required"
    events = when(state, "proposal.withdraw", {**withdraw, "reason": "ganda"}, HALL_PEJUANG)
    assert events == [ProposalWithdrawn(A, 2, "ganda")]
    gone = more(state, events)
    assert gone.board.proposals[A].status == "WITHDRAWN"
    assert [card for _, card in gone.board.columns["SUBMITTED"]] == ["b", "c"]
    for name, data in (
        ("proposal.edit", {"proposal": "a", "base": 2, "fields": {"rw": "1"}}),
        ("proposal.withdraw", {"proposal": "a", "base": 2, "reason": "lagi"}),
        ("proposal.move", {"proposal": "a", "base": 2, "status": "RESERVE", "before": None}),
    ):
        assert refused(gone, name, data) == ("unknown_proposal", {"proposal": "a"})


def test_the_board_is_still_once_the_session_is_closed() -> None:
    state = given(*OPENED, *THREE, SessionClosed())
    assert code(state, "proposal.edit", {"proposal": "a", "base": 1, "fields": {"rw": "1"}}) == "wrong_phase"
    assert code(state, "proposal.add", {"title": "Posyandu", "hall": PEJUANG}, MODERATOR) == "wrong_phase"


def test_bad_shapes() -> None:
    add = {"title": "Posyandu", "hall": "pejuang"}
    assert bad_field("proposal.add", {**add, "amount": -1}) == "amount"
    assert bad_field("proposal.add", {**add, "amount": "74 juta"}) == "amount"
    assert bad_field("proposal.add", {**add, "volume": float("nan")}) == "volume"
    assert bad_field("proposal.add", {**add, "volume": float("inf")}) == "volume"
    assert bad_field("proposal.add", {**add, "urgency": "BESOK"}) == "urgency"
    assert bad_field("proposal.add", {**add, "title": "x" * 241}) == "title"
    assert bad_field("proposal.add", {"title": "Posyandu"}) == "hall"
    edit = {"proposal": "a", "base": 1}
    assert bad_field("proposal.edit", {**edit, "fields": {}}) == "fields.title"
    assert bad_field("proposal.edit", {**edit, "fields": {"hall": "jatiasih"}}) == "fields.hall"
    assert bad_field("proposal.edit", {**edit, "fields": {"status": "RESERVE"}}) == "fields.status"
    assert bad_field("proposal.edit", {"proposal": "a", "base": 0, "fields": {"rw": "1"}}) == "base"
