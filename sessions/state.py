"""The state of a session: everything its journal adds up to, as immutable values that share what did not change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import BallotId, HallId, PassId, ProposalId, SeatId, SessionId
from sessions.model.agenda import AgendaItem
from sessions.model.attendance import Attendance
from sessions.model.ballot import Ballot, Consensus, Proxy
from sessions.model.board import Board
from sessions.model.chair import Chair
from sessions.model.deck import Decks
from sessions.model.delegates import Delegation
from sessions.model.draft import Draft
from sessions.model.floor import Floor
from sessions.model.funnel import Funnel
from sessions.model.groups import Casting, Groups
from sessions.model.lineage import Lineage
from sessions.model.nothing import nothing
from sessions.model.parcels import Parcels
from sessions.model.people import Hall, Pass, Seat
from sessions.model.record import Record
from sessions.model.rules import Rules
from sessions.model.scoring import Scoring
from sessions.model.session import Session
from sessions.model.site import Site
from sessions.model.stage import Stage
from sessions.model.table import Table


@dataclass(frozen=True)  # without slots: see changed()
class State:
    """A session after event `seq`, which happened at `at` (milliseconds since 1970 UTC).

    told: the seq of the last event that changed the text of its record.
    """

    session: Session
    seq: int = 0
    at: int = 0
    told: int = 0
    halls: Mapping[HallId, Hall] = field(default_factory=nothing)
    seats: Mapping[SeatId, Seat] = field(default_factory=Table)
    passes: Mapping[PassId, Pass] = field(default_factory=Table)
    agenda: tuple[AgendaItem, ...] = ()
    floor: Floor = field(default_factory=Floor)
    stage: Stage = field(default_factory=Stage)
    board: Board = field(default_factory=Board)
    drafts: Mapping[ProposalId, Draft] = field(default_factory=nothing)
    ballots: Mapping[BallotId, Ballot] = field(default_factory=nothing)
    channels: Mapping[SeatId, str] = field(default_factory=nothing)
    proxies: Mapping[str, Proxy] = field(default_factory=nothing)
    consensus: Mapping[str, Consensus] = field(default_factory=nothing)
    keys: Mapping[str, str] = field(default_factory=nothing)
    rules: Rules = field(default_factory=Rules)
    attendance: Attendance = field(default_factory=Attendance)
    funnel: Funnel = field(default_factory=Funnel)
    scoring: Scoring = field(default_factory=Scoring)
    delegation: Delegation = field(default_factory=Delegation)
    site: Site = field(default_factory=Site)
    chair: Chair = field(default_factory=Chair)
    decks: Decks = field(default_factory=Decks)
    parcels: Parcels = field(default_factory=Parcels)
    groups: Groups = field(default_factory=Groups)
    casting: Casting = field(default_factory=Casting)
    lineage: Lineage = field(default_factory=Lineage)
    record: Record = field(default_factory=Record)


def initial(session: SessionId) -> State:
    """Before the first event."""
    return State(Session(session))
