"""Consensus: declared with its outcome, and tried before a vote where the rules ask for it."""

from __future__ import annotations

from typing import Any

from sessions.dispatch import result_of
from sessions.state import State
from tests.sessions.given import DELEGATE_07, DRAFT, NOW, OPENED, THREE, bad_field, code, given, more, refused, when

STATE = given(*OPENED, *THREE)
FAILED: dict[str, Any] = {"subject": "Urutan", "proposals": ["a", "b"], "outcome": "not_agreed", "note": "dua usul"}
VOTE: dict[str, Any] = {"title": "Urutan", "secrecy": "open", "method": "single", "proposals": ["a", "b"]}


def first(state: State = STATE) -> State:
    rule = {"changes": {"voting": {"consensus_first": True}}, "reason": "tata tertib"}
    return more(state, when(state, "rules.set", rule))


def test_an_attempt_is_on_the_record() -> None:
    events = when(STATE, "consensus.declare", FAILED, fresh="k1")
    assert result_of(events) == {"consensus": "k1"}
    found = more(STATE, events).consensus["k1"]
    assert (found.outcome, found.proposals, found.note, found.at) == ("not_agreed", ("a", "b"), "dua usul", NOW)


def test_a_vote_comes_after_consensus_failed_on_each_of_its_proposals() -> None:
    state = first()
    assert refused(state, "ballot.open", VOTE) == ("consensus_first", {"proposals": ["a", "b"]})
    half = more(state, when(state, "consensus.declare", {**FAILED, "proposals": ["a"]}))
    assert refused(half, "ballot.open", VOTE) == ("consensus_first", {"proposals": ["b"]})
    tried = more(state, when(state, "consensus.declare", FAILED))
    assert len(when(tried, "ballot.open", VOTE)) == 1
    agreed = more(tried, when(tried, "consensus.declare", {**FAILED, "outcome": "agreed"}, fresh="k2"))
    assert code(agreed, "ballot.open", VOTE) == "consensus_first", "they have agreed: there is nothing to vote on"
    about = {"title": "Setuju?", "secrecy": "open", "method": "yes_no", "about": ["c"]}
    assert code(tried, "ballot.open", about) == "consensus_first"


def test_it_is_overridden_with_a_reason_that_stays() -> None:
    (event,) = when(first(), "ballot.open", {**VOTE, "override": "waktu habis"})
    assert more(STATE, [event]).ballots[event.ballot].override == "waktu habis"


def test_without_the_rule_nobody_asks_for_it() -> None:
    assert len(when(STATE, "ballot.open", VOTE)) == 1
    persons = {**VOTE, "options": [{"label": "Ketua RW 07"}, {"label": "Ketua RW 11"}]}
    del persons["proposals"]
    assert len(when(first(), "ballot.open", persons)) == 1, "a ballot on persons is on no proposal"


def test_what_is_refused() -> None:
    assert code(STATE, "consensus.declare", {**FAILED, "proposals": ["q"]}) == "unknown_proposal"
    assert code(STATE, "consensus.declare", {**FAILED, "proposals": ["a", "a"]}) == "bad_input"
    assert code(given(*DRAFT, *THREE), "consensus.declare", FAILED) == "wrong_phase"
    assert code(STATE, "consensus.declare", FAILED, DELEGATE_07) == "forbidden"
    assert bad_field("consensus.declare", {**FAILED, "outcome": "maybe"}) == "outcome"
    assert bad_field("consensus.declare", {**FAILED, "subject": ""}) == "subject"
