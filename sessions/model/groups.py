"""Group sessions of a plenary, and an opening shown in many places, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import HallId, PassId, ProposalId, SeatId, SessionId
from sessions.model.nothing import nothing


@dataclass(frozen=True, slots=True)
class Group:
    """A group session as its plenary knows it. state: out, called (back), joined or recalled.

    fields: of proposals it discusses, empty for all. seats: the people who go, empty for everybody of its halls.
    cards: the proposals it took along, with their versions then. moderator: the pass that leads it, None for whoever
    leads the plenary.
    """

    session: SessionId
    title: str
    halls: tuple[HallId, ...]
    fields: tuple[str, ...]
    seats: tuple[SeatId, ...]
    cards: Mapping[ProposalId, int]
    at: int
    moderator: PassId | None = None
    state: str = "out"
    ended_at: int | None = None

    @property
    def away(self) -> bool:
        return self.state in ("out", "called")


@dataclass(frozen=True, slots=True)
class Groups:
    """every: all there ever were. returned: whether this session, itself a group, is done with by its plenary."""

    every: Mapping[SessionId, Group] = field(default_factory=nothing)
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What an opening's stage shows, in words that need no list of its halls or proposals."""

    scene: str = "wall"
    hall: str = ""
    proposal: str = ""
    ballot: str = ""
    speaker: str = ""
    item: str = ""
    item_started_at: int | None = None
    phase: str = "draft"


@dataclass(frozen=True, slots=True)
class Casting:
    """to: where this session's stage is shown. source: whose stage is shown here, at its seq `upto`."""

    to: tuple[SessionId, ...] = ()
    source: SessionId | None = None
    title: str = ""
    upto: int = 0
    shown: Shown = field(default_factory=Shown)
