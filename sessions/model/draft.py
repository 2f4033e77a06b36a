"""A proposal that is still being written, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import HallId, ProposalId, SeatId
from sessions.model.content import Content

STATUS = "DRAFT"


@dataclass(frozen=True, slots=True)
class Draft:
    """owner: the seat it will belong to. at: when it was begun, milliseconds since 1970 UTC. version counts changes."""

    id: ProposalId
    hall: HallId
    content: Content
    owner: SeatId | None = None
    at: int = 0
    version: int = 1
