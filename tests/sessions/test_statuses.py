"""The life of a proposal: the table of steps holds whatever is commanded, and every status has its place."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.session import SessionClosed
from sessions.statuses import (
    COLUMN_OF,
    COLUMNS,
    FATES,
    LEFT,
    MERGED,
    NEGATIVE,
    REASON_CODES,
    STATUSES,
    TRANSITIONS,
    WITHDRAWN,
)
from tests.sessions.given import OPENED, THREE, bad_field, code, given, more, refused, when
from tests.sessions.test_board import moved, require_consistent

A = ProposalId("a")
WORDS = {"reason": "Sudah ada di Renja", "reason_code": "ALREADY_PROPOSED"}


def test_the_tables_speak_of_the_same_statuses() -> None:
    assert set(TRANSITIONS) == {*STATUSES, *LEFT}
    assert set(COLUMN_OF) == set(STATUSES) and set(COLUMN_OF.values()) == set(COLUMNS)
    assert all(COLUMN_OF[column] == column for column in COLUMNS), "a column is named by one of its statuses"
    assert all(to in TRANSITIONS and to != status for status, after in TRANSITIONS.items() for to in after)
    assert len(set(REASON_CODES)) == len(REASON_CODES) == 18
    assert TRANSITIONS[WITHDRAWN] == (), "nothing comes back from there"


def test_the_life_told_by_the_sources_can_be_lived() -> None:
    life = (
        "SUBMITTED",
        "RETURNED",
        "SUBMITTED",
        "VERIFIED",
        "SURVEYED",
        "DISCUSSED",
        "AGREED",
        "PRIORITISED",
        "SENT_UP",
    )
    for fate in ("ACCOMMODATED_NEXT_YEAR", "ACCOMMODATED_CURRENT_YEAR"):
        for end in ("REALISED", "NOT_REALISED"):
            assert all(after in TRANSITIONS[before] for before, after in pairwise((*life, fate, end)))
    assert all("RESERVE" in TRANSITIONS[status] for status in ("AGREED", "AGREED_WITH_CHANGES"))
    assert "NOT_ACCOMMODATED" in TRANSITIONS["SENT_UP"] and MERGED in TRANSITIONS["DISCUSSED"]


def test_any_of_the_first_five_may_follow_any_other_as_ever() -> None:
    assert all(to == status or to in TRANSITIONS[status] for status in COLUMNS for to in COLUMNS)


@settings(max_examples=80, deadline=None)
@examples(st.lists(st.sampled_from(STATUSES), max_size=12))
def test_a_card_only_ever_takes_steps_of_the_table(wanted: list[str]) -> None:
    state = given(*OPENED, *THREE)
    for status in wanted:
        card = state.board.proposals[A]
        move = {"proposal": "a", "base": card.version, "status": status, "before": None, **WORDS}
        try:
            state = more(state, when(state, "proposal.move", move))
        except Refused as no:
            assert no.code == "not_from_here" and status != card.status and status not in TRANSITIONS[card.status]
            assert no.data == {"status": card.status, "to": status, "allowed": list(TRANSITIONS[card.status])}
            assert state.board.proposals[A] is card
        else:
            assert status == card.status or status in TRANSITIONS[card.status]
            assert state.board.proposals[A].status == status
        require_consistent(state)


@pytest.mark.parametrize("status", NEGATIVE)
def test_every_no_needs_words_and_words_alone_are_of_kind_other(status: str) -> None:
    path: dict[str, Iterable[str]] = {
        "NOT_ACCOMMODATED": ("PRIORITISED", "SENT_UP"),
        "NOT_REALISED": ("PRIORITISED", "SENT_UP", "ACCOMMODATED_NEXT_YEAR"),
    }
    state = given(*OPENED, *THREE)
    for step in path.get(status, ()):
        state = moved(state, "a", step, None)
    move = {"proposal": "a", "base": state.board.proposals[A].version, "status": status, "before": None}
    got, data = refused(state, "proposal.move", move)
    assert got == "reason_required" and "reason" in data["missing"]
    got, data = refused(state, "proposal.move", {**move, "reason_code": "OVER_CEILING"})
    assert (got, data) == ("reason_required", {"missing": ["reason"]})
    card = more(state, when(state, "proposal.move", {**move, "reason": "Pagu habis"})).board.proposals[A]
    assert (card.reason, card.reason_code) == ("Pagu habis", "OTHER")
    card = more(state, when(state, "proposal.move", {**move, **WORDS})).board.proposals[A]
    assert (card.reason, card.reason_code) == ("Sudah ada di Renja", "ALREADY_PROPOSED")


def test_fates_are_told_after_the_end_and_nothing_else_is() -> None:
    state = moved(moved(given(*OPENED, *THREE), "a", "PRIORITISED", None), "a", "SENT_UP", None)
    ended = more(state, [SessionClosed()])
    assert moved(ended, "a", "ACCOMMODATED_NEXT_YEAR", None).board.proposals[A].status == "ACCOMMODATED_NEXT_YEAR"
    back = {"proposal": "a", "base": 3, "status": "PRIORITISED", "before": None}
    assert code(ended, "proposal.move", back) == "wrong_phase"
    several = {"items": [{"proposal": "a", "base": 3}], "status": FATES[0]}
    assert more(ended, when(ended, "proposals.move", several)).board.proposals[A].status == FATES[0]
    assert code(ended, "proposals.move", {**several, "status": "PRIORITISED"}) == "wrong_phase"


def test_a_card_stands_before_any_card_of_its_column_whatever_its_status() -> None:
    state = moved(given(*OPENED, *THREE), "c", "VERIFIED", "a")
    assert [card for _, card in state.board.columns["SUBMITTED"]] == ["c", "a", "b"]
    state = moved(moved(state, "a", "AGREED", None), "b", "DISCUSSED", "a")
    assert [card for _, card in state.board.columns["DISCUSSED"]] == ["b", "a"]


def test_nobody_moves_a_card_out_by_hand() -> None:
    for status in LEFT:
        assert bad_field("proposal.move", {"proposal": "a", "base": 1, "status": status, "before": None}) == "status"
