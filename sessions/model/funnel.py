"""Quotas, ceilings and shares on the way to the next level, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sessions.ids import HallId, ProposalId
from sessions.model.nothing import nothing
from sessions.model.settings import Limits, Share, choice, listed, ranged, share, worded

QUOTA_MOST = 10_000


@dataclass(frozen=True, slots=True)
class ShareRule:
    """How much of what is chosen as main may be of some types or fields: at least `least`, at most `most`.

    values: of proposal types (FISIK…) or of fields (INFRASTRUKTUR…), as `dimension` says. of: the number of proposals
    or their amount. scope: judged in each hall, or over the session. It is a part of the quota or of the ceiling where
    there is one, so that it can be judged before the list is full; else of what is chosen so far, and only shown.
    """

    name: str = worded(least=1, default="", most=80)
    dimension: str = choice("type", "type", "field")
    values: tuple[str, ...] = listed((), most=10, of=Limits(1, 40))
    of: str = choice("count", "count", "amount")
    scope: str = choice("hall", "hall", "session")
    least: Share = share(0, 1)
    most: Share = share(1, 1)

    def invalid(self) -> str:
        if not self.values:
            return "values"
        return "least" if self.least.fraction() > self.most.fraction() else ""


@dataclass(frozen=True, slots=True)
class FunnelRules:
    """Of the funnel: how many proposals a hall and the session may choose, and what they may cost together.

    None is no quota. main_*: chosen proposals, those sent up included; reserve_*: the reserves. next_level: how many
    may be sent up, from each hall or from the whole session ("five of each kelurahan, three at the kecamatan" is read
    both ways). reserve_in_ceiling: reserves use up the ceiling too. ties_to_forum: equal scores are put in order by
    hand; otherwise by their place on the board. That a hall's votes weigh alike, and that consensus comes before a
    vote, are rules of voting.
    """

    main_per_hall: int | None = ranged(None, 0, QUOTA_MOST)
    reserve_per_hall: int | None = ranged(None, 0, QUOTA_MOST)
    main_per_session: int | None = ranged(None, 0, QUOTA_MOST)
    reserve_per_session: int | None = ranged(None, 0, QUOTA_MOST)
    next_level: int | None = ranged(None, 0, QUOTA_MOST)
    next_level_per: str = choice("session", "session", "hall")
    reserve_in_ceiling: bool = False
    shares: tuple[ShareRule, ...] = listed((), most=12)
    ties_to_forum: bool = True


# The sums are made anew at every step of a chosen card; a named tuple costs a fifth of a dataclass to make.
class Part(NamedTuple):
    """Of one type or field: how many proposals, and what they cost."""

    cards: int = 0
    amount: int = 0


class Sum(NamedTuple):
    """Proposals added up. amount in rupiah; unpriced: how many name no amount; parts: (dimension, value) → its part."""

    cards: int = 0
    amount: int = 0
    unpriced: int = 0
    parts: Mapping[tuple[str, str], Part] = nothing()


class Area(NamedTuple):
    """What one hall, or the whole session, has chosen. main holds those sent up too; sent counts them alone."""

    hall: HallId | None = None
    main: Sum = Sum()
    reserve: Sum = Sum()
    sent: int = 0


class Sums(NamedTuple):
    """What the board's proposals add up to. A hall that has chosen nothing yet may be missing."""

    session: Area = Area()
    halls: Mapping[HallId, Area] = nothing()


@dataclass(frozen=True, slots=True)
class Funnel:
    """Indicative ceilings (pagu indikatif) in rupiah, of the session and of halls; none where none is set."""

    session: int | None = None
    halls: Mapping[HallId, int] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Finding:
    """A limit that is broken. code: over_quota, over_ceiling or share_broken. hall: None for the whole session.

    what: main, reserve, next_level, ceiling, or the name of the share rule. limit, actual: proposals, or rupiah. For a
    share that falls short, `actual` is what stands in its way: all that is of other types or fields.
    """

    code: str
    hall: HallId | None
    what: str
    limit: int
    actual: int
    proposals: tuple[ProposalId, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """Limits that somebody decided to go beyond, and why; part of the event that did it."""

    reason: str
    broken: tuple[Finding, ...]
