"""Which of a stream's last 1,024 packets were seen."""

from __future__ import annotations

WINDOW_SIZE = 1024
_MASK = (1 << WINDOW_SIZE) - 1


class Window:
    """Sliding bitmap over packet indices; bit n stands for `highest` - n."""

    __slots__ = ("_bits", "highest", "started")

    def __init__(self) -> None:
        self._bits = 0
        self.highest = 0
        self.started = False

    def is_new(self, index: int) -> bool:
        """Neither seen nor older than the window."""
        if not self.started or index > self.highest:
            return True
        behind = self.highest - index
        return behind < WINDOW_SIZE and not self._bits >> behind & 1

    def add(self, index: int) -> None:
        if not self.started or index - self.highest >= WINDOW_SIZE:
            self._bits, self.highest, self.started = 1, index, True
        elif index > self.highest:
            self._bits = (self._bits << (index - self.highest) | 1) & _MASK
            self.highest = index
        else:
            self._bits |= 1 << (self.highest - index)
