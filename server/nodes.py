"""This node among the others: what it tells them, what it knows of them, and how it learns it when Redis is away."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from server.bus import Bus
from server.store.bulletins import Posted, SqlBulletins
from sessions.errors import Refused
from sessions.ids import BallotId, SessionId
from signaling.gateway.bulletin import EMPTY, ID, NONE, Bulletin, from_json, to_json
from signaling.measures import Figure

log = logging.getLogger(__name__)

REPEAT_S = 2.0  # how often what has not changed is said again
EXPIRE_S = 6.0  # after which what a node said no longer holds: it is dead, or cut off
POLL_S = 0.5  # how often the table is read
STORED_S = 4.5  # how long it holds that another reads the database; said as often as what has not changed
LOST_S = 10.0  # without the database, and another with it, before this node alone is taken to have lost it
STEADY_S = 3.0  # the database must answer for so long until it counts as back: no flapping
POST_S = 1.0  # how seldom it is written, where it has to be
SWEEP_S = 60.0  # how old what dead nodes wrote is when it goes
MOST_NODES = 32
MOST_SESSIONS = 1000  # of one node
AHEAD_MS = 3_600_000  # by which what a node tells may lie ahead; all go by the database's clock
LONGEST = 80  # characters of a node's name, with what tells its lives apart

Appended = Callable[[SessionId, int], None]


class Listener(Protocol):
    """Whom this concerns: the gateway."""

    def heard(self, session: SessionId) -> None: ...

    def voted_elsewhere(self, session: SessionId, ballot: BallotId) -> None: ...


@dataclass(slots=True)
class Said:
    """A bulletin. number: grows with each change of the node's; until: monotonic seconds."""

    number: int
    bulletin: Bulletin
    until: float


@dataclass(frozen=True, slots=True)
class Span:
    """Monotonic seconds."""

    since: float
    until: float


