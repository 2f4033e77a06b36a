"""What happened to the places of a session: outages, roll-calls, blanked halls, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import HallId
from sessions.model.nothing import nothing
from sessions.model.settings import ranged


@dataclass(frozen=True, slots=True)
class SiteRules:
    """Of links. lost_after_s: how long a hall, chair_lost_after_s: how long the leading moderator, is away before the
    others are told. The defaults outlast a reconnect and stay below the 25 s after which media gives a link up.
    decks_most: decks of slides a session keeps, decks_a_hall: of these, each hall; their pages stay with the record."""

    lost_after_s: int = ranged(10, 2, 600)
    chair_lost_after_s: int = ranged(15, 2, 600)
    decks_most: int = ranged(150, 0, 1000)
    decks_a_hall: int = ranged(10, 0, 100)


@dataclass(frozen=True, slots=True)
class Place:
    """One hall as the site log knows it, from the first time it came.

    lost_at: since when it is cut off, None while it is here. outages: how often it was, lost_ms: how long altogether,
    the present outage not counted. blanked: neither seen nor heard, muted: not heard; reason: why, for the hall to
    read.
    """

    hall: HallId
    came_at: int | None = None
    lost_at: int | None = None
    outages: int = 0
    lost_ms: int = 0
    blanked: bool = False
    muted: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """until is None while it lasts. cause: "page" (the hall's page was gone) or "media" (its picture and sound)."""

    id: str
    hall: HallId
    since: int
    cause: str
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What one hall answered. heard: yes, partly or no. by: "hall", or "moderator" who answered for it."""

    hall: HallId
    heard: str
    note: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Rollcall:
    """Can every hall hear us? absent: halls that were not there when it was asked."""

    id: str
    question: str
    started_at: int
    absent: tuple[HallId, ...] = ()
    answers: Mapping[HallId, Heard] = field(default_factory=nothing)
    ended_at: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The site log and what is true of each hall now. rollcall: the one that runs."""

    places: Mapping[HallId, Place] = field(default_factory=nothing)
    outages: Mapping[str, Outage] = field(default_factory=nothing)
    rollcalls: Mapping[str, Rollcall] = field(default_factory=nothing)
    rollcall: str | None = None
