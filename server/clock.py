"""The clocks: the machine's, the only place that reads it for the domain, and the database's as nodes share it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

SAMPLES = 32  # the best of so many counts: one that was answered at once tells most
JUMP_MS = 10_000  # no answer is so slow: the machine's clock was set


def wall_ms() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class DatabaseClock:
    """The machine's clock, corrected by what the database says: the same on every node within some milliseconds."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.machine = clock
        self.offset_ms = 0
        self._samples: deque[tuple[int, int]] = deque(maxlen=SAMPLES)  # how long it took, what it said

    def __call__(self) -> int:
        return self.machine() + self.offset_ms

    def learn(self, database_ms: int, asked_ms: int, answered_ms: int) -> None:
        """asked_ms, answered_ms: by the machine's clock, around the question."""
        took = answered_ms - asked_ms
        if took < 0:  # the machine's clock was set meanwhile
            self._samples.clear()
            return
        offset_ms = database_ms - (asked_ms + answered_ms) // 2
        if self._samples and abs(offset_ms - self.offset_ms) > JUMP_MS + took:
            self._samples.clear()
        self._samples.append((took, offset_ms))
        self.offset_ms = min(self._samples)[1]
