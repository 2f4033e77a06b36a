"""Files of a session: kept whole beside their hash, found by an id nobody can guess."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from server.store import tables
from server.store.database import Database
from sessions.ids import SessionId

FILES = tables.files
TOGETHER = 1000  # ids in one statement


@dataclass(frozen=True, slots=True)
class NewFile:
    """id: random, 128 bits or more, for what is public is found by it alone. kind: photo, slide and the like.

    width, height: pixels, of what has any.
    """

    id: str
    session: SessionId
    kind: str
    media_type: str
    body: bytes
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """created_at: milliseconds since 1970 UTC. sha256: 64 hex digits, of body."""

    id: str
    session: SessionId
    kind: str
    media_type: str
    body: bytes
    width: int | None
    height: int | None
    size: int
    sha256: str
    created_at: int


class SqlFiles:
    """Files never change; a changed one is another file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, *files: NewFile) -> None:
        """Durable when it returns, all or none. The session must have a journal. Raises Refused("held")."""
        if not files:
            return
        async with self._database.writing() as connection:
            now = await self._database.now(connection)
            await connection.execute(insert(FILES), [row(file, now) for file in files])

    async def get(self, file: str) -> StoredFile | None:
        """None when there is none. Raises Refused("held")."""
        async with self._database.reading() as connection:
            found = (await connection.execute(select(FILES).where(FILES.c.id == file))).mappings().one_or_none()
        if found is None:
            return None
        return StoredFile(
            id=found["id"],
            session=SessionId(found["session"]),
            kind=found["kind"],
            media_type=found["media_type"],
            body=bytes(found["bytes"]),
            width=found["width"],
            height=found["height"],
            size=found["size"],
            sha256=bytes(found["sha256"]).hex(),
            created_at=found["created_at"],
        )

    async def remove(self, *files: str) -> int:
        """How many were there; removing twice is harmless. Raises Refused("held")."""
        if not files:
            return 0
        async with self._database.writing() as connection:
            return (await connection.execute(delete(FILES).where(FILES.c.id.in_(files)))).rowcount

    async def forget_unused(self, session: SessionId, kind: str, used: Collection[str], before: int) -> int:
        """Drop files of this kind that nothing speaks of any more and that are older than `before` (milliseconds).

        What was stored a moment ago may be about to be spoken of, hence the age. How many went.
        """
        async with self._database.writing() as connection:
            there = select(FILES.c.id).where(FILES.c.session == session, FILES.c.kind == kind)
            unused = [file for file in (await connection.execute(there)).scalars() if file not in used]
            gone = 0
            for start in range(0, len(unused), TOGETHER):
                some = FILES.c.id.in_(unused[start : start + TOGETHER])
                gone += (await connection.execute(delete(FILES).where(some, FILES.c.created_at < before))).rowcount
        return gone

    async def bytes_of(self, session: SessionId, kind: str) -> int:
        """How much all files of this kind take. Raises Refused("held")."""
        # Of the bodies themselves: in SQLite `size` stands behind the body, and reading it would read all of them.
        size = func.coalesce(func.sum(func.length(FILES.c.bytes)), 0)
        async with self._database.reading() as connection:
            told = await connection.execute(select(size).where(FILES.c.session == session, FILES.c.kind == kind))
            return int(told.scalar_one())


def row(file: NewFile, now: int) -> dict[str, object]:
    return {
        "id": file.id,
        "session": file.session,
        "kind": file.kind,
        "media_type": file.media_type,
        "bytes": file.body,
        "width": file.width,
        "height": file.height,
        "size": len(file.body),
        "sha256": hashlib.sha256(file.body).digest(),
        "created_at": now,
    }
