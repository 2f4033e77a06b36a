"""`media` messages become verbs of the media engine; its events find the right socket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from sessions.errors import Refused
from sessions.permissions import Role
from sessions.state import State
from signaling.engine import Direction, Engine, EngineError, MediaEvent, PeerRef, Shown
from signaling.gateway import packets
from signaling.gateway.messages import Answer, AskRelays, Leave, MediaMessage, Publish, Restart, Show
from signaling.gateway.person import Person
from signaling.gateway.ports import Relays
from signaling.gateway.stage import direction, may_speak_by_phone

log = logging.getLogger("pleno.gateway")

WATCHERS = frozenset({Role.MODERATOR, Role.ADMIN, Role.AGENCY, Role.HALL, Role.SCREEN})
NO_RELAYS_MS = 3_600_000  # after which a page asks again whether there are relays now
Spawn = Callable[[Coroutine[Any, Any, None]], None]


@dataclass(slots=True, eq=False)
class Peer:
    """A connection that uses media. shown: what it receives, None when it receives nothing."""

    person: Person
    ref: PeerRef
    shown: Shown | None = None
    publishing: bool = False


class MediaDesk:
    """Who may publish and receive what. relays: None when there are none. spawn: runs work nobody waits for."""

    def __init__(self, engine: Engine | None, relays: Relays | None, max_listeners: int, spawn: Spawn) -> None:
        self._engine = engine
        self._relays = relays
        self._max_listeners = max_listeners
        self._spawn = spawn
        self._peers: dict[str, Peer] = {}
        self._directed: dict[str, Direction] = {}
        self._directing: dict[str, asyncio.Lock] = {}

    async def handle(self, person: Person, message: MediaMessage, state: State) -> dict[str, Any]:
        """Carry out one message; returns the acknowledgement. One at a time a connection, in the order they came."""
        engine = self._engine
        if engine is None:
            raise Refused("media_unavailable")
        if person.kiosk_of is not None or (
            person.actor.role not in WATCHERS and person.actor.role is not Role.DELEGATE
        ):
            raise Refused("forbidden")
        if isinstance(message, AskRelays):  # needs no engine and does not wait for it
            return {"ok": True, **self._access(person)}
        async with person.media:
            if person.gone:
                raise Refused("media_unavailable")
            peer = self._peer(person)
            match message:
                case Publish():
                    self._may_publish(person, message, state)
                    peer.publishing = True  # before the answer: the floor may be lost while it is made
                    sdp = await engine.publish(peer.ref, message.sdp, message.tracks)
                    return {"ok": True, "sdp": sdp}
                case Show():
                    self._may_watch(person, message)
                    shown = Shown(message.halls, message.stage, message.audio)
                    await engine.show(peer.ref, shown)
                    peer.shown = shown
                case Answer():
                    await engine.answer(peer.ref, message.generation, message.sdp)
                case Restart():
                    if peer.shown is None:
                        raise Refused("stale_negotiation")
                    await engine.show(peer.ref, replace(peer.shown, restart=True))
                case Leave(publish=True):
                    await self._stop_publishing(engine, peer)
                case Leave():
                    peer.shown = None
                    await engine.leave(peer.ref, "subscribe")
        return {"ok": True}

    def _access(self, person: Person) -> dict[str, Any]:
        if self._relays is None:
            return {"relays": [], "lasts_ms": NO_RELAYS_MS}
        access = self._relays.access(person.actor.pass_id)
        relay = {"urls": list(access.urls), "username": access.username, "credential": access.credential}
        return {"relays": [relay], "lasts_ms": access.lasts_ms}

    def on_event(self, event: MediaEvent) -> None:
        """offer, slots and want to their peer; reset to its peer, to a room or to everybody."""
        if event.kind == "reset" and event.peer is None:
            self._reset_all(event)
            return
        peer = self._peers.get(event.peer or "")
        if peer is not None:
            peer.person.link.send(packets.event("media", {"event": event.kind, **event.data}))

    def left(self, person: Person) -> None:
        peer = self._peers.pop(person.link.sid, None)
        if peer is not None and self._engine is not None:
            self._spawn(self._take_out(self._engine, peer, "all"))

    def follow(self, room: str, state: State) -> None:
        """The deliberation moved: direct the media plane, and take the microphone from phones without the floor."""
        engine = self._engine
        if engine is None:
            return
        wanted = direction(state)
        if self._directed.get(room) != wanted:
            self._directed[room] = wanted
            self._spawn(self._direct(engine, room))
        for peer in self._peers.values():
            actor = peer.person.actor
            phone = peer.publishing and actor.role is Role.DELEGATE and peer.ref.room == room
            if phone and not may_speak_by_phone(state, actor.seat):
                peer.publishing = False
                self._spawn(self._take_out(engine, peer, "publish"))

    @property
    def listeners(self) -> int:
        """Phones that receive."""
        return sum(peer.shown is not None for peer in self._phones())

    @property
    def peers(self) -> int:
        return len(self._peers)

    def _phones(self) -> Iterable[Peer]:
        return (peer for peer in self._peers.values() if peer.person.actor.role is Role.DELEGATE)

    def _peer(self, person: Person) -> Peer:
        peer = self._peers.get(person.link.sid)
        if peer is None:
            actor = person.actor
            hall = actor.hall if actor.role is Role.HALL else None
            peer = self._peers[person.link.sid] = Peer(person, PeerRef(actor.session, person.link.sid, hall))
        return peer

    def _may_publish(self, person: Person, message: Publish, state: State) -> None:
        if person.actor.role is Role.HALL:
            return
        by_phone = person.actor.role is Role.DELEGATE and may_speak_by_phone(state, person.actor.seat)
        if not by_phone or any(source != "mic" for source in message.tracks.values()):
            raise Refused("forbidden")

    def _may_watch(self, person: Person, message: Show) -> None:
        """Phones get sound when they ask for it, never pictures, and only so many of them."""
        if person.actor.role in WATCHERS:
            return
        if message.halls or message.stage:
            raise Refused("forbidden")
        others = sum(peer.shown is not None and peer.person is not person for peer in self._phones())
        if others >= self._max_listeners:
            raise Refused("media_full")

    async def _stop_publishing(self, engine: Engine, peer: Peer) -> None:
        peer.publishing = False
        await engine.leave(peer.ref, "publish")

    def _reset_all(self, event: MediaEvent) -> None:
        """The engine starts from nothing: so do the peers, and what it was told about the stage is told again."""
        message = packets.event("media", {"event": "reset", **event.data})
        for sid, peer in list(self._peers.items()):
            if event.room in (None, peer.ref.room):
                del self._peers[sid]
                peer.person.link.send(message)
        if self._engine is not None:
            for room in self._directed:
                if event.room in (None, room):
                    self._spawn(self._direct(self._engine, room))

    async def _direct(self, engine: Engine, room: str) -> None:
        """Tell the latest direction; one call at a time a room, so that an older one never arrives later."""
        async with self._directing.setdefault(room, asyncio.Lock()):
            await self._quietly(engine.direct(room, self._directed[room]))

    async def _take_out(self, engine: Engine, peer: Peer, what: Literal["publish", "all"]) -> None:
        """Once the engine has done what this connection asked of it before: what got in later would stay in."""
        async with peer.person.media:
            await self._quietly(engine.leave(peer.ref, what))

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except EngineError as error:
            log.info("the media engine says %s", error.code)
        except Exception:
            log.exception("the media engine failed")
