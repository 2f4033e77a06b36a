"""The record of a session (Berita Acara) as plain values: what a session said and decided, before any layout.

Persons are seats and offices here; names are added where the record is printed. Times are milliseconds since 1970 UTC,
amounts whole rupiah.
"""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import BallotId, HallId, ProposalId, SeatId, SessionId
from sessions.model.record import Addendum, Confirmation, Correction


@dataclass(frozen=True, slots=True)
class Head:
    """heading: the lines of the title. number: empty while none was given."""

    letterhead: tuple[str, ...]
    heading: tuple[str, ...]
    number: str


@dataclass(frozen=True, slots=True)
class Considerations:
    """What was heard before agreeing, each as a line: the addresses, the presentations, the responses."""

    addresses: tuple[str, ...]
    presentations: tuple[str, ...]
    responses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """When, where and who. date: the session's own, "2018-01-23". began, ended: None while it has not."""

    date: str
    tz: str
    began: int | None
    ended: int | None
    place: str
    participants: str
    forum: str


@dataclass(frozen=True, slots=True)
class Clause:
    ordinal: str
    text: str


@dataclass(frozen=True, slots=True)
class Signer:
    """role: see ROLES in sessions/record.py. seat is None for whoever holds only an office."""

    role: str
    office: str
    seat: SeatId | None


@dataclass(frozen=True, slots=True)
class Attendee:
    """arrived_at is None for whoever was invited and did not come."""

    seat: SeatId
    hall: str
    office: str
    constituency: str
    arrived_at: int | None
    left_at: int | None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many of a hall. witnesses: their offices."""

    hall: str
    invited: int
    present: int
    guests: int
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What a constituency was invited with, came with and spoke. constituency is empty for seats without one."""

    constituency: str
    invited: int
    present: int
    turns: int
    spoken_ms: int


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal in an annex. status: see sessions/statuses.py. amount, volume: as decided here, else as proposed.

    score is empty where nothing was scored.
    """

    proposal: ProposalId
    hall: str
    status: str
    priority: str
    goal: str
    programme: str
    title: str
    problem: str
    target: str
    kelurahan: str
    rw: str
    address: str
    volume: float | None
    unit: str
    amount: int | None
    agency: str
    score: str = ""
    reason_code: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Delegate:
    """by: acclamation, or the title of the ballot."""

    seat: SeatId
    hall: str
    office: str
    by: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """An attempt at consensus. agreed: whether it came about. proposals: their titles."""

    at: int
    subject: str
    agreed: bool
    proposals: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Choice:
    """outcome: elected, tied or empty. value: what decided where that is not the number of votes, exact: "7/3"."""

    label: str
    votes: int
    value: str
    outcome: str


@dataclass(frozen=True, slots=True)
class HandRow:
    """Hands raised in a hall; witness: the office of whoever watched the count."""

    hall: str
    cast: int
    blank: int
    witness: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class VoteProtocol:
    """facts: what else the method says of itself, as (name, value) lines. root: empty without a result."""

    ballot: BallotId
    title: str
    state: str
    opened_at: int
    closed_at: int | None
    electorate: int
    cast: int | None
    blank: int | None
    facts: tuple[tuple[str, str], ...]
    hands: tuple[HandRow, ...]
    choices: tuple[Choice, ...]
    root: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the site log or of the minutes proper. until: None for a moment, or for what still lasts."""

    at: int
    kind: str
    who: str
    text: str
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """A turn on the floor. until is None for whoever holds it now."""

    hall: HallId
    seat: SeatId | None
    kind: str
    note: str
    constituency: str
    at: int
    until: int | None
    spoken_ms: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many proposals of one name, empty for none. taken: prioritised or taken up since.

    agreed: without a place among the priorities; open: not decided.
    """

    name: str
    total: int
    taken: int
    agreed: int
    reserve: int
    refused: int
    open: int


@dataclass(frozen=True, slots=True)
class Report:
    """The closing report. statuses: (status, how many). next_year, current_year: what was taken up for which year."""

    whole: Share
    next_year: int
    current_year: int
    statuses: tuple[tuple[str, int], ...]
    kelurahan: tuple[Share, ...]
    agencies: tuple[Share, ...]
    types: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Minutes:
    """status: draft, final once sealed, amended with an addendum. kind: plenary or group.

    seq, made_at: of the last event told. sealed_without: see sessions/model/record.py.
    """

    session: SessionId
    title: str
    kind: str
    status: str
    rehearsal: bool
    seq: int
    made_at: int
    head: Head
    opening: str
    considerations: Considerations
    block: Block
    clauses: tuple[Clause, ...]
    closing: str
    notes: str
    signers: tuple[Signer, ...]
    representatives: int
    cc: tuple[str, ...]
    attendance: tuple[Attendee, ...]
    halls: tuple[Crowd, ...]
    groups: tuple[Group, ...]
    priorities: tuple[Row, ...]
    not_agreed: tuple[Row, ...]
    reserves: tuple[Row, ...]
    agreed: tuple[Row, ...]
    undecided: tuple[Row, ...]
    gone: tuple[Row, ...]
    delegates: tuple[Delegate, ...]
    agreements: tuple[Agreement, ...]
    votes: tuple[VoteProtocol, ...]
    site: tuple[Entry, ...]
    proceedings: tuple[Entry, ...]
    corrections: tuple[Correction, ...]
    confirmed: Confirmation | None
    addenda: tuple[Addendum, ...]
    report: Report
    sealed_without: str = ""
