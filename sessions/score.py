"""The arithmetic of scoring: exact fractions inside, rounded once, half up, to the decimals the rules ask for.

Proposals are ranked by the rounded score, the number everybody is shown: what looks equal is equal, and goes back to
the forum instead of being decided by a decimal nobody sees.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import isqrt, prod

from sessions.model.board import Proposal
from sessions.model.scoring import Automatic, CriteriaSet, Criterion, Detail, Mark, Outcome, Sheet


def automatic_mark(criterion: Criterion, card: Proposal) -> int | None:
    """The mark that follows from the proposal; None when a person must give it, as for a number nobody entered."""
    rule = criterion.automatic
    if rule is None:
        return None
    number = card.content.households if rule.by == "households" else card.content.amount
    bounds = bounds_for(rule, card.content.plan.field)
    if number is None or bounds is None:
        return None
    return criterion.least + criterion.step * bisect_right(bounds, number)


def bounds_for(rule: Automatic, field: str | None) -> tuple[int, ...] | None:
    """Of the band that names the field, else of the one for every other field."""
    named = (band.bounds for band in rule.bands if field in band.fields)
    return next(named, next((band.bounds for band in rule.bands if not band.fields), None))


def automatic_marks(criteria: CriteriaSet, card: Proposal) -> dict[str, int]:
    marks = {criterion.key: automatic_mark(criterion, card) for criterion in criteria.criteria}
    return {key: mark for key, mark in marks.items() if mark is not None}


def total(criteria: CriteriaSet, marks: Mapping[str, int]) -> Fraction:
    """One scorer's score of one proposal; marks holds every criterion."""
    added = [criterion for criterion in criteria.criteria if not criterion.factor]
    whole = Fraction(sum(criterion.weight * marks[criterion.key] for criterion in added))
    if criteria.method == "mean":
        return whole / sum(criterion.weight for criterion in added)
    return whole * prod(marks[criterion.key] for criterion in criteria.criteria if criterion.factor)


def rounded(value: Fraction, decimals: int) -> int:
    """In units of the last decimal, half up; value is not negative."""
    return int(value * 10**decimals + Fraction(1, 2))


def rounded_root(value: Fraction, decimals: int) -> int:
    """The square root, rounded in the same way and without a float: √x ≥ n + ½ exactly when 4x ≥ (2n + 1)²."""
    scaled = value * 100**decimals
    return (isqrt(int(4 * scaled)) + 1) // 2


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def variance(values: Sequence[Fraction]) -> Fraction:
    """Of the whole population."""
    middle = mean(values)
    return mean([(value - middle) ** 2 for value in values])


def outcome(criteria: CriteriaSet, card: Proposal, sheets: Sequence[Sheet], decimals: int) -> Outcome:
    """What these sheets give the proposal, not yet ranked. What follows from the proposal counts as it is now."""
    automatic = automatic_marks(criteria, card)
    scorers = [{**marks_of(sheet.marks), **automatic} for sheet in sheets]
    counted = scorers or ([automatic] if len(automatic) == len(criteria.criteria) else [])
    if not counted:
        return Outcome(card.id, None, None, 0)
    totals = [total(criteria, marks) for marks in counted]
    details = tuple(
        Detail(criterion.key, rounded(mean([Fraction(marks[criterion.key]) for marks in counted]), decimals))
        for criterion in criteria.criteria
    )
    return Outcome(
        card.id,
        rounded(mean(totals), decimals),
        None,
        len(scorers),
        rounded(min(totals), decimals),
        rounded(max(totals), decimals),
        rounded_root(variance(totals), decimals),
        details=details,
    )


def marks_of(marks: Iterable[Mark]) -> dict[str, int]:
    return {mark.criterion: mark.value for mark in marks}
