"""What a database says of itself, for whoever checks an installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import text

from server.store.database import Database
from server.store.migrations import current

WANTED = ("fsync", "synchronous_commit", "full_page_writes", "max_connections")


@dataclass(frozen=True, slots=True)
class Inspected:
    """revision: "" without tables of ours. now: its clock, milliseconds. settings: of PostgreSQL, as it shows them."""

    postgres: bool
    version: str
    revision: str
    now: int
    settings: Mapping[str, str] = field(default_factory=dict)


async def inspect(database: Database) -> Inspected:
    """Raises what the database raises."""
    async with database.reading() as connection:
        revision, now = await current(connection), await database.now(connection)
        if database.is_sqlite:
            version = (await connection.execute(text("select sqlite_version()"))).scalar_one()
            return Inspected(False, str(version), revision, now)
        found = {name: str((await connection.execute(text(f"show {name}"))).scalar_one()) for name in WANTED}
        version = (await connection.execute(text("show server_version"))).scalar_one()
        return Inspected(True, str(version), revision, now, found)
