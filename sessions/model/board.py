"""Proposals and the board they lie on, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import HallId, ProposalId
from sessions.model.nothing import nothing
from sessions.model.table import Table


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

    proposals: Mapping[ProposalId, Proposal] = field(default_factory=Table)
    columns: Mapping[str, Column] = field(default_factory=nothing)
