"""Which print of a session's cards is under way: a lease, so that two nodes never print at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.store import tables
from server.store.database import Database
from sessions.ids import SessionId

PRINTS = tables.prints
LEASE_MS = 60_000  # for how long a print of a node that died keeps others from beginning


class SqlPrints:
    """job: the id of a print. All raise Refused("held")."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, session: SessionId, job: str) -> bool:
        """Whether this print may begin: no other is under way, on whichever node. The session must have a journal."""
        async with self._database.writing() as connection:
            now = await self._database.now(connection)
            kind = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            lease = {"job": job, "until": now + LEASE_MS}
            insert: Any = kind(PRINTS).values(session=session, **lease)
            # One statement: of two nodes that come at once the second sees what the first wrote.
            taken = insert.on_conflict_do_update(index_elements=["session"], set_=lease, where=PRINTS.c.until <= now)
            await connection.execute(taken)
            found = await connection.execute(select(PRINTS.c.job).where(PRINTS.c.session == session))
            return bool(found.scalar_one() == job)

    async def renew(self, session: SessionId, job: str) -> bool:
        """Whether it still may go on; it has to ask more often than LEASE_MS. False: another began since."""
        async with self._database.writing() as connection:
            until = await self._database.now(connection) + LEASE_MS
            mine = (PRINTS.c.session == session, PRINTS.c.job == job)
            return (await connection.execute(update(PRINTS).where(*mine).values(until=until))).rowcount == 1

    async def release(self, session: SessionId, job: str) -> None:
        """Twice is harmless, and so is one that another has taken over."""
        async with self._database.writing() as connection:
            await connection.execute(delete(PRINTS).where(PRINTS.c.session == session, PRINTS.c.job == job))
