"""What `me` says of one's own: here or not, and the cards one stands behind; whoever it changes for is known."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions.attendance import SeatCheckedIn, SeatLeft
from sessions.ids import ProposalId, SeatId
from sessions.own import own_fields, seats_concerned
from sessions.permissions import Actor, Role
from sessions.state import State
from tests.sessions.commands import history
from tests.sessions.given import (
    DELEGATE_07,
    DELEGATE_11,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    OPENED,
    RW07,
    RW11,
    SESSION,
    added,
    given,
    more,
    when,
)
from tests.sessions.test_merge import merged

MINE, TOO, OTHERS = replace(added("a", 1), owner=RW07), replace(added("b", 2), owner=RW07), added("c", 3, JATIASIH)
BOARD = (*OPENED, MINE, TOO, OTHERS)


def own(state: State, actor: Actor = DELEGATE_07) -> list[ProposalId]:
    found: list[ProposalId] = own_fields(state, actor)["own"]
    return found


def test_one_is_here_from_checking_in_until_leaving() -> None:
    away = given(*OPENED)
    here = more(away, [SeatCheckedIn(RW07, "qr")])
    assert [own_fields(one, DELEGATE_07)["here"] for one in (away, here)] == [False, True]
    assert own_fields(here, DELEGATE_11)["here"] is False
    left = more(here, [SeatLeft(RW07)])
    assert own_fields(left, DELEGATE_07)["here"] is False
    assert seats_concerned(away, here) == seats_concerned(here, left) == {RW07}


def test_own_cards_are_those_that_name_the_seat_in_the_order_they_came() -> None:
    state = given(*BOARD)
    assert own(state) == ["a", "b"]
    assert own(state, DELEGATE_11) == []
    assert own_fields(state, HALL_PEJUANG) == {"here": False, "own": []}


def test_a_withdrawn_card_is_nobodys_a_merged_one_still_its_owners() -> None:
    state = given(*BOARD)
    gone = more(state, when(state, "proposal.withdraw", {"proposal": "a", "base": 1, "reason": "ganda"}, DELEGATE_07))
    assert own(gone) == ["b"] and seats_concerned(state, gone) == {RW07}
    into = merged(state, "c", "b")
    assert own(into) == ["a", "b"] and seats_concerned(state, into) == set()


def test_whoever_steps_back_from_a_card_that_stays_for_others_does_not_own_it_any_more() -> None:
    state = merged(given(*BOARD), "a", "c")
    base = state.board.proposals[ProposalId("a")].version
    data = {"proposal": "a", "base": base, "reason": "cukup satu"}
    alone = more(state, when(state, "proposal.withdraw", data, DELEGATE_07))
    assert own(alone) == ["b"] and seats_concerned(state, alone) == {RW07}


def test_the_parts_of_a_card_have_its_owner() -> None:
    state = given(*BOARD)
    data = {"proposal": "a", "base": 1, "parts": [{"title": "Hulu"}, {"title": "Hilir"}]}
    split = more(state, when(state, "proposal.split", data, MODERATOR))
    assert len(own(split)) == 3 and own(split)[:2] == ["a", "b"]
    assert seats_concerned(state, split) == {RW07}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@examples(st.data())
def test_everybody_it_changes_for_is_concerned(data: st.DataObject) -> None:
    states = [state for state, _ in history(data.draw, steps=25)]
    start, end = sorted(data.draw(st.lists(st.integers(0, len(states) - 1), min_size=2, max_size=2)))
    before, after = states[start], states[end]
    concerned = seats_concerned(before, after)
    for seat in (RW07, RW11, *after.seats):
        actor = Actor(SESSION, Role.DELEGATE, MODERATOR.pass_id, seat=SeatId(seat))
        if own_fields(before, actor) != own_fields(after, actor):
            assert seat in concerned
