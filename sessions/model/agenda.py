"""An item of the agenda, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import HallId, ItemId


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """state: todo, now or done. minutes: planned length. order: from 1. speaker: who is expected, as text for people.

    started_at: when it first began. ended_at: when it last ended. since: from when its clock runs, None while it does
    not (todo, done, or the session in recess). spent_ms: what its clock had counted before `since`.
    """

    id: ItemId
    title: str
    kind: str
    order: int
    minutes: int
    state: str = "todo"
    started_at: int | None = None
    ended_at: int | None = None
    speaker: str = ""
    hall: HallId | None = None
    note: str = ""
    since: int | None = None
    spent_ms: int = 0
