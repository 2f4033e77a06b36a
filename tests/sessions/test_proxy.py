"""Proxies: who votes for whom on open ballots, until they vote themselves."""

from __future__ import annotations

from functools import reduce
from typing import Any

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from sessions import dispatch
from sessions.errors import Refused
from sessions.hall import HallAdded, SeatAdded
from sessions.ids import BallotId, PassId, SeatId
from sessions.journal import BoxCount
from sessions.model.ballot import Proxy
from sessions.noun import Moment
from sessions.permissions import Actor, Role
from sessions.session import SessionOpened
from sessions.state import State
from sessions.transcript import transcript
from tests.sessions.given import CREATED, MODERATOR, NOW, PEJUANG, SESSION, code, given, more, refused, when

ID = BallotId("b1")
SEATS = tuple(SeatId(f"s{number}") for number in range(6))
A, B, C, D = SEATS[:4]
ASKED: dict[str, Any] = {
    "title": "Prioritas",
    "secrecy": "open",
    "method": "single",
    "options": [{"id": "x", "label": "Drainase"}, {"id": "y", "label": "Jalan"}],
}


def hall(most: int = 2) -> State:
    seats = [SeatAdded(seat, PEJUANG, f"Ketua RW {seat}", True, True) for seat in SEATS]
    guest = SeatAdded(SeatId("guest"), PEJUANG, "Peninjau", True, False)
    state = given(CREATED, HallAdded(PEJUANG, "Pejuang", "Medansatria", 1), *seats, guest, SessionOpened())
    rule = {"changes": {"voting": {"delegations_most": most}}, "reason": "tata tertib"}
    return more(state, when(state, "rules.set", rule)) if most else state


def of(seat: SeatId) -> Actor:
    return Actor(SESSION, Role.DELEGATE, PassId(f"p-{seat}"), seat=seat, hall=PEJUANG)


def lets(state: State, seat: SeatId, to: SeatId, ballot: str | None = None) -> State:
    return more(state, when(state, "ballot.delegate", {"to": to, "ballot": ballot}, of(seat)))


def opened(state: State, secrecy: str = "open") -> State:
    return more(state, when(state, "ballot.open", {**ASKED, "secrecy": secrecy}, fresh="b1"))


def box_of(votes: dict[SeatId, str]) -> BoxCount:
    pairs = tuple(sorted((str(seat), (choice,)) for seat, choice in votes.items()))
    return BoxCount(tuple(sorted(choices for _, choices in pairs)), tuple(sorted(votes)), (), pairs)


def closed(state: State, votes: dict[SeatId, str]) -> State:
    return more(state, when(state, "ballot.close", {"ballot": "b1"}, box=box_of(votes)))


def test_a_delegate_votes_for_whoever_did_not() -> None:
    state = closed(opened(lets(lets(hall(), A, B), C, B)), {B: "x", D: "y"})
    result = state.ballots[ID].result
    assert result is not None and (result.cast, result.delegated) == (4, 2)
    assert [count.votes for count in result.counts] == [3, 1]
    told = transcript(state, ID, box_of({B: "x", D: "y"}))
    assert told["delegations"] == [{"seat": A, "to": B}, {"seat": C, "to": B}]


def test_whoever_votes_itself_is_not_voted_for() -> None:
    result = closed(opened(lets(hall(), A, B)), {A: "y", B: "x"}).ballots[ID].result
    assert result is not None and ([count.votes for count in result.counts], result.delegated) == ([1, 1], 0)


def test_a_chain_goes_on_to_the_first_that_voted() -> None:
    state = opened(lets(lets(hall(), A, B), B, C))
    assert closed(state, {C: "x"}).ballots[ID].delegated == (Proxy(A, C, ID), Proxy(B, C, ID))
    assert closed(state, {D: "x"}).ballots[ID].delegated == ()


def test_whoever_votes_by_hand_is_not_voted_for() -> None:
    """Its hand may be among those the hall counts, and nobody knows which is whose."""
    state = lets(hall(), A, B)
    state = opened(more(state, when(state, "channel.set", {"seats": [A], "channel": "hand"})))
    assert closed(state, {B: "x"}).ballots[ID].delegated == ()


