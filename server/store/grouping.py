"""Small writes of many people that share a transaction: what arrives while one runs goes into the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from signaling.trail import apart

Row = TypeVar("Row")


class Grouped(Generic[Row]):
    """write: stores these rows together or raises. most: rows a group."""

    def __init__(self, write: Callable[[Sequence[Row]], Awaitable[None]], most: int = 500) -> None:
        self._write = write
        self._most = most
        self._waiting: list[tuple[Row, asyncio.Future[None]]] = []
        self._running: asyncio.Task[None] | None = None

    async def add(self, row: Row) -> None:
        """Returns when the row is durable; raises what the write of its group raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, done))
        if self._running is None:
            self._running = apart(self._run())
        await done

    async def _run(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._store(group)
        finally:
            self._running = None

    async def _store(self, group: Sequence[tuple[Row, asyncio.Future[None]]]) -> None:
        failure: BaseException | None = None
        try:
            await self._write([row for row, _ in group])
        except BaseException as error:
            failure = error
            if not isinstance(error, Exception):
                raise
        finally:
            for _, done in group:
                if done.done():
                    continue
                if failure is None:
                    done.set_result(None)
                else:
                    done.set_exception(failure)
