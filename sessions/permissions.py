"""Who may do what: roles, actors, and the table of commands each role may give."""

from __future__ import annotations

from collections.abc import Mapping
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


MODERATOR = frozenset({Role.MODERATOR})
SECRETARIAT = frozenset({Role.ADMIN, Role.SYSTEM})
FLOOR = frozenset({Role.MODERATOR, Role.HALL, Role.DELEGATE})
BOARD = frozenset({Role.MODERATOR, Role.HALL})

# Whether a hall touches its own proposal, or a delegate its own request, is for the noun to decide.
COMMANDS: Mapping[str, frozenset[Role]] = {
    "session.create": SECRETARIAT,
    "session.open": MODERATOR,
    "session.close": MODERATOR,
    "hall.add": SECRETARIAT,
    "seat.add": SECRETARIAT,
    "pass.issue": SECRETARIAT,
    "pass.revoke": SECRETARIAT,
    "key.publish": frozenset({Role.SYSTEM}),
    "agenda.plan": SECRETARIAT,
    "agenda.next": MODERATOR,
    "agenda.goto": MODERATOR,
    "floor.request": frozenset({Role.HALL, Role.DELEGATE}),
    "floor.withdraw": FLOOR,
    "floor.grant": MODERATOR,
    "floor.yield": FLOOR,
    "floor.extend": MODERATOR,
    "stage.spotlight": MODERATOR,
    "stage.show": MODERATOR,
    "stage.focus": MODERATOR,
    "proposals.import": SECRETARIAT,
    "proposal.add": BOARD,
    "proposal.edit": BOARD,
    "proposal.move": MODERATOR,
    "proposal.withdraw": BOARD,
    "ballot.open": MODERATOR,
    "ballot.close": frozenset({Role.MODERATOR, Role.SYSTEM}),
    "ballot.void": MODERATOR,
    "deadline.passed": frozenset({Role.SYSTEM}),
}
VOTERS = frozenset({Role.DELEGATE})


def may(role: Role, command: str) -> bool:
    """Whether this role may give this command at all."""
    return role in COMMANDS.get(command, ())
