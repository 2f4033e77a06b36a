"""Delegates chosen for the next level, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import BallotId, SeatId, SessionId
from sessions.model.nothing import nothing
from sessions.model.settings import Share, ranged, share


@dataclass(frozen=True, slots=True)
class DelegateRules:
    """Of choosing delegates. Zero is no rule: no source settles a number or a share.

    per_hall: at most so many of one hall. total: at most so many in all. women: at least this share of them sits for
    the constituency of women.
    """

    per_hall: int = ranged(0, 0, 100)
    total: int = ranged(0, 0, 1000)
    women: Share = share(0, 1)


@dataclass(frozen=True, slots=True)
class Delegate:
    """A seat chosen to go on. by: acclamation, or the ballot that elected it. sent_to: where it has a seat now."""

    seat: SeatId
    ballot: BallotId | None = None
    sent_to: SessionId | None = None


@dataclass(frozen=True, slots=True)
class Envoy:
    """A seat here that a session below sent: whose seat it was there."""

    session: SessionId
    seat: SeatId


@dataclass(frozen=True, slots=True)
class Delegation:
    """chosen: of this session, in the order chosen. envoys: seats here whom a session below sent."""

    chosen: Mapping[SeatId, Delegate] = field(default_factory=nothing)
    envoys: Mapping[SeatId, Envoy] = field(default_factory=nothing)
