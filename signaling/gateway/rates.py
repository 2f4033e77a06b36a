"""How often somebody may do something, whatever number of connections or requests it comes by."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=Hashable)


class Allowance(Generic[Name]):
    """A token bucket for each name: `burst` at once, then one every `every_s`.

    clock: seconds, monotonic. most: names remembered; the one longest untouched is forgotten first.
    """

    def __init__(self, clock: Callable[[], float], burst: int, every_s: float, most: int = 10_000) -> None:
        self._clock = clock
        self._burst = burst
        self._every_s = every_s
        self._most = most
        self._full_at: OrderedDict[Name, float] = OrderedDict()  # when the bucket will be full again

    def wait_s(self, name: Name, amount: int = 1) -> float:
        """Spends so many and returns 0, or spends nothing and returns how long there will not be as many."""
        now = self._clock()
        full_at = max(now, self._full_at.get(name, now)) + self._every_s * amount
        if (wait_s := full_at - now - self._burst * self._every_s) > 0:
            return wait_s
        self._full_at[name] = full_at
        self._full_at.move_to_end(name)
        while len(self._full_at) > self._most:
            self._full_at.popitem(last=False)
        return 0.0
