"""States that several commands start from, as the events that led there."""

from __future__ import annotations

from dataclasses import replace

from sessions.agenda import AgendaItemStarted, AgendaPlanned, PlannedItem
from sessions.ascent import ProposalsSentUp
from sessions.board import ProposalMoved
from sessions.clock import FloorPaused
from sessions.draft import DraftAdded
from sessions.floor import FloorGranted, FloorRequested
from sessions.hall import HallAdded
from sessions.ids import HallId, ItemId, PassId, ProposalId, RequestId, SessionId
from sessions.model.attendance import AttendanceRules, Figures
from sessions.model.funnel import FunnelRules
from sessions.model.rules import Rules
from sessions.parcels import ParcelRefused, ParcelSent
from sessions.passes import PassIssued
from sessions.permissions import Role
from sessions.proposal import ProposalEdited, ProposalWithdrawn
from sessions.quorum import QuorumDeclared, QuorumDoneWithout, QuorumPostponed
from sessions.rules import RulesSet
from sessions.session import SessionClosed, SessionLinked, SessionRecessed
from tests.sessions.between import World
from tests.sessions.given import CREATED, DRAFT, DRAIN, JATIASIH, NOW, OPENED, PEJUANG, RW07, SESSION, THREE, more
from tests.sessions.test_quorum import TOMORROW, TOO_FEW, WAITED, second_sitting

BEFORE_THE_END = ("draft", "lobby", "open", "recess")
NOT_SEALED = (*BEFORE_THE_END, "closed")
SINCE_OPENING = ("open", "recess", "closed")

ONE_ITEM = {"title": "Pembukaan", "kind": "OPENING", "minutes": 10}
PLAN = AgendaPlanned(tuple(PlannedItem(ItemId(f"i{n}"), "Laporan", "REPORT", 5) for n in (1, 2, 3)))
PLANNED = (*OPENED, PLAN)
HUNDRED = (*OPENED, AgendaPlanned(tuple(PlannedItem(ItemId(f"i{n}"), "Laporan", "REPORT", 5) for n in range(100))))

# The hall of Pejuang's seat first, then the hall Jatiasih; then the first of them holds the floor.
QUEUED = (*OPENED, FloorRequested(RequestId("r1"), PEJUANG, RW07), FloorRequested(RequestId("r2"), JATIASIH))
HELD = (*QUEUED, FloorGranted(RequestId("r1"), NOW + 180_000))
PAUSED = (*HELD, FloorPaused(RequestId("r1"), 60_000))

RESTING = (*OPENED, SessionRecessed("salat"))
CLOSED = (*OPENED, SessionClosed())
GROUP = (replace(CREATED, kind="group", parent=SessionId("kec")), *OPENED[1:])

SECOND_RUNS = (*PLANNED, AgendaItemStarted(ItemId("i1")), AgendaItemStarted(ItemId("i2")))
MANY_HALLS = (*DRAFT, *(HallAdded(HallId(f"h{n}"), f"Aula {n}", "", n) for n in range(100)))
CARD = PassIssued(PassId("p1"), "screen", NOW + 1)
VOTING_CARD = PassIssued(PassId("p2"), "delegate", NOW + 1, RW07, PEJUANG)


def split() -> World:
    """The plenary has sent its hall Pejuang off as the group g1."""
    world = World()
    world.create(SESSION, ("pejuang", "jatiasih"), 2)
    world.propose(SESSION, "pejuang", "Drainase")
    groups = [{"session": "g1", "title": "Kelompok I", "halls": ["pejuang"]}]
    world.give(SESSION, "groups.split", {"groups": groups}, Role.ADMIN)
    world.deliver()
    return world


SPLIT = split()[SESSION]

REACHED = (*OPENED, QuorumDeclared(Figures(2, 3, 2), reached=True, sitting=1))
POSTPONED = (*WAITED, QuorumPostponed(TOMORROW))
DONE_WITHOUT = more(second_sitting(), [QuorumDoneWithout("hujan", TOO_FEW)])
RULED_PROCEED = RulesSet(Rules(attendance=AttendanceRules(quorum_proceed_at_first=True)))

# Proposals a and b of Pejuang, c of Jatiasih, all submitted; then a as somebody edited it meanwhile, and a draft d1.
BOARD = (*OPENED, *THREE)
A, B, C = ProposalId("a"), ProposalId("b"), ProposalId("c")
EDITED = (*BOARD, ProposalEdited(A, 2, DRAIN))
D = ProposalId("d1")
WRITTEN = (*BOARD, DraftAdded(D, PEJUANG, DRAIN))
TAKEN_OFF = (*BOARD, ProposalWithdrawn(A, 2, "ganda"))
AGREED = (*BOARD, ProposalMoved(A, 2, "AGREED", 1))
RETURNED = (*BOARD, ProposalMoved(A, 2, "RETURNED", 1))
REALISED = (*BOARD, ProposalMoved(A, 2, "REALISED", 1))
SENT_UP = (*BOARD, ProposalMoved(A, 2, "PRIORITISED", 1), ProposalsSentUp((A,), SessionId("kota")))
# The card that went with the group.
(WITH_GROUP,) = (card.id for card in SPLIT.board.proposals.values())
# One is enough for Pejuang, whose a was chosen already.
FULL = (*BOARD, RulesSet(Rules(funnel=FunnelRules(main_per_hall=1))), ProposalMoved(A, 2, "PRIORITISED", 1))

# The city above, the year before, and a place that the opening may be shown in.
LINKED = (*OPENED, SessionLinked(SessionId("kota"), SessionId("lalu"), (SessionId("senen"),)))
CHOSEN = (*BOARD, LINKED[-1], ProposalMoved(A, 2, "PRIORITISED", 1))
UNDER_WAY = ParcelSent("p1", SessionId("kota"), "cast.ended", "{}")
TURNED = ParcelRefused("p1", "session_sealed")
IN_REHEARSAL = (replace(CREATED, rehearsal=True), *OPENED[1:])
