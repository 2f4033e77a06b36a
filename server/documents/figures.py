"""Which figures of small groups a public record hides, so that neither they nor what is left gives them away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cover:
    """rows: those hidden. bounded: whether a small figure may be shown as "< n"; else nothing at all is shown of it."""

    rows: frozenset[int]
    bounded: bool


def cover(columns: Sequence[Sequence[int]], least: int) -> Cover:
    """Rows to hide so that no figure below `least` can be worked out from the others and the sum of its column.

    columns: counts of persons, all of the same length. Besides the small ones whole rows are hidden, smallest first,
    until for each small figure every value from 0 to least - 1 is still possible. When even all rows are not enough,
    the mark "< n" itself would tell, so it is not given.
    """
    count = len(columns[0]) if columns else 0
    hidden = {row for row in range(count) if any(column[row] < least for column in columns)}
    shown = sorted(set(range(count)) - hidden, key=lambda row: (min(column[row] for column in columns), row))
    while hidden and not all(safe(column, hidden, least) for column in columns):
        if not shown:
            return Cover(frozenset(hidden), False)
        hidden.add(shown.pop(0))
    return Cover(frozenset(hidden), True)


def safe(column: Sequence[int], hidden: set[int], least: int) -> bool:
    """Whether a reader who knows the sum of the hidden figures learns no more of the small ones than that they are."""
    small = sum(1 for row in hidden if column[row] < least)
    if small == 0:
        return True
    large = len(hidden) - small
    known = sum(column[row] for row in hidden)
    # The others of the small ones are 0 … least - 1 each, the large ones least or more without an upper end.
    most = known - large * least
    least_left = known - (small - 1) * (least - 1) if large == 0 else 0
    return most >= least - 1 and least_left <= 0


def shown(value: int, row: int, found: Cover, least: int) -> str:
    """The figure as the public record prints it."""
    if row not in found.rows:
        return f"{value:,}".replace(",", ".")
    return f"< {least}" if found.bounded and value < least else "tidak ditampilkan"
