"""The site log: halls that come, drop and return, and halls whose picture or sound is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.clock import outage, restored
from sessions.errors import Refused
from sessions.ids import HallId
from sessions.kind import HALL, MODERATOR, SCREEN, Fields, Kind
from sessions.model.nothing import put
from sessions.model.site import Outage, Place
from sessions.noun import Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR as MODERATORS
from sessions.permissions import SYSTEM
from sessions.shape import flag, ident, one_of, record, text
from sessions.state import State

GATHERED = ("lobby", "open", "recess")  # while halls are expected to be here
CAUSES = ("page", "media")


@dataclass(frozen=True, slots=True)
class Lost:
    hall: HallId
    cause: str = "page"


@dataclass(frozen=True, slots=True)
class Back:
    hall: HallId


@dataclass(frozen=True, slots=True)
class Blank:
    hall: HallId
    blank: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mute:
    hall: HallId
    muted: bool


@dataclass(frozen=True, slots=True)
class HallCame:
    """For the first time in this session."""

    hall: HallId


@dataclass(frozen=True, slots=True)
class HallLost:
    outage: str
    hall: HallId
    cause: str


@dataclass(frozen=True, slots=True)
class HallBack:
    outage: str
    hall: HallId


@dataclass(frozen=True, slots=True)
class HallBlanked:
    hall: HallId
    blank: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HallMuted:
    hall: HallId
    muted: bool


def place_of(state: State, hall: HallId) -> Place:
    """What the site log knows of this hall; raises Refused("unknown_hall")."""
    if hall not in state.halls:
        raise Refused("unknown_hall", hall=hall)
    return placed(state, hall)


def placed(state: State, hall: HallId) -> Place:
    return state.site.places.get(hall) or Place(hall)


def away(place: Place) -> bool:
    """Whether the hall is not here: cut off, or never seen."""
    return place.came_at is None or place.lost_at is not None


def decide_lost(state: State, command: Lost, moment: Moment) -> list[Any]:
    """A hall that never came cannot be lost, and one is lost once, whichever node says so first."""
    require_phase(state, *GATHERED)
    place = place_of(state, command.hall)
    if away(place):
        return []
    return [HallLost(moment.fresh, place.hall, command.cause), *outage(state, place.hall, moment.now)]


def decide_back(state: State, command: Back, moment: Moment) -> list[Any]:
    """The hall's page is here and its media flows: for the first time, or again."""
    require_phase(state, *GATHERED)
    place = place_of(state, command.hall)
    if place.came_at is None:
        return [HallCame(place.hall)]
    if place.lost_at is None:
        return []
    return [HallBack(open_outage(state, place.hall), place.hall), *restored(state, place.hall, moment.now)]


def open_outage(state: State, hall: HallId) -> str:
    return next(one.id for one in state.site.outages.values() if one.hall == hall and one.until is None)


def decide_blank(state: State, command: Blank, moment: Moment) -> list[Any]:
    """Withholding a hall's picture and sound needs a reason, which the hall reads; a new reason replaces the old."""
    place = place_of(state, command.hall)
    if command.blank and not command.reason:
        raise Refused("reason_required")
    reason = command.reason if command.blank else ""
    if (command.blank, reason) == (place.blanked, place.reason):
        return []
    return [HallBlanked(place.hall, command.blank, reason)]


def decide_mute(state: State, command: Mute, moment: Moment) -> list[Any]:
    place = place_of(state, command.hall)
    return [] if command.muted == place.muted else [HallMuted(place.hall, command.muted)]


def with_place(state: State, place: Place) -> State:
    return replace(state, site=replace(state.site, places=put(state.site.places, place.hall, place)))


def apply_came(state: State, event: HallCame, at: int) -> State:
    return with_place(state, replace(placed(state, event.hall), came_at=at))


def apply_lost(state: State, event: HallLost, at: int) -> State:
    outages = put(state.site.outages, event.outage, Outage(event.outage, event.hall, at, event.cause))
    place = placed(state, event.hall)
    state = with_place(state, replace(place, lost_at=at, outages=place.outages + 1))
    return replace(state, site=replace(state.site, outages=outages))


def apply_back(state: State, event: HallBack, at: int) -> State:
    ended = replace(state.site.outages[event.outage], until=at)
    place = placed(state, event.hall)
    state = with_place(state, replace(place, lost_at=None, lost_ms=place.lost_ms + max(0, at - ended.since)))
    return replace(state, site=replace(state.site, outages=put(state.site.outages, ended.id, ended)))


def apply_blanked(state: State, event: HallBlanked, at: int) -> State:
    return with_place(state, replace(placed(state, event.hall), blanked=event.blank, reason=event.reason))


def apply_muted(state: State, event: HallMuted, at: int) -> State:
    return with_place(state, replace(placed(state, event.hall), muted=event.muted))


def site_fields(state: State, place: Place, view: str) -> Fields:
    """The big screen shows that a hall is withheld, not why."""
    fields: Fields = {
        "came_at": place.came_at,
        "lost_at": place.lost_at,
        "outages": place.outages,
        "lost_ms": place.lost_ms,
        "blanked": place.blanked,
        "muted": place.muted,
    }
    return fields if view == SCREEN else {**fields, "reason": place.reason}


def outage_fields(state: State, one: Outage, view: str) -> Fields:
    return {"hall": one.hall, "since": one.since, "until": one.until, "cause": one.cause}


def outages_of(state: State) -> Mapping[str, Outage]:
    return state.site.outages


NOUN = Noun(
    commands={
        "hall.lost": Act(record(Lost, {"hall": ident}, {"cause": one_of(*CAUSES)}), decide_lost, SYSTEM),
        "hall.back": Act(record(Back, {"hall": ident}), decide_back, SYSTEM),
        "hall.blank": Act(
            record(Blank, {"hall": ident, "blank": flag}, {"reason": text(500)}), decide_blank, MODERATORS
        ),
        "hall.mute": Act(record(Mute, {"hall": ident, "muted": flag}), decide_mute, MODERATORS),
    },
    events={
        "hall_came": (HallCame, apply_came),
        "hall_lost": (HallLost, apply_lost),
        "hall_back": (HallBack, apply_back),
        "hall_blanked": (HallBlanked, apply_blanked),
        "hall_muted": (HallMuted, apply_muted),
    },
    kinds=(
        Kind(
            "site",
            lambda state: state.site.places,
            lambda state: state.site.places,
            site_fields,
            (MODERATOR, HALL, SCREEN),
        ),
        Kind("outage", lambda state: state.site.outages, outages_of, outage_fields, (MODERATOR,)),
    ),
)
