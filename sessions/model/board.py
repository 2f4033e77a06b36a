"""Proposals and the board they lie on, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import HallId, ProposalId, SeatId
from sessions.model.content import Content
from sessions.model.funnel import Sums
from sessions.model.nothing import nothing
from sessions.model.settings import choice, ranged
from sessions.model.table import Table

LEVELS = ("RW_FORUM", "KELURAHAN", "KECAMATAN", "AGENCY_FORUM", "PLANNING_OFFICE", "CITY", "BUDGET_TEAM")


@dataclass(frozen=True, slots=True)
class BoardRules:
    """level: whose decisions a session takes that names no level of its own. photos_most: photos of one proposal, and
    as many again of a survey. documents_most: its PDFs.

    agency_own_only: whether an agency answers only what is addressed to it, when its pass names it.
    """

    level: str = choice("KECAMATAN", *LEVELS)
    photos_most: int = ranged(3, 0, 10)
    documents_most: int = ranged(5, 0, 20)
    agency_own_only: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What one level decided. at: milliseconds since 1970 UTC. amount: whole rupiah, volume: in the card's unit."""

    level: str
    status: str
    at: int
    reason_code: str = ""
    reason: str = ""
    amount: int | None = None
    volume: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the agency in charge found. cost: whole rupiah. survey_date: local, "2018-01-23"; verdict: see answer.py."""

    survey_status: str
    agency: str = ""
    survey_date: str = ""
    survey_note: str = ""
    land: str | None = None
    cost: int | None = None
    note: str = ""
    verdict: str | None = None
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """It was taken from one agency to another; source is the one it lay with before."""

    source: str
    agency: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True)
class AgencyDesk:
    """final: the agency in charge, empty while it is the one asked for. answered_at: of the answer, None for none."""

    final: str = ""
    routes: tuple[Route, ...] = ()
    answer: Answer | None = None
    answered_at: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of what. merged: the cards that went into this one; into: the card this one went into.

    was: the status it had before it was merged. parts: the cards split off this one; whole: the card it was split off.
    stepped_back: the owner withdrew, the card stays for the owners of what was merged into it.
    """

    into: ProposalId | None = None
    was: str = ""
    merged: tuple[ProposalId, ...] = ()
    whole: ProposalId | None = None
    parts: tuple[ProposalId, ...] = ()
    stepped_back: bool = False


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture in the files store; width and height in pixels. kind: survey of an agency's, else empty.

    of: the merged card it came with, None for the card's own.
    """

    file: str
    width: int
    height: int
    caption: str = ""
    kind: str = ""
    of: ProposalId | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF in the files store. kind: one of sessions/document.py KINDS. size: bytes. of: as a photo's."""

    file: str
    kind: str
    pages: int
    size: int
    of: ProposalId | None = None


@dataclass(frozen=True)  # without slots: see changed()
class Proposal:
    """A card. rank sorts inside its board column (sparse, see sessions/columns.py); version counts every change.

    owner: the seat that may withdraw it besides the hall. added_at: milliseconds since 1970 UTC.
    """

    id: ProposalId
    hall: HallId
    content: Content
    status: str
    rank: int
    version: int = 1
    reason: str = ""
    reason_code: str = ""
    owner: SeatId | None = None
    added_at: int = 0
    decisions: tuple[Decision, ...] = ()
    desk: AgencyDesk = AgencyDesk()
    trace: Trace = Trace()
    photos: tuple[Photo, ...] = ()
    documents: tuple[Document, ...] = ()


Column = tuple[tuple[int, ProposalId], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All proposals, those that left the board too, each of its columns as sorted (rank, id) pairs, and its sums.

    owned: the cards that name a seat as their owner, as they came.
    """

    proposals: Mapping[ProposalId, Proposal] = field(default_factory=Table)
    columns: Mapping[str, Column] = field(default_factory=nothing)
    sums: Sums = field(default_factory=Sums)
    owned: Mapping[SeatId, tuple[ProposalId, ...]] = field(default_factory=nothing)
