"""What happens because time passes: deadlines fire, other nodes' events are read, old credentials are dropped."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from server.desks import Desks, system
from server.retention import JUMP_MS, erase_due
from server.store.passes import SqlPasses
from server.store.retention import SqlRetention
from sessions.desk import Desk
from sessions.dispatch import deadlines, due
from sessions.errors import Refused
from sessions.noun import Deadline

log = logging.getLogger(__name__)

POLL_S = 0.5  # wake-ups between nodes may be lost; this is how late a node may then be
HOUSEKEEPING_S = 3600.0


class Timers:
    """Runs until closed. clock: milliseconds since 1970 UTC; a deadline refused as too early is tried again.

    retention_days: after which personal data of an ended session are erased by retention, 0 = never.
    """

    def __init__(
        self,
        desks: Desks,
        passes: SqlPasses,
        clock: Callable[[], int],
        retention: SqlRetention | None = None,
        retention_days: int = 0,
    ) -> None:
        self._desks = desks
        self._passes = passes
        self._clock = clock
        self._retention = retention
        self._retention_days = retention_days
        self._away = False
        self._round = clock(), time.monotonic()
        self._tasks = [asyncio.create_task(self._keep_level()), asyncio.create_task(self._keep_house())]

    async def _keep_level(self) -> None:
        while True:
            try:
                await self._desks.level()
                for desk in list(self._desks.loaded.values()):
                    await self._fire(desk)
                self._back()
            except Refused as refused:
                self._gone(refused)
            except Exception:
                log.exception("a round of the timers failed")
            await asyncio.sleep(self._pause_s())

    def _pause_s(self) -> float:
        """Until the next poll, or until the soonest deadline when that comes earlier."""
        states = (desk.state for desk in self._desks.loaded.values())
        waits = [(deadline.at_ms - self._clock()) / 1000 for state in states for deadline in deadlines(state)]
        return min([POLL_S, *(wait for wait in waits if wait > 0)])

    async def _fire(self, desk: Desk) -> None:
        for deadline in due(desk.state, self._clock()):
            await self._submit(desk, deadline)

    async def _submit(self, desk: Desk, deadline: Deadline) -> None:
        """Every node submits under the same key, so whoever is first does it for all."""
        actor = system(desk.state.session.id)
        try:
            await desk.submit(deadline.name, deadline.data, actor, deadline.key)
        except Refused as refused:
            if refused.code == "held":
                raise
            log.debug("deadline %s: %s", deadline.key, refused.code)

    def _gone(self, refused: Refused) -> None:
        if not self._away:
            log.error("the database does not answer (%s); votes and commands are held until it does", refused.code)
        self._away = True

    def _back(self) -> None:
        if self._away:
            log.warning("the database answers again")
        self._away = False

    async def _keep_house(self) -> None:
        while True:
            try:
                await self._passes.forget_expired(self._clock())
                if self._retention is not None and self._retention_days:
                    await self._watch_clock(self._retention)
                    await erase_due(self._desks, self._retention, self._retention_days, self._clock())
            except Refused:
                log.info("what has expired is dropped later: the database is away")
            except Exception:
                log.exception("housekeeping failed")
            await asyncio.sleep(HOUSEKEEPING_S)

    async def _watch_clock(self, retention: SqlRetention) -> None:
        """A clock that is set far ahead while we run; what happened since hides it from is_believed()."""
        (was, then), (now, monotonic) = self._round, (self._clock(), time.monotonic())
        self._round = now, monotonic
        if now - was - (monotonic - then) * 1000 > JUMP_MS:
            await retention.note_jump(was)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
