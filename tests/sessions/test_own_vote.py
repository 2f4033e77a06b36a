"""What `me` says about voting: by what this seat votes, on which open ballots, and whose proxy it has or gave."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.ballot import BallotVoided
from sessions.ids import BallotId, SeatId
from sessions.model.rules import Rules
from sessions.own_vote import changed_voters, own_vote, votes_begin_or_end
from sessions.permissions import Actor
from sessions.state import State
from sessions.view import me
from tests.sessions.given import HALL_PEJUANG, MODERATOR, PEJUANG, PUBLIC, SCREEN, SYSTEM, more, when
from tests.sessions.test_proxy import ASKED, A, B, C, D, hall, lets, of, opened


def told(state: State, actor: Actor) -> tuple[Any, Any, Any]:
    mine = me(state, actor)
    return mine["channel"], mine["ballots"], mine["proxies"]


def test_a_seat_is_told_its_channel_and_whether_it_votes_on_what_is_open() -> None:
    state = hall(0)
    state = more(state, when(state, "channel.set", {"seats": [B], "channel": "kiosk"}))
    state = more(
        state, when(state, "ballot.open", {**ASKED, "electorate": {"kind": "seats", "seats": [A, B]}}, fresh="b1")
    )
    none = {"given": [], "received": 0}
    assert told(state, of(A)) == ("phone", {"b1": {"in": True, "channel": "phone"}}, none)
    assert told(state, of(B)) == ("kiosk", {"b1": {"in": True, "channel": "kiosk"}}, none)
    assert told(state, of(C)) == ("phone", {"b1": {"in": False, "channel": "phone"}}, none)
    assert told(state, of(SeatId("guest")))[1] == {"b1": {"in": False, "channel": "phone"}}
    voided = more(state, [BallotVoided(BallotId("b1"), "salah")])
    assert told(voided, of(A))[1] == {}


def test_what_an_open_ballot_settled_stays_when_the_channel_changes() -> None:
    state = hall(0)
    state = more(
        state, when(state, "ballot.open", {**ASKED, "electorate": {"kind": "seats", "seats": [A]}}, fresh="b1")
    )
    state = more(state, when(state, "channel.set", {"seats": [B], "channel": "hand"}))
    assert told(state, of(B))[:2] == ("hand", {"b1": {"in": False, "channel": "phone"}})


def test_a_hall_that_votes_itself_is_told_so_and_its_seats_are_not() -> None:
    state = hall(0)
    state = more(state, when(state, "ballot.open", {**ASKED, "electorate": {"kind": "each_hall"}}, fresh="b1"))
    assert told(state, HALL_PEJUANG)[:2] == (None, {"b1": {"in": True, "channel": "phone"}})
    assert told(state, of(A))[1] == {"b1": {"in": False, "channel": "phone"}}
    plain = opened(hall(0))
    assert told(plain, HALL_PEJUANG)[1] == {"b1": {"in": False, "channel": "phone"}}


@pytest.mark.parametrize("actor", [MODERATOR, SCREEN, PUBLIC, SYSTEM])
def test_who_has_neither_seat_nor_hall_hears_of_no_vote(actor: Actor) -> None:
    assert told(opened(hall()), actor) == (None, {}, {"given": [], "received": 0})


def test_proxies_given_and_received_standing_and_on_what_is_open() -> None:
    state = lets(lets(hall(3), A, B), C, B)
    given = {"to": B, "to_label": "Pejuang · Ketua RW s1", "ballot": None}
    assert told(state, of(A))[2] == {"given": [given], "received": 0}
    assert told(state, of(B))[2] == {"given": [], "received": 2}
    state = lets(lets(opened(state), A, D, "b1"), C, B, "b1")
    own = {"to": D, "to_label": "Pejuang · Ketua RW s3", "ballot": "b1"}
    assert told(state, of(A))[2] == {"given": [given, own], "received": 0}
    assert told(state, of(B))[2]["received"] == 2, "C named B twice, which is one vote"
    assert told(state, of(D))[2]["received"] == 1
    closed = more(state, [BallotVoided(BallotId("b1"), "salah")])
    assert told(closed, of(A))[2]["given"] == [given]
    assert told(closed, of(D))[2]["received"] == 0


def test_who_must_be_told_anew() -> None:
    state = hall(3)
    named = lets(state, A, B)
    assert changed_voters(state, named) == {A, B}
    assert changed_voters(named, lets(named, A, C)) == {A, B, C}
    assert changed_voters(named, named) == set() == changed_voters(state, opened(state))
    moved = more(state, when(state, "channel.set", {"seats": [D], "channel": "kiosk"}))
    assert changed_voters(state, moved) == {D}
    running = opened(state)
    assert votes_begin_or_end(state, running) and not votes_begin_or_end(state, named)
    ended = more(running, [BallotVoided(BallotId("b1"), "salah")])
    assert votes_begin_or_end(running, ended)
    told_later = lets(running, A, B, "b1")
    assert not votes_begin_or_end(running, told_later)


def test_nothing_else_may_change_what_a_seat_is_told() -> None:
    """The rules and other nouns have no say: a push at these changes is enough."""
    state = lets(opened(hall(3)), A, B, "b1")
    more_rules = when(state, "rules.set", {"changes": {"floor": {"warn_s": 9}}, "reason": "tata tertib"})
    after = more(state, more_rules)
    assert after.rules != Rules() and own_vote(after, of(A)) == own_vote(state, of(A))
    assert own_vote(state, of(A))["ballots"]["b1"]["in"] and PEJUANG in state.halls
