"""Roles, actors, and the circles of roles that commands are open to."""

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
    AGENCY = "agency"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever gives a command: a role in one session, with the seat or hall it stands for.

    claim: which claim of its card a device came in by; 0 where cards are not claimed by devices.
    """

    session: SessionId
    role: Role
    pass_id: PassId
    seat: SeatId | None = None
    hall: HallId | None = None
    claim: int = 0

    @property
    def id(self) -> str:
        """What idempotency keys belong to and the journal names; never a person's name."""
        if self.seat is not None:
            return f"seat:{self.seat}"
        return f"pass:{self.pass_id}" if self.role is not Role.SYSTEM else "system"


# Whether a hall touches its own proposal, or a delegate its own request, is for the noun to decide.
MODERATOR = frozenset({Role.MODERATOR})
SYSTEM = frozenset({Role.SYSTEM})
SECRETARIAT = frozenset({Role.ADMIN, Role.SYSTEM})
CLOSERS = frozenset({Role.MODERATOR, Role.SYSTEM})
ASKERS = frozenset({Role.HALL, Role.DELEGATE})
FLOOR = frozenset({Role.MODERATOR, Role.HALL, Role.DELEGATE})
BOARD = frozenset({Role.MODERATOR, Role.HALL})
DOOR = frozenset({Role.HALL, Role.MODERATOR, Role.ADMIN, Role.SYSTEM})
AGENCIES = frozenset({Role.MODERATOR, Role.AGENCY})

VOTERS = frozenset({Role.DELEGATE})
SCORERS = frozenset({Role.DELEGATE, Role.AGENCY})
