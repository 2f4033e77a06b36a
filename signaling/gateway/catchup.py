"""The recent frames of one view class, and the one frame that takes a client from where it was to the present."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

Change = dict[str, Any]


class Ring:
    """Frames from `base` to `head` without a gap. head: seq of the last published state."""

    def __init__(self, head: int, most: int) -> None:
        self.base = head
        self.head = head
        self._most = most
        self._frames: deque[tuple[int, Sequence[Change]]] = deque()  # (upto, changes)

    def push(self, upto: int, changes: Sequence[Change]) -> None:
        """Append the frame that leads from head to upto; the oldest falls out beyond `most`."""
        self._frames.append((upto, changes))
        self.head = upto
        if len(self._frames) > self._most:
            self.base = self._frames.popleft()[0]

    def restart(self, head: int) -> None:
        """Forget everything: nobody can be bridged to here."""
        self._frames.clear()
        self.base = self.head = head

    def bridges(self, after: int) -> bool:
        """Only from a frame's border: what came and went inside a frame is in none of its changes.

        Another node cuts its frames elsewhere, as did this one before a restart.
        """
        return after == self.base or any(upto == after for upto, _ in self._frames)

    def since(self, after: int) -> list[Change]:
        """Every entity changed after `after` (which `bridges` has accepted), once, as it stands now."""
        latest: dict[tuple[str, str], Change] = {}
        for upto, changes in self._frames:
            if upto > after:
                for change in changes:
                    key = (change["kind"], change["id"])
                    latest.pop(key, None)
                    latest[key] = change
        return list(latest.values())
