"""The port that hides which media engine runs: the embedded SFU worker, or an external one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Source = Literal["mic", "camera", "camera_hd", "slides"]


@dataclass(frozen=True, slots=True)
class PeerRef:
    """One client of a room. room: session id; peer: unique for a connection; hall: the hall it stands for, if any."""

    room: str
    peer: str
    hall: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a face says it shows.

    halls: thumbnails wanted, most important first. restart: ICE restart of the subscribe side.
    """

    halls: tuple[str, ...]
    stage: bool
    audio: bool
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Direction:
    """What the deliberation wants of the media plane, as pure data.

    stage: halls whose HD picture fills the stage slots (at most four), in order. speakers: halls whose audio is always
    forwarded. muted: halls whose audio is not. blanked: halls whose video is not.
    """

    stage: tuple[str, ...] = ()
    speakers: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()
    blanked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MediaEvent:
    """Something the engine tells the gateway.

    kind and data (see docs/protocol.md §6): offer {sdp, generation, slots}, slots {slots}, want {sources} and
    reset {code} go to `peer`; reset with peer None concerns everybody in the room, with room None everybody; links
    {halls: {hall: {publishing, speaking, level, link, loss, rtt_ms, bitrate_bps}}} describes a room, at most 4 times
    a second; hosting {}: from now on this node carries the room, whoever is in it, and has to direct it.
    """

    kind: Literal["offer", "slots", "want", "reset", "links", "hosting"]
    room: str | None
    peer: str | None
    data: Mapping[str, Any]


class EngineError(Exception):
    """The engine says no. code: bad_sdp, stale_negotiation, media_full, media_unavailable."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


class Engine(Protocol):
    """Five verbs. Every one may raise EngineError; none of them blocks the caller longer than three seconds."""

    async def publish(self, peer: PeerRef, sdp: str, tracks: Mapping[str, Source]) -> str:
        """Take the client's offer (tracks: mid → source), return the answer.

        Repeats renegotiate; a new ufrag restarts ICE.
        """

    async def show(self, peer: PeerRef, shown: Shown) -> None:
        """Set what the peer receives; an `offer` event follows when m-lines have to change, else a `slots` event."""

    async def answer(self, peer: PeerRef, generation: int, sdp: str) -> None: ...

    async def direct(self, room: str, direction: Direction) -> None: ...

    async def leave(self, peer: PeerRef, what: Literal["publish", "subscribe", "all"]) -> None: ...


Listener = Callable[[MediaEvent], None]


@dataclass(frozen=True, slots=True)
class MediaHost:
    """The node that carries a room.

    node: of one life of a process; url: where other nodes reach it; epoch: how often the room changed hands.
    """

    node: str
    url: str
    epoch: int


class MediaHosts(Protocol):
    """Which node carries which room, as all nodes agree. Raises Refused("held") while nobody can tell."""

    async def take(self, room: str, *, able: bool, dead: str = "") -> MediaHost | None:
        """Who carries it: this node from now on, if it is `able` and nobody does, or `dead` does, which has died."""

    async def renew(self, rooms: Collection[str]) -> Mapping[str, MediaHost]:
        """Go on carrying those of these rooms that are this node's; who carries each."""

    async def release(self, rooms: Collection[str]) -> None:
        """Let others have them."""
