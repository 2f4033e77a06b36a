"""Which moderator leads, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import PassId


@dataclass(frozen=True, slots=True)
class Chair:
    """leader: the pass of the moderator who leads, None before anybody took the chair. lost_at: since when that
    moderator is away, None while here; losses: how often that happened in this lead."""

    leader: PassId | None = None
    since: int | None = None
    lost_at: int | None = None
    losses: int = 0
