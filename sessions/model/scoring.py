"""Criteria, scorers and their scores, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import ProposalId, SeatId
from sessions.model.nothing import nothing
from sessions.model.settings import Limits, choice, listed, ranged, within, worded

ScoringId = str
CRITERIA_MOST = 30
SCALE_MOST = 1000


@dataclass(frozen=True, slots=True)
class Band:
    """fields: of which proposals, by their field (INFRASTRUKTUR…); none means every other. bounds: rising numbers.

    Each bound reached is one step up the scale: with (10, 21, 31, 41) nine households are 1 of 5, ten are 2.
    """

    bounds: tuple[int, ...] = listed((), most=SCALE_MOST, least=1, of=Limits(0, 10**15))
    fields: tuple[str, ...] = listed((), most=10, of=Limits(1, 40))


@dataclass(frozen=True, slots=True)
class Automatic:
    """A score nobody gives: it follows from a number of the proposal, by the band of its field."""

    by: str = choice("households", "households", "amount")
    bands: tuple[Band, ...] = listed((), most=10, least=1)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is scored, from `least` to `most` in steps. name, hint: Indonesian and English.

    weight counts among the others. factor: it multiplies what the others add up to (sums alone).
    """

    key: str = field(metadata=within(1, 40))
    name: str = field(metadata=within(1, 120))
    name_en: str = worded("", most=120)
    least: int = ranged(1, 0, SCALE_MOST)
    most: int = ranged(5, 0, SCALE_MOST)
    step: int = ranged(1, 1, SCALE_MOST)
    weight: int = ranged(1, 1, SCALE_MOST)
    factor: bool = False
    hint: str = worded("", most=300)
    hint_en: str = worded("", most=300)
    automatic: Automatic | None = None

    def invalid(self) -> str:
        if self.most <= self.least or (self.most - self.least) % self.step:
            return "most"
        bands = () if self.automatic is None else self.automatic.bands
        steps = (self.most - self.least) // self.step
        fits = all(len(band.bounds) <= steps and sorted(set(band.bounds)) == list(band.bounds) for band in bands)
        return "" if fits else "automatic"


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """What proposals are scored by. preset: where it came from, empty for one of the organiser's own.

    method: mean (weighted, all on one scale) or sum (of points times weight, times the factors). pass_mark: the least
    score that is accepted; None for none.
    """

    name: str = worded("", most=120)
    name_en: str = worded("", most=120)
    criteria: tuple[Criterion, ...] = listed((), most=CRITERIA_MOST, least=1)
    method: str = choice("mean", "mean", "sum")
    pass_mark: int | None = ranged(None, 0, 10**9)
    preset: str = worded("", most=40)

    def invalid(self) -> str:
        if not self.criteria or len({one.key for one in self.criteria}) < len(self.criteria):
            return "criteria"
        if self.method == "mean":
            scales = {(one.least, one.most) for one in self.criteria}
            return "criteria" if len(scales) > 1 or any(one.factor for one in self.criteria) else ""
        return "criteria" if all(one.factor for one in self.criteria) else ""


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """Of scoring. own_area: whose proposals a scorer may not touch: of the same hall, of the same RW of it, or off.

    own_proposals: whether owners are kept from scoring what is theirs. agencies: whether agencies score too. decimals:
    of a score; what rounds to the same number is equal.
    """

    criteria: str = worded("default", most=40, least=1)
    own_area: str = choice("hall", "hall", "rw", "off")
    own_proposals: bool = True
    agencies: bool = True
    decimals: int = ranged(2, 0, 4)


@dataclass(frozen=True, slots=True)
class Mark:
    criterion: str
    value: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one scorer gave one proposal: a mark for each criterion, in the order of the set."""

    marks: tuple[Mark, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """The mean of one criterion over all scorers, in units of the last decimal."""

    criterion: str
    mean: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a proposal came to; score, least, most and deviation in units of the last decimal.

    score: mean of the scorers' totals, None when nobody scored it; rank: from 1, equal for a tie. deviation: standard
    deviation of those totals (of all scorers, not of a sample). tied: equal to another and not yet put in order.
    """

    proposal: ProposalId
    score: int | None
    rank: int | None
    scorers: int
    least: int | None = None
    most: int | None = None
    deviation: int | None = None
    tied: bool = False
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """A tie the forum has put in order, and why so."""

    proposals: tuple[ProposalId, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """One scoring. state: open, closed or void. The rules of scoring are those it was opened under."""

    id: ScoringId
    title: str
    criteria: CriteriaSet
    proposals: tuple[ProposalId, ...]
    scorers: tuple[SeatId, ...]
    rules: ScoringRules
    opened_at: int
    closes_at: int | None
    state: str = "open"
    closed_at: int | None = None
    outcomes: tuple[Outcome, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sheets:
    """What was given in one scoring: scorer (an actor's id) → proposal → sheet."""

    scoring: ScoringId
    by_scorer: Mapping[str, Mapping[ProposalId, Sheet]] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Scoring:
    """Every scoring there was, oldest first, and the sheets of each. open: the one that runs, None for none."""

    rounds: Mapping[ScoringId, Round] = field(default_factory=nothing)
    sheets: Mapping[ScoringId, Sheets] = field(default_factory=nothing)
    open: ScoringId | None = None
