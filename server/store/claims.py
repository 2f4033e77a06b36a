"""Which device was the first to claim a card, and the hidden PINs by which others may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from server.store import tables
from server.store.ballot_box import insert_new
from server.store.database import Database
from server.store.grouping import Grouped
from sessions.ids import PassId, SessionId

CLAIMS = tables.claims
PINS = tables.pins
TRIES_MOST = 5


class SqlClaims:
    """First claims and PINs; a device is a digest (see server/claims.py), a PIN a hash (see server/pins.py)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._first = Grouped(self._write_first)

    async def holder(self, session: SessionId, pass_id: PassId) -> str | None:
        """The device of the first claim; None while there is none."""
        async with self._database.reading() as connection:
            found = await connection.execute(
                select(CLAIMS.c.device).where(CLAIMS.c.session == session, CLAIMS.c["pass"] == pass_id)
            )
            device: str | None = found.scalar_one_or_none()
        return device

    async def first(self, session: SessionId, pass_id: PassId, device: str) -> str:
        """Claim it for this device unless another was first, here or on another node; the device that has it."""
        await self._first.add({"session": session, "pass": pass_id, "device": device})
        return await self.holder(session, pass_id) or ""

    async def _write_first(self, rows: Sequence[dict[str, object]]) -> None:
        """In one order on every node: two groups that wait for each other's rows would be a deadlock."""
        ordered = sorted(rows, key=lambda row: (str(row["session"]), str(row["pass"])))
        async with self._database.writing() as connection:
            now = await self._database.now(connection)
            await connection.execute(insert_new(connection, CLAIMS), [{**row, "at": now} for row in ordered])

    async def claimed(self, session: SessionId) -> set[PassId]:
        """The cards of a session that some device has claimed."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(CLAIMS.c["pass"]).where(CLAIMS.c.session == session))
            return {PassId(row) for row in found.scalars()}

    async def with_pin(self, session: SessionId) -> set[PassId]:
        async with self._database.reading() as connection:
            found = await connection.execute(select(PINS.c["pass"]).where(PINS.c.session == session))
            return {PassId(row) for row in found.scalars()}

    async def put_pins(self, session: SessionId, hashes: Mapping[PassId, str]) -> None:
        """A card that has a PIN keeps it."""
        rows = [{"session": session, "pass": card, "hash": pin, "tries": 0} for card, pin in hashes.items()]
        if rows:
            async with self._database.writing() as connection:
                await connection.execute(insert_new(connection, PINS), rows)

    async def tries_left(self, session: SessionId, pass_id: PassId) -> int | None:
        """How often its PIN may still be tried; None for a card without one."""
        async with self._database.reading() as connection:
            found = await connection.execute(
                select(PINS.c.tries).where(PINS.c.session == session, PINS.c["pass"] == pass_id)
            )
            tries = found.scalar_one_or_none()
        return None if tries is None else TRIES_MOST - tries

    async def take_try(self, session: SessionId, pass_id: PassId) -> tuple[str, int] | None:
        """The hash to compare with and the tries left after this one; None when there are none, or no PIN.

        It is counted before it is looked at: guesses that come together, on several nodes, count one by one.
        """
        mine = (PINS.c.session == session, PINS.c["pass"] == pass_id)
        counting = (
            update(PINS)
            .where(*mine, PINS.c.tries < TRIES_MOST)
            .values(tries=PINS.c.tries + 1)
            .returning(PINS.c.hash, PINS.c.tries)
        )
        async with self._database.writing() as connection:
            row = (await connection.execute(counting)).one_or_none()
        return None if row is None else (row.hash, TRIES_MOST - row.tries)

    async def forgive(self, session: SessionId, pass_id: PassId) -> None:
        """The PIN was right, or the hall knows the person: earlier tries count no more."""
        async with self._database.writing() as connection:
            await connection.execute(
                update(PINS).where(PINS.c.session == session, PINS.c["pass"] == pass_id).values(tries=0)
            )
