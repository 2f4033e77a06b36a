"""The engine of a node among several: each room is carried by one node, and verbs and events go there and back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import aiohttp

from sessions.errors import Refused
from signaling.engine import (
    Direction,
    Engine,
    EngineError,
    Listener,
    MediaEvent,
    MediaHost,
    MediaHosts,
    PeerRef,
    Shown,
    Source,
)
from signaling.engine_embedded import EmbeddedEngine
from signaling.engine_guests import Guests, guest_peer, node_of, peer_of, perform
from signaling.engine_link import HostLink
from signaling.sfu import control

RENEW_S = 2.0  # a third of a lease
ANXIOUS_S = 0.25  # between looks while a node that carries a room of ours does not answer
VERB_S = 3.0  # no verb takes longer, finding out who carries the room included
REACH_S = 1.5  # of these, to connect to a node that does
RELEASE_S = 3.0  # a node that stops does not wait longer for a database that does not answer
IDLE_S = 30.0  # a room nobody uses is given up after this

log = logging.getLogger("pleno.media")
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Room:
    """A room somebody here uses, or that we carry.

    link: to its host, None when that is us. peers: who uses it through this node; where it is ours those of guests
    too, by the engine's names. used_at: on the event loop's clock.
    """

    name: str
    host: MediaHost
    link: HostLink | None
    used_at: float
    peers: dict[str, PeerRef] = field(default_factory=dict)


class RoutingEngine:
    """Implements Engine. node: this one, in this life. secret: by which the nodes of an installation know each other.

    Its listener hears what concerns this node's clients, and of rooms that it carries also `links` and `hosting`.
    """

    def __init__(self, node: str, hosts: MediaHosts, secret: str, listener: Listener) -> None:
        self.node = node
        self.secret = secret
        self._hosts = hosts
        self._listener = listener
        self._embedded: EmbeddedEngine | None = None
        self._rooms: dict[str, Room] = {}
        self._finding: dict[str, asyncio.Lock] = {}
        self._links: dict[str, HostLink] = {}
        self.guests = Guests(node, self._carry_out, self._forget)
        self._willing = True
        self._moves = 0
        self._verbs = 0
        self._look = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None
        self._rounds: asyncio.Task[None] | None = None

    def start(self, embedded: EmbeddedEngine | None) -> None:
        """embedded: None where no media worker came up; its events come to `on_event`."""
        self._embedded = embedded
        self._http = aiohttp.ClientSession()
        self._rounds = asyncio.get_running_loop().create_task(self._go_round())

    # -- the engine's verbs

    async def publish(self, peer: PeerRef, sdp: str, tracks: Mapping[str, Source]) -> str:
        """See Engine."""
        return await self._do(peer, lambda engine: engine.publish(peer, sdp, tracks))

    async def show(self, peer: PeerRef, shown: Shown) -> None:
        """See Engine."""
        await self._do(peer, lambda engine: engine.show(peer, shown))

    async def answer(self, peer: PeerRef, generation: int, sdp: str) -> None:
        """See Engine."""
        if peer.room not in self._rooms:
            raise EngineError("stale_negotiation", generation=0)
        await self._do(peer, lambda engine: engine.answer(peer, generation, sdp))

    async def direct(self, room: str, direction: Direction) -> None:
        """See Engine. To our own engine, which needs it when it carries the room; another host directs it itself."""
        if self._embedded is not None:
            await self._embedded.direct(room, direction)

    async def leave(self, peer: PeerRef, what: Literal["publish", "subscribe", "all"]) -> None:
        """See Engine."""
        room = self._rooms.get(peer.room)
        if room is None:
            return
        if what == "all":
            room.peers.pop(peer.peer, None)
        await self._at(room, lambda engine: engine.leave(peer, what))

    async def _do(self, peer: PeerRef, verb: Callable[[Engine], Awaitable[Answer]]) -> Answer:
        try:
            async with asyncio.timeout(VERB_S):
                room = await self._room(peer.room)
                room.peers[peer.peer] = peer
                return await self._at(room, verb)
        except TimeoutError:
            raise EngineError("media_unavailable") from None

    async def _at(self, room: Room, verb: Callable[[Engine], Awaitable[Answer]]) -> Answer:
        self._verbs += room.link is not None
        try:
            return await verb(self._engine(room))
        except EngineError as error:
            if error.code != "media_moved":
                raise
            if self._rooms.get(room.name) is room:
                self._moved(room)
            raise EngineError("media_unavailable") from None

    def _engine(self, room: Room) -> Engine:
        engine = self._embedded if room.link is None else room.link
        if engine is None:
            raise EngineError("media_unavailable")
        return engine

    # -- who carries a room

    @property
    def _able(self) -> bool:
        return self._willing and self._embedded is not None and self._embedded.pid is not None

    async def _room(self, name: str) -> Room:
        """Raises EngineError("media_unavailable") when nobody carries it and this node cannot."""
        if (room := self._rooms.get(name)) is None:
            try:
                async with self._finding.setdefault(name, asyncio.Lock()):
                    room = self._rooms.get(name) or await self._find(name)
            except Refused:
                raise EngineError("media_unavailable") from None
        room.used_at = asyncio.get_running_loop().time()
        return room

    async def _find(self, name: str) -> Room:
        host, dead = (await self._hosts.renew([name])).get(name), ""
        if host is not None and host.node != self.node:
            link = self._link_to(host)
            if await self._reached(link):  # it lives, even if it could not renew its lease
                return self._enter(name, host)
            dead = host.node if link.gone else ""
        host = await self._hosts.take(name, able=self._able, dead=dead)
        if host is None or (host.node == self.node and not self._able):
            raise EngineError("media_unavailable")
        return self._enter(name, host)

    async def _reached(self, link: HostLink) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REACH_S):
                await link.settled()
        return link.up

    def _enter(self, name: str, host: MediaHost) -> Room:
        ours = host.node == self.node
        link = None if ours else self._link_to(host)
        room = self._rooms[name] = Room(name, host, link, asyncio.get_running_loop().time())
        log.info("node %s carries the media of session %s", host.node, name)
        if ours:
            self._listener(MediaEvent("hosting", name, None, {}))
        return room

    def _link_to(self, host: MediaHost) -> HostLink:
        link = self._links.get(host.node)
        if link is None:
            assert self._http is not None, "started"
            link = self._links[host.node] = HostLink(self._http, host, self.node, self.secret, self)
        return link

    async def _go_round(self) -> None:
        while True:
            anxious = any(room.link is not None and not room.link.up for room in self._rooms.values())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ANXIOUS_S if anxious else RENEW_S):
                    await self._look.wait()
            self._look.clear()
            try:
                await self._round()
            except Refused:
                log.info("who carries which room stays as it is: the database is away")
            except Exception:
                log.exception("a round of the media rooms failed")

    async def _round(self) -> None:
        """Go on carrying what is ours, follow what moved, take over from whoever died, drop what nobody uses."""
        await self._tidy()
        rooms = list(self._rooms.values())  # those that come meanwhile know better than what is read now
        hosts = await self._hosts.renew([room.name for room in rooms])
        for room in rooms:
            host = hosts.get(room.name)
            if room.link is not None and not room.link.up:
                host = await self._hosts.take(room.name, able=self._able, dead=room.host.node if room.link.gone else "")
            if self._rooms.get(room.name) is room and (host is None or host.node != room.host.node):
                self._moved(room)

    async def _tidy(self) -> None:
        now = asyncio.get_running_loop().time()
        idle = []
        for room in self._rooms.values():
            if room.peers:
                room.used_at = now
            elif now - room.used_at > IDLE_S:
                idle.append(room)
        for room in idle:
            del self._rooms[room.name]
        needed = {room.link for room in self._rooms.values()}
        for node, link in list(self._links.items()):
            if link not in needed and not any(lock.locked() for lock in self._finding.values()):
                del self._links[node]
                await link.close()
        if ours := [room.name for room in idle if room.link is None]:
            await self._hosts.release(ours)

    def _moved(self, room: Room) -> None:
        """Another node carries it now, or will: whoever is in it through us starts anew."""
        log.warning("the media of session %s move away from node %s", room.name, room.host.node)
        self._moves += 1
        self._rooms.pop(room.name, None)
        if room.link is None and self._embedded is not None:
            for peer in room.peers.values():
                self._spawn(self._quietly(self._embedded.leave(peer, "all")))
        self._tell_room(room, {"code": "media_moved"})

    def _tell_room(self, room: Room, data: Mapping[str, Any]) -> None:
        """A reset to everybody in it, here and at guests; they are no peers of it any more."""
        peers, room.peers = room.peers, {}
        event = MediaEvent("reset", room.name, None, data)
        self._listener(event)
        for node in {node_of(peer)[0] for peer in peers} - {""}:
            self.guests.tell(node, event)

    async def hand_over(self) -> None:
        """Carry nothing any more: this node is about to stop. Its clients and its guests go where the rooms go."""
        self._willing = False
        ours = [room for room in self._rooms.values() if room.link is None]
        try:
            async with asyncio.timeout(RELEASE_S):
                await self._hosts.release([room.name for room in ours])
        except (Refused, TimeoutError):
            log.info("other nodes find out by themselves that this one stops: the database is away")
        for room in ours:
            self._moved(room)

    # -- events

    def on_event(self, event: MediaEvent) -> None:
        """The embedded engine's listener."""
        if event.kind == "reset" and event.peer is None:
            for room in list(self._rooms.values()):
                if room.link is None:
                    self._tell_room(room, event.data)
            return
        node, peer = node_of(event.peer or "")
        if node:
            self.guests.tell(node, MediaEvent(event.kind, event.room, peer, event.data))
        else:
            self._listener(event)

    def link_came(self, link: HostLink, again: bool) -> None:
        """See LinkOwner."""
        log.info("link to node %s is up", link.host.node)
        if again:
            for room in self._rooms_at(link):
                self._tell_room(room, {"code": "media_moved"})

    def link_went(self, link: HostLink) -> None:
        """See LinkOwner."""
        if self._rooms_at(link):
            self._look.set()

    def link_said(self, link: HostLink, event: MediaEvent) -> None:
        """See LinkOwner."""
        room = self._rooms.get(event.room or "")
        if room is None or room.link is not link:
            return
        if event.kind == "reset" and event.peer is None:
            if event.data.get("code") == "media_moved":
                self._moved(room)
            else:
                self._tell_room(room, event.data)
        elif event.peer in room.peers:
            self._listener(event)

    def _rooms_at(self, link: HostLink) -> list[Room]:
        return [room for room in self._rooms.values() if room.link is link]

    # -- for guests

    async def _carry_out(self, node: str, message: control.Message) -> dict[str, Any]:
        asked = peer_of(message)
        room = self._rooms.get(asked.room)
        if room is None or room.link is not None or self._embedded is None:
            raise EngineError("media_moved")
        peer = guest_peer(node, asked)
        if (message["op"], message.get("what")) == ("leave", "all"):
            room.peers.pop(peer.peer, None)
        else:
            room.peers[peer.peer] = peer
        return await perform(self._embedded, peer, message)

    def _forget(self, node: str) -> None:
        """Its peers of rooms that we carry."""
        for room in self._rooms.values():
            for peer in [each for name, each in room.peers.items() if node_of(name)[0] == node]:
                del room.peers[peer.peer]
                if self._embedded is not None:
                    self._spawn(self._quietly(self._embedded.leave(peer, "all")))

    # -- its life

    def metrics(self) -> Mapping[str, float | str]:
        """The embedded engine's, and what this node carries for others and has carried by others."""
        embedded = {"up": 0} if self._embedded is None else self._embedded.metrics()
        return {
            **embedded,
            "rooms_hosted": sum(room.link is None for room in self._rooms.values()),
            "rooms_elsewhere": sum(room.link is not None for room in self._rooms.values()),
            "links_up": sum(link.up for link in self._links.values()),
            "guests": len(self.guests),
            "verbs_elsewhere_total": self._verbs,
            "guest_verbs_total": self.guests.verbs,
            "moves_total": self._moves,
        }

    async def close(self) -> None:
        """The embedded engine is its composer's to close. Twice is harmless."""
        if self._rounds is not None:
            self._rounds.cancel()
            await asyncio.gather(self._rounds, return_exceptions=True)
        links, self._links = self._links, {}
        self._rooms.clear()
        await asyncio.gather(*(link.close() for link in links.values()))
        await self.guests.close()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, work: Awaitable[None]) -> None:
        try:
            await work
        except EngineError as error:
            log.info("the media engine says %s", error.code)
