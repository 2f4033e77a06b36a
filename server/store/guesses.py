"""Guesses at passwords and codes of accounts, counted before they are looked at and on all nodes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import RowMapping, delete, select, update

from server.store import tables
from server.store.ballot_box import insert_new
from server.store.database import Database
from server.store.passes import digest

GUESSES = tables.account_guesses
KEPT_MS = 2 * 3600 * 1000  # longer than anything is counted
ASKEW_MS = 60_000  # nodes may differ; what lies further ahead is of a clock that was set back


class Limit(Protocol):
    """What one name is held to: how long to wait after so many failures, and when they are forgotten."""

    @property
    def name(self) -> str: ...

    def wait_ms(self, count: int, since: int, last: int, now: int) -> int: ...

    def is_over(self, since: int, last: int, now: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Growing:
    """A wait that grows with each failure and is forgotten with a success: nobody is locked out.

    free: failures that cost nothing; then first_ms, doubled each time up to most_ms. forget_ms: after the last one.
    """

    name: str
    free: int = 4
    first_ms: int = 2000
    most_ms: int = 60_000
    forget_ms: int = 900_000

    def wait_ms(self, count: int, since: int, last: int, now: int) -> int:
        if count <= self.free:
            return 0
        pause = min(self.most_ms, self.first_ms << min(count - self.free - 1, 30))
        return max(0, last + pause - now)

    def is_over(self, since: int, last: int, now: int) -> bool:
        return not -ASKEW_MS <= now - last < self.forget_ms


@dataclass(frozen=True, slots=True)
class Window:
    """So many failures in so long a time, counted from the first of them."""

    name: str
    allowed: int
    window_ms: int

    def wait_ms(self, count: int, since: int, last: int, now: int) -> int:
        return 0 if count < self.allowed else max(0, since + self.window_ms - now)

    def is_over(self, since: int, last: int, now: int) -> bool:
        return not -ASKEW_MS <= now - since < self.window_ms


class SqlGuesses:
    """Times are milliseconds since 1970 UTC. Names are kept as SHA-256. All raise Refused("held")."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, limits: Sequence[Limit], now: int) -> int:
        """Counts a guess against each, as if it failed; or counts nothing and returns how long it has to wait.

        Guesses that come together, on several nodes, count one by one.
        """
        named = {digest(limit.name): limit for limit in limits}
        async with self._database.reading() as connection:  # whoever has to wait writes nothing
            found = await connection.execute(select(GUESSES).where(GUESSES.c.key.in_(named)))
            if (wait_ms := longest(named, found.mappings().all(), now)) > 0:
                return wait_ms
        async with self._database.writing() as connection:
            # In one order everywhere: two that wait for each other's rows would be a deadlock.
            fresh = [{"key": key, "count": 0, "since": now, "last": now} for key in sorted(named)]
            await connection.execute(insert_new(connection, GUESSES), fresh)
            mine = select(GUESSES).where(GUESSES.c.key.in_(named)).order_by(GUESSES.c.key).with_for_update()
            rows = (await connection.execute(mine)).mappings().all()
            if (wait_ms := longest(named, rows, now)) > 0:
                return wait_ms
            for row in rows:
                over = row["count"] == 0 or named[bytes(row["key"])].is_over(row["since"], row["last"], now)
                values = {"count": 1, "since": now} if over else {"count": row["count"] + 1}
                await connection.execute(update(GUESSES).where(GUESSES.c.key == row["key"]).values(last=now, **values))
        return 0

    async def give_back(self, limits: Sequence[Limit], *, right: bool) -> None:
        """The guess was right, or was never looked at: it does not count. right: what grows is forgotten altogether."""
        named = {digest(limit.name): limit for limit in limits}
        async with self._database.writing() as connection:
            for key in sorted(named):
                mine = GUESSES.c.key == key
                if right and isinstance(named[key], Growing):
                    await connection.execute(delete(GUESSES).where(mine))
                else:
                    less = update(GUESSES).where(mine, GUESSES.c.count > 0).values(count=GUESSES.c.count - 1)
                    await connection.execute(less)

    async def forget(self, now: int) -> None:
        """Drop what counts no more."""
        async with self._database.writing() as connection:
            await connection.execute(delete(GUESSES).where(GUESSES.c.last < now - KEPT_MS))


def longest(named: dict[bytes, Limit], rows: Sequence[RowMapping], now: int) -> int:
    waits = []
    for row in rows:
        limit = named[bytes(row["key"])]
        if not limit.is_over(row["since"], row["last"], now):
            waits.append(limit.wait_ms(row["count"], row["since"], row["last"], now))
    return max(waits, default=0)
