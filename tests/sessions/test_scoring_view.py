"""What each view class sees of a scoring: nothing but its progress while it is open, and never whose score it was."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sessions.kind import VIEWS
from sessions.presets.criteria import PRESETS
from sessions.state import State
from sessions.view import changes, me, snapshot
from tests.sessions.given import (
    DELEGATE_07,
    DELEGATE_11,
    DELEGATE_GUEST,
    HALL_PEJUANG,
    MODERATOR,
    SCREEN,
    given,
    more,
    when,
)
from tests.sessions.test_scoring import AGENCY, CLOSED, OPEN, READY, RUNNING, B, C, closed, gave


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
