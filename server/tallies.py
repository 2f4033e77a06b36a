"""The counter of a Desk: what the core leaves to a library or to another thread (sessions.counting.Counter)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import lcm

from votelib.evaluate.condorcet import Schulze

from sessions.count import Weighed
from sessions.counting import Outcome, Question
from sessions.model.ballot import SCHULZE
from sessions.shares import equal_shares

Pairwise = Mapping[tuple[str, str], int]


def count(question: Question) -> Outcome:
    """Takes seconds for thousands of votes on sixty options: called in a thread. The same question, the same answer."""
    if question.method == SCHULZE:
        return Outcome(levels=schulze(question.options, question.votes))
    bought = equal_shares(question.costs, question.budget, question.votes)
    return Outcome(bought=bought.options, tied=bought.tied)


def schulze(options: Sequence[str], votes: Sequence[Weighed]) -> tuple[tuple[str, ...], ...]:
    """Options no other one beats, then those only the former beat, and so on; nobody when nobody ranked anything.

    Strongest paths, from the library, over links as strong as their winning votes, then as their fewer losing ones
    (Schulze 2011, §2.1: the relation "winning votes").
    """
    counts = pairwise(options, votes)
    if not any(counts.values()):
        return ()
    paths = Schulze.widest_paths(links(counts))
    left = list(options)
    levels: list[tuple[str, ...]] = []
    while left:
        level = tuple(
            one for one in left if not any(paths.get((other, one), 0) > paths.get((one, other), 0) for other in left)
        )
        levels.append(level)
        left = [one for one in left if one not in level]
    return tuple(levels)


def links(counts: Pairwise) -> Pairwise:
    """One number for both: more than all votes together lie between one winning vote and the next."""
    most = max(counts.values()) + 1
    return {
        (one, other): won * most - counts[other, one] if won > counts[other, one] else 0
        for (one, other), won in counts.items()
    }


def pairwise(options: Sequence[str], votes: Sequence[Weighed]) -> Pairwise:
    """(a, b) → the weight of those who rank a before b; whatever is not ranked comes after all that is.

    In whole numbers of the smallest unit that all weights are multiples of: only their order matters.
    """
    unit = lcm(*(vote.weight.denominator for vote in votes))
    merged: dict[tuple[str, ...], int] = {}
    for weight, choices in votes:
        merged[choices] = merged.get(choices, 0) + int(weight * unit)
    counts = {(one, other): 0 for one in options for other in options if one != other}
    for choices, units in merged.items():
        unranked = [option for option in options if option not in choices]
        for place, option in enumerate(choices):
            for other in (*choices[place + 1 :], *unranked):
                counts[option, other] += units
    return counts