class Nodes:
    """signaling.gateway.ports.Nodes; runs until closed. name: as the operator knows the node.

    Every node says who is connected to it over Redis, and in the database as long as it, or anybody else, hears nothing
    but that. key: by which nodes know each other's words. redis: None where there is none. appended(session, seq):
    another node wrote to a journal; failed(address): somebody there tried a pass in vain. clock: ms since 1970 UTC.
    """

    def __init__(
        self,
        name: str,
        channel: str,
        key: bytes,
        redis: str | None,
        table: SqlBulletins,
        appended: Appended,
        failed: Callable[[str], None],
        clock: Callable[[], int],
    ) -> None:
        # Started anew it is another: what its former life said must not hold against it.
        self.name = f"{name or 'node'}.{secrets.token_hex(4)}"
        self._table = table
        self._appended = appended
        self._failed = failed
        self._clock = clock
        self._listener: Listener | None = None
        self._own: dict[SessionId, Said] = {}
        self._number = 0
        self._others: dict[str, dict[SessionId, Said]] = {}
        self._shown: dict[SessionId, Mapping[str, Bulletin]] = {}
        self._alive: dict[str, float] = {}  # other nodes: monotonic s until when what they said last holds
        self._read_at = time.monotonic() - EXPIRE_S  # when the table was last read
        self._failed_at = -STEADY_S  # when that last failed
        self._storing: dict[str, Span] = {}  # other nodes: how long they have been reading it
        self._posted_at = self._swept_at = 0.0
        self._deaf_until = 0.0  # others hear only the table until then
        self._changed = self._has_posted = False
        self._sighted_since: float | None = None
        self._bus = None if redis is None else Bus(redis, f"pleno:{channel}", key, self.name, self._take)
        self._tasks = [asyncio.create_task(self._poll()), asyncio.create_task(self._repeat())]

    def start(self, listener: Listener) -> None:
        self._listener = listener

    # -- signaling.gateway.ports.Nodes

    @property
    def sighted(self) -> bool:
        since = self._sighted_since
        return since is not None and time.monotonic() - since >= EXPIRE_S

    @property
    def company(self) -> int:
        """How many other nodes said something lately, be it that nobody is there."""
        return len(self._alive)

    def cut_off(self, already: bool) -> bool:
        """Whether this node does not read the database while another does. already: it was so until now."""
        return alone(self._storing.values(), time.monotonic(), self._read_at, self._failed_at, already)

    def others(self, session: SessionId) -> Mapping[str, Bulletin]:
        return self._shown.get(session, NONE)

    def tell(self, session: SessionId, bulletin: Bulletin) -> None:
        self._number += 1
        self._own[session] = Said(self._number, bulletin, time.monotonic() + EXPIRE_S)
        self._changed = True
        self._say(session)

    def voted(self, session: SessionId, ballot: BallotId) -> None:
        self._publish("voted", (session, ballot), session=session, ballot=ballot)

    def elsewhere(self, home: SessionId, actor: str) -> int:
        return sum(
            any(said.bulletin.bears(home, actor) for said in sessions.values()) for sessions in self._others.values()
        )

    # -- what else this node tells

    def tell_appended(self, session: SessionId, seq: int) -> None:
        self._publish("appended", session, session=session, seq=seq)

    def tell_failed(self, address: str) -> None:
        self._publish("failed", address=address)

    def figures(self) -> Mapping[str, Figure]:
        return {
            "others": float(self.company),
            "sighted": float(self.sighted),
            "posting": float(self._has_posted),
        }

    @property
    def areas(self) -> dict[str, Callable[[], Mapping[str, Figure]]]:
        """Figures for /metrics; of the bus where there is one."""
        return {"nodes": self.figures, **({} if self._bus is None else {"bus": self._bus.figures})}

    async def close(self) -> None:
        """Say goodbye, so that nobody waits for what this node said to grow old. Twice is harmless."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._own.clear()
        if self._has_posted:
            self._has_posted = False
            try:
                async with asyncio.timeout(EXPIRE_S):
                    await self._table.withdraw(self.name)
            except (Refused, TimeoutError):
                log.info("what this node posted stays until it is swept away")
        if self._bus is not None:
            self._bus.publish("gone")
            await self._bus.close()

    # -- by Redis

    def _publish(self, kind: str, key: Any = None, **message: Any) -> None:
        if self._bus is not None:
            self._bus.publish(kind, key, **message)

    def _say(self, session: SessionId) -> None:
        said = self._own[session]
        self._publish("bulletin", session, session=session, number=said.number, body=to_json(said.bulletin))

    async def _repeat(self) -> None:
        """A bulletin that says nobody is here is repeated for a while only."""
        while True:
            await asyncio.sleep(REPEAT_S)
            now = time.monotonic()
            if now - self._read_at < 2 * POLL_S:
                self._publish("stored", "stored")
            for session, said in list(self._own.items()):
                if said.bulletin.empty and said.until < now:
                    del self._own[session]
                else:
                    self._say(session)

    def _take(self, kind: str, message: Mapping[str, Any]) -> None:
        """From another node, perhaps of another version. Raises ValueError, KeyError, TypeError."""
        if kind != "gone":
            self._heard_from(text(message["node"], LONGEST), EXPIRE_S)
        match kind:
            case "bulletin":
                session, node = ident(message["session"]), text(message["node"], LONGEST)
                number = whole(message["number"])
                if not self._repeated(node, session, number, EXPIRE_S):
                    self._learn(node, session, number, from_json(message["body"], self._latest), EXPIRE_S)
            case "appended":
                self._appended(ident(message["session"]), whole(message["seq"]))
            case "voted":
                if self._listener is not None:
                    self._listener.voted_elsewhere(ident(message["session"]), BallotId(text(message["ballot"], 40)))
            case "failed":
                self._failed(text(message["address"], 60))
            case "stored":
                self._stores(text(message["node"], LONGEST))
            case "gone":
                self._forget(text(message["node"], LONGEST))

    # -- by the database

    async def _poll(self) -> None:
        while True:
            try:
                async with asyncio.timeout(EXPIRE_S / 2):
                    await self._round()
            except (Refused, TimeoutError):
                self._failed_at = time.monotonic()
                log.debug("the bulletins of other nodes cannot be read now")
            except Exception:
                self._failed_at = time.monotonic()
                log.exception("a round of bulletins failed")
            self._look()
            await asyncio.sleep(POLL_S)

    async def _round(self) -> None:
        now = time.monotonic()
        deaf = self._bus is None or not self._bus.up
        if deaf or now < self._deaf_until:
            if now - self._posted_at >= (POST_S if self._changed else REPEAT_S):
                await self._post(deaf, now)
        elif self._has_posted:
            self._has_posted = False
            await self._table.withdraw(self.name)
        for posted in await self._table.read(self.name, round(EXPIRE_S * 1000)):
            left_s = EXPIRE_S - posted.age_ms / 1000
            self._heard_from(posted.node, left_s)
            if posted.deaf:
                self._deaf_until = max(self._deaf_until, time.monotonic() + left_s)
            if posted.session:
                self._read(posted, left_s)
        self._read_at = time.monotonic()

    def _read(self, posted: Posted, left_s: float) -> None:
        """One that cannot be read, perhaps of a newer version, keeps nobody from reading the others."""
        session = SessionId(posted.session)
        try:
            if not self._repeated(posted.node, session, posted.number, left_s):
                bulletin = from_json(json.loads(posted.body), self._latest)
                self._learn(posted.node, session, posted.number, bulletin, left_s)
        except (ValueError, RecursionError):
            log.debug("what node %.80r posted is none of ours", posted.node)

    async def _post(self, deaf: bool, now: float) -> None:
        self._posted_at, self._changed, self._has_posted = now, False, True
        bodies = [(session, said.number, json.dumps(to_json(said.bulletin))) for session, said in self._own.items()]
        await self._table.post(self.name, deaf, bodies)
        if now - self._swept_at >= SWEEP_S:
            self._swept_at = now
            await self._table.sweep(round(SWEEP_S * 1000))

    # -- what is known of the others

    @property
    def _latest(self) -> int:
        """Milliseconds since 1970 UTC: nothing that another node tells can be later."""
        return self._clock() + AHEAD_MS

    def _look(self) -> None:
        """Forget what grew old; but a node that hears nothing at all keeps what it knows."""
        now = time.monotonic()
        for node in [node for node, until in self._alive.items() if until < now]:
            del self._alive[node]
        for node in [node for node, span in self._storing.items() if span.until < now]:
            del self._storing[node]
        if not ((self._bus is not None and self._bus.up) or now - self._read_at < 2 * POLL_S + EXPIRE_S / 2):
            self._sighted_since = None
            for sessions in self._others.values():
                for said in sessions.values():
                    said.until = max(said.until, now + EXPIRE_S)
            return
        if self._sighted_since is None:
            self._sighted_since = now
        for node, sessions in list(self._others.items()):
            for session in [session for session, said in sessions.items() if said.until < now]:
                del sessions[session]
                self._show(session)
            if not sessions:
                del self._others[node]

    def _repeated(self, node: str, session: SessionId, number: int, left_s: float) -> bool:
        """Whether this, or something newer, is known already; if it is this, it holds for longer."""
        said = self._others.get(node, {}).get(session)
        if said is None or said.number < number:
            return False
        if said.number == number:
            said.until = max(said.until, time.monotonic() + left_s)
        return True

    def _learn(self, node: str, session: SessionId, number: int, bulletin: Bulletin, left_s: float) -> None:
        if node not in self._others and len(self._others) >= MOST_NODES:
            raise ValueError("too many nodes")
        sessions = self._others.setdefault(node, {})
        if session not in sessions and len(sessions) >= MOST_SESSIONS:
            raise ValueError("too many sessions")
        before = sessions.get(session)
        sessions[session] = Said(number, bulletin, time.monotonic() + left_s)
        if (EMPTY if before is None else before.bulletin) != bulletin:
            self._show(session)

    def _heard_from(self, node: str, left_s: float) -> None:
        if node in self._alive or len(self._alive) < MOST_NODES:
            self._alive[node] = max(self._alive.get(node, 0.0), time.monotonic() + left_s)

    def _stores(self, node: str) -> None:
        now = time.monotonic()
        if node in self._alive:
            before = self._storing.get(node)
            since = now if before is None or before.until < now else before.since
            self._storing[node] = Span(since, now + STORED_S)

    def _forget(self, node: str) -> None:
        self._alive.pop(node, None)
        self._storing.pop(node, None)
        for session in self._others.pop(node, {}):
            self._show(session)

    def _show(self, session: SessionId) -> None:
        """Let the gateway see a session as it is known now."""
        known = {node: sessions[session].bulletin for node, sessions in self._others.items() if session in sessions}
        known = {node: bulletin for node, bulletin in known.items() if not bulletin.empty}
        if known:
            self._shown[session] = known
        else:
            self._shown.pop(session, None)
        if self._listener is not None:
            self._listener.heard(session)


def alone(others: Iterable[Span], now: float, read_at: float, failed_at: float, already: bool) -> bool:
    """Whether the database is away for us and not for some other node. read_at, failed_at: when we last could, or not.

    Where all lose it, the last word of another has grown old before we have been without for long; where it comes back,
    another that has it again a moment before us does not count yet.
    """
    spans = [span for span in others if span.until >= now]
    if already:
        return bool(spans) and now - failed_at < STEADY_S
    return now - read_at >= LOST_S and any(now - span.since >= LOST_S for span in spans)


def text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ValueError("no text")
    return value


def ident(value: Any) -> SessionId:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise ValueError("no id")
    return SessionId(value)


def whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 53:
        raise ValueError("no number")
    return value
