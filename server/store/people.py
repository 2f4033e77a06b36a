"""People: who sits on which seat. Each look at them is written down, and all of it can be erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import tables
from server.store.ballot_box import insert_new
from server.store.database import Database
from sessions.ids import SeatId, SessionId

PEOPLE = tables.people
ACCESS = tables.people_access
MINUTE_MS = 60_000
NOTED_MOST = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody; empty text or None where it is not. age: years. sex: "L" or "P", as lists print it.

    nip: the number of a civil servant, who signs with it.
    """

    name: str
    age: int | None = None
    sex: str = ""
    disability: bool | None = None
    organisation: str = ""
    address: str = ""
    phone: str = ""
    nip: str = ""


KNOWN = tuple(field.name for field in fields(Person))


@dataclass(frozen=True, slots=True)
class Access:
    """actor: as the journal names it. minute: milliseconds since 1970 UTC, rounded down to the minute."""

    actor: str
    purpose: str
    minute: int


class SqlPeople:
    """actor and purpose are who asks and what for: "door", "record", "import", "export", "erasure_look", "erasure"."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[tuple[SessionId, str, str], int] = {}  # what was written down → in which minute

    async def of(self, session: SessionId, actor: str, purpose: str) -> Mapping[SeatId, Person]:
        """Everybody the secretariat entered for this session, by seat. Raises Refused("held")."""
        await self._note(session, actor, purpose)
        async with self._database.reading() as connection:
            found = await connection.execute(select(PEOPLE).where(PEOPLE.c.session == session))
            return {SeatId(row["seat"]): person(row) for row in found.mappings()}

    async def put(self, session: SessionId, people: Mapping[SeatId, Person], actor: str) -> None:
        """Enter or replace, all or none. The session must have a journal. Raises Refused("held")."""
        rows = [{"session": session, "seat": seat, **asdict(found)} for seat, found in people.items()]
        async with self._database.writing() as connection:
            await self._write_access(connection, session, actor, "import")
            if rows:
                await connection.execute(replacing(connection), rows)

    async def erase(self, session: SessionId, actor: str, seats: Sequence[SeatId] | None = None) -> int:
        """Forget these people, or all of the session; how many there were. Raises Refused("held")."""
        wanted = delete(PEOPLE).where(PEOPLE.c.session == session)
        if seats is not None:
            wanted = wanted.where(PEOPLE.c.seat.in_(seats))
        async with self._database.writing() as connection:
            await self._write_access(connection, session, actor, "erasure")
            return (await connection.execute(wanted)).rowcount

    async def accesses(self, session: SessionId) -> list[Access]:
        """Who looked, oldest first. Raises Refused("held")."""
        wanted = select(ACCESS).where(ACCESS.c.session == session).order_by(ACCESS.c.minute, ACCESS.c.actor)
        async with self._database.reading() as connection:
            found = (await connection.execute(wanted)).mappings()
            return [Access(row["actor"], row["purpose"], row["minute"]) for row in found]

    async def _note(self, session: SessionId, actor: str, purpose: str) -> None:
        """Before anything is read: a look that could not be written down does not happen."""
        look, minute = (session, actor, purpose), self._database.clock() // MINUTE_MS
        if self._noted.get(look) == minute:
            return
        async with self._database.writing() as connection:
            await self._write_access(connection, session, actor, purpose)
        if len(self._noted) >= NOTED_MOST:
            self._noted.clear()
        self._noted[look] = minute

    async def _write_access(self, connection: AsyncConnection, session: SessionId, actor: str, purpose: str) -> None:
        """Once a minute is enough to know: a name that is being typed asks at every letter."""
        now = await self._database.now(connection)
        row = {"session": session, "minute": now - now % MINUTE_MS, "actor": actor, "purpose": purpose}
        await connection.execute(insert_new(connection, ACCESS), [row])


def replacing(connection: AsyncConnection) -> sqlite.Insert | postgresql.Insert:
    """INSERT … ON CONFLICT DO UPDATE in the connection's dialect."""
    key = ["session", "seat"]
    values = [column.name for column in PEOPLE.columns if column.name not in key]
    if connection.dialect.name == "sqlite":
        lite = sqlite.insert(PEOPLE)
        return lite.on_conflict_do_update(index_elements=key, set_={name: lite.excluded[name] for name in values})
    post = postgresql.insert(PEOPLE)
    return post.on_conflict_do_update(index_elements=key, set_={name: post.excluded[name] for name in values})


def person(row: RowMapping) -> Person:
    return Person(**{name: row[name] for name in KNOWN})
