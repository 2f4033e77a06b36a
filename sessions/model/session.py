"""The session itself, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import SessionId


@dataclass(frozen=True, slots=True)
class Session:
    """The journal's owner. phase: draft, open or closed; draft with an empty title before `session_created`."""

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

    @property
    def created(self) -> bool:
        return self.title != ""
