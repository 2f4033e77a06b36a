"""The journal of sessions in SQL: one transaction a group of commands, with the session's row locked throughout."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import ballot_box, bulk, tables
from server.store.audit import SqlAudit
from server.store.database import Database
from sessions.ids import BallotId, SessionId
from sessions.journal import Answer, Asked, BoxCount, Json, Recorded

JOURNAL = tables.journal
ANSWERS = tables.answers
SESSIONS = tables.sessions
AUDITED = {
    "pass_issued": "pass.issue",
    "pass_claimed": "pass.claim",
    "pass_released": "pass.release",
    "pass_revoked": "pass.revoke",
}


def dumps(data: Json) -> str:
    """JSON in ASCII: neither lone surrogates nor NUL can then upset a database."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False)


def recorded(row: Any) -> Recorded:
    return Recorded(seq=row.seq, at=row.at, actor=row.actor, type=row.type, data=json.loads(row.data))


async def events_after(connection: AsyncConnection, session: SessionId, after: int) -> list[Recorded]:
    found = await connection.execute(
        select(JOURNAL.c.seq, JOURNAL.c.at, JOURNAL.c.actor, JOURNAL.c.type, JOURNAL.c.data)
        .where(JOURNAL.c.session == session, JOURNAL.c.seq > after)
        .order_by(JOURNAL.c.seq)
    )
    return [recorded(row) for row in found]


class SqlTransaction:
    """sessions.journal.Transaction. Rows wait in memory until the group is complete."""

    __slots__ = ("_answers", "_audit", "_connection", "_database", "_events", "_head", "_session")

    def __init__(
        self, database: Database, connection: AsyncConnection, session: SessionId, head: int, audit: SqlAudit
    ) -> None:
        self._database = database
        self._audit = audit
        self._connection = connection
        self._session = session
        self._head = head
        self._events: list[Recorded] = []
        self._answers: dict[Asked, Answer] = {}

    async def now(self) -> int:
        return await self._database.now(self._connection)

    async def tail(self, after: int) -> Sequence[Recorded]:
        found = await events_after(self._connection, self._session, after) if after < self._head else []
        return [*found, *(event for event in self._events if event.seq > after)]

    async def answers(self, asked: Collection[Asked]) -> Mapping[Asked, Answer]:
        named = [{"session": self._session, "actor": actor, "key": key} for actor, key in asked]
        rows = await bulk.find_rows(self._connection, ANSWERS, named, ("actor", "key", "seq", "result"))
        return {(row.actor, row.key): Answer(seq=row.seq, result=json.loads(row.result)) for row in rows}

    async def append(self, actor: str, key: str, events: Sequence[Recorded], answer: Answer) -> None:
        """Raises ValueError when the events do not continue the journal or the key has been answered in this group."""
        expected = self._head + len(self._events)
        if [event.seq for event in events] != list(range(expected + 1, expected + 1 + len(events))):
            raise ValueError("events do not continue the journal")
        if (actor, key) in self._answers:
            raise ValueError("answered already")
        for event in events:
            await ballot_box.follow(self._connection, self._session, event)
            if (action := AUDITED.get(event.type)) is not None:
                await self._note(action, event)
        self._events.extend(events)
        self._answers[actor, key] = answer

    async def _note(self, action: str, event: Recorded) -> None:
        """In the trail as well, where whoever looks after an installation reads it."""
        by = {"by": event.data["by"]} if "by" in event.data else {}
        subject = f"pass:{event.data['id']}"
        await self._audit.write(self._connection, event.actor, action, session=self._session, subject=subject, **by)

    async def seal_box(self, ballot: BallotId) -> BoxCount:
        return await ballot_box.seal(self._connection, ballot)

    @property
    def head(self) -> int:
        """The last seq, with what is to be appended."""
        return self._head + len(self._events)

    async def flush(self) -> None:
        if self._events:
            await bulk.insert_rows(self._connection, JOURNAL, [self._event_row(event) for event in self._events])
            await self._connection.execute(
                update(SESSIONS).where(SESSIONS.c.id == self._session).values(head=self._head + len(self._events))
            )
        if self._answers:
            rows = [
                {"session": self._session, "actor": actor, "key": key, "seq": given.seq, "result": dumps(given.result)}
                for (actor, key), given in self._answers.items()
            ]
            await bulk.insert_rows(self._connection, ANSWERS, rows)

    def _event_row(self, event: Recorded) -> dict[str, Any]:
        return {
            "session": self._session,
            "seq": event.seq,
            "at": event.at,
            "actor": event.actor,
            "type": event.type,
            "data": dumps(event.data),
        }


class SqlJournal:
    """sessions.journal.Journal over SQLite or PostgreSQL.

    told(session, seq) is called after each commit that appended events, for whoever else reads this journal.
    """

    told: Callable[[SessionId, int], None] | None = None

    def __init__(self, database: Database, audit: SqlAudit | None = None) -> None:
        self._database = database
        self._audit = audit or SqlAudit(database)

    @asynccontextmanager
    async def transaction(self, session: SessionId) -> AsyncIterator[SqlTransaction]:
        """A session never seen before gets its row here. Raises Refused("held")."""
        async with self._database.writing() as connection:
            head = await self._lock(connection, session)
            transaction = SqlTransaction(self._database, connection, session, head, self._audit)
            yield transaction
            await transaction.flush()
        if self.told is not None and transaction.head > head:
            self.told(session, transaction.head)

    async def _lock(self, connection: AsyncConnection, session: SessionId) -> int:
        """The session's head, its row held FOR UPDATE."""
        locking = select(SESSIONS.c.head).where(SESSIONS.c.id == session).with_for_update()
        head: int | None = (await connection.execute(locking)).scalar_one_or_none()
        if head is None:
            row = {"id": session, "head": 0, "created_at": await self._database.now(connection)}
            await connection.execute(ballot_box.insert_new(connection, SESSIONS), [row])
            return int((await connection.execute(locking)).scalar_one())
        return head

    async def read(self, session: SessionId, after: int) -> Sequence[Recorded]:
        async with self._database.reading() as connection:
            return await events_after(connection, session, after)

    async def heads(self) -> Mapping[SessionId, int]:
        async with self._database.reading() as connection:
            found = await connection.execute(select(SESSIONS.c.id, SESSIONS.c.head))
            return {SessionId(row.id): row.head for row in found}
