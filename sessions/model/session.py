"""The session itself, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import SessionId


@dataclass(frozen=True, slots=True)
class Session:
    """The journal's owner. phase: draft, lobby, open, recess, closed or sealed; no title before `session_created`.

    level: of the musrenbang, see sessions/session.py. form: what kind of sitting it is; group when kind is. year: the
    plan year. previous: the session of the year before. feeds: the session of the next level, which receives what this
    one sends up. recess_until: when it is meant to go on, None when nobody said. reaches: other sessions that its
    moderators may name, besides these and its groups.
    """

    id: SessionId
    title: str = ""
    kind: str = "plenary"
    parent: SessionId | None = None
    phase: str = "draft"
    place: str = ""
    date: str = ""
    tz: str = "WIB"
    rehearsal: bool = False
    opened_at: int | None = None
    closed_at: int | None = None
    level: str | None = None
    form: str = "PLENARY"
    territory_code: str = ""
    territory_name: str = ""
    year: int | None = None
    previous: SessionId | None = None
    feeds: SessionId | None = None
    recess_at: int | None = None
    recess_until: int | None = None
    recess_reason: str = ""
    sealed_at: int | None = None
    reaches: tuple[SessionId, ...] = ()

    @property
    def created(self) -> bool:
        return self.title != ""
