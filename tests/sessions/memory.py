"""A journal and a ballot box in memory with the semantics of a database: locks, rollback, uniqueness, lost answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sessions.ids import BallotId, SessionId
from sessions.journal import Answer, Asked, BoxCount, Cast, Recorded, Vote


class DatabaseAway(Exception):
    """What a driver raises when its server is gone."""


@dataclass
class Book:
    """One session's rows, and the lock on its row."""

    events: list[Recorded] = field(default_factory=list)
    answers: dict[Asked, Answer] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Box:
    """One ballot's rows; roll and box are never joined, an open ballot keeps seat → choices."""

    secret: bool
    proof: str | None
    state: str = "open"
    roll: set[str] = field(default_factory=set)
    votes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def count(self) -> BoxCount:
        pairs = tuple(sorted(self.votes.items()))
        return BoxCount(
            choices=tuple(sorted(self.votes.values())),
            roll=tuple(sorted(self.roll)),
            trackers=tuple(sorted(self.votes)) if self.secret else (),
            pairs=pairs if not self.secret or self.proof == "full" else (),
            turns=tuple(sorted(self.turns.items())),
        )


class Memory:
    """Journal and BallotBox at once. Every step gives way to other tasks, as awaiting a database would.

    faults: what the next commits (of a command group or a vote group) do, first to last: "" commits, "lost" commits
    and then fails as if the connection broke on the way back, "away" fails and commits nothing.
    """

    def __init__(self) -> None:
        self.clock = 1_000_000
        self.books: dict[SessionId, Book] = {}
        self.boxes: dict[BallotId, Box] = {}
        self.faults: list[str] = []
        self.groups: list[int] = []  # commands a committed group appended
        self.vote_groups: list[list[Vote]] = []

    def book(self, session: SessionId) -> Book:
        return self.books.setdefault(session, Book())

    @asynccontextmanager
    async def transaction(self, session: SessionId) -> AsyncIterator[MemoryTransaction]:
        book = self.book(session)
        async with book.lock:
            tx = MemoryTransaction(self, book)
            try:
                yield tx
                await asyncio.sleep(0)
                fault = self.faults.pop(0) if self.faults else ""
                if fault == "away":
                    raise DatabaseAway
                tx.commit()
                if fault == "lost":
                    raise DatabaseAway
            finally:
                tx.release()

    async def read(self, session: SessionId, after: int) -> Sequence[Recorded]:
        await asyncio.sleep(0)
        return self.book(session).events[after:]

    async def heads(self) -> Mapping[SessionId, int]:
        return {session: len(book.events) for session, book in self.books.items()}

    async def cast(self, votes: Sequence[Vote]) -> Sequence[Cast]:
        await asyncio.sleep(0)
        assert len({(vote.ballot, vote.seat) for vote in votes}) == len(votes), "one vote a seat in a group"
        (ballot,) = {vote.ballot for vote in votes}
        box = self.boxes[ballot]
        async with box.lock:
            await asyncio.sleep(0)
            fault = self.faults.pop(0) if self.faults else ""
            if fault == "away":
                raise DatabaseAway
            casts = [self._cast_one(box, vote) for vote in votes]
            self.vote_groups.append(list(votes))
            if fault == "lost":
                raise DatabaseAway
            return casts

    def _cast_one(self, box: Box, vote: Vote) -> Cast:
        key = vote.tracker if box.secret else vote.seat
        if vote.revote and vote.turn and vote.turn > box.turns.get(key, 0) and vote.seat in box.roll:
            if box.state == "open":
                box.votes[key], box.turns[key] = vote.choices, vote.turn
            elif box.votes[key] != vote.choices:
                return Cast(f"ballot_{box.state}", "", box.votes[key], box.turns.get(key, 0))
        if vote.seat in box.roll:
            same = key in box.votes and (box.secret or box.votes[key] == vote.choices)
            return Cast(
                "" if same else "already_voted",
                vote.tracker,
                () if box.secret else box.votes[key],
                box.turns.get(key, 0),
            )
        if box.state != "open":
            return Cast(f"ballot_{box.state}", vote.tracker, ())
        if key in box.votes:
            return Cast("tracker_taken", vote.tracker, ())
        box.roll.add(vote.seat)
        box.votes[key] = vote.choices
        if vote.turn:
            box.turns[key] = vote.turn
        return Cast("", vote.tracker, () if box.secret else vote.choices, vote.turn)

    async def voted(self, ballot: BallotId, seat: str) -> Cast | None:
        box = self.boxes.get(ballot)
        if box is None or seat not in box.roll:
            return None
        return Cast("", "", () if box.secret else box.votes[seat], box.turns.get(seat, 0))

    async def turnout(self, ballot: BallotId) -> int:
        return len(self.boxes[ballot].roll) if ballot in self.boxes else 0

    async def contents(self, ballot: BallotId) -> BoxCount | None:
        box = self.boxes.get(ballot)
        return None if box is None or box.state == "open" else box.count()


class MemoryTransaction:
    def __init__(self, memory: Memory, book: Book) -> None:
        self._memory = memory
        self._book = book
        self._events: list[Recorded] = []
        self._answers: dict[Asked, Answer] = {}
        self._sealed: dict[BallotId, Box] = {}
        self._appended = 0

    async def now(self) -> int:
        await asyncio.sleep(0)
        return self._memory.clock

    async def tail(self, after: int) -> Sequence[Recorded]:
        await asyncio.sleep(0)
        return [*self._book.events, *self._events][after:]

    async def answers(self, asked: Collection[Asked]) -> Mapping[Asked, Answer]:
        await asyncio.sleep(0)
        return {one: self._book.answers[one] for one in asked if one in self._book.answers}

    async def append(self, actor: str, key: str, events: Sequence[Recorded], answer: Answer) -> None:
        await asyncio.sleep(0)
        assert (actor, key) not in self._answers and (actor, key) not in self._book.answers, "UNIQUE(actor, key)"
        for event in events:
            assert event.seq == len(self._book.events) + len(self._events) + 1, "UNIQUE(session, seq), gapless"
            last = [*self._book.events, *self._events][-1:]
            assert not last or event.at >= last[0].at, "time does not run backwards"
            self._events.append(Recorded(event.seq, event.at, event.actor, event.type, stored(event.data)))
        self._answers[actor, key] = answer
        self._appended += 1

    async def seal_box(self, ballot: BallotId) -> BoxCount:
        """Waits for a vote group that is under way, as FOR UPDATE waits for FOR SHARE."""
        box = self._memory.boxes[ballot]
        assert box.state == "open" and ballot not in self._sealed
        await box.lock.acquire()
        self._sealed[ballot] = box
        await asyncio.sleep(0)
        return box.count()

    def commit(self) -> None:
        self._book.events.extend(self._events)
        self._book.answers.update(self._answers)
        for box in self._sealed.values():
            box.state = "closed"
        for event in self._events:
            if event.type == "ballot_opened":
                secret = event.data["secrecy"] == "secret"
                self._memory.boxes[event.data["ballot"]] = Box(secret, event.data["proof"])
        if self._appended:
            self._memory.groups.append(self._appended)

    def release(self) -> None:
        for box in self._sealed.values():
            box.lock.release()


def stored(data: object) -> dict[str, object]:
    """What a JSON column gives back."""
    back: dict[str, object] = json.loads(json.dumps(data))
    return back