def test_on_one_ballot_it_may_be_somebody_else() -> None:
    state = lets(opened(lets(hall(), A, B)), A, C, "b1")
    assert closed(state, {B: "x", C: "y"}).ballots[ID].delegated == (Proxy(A, C, ID),)
    state = more(state, when(state, "ballot.undelegate", {"ballot": "b1"}, of(A)))
    assert closed(state, {B: "x", C: "y"}).ballots[ID].delegated == (Proxy(A, B, ID),)
    state = more(state, when(state, "ballot.undelegate", {}, of(A)))
    assert closed(state, {B: "x", C: "y"}).ballots[ID].delegated == ()
    assert when(state, "ballot.undelegate", {}, of(A)) == [], "twice is harmless"


def test_what_is_refused() -> None:
    state = hall()

    def refusal(to: str, actor: Actor, before: State = state, ballot: str | None = None) -> str:
        return code(before, "ballot.delegate", {"to": to, "ballot": ballot}, actor)

    assert refusal(B, of(A), hall(0)) == "no_delegation"
    assert refusal("nobody", of(A)) == "unknown_seat"
    assert refusal("guest", of(A)) == "not_in_electorate"
    assert refusal(A, of(SeatId("guest"))) == "not_in_electorate"
    assert refusal(A, of(A)) == "delegation_cycle"
    assert refusal(A, of(C), lets(lets(state, A, B), B, C)) == "delegation_cycle"
    full = lets(lets(state, A, D), B, D)
    assert refused(full, "ballot.delegate", {"to": D}, of(C)) == ("delegation_full", {"seat": D, "most": 2})
    chained = lets(lets(state, A, B), B, C)
    assert refusal(A, of(D), chained) == "delegation_full", "C would vote for three"
    assert refusal(B, of(A), opened(state, "secret"), "b1") == "not_on_secret"
    assert refusal(B, of(A), ballot="b9") == "unknown_ballot"
    assert refusal(B, of(A), closed(opened(state), {}), "b1") == "ballot_closed"
    assert refusal(B, MODERATOR) == "forbidden"
    assert code(closed(opened(state), {}), "ballot.undelegate", {"ballot": "b1"}, of(A)) == "ballot_closed"
    assert when(lets(state, A, B), "ballot.delegate", {"to": B}, of(A)) == [], "nothing changes"


def test_secret_ballots_know_no_proxies() -> None:
    state = opened(lets(hall(), A, B), "secret")
    box = BoxCount((("x",),), (B,), ("0" * 32,))
    result = more(state, when(state, "ballot.close", {"ballot": "b1"}, box=box)).ballots[ID].result
    assert result is not None and (result.cast, result.delegated) == (1, 0)


@settings(deadline=None, max_examples=60)
@examples(
    st.lists(st.tuples(st.sampled_from(SEATS), st.sampled_from(SEATS), st.sampled_from([None, "b1"])), max_size=14),
    st.dictionaries(st.sampled_from(SEATS), st.sampled_from("xy")),
)
def test_one_seat_is_one_vote_however_votes_are_handed_on(
    handed: list[tuple[SeatId, SeatId, str | None]], votes: dict[SeatId, str]
) -> None:
    def step(state: State, one: tuple[SeatId, SeatId, str | None]) -> State:
        command = dispatch.parse("ballot.delegate", {"to": one[1], "ballot": one[2]})
        try:
            return more(state, dispatch.decide(state, command, Moment(of(one[0]), NOW, "f")))
        except Refused:
            return state

    state = closed(reduce(step, handed, opened(hall())), votes)
    ballot = state.ballots[ID]
    assert ballot.result is not None
    voted_for = [proxy.seat for proxy in ballot.delegated]
    assert len(set(voted_for)) == len(voted_for) and not set(voted_for) & votes.keys()
    assert {proxy.to for proxy in ballot.delegated} <= votes.keys()
    assert all(sum(proxy.to == seat for proxy in ballot.delegated) <= 2 for seat in SEATS)
    assert ballot.result.cast == len(votes) + len(voted_for) <= len(SEATS)


def test_proxies_given_under_a_laxer_rule_count_no_further_than_the_ballots_own() -> None:
    state = lets(lets(lets(hall(3), A, D), B, D), C, D)
    strict = {"changes": {"voting": {"delegations_most": 1}}, "reason": "tata tertib"}
    state = opened(more(state, when(state, "rules.set", strict)))
    (closed,) = when(state, "ballot.close", {"ballot": "b1"}, box=box_of({D: "x"}))
    assert closed.delegated == (Proxy(A, D, ID),) and closed.result.cast == 2
