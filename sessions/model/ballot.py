"""A ballot and its result, as values."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import BallotId, SeatId


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    option: str
    votes: int


@dataclass(frozen=True, slots=True)
class Result:
    """What the box gave. counts: in option order. root: Merkle root of the published list, 64 hex digits."""

    counts: tuple[Count, ...]
    cast: int
    blank: int
    electorate: int
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    root: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """An approval ballot, choose up to k of n.

    electorate: the seats that may vote, frozen at opening; views show only how many. state: open, closed or void.
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


@dataclass(frozen=True, slots=True)
class VotingRules:
    """Of voting."""
