"""Shapes of what peers send: strict checks from JSON values to values of the domain.

A check takes a JSON value and the path of its field, and returns the value to use or raises
ProtocolError("bad_input", field=path). Unknown members are an error: a typo must not become a silent default.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from sessions.errors import ProtocolError

Check = Callable[[Any, str], Any]

IDENT = re.compile(r"[A-Za-z0-9_-]{1,40}")
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
TRACKER = re.compile(r"[0-9a-f]{32}")  # 128 bits
KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
PUBLIC_KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes, base64url without padding
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Control characters but tab and newline, and lone surrogates: neither UTF-8 nor PostgreSQL's JSON can hold them all.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def bad(field: str) -> NoReturn:
    raise ProtocolError("bad_input", field=field)


def text(most: int, least: int = 0) -> Check:
    """A string of least…most characters, counted and returned without the blanks around it."""

    def check(value: Any, field: str) -> str:
        if not isinstance(value, str):
            bad(field)
        kept = value.strip()
        if not least <= len(kept) <= most or UNPRINTABLE.search(kept):
            bad(field)
        return kept

    return check


def matching(pattern: re.Pattern[str]) -> Check:
    def check(value: Any, field: str) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            bad(field)
        return value

    return check


ident = matching(IDENT)


def date(value: Any, field: str) -> str:
    """A day of the calendar, as `YYYY-MM-DD`."""
    written: str = matching(DATE)(value, field)
    try:
        datetime.date.fromisoformat(written)
    except ValueError:
        bad(field)
    return written


def integer(least: int, most: int) -> Check:
    def check(value: Any, field: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            bad(field)
        return value

    return check


def number(least: float, most: float) -> Check:
    def check(value: Any, field: str) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            bad(field)
        if not least <= value <= most:
            bad(field)
        return float(value)

    return check


def flag(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        bad(field)
    return value


def one_of(*words: str) -> Check:
    def check(value: Any, field: str) -> str:
        if not isinstance(value, str) or value not in words:
            bad(field)
        return value

    return check


def nullable(inner: Check) -> Check:
    def check(value: Any, field: str) -> Any:
        return None if value is None else inner(value, field)

    return check


def list_of(inner: Check, least: int, most: int) -> Check:
    """A tuple of least…most members; a bad member is named `field.index`."""

    def check(value: Any, field: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or not least <= len(value) <= most:
            bad(field)
        return tuple(inner(member, f"{field}.{index}") for index, member in enumerate(value))

    return check


def members(value: Any, field: str, required: Mapping[str, Check], optional: Mapping[str, Check]) -> dict[str, Any]:
    """The checked members of a JSON object; those absent stay absent."""
    if not isinstance(value, Mapping):
        bad(field or "data")
    prefix = f"{field}." if field else ""
    for name in value:
        if name not in required and name not in optional:
            bad(f"{prefix}{str(name)[:40]}")
    for name in required:
        if name not in value:
            bad(prefix + name)
    return {name: (required.get(name) or optional[name])(value[name], prefix + name) for name in value}


def record(build: Callable[..., Any], required: Mapping[str, Check], optional: Mapping[str, Check] = {}) -> Check:
    """A JSON object whose members become the keyword arguments of `build`."""

    def check(value: Any, field: str) -> Any:
        return build(**members(value, field, required, optional))

    return check
