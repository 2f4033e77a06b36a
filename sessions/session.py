"""The session itself: created, opened, paused, closed and sealed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions import agenda, scoring
from sessions.ballot import open_ballot
from sessions.casting import cast_off
from sessions.clock import after_recess, cleared, recessed
from sessions.errors import Refused
from sessions.fates import fates_of
from sessions.heading import HEAD
from sessions.ids import SessionId
from sessions.model.session import Session
from sessions.noun import BEFORE_THE_END, PREPARING, RUNNING, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR, SECRETARIAT, SYSTEM
from sessions.record import sealing
from sessions.results import results_of
from sessions.shape import Check, flag, ident, integer, list_of, nullable, one_of, record, text
from sessions.state import State

LEVELS = ("RW_FORUM", "KELURAHAN", "KECAMATAN", "AGENCY_FORUM", "CITY")
FORMS = ("PLENARY_OPEN", "PLENARY", "GROUP", "PLENARY_CLOSE")
MINUTE_MS = 60_000
REACHES_MOST = 200
REASON = text(500)
MUST = ("title", "place", "date")


@dataclass(frozen=True, slots=True)
class Create:
    title: str
    kind: str
    place: str
    date: str
    tz: str = "WIB"
    parent: SessionId | None = None
    rehearsal: bool = False
    level: str | None = None
    form: str | None = None
    territory_code: str = ""
    territory_name: str = ""
    year: int | None = None
    previous: SessionId | None = None
    feeds: SessionId | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What the neighbours of the session are called, once they are known. reaches: None leaves them as they are."""

    feeds: SessionId | None
    previous: SessionId | None
    reaches: tuple[SessionId, ...] | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@dataclass(frozen=True, slots=True)
class OfPlenary:
    """plenary: whose word this is; None in parcels sent before they said so."""

    plenary: SessionId | None = None


