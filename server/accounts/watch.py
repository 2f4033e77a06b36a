"""Ends what was entered by logins that are over, wherever they were ended: asked of the database once a second."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator

from server.store.accounts import SqlAccounts
from server.store.guesses import SqlGuesses
from sessions.errors import Refused
from signaling.gateway.app import Gateway

EVERY_S = 1.0
FORGET_EVERY_S = 3600.0
KEPT_MS = 30 * 24 * 3600 * 1000  # so long an address counts as known, see Staff

log = logging.getLogger(__name__)


class LoginWatch:
    """Runs until closed; asks nothing while nobody is here by an account. clock: milliseconds since 1970 UTC."""

    def __init__(self, accounts: SqlAccounts, guesses: SqlGuesses, gateway: Gateway, clock: Callable[[], int]) -> None:
        self._accounts = accounts
        self._guesses = guesses
        self._gateway = gateway
        self._clock = clock
        self._tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._keep_house())]

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            with self._surviving():
                if here := self._gateway.logins():
                    self._gateway.end_logins(here - await self._accounts.alive(here, self._clock()))

    async def _keep_house(self) -> None:
        while True:
            with self._surviving():
                await self._accounts.forget(self._clock() - KEPT_MS)
                await self._guesses.forget(self._clock())
            await asyncio.sleep(FORGET_EVERY_S)

    @contextlib.contextmanager
    def _surviving(self) -> Iterator[None]:
        """While the database is away everybody stays: nobody knows better."""
        try:
            yield
        except Refused:
            pass
        except Exception:
            log.exception("logins could not be looked after")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
