"""The session itself: created, opened, closed, and the deadlines its timers must keep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions import agenda
from sessions.ballot import open_ballot
from sessions.errors import Refused
from sessions.ids import SessionId
from sessions.journal import Json
from sessions.noun import Moment, Noun, require_phase
from sessions.shape import date, flag, ident, nullable, one_of, record, text
from sessions.state import Floor, Session, State


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


@dataclass(frozen=True, slots=True)
class Deadline:
    """A command a timer submits as the system once `at_ms` has come, under a key every node would use."""

    at_ms: int
    key: str
    name: str
    data: Json


def deadlines(state: State) -> list[Deadline]:
    """What the clock still has to do, soonest first."""
    waiting = [
        Deadline(ballot.closes_at, f"deadline-{ballot.id}", "deadline.passed", {"ballot": ballot.id})
        for ballot in state.ballots.values()
        if ballot.state == "open" and ballot.closes_at is not None
    ]
    return sorted(waiting, key=lambda deadline: deadline.at_ms)


def due(state: State, now: int) -> list[Deadline]:
    """The deadlines that have come. A timer whose clock is ahead is refused `too_early` and simply tries again."""
    return [deadline for deadline in deadlines(state) if deadline.at_ms <= now]


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
        "session.create": (CREATE, decide_create),
        "session.open": (record(OpenSession, {}), decide_open),
        "session.close": (record(CloseSession, {}), decide_close),
    },
    events={
        "session_created": (SessionCreated, apply_created),
        "session_opened": (SessionOpened, apply_opened),
        "session_closed": (SessionClosed, apply_closed),
    },
)
