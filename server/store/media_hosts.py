"""Which node carries the pictures and sound of a session: a lease by the database's clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import tables
from server.store.database import Database
from signaling.engine import MediaHost

HOSTS = tables.media_hosts
VACANT = ""
LEASE_MS = 6000  # what a node that died takes its rooms with it for, unless nobody answers at its address any more


class SqlMediaHosts:
    """signaling.engine.MediaHosts. node: this node, in this life; url: where other nodes reach it."""

    def __init__(self, database: Database, node: str, url: str) -> None:
        self._database = database
        self._node, self._url = node, url

    async def take(self, room: str, *, able: bool, dead: str = "") -> MediaHost | None:
        """See MediaHosts. Raises Refused("held")."""
        async with self._database.writing() as connection:
            if able:
                await self._seize(connection, room, dead)
            found = (await connection.execute(select(HOSTS).where(HOSTS.c.session == room))).one_or_none()
        return None if found is None or found.node == VACANT else MediaHost(found.node, found.url, found.epoch)

    async def _seize(self, connection: AsyncConnection, room: str, dead: str) -> None:
        now = await self._database.now(connection)
        lease = {"node": self._node, "url": self._url, "until": now + LEASE_MS}
        kind = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        insert: Any = kind(HOSTS).values(session=room, epoch=1, **lease)
        # One statement: of two nodes that come at once the second sees what the first wrote.
        # A node of our own address that is not us was here before we were started.
        vacant = or_(HOSTS.c.until <= now, HOSTS.c.url == self._url, HOSTS.c.node.in_([VACANT, dead]))
        taken = {**lease, "epoch": HOSTS.c.epoch + 1}
        await connection.execute(
            insert.on_conflict_do_update(index_elements=["session"], set_=taken, where=and_(vacant, self._anothers()))
        )
        await connection.execute(
            update(HOSTS).where(HOSTS.c.session == room, self._ours()).values(until=lease["until"])
        )

    async def renew(self, rooms: Collection[str]) -> Mapping[str, MediaHost]:
        """See MediaHosts. Raises Refused("held")."""
        if not rooms:
            return {}
        async with self._database.writing() as connection:
            until = await self._database.now(connection) + LEASE_MS
            mine = and_(HOSTS.c.session.in_(sorted(rooms)), self._ours())
            await connection.execute(update(HOSTS).where(mine).values(until=until))
            found = await connection.execute(select(HOSTS).where(HOSTS.c.session.in_(sorted(rooms))))
            return {row.session: MediaHost(row.node, row.url, row.epoch) for row in found if row.node != VACANT}

    async def release(self, rooms: Collection[str]) -> None:
        """See MediaHosts. The row stays, so that epochs go on counting. Raises Refused("held")."""
        if not rooms:
            return
        async with self._database.writing() as connection:
            mine = and_(HOSTS.c.session.in_(sorted(rooms)), self._ours())
            await connection.execute(update(HOSTS).where(mine).values(node=VACANT, until=0))

    def _ours(self) -> ColumnElement[bool]:
        return HOSTS.c.node == self._node

    def _anothers(self) -> ColumnElement[bool]:
        return HOSTS.c.node != self._node
