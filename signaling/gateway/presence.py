"""Who is here now: halls with their link and microphone, and how many participants. Never journaled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

LINKS = frozenset({"good", "fair", "weak", "audio", "cut", "absent"})


@dataclass(frozen=True, slots=True)
class HallPresence:
    """since: when `connected` last changed, milliseconds since 1970 UTC. link: absent until the hall first came."""

    connected: bool
    since: int
    publishing: bool = False
    speaking: bool = False
    link: str = "absent"


class Presence:
    """version: grows with every change."""

    def __init__(self, now: int) -> None:
        self.version = 0
        self._start = now
        self._halls: dict[str, HallPresence] = {}
        self._seats: Counter[str] = Counter()

    def know(self, halls: Iterable[str]) -> None:
        """Halls of the session that have not come yet."""
        for hall in halls:
            if hall not in self._halls:
                self._put(hall, HallPresence(False, self._start))

    def hall_came(self, hall: str, now: int) -> None:
        self._put(hall, HallPresence(True, now, link="good"))

    def hall_left(self, hall: str, now: int) -> None:
        self._put(hall, HallPresence(False, now, link="cut"))

    def seat_came(self, seat: str) -> None:
        self._seats[seat] += 1
        self.version += self._seats[seat] == 1

    def seat_left(self, seat: str) -> None:
        self._seats[seat] -= 1
        if self._seats[seat] <= 0:
            del self._seats[seat]
            self.version += 1

    def links(self, halls: Mapping[str, Mapping[str, Any]]) -> None:
        """What the media plane sees (signaling/engine.py, event `links`). A hall that left stays cut."""
        for hall, seen in halls.items():
            before = self._halls.get(hall)
            if before is None or not before.connected:
                continue
            link = seen.get("link", before.link)
            link = "good" if link == "absent" else link  # it is here, it only sends nothing
            after = replace(
                before,
                publishing=bool(seen.get("publishing", before.publishing)),
                speaking=bool(seen.get("speaking", before.speaking)),
                link=link if link in LINKS else before.link,
            )
            self._put(hall, after)

    def silence(self) -> None:
        """The media plane starts anew: nobody publishes."""
        for hall, before in list(self._halls.items()):
            self._put(hall, replace(before, publishing=False, speaking=False))

    @property
    def halls(self) -> Mapping[str, HallPresence]:
        """Every hall of the session, come or not."""
        return self._halls

    @property
    def participants(self) -> int:
        """Seats with at least one device here."""
        return len(self._seats)

    def whole(self) -> dict[str, Any]:
        return {"halls": {hall: asdict(seen) for hall, seen in self._halls.items()}, "participants": self.participants}

    def count(self) -> dict[str, Any]:
        return {"participants": self.participants}

    def _put(self, hall: str, seen: HallPresence) -> None:
        if self._halls.get(hall) != seen:
            self._halls[hall] = seen
            self.version += 1
