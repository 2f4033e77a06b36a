"""Who may do what: roles, actors, and the table of commands each role may give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sessions.ids import HallId, PassId, SeatId, SessionId


class Role(StrEnum):
    MODERATOR = "moderator"
    HALL = "hall"
    DELEGATE = "delegate"
    SCREEN = "screen"
    PUBLIC = "public"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever gives a command: a role in one session, with the seat or hall it stands for."""

    session: SessionId
    role: Role
    pass_id: PassId
    seat: SeatId | None = None
    hall: HallId | None = None

    @property
    def id(self) -> str:
        """What idempotency keys belong to and the journal names; never a person's name."""
        if self.seat is not None:
            return f"seat:{self.seat}"
        return f"pass:{self.pass_id}" if self.role is not Role.SYSTEM else "system"
