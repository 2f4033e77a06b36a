"""Who is here now, on this node and the others: halls with their link and microphone, and how many participants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from signaling.gateway.bulletin import LINKS, NONE, Bulletin, Page, Seen


@dataclass(frozen=True, slots=True)
class HallPresence:
    """since: when `connected` last changed, milliseconds since 1970 UTC. link: absent until the hall first came.
    tablets: pages that stand beside the hall's own, on all nodes; they make it no more connected.
    """

    connected: bool
    since: int
    publishing: bool = False
    speaking: bool = False
    link: str = "absent"
    tablets: int = 0


class Presence:
    """Never journaled. node: this node's name. version: grows with every change of the whole."""

    def __init__(self, now: int, node: str = "") -> None:
        self.version = 0
        self._start = now
        self._node = node
        self._halls: dict[str, HallPresence] = {}
        self._pages: dict[str, Page] = {}  # on this node
        self._seen: dict[str, Seen] = {}  # by this node's media plane
        self._seats: Counter[str] = Counter()  # devices on this node
        self._tablets: Counter[str] = Counter()  # by hall, on this node
        self._others: Mapping[str, Bulletin] = NONE
        self._elsewhere: frozenset[str] = frozenset()  # seats on other nodes
        self._participants = 0

    def know(self, halls: Iterable[str]) -> None:
        """Halls of the session that have not come yet."""
        for hall in halls:
            if hall not in self._halls:
                self._put(hall, HallPresence(False, self._start))
                self._merge(hall, self._start)

    def hall_came(self, hall: str, now: int) -> Page:
        """A page of this hall on this node, newer than any other there is; what it took the place of goes on."""
        before = self._halls.get(hall)
        joined = max([now, *(others.pages[hall].joined + 1 for others in self._with_page(hall))])
        since = before.since if before is not None and before.connected else now
        page = self._pages[hall] = Page(since, joined)
        self._merge(hall, now)
        return page

    def hall_left(self, hall: str, now: int) -> None:
        self._pages.pop(hall, None)
        self._merge(hall, now)

    def tablets_are(self, hall: str, n: int, now: int) -> None:
        """So many of this hall's tablets are on this node."""
        self._tablets[hall] = n
        self._merge(hall, now)

    def seat_came(self, seat: str) -> None:
        self._seats[seat] += 1
        if self._seats[seat] == 1 and seat not in self._elsewhere:
            self._participants += 1
            self.version += 1

    def seat_left(self, seat: str) -> None:
        self._seats[seat] -= 1
        if self._seats[seat] <= 0:
            del self._seats[seat]
            if seat not in self._elsewhere:
                self._participants -= 1
                self.version += 1

    def links(self, halls: Mapping[str, Mapping[str, Any]], now: int) -> None:
        """What this node's media plane sees (signaling/engine.py, event `links`)."""
        for hall, told in halls.items():
            if hall not in self._halls:
                continue
            before = self._seen.get(hall, Seen())
            link = told.get("link", before.link)
            self._seen[hall] = Seen(
                publishing=bool(told.get("publishing", before.publishing)),
                speaking=bool(told.get("speaking", before.speaking)),
                link=link if link in LINKS else before.link,
            )
            self._merge(hall, now)

    def silence(self, now: int) -> None:
        """The media plane starts anew: nobody publishes."""
        for hall, before in list(self._seen.items()):
            self._seen[hall] = replace(before, publishing=False, speaking=False)
            self._merge(hall, now)

    def heard(self, others: Mapping[str, Bulletin], now: int) -> list[str]:
        """By node, what the others say now. Returns the halls whose page on this node is no longer the newest."""
        self._others = others
        elsewhere = frozenset(seat for each in others.values() for devices in each.seats.values() for seat in devices)
        participants = len(elsewhere | self._seats.keys())
        self.version += participants != self._participants
        self._elsewhere, self._participants = elsewhere, participants
        for hall in self._halls:
            self._merge(hall, now)
        return [hall for hall, page in self._pages.items() if newest(hall, page, self._node, others)[1] != self._node]

    @property
    def pages(self) -> Mapping[str, Page]:
        """On this node."""
        return self._pages

    @property
    def seen(self) -> Mapping[str, Seen]:
        """By this node's media plane, without halls it has nothing of."""
        return {hall: seen for hall, seen in self._seen.items() if seen.link != "absent"}

    @property
    def tablets(self) -> dict[str, int]:
        """By hall, on this node; without halls that have none here."""
        return {hall: n for hall, n in self._tablets.items() if n > 0}

    @property
    def halls(self) -> Mapping[str, HallPresence]:
        """Every hall of the session, come or not."""
        return self._halls

    @property
    def participants(self) -> int:
        """Seats with at least one device, on any node."""
        return self._participants

    def elsewhere(self, seat: str) -> bool:
        """Whether another node has a device of this seat."""
        return seat in self._elsewhere

    def whole(self) -> dict[str, Any]:
        return {"halls": {hall: asdict(seen) for hall, seen in self._halls.items()}, "participants": self.participants}

    def count(self) -> dict[str, Any]:
        return {"participants": self.participants}

    def _with_page(self, hall: str) -> list[Bulletin]:
        return [each for each in self._others.values() if hall in each.pages]

    def _merge(self, hall: str, now: int) -> None:
        before = self._halls.get(hall, HallPresence(False, self._start))
        page, _ = newest(hall, self._pages.get(hall), self._node, self._others)
        told = {node: each.seen[hall] for node, each in self._others.items() if hall in each.seen}
        if (own := self._seen.get(hall)) is not None:
            told[self._node] = own
        tablets = self._tablets[hall] + sum(each.tablets.get(hall, 0) for each in self._others.values())
        self._put(hall, replace(merged(before, page, told, now), tablets=tablets))

    def _put(self, hall: str, seen: HallPresence) -> None:
        if self._halls.get(hall) != seen:
            self._halls[hall] = seen
            self.version += 1


def newest(hall: str, own: Page | None, node: str, others: Mapping[str, Bulletin]) -> tuple[Page | None, str]:
    """The page of the hall that came last, and on which node; the same wherever it is asked. Ties go by node."""
    pages = {name: each.pages[hall] for name, each in others.items() if hall in each.pages}
    if own is not None:
        pages[node] = own
    if not pages:
        return None, ""
    best = max(pages, key=lambda name: (pages[name].joined, name))
    return pages[best], best


def merged(before: HallPresence, page: Page | None, told: Mapping[str, Seen], now: int) -> HallPresence:
    """One hall, from what all nodes say. told: by node, what media planes see; one that receives something counts."""
    if page is None:
        return HallPresence(False, now, link="cut") if before.connected else before
    there = {node: seen for node, seen in told.items() if seen.link != "absent"}
    if not there:
        return HallPresence(True, page.since, link="good")  # it is here, it only sends nothing
    seen = there[max(there, key=lambda node: (there[node].publishing, node))]
    return HallPresence(True, page.since, seen.publishing, seen.speaking, seen.link)
