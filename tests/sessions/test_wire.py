"""Events on paper: every recorded event reads back as it was, and what is not understood stops the reader."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions import dispatch
from sessions.ballot import BallotClosed, BallotOpened
from sessions.hall import SeatAdded
from sessions.journal import BoxCount, Recorded
from sessions.proposal import ProposalAdded
from sessions.state import initial
from sessions.tally import tally
from sessions.wire import UnknownEvent, decode, encode
from tests.sessions.commands import history
from tests.sessions.given import NOW, OPENED, PEJUANG, RW07, SESSION, added, ballot_opened, given


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@examples(st.data())
def test_any_recorded_history_goes_through_json_and_replays_to_the_same_state(data: st.DataObject) -> None:
    told = history(data.draw, steps=30)
    events = [event for _, event in told if event is not None]
    for event in events:
        cls = dispatch.EVENTS[event.type][0]
        assert encode(decode(cls, event.data)) == event.data
    stored = [replace(event, data=json.loads(json.dumps(event.data))) for event in events]
    assert reduce(dispatch.apply, stored, initial(SESSION)) == told[-1][0], "apply is total and sees only the event"


def test_every_event_that_exists_round_trips() -> None:
    """Those a random history may miss: the ones with the deepest members."""
    opened = ballot_opened("open")
    state = given(*OPENED, opened)
    closed = BallotClosed(opened.ballot, tally(state.ballots[opened.ballot], BoxCount((("x",),), ("pejuang-07",))))
    for event in (opened, closed, added("a", 1)):
        assert decode(type(event), json.loads(json.dumps(encode(event)))) == event


def test_what_equals_its_default_is_not_written_and_reads_back() -> None:
    data = encode(added("a", 1))
    assert set(data["content"]) == {"title", "amount", "rw", "proposer"}
    assert decode(ProposalAdded, data).content.volume is None


def test_the_store_can_read_secrecy_and_proof_of_every_opened_ballot() -> None:
    for opened in (ballot_opened("open"), ballot_opened("secret"), ballot_opened("secret", "full")):
        data = encode(opened)
        assert (data["ballot"], data["secrecy"], data["proof"]) == ("b1", opened.secrecy, opened.proof)


GOOD = Recorded(1, NOW, "pass:p", "session_created", {"title": "a", "kind": "plenary", "place": "", "date": ""})


@pytest.mark.parametrize(
    "event",
    [
        replace(GOOD, type="session_exploded"),
        replace(GOOD, seq=2),
        replace(GOOD, data={**GOOD.data, "weather": "rain"}),
        replace(GOOD, data={"title": "a"}),
        replace(GOOD, data={**GOOD.data, "title": 7}),
        replace(GOOD, data={**GOOD.data, "rehearsal": 1}),
    ],
    ids=["type", "gap", "new member", "missing member", "mistyped", "number for a flag"],
)
def test_an_event_of_a_newer_program_is_not_guessed_at(event: Recorded) -> None:
    assert dispatch.apply(initial(SESSION), GOOD).session.title == "a"
    with pytest.raises(UnknownEvent):
        dispatch.apply(initial(SESSION), event)


def test_an_event_about_what_is_not_there_is_not_guessed_at_either() -> None:
    stray = Recorded(1, NOW, "pass:p", "seat_added", encode(SeatAdded(RW07, PEJUANG, "RW 07", voice=True, vote=True)))
    with pytest.raises(UnknownEvent, match="not there"):
        dispatch.apply(initial(SESSION), stray)


def test_lists_must_be_lists() -> None:
    data = encode(ballot_opened())
    with pytest.raises(UnknownEvent):
        decode(BallotOpened, {**data, "electorate": "pejuang-07"})
