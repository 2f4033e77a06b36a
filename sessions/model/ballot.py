"""A ballot, its rule and its result, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import BallotId, HallId, ProposalId, SeatId
from sessions.model.nothing import nothing
from sessions.model.settings import choice, ranged

APPROVAL, SINGLE, YES_NO, SCORE, POINTS = "approval", "single", "yes_no", "score", "points"
BORDA, SCHULZE, KNAPSACK, EQUAL_SHARES = "borda", "schulze", "knapsack", "equal_shares"
METHODS = (APPROVAL, SINGLE, YES_NO, SCORE, POINTS, BORDA, SCHULZE, KNAPSACK, EQUAL_SHARES)
PLAIN = (
    APPROVAL,
    SINGLE,
    YES_NO,
)  # an option either has a person's vote or not, so majorities and hands can be counted
VALUED = (SCORE, POINTS)
RANKED = (BORDA, SCHULZE)
BUDGETED = (KNAPSACK, EQUAL_SHARES)
VARIANTS = ("classic", "modified")
MAJORITIES = ("simple", "absolute", "two_thirds", "four_fifths")
BASES = ("cast", "valid", "present", "electorate")
TIES = ("forum", "chair", "revote")
CIRCLES = ("all", "halls", "seats", "present", "each_hall")
WEIGHTS = ("none", "hall_voting", "hall_electorate", "given")
ROWS, SUMS = "rows", "sums"
CHANNELS = PHONE, KIOSK, HAND = ("phone", "kiosk", "hand")
ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Option:
    """cost: in rupiah, of a budget ballot."""

    id: str
    label: str
    detail: str = ""
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """votes: how many chose, rated or ranked it. value: what decides, where that is another figure: "7" or "7/3"."""

    option: str
    votes: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Circle:
    """Whose ballot it is: all seats with a vote, those of some halls, some, those present, or one vote each hall."""

    kind: str = "all"
    halls: tuple[HallId, ...] = ()
    seats: tuple[SeatId, ...] = ()


EVERYBODY = Circle()


@dataclass(frozen=True, slots=True)
class Given:
    """A seat's weight where weights are given one by one."""

    seat: SeatId
    weight: int


@dataclass(frozen=True, slots=True)
class Rule:
    """How a ballot is counted; the default is approval as it was before there were others.

    scale_least, scale_most: of a score. variant: of Borda, see sessions/count.py. points: what each voter distributes.
    budget: in rupiah. majority: what an option needs of `base`. places: how many are elected, None for choose_max.
    tie: who decides one: the forum, the chair's casting decision, or another round. weights: of open ballots only.
    rounds: how many there may be until the majority is reached. revote: a vote may be changed until close. quorum:
    without one when it closes the result is not valid. delegations: how many others one seat may vote for. published:
    the papers of a secret ballot with proof `inclusion`, or what they add up to (sessions/published.py).
    """

    method: str = APPROVAL
    scale_least: int = 0
    scale_most: int = 0
    variant: str = ""
    points: int = 0
    budget: int | None = None
    majority: str = "simple"
    base: str = "cast"
    places: int | None = None
    tie: str = "forum"
    weights: str = "none"
    given: tuple[Given, ...] = ()
    rounds: int = 1
    revote: bool = False
    quorum: bool = False
    delegations: int = 0
    witness_confirms: bool = False
    circle: Circle = EVERYBODY
    published: str = ROWS


