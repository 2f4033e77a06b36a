"""An event loop that jumps over waiting: a timeout of half a second passes at once when nobody has anything to do."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class JumpingSelector(selectors.DefaultSelector):  # type: ignore[valid-type,misc]
    """Instead of sleeping until the next timer it moves the loop's clock there."""

    jumped_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout > 0:
            self.jumped_s += timeout
            timeout = 0
        return super().select(timeout)  # type: ignore[no-any-return]


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return super().time() + self._jumping.jumped_s


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end; only for what waits for timers alone, not for sockets or threads."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)