@dataclass(frozen=True, slots=True)
class Recess:
    reason: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Reopen:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """reason: why without the forum's approval of the record as it stands, where the rules ask for that."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class SessionCreated:
    title: str
    kind: str
    place: str
    date: str
    tz: str = "WIB"
    parent: SessionId | None = None
    rehearsal: bool = False
    level: str | None = None
    form: str = ""
    territory_code: str = ""
    territory_name: str = ""
    year: int | None = None
    previous: SessionId | None = None
    feeds: SessionId | None = None


@dataclass(frozen=True, slots=True)
class SessionLinked:
    feeds: SessionId | None = None
    previous: SessionId | None = None
    reaches: tuple[SessionId, ...] = ()


@dataclass(frozen=True, slots=True)
class LobbyOpened:
    pass


@dataclass(frozen=True, slots=True)
class SessionOpened:
    pass


@dataclass(frozen=True, slots=True)
class SessionRecessed:
    reason: str
    until: int | None = None


@dataclass(frozen=True, slots=True)
class SessionResumed:
    """Whoever holds the floor gets the time of the recess back."""


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """With it the current agenda item ends and the floor is cleared."""


@dataclass(frozen=True, slots=True)
class SessionReopened:
    reason: str


@dataclass(frozen=True, slots=True)
class SessionSealed:
    """reason: why without approval of the record as it stood, empty where it was approved."""

    reason: str = ""


def decide_create(state: State, command: Create, moment: Moment) -> list[Any]:
    if state.session.created:
        raise Refused("already_exists")
    if (command.kind == "group") != (command.parent is not None) or command.parent == state.session.id:
        raise Refused("bad_input", field="parent")
    form = command.form or ("GROUP" if command.kind == "group" else "PLENARY")
    if (form == "GROUP") != (command.kind == "group"):
        raise Refused("bad_input", field="form")
    require_others(state, command)
    members = {name: getattr(command, name) for name in Create.__slots__ if name != "form"}
    # A plain form is not written, as before there were any.
    return [SessionCreated(**members, form="" if form in ("PLENARY", "GROUP") else form)]


def require_others(state: State, command: Create | Link) -> None:
    """Nobody feeds himself, and no year comes before itself."""
    for field in ("feeds", "previous"):
        if getattr(command, field) == state.session.id:
            raise Refused("bad_input", field=field)


def decide_link(state: State, command: Link, moment: Moment) -> list[Any]:
    require_others(state, command)
    session = state.session
    reaches = session.reaches if command.reaches is None else command.reaches
    if session.id in reaches or len(set(reaches)) < len(reaches):
        raise Refused("bad_input", field="reaches")
    linked = command.feeds, command.previous, reaches
    return [] if linked == (session.feeds, session.previous, session.reaches) else [SessionLinked(*linked)]


def decide_lobby(state: State, command: Empty, moment: Moment) -> list[Any]:
    require_phase(state, "draft")
    return [LobbyOpened()]


def decide_open(state: State, command: Empty, moment: Moment) -> list[Any]:
    require_phase(state, *PREPARING)
    return [SessionOpened()]


def require_nothing_runs(state: State) -> None:
    """Raises ballot_is_open or scoring_is_open: nobody who votes or scores is sent away, no result follows the end."""
    running = open_ballot(state)
    if running is not None:
        raise Refused("ballot_is_open", ballot=running.id)
    scored = scoring.running(state)
    if scored is not None:
        raise Refused("scoring_is_open", scoring=scored.id)


def decide_recess(state: State, command: Recess, moment: Moment) -> list[Any]:
    require_phase(state, *RUNNING)
    require_nothing_runs(state)
    if not command.reason:
        raise Refused("reason_required")
    until = None if command.minutes is None else moment.now + command.minutes * MINUTE_MS
    return [SessionRecessed(command.reason, until)]


def decide_resume(state: State, command: Empty, moment: Moment) -> list[Any]:
    require_phase(state, "recess")
    return [SessionResumed()]


def decide_close(state: State, command: Empty, moment: Moment) -> list[Any]:
    require_phase(state, "open", "recess")
    return closing(state, moment)


def require_plenary(state: State, plenary: SessionId | None) -> None:
    """Raises Refused("not_linked") for a session that is no group of this plenary."""
    parent = state.session.parent
    if state.session.kind != "group" or parent is None or plenary not in (None, parent):
        raise Refused("not_linked", session=plenary)


def decide_called_back(state: State, command: OfPlenary, moment: Moment) -> list[Any]:
    """Its plenary wants its results now, even if it never began."""
    require_plenary(state, command.plenary)
    return closing(state, moment) if state.session.phase in BEFORE_THE_END else []


def decide_recalled(state: State, command: OfPlenary, moment: Moment) -> list[Any]:
    """Its plenary goes on without it: nothing of it counts."""
    require_plenary(state, command.plenary)
    return [GroupDismissed()] if not state.groups.returned else []


def closing(state: State, moment: Moment) -> list[Any]:
    """The end, and what others have waited for: a plenary its group's results, a level below the fate of its cards."""
    require_nothing_runs(state)
    away = sorted(group.session for group in state.groups.every.values() if group.away)
    if away:
        raise Refused("groups_are_out", groups=away)
    parcels = [*results_of(state, moment), *cast_off(state, moment), *fates_of(state, moment)]
    return [SessionClosed(), *parcels]


def decide_reopen(state: State, command: Reopen, moment: Moment) -> list[Any]:
    """Not a group whose plenary has its results, or has gone on without them."""
    require_phase(state, "closed")
    if state.groups.returned:
        raise Refused("results_sent")
    if not command.reason:
        raise Refused("reason_required")
    return [SessionReopened(command.reason)]


def decide_seal(state: State, command: Seal, moment: Moment) -> list[Any]:
    require_phase(state, "closed")
    if state.session.rehearsal:
        raise Refused("rehearsal_never_sealed")
    return [SessionSealed(sealing(state, command.reason))]


@dataclass(frozen=True, slots=True)
class GroupDismissed:
    """The plenary goes on without this group; it ends here and now."""


def apply_created(state: State, event: SessionCreated, at: int) -> State:
    members = {name: getattr(event, name) for name in SessionCreated.__slots__ if name != "form"}
    form = event.form or ("GROUP" if event.kind == "group" else "PLENARY")
    return replace(state, session=Session(id=state.session.id, form=form, **members))


def apply_linked(state: State, event: SessionLinked, at: int) -> State:
    session = replace(state.session, feeds=event.feeds, previous=event.previous, reaches=event.reaches)
    return replace(state, session=session)


def apply_lobby(state: State, event: LobbyOpened, at: int) -> State:
    return replace(state, session=replace(state.session, phase="lobby"))


def apply_opened(state: State, event: SessionOpened, at: int) -> State:
    return replace(state, session=replace(state.session, phase="open", opened_at=at))


