"""The ports through which a Desk reaches durable storage: the journal of a session and the ballot box."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sessions.ids import BallotId, SessionId

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as it stands in the journal.

    seq: 1-based, gapless within the session. at: milliseconds since 1970 UTC, never smaller than the one before.
    type and data: the event's name and its JSON form (see sessions/wire.py).
    """

    seq: int
    at: int
    actor: str
    type: str
    data: Json


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command got when it was accepted; kept so that a retry with the same key gets the same."""

    seq: int
    result: Json


@dataclass(frozen=True, slots=True)
class BoxCount:
    """A ballot's box and roll, read under the lock that closed it; every tuple sorted, so no order tells the time.

    choices: one entry a vote; inside, the order they were cast with (the Desk casts in the ballot's option order).
    roll: the seats that voted. trackers: those of a secret ballot, empty on an open one.
    pairs: (seat, choices) of an open ballot, (tracker, choices) of a secret one with proof `full`, else empty.
    turns: (seat, turn) of votes that were changed.
    """

    choices: tuple[tuple[str, ...], ...]
    roll: tuple[str, ...]
    trackers: tuple[str, ...] = ()
    pairs: tuple[tuple[str, tuple[str, ...]], ...] = ()
    turns: tuple[tuple[str, int], ...] = ()


Asked = tuple[str, str]  # actor, key


class Transaction(Protocol):
    """One group of commands on one session. The session's row is locked from entry to exit; an exception rolls back."""

    async def now(self) -> int:
        """The database's clock, milliseconds."""

    async def tail(self, after: int) -> Sequence[Recorded]:
        """Events with seq > after, in order."""

    async def answers(self, asked: Collection[Asked]) -> Mapping[Asked, Answer]:
        """Of these the ones whose command was accepted before this transaction, each with its answer."""

    async def append(self, actor: str, key: str, events: Sequence[Recorded], answer: Answer) -> None:
        """Record one accepted command; `events` may be empty (accepted, nothing changed), the answer is kept anyway.

        `ballot_opened` among the events also opens its box: data["ballot"], data["secrecy"] ("open" or "secret") and
        data["proof"] ("inclusion", "full" or None) say how. Later calls of the same transaction see what it appended.
        """

    async def seal_box(self, ballot: BallotId) -> BoxCount:
        """Lock the ballot against votes, mark it closed and count it. Undone if the transaction rolls back.

        Only called for a ballot the state says is open. Raises nothing for a ballot nobody voted on (empty count).
        """


class Journal(Protocol):
    """Where the events of sessions live."""

    def transaction(self, session: SessionId) -> AbstractAsyncContextManager[Transaction]:
        """A session never seen before gets its (lockable) row here; commit is at exit, any exception rolls back."""

    async def read(self, session: SessionId, after: int) -> Sequence[Recorded]:
        """Events with seq > after, without a lock."""

    async def heads(self) -> Mapping[SessionId, int]:
        """The last seq of every session (polled: wake-ups between nodes may be lost)."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote on its way to the box. tracker: 32 hex digits on a secret ballot, empty on an open one.

    revote: an open ballot on which a vote may be changed. turn: how often this seat had changed its vote before, with
    this one: 0 for the first. So a late retry of an earlier vote never undoes a later one.
    """

    ballot: BallotId
    seat: str
    choices: tuple[str, ...]
    tracker: str
    secret: bool
    channel: str = "phone"
    revote: bool = False
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Cast:
    """What became of one vote.

    code: "" when it is durable (now, or already by an earlier try), else already_voted, tracker_taken, ballot_closed,
    ballot_void.
    choices: on an open ballot the choices on record. turn: how often they were changed.
    """

    code: str
    tracker: str
    choices: tuple[str, ...]
    turn: int = 0


class BallotBox(Protocol):
    """Roll and box. A group is one transaction, replayed vote by vote where a member spoils it.

    A retry is told the truth even after close. Open ballot: a seat on the roll with the same choices is "" (durable),
    with others already_voted; but a revote of a later turn than that on record takes its place while the ballot is
    open. Secret ballot: a seat on the roll whose tracker is in the box is "", with another tracker already_voted;
    its choices are deliberately not compared, or whoever learns a tracker could ask the box what was voted with it. A
    seat not on the roll with a tracker already in the box: tracker_taken.
    """

    async def cast(self, votes: Sequence[Vote]) -> Sequence[Cast]:
        """Same order and length as votes; at most one vote a (ballot, seat) in one group."""

    async def voted(self, ballot: BallotId, seat: str) -> Cast | None:
        """Whether this seat stands on the roll; tracker is always empty on a secret ballot."""

    async def turnout(self, ballot: BallotId) -> int:
        """How many seats stand on the roll."""

    async def contents(self, ballot: BallotId) -> BoxCount | None:
        """What seal_box counted, for the transcript; None while the ballot is open or unknown."""
