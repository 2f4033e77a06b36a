"""Ballots: opened with a frozen electorate, closed with their count, declared void with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from sessions import dispatch
from sessions.ballot import BallotClosed, BallotVoided
from sessions.dispatch import result_of
from sessions.errors import Refused
from sessions.hall import SeatAdded
from sessions.ids import BallotId, ProposalId, SeatId
from sessions.journal import BoxCount
from sessions.model.ballot import Option
from sessions.noun import Moment
from sessions.permissions import Actor
from sessions.proposal import ProposalWithdrawn
from sessions.session import SessionOpened
from sessions.state import State
from sessions.tally import tally
from tests.sessions.given import (
    ADMIN,
    CREATED,
    DELEGATE_07,
    DRAFT,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    SYSTEM,
    THREE,
    bad_field,
    ballot_opened,
    code,
    given,
    more,
    refused,
    when,
)

ID = BallotId("b1")
OPTIONS = [{"id": "x", "label": "Drainase"}, {"label": "Jalan", "detail": "Jatiasih"}]
OPEN: dict[str, Any] = {"title": "Prioritas", "options": OPTIONS, "choose_max": 1, "secrecy": "secret"}
EMPTY = BoxCount((), ())
RUNNING = given(*OPENED, ballot_opened(closes_at=NOW + 60_000))
CLOSED = more(RUNNING, [BallotClosed(ID, tally(RUNNING.ballots[ID], EMPTY))])
VOID = more(RUNNING, [BallotVoided(ID, "salah judul")])


def sealed(state: State, name: str, data: Any, actor: Actor = MODERATOR, *, now: int = NOW) -> str | None:
    """The ballot whose box this command would have sealed."""
    ballot: str | None = dispatch.sealed_ballot(state, dispatch.parse(name, data), Moment(actor, now, "fresh"))
    return ballot


def test_opening_freezes_who_may_vote() -> None:
    (event,) = when(given(*OPENED), "ballot.open", OPEN, fresh="b1")
    assert event.electorate == ("jatiasih-11", "pejuang-07"), "the guest has no vote"
    assert result_of([event]) == {"ballot": "b1"}
    late = SeatAdded(SeatId("pejuang-08"), PEJUANG, "Ketua RW 08", voice=True, vote=True)
    state = given(*OPENED, event, late)
    assert state.ballots[ID].electorate == {"jatiasih-11", "pejuang-07"}
    assert (state.stage.scene, state.stage.ballot) == ("ballot", "b1")


def test_options_without_an_id_are_called_by_their_place() -> None:
    (event,) = when(given(*OPENED), "ballot.open", OPEN)
    assert event.options == (Option("x", "Drainase", ""), Option("2", "Jalan", "Jatiasih"))
    assert event.closes_at is None


def test_a_ballot_over_proposals_takes_their_titles_and_halls() -> None:
    over = {key: OPEN[key] for key in ("title", "choose_max", "secrecy")} | {"proposals": ["c", "a"]}
    state = given(*OPENED, *THREE)
    (event,) = when(state, "ballot.open", over)
    assert event.options == (
        Option("c", "Saluran drainase Gg. Mawar", "Jatiasih"),
        Option("a", "Saluran drainase Gg. Mawar", "Pejuang"),
    )
    gone = more(state, [ProposalWithdrawn(ProposalId("a"), 2, "ganda")])
    assert refused(gone, "ballot.open", over) == ("bad_input", {"field": "proposals", "proposal": "a"})
    assert refused(state, "ballot.open", {**over, "proposals": ["a", "a"]})[1] == {"field": "proposals"}


def test_a_limit_in_seconds_becomes_a_deadline() -> None:
    (event,) = when(given(*OPENED), "ballot.open", {**OPEN, "seconds": 90})
    assert event.closes_at == NOW + 90_000


def test_a_receipt_proves_inclusion_unless_more_was_asked_for() -> None:
    def proof(**changed: Any) -> Any:
        return when(given(*OPENED), "ballot.open", {**OPEN, **changed})[0].proof

    assert (proof(), proof(proof="full"), proof(proof=None)) == ("inclusion", "full", "inclusion")
    assert proof(secrecy="open") is None
    assert bad_field("ballot.open", {**OPEN, "secrecy": "open", "proof": "full"}) == "proof"


def test_one_ballot_at_a_time_in_an_open_session_with_somebody_to_vote() -> None:
    assert refused(RUNNING, "ballot.open", OPEN) == ("ballot_is_open", {"ballot": "b1"})
    assert code(given(*DRAFT), "ballot.open", OPEN) == "wrong_phase"
    assert code(given(CREATED, SessionOpened()), "ballot.open", OPEN) == "no_electorate"
    assert code(given(*OPENED), "ballot.open", OPEN, ADMIN) == "forbidden"
    assert len(when(CLOSED, "ballot.open", OPEN)) == 1


def test_choices_and_options_must_fit() -> None:
    assert refused(given(*OPENED), "ballot.open", {**OPEN, "choose_max": 3}) == ("bad_input", {"field": "choose_max"})
    twice = [{"id": "2", "label": "Drainase"}, {"label": "Jalan"}]
    assert refused(given(*OPENED), "ballot.open", {**OPEN, "options": twice}) == ("bad_input", {"field": "options"})


def test_closing_seals_the_box_and_tallies_its_count() -> None:
    assert sealed(RUNNING, "ballot.close", {"ballot": "b1"}) == "b1"
    box = BoxCount((("x",), ("x", "y")), ("jatiasih-11", "pejuang-07"), ("0" * 32, "1" * 32))
    (event,) = when(RUNNING, "ballot.close", {"ballot": "b1"}, box=box)
    assert event == BallotClosed(ID, tally(RUNNING.ballots[ID], box))
    assert (event.result.cast, event.result.elected) == (2, ("x", "y"))
    after = more(RUNNING, [event], at=NOW + 5)
    assert (after.ballots[ID].state, after.ballots[ID].closed_at, after.stage.scene) == ("closed", NOW + 5, "result")


@pytest.mark.parametrize(
    ("state", "expected"), [(CLOSED, "ballot_closed"), (VOID, "ballot_void")], ids=["closed", "void"]
)
@pytest.mark.parametrize("name", ["ballot.close", "deadline.passed"])
def test_a_ballot_is_not_closed_twice_and_its_box_not_sealed_for_that(state: State, expected: str, name: str) -> None:
    with pytest.raises(Refused) as caught:
        sealed(state, name, {"ballot": "b1"}, SYSTEM, now=NOW + 60_000)
    assert caught.value.code == expected


def test_no_box_is_sealed_for_a_command_that_is_refused() -> None:
    for name, data, actor, expected in (
        ("ballot.close", {"ballot": "b1"}, DELEGATE_07, "forbidden"),
        ("ballot.close", {"ballot": "b2"}, MODERATOR, "unknown_ballot"),
        ("ballot.void", {"ballot": "b1"}, MODERATOR, "reason_required"),
        ("ballot.void", {"ballot": "b1", "reason": "x"}, SYSTEM, "forbidden"),
        ("deadline.passed", {"ballot": "b1"}, MODERATOR, "forbidden"),
    ):
        with pytest.raises(Refused) as caught:
            sealed(RUNNING, name, data, actor, now=NOW + 60_000)
        assert caught.value.code == expected


def test_a_timer_ahead_of_the_database_is_told_to_wait() -> None:
    assert code(RUNNING, "deadline.passed", {"ballot": "b1"}, SYSTEM, now=NOW + 59_999) == "too_early"
    assert sealed(RUNNING, "deadline.passed", {"ballot": "b1"}, SYSTEM, now=NOW + 60_000) == "b1"
    (event,) = when(RUNNING, "deadline.passed", {"ballot": "b1"}, SYSTEM, now=NOW + 60_000, box=EMPTY)
    assert isinstance(event, BallotClosed)
    unlimited = given(*OPENED, ballot_opened())
    assert code(unlimited, "deadline.passed", {"ballot": "b1"}, SYSTEM, now=NOW + 10**9) == "too_early"


def test_an_open_ballot_is_voided_with_its_box_sealed_and_a_closed_one_without() -> None:
    void = {"ballot": "b1", "reason": "daftar pemilih salah"}
    assert sealed(RUNNING, "ballot.void", void) == "b1" and sealed(CLOSED, "ballot.void", void) is None
    events = when(CLOSED, "ballot.void", void)
    assert events == [BallotVoided(ID, "daftar pemilih salah")]
    ballot = more(CLOSED, events).ballots[ID]
    assert (ballot.state, ballot.result, ballot.reason) == ("void", None, "daftar pemilih salah")
    assert refused(VOID, "ballot.void", void) == ("ballot_void", {"ballot": "b1"})


def test_bad_shapes() -> None:
    assert bad_field("ballot.open", {**OPEN, "seconds": 9}) == "seconds"
    assert bad_field("ballot.open", {**OPEN, "options": OPTIONS[:1]}) == "options"
    assert bad_field("ballot.open", {**OPEN, "proposals": ["a", "b"]}) == "options"
    assert bad_field("ballot.open", {key: OPEN[key] for key in ("title", "choose_max", "secrecy")}) == "options"
    assert bad_field("ballot.open", {**OPEN, "choose_max": 0}) == "choose_max"
    assert bad_field("ballot.open", {**OPEN, "secrecy": "half"}) == "secrecy"
    assert bad_field("ballot.open", {**OPEN, "options": [{"label": "a"}, {"label": 7}]}) == "options.1.label"
    assert bad_field("ballot.close", {"ballot": ""}) == "ballot"
