"""Whether an option has the majority that was asked for, of what it was asked of."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sessions.count import exact
from sessions.model.ballot import Rule, Verdict

# share of the base, and whether it must be exceeded rather than met
NEEDED: Mapping[str, tuple[Fraction, bool]] = {
    "absolute": (Fraction(1, 2), True),
    "two_thirds": (Fraction(2, 3), False),
    "four_fifths": (Fraction(4, 5), False),
}


def verdict(rule: Rule, got: Mapping[str, Fraction], size: Fraction) -> Verdict | None:
    """size: of the base. None for the simple majority: there most votes are enough."""
    if rule.majority not in NEEDED:
        return None
    share, more_than = NEEDED[rule.majority]
    needed = share * size
    reached = tuple(o for o, value in got.items() if value > needed or (value == needed > 0 and not more_than))
    return Verdict(rule.majority, rule.base, exact(size), exact(needed), more_than, reached)
