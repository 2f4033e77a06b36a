"""Snapshots of published states: rendered and compressed once a class and seq, off the event loop."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from sessions import view as views
from sessions.state import State

STALE_S = 10.0  # after this even an unchanged one is made again, for its `server_now`


@dataclass(frozen=True, slots=True)
class Snapshot:
    """body: gzip of the JSON of docs/protocol.md §2. upto: the seq it stands for; frames continue from there."""

    body: bytes
    etag: str
    upto: int


class Snapshots:
    """One a session. built: how many were made, for the metrics."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.built = 0
        self._clock = clock
        self._making: dict[str, tuple[float, int, asyncio.Task[Snapshot]]] = {}  # view → made at (monotonic s), seq

    async def of(self, state: State, view: str, bridged_from: int) -> Snapshot:
        """The published state as this class sees it. bridged_from: the oldest seq frames can still continue from."""
        now = time.monotonic()
        at, seq, task = self._making.get(view, (0.0, -1, None))
        if task is None or not usable(task, now - at, seq == state.seq, seq >= bridged_from):
            self.built += 1
            task = asyncio.ensure_future(asyncio.to_thread(build, state, view, self._clock()))
            self._making[view] = (now, state.seq, task)
        return await asyncio.shield(task)


def usable(task: asyncio.Task[Snapshot], age_s: float, current: bool, bridged: bool) -> bool:
    """The one of this very state; or one being made right now, which frames will bridge to the present."""
    if not task.done():
        return current or bridged
    return current and age_s < STALE_S and not task.cancelled() and task.exception() is None


def build(state: State, view: str, now: int) -> Snapshot:
    body = {
        "session": state.session.id,
        "class": view,
        "after": 0,
        "upto": state.seq,
        "server_now": now,
        "changes": views.snapshot(state, view),
    }
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Snapshot(gzip.compress(text.encode(), 9, mtime=0), f"{state.session.id}-{view}-{state.seq}", state.seq)
