"""The stage: scene, spotlight and focus."""

from __future__ import annotations

from sessions.ballot import BallotVoided
from sessions.ids import BallotId, ProposalId
from sessions.proposal import ProposalWithdrawn
from sessions.stage import FocusSet, InterpreterSet, SceneShown, SpotlightTurned
from tests.sessions.given import (
    HALL_PEJUANG,
    OPENED,
    PEJUANG,
    THREE,
    bad_field,
    ballot_opened,
    code,
    given,
    refused,
    when,
)


def test_the_spotlight_is_turned_on_a_hall_and_off() -> None:
    state = given(*OPENED)
    assert when(state, "stage.spotlight", {"hall": "pejuang"}) == [SpotlightTurned(PEJUANG)]
    lit = given(*OPENED, SpotlightTurned(PEJUANG))
    assert lit.stage.spotlight == PEJUANG
    assert when(lit, "stage.spotlight", {"hall": "pejuang"}) == []
    assert when(lit, "stage.spotlight", {"hall": None}) == [SpotlightTurned(None)]
    assert code(state, "stage.spotlight", {"hall": "atlantis"}) == "unknown_hall"


def test_the_interpreter_has_a_place_until_it_is_taken_back() -> None:
    state = given(*OPENED)
    assert when(state, "stage.interpreter", {"hall": "pejuang"}) == [InterpreterSet(PEJUANG)]
    signing = given(*OPENED, InterpreterSet(PEJUANG), SceneShown("ballot"), SpotlightTurned(None))
    assert signing.stage.interpreter == PEJUANG
    assert when(signing, "stage.interpreter", {"hall": "pejuang"}) == []
    assert when(signing, "stage.interpreter", {"hall": None}) == [InterpreterSet(None)]
    assert code(state, "stage.interpreter", {"hall": "atlantis"}) == "unknown_hall"


def test_agenda_and_the_way_in_are_shown_at_any_time() -> None:
    for scene in ("agenda", "join"):
        assert when(given(*OPENED), "stage.show", {"scene": scene}) == [SceneShown(scene)]


def test_scenes_are_shown() -> None:
    assert when(given(*OPENED), "stage.show", {"scene": "board"}) == [SceneShown("board")]
    assert given(*OPENED, SceneShown("board")).stage.scene == "board"
    assert when(given(*OPENED), "stage.show", {"scene": "wall"}) == []


def test_a_ballot_is_shown_when_there_is_one_and_a_result_when_it_has_ended() -> None:
    bad = ("bad_input", {"field": "scene"})
    assert refused(given(*OPENED), "stage.show", {"scene": "ballot"}) == bad
    assert refused(given(*OPENED, ballot_opened()), "stage.show", {"scene": "result"}) == bad
    away = given(*OPENED, ballot_opened(), SceneShown("wall"))
    assert when(away, "stage.show", {"scene": "ballot"}) == [SceneShown("ballot")]
    void = given(*OPENED, ballot_opened(), BallotVoided(BallotId("b1"), "salah judul"))
    assert when(void, "stage.show", {"scene": "result"}) == [SceneShown("result")]


def test_a_proposal_is_in_focus_until_it_is_withdrawn() -> None:
    state = given(*OPENED, *THREE)
    assert when(state, "stage.focus", {"proposal": "b"}) == [FocusSet(ProposalId("b"))]
    assert code(state, "stage.focus", {"proposal": "q"}) == "unknown_proposal"
    focused = given(*OPENED, *THREE, FocusSet(ProposalId("b")))
    assert focused.stage.focus == "b"
    assert when(focused, "stage.focus", {"proposal": None}) == [FocusSet(None)]
    gone = given(*OPENED, *THREE, FocusSet(ProposalId("b")), ProposalWithdrawn(ProposalId("b"), 2, "ganda"))
    assert gone.stage.focus is None
    assert code(gone, "stage.focus", {"proposal": "b"}) == "unknown_proposal"


def test_the_stage_is_the_moderators() -> None:
    assert code(given(*OPENED), "stage.show", {"scene": "board"}, HALL_PEJUANG) == "forbidden"
    assert code(given(*OPENED), "stage.interpreter", {"hall": "pejuang"}, HALL_PEJUANG) == "forbidden"


def test_bad_shapes() -> None:
    assert bad_field("stage.show", {"scene": "disco"}) == "scene"
    assert bad_field("stage.spotlight", {}) == "hall"
