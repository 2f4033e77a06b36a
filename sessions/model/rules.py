"""What the organiser has set for a session (tata tertib), as values: one section a noun, read by that noun."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessions.model.attendance import AttendanceRules
from sessions.model.ballot import VotingRules
from sessions.model.board import BoardRules
from sessions.model.delegates import DelegateRules
from sessions.model.floor import FloorRules
from sessions.model.funnel import FunnelRules
from sessions.model.record import RecordRules
from sessions.model.scoring import ScoringRules
from sessions.model.site import SiteRules


@dataclass(frozen=True, slots=True)
class Rules:
    """preset: the name of the preset they began as, empty for none."""

    preset: str = ""
    floor: FloorRules = field(default_factory=FloorRules)
    attendance: AttendanceRules = field(default_factory=AttendanceRules)
    funnel: FunnelRules = field(default_factory=FunnelRules)
    scoring: ScoringRules = field(default_factory=ScoringRules)
    voting: VotingRules = field(default_factory=VotingRules)
    delegates: DelegateRules = field(default_factory=DelegateRules)
    record: RecordRules = field(default_factory=RecordRules)
    site: SiteRules = field(default_factory=SiteRules)
    board: BoardRules = field(default_factory=BoardRules)
