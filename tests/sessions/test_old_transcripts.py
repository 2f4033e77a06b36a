"""Ballots that older versions closed: their transcripts stay what they were, byte for byte, and stay checkable."""

from __future__ import annotations

import json
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from sessions import dispatch
from sessions.canonical import canonical
from sessions.ids import BallotId
from sessions.journal import BoxCount, Recorded
from sessions.state import State, initial
from sessions.transcript import transcript
from tests.sessions.given import SESSION

FIXTURE = Path(__file__).parent.parent / "fixtures" / "transcripts_v2.json"
WRITTEN: dict[str, Any] = json.loads(FIXTURE.read_text(encoding="utf-8"))


def replayed(events: list[dict[str, Any]]) -> State:
    return reduce(dispatch.apply, (Recorded(**event) for event in events), initial(SESSION))


def box_of(told: dict[str, Any]) -> BoxCount:
    return BoxCount(
        choices=tuple(tuple(choices) for choices in told["choices"]),
        roll=tuple(told["roll"]),
        trackers=tuple(told["trackers"]),
        pairs=tuple((name, tuple(choices)) for name, choices in told["pairs"]),
    )


@pytest.mark.parametrize("name", WRITTEN["ballots"])
def test_an_old_ballot_is_published_as_it_was(name: str) -> None:
    old = WRITTEN["ballots"][name]
    state = replayed([*WRITTEN["start"], *old["ballot"]])
    assert canonical(transcript(state, BallotId("b1"), box_of(old["box"]))).decode() == old["transcript"]


def test_both_older_versions_and_every_kind_of_list_are_among_them() -> None:
    told = [json.loads(old["transcript"]) for old in WRITTEN["ballots"].values()]
    assert {one["v"] for one in told} == {1, 2} and len(told) == 27
    assert {(one["secrecy"], one["proof"]) for one in told} == {
        ("secret", "inclusion"),
        ("secret", "full"),
        ("open", None),
    }
