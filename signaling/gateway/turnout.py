"""How many voted on each running ballot, wherever they did and by hand, and whose vote came in through another node."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from sessions.desk import Desk
from sessions.electorate import hands_so_far
from sessions.ids import BallotId
from signaling.gateway import packets
from signaling.gateway.packets import Message
from signaling.gateway.ports import Nodes
from signaling.gateway.votes import Votes

POLL_S = 1.0  # other nodes take votes too, and may have no quicker way to say so
CROWD_EVERY_S = 1.0  # a rush of votes costs each phone one message a second, beside its own receipt
LOOK_UP_MOST = 32  # seats whose vote is looked for in one round

Tell = Callable[[str, BallotId, dict[str, Any] | None], None]
Waiting = Callable[[BallotId], Collection[str]]


class Turnout:
    """Of one session; round() reads it beside the frames, which a database that is away must not hold up.

    changed: called when there is news. waiting(ballot): the seats here that may have voted through another node.
    tell(seat, ballot, receipt): what was found of one of them.
    """

    def __init__(
        self, desk: Desk, votes: Votes, nodes: Nodes, changed: Callable[[], None], waiting: Waiting, tell: Tell
    ) -> None:
        self._desk = desk
        self._votes = votes
        self._nodes = nodes
        self._changed = changed
        self._waiting = waiting
        self._tell = tell
        self._cast: dict[BallotId, int] = {}
        self._news: dict[BallotId, Message] = {}
        self._crowd_news: dict[BallotId, Message] = {}
        self._crowd_told_at = 0.0
        self._polled_at = 0.0
        self._running = frozenset[BallotId]()
        self._looked = 0

    def news(self) -> tuple[list[Message], list[Message]]:
        """What is new since the last call: to those who lead or show the ballot, and to the crowd, more seldom."""
        news, self._news = self._news, {}
        crowd: dict[BallotId, Message] = {}
        if self._crowd_due():
            crowd, self._crowd_news = self._crowd_news, {}
            self._crowd_told_at = time.monotonic()
        return list(news.values()), list(crowd.values())

    def _crowd_due(self) -> bool:
        return bool(self._crowd_news) and time.monotonic() - self._crowd_told_at >= CROWD_EVERY_S

    def now(self) -> Iterator[Message]:
        """For somebody who just came; what is not known yet is read soon."""
        for ballot in self._desk.state.ballots.values():
            if ballot.state == "open":
                if ballot.id in self._cast:
                    yield turnout_of(ballot.id, self._cast[ballot.id], len(ballot.electorate))
                else:
                    self._votes.fresh.add(ballot.id)

    async def round(self) -> None:
        fresh, self._votes.fresh = self._votes.fresh, set()
        given, self._votes.given = self._votes.given, set()
        for ballot in given:
            self._nodes.voted(self._desk.state.session.id, ballot)
        if time.monotonic() - self._polled_at >= POLL_S:
            self._polled_at = time.monotonic()
            fresh |= self._begun_or_ended()
        for ballot in fresh:
            await self._read(ballot)
        if self._crowd_due():
            self._changed()

    def _begun_or_ended(self) -> frozenset[BallotId]:
        """Running ballots, and once more those that ran at the last poll."""
        ballots = self._desk.state.ballots.values()
        before, self._running = self._running, frozenset(ballot.id for ballot in ballots if ballot.state == "open")
        return self._running | before

    async def _read(self, id_: BallotId) -> None:
        if (ballot := self._desk.state.ballots.get(id_)) is None:
            return
        voted = await self._votes.turnout(id_)
        cast = None if voted is None else voted + hands_so_far(ballot)
        if cast is not None and cast != self._cast.get(id_):
            self._cast[id_] = cast
            if ballot.state == "open":
                self._news[id_] = self._crowd_news[id_] = turnout_of(id_, cast, len(ballot.electorate))
                self._changed()
        for seat in self._some(self._waiting(id_), all_=ballot.state != "open"):
            found, receipt = await self._votes.look(ballot, seat)
            if found:
                self._tell(seat, id_, receipt)

    def _some(self, seats: Collection[str], all_: bool) -> Iterable[str]:
        """All once the roll is whole and kept; before that a few at a time, in turn."""
        if all_ or len(seats) <= LOOK_UP_MOST:
            return seats
        start = self._looked = (self._looked + LOOK_UP_MOST) % len(seats)
        turned = sorted(seats)
        return (turned[start:] + turned[:start])[:LOOK_UP_MOST]


def turnout_of(ballot: BallotId, cast: int, of: int) -> Message:
    return packets.event("turnout", {"ballot": ballot, "cast": cast, "of": of})
