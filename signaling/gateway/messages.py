"""What clients may say: strict shapes of the four events, and how often one connection may say anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from sessions.errors import ProtocolError
from signaling.engine import Source

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MID = re.compile(r"[\x21-\x7e]{1,32}")  # RFC 8843 §15.1: an SDP token
_SOURCES: Mapping[Any, Source] = {"mic": "mic", "camera": "camera", "camera_hd": "camera_hd", "slides": "slides"}
MAX_HALLS_SHOWN = 64
MAX_TRACKS = 16


@dataclass(frozen=True, slots=True)
class Sync:
    """after: the last seq the client has, None when it has nothing."""

    after: int | None


@dataclass(frozen=True, slots=True)
class Command:
    key: str
    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Publish:
    """tracks: SDP mid → source."""

    sdp: str
    tracks: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class Show:
    halls: tuple[str, ...]
    stage: bool
    audio: bool


@dataclass(frozen=True, slots=True)
class Answer:
    sdp: str
    generation: int


@dataclass(frozen=True, slots=True)
class Restart:
    pass


@dataclass(frozen=True, slots=True)
class Leave:
    publish: bool


@dataclass(frozen=True, slots=True)
class AskRelays:
    pass


MediaMessage = Publish | Show | Answer | Restart | Leave | AskRelays


@dataclass(slots=True)
class Bucket:
    """Token bucket of one connection: `rate` packets a second, `burst` at once. Debt beyond `burst` × 4 is a flood."""

    rate: float
    burst: float
    tokens: float
    at: float

    def take(self, now: float) -> int:
        """Spend one token; 0, or the milliseconds until there will be one again. now: monotonic seconds."""
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate) - 1.0
        self.at = now
        return 0 if self.tokens >= 0.0 else int(-self.tokens / self.rate * 1000.0) + 1

    @property
    def flooded(self) -> bool:
        return self.tokens < -4.0 * self.burst


def bad(field: str) -> NoReturn:
    raise ProtocolError("bad_input", field=field)


def sync(payload: Any) -> Sync:
    after = _object(payload).get("after")
    if after is not None and (type(after) is not int or not 0 <= after < 2**53):
        bad("after")
    return Sync(after)


def command(payload: Any) -> Command:
    """The envelope; the shape of `data` is the domain's to check."""
    fields = _object(payload)
    name, data = fields.get("name"), fields.get("data")
    if not isinstance(name, str) or len(name) > 64:
        bad("name")
    if not isinstance(data, dict):
        bad("data")
    return Command(_matching(fields, "key", _KEY), name, data)


def vote(payload: Any) -> tuple[Mapping[str, Any], str | None]:
    """The vote, which the domain checks against the ballot in one go, and a voter's credential if this is a kiosk."""
    fields = _object(payload)
    if "credential" not in fields:
        return fields, None
    return {name: value for name, value in fields.items() if name != "credential"}, _text(fields, "credential")


def media(payload: Any) -> MediaMessage:
    fields = _object(payload)
    method = fields.get("method")
    parse = _METHODS.get(method) if isinstance(method, str) else None
    if parse is None:
        bad("method")
    return parse(fields)


def _publish(fields: Mapping[str, Any]) -> Publish:
    tracks: dict[str, Source] = {}
    for track in _list(fields, "tracks", MAX_TRACKS):
        if not isinstance(track, dict):
            bad("tracks")
        source = track.get("source")
        if not isinstance(source, str) or source not in _SOURCES:
            bad("source")
        tracks[_matching(track, "mid", _MID)] = _SOURCES[source]
    return Publish(_text(fields, "sdp"), tracks)


def _show(fields: Mapping[str, Any]) -> Show:
    halls = _list(fields, "halls", MAX_HALLS_SHOWN)
    if not all(isinstance(hall, str) and _ID.fullmatch(hall) for hall in halls):
        bad("halls")
    return Show(tuple(dict.fromkeys(halls)), _flag(fields, "stage"), _flag(fields, "audio"))


def _answer(fields: Mapping[str, Any]) -> Answer:
    generation = fields.get("generation")
    if type(generation) is not int or not 0 <= generation < 2**31:
        bad("generation")
    return Answer(_text(fields, "sdp"), generation)


def _leave(fields: Mapping[str, Any]) -> Leave:
    what = fields.get("what")
    if what not in ("publish", "subscribe"):
        bad("what")
    return Leave(what == "publish")


_METHODS: Mapping[str, Callable[[Mapping[str, Any]], MediaMessage]] = {
    "publish": _publish,
    "show": _show,
    "answer": _answer,
    "restart": lambda fields: Restart(),
    "leave": _leave,
    "relays": lambda fields: AskRelays(),
}


def _object(payload: Any) -> Mapping[str, Any]:
    if not isinstance(payload, dict):
        bad("payload")
    return payload


def _matching(fields: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        bad(name)
    return value


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        bad(name)
    return value


def _flag(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        bad(name)
    return value


def _list(fields: Mapping[str, Any], name: str, most: int) -> list[Any]:
    value = fields.get(name)
    if not isinstance(value, list) or len(value) > most:
        bad(name)
    return value
