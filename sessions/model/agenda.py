"""An item of the agenda, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import ItemId


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """state: todo, now or done. minutes: planned length. order: from 1."""

    id: ItemId
    title: str
    kind: str
    order: int
    minutes: int
    state: str = "todo"
    started_at: int | None = None
    ended_at: int | None = None
