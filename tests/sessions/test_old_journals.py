"""A journal that the first version wrote, every event of it, still replays and still says what it said then."""

from __future__ import annotations

import json
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from sessions import dispatch
from sessions.columns import STEP
from sessions.ids import SessionId
from sessions.journal import Recorded
from sessions.kind import VIEWS
from sessions.state import State, initial
from sessions.view import snapshot

FIXTURE = Path(__file__).parent.parent / "fixtures" / "journal_v1.json"
FIRST_EVENTS = 27  # how many kinds of events the first version knew


@pytest.fixture(scope="module")
def old() -> dict[str, Any]:
    written: dict[str, Any] = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return written


def replayed(old: dict[str, Any]) -> State:
    return reduce(dispatch.apply, (Recorded(**event) for event in old["events"]), initial(SessionId("bekasi-2018")))


def test_the_fixture_holds_every_event_of_the_first_version(old: dict[str, Any]) -> None:
    types = {event["type"] for event in old["events"]}
    assert len(types) == FIRST_EVENTS
    assert types <= dispatch.EVENTS.keys()


@pytest.mark.parametrize("view", VIEWS)
def test_what_was_shown_then_is_shown_now(old: dict[str, Any], view: str) -> None:
    """Newer versions may say more of an entity, never something else."""
    now = {(change["kind"], change["id"]): change["fields"] for change in snapshot(replayed(old), view)}
    for change in old["views"][view]:
        fields, then = now[change["kind"], change["id"]], change["fields"]
        if "rank" in then:
            then = {**then, "rank": then["rank"] / STEP}  # shown in steps since
        assert {name: fields[name] for name in then} == then