def apply_recessed(state: State, event: SessionRecessed, at: int) -> State:
    session = replace(state.session, phase="recess", recess_at=at, recess_until=event.until, recess_reason=event.reason)
    return replace(state, session=session, agenda=agenda.paused(state.agenda, at), floor=recessed(state.floor, at))


def without_recess(session: Session, phase: str) -> Session:
    return replace(session, phase=phase, recess_at=None, recess_until=None, recess_reason="")


def apply_resumed(state: State, event: SessionResumed, at: int) -> State:
    floor = after_recess(state, at)
    items = agenda.resumed(state.agenda, at)
    return replace(state, session=without_recess(state.session, "open"), floor=floor, agenda=items)


def apply_closed(state: State, event: SessionClosed | GroupDismissed, at: int) -> State:
    session = replace(without_recess(state.session, "closed"), closed_at=state.session.closed_at or at)
    items = tuple(agenda.ended(item, at) for item in state.agenda)
    groups = replace(state.groups, returned=state.session.kind == "group")
    return replace(state, session=session, agenda=items, floor=cleared(state.floor, at), groups=groups)


def apply_reopened(state: State, event: SessionReopened, at: int) -> State:
    return replace(state, session=replace(state.session, phase="open", closed_at=None))


def apply_sealed(state: State, event: SessionSealed, at: int) -> State:
    told = replace(state.record, sealed_without=event.reason) if event.reason else state.record
    return replace(state, session=replace(state.session, phase="sealed", sealed_at=at), record=told)


REQUIRED: dict[str, Check] = {"kind": one_of("plenary", "group"), **{name: HEAD[name] for name in MUST}}
OPTIONAL: dict[str, Check] = {
    **{name: check for name, check in HEAD.items() if name not in MUST},
    "parent": nullable(ident),
    "rehearsal": flag,
    "level": nullable(one_of(*LEVELS)),
    "form": nullable(one_of(*FORMS)),
    "territory": nullable(HEAD["territory"]),
    "previous": nullable(ident),
    "feeds": nullable(ident),
}


def create(territory: dict[str, str] | None = None, **checked: Any) -> Create:
    named = territory or {"code": "", "name": ""}
    return Create(**checked, territory_code=named["code"], territory_name=named["name"])


NOTHING = record(Empty, {})
OF_PLENARY = record(OfPlenary, {}, {"plenary": nullable(ident)})
REACHES = nullable(list_of(ident, 0, REACHES_MOST))
LINK = record(Link, {"feeds": nullable(ident), "previous": nullable(ident)}, {"reaches": REACHES})

NOUN = Noun(
    commands={
        "session.create": Act(record(create, REQUIRED, OPTIONAL), decide_create, SECRETARIAT, founds=True),
        "session.link": Act(LINK, decide_link, SECRETARIAT),
        "session.lobby": Act(NOTHING, decide_lobby, MODERATOR),
        "session.open": Act(NOTHING, decide_open, MODERATOR),
        "session.recess": Act(
            record(Recess, {}, {"reason": REASON, "minutes": nullable(integer(1, 24 * 60))}), decide_recess, MODERATOR
        ),
        "session.resume": Act(NOTHING, decide_resume, MODERATOR),
        "session.close": Act(NOTHING, decide_close, MODERATOR),
        "session.reopen": Act(record(Reopen, {}, {"reason": REASON}), decide_reopen, MODERATOR),
        "session.seal": Act(record(Seal, {}, {"reason": REASON}), decide_seal, MODERATOR),
        "session.called_back": Act(OF_PLENARY, decide_called_back, SYSTEM),
        "session.recalled": Act(OF_PLENARY, decide_recalled, SYSTEM),
    },
    events={
        "session_created": (SessionCreated, apply_created),
        "session_linked": (SessionLinked, apply_linked),
        "lobby_opened": (LobbyOpened, apply_lobby),
        "session_opened": (SessionOpened, apply_opened),
        "session_recessed": (SessionRecessed, apply_recessed),
        "session_resumed": (SessionResumed, apply_resumed),
        "session_closed": (SessionClosed, apply_closed),
        "group_dismissed": (GroupDismissed, apply_closed),
        "session_reopened": (SessionReopened, apply_reopened),
        "session_sealed": (SessionSealed, apply_sealed),
    },
)
