"""From votes to figures: what each option gets under each method, in exact numbers.

Borda, `classic`: of m options the first of a ranking gets m - 1 points, the next m - 2 and so on, one not ranked none
(Emerson 2013 calls it BC with m fixed). `modified`: the last of k ranked gets 1 and the first k, so that ranking few
does not outweigh ranking all (Emerson's MBC). Score and points add up; a vote that leaves an option out gives it none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from math import lcm
from typing import NamedTuple

from sessions.choices import value_of
from sessions.model.ballot import BORDA, VALUED, Rule


class Weighed(NamedTuple):
    """The choices of a vote and how much it weighs."""

    weight: Fraction
    choices: tuple[str, ...]


ONE = Fraction(1)


def support(rule: Rule, options: Sequence[str], votes: Sequence[Weighed]) -> Mapping[str, int]:
    """How many votes, whatever they weigh, chose, rated or ranked each option."""
    counted = dict.fromkeys(options, 0)
    for choice, times in Counter(chain.from_iterable(choices for _, choices in votes)).items():
        counted[value_of(choice)[0] if rule.method in VALUED else choice] += times
    return counted


def values(rule: Rule, options: Sequence[str], votes: Sequence[Weighed]) -> Mapping[str, Fraction]:
    """What each option gets, by which they are elected; for Schulze and budgets the weight of its supporters."""
    papers, unit = merged(votes)
    alike: dict[int, list[tuple[str, ...]]] = {}
    for choices, weight in papers.items():
        alike.setdefault(weight, []).append(choices)
    got = dict.fromkeys(options, 0)
    for weight, lists in alike.items():
        for option, value in marks(rule, len(options), lists):
            got[option] += weight * value
    return {option: Fraction(value, unit) for option, value in got.items()}


def merged(votes: Iterable[Weighed]) -> tuple[Mapping[tuple[str, ...], int], int]:
    """What all papers that say the same weigh together, in whole numbers of 1/unit; and that unit."""
    listed = list(votes)
    unit = lcm(*{weight.denominator for weight, _ in listed})
    papers: dict[tuple[str, ...], int] = {}
    for weight, choices in listed:
        papers[choices] = papers.get(choices, 0) + weight.numerator * (unit // weight.denominator)
    return papers, unit


def marks(rule: Rule, options: int, papers: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, int]]:
    """What these papers give to whom; an option may come several times."""
    if rule.method == BORDA:
        for choices in papers:
            first = len(choices) if rule.variant == "modified" else options - 1
            yield from zip(choices, range(first, -1, -1), strict=False)
    else:
        for choice, times in Counter(chain.from_iterable(papers)).items():
            option, value = value_of(choice) if rule.method in VALUED else (choice, 1)
            yield option, times * value


def pairwise(options: Sequence[str], votes: Iterable[Weighed]) -> list[list[int]]:
    """Row a, column b: the weight of those who rank a before b; whatever is not ranked comes after all that is.

    In whole numbers of the smallest unit that all weights are multiples of: only their order matters. A row is added
    up as one long number with a lane for each option, so that a paper costs one addition for each option it ranks.
    """
    papers, _ = merged(votes)
    lane = max(1, sum(papers.values()).bit_length())
    places = {option: 1 << lane * number for number, option in enumerate(options)}
    rows, all_ = dict.fromkeys(options, 0), sum(places.values())
    for choices, weight in papers.items():
        behind = all_
        for option in choices:
            behind -= places[option]
            rows[option] += behind * weight
    mask = (1 << lane) - 1
    return [[row >> lane * number & mask for number in range(len(options))] for row in rows.values()]


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
