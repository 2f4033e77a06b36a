"""What a running part counts for whoever watches it: plain numbers, words, numbers by a word, and times."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

# Upper bounds in seconds: from what one fsync takes to what nobody waits for any more.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class By:
    """Numbers by the values of one label, for instance commands by outcome."""

    label: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Spread:
    """A histogram as it is now. counts: one for each of BOUNDS and one beyond, not added up. total: seconds."""

    counts: tuple[int, ...]
    total: float


@dataclass(frozen=True, slots=True)
class SpreadBy:
    """Histograms by the values of one label."""

    label: str
    values: Mapping[str, Spread]


Figure = float | str | By | Spread | SpreadBy


class Times:
    """How long something took, as often as it happened. Cheap enough for every vote: some 0.3 µs."""

    __slots__ = ("_counts", "_total")

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS) + 1)
        self._total = 0.0

    def add(self, seconds: float) -> None:
        self._counts[bisect_left(BOUNDS, seconds)] += 1
        self._total += seconds

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Adds how long the block took, also when it failed."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.add(time.perf_counter() - start)

    def read(self) -> Spread:
        return Spread(tuple(self._counts), self._total)


class Answers:
    """How events of clients were answered. `held`: nobody knows yet, they come again under the same key."""

    OUTCOMES = ("accepted", "refused", "held", "broken", "failed")

    def __init__(self, events: tuple[str, ...]) -> None:
        self._outcomes: dict[str, Counter[str]] = {event: Counter() for event in events}
        self._times = {event: Times() for event in events}

    def add(self, event: str, outcome: str, seconds: float) -> None:
        self._outcomes[event][outcome] += 1
        self._times[event].add(seconds)

    def read(self) -> Mapping[str, Figure]:
        """`<event>_answers_total` by outcome for each event, and `answer_seconds` by event."""
        counted = {
            f"{event}_answers_total": By("outcome", {outcome: found[outcome] for outcome in self.OUTCOMES})
            for event, found in self._outcomes.items()
        }
        return {**counted, "answer_seconds": SpreadBy("event", {e: each.read() for e, each in self._times.items()})}
