"""Whether the database answers, and what time it has: asked twice a second on a connection of its own."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from server.clock import DatabaseClock
from server.store.database import Database
from server.store.probing import probe, time_of
from sessions.errors import Refused
from signaling.measures import Figure

log = logging.getLogger(__name__)

BEAT_S = 0.5
PATIENCE_S = 2.5
SILENT_TWICE = 2  # a busy machine may miss one; a connection that is refused needs no second
LATE_S = 0.5  # when this process itself is so late, it has not heard the answer that may be there


async def learn(clock: DatabaseClock, database: Database) -> None:
    """Ask the database for its time. Raises Refused("held")."""
    asked = clock.machine()
    clock.learn(await time_of(database), asked, clock.machine())


class Pulse:
    """Runs until closed. database: whose transactions are watched; apart: the same, by a connection of its own.

    tell(away) is called with each change. A database that answers questions but cannot keep anything, because its disk
    is full for instance, is away too: it is tried by writing as soon as somebody's transaction failed.
    """

    def __init__(
        self, database: Database, apart: Database, clock: DatabaseClock | None, tell: Callable[[bool], None]
    ) -> None:
        """clock: what to keep right, if any."""
        self.away = False
        self._database = database
        self._apart = apart
        self._clock = clock
        self._tell = tell
        self._held = database.counters.held
        self._silent = 0
        self._beating = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            asked_at = time.monotonic()
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._ask()
                self._silent = 0
                if self.away:
                    await self._database.close()  # forget the connections from before
                self._turn(away=False)
            except Refused:
                self._turn(away=True)
            except TimeoutError:
                self._silent += time.monotonic() - asked_at < PATIENCE_S + LATE_S
                if self._silent >= SILENT_TWICE:
                    self._turn(away=True)
            except Exception:
                log.exception("the database could not be asked")
            await asyncio.sleep(BEAT_S)

    async def _ask(self) -> None:
        held = self._database.counters.held
        failed, self._held = held != self._held, held
        if failed or self.away:
            await probe(self._apart)
        if self._clock is None:
            await time_of(self._apart)
            return
        await learn(self._clock, self._apart)

    def _turn(self, away: bool) -> None:
        if away == self.away:
            return
        self.away = away
        if away:
            log.error("the database does not answer; people are told, votes and commands are held until it does")
        else:
            log.warning("the database answers again")
        self._tell(away)

    def figures(self) -> Mapping[str, Figure]:
        """For /metrics."""
        offset_ms = 0 if self._clock is None else self._clock.offset_ms
        return {"away": float(self.away), "clock_ahead_seconds": offset_ms / 1000}

    async def close(self) -> None:
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
