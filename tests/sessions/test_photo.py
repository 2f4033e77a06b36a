"""Photos of a proposal: three at most, attached by the server alone, taken off by whoever owns the proposal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessions.dispatch import result_of
from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.model.board import Photo
from sessions.permissions import Actor
from sessions.photo import PhotoAttached, PhotoRemoved, may_attach, shown
from sessions.proposal import ProposalAdded, ProposalWithdrawn
from sessions.session import SessionClosed
from sessions.state import State
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DELEGATE_11,
    DRAIN,
    HALL_JATIASIH,
    HALL_PEJUANG,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    PUBLIC,
    RW07,
    STEP,
    SYSTEM,
    THREE,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)
from tests.sessions.test_answer import ANY_DESK, ROADS_DESK, WATER, WATER_DESK
from tests.sessions.test_answer import BOARD as OF_DESKS

A, D = ProposalId("a"), ProposalId("d")
OWN = ProposalAdded(D, PEJUANG, DRAIN, 4 * STEP, RW07)
BOARD = (*OPENED, *THREE, OWN)
PHOTO = {"proposal": "a", "file": "f1", "width": 1600, "height": 1200, "by": "pass:p-pejuang", "caption": "Saluran"}


def photographed(state: State, *files: str, proposal: str = "a") -> State:
    for file in files:
        state = more(state, when(state, "photo.attach", {**PHOTO, "file": file, "proposal": proposal}, SYSTEM))
    return state


def refusal(state: State, actor: Actor, proposal: ProposalId = A) -> str:
    try:
        may_attach(state, proposal, actor)
    except Refused as no:
        return no.code
    return ""


def test_a_photo_is_on_the_card_and_says_who_handed_it_in() -> None:
    events = when(given(*BOARD), "photo.attach", PHOTO, SYSTEM)
    assert events == [PhotoAttached(A, 2, Photo("f1", 1600, 1200, "Saluran"), "pass:p-pejuang")]
    assert result_of(events) == {"proposal": "a", "version": 2, "photo": "f1"}
    after = more(given(*BOARD), events)
    assert after.board.proposals[A].photos == (Photo("f1", 1600, 1200, "Saluran"),)
    assert shown(after.board, "f1") and not shown(after.board, "f2")
    gone = more(after, [ProposalWithdrawn(A, 3, "batal")])
    assert not shown(gone.board, "f1")


def test_nobody_but_the_server_says_that_a_file_is_there() -> None:
    for actor in (MODERATOR, HALL_PEJUANG, DELEGATE_07, ADMIN):
        assert code(given(*BOARD), "photo.attach", PHOTO, actor) == "forbidden"


def test_there_are_three_at_most_or_as_many_as_the_rules_say() -> None:
    state = photographed(given(*BOARD), "f1", "f2", "f3")
    assert refused(state, "photo.attach", {**PHOTO, "file": "f4"}, SYSTEM) == ("too_many_photos", {"most": 3})
    assert refusal(state, HALL_PEJUANG) == "too_many_photos"
    rules = replace(state.rules, board=replace(state.rules.board, photos_most=4))
    assert len(when(replace(state, rules=rules), "photo.attach", {**PHOTO, "file": "f4"}, SYSTEM)) == 1


def test_refusals_of_attaching() -> None:
    state = given(*BOARD)
    assert code(state, "photo.attach", {**PHOTO, "proposal": "q"}, SYSTEM) == "unknown_proposal"
    assert code(more(state, [SessionClosed()]), "photo.attach", PHOTO, SYSTEM) == "wrong_phase"
    assert bad_field("photo.attach", {**PHOTO, "width": 0}) == "width"
    assert bad_field("photo.attach", {**PHOTO, "file": "../etc"}) == "file"


@pytest.mark.parametrize(
    ("actor", "proposal", "expected"),
    [
        (MODERATOR, A, ""),
        (HALL_PEJUANG, A, ""),
        (HALL_JATIASIH, A, "forbidden"),
        (DELEGATE_07, D, ""),
        (DELEGATE_07, A, "forbidden"),
        (DELEGATE_11, D, "forbidden"),
        (PUBLIC, A, "forbidden"),
        (ADMIN, A, "forbidden"),
        (HALL_PEJUANG, ProposalId("q"), "unknown_proposal"),
    ],
)
def test_who_may_hand_one_in(actor: Actor, proposal: ProposalId, expected: str) -> None:
    assert refusal(given(*BOARD), actor, proposal) == expected


def test_handing_in_ends_with_the_session() -> None:
    assert refusal(given(*BOARD, SessionClosed()), HALL_PEJUANG) == "wrong_phase"


def test_a_photo_is_taken_off_by_whoever_owns_the_proposal() -> None:
    state = photographed(photographed(given(*BOARD), "f1", "f2"), "f3", proposal="d")
    remove = {"proposal": "a", "photo": "f1"}
    events = when(state, "photo.remove", remove, HALL_PEJUANG)
    assert events == [PhotoRemoved(A, 4, "f1")]
    assert [photo.file for photo in more(state, events, at=NOW).board.proposals[A].photos] == ["f2"]
    assert len(when(state, "photo.remove", {"proposal": "d", "photo": "f3"}, DELEGATE_07)) == 1
    for actor in (HALL_JATIASIH, DELEGATE_07, ADMIN):
        assert code(state, "photo.remove", remove, actor) == "forbidden"
    assert refused(state, "photo.remove", {**remove, "photo": "f9"}) == ("unknown_photo", {"photo": "f9"})
    assert code(state, "photo.remove", {**remove, "proposal": "q"}) == "unknown_proposal"
    assert code(more(state, [SessionClosed()]), "photo.remove", remove) == "wrong_phase"


def test_photos_of_a_survey_are_the_agencys_and_have_room_of_their_own() -> None:
    state = photographed(given(*OF_DESKS), "f1", "f2", "f3")
    for actor, expected in (
        (WATER_DESK, ""),
        (ANY_DESK, ""),
        (MODERATOR, ""),
        (ROADS_DESK, "other_agency"),
        (HALL_PEJUANG, "forbidden"),
        (DELEGATE_07, "forbidden"),
    ):
        assert survey_refusal(state, actor) == expected, actor
    assert refusal(state, WATER_DESK) == "forbidden", "an agency has none but those of its survey"
    events = when(state, "photo.attach", {**PHOTO, "file": "s1", "kind": "survey", "caption": ""}, SYSTEM)
    after = more(state, events)
    assert after.board.proposals[A].photos[-1] == Photo("s1", 1600, 1200, kind="survey")
    remove = {"proposal": "a", "photo": "s1"}
    assert code(after, "photo.remove", remove, HALL_PEJUANG) == "forbidden"
    assert refused(after, "photo.remove", remove, ROADS_DESK) == ("other_agency", {"agency": WATER})
    assert len(when(after, "photo.remove", remove, WATER_DESK)) == len(when(after, "photo.remove", remove)) == 1
    assert code(after, "photo.remove", {**remove, "photo": "f1"}, WATER_DESK) == "forbidden"
    assert bad_field("photo.attach", {**PHOTO, "kind": "selfie"}) == "kind"


def survey_refusal(state: State, actor: Actor) -> str:
    try:
        may_attach(state, A, actor, "survey")
    except Refused as no:
        return no.code
    return ""
