"""Documents of a proposal: attached by the server alone, taken off by its owner, read by those who decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessions.card import proposal_details
from sessions.dispatch import result_of
from sessions.document import DocumentAttached, DocumentRemoved, may_attach, may_read
from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.model.board import Document
from sessions.permissions import Actor
from sessions.session import SessionClosed
from sessions.state import State
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DELEGATE_11,
    HALL_JATIASIH,
    HALL_PEJUANG,
    MODERATOR,
    NOW,
    PUBLIC,
    SCREEN,
    SYSTEM,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)
from tests.sessions.test_answer import ANY_DESK
from tests.sessions.test_photo import BOARD, A, D

LETTER = {"proposal": "a", "file": "f1", "kind": "cover_letter", "pages": 2, "size": 90_000, "by": "pass:p-pejuang"}


def lettered(state: State, *files: str, proposal: str = "a") -> State:
    for file in files:
        state = more(state, when(state, "file.attach", {**LETTER, "file": file, "proposal": proposal}, SYSTEM))
    return state


def test_a_document_is_on_the_card_and_says_who_handed_it_in() -> None:
    events = when(given(*BOARD), "file.attach", LETTER, SYSTEM)
    assert events == [DocumentAttached(A, 2, Document("f1", "cover_letter", 2, 90_000), "pass:p-pejuang")]
    assert result_of(events) == {"proposal": "a", "version": 2, "file": "f1"}
    after = more(given(*BOARD), events)
    assert after.board.proposals[A].documents == (Document("f1", "cover_letter", 2, 90_000),)
    events = when(after, "file.remove", {"proposal": "a", "file": "f1"}, HALL_PEJUANG)
    assert events == [DocumentRemoved(A, 3, "f1")]
    assert more(after, events, at=NOW).board.proposals[A].documents == ()


def test_there_are_as_many_as_the_rules_say() -> None:
    state = lettered(given(*BOARD), "f1", "f2")
    few = replace(state, rules=replace(state.rules, board=replace(state.rules.board, documents_most=2)))
    assert refused(few, "file.attach", {**LETTER, "file": "f3"}, SYSTEM) == ("too_many_files", {"most": 2})
    assert len(when(state, "file.attach", {**LETTER, "file": "f3"}, SYSTEM)) == 1


def test_bad_shapes() -> None:
    assert bad_field("file.attach", {**LETTER, "kind": "photo"}) == "kind"
    assert bad_field("file.attach", {**LETTER, "size": 5_000_001}) == "size"
    assert bad_field("file.attach", {**LETTER, "file": "../etc"}) == "file"


@pytest.mark.parametrize(
    ("actor", "proposal", "expected"),
    [
        (MODERATOR, A, ""),
        (HALL_PEJUANG, A, ""),
        (HALL_JATIASIH, A, "forbidden"),
        (DELEGATE_07, D, ""),
        (DELEGATE_07, A, "forbidden"),
        (ANY_DESK, A, "forbidden"),
        (PUBLIC, A, "forbidden"),
        (HALL_PEJUANG, ProposalId("q"), "unknown_proposal"),
    ],
)
def test_who_may_hand_one_in(actor: Actor, proposal: ProposalId, expected: str) -> None:
    found = ""
    try:
        may_attach(given(*BOARD), proposal, actor)
    except Refused as no:
        found = no.code
    assert found == expected


def test_letters_are_for_those_who_decide_and_for_whose_they_are() -> None:
    state = lettered(lettered(given(*BOARD), "f1"), "f2", proposal="d")
    for actor in (MODERATOR, ADMIN, ANY_DESK, HALL_PEJUANG):
        assert may_read(state, "f1", actor) and may_read(state, "f2", actor)
    assert may_read(state, "f2", DELEGATE_07) and not may_read(state, "f1", DELEGATE_07)
    for actor in (HALL_JATIASIH, DELEGATE_11, SCREEN, PUBLIC):
        assert not may_read(state, "f1", actor) and not may_read(state, "f2", actor)
    assert not may_read(state, "f9", MODERATOR)


def test_phones_are_told_of_photos_alone() -> None:
    state = lettered(given(*BOARD), "f1")
    told = {"file": "f1", "kind": "cover_letter", "pages": 2, "size": 90_000, "of": None}
    for view in ("moderator", "hall"):
        assert (proposal_details(state, A, view) or {})["documents"] == [told]
    for view in ("participant", "screen", "public"):
        found = proposal_details(state, A, view)
        assert found is not None and "documents" not in found and found["photos"] == []


def test_handing_in_and_taking_off_end_with_the_session() -> None:
    closed = more(lettered(given(*BOARD), "f1"), [SessionClosed()])
    assert code(closed, "file.attach", {**LETTER, "file": "f2"}, SYSTEM) == "wrong_phase"
    assert code(closed, "file.remove", {"proposal": "a", "file": "f1"}) == "wrong_phase"
