"""From votes to figures: what each option gets under each method, in exact numbers.

Borda, `classic`: of m options the first of a ranking gets m - 1 points, the next m - 2 and so on, one not ranked none
(Emerson 2013 calls it BC with m fixed). `modified`: the last of k ranked gets 1 and the first k, so that ranking few
does not outweigh ranking all (Emerson's MBC). Score and points add up; a vote that leaves an option out gives it none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from sessions.choices import values_of
from sessions.model.ballot import BORDA, VALUED, Rule


class Weighed(NamedTuple):
    """The choices of a vote and how much it weighs."""

    weight: Fraction
    choices: tuple[str, ...]


ONE = Fraction(1)


def support(rule: Rule, options: Sequence[str], votes: Sequence[Weighed]) -> Mapping[str, int]:
    """How many votes, whatever they weigh, chose, rated or ranked each option."""
    counted = dict.fromkeys(options, 0)
    for _, choices in votes:
        for option in values_of(choices) if rule.method in VALUED else choices:
            counted[option] += 1
    return counted


def values(rule: Rule, options: Sequence[str], votes: Sequence[Weighed]) -> Mapping[str, Fraction]:
    """What each option gets, by which they are elected; for Schulze and budgets the weight of its supporters."""
    got = dict.fromkeys(options, Fraction(0))
    merged: dict[tuple[str, ...], Fraction] = {}
    for weight, choices in votes:
        merged[choices] = merged.get(choices, Fraction(0)) + weight
    for choices, weight in merged.items():
        for option, value in marks(rule, len(options), choices):
            got[option] += weight * value
    return got


def marks(rule: Rule, options: int, choices: tuple[str, ...]) -> list[tuple[str, int]]:
    """What one vote gives to whom."""
    if rule.method in VALUED:
        return list(values_of(choices).items())
    if rule.method == BORDA:
        first = len(choices) if rule.variant == "modified" else options - 1
        return [(option, first - place) for place, option in enumerate(choices)]
    return [(option, 1) for option in choices]


def fill(levels: Sequence[Sequence[str]], places: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those elected from levels of equals, best first, and those tied across the border, of whom none is."""
    elected: tuple[str, ...] = ()
    for level in levels:
        if len(elected) == places:
            break
        if len(elected) + len(level) > places:
            return elected, tuple(level)
        elected += tuple(level)
    return elected, ()


def levels_by(got: Mapping[str, Fraction]) -> tuple[tuple[str, ...], ...]:
    """Options with the same value together, the highest first; those that got nothing are left out."""
    ranks = sorted({value for value in got.values() if value > 0}, reverse=True)
    return tuple(tuple(option for option, value in got.items() if value == rank) for rank in ranks)


def exact(value: Fraction) -> str:
    """ "7" or "7/3"."""
    return str(value)