DEFAULT_RULE = Rule()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the majority came to. size: of the base; needed: the least value that has it; both exact.

    more_than: the value must be above `needed`, not equal. reached: the options that have it.
    """

    majority: str
    base: str
    size: str
    needed: str
    more_than: bool
    reached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Hands counted in a hall that did not enter the result, as their witness had not confirmed them at the close.

    earlier: the hall's earlier count, which was confirmed, entered in their place.
    """

    hall: HallId
    cast: int
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What the box gave. counts: in option order. root: Merkle root of the published list, 64 hex digits.

    cast: votes in all: of the box, delegated and counted by hand. invalid: why it binds nobody, empty when it does.
    levels: of a ranking, best first, equals together. spent: of a budget. hand, delegated: how many of cast those are.
    left_out: hand-counts that waited for their witness, by hall.
    """

    counts: tuple[Count, ...]
    cast: int
    blank: int
    electorate: int
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    root: str
    invalid: str = ""
    verdict: Verdict | None = None
    levels: tuple[tuple[str, ...], ...] = ()
    spent: int | None = None
    hand: int = 0
    delegated: int = 0
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatChannel:
    """By what a seat votes when it is not its own phone."""

    seat: SeatId
    channel: str


@dataclass(frozen=True, slots=True)
class Proxy:
    """seat lets another one vote for it. ballot: on this one only; None: whenever it does not vote itself."""

    seat: SeatId
    to: SeatId
    ballot: BallotId | None = None


@dataclass(frozen=True, slots=True)
class HandCount:
    """Hands raised in a hall, counted by its operator (pass) before a witness. confirmed: the witness said so too.

    version: one more each time the hall counts anew.
    """

    hall: HallId
    cast: int
    blank: int
    counts: tuple[Count, ...]
    operator: str
    witness: SeatId
    confirmed: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class TieBreak:
    """The chair's casting decision for one of the tied."""

    option: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """A question put to the vote.

    electorate: the seats that may vote, frozen at opening; views show only how many. On a ballot with one vote a hall
    they are "hall:" and the hall. state: open, closed or void. about: the proposals it decides on, if any. repeats: the
    ballot it is held again for; round: from 1. channels: of the seats that do not vote by phone, frozen at opening.
    override: why there was no attempt at consensus first. delegated: seats whose vote another one cast, at close.
    hands: the latest count of raised hands a hall; from the close on the one that counted, if any did. confirmed: of
    each hall the last its witness confirmed; it counts while a later one waits. present: who was here at close, where
    that is the base of the majority.
    """

    id: BallotId
    title: str
    secrecy: str
    proof: str | None
    choose_max: int
    options: tuple[Option, ...]
    electorate: frozenset[SeatId]
    state: str
    opened_at: int
    closes_at: int | None
    closed_at: int | None = None
    result: Result | None = None
    reason: str = ""
    rule: Rule = DEFAULT_RULE
    about: tuple[ProposalId, ...] = ()
    repeats: BallotId | None = None
    round: int = 1
    channels: Mapping[SeatId, str] = field(default_factory=nothing)
    override: str = ""
    hands: Mapping[HallId, HandCount] = field(default_factory=nothing)
    confirmed: Mapping[HallId, HandCount] = field(default_factory=nothing)
    breaks: tuple[TieBreak, ...] = ()
    delegated: tuple[Proxy, ...] = ()
    present: tuple[SeatId, ...] = ()

    @property
    def places(self) -> int:
        return self.choose_max if self.rule.places is None else self.rule.places


@dataclass(frozen=True, slots=True)
class Consensus:
    """An attempt to agree on proposals without a vote. outcome: agreed or not_agreed."""

    id: str
    subject: str
    proposals: tuple[ProposalId, ...]
    outcome: str
    note: str
    at: int


@dataclass(frozen=True, slots=True)
class VotingRules:
    """Of voting: what a ballot has unless its opening says otherwise, and what it may have at all.

    consensus_first: no ballot on proposals before consensus on them was tried and failed. delegations_most: how many
    others one seat may vote for on open ballots, 0 for none. revote: votes of open ballots may be changed until close.
    quorum: results need a quorum. witness_confirms: a hand-count counts once its witness confirmed it; None, as nobody
    said, is yes for every ballot that is opened from now on, and was no in older journals.
    """

    consensus_first: bool = False
    majority: str = choice("simple", *MAJORITIES)
    base: str = choice("cast", *BASES)
    tie: str = choice("forum", *TIES)
    weights: str = choice("none", *WEIGHTS[:3])
    revote: bool = False
    quorum: bool = False
    delegations_most: int = ranged(0, 0, 100)
    borda: str = choice("classic", *VARIANTS)
    witness_confirms: bool | None = None
