"""Socket.IO text packets in WebSocket frames: encode an event once for everybody, decode what a stranger sent."""

from __future__ import annotations

import json
import math
import re
import struct
from dataclasses import dataclass
from typing import Any

from sessions.errors import ProtocolError

TEXT, CLOSE, PONG = 0x1, 0x8, 0xA
_encode_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89abAB][0-9a-fA-F]{2}|[dD][c-fC-F][0-9a-fA-F]{2})")
_MAX_REPLY_DIGITS = 15  # acknowledgement ids count up from 0 in every client


@dataclass(frozen=True, slots=True)
class Message:
    """One server event, encoded once. text: Engine.IO packet for polling; frame: the same as one WebSocket frame."""

    text: str
    frame: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """One client event. reply: the acknowledgement id, None when the client wants no answer."""

    name: str
    payload: Any
    reply: int | None


def ws_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A final, unmasked frame (RFC 6455 §5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x80 | opcode, 126, size) + payload
    return struct.pack("!BBQ", 0x80 | opcode, 127, size) + payload


def text_frame(text: str) -> bytes:
    return ws_frame(text.encode())


def event(name: str, payload: Any) -> Message:
    text = "42" + _encode_json([name, payload])
    return Message(text, text_frame(text))


def ack(reply: int, payload: Any) -> Message:
    text = f"43{reply}{_encode_json([payload])}"
    return Message(text, text_frame(text))


def parse_event(text: str) -> Event:
    """Decode `42[id][name, payload]` of the default namespace.

    Raises ProtocolError("bad_input"), with data["reply"] where the acknowledgement id could still be read.
    """
    start = text.find("[", 2, 3 + _MAX_REPLY_DIGITS)
    digits = text[2:start]
    if start < 0 or not (digits == "" or (digits.isascii() and digits.isdigit())):
        raise ProtocolError("bad_input")
    reply = int(digits) if digits else None
    try:
        body = parse_json(text[start:])
    except ProtocolError as error:
        raise ProtocolError(error.code, reply=reply) from None
    if not 1 <= len(body) <= 2 or not isinstance(body[0], str):
        raise ProtocolError("bad_input", reply=reply)
    return Event(body[0], body[1] if len(body) == 2 else None, reply)


def parse_json(text: str) -> Any:
    """JSON without NaN, infinities, NUL characters, lone surrogates or nesting beyond the interpreter's limit.

    Each of those would come back to bite when the value is stored or sent on. Raises ProtocolError("bad_input").
    """
    try:
        value = _decoder.decode(text)
        if _SUSPECT.search(text):
            _check_strings(value)
    except (ValueError, RecursionError):
        raise ProtocolError("bad_input") from None
    return value


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("not finite")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_decoder = json.JSONDecoder(parse_float=_finite, parse_constant=_no_constant)


def _check_strings(value: Any) -> None:
    match value:
        case str():
            if "\0" in value:
                raise ValueError("NUL")
            value.encode()  # UnicodeEncodeError, a ValueError, on a lone surrogate
        case list():
            for item in value:
                _check_strings(item)
        case dict():
            for key, item in value.items():
                _check_strings(key)
                _check_strings(item)
