"""The state of a session: everything its journal adds up to, as immutable values that share what did not change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from sessions.ids import BallotId, HallId, ItemId, PassId, ProposalId, RequestId, SeatId, SessionId


def nothing() -> Mapping[Any, Any]:
    """An empty mapping nobody can fill."""
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Session:
    """The journal's owner. phase: draft, open or closed; draft with an empty title before `session_created`."""

    id: SessionId
    title: str = ""
    kind: str = "plenary"
    parent: SessionId | None = None
    phase: str = "draft"
    place: str = ""
    date: str = ""
    tz: str = "WIB"
    rehearsal: bool = False
    opened_at: int | None = None
    closed_at: int | None = None

    @property
    def created(self) -> bool:
        return self.title != ""


@dataclass(frozen=True, slots=True)
class Hall:
    """A room that takes part. order: its place in the wall, from 1."""

    id: HallId
    name: str
    kecamatan: str
    order: int
    seat_count: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place, known by office and never by name."""

    id: SeatId
    hall: HallId
    office: str
    voice: bool
    vote: bool


@dataclass(frozen=True, slots=True)
class Pass:
    """A QR card as the journal knows it: whom it stands for and until when; the token is elsewhere, hashed."""

    id: PassId
    role: str
    seat: SeatId | None
    hall: HallId | None
    expires_at: int
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """state: todo, now or done. minutes: planned length. order: from 1."""

    id: ItemId
    title: str
    kind: str
    order: int
    minutes: int
    state: str = "todo"
    started_at: int | None = None
    ended_at: int | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A request for the floor. seat is None when the hall itself asked. since, until: set once it is granted."""

    request: RequestId
    hall: HallId
    seat: SeatId | None
    note: str
    at: int
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    holder: Speaker | None = None
    queue: tuple[Speaker, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """What the screens show: scene is wall, stage, board, ballot or result."""

    scene: str = "wall"
    spotlight: HallId | None = None
    focus: ProposalId | None = None
    ballot: BallotId | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a proposal says; amount in rupiah, volume in `unit`, households that benefit."""

    title: str
    problem: str = ""
    address: str = ""
    amount: int | None = None
    volume: float | None = None
    unit: str = ""
    agency: str = ""
    type: str | None = None
    urgency: str | None = None
    land: str | None = None
    rw: str = ""
    households: int | None = None
    proposer: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A card. rank sorts inside its status column (sparse, see sessions/board.py); version counts every change."""

    id: ProposalId
    hall: HallId
    content: Content
    status: str
    rank: int
    version: int = 1
    reason: str = ""


Column = tuple[tuple[int, ProposalId], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All proposals, withdrawn ones too, and each status column as sorted (rank, id) pairs."""

    proposals: Mapping[ProposalId, Proposal] = field(default_factory=nothing)
    columns: Mapping[str, Column] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    option: str
    votes: int


@dataclass(frozen=True, slots=True)
class Result:
    """What the box gave. counts: in option order. root: Merkle root of the published list, 64 hex digits."""

    counts: tuple[Count, ...]
    cast: int
    blank: int
    electorate: int
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    root: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """An approval ballot, choose up to k of n.

    electorate: the seats that may vote, frozen at opening; views show only how many. state: open, closed or void.
    """

    id: BallotId
    title: str
    secrecy: str
    proof: str | None
    choose_max: int
    options: tuple[Option, ...]
    electorate: frozenset[SeatId]
    state: str
    opened_at: int
    closes_at: int | None
    closed_at: int | None = None
    result: Result | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A session after event `seq`, which happened at `at` (milliseconds since 1970 UTC)."""

    session: Session
    seq: int = 0
    at: int = 0
    halls: Mapping[HallId, Hall] = field(default_factory=nothing)
    seats: Mapping[SeatId, Seat] = field(default_factory=nothing)
    passes: Mapping[PassId, Pass] = field(default_factory=nothing)
    agenda: tuple[AgendaItem, ...] = ()
    floor: Floor = Floor()
    stage: Stage = Stage()
    board: Board = Board()
    ballots: Mapping[BallotId, Ballot] = field(default_factory=nothing)
    keys: Mapping[str, str] = field(default_factory=nothing)


def initial(session: SessionId) -> State:
    """Before the first event."""
    return State(Session(session))


K = TypeVar("K")
V = TypeVar("V")


def put(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """The mapping with one entry added or replaced; the old one is untouched."""
    return {**mapping, key: value}
