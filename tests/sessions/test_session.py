"""The session: created once, opened from draft, closed when no ballot runs, and what its timers must do."""

from __future__ import annotations

import pytest

from sessions.agenda import AgendaItemStarted, AgendaPlanned, PlannedItem
from sessions.dispatch import COMMANDS as KNOWN
from sessions.dispatch import deadlines, due
from sessions.ids import ItemId, PassId, RequestId
from sessions.noun import Deadline
from sessions.permissions import Actor, Role
from sessions.session import SessionClosed, SessionCreated, SessionOpened
from tests.sessions.given import (
    ADMIN,
    CREATED,
    DELEGATE_07,
    DRAFT,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    SCREEN,
    SESSION,
    SYSTEM,
    bad_field,
    ballot_opened,
    code,
    given,
    refused,
    when,
)

PLENARY = {"title": "Musrenbang RKPD 2019", "kind": "plenary", "place": "Aula Bappeda", "date": "2018-01-23"}


def test_a_session_is_created_once() -> None:
    assert when(given(), "session.create", PLENARY, ADMIN) == [CREATED]
    assert code(given(CREATED), "session.create", PLENARY, ADMIN) == "already_exists"


def test_a_group_session_names_its_parent_and_a_plenary_has_none() -> None:
    group = {**PLENARY, "kind": "group", "parent": "kota"}
    (event,) = when(given(), "session.create", group, SYSTEM)
    assert isinstance(event, SessionCreated) and event.parent == "kota"
    assert refused(given(), "session.create", {**PLENARY, "kind": "group"}, ADMIN) == ("bad_input", {"field": "parent"})
    assert code(given(), "session.create", {**PLENARY, "parent": "kota"}, ADMIN) == "bad_input"
    assert code(given(), "session.create", {**group, "parent": SESSION}, ADMIN) == "bad_input"


def test_nothing_but_creation_happens_in_a_session_that_does_not_exist() -> None:
    assert code(given(), "session.open") == "unknown_session"


def test_a_draft_is_opened_and_an_open_session_closed_and_neither_twice() -> None:
    assert when(given(*DRAFT), "session.open") == [SessionOpened()]
    assert code(given(*OPENED), "session.open") == "wrong_phase"
    assert when(given(*OPENED), "session.close") == [SessionClosed()]
    assert refused(given(*DRAFT), "session.close") == ("wrong_phase", {"phase": "draft"})
    assert code(given(*OPENED, SessionClosed()), "session.open") == "wrong_phase"


def test_a_session_is_not_closed_while_a_ballot_runs() -> None:
    assert refused(given(*OPENED, ballot_opened()), "session.close") == ("ballot_is_open", {"ballot": "b1"})


def test_closing_ends_the_agenda_item_and_clears_the_floor() -> None:
    from sessions.floor import FloorRequested

    item = ItemId("i1")
    planned = AgendaPlanned((PlannedItem(item, "Pembukaan", "OPENING", 10),))
    speaker = FloorRequested(RequestId("r1"), PEJUANG)
    state = given(*OPENED, planned, AgendaItemStarted(item), speaker, SessionClosed())
    assert state.session.phase == "closed" and state.session.closed_at == NOW
    assert (state.agenda[0].state, state.agenda[0].ended_at) == ("done", NOW)
    assert state.floor.queue == () and state.floor.holder is None


def test_an_open_ballot_with_a_limit_is_a_deadline_under_a_key_every_node_would_use() -> None:
    state = given(*OPENED, ballot_opened(closes_at=NOW + 60_000))
    deadline = Deadline(NOW + 60_000, "deadline-b1", "deadline.passed", {"ballot": "b1"})
    assert deadlines(state) == [deadline]
    assert due(state, NOW + 59_999) == [] and due(state, NOW + 60_000) == [deadline]
    assert deadlines(given(*OPENED, ballot_opened())) == []


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_screens_and_the_public_command_nothing(name: str) -> None:
    assert not KNOWN[name].roles & {Role.SCREEN, Role.PUBLIC}


@pytest.mark.parametrize("actor", [SCREEN, DELEGATE_07, ADMIN, SYSTEM], ids=lambda actor: actor.role)
def test_only_the_moderator_opens_a_session(actor: Actor) -> None:
    assert code(given(*DRAFT), "session.open", {}, actor) == "forbidden"


def test_a_moderator_of_another_session_is_nobody_here() -> None:
    from sessions.ids import SessionId

    other = Actor(SessionId("jambi"), Role.MODERATOR, PassId("p"))
    assert code(given(*DRAFT), "session.open", {}, other) == "forbidden"


def test_a_revoked_pass_commands_nothing() -> None:
    from sessions.passes import PassIssued, PassRevoked

    card = MODERATOR.pass_id
    issued = PassIssued(card, "moderator", NOW + 1)
    assert when(given(*DRAFT, issued), "session.open") == [SessionOpened()]
    assert code(given(*DRAFT, issued, PassRevoked(card)), "session.open") == "pass_revoked"


def test_badly_shaped_commands_name_the_field() -> None:
    assert bad_field("session.create", {**PLENARY, "date": "23-01-2018"}) == "date"
    assert bad_field("session.create", {**PLENARY, "title": "  "}) == "title"
    assert bad_field("session.create", {**PLENARY, "title": "a\u0000b"}) == "title"
    assert bad_field("session.create", {**PLENARY, "title": "\ud800"}) == "title"
    assert bad_field("session.create", {**PLENARY, "judul": "x"}) == "judul"
    assert bad_field("session.create", {**PLENARY, "rehearsal": 1}) == "rehearsal"
    assert bad_field("session.create", {**PLENARY, "kind": ["plenary"]}) == "kind"
    assert bad_field("session.open", []) == "data"
    assert bad_field("session.open", {"now": True}) == "now"


def test_an_unknown_command_is_refused_by_name() -> None:
    assert code(given(*OPENED), "session.explode") == "unknown_command"
