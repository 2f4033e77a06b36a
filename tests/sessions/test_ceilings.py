"""Ceilings of halls and session, and the meters everybody watches while proposals are chosen."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.ceilings import Ceiling, CeilingsSet
from sessions.ids import HallId
from sessions.kind import VIEWS
from sessions.model.funnel import FunnelRules, ShareRule
from sessions.model.rules import Rules
from sessions.model.settings import Share
from sessions.rules import RulesSet
from sessions.session import SessionClosed
from sessions.state import State
from sessions.view import changes, snapshot
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DRAFT,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    OPENED,
    PEJUANG,
    SYSTEM,
    THREE,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

MILLION = 1_000_000
TWO = {"ceilings": [{"hall": "pejuang", "amount": 100 * MILLION}, {"hall": None, "amount": 150 * MILLION}]}
SET = CeilingsSet((Ceiling(PEJUANG, 100 * MILLION), Ceiling(None, 150 * MILLION)))


def meters(state: State, view: str = "moderator") -> dict[str, Any]:
    return {change["id"]: change["fields"] for change in snapshot(state, view) if change["kind"] == "funnel"}


def moved(state: State, proposal: str, status: str = "PRIORITISED") -> State:
    base = state.board.proposals[proposal].version  # type: ignore[index]
    data = {"proposal": proposal, "base": base, "status": status, "before": None}
    return more(state, when(state, "proposal.move", data))


@pytest.mark.parametrize("actor", [ADMIN, SYSTEM, MODERATOR])
def test_ceilings_are_set_for_halls_and_the_session_at_once(actor: Any) -> None:
    assert when(given(*DRAFT), "ceilings.set", TWO, actor) == [SET]
    state = given(*DRAFT, SET)
    assert (state.funnel.session, dict(state.funnel.halls)) == (150 * MILLION, {PEJUANG: 100 * MILLION})


def test_only_what_changes_is_recorded() -> None:
    state = given(*DRAFT, SET)
    assert when(state, "ceilings.set", TWO) == []
    less = {"ceilings": [*TWO["ceilings"], {"hall": "jatiasih", "amount": 0}]}
    assert when(state, "ceilings.set", less) == [CeilingsSet((Ceiling(JATIASIH, 0),))]
    (event,) = when(state, "ceilings.set", {"ceilings": [{"hall": "pejuang", "amount": None}]})
    assert more(state, [event]).funnel.halls == {}


def test_a_change_while_the_session_runs_needs_a_reason() -> None:
    state = given(*OPENED)
    assert code(state, "ceilings.set", TWO) == "reason_required"
    (event,) = when(state, "ceilings.set", {**TWO, "reason": "pagu baru dari Bappeda"})
    assert event.reason == "pagu baru dari Bappeda"
    assert when(more(state, [event]), "ceilings.set", TWO) == [], "nothing changes, nothing to give a reason for"


def test_refusals() -> None:
    state = given(*DRAFT)
    strange = {"ceilings": [{"hall": "atlantis", "amount": 1}]}
    assert refused(state, "ceilings.set", strange) == ("unknown_hall", {"hall": "atlantis"})
    assert code(state, "ceilings.set", TWO, HALL_PEJUANG) == "forbidden"
    assert code(state, "ceilings.set", TWO, DELEGATE_07) == "forbidden"
    assert code(given(*OPENED, SessionClosed()), "ceilings.set", TWO) == "wrong_phase"


def test_bad_shapes() -> None:
    assert bad_field("ceilings.set", {"ceilings": []}) == "ceilings"
    assert bad_field("ceilings.set", {"ceilings": [{"hall": "pejuang", "amount": -1}]}) == "ceilings.0.amount"
    assert bad_field("ceilings.set", {"ceilings": [{"hall": "pejuang"}]}) == "ceilings.0.amount"
    assert bad_field("ceilings.set", {"ceilings": [*TWO["ceilings"], {"hall": None, "amount": 1}]}) == "ceilings"


FISIK = ShareRule("Fisik", "type", ("FISIK",), "count", "hall", most=Share(3, 5))
RULES = RulesSet(Rules(funnel=FunnelRules(main_per_hall=1, main_per_session=3, reserve_per_hall=1, shares=(FISIK,))))


def test_a_meter_shows_used_and_limit() -> None:
    state = moved(given(*OPENED, *THREE, RULES, SET), "a")
    assert meters(state)["pejuang"] == {
        "hall": "pejuang",
        "main": {"used": 1, "limit": 1},
        "amount": {"used": 74 * MILLION, "limit": 100 * MILLION},
        "reserve": {"used": 0, "limit": 1},
        "next_level": {"used": 0, "limit": None},
        "unpriced": 0,
        "shares": [{"name": "Fisik", "of": "count", "used": 0, "whole": 1, "least": [0, 1], "most": [3, 5]}],
        "findings": [],
    }
    session = meters(state)["session"]
    assert (session["hall"], session["main"], session["amount"]["limit"]) == (
        None,
        {"used": 1, "limit": 3},
        150 * MILLION,
    )
    assert session["per_hall"] == {"main": 1, "reserve": 1, "next_level": None} and session["shares"] == []


def test_a_meter_shows_what_was_gone_beyond() -> None:
    state = moved(moved(given(*OPENED, *THREE), "a"), "b")
    state = more(state, [RULES, SET])
    assert meters(state)["pejuang"]["findings"] == [
        {"code": "over_quota", "what": "main", "limit": 1, "actual": 2},
        {"code": "over_ceiling", "what": "ceiling", "limit": 100 * MILLION, "actual": 148 * MILLION},
    ]


def test_a_phone_gets_the_meter_alone_and_the_public_nothing() -> None:
    state = moved(given(*OPENED, *THREE, RULES, SET), "a")
    assert {view: bool(meters(state, view)) for view in VIEWS} == {view: view != "public" for view in VIEWS}
    assert meters(state, "participant")["pejuang"].keys() == {"hall", "main", "amount"}
    assert meters(state, "participant")["session"].keys() == {"hall", "main", "amount", "per_hall"}
    assert meters(state, "hall") == meters(state, "screen") == meters(state)


def test_only_the_meters_that_move_are_sent_again() -> None:
    state = moved(given(*OPENED, *THREE, RULES, SET), "a")
    after = moved(state, "c")
    sent = [change["id"] for change in changes(state, after, "participant") if change["kind"] == "funnel"]
    assert sent == ["session", "jatiasih"]
    after = moved(state, "b", "DISCUSSED")
    assert not [change for change in changes(state, after, "participant") if change["kind"] == "funnel"]


def test_new_rules_and_new_ceilings_are_sent_for_every_meter() -> None:
    state = moved(given(*OPENED, *THREE, SET), "c")
    for event in (RULES, CeilingsSet((Ceiling(HallId("jatiasih"), 5),))):
        after = more(state, [event])
        sent = {
            change["id"]: change["fields"] for change in changes(state, after, "screen") if change["kind"] == "funnel"
        }
        assert sent == meters(after, "screen") and set(sent) == {"session", "jatiasih", "pejuang"}
