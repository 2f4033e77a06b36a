"""The audit trail: who did what, on what, when and from which node. It is only ever appended to."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import tables
from server.store.database import Database
from sessions.ids import SessionId

AUDIT = tables.audit
LONGEST_SUBJECT = 200
LISTED_MOST = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail. at: milliseconds since 1970 UTC by the database's clock; id: grows with at."""

    id: str
    at: int
    node: str
    actor: str
    action: str
    session: SessionId | None
    subject: str
    data: Mapping[str, Any]


class SqlAudit:
    """node: which one writes. The database itself refuses to change or remove a line (a trigger)."""

    def __init__(self, database: Database, node: str = "") -> None:
        self._database = database
        self._node = node
        self._count = itertools.count()  # orders what one node writes within a millisecond

    async def note(
        self, actor: str, action: str, *, session: SessionId | None = None, subject: str = "", **data: Any
    ) -> None:
        """Durable when it returns; what must not happen unseen waits for it. Raises Refused("held").

        actor: `account:<id>`, `pass:<id>`, `seat:<id>`, `system`, or `cli` for a command line. action: `noun.verb`, for
        instance `pass.reclaim`. subject: on what, written like an actor. data: a few more scalars; never a secret, a
        person's name, a choice or a tracker.
        """
        async with self._database.writing() as connection:
            await self.write(connection, actor, action, session=session, subject=subject, **data)

    async def write(
        self,
        connection: AsyncConnection,
        actor: str,
        action: str,
        *,
        session: SessionId | None = None,
        subject: str = "",
        **data: Any,
    ) -> None:
        """The same in a transaction that is under way: both happen, or neither."""
        at = await self._database.now(connection)
        row = {
            "id": f"{at:012x}{next(self._count) & 0xFFFFFF:06x}{secrets.token_hex(4)}",
            "at": at,
            "node": self._node,
            "actor": actor,
            "action": action,
            "session": session,
            "subject": subject[:LONGEST_SUBJECT],
            "data": json.dumps(data, separators=(",", ":"), allow_nan=False),
        }
        await connection.execute(insert(AUDIT), [row])

    async def entries(
        self,
        *,
        session: SessionId | None = None,
        before: str | None = None,
        having: str = "",
        most: int = LISTED_MOST,
    ) -> list[Entry]:
        """The newest first, of one session or of all; before: an entry's id, to read on. Raises Refused("held").

        having: a part of the action, the actor or the subject, upper and lower case alike; empty: every entry.
        """
        wanted = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(min(most, LISTED_MOST))
        if session is not None:
            wanted = wanted.where(AUDIT.c.session == session)
        if before is not None:
            wanted = wanted.where(AUDIT.c.id < before)
        if having:
            sought = (AUDIT.c.action, AUDIT.c.actor, AUDIT.c.subject)
            wanted = wanted.where(or_(*(func.lower(one).contains(having.lower(), autoescape=True) for one in sought)))
        async with self._database.reading() as connection:
            return [entry(row) for row in await connection.execute(wanted)]


def entry(row: Any) -> Entry:
    session = None if row.session is None else SessionId(row.session)
    return Entry(row.id, row.at, row.node, row.actor, row.action, session, row.subject, json.loads(row.data))
