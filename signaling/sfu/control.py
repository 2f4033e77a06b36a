"""The lines of JSON between the server and its media worker, one message each, bounded in length."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from signaling.engine import Direction, EngineError, MediaEvent, PeerRef, Shown

MAX_LINE = 1 << 20  # an offer to a subscriber of 70 slots takes 90 KiB
Message = dict[str, Any]


def encode(message: Mapping[str, Any]) -> bytes:
    """One line. Raises ValueError when it would be longer than MAX_LINE."""
    line = json.dumps(message, separators=(",", ":"), default=list).encode() + b"\n"
    if len(line) > MAX_LINE:
        raise ValueError("control message too long")
    return line


def decode(line: bytes) -> Message:
    """Raises ValueError when it is not one JSON object."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("not an object")
    return message


def peer_out(peer: PeerRef) -> list[str | None]:
    return [peer.room, peer.peer, peer.hall]


def peer_in(fields: list[Any]) -> PeerRef:
    return PeerRef(*fields)


def shown_out(shown: Shown) -> list[Any]:
    return [shown.halls, shown.stage, shown.audio, shown.restart]


def shown_in(fields: list[Any]) -> Shown:
    halls, stage, audio, restart = fields
    return Shown(tuple(dict.fromkeys(halls)), stage, audio, restart)


def direction_out(direction: Direction) -> list[Any]:
    return [direction.stage, sorted(direction.speakers), sorted(direction.muted), sorted(direction.blanked)]


def direction_in(fields: list[Any]) -> Direction:
    stage, speakers, muted, blanked = fields
    return Direction(tuple(dict.fromkeys(stage)), frozenset(speakers), frozenset(muted), frozenset(blanked))


def event_out(event: MediaEvent) -> Message:
    return {"event": event.kind, "room": event.room, "peer": event.peer, "data": event.data}


def event_in(message: Message) -> MediaEvent:
    return MediaEvent(message["event"], message["room"], message["peer"], message["data"])


def error_out(error: EngineError) -> Message:
    return {"error": error.code, "data": error.data}


def error_in(message: Message) -> EngineError:
    return EngineError(message["error"], **message["data"])
