"""The port for counts that take a library or long: asked beside the event loop once the box is sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sessions.count import Weighed


@dataclass(frozen=True, slots=True)
class Question:
    """method: schulze (votes rank, best first) or equal_shares (votes approve). costs: option → rupiah, in order."""

    method: str
    options: tuple[str, ...]
    votes: tuple[Weighed, ...]
    costs: Mapping[str, int]
    budget: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """levels: options of equal rank together, best first. bought, tied: of a budget, see sessions/shares.py."""

    levels: tuple[tuple[str, ...], ...] = ()
    bought: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()


Counter = Callable[[Question], Outcome]
