"""Phases: what ends them, what still goes on after the seal; and whatever is tried in any order, they stay sound."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from sessions import dispatch
from sessions.agenda import AgendaPlanned, PlannedItem
from sessions.ballot import BallotVoided
from sessions.dispatch import COMMANDS as KNOWN
from sessions.dispatch import Command
from sessions.errors import Refused
from sessions.floor import FloorRequested
from sessions.ids import BallotId, ItemId, PassId, RequestId
from sessions.passes import PassIssued
from sessions.permissions import Role
from sessions.session import SessionClosed, SessionRecessed
from sessions.state import State
from tests.sessions.given import (
    ADMIN,
    DRAFT,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    SYSTEM,
    THREE,
    ballot_opened,
    code,
    given,
    more,
    refused,
    when,
)

# What happens between sessions and to passes does not stop with the seal; the record gets its addenda.
AFTER_SEALING = {
    *("parcel.delivered", "parcel.refused", "parcel.resend", "parcel.forget", "fates.received"),
    *("proposals.carry_asked", "cast.ended", "pass.issue", "pass.revoke", "key.publish"),
}


def in_phase(phase: str) -> State:
    item = AgendaPlanned((PlannedItem(ItemId("i1"), "Pembukaan", "OPENING", 10),))
    card = PassIssued(PassId("p1"), "screen", 1 << 50)
    state = given(*OPENED, *THREE, item, card, FloorRequested(RequestId("r1"), PEJUANG))
    return replace(state, session=replace(state.session, phase=phase))


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_after_sealing_only_what_says_so_may_still_be_given(name: str) -> None:
    act = KNOWN[name]
    actor = {Role.SYSTEM: SYSTEM, Role.ADMIN: ADMIN}.get(sorted(act.roles)[-1], MODERATOR)
    actor = replace(actor, role=sorted(act.roles)[0])
    if act.sealed:
        dispatch.authorize(in_phase("sealed"), Command(name, None), actor)
    else:
        with pytest.raises(Refused, match="session_sealed"):
            dispatch.authorize(in_phase("sealed"), Command(name, None), actor)


def test_what_goes_on_after_sealing_is_what_passes_between_sessions_passes_and_the_records_addenda() -> None:
    sealed = {name for name, act in KNOWN.items() if act.sealed}
    assert sealed >= AFTER_SEALING
    others = {name.split(".")[0] for name in sealed - AFTER_SEALING}
    # A card lets its bearer in after sealing too, so it may still have to move to another device.
    known = {"record", "file", "proposal", "proposals", "pass"}
    assert others <= known, "say here why something else may still be given"


def test_a_recess_needs_a_reason_and_no_running_ballot_and_says_until_when() -> None:
    open_ = given(*OPENED)
    assert refused(open_, "session.recess") == ("reason_required", {})
    (event,) = when(open_, "session.recess", {"reason": "makan siang", "minutes": 30})
    assert event == SessionRecessed("makan siang", NOW + 30 * 60_000)
    state = more(open_, [event])
    session = state.session
    assert (session.phase, session.recess_at, session.recess_until) == ("recess", NOW, NOW + 30 * 60_000)
    state = more(state, when(state, "session.resume"))
    assert (state.session.phase, state.session.recess_at, state.session.recess_reason) == ("open", None, "")
    assert code(given(*OPENED, ballot_opened()), "session.recess", {"reason": "makan"}) == "ballot_is_open"


def test_the_speakers_clock_stands_still_in_a_recess() -> None:
    state = given(*OPENED, FloorRequested(RequestId("r1"), PEJUANG))
    state = more(state, when(state, "floor.grant", {"request": "r1", "minutes": 3}))
    state = more(state, when(state, "session.recess", {"reason": "x"}, now=NOW + 60_000), at=NOW + 60_000)
    assert state.floor.holder is not None and state.floor.holder.until is None
    state = more(state, when(state, "session.resume", now=NOW + 600_000), at=NOW + 600_000)
    assert state.floor.holder is not None and state.floor.holder.until == NOW + 720_000


def test_a_closed_session_is_opened_again_for_a_reason_until_it_is_sealed() -> None:
    closed = given(*OPENED, SessionClosed())
    assert code(closed, "session.reopen") == "reason_required"
    again = more(closed, when(closed, "session.reopen", {"reason": "hasil belum dibacakan"}))
    assert (again.session.phase, again.session.closed_at, again.session.opened_at) == ("open", None, NOW)
    sealed = more(closed, when(closed, "session.seal", {"reason": "x"}))
    assert (sealed.session.phase, sealed.session.sealed_at) == ("sealed", NOW)
    assert code(sealed, "session.reopen", {"reason": "x"}) == "session_sealed"


def test_a_rehearsal_is_never_sealed() -> None:
    created = replace(DRAFT[0], rehearsal=True)
    state = given(created, *OPENED[1:], SessionClosed())
    assert code(state, "session.seal") == "rehearsal_never_sealed"


def test_a_session_keeps_the_territory_year_and_neighbours_it_was_created_with() -> None:
    data = {
        "title": "x", "kind": "plenary", "place": "", "date": "2026-01-01", "level": "KECAMATAN",
        "form": "PLENARY_CLOSE", "territory": {"code": "31.71.01", "name": "Gambir"}, "year": 2027,
        "previous": "gambir-2026", "feeds": "jakpus-2027",
    }  # fmt: skip
    session = more(given(), when(given(), "session.create", data, ADMIN)).session
    assert (session.level, session.form, session.year) == ("KECAMATAN", "PLENARY_CLOSE", 2027)
    assert (session.territory_code, session.territory_name) == ("31.71.01", "Gambir")
    assert (session.previous, session.feeds) == ("gambir-2026", "jakpus-2027")
    wrong = [("form", "GROUP"), ("feeds", "bekasi-2018"), ("previous", "bekasi-2018")]
    for field, value in wrong:
        assert refused(given(), "session.create", {**data, field: value}, ADMIN) == ("bad_input", {"field": field})


FLOW = {
    "draft": {"lobby", "open"},
    "lobby": {"open"},
    "open": {"recess", "closed"},
    "recess": {"open", "closed"},
    "closed": {"open", "sealed"},
    "sealed": set[str](),
}
STEPS = {
    "session.lobby": {},
    "session.open": {},
    "session.recess": {"reason": "x"},
    "session.resume": {},
    "session.close": {},
    "session.reopen": {"reason": "x"},
    "session.seal": {"reason": "x"},
}


@settings(max_examples=200, deadline=None)
@examples(st.lists(st.sampled_from([*sorted(STEPS), "ballot", "void"]), max_size=30))
def test_whatever_is_tried_the_phases_follow_each_other_as_they_should(tries: list[str]) -> None:
    state, walked, ballots = given(*DRAFT), ["draft"], 0
    for name in tries:
        running = ballots and state.ballots[BallotId(f"b{ballots}")].state == "open"
        if name == "ballot":
            if state.session.phase == "open" and not running:
                ballots += 1
                state = more(state, [ballot_opened(ballot=BallotId(f"b{ballots}"))])
        elif name == "void":
            if running:
                state = more(state, [BallotVoided(BallotId(f"b{ballots}"), "salah")])
        else:
            try:
                events = when(state, name, STEPS[name])
            except Refused:
                continue
            assert not (running and name in ("session.close", "session.recess"))
            state = more(state, events)
            walked.append(state.session.phase)
            assert (state.session.closed_at is not None) == (state.session.phase in ("closed", "sealed"))
            assert (state.session.recess_at is not None) == (state.session.phase == "recess")
    assert all(after in FLOW[before] for before, after in pairwise(walked))
