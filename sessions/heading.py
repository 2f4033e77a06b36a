"""What stands at the head of the session: title, place, date, zone, plan year, territory; put right after founding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import SECRETARIAT
from sessions.shape import Check, bad, date, integer, members, nullable, one_of, record, text
from sessions.state import State

Changes = tuple[tuple[str, Any], ...]  # a field of SessionEdited and its value


@dataclass(frozen=True, slots=True)
class EditSession:
    """changes: what is named; the rest stays as it is."""

    changes: Changes
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SessionEdited:
    """The head from now on, whole. reason: why, once the session was opened. Groups already founded keep theirs."""

    title: str
    place: str
    date: str
    tz: str = "WIB"
    year: int | None = None
    territory_code: str = ""
    territory_name: str = ""
    reason: str = ""


def head_of(state: State) -> SessionEdited:
    session = state.session
    return SessionEdited(
        session.title,
        session.place,
        session.date,
        session.tz,
        session.year,
        session.territory_code,
        session.territory_name,
    )


def decide_edit(state: State, command: EditSession, moment: Moment) -> list[Any]:
    """Once the session is open people have read its head: a change needs a reason, which the record tells."""
    require_phase(state, *BEFORE_THE_END)
    if state.session.phase in ("open", "recess") and not command.reason:
        raise Refused("reason_required")
    before = head_of(state)
    after = replace(before, **dict(command.changes))
    return [] if after == before else [replace(after, reason=command.reason)]


def apply_edited(state: State, event: SessionEdited, at: int) -> State:
    head = {name: getattr(event, name) for name in SessionEdited.__slots__ if name != "reason"}
    return replace(state, session=replace(state.session, **head))


def territory(value: Any, field: str) -> dict[str, str]:
    return members(value, field, {"code": text(40), "name": text(80)}, {})


HEAD: dict[str, Check] = {
    "title": text(160, 1),
    "place": text(160),
    "date": date,
    "tz": one_of("WIB", "WITA", "WIT"),
    "year": nullable(integer(2000, 2200)),
    "territory": territory,
}


def edit(reason: str = "", territory: dict[str, str] | None = None, **named: Any) -> EditSession:
    """Raises ProtocolError("bad_input") for a command that names nothing to change."""
    if territory is not None:
        named |= {f"territory_{part}": value for part, value in territory.items()}
    if not named:
        bad("title")
    return EditSession(tuple(named.items()), reason)


NOUN = Noun(
    commands={"session.edit": Act(record(edit, {}, {**HEAD, "reason": text(500)}), decide_edit, SECRETARIAT)},
    events={"session_edited": (SessionEdited, apply_edited)},
)
