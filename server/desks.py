"""One loaded desk a session, kept level with what other nodes append."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Collection, Mapping
from typing import Any

from server import tallies
from server.documents.approvals import Approvals
from server.store.keys import SigningKey
from sessions.desk import Desk, Review
from sessions.errors import Refused
from sessions.ids import PassId, SessionId
from sessions.journal import BallotBox, Journal
from sessions.permissions import Actor, Role
from sessions.shape import IDENT

FRESH_S = 0.25  # another process may have begun one since
MOST_WOKEN = 100  # sessions read at once because other nodes wrote to them; the poll finds the rest

log = logging.getLogger(__name__)


def system(session: SessionId) -> Actor:
    """Whoever acts when nobody does: timers and the server itself."""
    return Actor(session=session, role=Role.SYSTEM, pass_id=PassId("system"))


def new_id() -> str:
    """64 random bits: ids are unique across sessions, and nobody has to guess them to be refused."""
    return secrets.token_hex(8)


class Desks:
    """signaling.gateway.ports.Sessions over the store."""

    def __init__(self, journal: Journal, box: BallotBox, key: SigningKey | None = None) -> None:
        """key: published in every session's journal, so that its receipts can be checked for ever."""
        self._journal = journal
        self._box = box
        self._key = key
        self._reviews: dict[str, Review] = {"record.confirm": Approvals(journal).confirm}
        self._desks: dict[SessionId, Desk] = {}
        self._loading = asyncio.Lock()
        self._asking: asyncio.Future[Mapping[SessionId, int]] | None = None
        self._asked_at = 0.0
        self._woken: dict[SessionId, asyncio.Task[None]] = {}
        self._known: dict[SessionId, int] = {}  # of those being woken: the last seq heard of

    @property
    def loaded(self) -> Mapping[SessionId, Desk]:
        return self._desks

    async def desk(self, session: SessionId) -> Desk:
        """Raises Refused: unknown_session, held."""
        if desk := self._desks.get(session):
            return desk
        if not IDENT.fullmatch(session) or session not in await self._there():
            raise Refused("unknown_session")
        return await self.load(session)

    async def _there(self) -> Collection[SessionId]:
        """The sessions there are, or were a moment ago: strangers who guess share one query. Raises Refused("held")."""
        now = time.monotonic()
        if self._asking is None or (self._asking.done() and now - self._asked_at >= FRESH_S):
            self._asking, self._asked_at = asyncio.ensure_future(self._journal.heads()), now
        return await asyncio.shield(self._asking)

    async def load(self, session: SessionId) -> Desk:
        """Like desk(), but a session nobody wrote to yet gets an empty desk."""
        async with self._loading:
            if desk := self._desks.get(session):
                return desk
            desk = Desk(session, self._journal, self._box, new_id=new_id, counter=tallies.count, reviews=self._reviews)
            await desk.load()
            self._desks[session] = desk
            return desk

    async def level(self) -> None:
        """Load sessions that appeared, and read what other nodes appended to the others."""
        for session, head in (await self._journal.heads()).items():
            desk = self._desks.get(session)
            if desk is None:
                await self.load(session)
            elif desk.state.seq < head and not desk.broken:
                await desk.refresh()
            await self._publish_key(self._desks[session])

    def wake(self, session: SessionId, seq: int) -> None:
        """Another node, or a stranger who says so, appended up to seq: have it read now. Never waits."""
        desk = self._desks.get(session)
        if desk is not None and (desk.broken or desk.state.seq >= seq):
            return
        if session in self._woken:
            self._known[session] = max(seq, self._known[session])
        elif len(self._woken) < MOST_WOKEN:
            self._known[session] = seq
            task = self._woken[session] = asyncio.create_task(self._read(session))
            task.add_done_callback(lambda _: self._woken.pop(session, None))

    async def _read(self, session: SessionId) -> None:
        """Once more if there was more to read by then; after that the poll will see to it."""
        try:
            desk = await self.desk(session)
            for _ in range(2):
                if desk.state.seq >= self._known[session] or desk.broken:
                    return
                await desk.refresh()
        except Refused as refused:
            log.debug("session %s is not read now: %s", session, refused.code)
        except Exception:
            log.exception("session %s could not be read", session)

    async def _publish_key(self, desk: Desk) -> None:
        if self._key is None or desk.broken or not desk.state.session.created or self._key.key_id in desk.state.keys:
            return
        data = {"key_id": self._key.key_id, "public_key": self._key.public_text}
        await desk.submit("key.publish", data, system(desk.state.session.id), f"key-{self._key.key_id}")

    async def heads(self) -> Mapping[SessionId, int]:
        """The last seq of every session there is. Raises Refused("held")."""
        return await self._journal.heads()

    async def close(self) -> None:
        waiting: list[asyncio.Future[Any]] = [*self._woken.values(), *([] if self._asking is None else [self._asking])]
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for desk in self._desks.values():
            await desk.close()
        self._desks.clear()
