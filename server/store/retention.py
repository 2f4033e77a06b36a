"""What is kept of people after a session has ended, table by table, and its erasure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select

from server.store import tables
from server.store.audit import SqlAudit
from server.store.database import Database
from sessions.ids import SessionId

DOCUMENT = "document"
JUMPED = "clock.jumped"

# By session: who people are (people), what they wrote and signed (letters and sheets handed in with proposals, which
# carry names and telephone numbers), which device was theirs (claims), and the ways in that nobody needs any more.
ERASED: Mapping[str, Table] = MappingProxyType(
    {
        "people": tables.people,
        "documents": tables.files,
        "claims": tables.claims,
        "pins": tables.pins,
        "credentials": tables.credentials,
        "cards": tables.passes,
    }
)
# Everything else: seats and offices without a name, what was decided, what was voted, who looked at people when.
KEPT = frozenset(
    {"sessions", "journal", "answers", "ballots", "roll", "box", "open_votes", "people_access", "audit"}
    | {"installation_keys", "bulletins", "media_hosts", "prints"}
)
# Staff: theirs as long as the account is; ended logins are forgotten with it.
OF_STAFF = frozenset({"accounts", "account_scopes", "account_sessions", "account_credentials", "account_guesses"})


def belonging(name: str, session: SessionId) -> ColumnElement[bool]:
    """The rows of this kind that a session has."""
    mine = ERASED[name].c.session == session
    return mine & (tables.files.c.kind == DOCUMENT) if name == "documents" else mine


class SqlRetention:
    def __init__(self, database: Database, audit: SqlAudit) -> None:
        self._database = database
        self._audit = audit

    async def last_sign(self, now: int) -> int:
        """When anything was last written to a journal or the trail, milliseconds since 1970 UTC; `now` for nothing."""
        async with self._database.reading() as connection:
            found = [
                (await connection.execute(select(func.max(table.c.at)).where(table.c.at <= now))).scalar_one()
                for table in (tables.journal, tables.audit)
            ]
        return max((at for at in found if at is not None), default=now)

    async def last_jump(self, now: int) -> int | None:
        """When a jump of the clock was last written down, by the clock after it; None for never."""
        trail = tables.audit
        wanted = select(func.max(trail.c.at)).where(trail.c.action == JUMPED, trail.c.at <= now)
        async with self._database.reading() as connection:
            found: int | None = (await connection.execute(wanted)).scalar_one()
            return found

    async def note_jump(self, last: int) -> None:
        await self._audit.note("system", JUMPED, last=last)

    async def held(self, session: SessionId) -> dict[str, int]:
        """How many rows of each kind there are. Raises Refused("held")."""
        async with self._database.reading() as connection:
            found = {}
            for name, table in ERASED.items():
                wanted = select(func.count()).select_from(table).where(belonging(name, session))
                found[name] = int((await connection.execute(wanted)).scalar_one())
            return found

    async def erase(self, session: SessionId, actor: str) -> dict[str, int]:
        """Forget all of it, and write down that it was done; how many rows of each kind went. Raises Refused("held").

        Doing it again finds nothing and writes nothing.
        """
        async with self._database.writing() as connection:
            gone: dict[str, Any] = {}
            for name, table in ERASED.items():
                gone[name] = (await connection.execute(delete(table).where(belonging(name, session)))).rowcount
            if any(gone.values()):
                await self._audit.write(connection, actor, "retention.erase", session=session, **gone)
            return gone
