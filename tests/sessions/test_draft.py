"""Drafts: written by a hall, seen by it and the moderator alone, and no part of anything until they are submitted."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sessions import dispatch
from sessions.draft import DRAFTS_MOST, DraftAdded, DraftDropped, halls_concerned
from sessions.errors import Refused
from sessions.ids import PassId, ProposalId
from sessions.kind import VIEWS
from sessions.minutes import minutes
from sessions.model.content import Content
from sessions.permissions import Actor, Role
from sessions.proposal import ProposalAdded
from sessions.session import SessionClosed, SessionReopened
from sessions.state import State
from sessions.view import changes, me, snapshot
from signaling.gateway.ports import GatewaySettings
from tests.sessions.between import World
from tests.sessions.given import (
    DELEGATE_07,
    DRAIN,
    HALL_JATIASIH,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    SESSION,
    STEP,
    THREE,
    code,
    given,
    more,
    refused,
    when,
)

DRAFT_ID = ProposalId("fresh")
FIRST = {"proposal": "fresh", "base": 1}
SUMUR = {"title": "Sumur resapan", "hall": "pejuang", "amount": 9_000_000, "owner": RW07, "background": "Banjir"}


def written(state: State | None = None) -> State:
    """Three cards on the board, and a draft of Pejuang."""
    state = state or given(*OPENED, *THREE)
    return more(state, when(state, "draft.add", SUMUR, HALL_PEJUANG))


def test_a_hall_writes_changes_and_submits_and_then_it_is_a_card_like_any_other() -> None:
    state = written()
    edit = {**FIRST, "fields": {"title": "Sumur resapan RW 07", "purpose": "Air tanah"}}
    state = more(state, when(state, "draft.edit", edit, HALL_PEJUANG))
    assert (state.drafts[DRAFT_ID].version, state.drafts[DRAFT_ID].content.amount) == (2, 9_000_000)
    events = when(state, "proposal.submit", {**FIRST, "base": 2}, HALL_PEJUANG, now=NOW + 5)
    content = state.drafts[DRAFT_ID].content
    assert events == [DraftDropped(DRAFT_ID), ProposalAdded(DRAFT_ID, PEJUANG, content, 4 * STEP, RW07)]
    assert dispatch.result_of(events) == {"proposal": "fresh", "version": 1}
    after = more(state, events, at=NOW + 5)
    card = after.board.proposals[DRAFT_ID]
    assert (card.status, card.version, card.added_at, card.owner) == ("SUBMITTED", 1, NOW + 5, RW07)
    assert (card.content.aims.background, card.content.aims.purpose) == ("Banjir", "Air tanah")
    assert not after.drafts and after.board.owned[RW07] == (DRAFT_ID,)


@pytest.mark.parametrize("view", VIEWS)
def test_only_the_moderator_and_its_own_hall_see_it(view: str) -> None:
    empty = given(*OPENED, *THREE)
    state = written(empty)
    shown = {(one["kind"], one["id"]) for one in snapshot(state, view)}
    assert (("draft", "fresh") in shown) == (view == "moderator") and ("proposal", "fresh") not in shown
    assert [one["kind"] for one in changes(empty, state, view)] == (["draft"] if view == "moderator" else [])
    assert ("Sumur resapan" in json.dumps(snapshot(state, view))) == (view == "moderator")


def test_a_hall_is_told_its_own_and_nobody_elses() -> None:
    state = written()
    (own,) = me(state, HALL_PEJUANG)["drafts"]
    assert (own["proposal"], own["title"], own["status"], own["version"], own["at"]) == (
        "fresh", "Sumur resapan", "DRAFT", 1, NOW,
    )  # fmt: skip
    assert me(state, HALL_JATIASIH)["drafts"] == []
    for other in (MODERATOR, DELEGATE_07):
        assert "drafts" not in me(state, other)
    later = more(state, when(state, "draft.edit", {**FIRST, "fields": {"rw": "07"}}))
    gone = more(later, when(later, "draft.drop", {**FIRST, "base": 2}))
    pairs = [(given(*OPENED), state), (state, later), (later, gone), (gone, gone)]
    assert [halls_concerned(*pair) for pair in pairs] == [{PEJUANG}, {PEJUANG}, {PEJUANG}, set()]


# Everything that takes proposals, given a draft.
SEEN = [{"proposal": "fresh", "base": 1}]
ELSEWHERE: dict[str, dict[str, Any]] = {
    "proposal.edit": {**FIRST, "fields": {"title": "x"}},
    "proposal.move": {**FIRST, "status": "PRIORITISED", "before": None},
    "proposals.move": {"items": SEEN, "status": "PRIORITISED"},
    "proposal.decide": {**FIRST, "decision": "ACCEPTED"},
    "proposals.decide": {"items": SEEN, "decision": "ACCEPTED"},
    "proposal.withdraw": {**FIRST, "reason": "batal"},
    "proposal.merge": {"into": "a", "base": 1, "proposals": SEEN},
    "proposal.split": {**FIRST, "parts": [{"title": "x"}, {"title": "y"}]},
    "proposal.answer": {**FIRST, "survey_status": "SUDAH"},
    "proposal.reroute": {**FIRST, "agency": "Bina Marga", "reason": "x"},
    "proposals.send_up": {"proposals": ["fresh"]},
    "stage.focus": {"proposal": "fresh"},
    "consensus.declare": {"subject": "x", "outcome": "agreed", "proposals": ["fresh"]},
    "scoring.open": {"criteria": "yalimo", "proposals": ["fresh", "a"], "scorers": [RW07]},
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_it_is_no_card_for_anything_else(name: str) -> None:
    state = more(written(), [dispatch.EVENTS["session_linked"][0]("kota")])
    data = {"to": "kota", **ELSEWHERE[name]} if name == "proposals.send_up" else ELSEWHERE[name]
    assert code(state, name, data) == "unknown_proposal"


def test_it_is_no_option_of_a_ballot() -> None:
    data = {"title": "x", "proposals": ["fresh", "a"], "choose_max": 1, "secrecy": "open", "override": "x"}
    assert refused(written(), "ballot.open", data) == ("bad_input", {"field": "proposals", "proposal": "fresh"})


def test_it_is_nowhere_in_board_sums_or_record() -> None:
    empty = given(*OPENED, *THREE)
    assert written(empty).board is empty.board
    events = (*OPENED, *THREE, DraftAdded(DRAFT_ID, PEJUANG, replace(DRAIN, title="Sumur")), SessionClosed())
    told = minutes(SESSION, [dispatch.recorded(event, seq, NOW, "x") for seq, event in enumerate(events, 1)])
    assert "Saluran drainase" in repr(told) and "fresh" not in repr(told) and "Sumur" not in repr(told)


def test_what_is_still_a_draft_at_the_close_stays_and_may_go_on_when_the_session_does() -> None:
    state = written()
    closed = more(state, when(state, "session.close"))
    assert closed.session.phase == "closed" and DRAFT_ID in closed.drafts
    for name, data in (
        ("draft.edit", {**FIRST, "fields": {"rw": "7"}}),
        ("draft.drop", FIRST),
        ("proposal.submit", FIRST),
    ):
        assert code(closed, name, data) == "wrong_phase"
    again = more(closed, [SessionReopened("ralat")])
    assert when(again, "proposal.submit", FIRST)
    assert more(written(), [SessionClosed()]).board == state.board


def test_it_stays_with_the_plenary_when_its_hall_goes_into_a_group() -> None:
    world = World()
    world.create("kec", ("a",), 1)
    draft = world.give("kec", "draft.add", {"title": "Taman", "hall": "a"})["proposal"]
    world.propose("kec", "a", "Jalan")
    world.give("kec", "groups.split", {"groups": [{"session": "g1", "title": "Kelompok", "halls": ["a"]}]}, Role.ADMIN)
    assert world.deliver() == [] and world.titles("g1") == ["Jalan"] and not world["g1"].drafts
    world.give("kec", "proposal.submit", {"proposal": draft, "base": 1})
    assert world.titles("kec") == ["Jalan", "Taman"] and world.titles("g1") == ["Jalan"]


def test_an_id_an_import_took_meanwhile_does_not_stop_it() -> None:
    state = written()
    state = more(state, [ProposalAdded(DRAFT_ID, JATIASIH, DRAIN, 9 * STEP)])
    events = when(state, "proposal.submit", FIRST, fresh="another")
    assert dispatch.result_of(events) == {"proposal": "another", "version": 1}
    assert len(more(state, events).board.proposals) == 5


def test_a_hall_touches_only_its_own_and_each_change_is_on_top_of_the_last() -> None:
    state = written()
    for name, data in (
        ("draft.edit", {**FIRST, "fields": {"rw": "7"}}),
        ("draft.drop", FIRST),
        ("proposal.submit", FIRST),
    ):
        assert code(state, name, data, HALL_JATIASIH) == "forbidden", name
        assert code(state, name, data, DELEGATE_07) == "forbidden", name
        got, told = refused(state, name, {**data, "base": 2})
        assert (got, told["version"], told["fields"]["title"], told["fields"]["status"]) == (
            "stale", 1, "Sumur resapan", "DRAFT",
        )  # fmt: skip
        assert code(state, name, {**data, "proposal": "a"}) == "unknown_draft", "a card is none any more"
    assert code(state, "draft.add", SUMUR, HALL_JATIASIH) == "forbidden"


def test_a_hall_keeps_no_more_drafts_than_its_page_can_hold() -> None:
    state = given(*OPENED, *(DraftAdded(ProposalId(f"d{n}"), PEJUANG, DRAIN) for n in range(DRAFTS_MOST)))
    assert refused(state, "draft.add", SUMUR) == ("too_many_drafts", {"hall": PEJUANG, "most": DRAFTS_MOST})
    assert when(state, "draft.add", {"title": "x", "hall": "jatiasih"})
    state = more(state, when(state, "draft.drop", {"proposal": "d7", "base": 1}))
    assert when(state, "draft.add", SUMUR, Actor(SESSION, Role.HALL, PassId("p"), hall=PEJUANG))


def test_what_a_hall_is_told_of_its_drafts_stays_below_what_is_cut_off_as_unread() -> None:
    """A page that is sent more than that over a slow line would lose its connection again each time it comes back."""
    long = {"title": "ü" * 240, "hall": "pejuang", "problem": "😀" * 1000, "note": "😀" * 1000, "address": "😀" * 300}
    state, added = given(*OPENED), 0
    while added < DRAFTS_MOST and (events := attempted(state, long, f"n{added}")):
        state, added = more(state, events), added + 1
    assert 10 < added < DRAFTS_MOST
    told = json.dumps(me(state, HALL_PEJUANG), ensure_ascii=False).encode()
    assert len(told) < GatewaySettings().slow_reader_bytes * 2 // 3
    assert when(state, "draft.add", {**long, "hall": "jatiasih"}), "another hall has room of its own"


def attempted(state: State, data: dict[str, Any], fresh: str) -> Any:
    try:
        return when(state, "draft.add", data, HALL_PEJUANG, fresh=fresh)
    except Refused as no:
        assert (no.code, no.data) == ("drafts_too_long", {"hall": PEJUANG, "most": 150})
        return []


def test_a_draft_that_is_too_long_may_still_be_shortened() -> None:
    drafts = (DraftAdded(ProposalId(f"d{n}"), PEJUANG, Content("Sumur", problem="é" * 1000)) for n in range(100))
    state = given(*OPENED, *drafts)
    edit = {"proposal": "d3", "base": 1}
    assert code(state, "draft.edit", {**edit, "fields": {"note": "x"}}) == "drafts_too_long"
    assert when(state, "draft.edit", {**edit, "fields": {"problem": "é" * 999}})
