"""What a node tells the others about one session: who is connected to it, and what its media plane sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

LINKS = frozenset({"good", "fair", "weak", "audio", "cut", "absent"})
MOST = 20_000  # ids in one bulletin; a node takes 6,000 clients by default
ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
NONE: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Page:
    """A hall's page on a node. since: when the hall was connected; joined: when this very page came, by one clock."""

    since: int
    joined: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A hall as the media plane of the telling node sees it."""

    publishing: bool = False
    speaking: bool = False
    link: str = "absent"


@dataclass(frozen=True, slots=True)
class Bulletin:
    """pages, seen: by hall. seats: devices of each seat, by the session that issued their passes; passes: likewise
    those without a seat, onlookers left out. moderators: the passes that moderate this session. tablets: by hall, how
    many stand beside its page.
    """

    pages: Mapping[str, Page] = field(default_factory=lambda: NONE)
    seen: Mapping[str, Seen] = field(default_factory=lambda: NONE)
    seats: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: NONE)
    passes: Mapping[str, frozenset[str]] = field(default_factory=lambda: NONE)
    moderators: frozenset[str] = frozenset()
    tablets: Mapping[str, int] = field(default_factory=lambda: NONE)

    @property
    def empty(self) -> bool:
        return self == EMPTY

    def devices(self, seat: str) -> int:
        return sum(devices.get(seat, 0) for devices in self.seats.values())

    def bears(self, home: str, actor: str) -> bool:
        """Whether this actor (sessions.permissions.Actor.id) of that session is connected to the node."""
        kind, _, name = actor.partition(":")
        return name in (self.seats if kind == "seat" else self.passes).get(home, ())


EMPTY = Bulletin()


def to_json(bulletin: Bulletin) -> dict[str, Any]:
    return {
        "pages": {hall: [page.since, page.joined] for hall, page in bulletin.pages.items()},
        "seen": {hall: [seen.publishing, seen.speaking, seen.link] for hall, seen in bulletin.seen.items()},
        "seats": {home: dict(devices) for home, devices in bulletin.seats.items()},
        "passes": {home: sorted(passes) for home, passes in bulletin.passes.items()},
        "moderators": sorted(bulletin.moderators),
        "tablets": dict(bulletin.tablets),
    }


def from_json(body: Any, latest: int) -> Bulletin:
    """Whatever came; raises ValueError for what is no bulletin, or speaks of times after `latest` (ms since 1970 UTC).

    A page that joined in the far future would stay the newest of its hall whatever page came after it.
    """

    def moment(value: Any) -> int:
        return whole(value, latest)

    try:
        seats = {ident(home): {ident(seat): count(n) for seat, n in few(of)} for home, of in few(body["seats"])}
        passes = {ident(home): frozenset(map(ident, listed(of))) for home, of in few(body["passes"])}
        return Bulletin(
            pages={ident(hall): Page(moment(since), moment(joined)) for hall, (since, joined) in few(body["pages"])},
            seen={ident(hall): Seen(flag(a), flag(b), link(c)) for hall, (a, b, c) in few(body["seen"])},
            seats=seats,
            passes=passes,
            moderators=frozenset(map(ident, listed(body["moderators"]))),
            tablets={ident(hall): count(n) for hall, n in few(body.get("tablets", {}))},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no bulletin") from error


def few(mapping: Any) -> Any:
    if not isinstance(mapping, dict) or len(mapping) > MOST:
        raise ValueError("no bulletin")
    return mapping.items()


def listed(items: Any) -> list[Any]:
    if not isinstance(items, list) or len(items) > MOST:
        raise ValueError("no bulletin")
    return items


def ident(value: Any) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise ValueError("no id")
    return value


def whole(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("no number")
    return value


def count(value: Any) -> int:
    return whole(value, MOST)


def flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("no flag")
    return value


def link(value: Any) -> str:
    if value not in LINKS:
        raise ValueError("no link")
    return str(value)
