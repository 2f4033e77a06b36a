"""The session itself: created, opened, closed, and the deadlines its timers must keep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions import agenda
from sessions.ballot import open_ballot
from sessions.errors import Refused
from sessions.ids import SessionId
from sessions.model.floor import Floor
from sessions.model.session import Session
from sessions.noun import Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR, SECRETARIAT
from sessions.shape import date, flag, ident, nullable, one_of, record, text
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Create:
    title: str
    kind: str
    place: str
    date: str
    tz: str = "WIB"
    parent: SessionId | None = None
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class OpenSession:
    pass


@dataclass(frozen=True, slots=True)
class CloseSession:
    pass


@dataclass(frozen=True, slots=True)
class SessionCreated:
    title: str
    kind: str
    place: str
    date: str
    tz: str = "WIB"
    parent: SessionId | None = None
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class SessionOpened:
    pass


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """With it the current agenda item ends and the floor is cleared."""


def decide_create(state: State, command: Create, moment: Moment) -> list[Any]:
    if state.session.created:
        raise Refused("already_exists")
    if (command.kind == "group") != (command.parent is not None) or command.parent == state.session.id:
        raise Refused("bad_input", field="parent")
    return [
        SessionCreated(
            command.title, command.kind, command.place, command.date, command.tz, command.parent, command.rehearsal
        )
    ]


def decide_open(state: State, command: OpenSession, moment: Moment) -> list[Any]:
    require_phase(state, "draft")
    return [SessionOpened()]


def decide_close(state: State, command: CloseSession, moment: Moment) -> list[Any]:
    require_phase(state, "open")
    running = open_ballot(state)
    if running is not None:
        raise Refused("ballot_is_open", ballot=running.id)
    return [SessionClosed()]


def apply_created(state: State, event: SessionCreated, at: int) -> State:
    session = Session(
        id=state.session.id,
        title=event.title,
        kind=event.kind,
        parent=event.parent,
        place=event.place,
        date=event.date,
        tz=event.tz,
        rehearsal=event.rehearsal,
    )
    return replace(state, session=session)


def apply_opened(state: State, event: SessionOpened, at: int) -> State:
    return replace(state, session=replace(state.session, phase="open", opened_at=at))


def apply_closed(state: State, event: SessionClosed, at: int) -> State:
    session = replace(state.session, phase="closed", closed_at=at)
    items = tuple(agenda.ended(item, at) for item in state.agenda)
    return replace(state, session=session, agenda=items, floor=Floor())


CREATE = record(
    Create,
    {"title": text(160, 1), "kind": one_of("plenary", "group"), "place": text(160), "date": date},
    {"tz": one_of("WIB", "WITA", "WIT"), "parent": nullable(ident), "rehearsal": flag},
)

NOUN = Noun(
    commands={
        "session.create": Act(CREATE, decide_create, SECRETARIAT),
        "session.open": Act(record(OpenSession, {}), decide_open, MODERATOR),
        "session.close": Act(record(CloseSession, {}), decide_close, MODERATOR),
    },
    events={
        "session_created": (SessionCreated, apply_created),
        "session_opened": (SessionOpened, apply_opened),
        "session_closed": (SessionClosed, apply_closed),
    },
)
