"""Where a proposal comes from and what became of it elsewhere, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import HallId, ProposalId, SessionId
from sessions.model.nothing import nothing
from sessions.model.table import Table


@dataclass(frozen=True, slots=True)
class Ancestor:
    """The same proposal in an earlier session: one level below, or, when carried, a year before."""

    session: SessionId
    proposal: ProposalId
    level: str | None = None
    year: int | None = None
    status: str = ""
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """What a session above decided. at: when it closed, milliseconds since 1970 UTC."""

    session: SessionId
    status: str
    level: str | None = None
    year: int | None = None
    reason: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Trail:
    """Of one proposal.

    ancestors: oldest first. sent_to: the session above that was given it. fates: one a session. group: the group
    session that has it now. decided_by: the group session that last had it.
    """

    ancestors: tuple[Ancestor, ...] = ()
    sent_to: SessionId | None = None
    fates: tuple[Fate, ...] = ()
    group: SessionId | None = None
    decided_by: SessionId | None = None


@dataclass(frozen=True, slots=True)
class HallOf:
    """The hall here that stands for a session of the level below, or for the hall `there` of it."""

    session: SessionId
    hall: HallId
    there: HallId | None = None


@dataclass(frozen=True, slots=True)
class Lineage:
    """trails: of proposals that came from elsewhere or were sent on. here: (session, id there) → the card here."""

    trails: Mapping[ProposalId, Trail] = field(default_factory=Table)
    here: Mapping[tuple[SessionId, ProposalId], ProposalId] = field(default_factory=nothing)
    halls: tuple[HallOf, ...] = ()
