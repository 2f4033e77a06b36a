"""Who is here, and whether that is enough, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import HallId, SeatId
from sessions.model.nothing import nothing
from sessions.model.settings import Share, choice, ranged, share


@dataclass(frozen=True, slots=True)
class AttendanceRules:
    """Of attendance and quorum; the quorum's figures are those of the village rules (DOMAIN P14).

    quorum_base: what the share is of: "invited" (every seat), "voters" (seats with a vote) or "present" (whoever is
    here is enough). quorum_share: what must be here of it. quorum_wait_minutes: the longest delay of a sitting that is
    short, 0 for none. quorum_postpone_days: how far off its next date may be. quorum_postponements: how often it may be
    postponed at all. quorum_proceed_at_first: whether already the first sitting may go on with whoever is here once it
    has waited. quorum_needed_for_ballots: no ballot opens before a quorum was declared or done without.
    self_check_in: delegates may check themselves in. witnesses: the most a hall may have.
    """

    quorum_base: str = choice("invited", "invited", "voters", "present")
    quorum_share: Share = share(2, 3)
    quorum_wait_minutes: int = ranged(180, 0, 1440)
    quorum_postpone_days: int = ranged(3, 1, 365)
    quorum_postponements: int = ranged(1, 0, 10)
    quorum_proceed_at_first: bool = False
    quorum_needed_for_ballots: bool = False
    self_check_in: bool = True
    witnesses: int = ranged(2, 1, 10)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A seat that was checked in. at: the first time. left_at: None while it is here."""

    seat: SeatId
    at: int
    channel: str
    left_at: int | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many of a hall, or of all halls together. guests: people here who have no seat."""

    invited: int = 0
    present: int = 0
    guests: int = 0
    witnesses: tuple[SeatId, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """What a quorum was declared upon. needed: the least that had to be present of `base`."""

    present: int
    base: int
    needed: int


@dataclass(frozen=True, slots=True)
class Quorum:
    """state: undeclared, reached, short, waiting, waited, postponed or proceeding.

    sitting: from 1, one more once a postponed sitting is declared upon. wait_since: when the first delay of this
    sitting was announced, until: when the last one ends. date: of the next sitting, or of this one when it was
    postponed. reason: why it proceeds without.
    """

    state: str = "undeclared"
    sitting: int = 1
    figures: Figures | None = None
    declared_at: int | None = None
    wait_since: int | None = None
    until: int | None = None
    date: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """arrivals: every seat that ever came, in that order. halls: one crowd a hall; total: their sums."""

    arrivals: Mapping[SeatId, Arrival] = field(default_factory=nothing)
    halls: Mapping[HallId, Crowd] = field(default_factory=nothing)
    total: Crowd = field(default_factory=Crowd)
    quorum: Quorum = field(default_factory=Quorum)
