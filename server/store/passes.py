"""Tokens of passes and the credentials they were exchanged for; both only as SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from server.store import tables
from server.store.ballot_box import insert_new
from server.store.database import Database
from server.store.grouping import Grouped
from sessions.ids import HallId, PassId, SessionId

PASSES = tables.passes
CREDENTIALS = tables.credentials
LENT = tables.account_credentials
LOGINS = tables.account_sessions


def digest(secret: str) -> bytes:
    """What is stored of a token or credential: 128 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Holder:
    """Which pass a secret belongs to. expires_at: of a credential, milliseconds since 1970 UTC; 0 for a token.

    claim: which claim of the card a credential is of. kiosk: the hall at whose page the card was shown, for one vote.
    """

    session: SessionId
    pass_id: PassId
    expires_at: int = 0
    claim: int = 1
    kiosk: HallId | None = None


@dataclass(frozen=True, slots=True)
class NewToken:
    pass_id: PassId
    token: str


class SqlPasses:
    """Finds the pass behind a secret that somebody shows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._credentials = Grouped(self._write_credentials)

    async def add(self, session: SessionId, tokens: Sequence[NewToken]) -> None:
        """Let these tokens open passes of this session; adding one again changes nothing."""
        if not tokens:
            return
        async with self._database.writing() as connection:
            now = await self._database.now(connection)
            rows = [
                {"token_hash": digest(new.token), "session": session, "pass": new.pass_id, "created_at": now}
                for new in tokens
            ]
            await connection.execute(insert_new(connection, PASSES), rows)

    async def drop(self, session: SessionId, pass_id: PassId) -> None:
        """Forget the secrets of a card that there will not be."""
        async with self._database.writing() as connection:
            for table in (PASSES, tables.pins):
                await connection.execute(delete(table).where(table.c.session == session, table.c["pass"] == pass_id))

    async def of_token(self, token: str) -> Holder | None:
        async with self._database.reading() as connection:
            found = await connection.execute(select(PASSES).where(PASSES.c.token_hash == digest(token)))
            row = found.mappings().one_or_none()
        return None if row is None else Holder(SessionId(row["session"]), PassId(row["pass"]))

    async def keep_credential(self, credential: str, holder: Holder) -> None:
        """Returns when it is durable; a hall full of phones that arrive together shares one transaction."""
        row = {
            "hash": digest(credential),
            "session": holder.session,
            "pass": holder.pass_id,
            "expires_at": holder.expires_at,
            "claim": holder.claim,
            "kiosk": holder.kiosk,
        }
        await self._credentials.add(row)

    async def _write_credentials(self, rows: Sequence[dict[str, object]]) -> None:
        async with self._database.writing() as connection:
            await connection.execute(insert(CREDENTIALS), rows)

    async def of_credential(self, credential: str) -> Holder | None:
        async with self._database.reading() as connection:
            found = await connection.execute(select(CREDENTIALS).where(CREDENTIALS.c.hash == digest(credential)))
            row = found.mappings().one_or_none()
        if row is None:
            return None
        kiosk = None if row["kiosk"] is None else HallId(row["kiosk"])
        return Holder(SessionId(row["session"]), PassId(row["pass"]), row["expires_at"], row["claim"], kiosk)

    async def login_of(self, credential: str, now: int) -> str | None:
        """The login of an account that this credential was lent to, None when that is over. now: ms since 1970 UTC."""
        lent = LENT.c.hash == digest(credential)
        of = select(LOGINS.c.id).join(LENT, LENT.c.login == LOGINS.c.id).where(lent)
        async with self._database.reading() as connection:
            alive = of.where(LOGINS.c.stage == "in", LOGINS.c.expires_at > now)
            found: str | None = (await connection.execute(alive)).scalar_one_or_none()
            return found

    async def forget_expired(self, before: int) -> int:
        """Drop credentials that expired before this time (milliseconds); how many."""
        async with self._database.writing() as connection:
            found = await connection.execute(delete(CREDENTIALS).where(CREDENTIALS.c.expires_at < before))
            return found.rowcount
