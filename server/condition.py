"""How this node is doing: whether its database answers, whether its event loop keeps up, whether it is leaving."""

from __future__ import annotations

import asyncio
import gc
import resource
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from server.store.database import Database
from server.store.migrations import current, revisions
from sessions.errors import Refused
from signaling.measures import Figure, Times

PATIENCE_S = 2.0
FRESH_S = 0.5  # probes of fronts, orchestrators and strangers within this share one query
BEAT_S = 0.25
LATE_MOST_S = 5.0  # so late for so long, a new client would give up before it is let in
BEATS = 8
STARTED = time.monotonic()
DESCRIPTORS = Path("/proc/self/fd")
MEMORY = Path("/proc/self/statm")


class Condition:
    """Runs until closed. draining: set once the node has been told to stop.

    cut_off: set to what says whether this node has lost a database that another one has.
    """

    def __init__(self, database: Database) -> None:
        self.draining = False
        self.cut_off: Callable[[], bool] = lambda: False
        self._database = database
        self._beats: deque[float] = deque(maxlen=BEATS)
        self._lag = Times()
        self._newest = revisions()[0]
        self._asking: asyncio.Future[str] | None = None
        self._asked_at = 0.0
        self._beating = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        """How much later than asked for the loop gets to us: what everybody else has to wait as well."""
        while True:
            due = time.monotonic() + BEAT_S
            await asyncio.sleep(BEAT_S)
            late = max(0.0, time.monotonic() - due)
            self._beats.append(late)
            self._lag.add(late)

    async def database(self) -> str:
        """ok, away, or other: its tables are not those of this version (a newer node has been at them)."""
        now = time.monotonic()
        if self._asking is None or (self._asking.done() and now - self._asked_at >= FRESH_S):
            self._asking, self._asked_at = asyncio.ensure_future(self._ask()), now
        return await asyncio.shield(self._asking)

    async def _ask(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE_S), self._database.reading() as connection:
                return "ok" if await current(connection) == self._newest else "other"
        except (Refused, TimeoutError):
            return "away"

    async def reasons(self) -> list[str]:
        """Why new clients should be sent to another node; none when they may come.

        A database that is away for every node is no reason: a front without any node left would show people a blank
        page where ours says that nothing is lost.
        """
        found = ["draining"] if self.draining else []
        if await self.database() == "other":
            found.append("database_other_version")
        if self.cut_off():
            found.append("database_away_here")
        if len(self._beats) == BEATS and min(self._beats) >= LATE_MOST_S:
            found.append("overloaded")
        return found

    def figures(self) -> Mapping[str, Figure]:
        return {"draining": float(self.draining), "loop_late_seconds": self._lag.read()}

    async def close(self) -> None:
        """Twice is harmless."""
        for task in (self._beating, self._asking):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


def process_figures() -> Mapping[str, Figure]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    found = {
        "cpu_seconds_total": usage.ru_utime + usage.ru_stime,
        "resident_bytes": float(int(MEMORY.read_text().split()[1]) * resource.getpagesize()),
        "resident_max_bytes": float(usage.ru_maxrss * 1024),
        "uptime_seconds": time.monotonic() - STARTED,
        "gc_collections_total": float(sum(generation["collections"] for generation in gc.get_stats())),
    }
    found["open_descriptors"] = float(len(list(DESCRIPTORS.iterdir())))
    found["open_descriptors_most"] = float(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return found
