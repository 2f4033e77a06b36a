"""What was decided of proposals, as anybody may read it: gathered beside the event loop, once for all who ask."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections import OrderedDict
from dataclasses import dataclass

from sessions.ids import HallId, SessionId
from sessions.model.board import Board
from sessions.outcomes import outcomes
from sessions.state import State

MOST = 256  # kept; that of all 1,451 proposals takes 100 KB, that of a hall 2 KB
FRESH_S = 1.0  # a crowd reloads while the board changes several times a second


@dataclass(frozen=True, slots=True)
class Told:
    """body: gzip of the JSON of docs/protocol.md §2."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Kept:
    """board: the very object it was made from. begun_at: seconds, monotonic."""

    board: Board
    begun_at: float
    making: asyncio.Task[Told]

    def serves(self, board: Board, now: float) -> bool:
        if not self.making.done():
            return True
        failed = self.making.cancelled() or self.making.exception() is not None
        return not failed and (self.board is board or now - self.begun_at < FRESH_S)


class Outcomes:
    """One is made at a time: 1,451 proposals with their decisions take 0.2 s. built: how many were made."""

    def __init__(self) -> None:
        self.built = 0
        self._kept: OrderedDict[tuple[SessionId, HallId | None], Kept] = OrderedDict()
        self._turn = asyncio.Lock()

    async def of(self, state: State, hall: HallId | None) -> Told:
        """Of one hall or of all; at most FRESH_S behind the state, and what the making takes."""
        key, now = (state.session.id, hall), time.monotonic()
        kept = self._kept.get(key)
        if kept is None or not kept.serves(state.board, now):
            kept = self._kept[key] = Kept(state.board, now, asyncio.ensure_future(self._made(state, hall)))
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return await asyncio.shield(kept.making)

    async def _made(self, state: State, hall: HallId | None) -> Told:
        async with self._turn:
            self.built += 1
            return await asyncio.to_thread(made, state, hall)


def made(state: State, hall: HallId | None) -> Told:
    text = json.dumps({"outcomes": list(outcomes(state, hall))}, separators=(",", ":"), ensure_ascii=False)
    etag = f"{state.session.id}-outcomes-{hall or ''}-{state.seq}"
    return Told(gzip.compress(text.encode(), mtime=0), etag)
