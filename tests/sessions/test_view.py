"""Views: a snapshot and the changes after it give the later snapshot, and nobody sees more than his class may."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions import dispatch
from sessions.ballot import BallotClosed
from sessions.board import ColumnRenumbered
from sessions.card import proposal_details
from sessions.floor import FloorGranted, FloorRequested
from sessions.ids import BallotId, ProposalId, RequestId
from sessions.journal import BoxCount
from sessions.kind import VIEWS
from sessions.model.floor import FloorRules
from sessions.model.rules import Rules
from sessions.passes import PassIssued
from sessions.permissions import Role
from sessions.proposal import ProposalEdited, ProposalWithdrawn
from sessions.rules import RulesSet, sections
from sessions.state import State, initial
from sessions.tally import tally
from sessions.view import Change, changes, me, snapshot, view_class
from tests.sessions.commands import history
from tests.sessions.given import (
    DELEGATE_07,
    DELEGATE_GUEST,
    DRAIN,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    SCREEN,
    SESSION,
    THREE,
    ballot_opened,
    given,
    more,
)

Picture = dict[tuple[str, str], Any]


def merged(picture: Picture, frame: list[Change]) -> Picture:
    """The one generic merge every client has."""
    after = dict(picture)
    for change in frame:
        key = change["kind"], change["id"]
        if change["fields"] is None:
            after.pop(key, None)
        else:
            after[key] = change["fields"]
    return after


def picture(state: State, view: str) -> Picture:
    return merged({}, snapshot(state, view))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@examples(st.data())
def test_snapshot_and_changes_give_the_later_snapshot_for_every_class(data: st.DataObject) -> None:
    states = [state for state, _ in history(data.draw, steps=25)]
    stops = sorted(data.draw(st.lists(st.integers(0, len(states) - 1), min_size=2, max_size=6)))
    for view in VIEWS:
        held = picture(states[stops[0]], view)
        for start, end in pairwise(stops):
            held = merged(held, changes(states[start], states[end], view))
            assert held == picture(states[end], view)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@examples(st.data())
def test_changes_between_states_that_share_nothing_are_still_right(data: st.DataObject) -> None:
    """Another node replays the journal: equal states, no common objects."""
    told = history(data.draw, steps=25)
    events = [event for _, event in told if event is not None]
    middle = data.draw(st.integers(0, len(events)))
    early = reduce(dispatch.apply, events[:middle], initial(SESSION))
    for view in VIEWS:
        assert merged(picture(early, view), changes(early, told[-1][0], view)) == picture(told[-1][0], view)


def test_nothing_new_is_no_change() -> None:
    state = given(*OPENED, *THREE, ballot_opened())
    assert all(changes(state, replace(state, seq=99), view) == [] for view in VIEWS)


def test_one_edited_card_is_one_change() -> None:
    before = given(*OPENED, *THREE)
    after = more(before, [ProposalEdited(ProposalId("b"), 2, replace(DRAIN, title="Selokan"))])
    (change,) = changes(before, after, "participant")
    assert (change["kind"], change["id"], change["fields"]["title"]) == ("proposal", "b", "Selokan")


def test_a_column_numbered_afresh_is_sent_to_everybody() -> None:
    before = given(*OPENED, *THREE, ProposalWithdrawn(ProposalId("a"), 2, "ganda"))
    after = more(before, [ColumnRenumbered("SUBMITTED")])
    for view in VIEWS:
        frame = changes(before, after, view)
        assert {change["id"]: change["fields"]["rank"] for change in frame} == {"b": 1, "c": 2}
        assert merged(picture(before, view), frame) == picture(after, view)


def test_a_withdrawn_card_is_removed_for_everybody() -> None:
    before = given(*OPENED, *THREE)
    after = more(before, [ProposalWithdrawn(ProposalId("b"), 2, "ganda")])
    for view in VIEWS:
        assert changes(before, after, view) == [{"kind": "proposal", "id": "b", "fields": None}]
        assert ("proposal", "b") not in picture(after, view)


def test_every_role_has_its_class() -> None:
    assert {role.value: view_class(role) for role in Role} == {
        "moderator": "moderator",
        "admin": "moderator",
        "agency": "moderator",
        "system": "moderator",
        "hall": "hall",
        "delegate": "participant",
        "screen": "screen",
        "public": "public",
    }


FIELDS = {
    "session": "title kind parent phase place date tz rehearsal opened_at closed_at seat_count hall_count"
    " level form territory_code territory_name year previous feeds recess_at recess_until recess_reason sealed_at",
    "parcel": "to name state at tries code detail",
    "group": "title halls fields seats proposals state at ended_at",
    "trail": "group decided_by ancestors sent_to fates",
    "cast": "to source title shown",
    "delegate": "hall office ballot sent_to",
    "hall": "name kecamatan order seat_count",
    "seat": "hall office constituency rw voice vote",
    "attendance": "invited present guests",
    "crowd": "invited present guests",
    "arrival": "hall at channel left_at",
    "quorum": "state sitting figures declared_at until date reason",
    "agenda": "title kind order minutes state started_at ended_at speaker hall since spent_ms note",
    "floor": "holder queue panel order due warn_s",
    "equity": "times spoken_ms waiting",
    "site": "came_at lost_at outages lost_ms blanked muted reason",
    "outage": "hall since until cause",
    "rollcall": "question started_at ended_at absent answers",
    "chair": "label since lost_at pass open",
    "deck": "title pages hall page",
    "stage": "scene spotlight focus ballot interpreter",
    "funnel": "hall main amount reserve next_level unpriced shares findings",
    "scoring": (
        "title criteria proposals scorers agencies own_area state opened_at closes_at closed_at"
        " results settlements reason"
    ),
    "scoring_progress": "given scorers",
    "ballot": "title secrecy proof choose_max options state opened_at closes_at closed_at electorate result reason "
    "rule about repeats round override hands channels tie_breaks",
    "channel": "channel",
    "proxy": "seat to ballot",
    "record": "number confirmed addenda sealed_without",
    "proposal": "title hall status rank amount households rw urgency land type survey photos into version",
    "draft": "title problem address amount volume unit agency type urgency land rw households proposer note"
    " hall owner status at version",
    "consensus": "subject proposals outcome note at",
}


# Where a class sees more (+) or less (-) of a kind than FIELDS says.
VARIED: dict[str, dict[str, str]] = {
    "chair": {"moderator": "+ others", **dict.fromkeys(set(VIEWS) - {"moderator"}, "- pass open")},
    "site": {"screen": "- reason"},
    "agenda": dict.fromkeys(set(VIEWS) - {"moderator", "hall"}, "- note"),
    "group": {"moderator": "+ moderator"},
    "session": {"moderator": "+ reaches"},
    "seat": {"hall": "- rw voice vote"},
    "attendance": {"moderator": "+ witnesses", "hall": "+ witnesses"},
    "funnel": {"participant": "- reserve next_level unpriced shares findings"},
    "record": {"moderator": "+ heading forum letterhead place notes signatories cc clauses corrections"},
    "proposal": {
        "moderator": "+ problem address volume unit agency agency_final proposer source field reason reason_code"
        " decisions answer merged lat lon"
    },
    "scoring_progress": {"moderator": "+ by_scorer by_proposal"},
}


def expected(kind: str, view: str) -> set[str]:
    if kind == "rules":
        return {"preset", *sections()}
    sign, *names = VARIED.get(kind, {}).get(view, "+").split()
    return set(FIELDS[kind].split()) ^ set(names) if sign == "-" else {*FIELDS[kind].split(), *names}


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # no shrinking: the failure names it
)
@examples(st.data())
def test_entities_have_exactly_the_fields_of_the_protocol(data: st.DataObject) -> None:
    state = history(data.draw, steps=25)[-1][0]
    for view in VIEWS:
        for (kind, _), fields in picture(state, view).items():
            more = {"per_hall"} if kind == "funnel" and fields["hall"] is None else set()
            assert fields.keys() == expected(kind, view) | more, (kind, view)
            json.dumps(fields, allow_nan=False)


@pytest.mark.parametrize("view", VIEWS)
def test_seats_are_listed_for_moderators_and_halls_alone_and_nobody_sees_passes_or_the_electorate(view: str) -> None:
    issued = PassIssued("p-secret", "delegate", NOW + 1, RW07, PEJUANG)
    state = given(*OPENED, *THREE, issued, ballot_opened())
    kinds = {kind for kind, _ in picture(state, view)}
    assert ("seat" in kinds) == (view in ("moderator", "hall")) and "pass" not in kinds
    told = json.dumps(snapshot(state, view))
    assert "p-secret" not in told
    assert ("jatiasih-11" in told) == (view in ("moderator", "hall")), "a seat id, outside the seats"
    assert picture(state, view)["ballot", "b1"]["electorate"] == 2


def test_a_speaker_is_labelled_by_hall_and_office() -> None:
    asked = FloorRequested(RequestId("r1"), PEJUANG, RW07, "soal drainase"), FloorRequested(RequestId("r2"), JATIASIH)
    state = given(*OPENED, *asked, FloorGranted(RequestId("r1"), NOW + 60_000))
    floor = picture(state, "public")["floor", "floor"]
    assert floor["holder"] == {
        "request": "r1", "hall": "pejuang", "seat": "pejuang-07", "label": "Pejuang · Ketua RW 07",
        "note": "soal drainase", "at": NOW, "since": NOW, "until": NOW + 60_000, "kind": "ordinary", "proposal": None,
        "paused": "", "remaining": None, "running_since": NOW, "spoken_ms": 0, "extensions": 0,
    }  # fmt: skip
    assert [speaker["label"] for speaker in floor["queue"]] == ["Jatiasih"]
    assert "constituency" not in floor["queue"][0]
    assert picture(state, "moderator")["floor", "floor"]["queue"][0]["constituency"] == ""


def test_the_floor_says_which_order_and_which_side_are_due_and_follows_the_rules() -> None:
    asked = FloorRequested(RequestId("r1"), PEJUANG, kind="for"), FloorRequested(RequestId("r2"), JATIASIH)
    state = given(*OPENED, *asked)
    assert (shown := picture(state, "screen")["floor", "floor"])["order"] is None and shown["due"] is None
    state = more(state, [FloorGranted(RequestId("r1"), NOW + 60_000)])
    assert (shown := picture(state, "screen")["floor", "floor"])["due"] == "against" and shown["warn_s"] == 30
    fair = more(state, [RulesSet(Rules(floor=FloorRules(order="fair", alternate=False, warn_s=9)))])
    (floor,) = [change["fields"] for change in changes(state, fair, "screen") if change["kind"] == "floor"]
    assert (floor["order"], floor["due"], floor["warn_s"]) == (["r2"], None, 9)


def test_a_closed_ballot_shows_its_result() -> None:
    state = given(*OPENED, ballot_opened())
    box = BoxCount((("x",),), ("pejuang-07",), ("0" * 32,))
    closed = more(state, [BallotClosed(BallotId("b1"), tally(state.ballots[BallotId("b1")], box))])
    result = picture(closed, "screen")["ballot", "b1"]["result"]
    assert result["counts"] == [{"option": "x", "votes": 1}, {"option": "y", "votes": 0}, {"option": "z", "votes": 0}]
    assert (result["cast"], result["blank"], result["electorate"]) == (1, 0, 2)
    assert (result["elected"], result["tied"], len(result["root"])) == (["x"], [], 64)


def test_details_keep_address_and_proposer_from_the_public() -> None:
    state = given(*OPENED, *THREE, ProposalWithdrawn(ProposalId("b"), 2, "ganda"))
    for view in VIEWS:
        details = proposal_details(state, ProposalId("a"), view)
        assert details is not None and details["problem"] == ""
        assert ("proposer" in details and "address" in details) == (view in ("moderator", "hall"))
        assert proposal_details(state, ProposalId("b"), view) is None
        assert proposal_details(state, ProposalId("q"), view) is None


NO_PROXIES = {"given": [], "received": 0}


def test_me_is_what_concerns_one_seat_alone() -> None:
    asked = FloorRequested(RequestId("r1"), PEJUANG, RW07), FloorRequested(RequestId("r2"), PEJUANG)
    state = given(*OPENED, *asked, FloorRequested(RequestId("p2"), PEJUANG, kind="point_of_order"))
    assert me(state, DELEGATE_07) == {
        "seat": RW07, "hall": PEJUANG, "role": "delegate", "office": "Ketua RW 07", "can_vote": True, "request": "r1",
        "point": None, "scoring": None, "group": None, "here": False, "own": [],
        "channel": "phone", "ballots": {}, "proxies": NO_PROXIES,
    }  # fmt: skip
    assert me(state, HALL_PEJUANG) == {
        "seat": None, "hall": PEJUANG, "role": "hall", "office": None, "can_vote": False, "request": "r2",
        "point": "p2", "scoring": None, "group": None, "here": False, "own": [],
        "channel": None, "ballots": {}, "proxies": NO_PROXIES, "drafts": [],
    }  # fmt: skip
    assert me(state, DELEGATE_GUEST)["can_vote"] is False
    assert me(state, SCREEN)["request"] is None and me(state, MODERATOR)["role"] == "moderator"
