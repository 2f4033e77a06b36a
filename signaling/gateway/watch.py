"""Who has gone: halls and the leading moderator, noticed after a while and told to the session as commands."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import HallId, PassId
from sessions.model.site import Place
from sessions.permissions import Actor, Role
from sessions.site import GATHERED
from sessions.state import State
from signaling.gateway.presence import HallPresence

log = logging.getLogger("pleno.gateway")

BACK_AFTER_MS = 1000  # a link that comes and goes within this is not back yet
STRANGER = Place(HallId(""))


@dataclass(frozen=True, slots=True)
class Notice:
    """A command of the system. key: the same on every node that notices the same, so that it is recorded once."""

    name: str
    data: Mapping[str, Any]
    key: str


class Watch:
    """What all nodes see together. Each absence is told once: whoever sees the hall after all says that it is back."""

    def __init__(self) -> None:
        self._gone: dict[str, int] = {}  # hall or pass → since when, ms
        self._told: set[str] = set()

    def look(
        self,
        state: State,
        halls: Mapping[str, HallPresence],
        moderators: Collection[PassId],
        now: int,
        sighted: bool = True,
    ) -> list[Notice]:
        """What the session should be told.

        halls, moderators: those connected, on whichever node. sighted: whether this node knows what others have; while
        it does not, nobody is missed.
        """
        if state.session.phase not in GATHERED:
            return []
        if not sighted:
            self._gone.clear()
        seen = [self._hall(state, hall, presence, now) for hall, presence in halls.items() if hall in state.halls]
        return [notice for notice in (*seen, self._leader(state, moderators, now)) if notice is not None]

    async def tell(self, desk: Desk, notice: Notice) -> None:
        """Have it recorded. What is refused (the session moved on, the database is away) is said again if still so."""
        system = Actor(desk.state.session.id, Role.SYSTEM, PassId("system"))
        try:
            await desk.submit(notice.name, dict(notice.data), system, notice.key)
        except Exception as error:
            self._told.discard(str(notice.data.get("hall") or notice.data.get("pass")))
            unknown = not isinstance(error, Refused)
            log.log(logging.ERROR if unknown else logging.DEBUG, "%s is not recorded", notice.name, exc_info=unknown)

    def _hall(self, state: State, hall: str, seen: HallPresence, now: int) -> Notice | None:
        place = state.site.places.get(HallId(hall), STRANGER)
        if seen.connected and seen.link != "cut":
            self._here(hall)
            known = place.came_at is not None and place.lost_at is None
            if known or now - seen.since < BACK_AFTER_MS:
                return None
            return Notice("hall.back", {"hall": hall}, f"back-{hall}-{place.outages}")
        if place.came_at is None or place.lost_at is not None:
            return None
        if not self._away(hall, state.rules.site.lost_after_s, now):
            return None
        cause = "media" if seen.connected else "page"
        return Notice("hall.lost", {"hall": hall, "cause": cause}, f"lost-{hall}-{place.outages}")

    def _leader(self, state: State, moderators: Collection[PassId], now: int) -> Notice | None:
        chair, leader = state.chair, state.chair.leader
        if leader is None:
            return None
        key = f"{leader}-{chair.since}-{chair.losses}"
        if leader in moderators:
            self._here(leader)
            return Notice("chair.back", {"pass": leader}, f"cb-{key}") if chair.lost_at is not None else None
        if chair.lost_at is not None or not self._away(leader, state.rules.site.chair_lost_after_s, now):
            return None
        return Notice("chair.lost", {"pass": leader}, f"cl-{key}")

    def _here(self, who: str) -> None:
        self._gone.pop(who, None)
        self._told.discard(who)

    def _away(self, who: str, after_s: int, now: int) -> bool:
        """Whether it is time to tell; true once an absence."""
        if now - self._gone.setdefault(who, now) < after_s * 1000 or who in self._told:
            return False
        self._told.add(who)
        return True
