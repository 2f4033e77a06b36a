"""Who asks for the floor and who holds it, as values."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import HallId, RequestId, SeatId


@dataclass(frozen=True, slots=True)
class Speaker:
    """A request for the floor. seat is None when the hall itself asked. since, until: set once it is granted."""

    request: RequestId
    hall: HallId
    seat: SeatId | None
    note: str
    at: int
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    holder: Speaker | None = None
    queue: tuple[Speaker, ...] = ()


@dataclass(frozen=True, slots=True)
class FloorRules:
    """Of the floor."""
