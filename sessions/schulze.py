"""Schulze's method over the matrix of who ranks what before what (Schulze 2011, §2.1: the relation "winning votes")."""

from __future__ import annotations

from collections.abc import Sequence

Matrix = Sequence[Sequence[int]]


def schulze(options: Sequence[str], wins: Matrix) -> tuple[tuple[str, ...], ...]:
    """Options no other one beats, then those only the former beat, and so on; nobody when nobody ranked anything.

    wins: row a, column b: the weight of those who rank a before b.
    """
    if not any(any(row) for row in wins):
        return ()
    paths = widest_paths(links(wins))
    numbers = range(len(options))
    beaten = [{one for one in numbers if paths[one][other] > paths[other][one]} for other in numbers]
    left = set(numbers)
    levels: list[tuple[str, ...]] = []
    while left:
        level = [number for number in sorted(left) if not beaten[number] & left]
        levels.append(tuple(options[number] for number in level))
        left.difference_update(level)
    return tuple(levels)


def links(wins: Matrix) -> list[list[int]]:
    """One number for a link's winning votes, then its fewer losing ones; 0 where it does not win.

    More than all votes together lie between one winning vote and the next.
    """
    most = max(map(max, wins)) + 1
    return [
        [won * most - wins[other][one] if won > wins[other][one] else 0 for other, won in enumerate(row)]
        for one, row in enumerate(wins)
    ]


def widest_paths(strengths: Matrix) -> list[list[int]]:
    """How strong the strongest path from each to each is: as strong as its weakest link (Floyd and Warshall)."""
    best = [list(row) for row in strengths]
    for through, onward in enumerate(best):
        for row in best:
            into = row[through]
            if into and row is not onward:
                row[:] = [
                    own if own >= into or own >= on else min(into, on) for own, on in zip(row, onward, strict=True)
                ]
    return best
