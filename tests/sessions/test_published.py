"""What of a secret ballot is published: papers where one says no more than a sum, else what they add up to."""

from __future__ import annotations

from typing import Any

import pytest

from server import tallies
from sessions import dispatch
from sessions.ids import BallotId
from sessions.journal import BoxCount
from sessions.noun import Moment
from sessions.published import published
from sessions.state import State
from sessions.transcript import transcript
from sessions.view import snapshot
from tests.sessions.given import MODERATOR, NOW, OPENED, given, more, refused, when
from tests.sessions.test_ballot_methods import COSTED, OPTIONS

ID = BallotId("b1")
START = given(*OPENED)
ONE, TWO = "0" * 31 + "1", "0" * 31 + "2"


def asked(method: str, **changed: Any) -> dict[str, Any]:
    options = {} if method == "yes_no" else {"options": COSTED if method in ("knapsack", "equal_shares") else OPTIONS}
    return {"title": "Prioritas", "secrecy": "secret", "method": method, **options, **changed}


def opened(method: str, **changed: Any) -> State:
    return more(START, when(START, "ballot.open", asked(method, **changed), fresh="b1"))


def box(*papers: tuple[str, ...]) -> BoxCount:
    return BoxCount(tuple(sorted(papers)), ("jatiasih-11", "pejuang-07"), (ONE, TWO))


NEEDS: dict[str, dict[str, Any]] = {
    "approval": {"choose_max": 2},
    "score": {"scale": [0, 5]},
    "points": {"points": 9},
    "knapsack": {"budget": 9},
    "borda": {},
    "schulze": {},
}


@pytest.mark.parametrize("method", NEEDS)
def test_papers_that_could_carry_a_pattern_are_published_as_sums(method: str) -> None:
    assert opened(method, **NEEDS[method]).ballots[ID].rule.published == "sums"
    for changed in ({"proof": "full"}, {"secrecy": "open"}):
        assert opened(method, **NEEDS[method], **changed).ballots[ID].rule.published == "rows"


def test_a_value_is_a_mark_of_its_own_also_where_one_option_is_asked_for() -> None:
    assert opened("score", scale=[0, 100], choose_max=1).ballots[ID].rule.published == "sums"


@pytest.mark.parametrize(("method", "changed"), [("yes_no", {}), ("single", {}), ("approval", {"choose_max": 1})])
def test_one_choice_says_no_more_than_its_sum(method: str, changed: Any) -> None:
    state = opened(method, **changed)
    assert state.ballots[ID].rule.published == "rows"
    assert published(state.ballots[ID], box(("x",), ()))["choices"] == [[], ["x"]]


@pytest.mark.parametrize(
    ("method", "papers", "entries"),
    [
        ("approval", [("x", "y"), ("x",)], [("x", 2), ("y", 1), ("z", 0)]),
        ("knapsack", [("x", "z"), ()], [("x", 1), ("y", 0), ("z", 1)]),
        ("score", [("x:5", "y:1"), ("x:2",)], [("x", 2, 7), ("y", 1, 1), ("z", 0, 0)]),
        ("points", [("y:9",), ("y:3", "z:1")], [("x", 0, 0), ("y", 2, 12), ("z", 1, 1)]),
        ("borda", [("z", "x"), ("x",)], [("x", 2, 3), ("y", 0, 0), ("z", 1, 2)]),
        ("schulze", [("z", "x"), ("x",)], [("x", 2, [0, 2, 1]), ("y", 0, [0, 0, 0]), ("z", 1, [1, 1, 0])]),
    ],
)
def test_sums_are_what_the_count_needs(method: str, papers: list[tuple[str, ...]], entries: list[Any]) -> None:
    ballot = opened(method, **NEEDS[method]).ballots[ID]
    third = "over" if method == "schulze" else "value"
    told = [dict(zip(("option", "votes", third), entry, strict=False)) for entry in entries]
    first = {"cast": 2, "blank": sum(not paper for paper in papers)}
    assert published(ballot, box(*papers)) == {"trackers": [ONE, TWO], "sums": [first, *told]}


def test_a_transcript_of_sums_holds_no_paper() -> None:
    state = opened("schulze")
    sealed = box(("z", "x"), ("x", "z"))
    command = dispatch.parse("ballot.close", {"ballot": "b1"})
    question = dispatch.asks(state, command, sealed)
    assert question is not None
    moment = Moment(MODERATOR, NOW, "f", sealed, tallies.count(question))
    closed = more(state, dispatch.decide(state, command, moment))
    told = transcript(closed, ID, sealed)
    assert told["v"] == 3 and told["rule"]["published"] == "sums"
    assert "choices" not in told and "votes" not in told and ["z", "x"] not in told.values()
    with pytest.raises(ValueError, match="does not match"):
        transcript(closed, ID, box(("x", "z"), ("x", "y")))


def test_equal_shares_would_publish_whole_papers() -> None:
    refusal = ("not_on_secret", {"field": "method"})
    assert refused(START, "ballot.open", asked("equal_shares", budget=9)) == refusal
    assert opened("equal_shares", budget=9, proof="full").ballots[ID].rule.published == "rows"
    assert opened("equal_shares", budget=9, secrecy="open").ballots[ID].rule.published == "rows"


def test_a_ballot_held_again_is_published_as_a_new_one() -> None:
    state = opened("approval", choose_max=2)
    again = when(state, "ballot.rerun", {"ballot": "b1", "reason": "salah"}, fresh="b2", box=box())
    assert more(state, again).ballots[BallotId("b2")].rule.published == "sums"


def test_everybody_sees_how_it_will_be_published() -> None:
    (fields,) = [one["fields"] for one in snapshot(opened("score"), "participant") if one["kind"] == "ballot"]
    assert fields["rule"]["published"] == "sums"
