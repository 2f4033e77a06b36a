"""Whether a database answers and keeps what it is given."""

from __future__ import annotations

from sqlalchemy import delete, text

from server.store import tables
from server.store.ballot_box import insert_new
from server.store.database import Database

PROBE = "probe"


async def time_of(database: Database) -> int:
    """The database's clock, milliseconds since 1970 UTC. Raises Refused("held")."""
    async with database.reading() as connection:
        if database.is_sqlite:  # the clock is ours and says nothing of the database
            await connection.execute(text("select 1"))
        return await database.now(connection)


async def probe(database: Database) -> None:
    """Write something that has to reach the disk and leaves nothing behind. Raises Refused("held")."""
    async with database.writing() as connection:
        if not database.is_sqlite:
            await connection.execute(text("select pg_logical_emit_message(true, 'pleno', '')"))
            return
        row = {"node": PROBE, "session": "", "number": 0, "deaf": False, "at": 0, "body": ""}
        await connection.execute(insert_new(connection, tables.bulletins), [row])
        await connection.execute(delete(tables.bulletins).where(tables.bulletins.c.node == PROBE))
