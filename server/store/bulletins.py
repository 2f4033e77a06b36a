"""Bulletins of nodes in the database: what each says of who is connected to it, and how long ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from server.store import tables
from server.store.database import Database

BULLETINS = tables.bulletins


@dataclass(frozen=True, slots=True)
class Posted:
    """session: "" for the node itself. age_ms: by the database's clock. body: JSON of a stranger until checked."""

    node: str
    session: str
    number: int
    deaf: bool
    age_ms: int
    body: str


class SqlBulletins:
    """Each method raises Refused("held") when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def post(self, node: str, deaf: bool, bodies: Sequence[tuple[str, int, str]]) -> None:
        """bodies: session, number and body of each bulletin this node stands by; all of them are fresh again."""
        async with self._database.writing() as connection:
            at = await self._database.now(connection)
            rows = [
                {"node": node, "session": session, "number": number, "deaf": deaf, "at": at, "body": body}
                for session, number, body in [("", 0, "{}"), *bodies]
            ]
            insert = (sqlite if self._database.is_sqlite else postgresql).insert(BULLETINS)
            told = {name: insert.excluded[name] for name in ("number", "deaf", "at", "body")}
            await connection.execute(insert.on_conflict_do_update(index_elements=["node", "session"], set_=told), rows)

    async def read(self, node: str, most_ms: int) -> Sequence[Posted]:
        """What the other nodes posted within most_ms."""
        async with self._database.reading() as connection:
            now = await self._database.now(connection)
            mine = BULLETINS.c.node != node, BULLETINS.c.at > now - most_ms
            found = (await connection.execute(select(BULLETINS).where(*mine))).all()
        return [Posted(row.node, row.session, row.number, row.deaf, max(0, now - row.at), row.body) for row in found]

    async def withdraw(self, node: str) -> None:
        """Forget what this node said; twice is harmless."""
        async with self._database.writing() as connection:
            await connection.execute(delete(BULLETINS).where(BULLETINS.c.node == node))

    async def sweep(self, older_ms: int) -> None:
        """Forget what nodes said that are no more."""
        async with self._database.writing() as connection:
            now = await self._database.now(connection)
            await connection.execute(delete(BULLETINS).where(BULLETINS.c.at < now - older_ms))
