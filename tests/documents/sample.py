"""A small session with something in every annex, and its people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from server.documents.layout import Document
from server.documents.names import Person
from server.documents.record import document
from sessions import dispatch
from sessions.attendance import GuestsCounted, SeatCheckedIn
from sessions.ballot import BallotClosed
from sessions.consensus import ConsensusDeclared
from sessions.delegates import DelegatesChosen
from sessions.floor import FloorGranted, FloorRequested, FloorYielded
from sessions.ids import BallotId, ProposalId, RequestId, SeatId
from sessions.journal import BoxCount
from sessions.minutes import minutes
from sessions.minutes_model import Minutes
from sessions.model.attendance import Figures
from sessions.model.record import RecordRules, Sheet, Signatory
from sessions.proposal import ProposalEdited
from sessions.quorum import QuorumDeclared
from sessions.record import RecordCorrected, RecordSet
from sessions.session import SessionClosed
from sessions.site import HallBack, HallCame, HallLost
from sessions.tally import tally
from tests.sessions.given import DRAFT, DRAIN, JATIASIH, PEJUANG, RW07, RW11, SESSION, THREE, ballot_opened, given
from tests.sessions.test_minutes import AGENDA, journal, moved

SEALED = dispatch.EVENTS["session_sealed"][0]
SEAT_ADDED = dispatch.EVENTS["seat_added"][0]
OPENED = dispatch.EVENTS["session_opened"][0]
ITEM_STARTED = dispatch.EVENTS["agenda_item_started"][0]

PEOPLE = {
    RW07: Person("Budi Santoso", 52, "L", "RW 07 Pejuang", "Jl. Rahasia No. 7", "0812-7777", "19700101"),
    RW11: Person("Siti Aminah", 47, "P", "RW 11 Jatiasih", "Jl. Tersembunyi No. 11", "0812-1111"),
    SeatId("difabel"): Person("Rina Wulandari", 31, "P", "Perkumpulan", "Jl. Sunyi No. 3", "0812-3333"),
}
SHEET = Sheet(
    number="050/12/2018",
    letterhead=("Pemerintah Kota Bekasi", "Badan Perencanaan Pembangunan Daerah", "Jalan Jenderal Ahmad Yani 1"),
    notes="Naskah dibuat dalam satu rangkap.",
    signatories=(
        Signatory("chair", "Camat Medansatria", RW07),
        Signatory("agency", "Kepala Bidang Perencanaan"),
        Signatory("participant", "", RW11),
    ),
    cc=("Kepala Bappeda Kota Bekasi",),
    clauses=("Pekerjaan fisik dibatalkan bila lahannya sengketa.",),
)


def events() -> list[Any]:
    ballot = ballot_opened(proof="inclusion")
    state = given(*DRAFT, OPENED(), ballot)
    box = BoxCount((("x",), ("x", "y")), (RW07, RW11), ("0" * 32, "1" * 32))
    return [
        *DRAFT,
        SEAT_ADDED(SeatId("difabel"), PEJUANG, "Wakil penyandang disabilitas", True, True, "DISABILITY"),
        AGENDA,
        *THREE,
        SeatCheckedIn(RW07, "hall"),
        SeatCheckedIn(RW11, "phone"),
        SeatCheckedIn(SeatId("difabel"), "hall"),
        GuestsCounted(PEJUANG, 2),
        OPENED(),
        QuorumDeclared(Figures(3, 4, 3), True, 1),
        HallCame(PEJUANG),
        HallCame(JATIASIH),
        ITEM_STARTED("a"),
        FloorRequested(RequestId("r1"), PEJUANG, SeatId("difabel"), "trotoar"),
        FloorGranted(RequestId("r1")),
        (3, FloorYielded(RequestId("r1"))),
        HallLost("o1", JATIASIH, "page"),
        (2, HallBack("o1", JATIASIH)),
        ITEM_STARTED("b"),
        ITEM_STARTED("c"),
        ConsensusDeclared("c1", "Urutan prioritas", ("a", "b"), "not_agreed", "dua pendapat"),
        ballot,
        BallotClosed(BallotId("b1"), tally(state.ballots[BallotId("b1")], box)),
        ProposalEdited(ProposalId("a"), 2, replace(DRAIN, address="Gg. Mawar RT 02", volume=50.5, unit="m2")),
        moved("a", "PRIORITISED"),
        moved("b", "RESERVE"),
        moved("c", "NOT_AGREED", "lahan milik warga", reason_code="LAND_NOT_OWNED_BY_GOV"),
        DelegatesChosen((RW11,)),
        RecordSet(SHEET),
        RecordCorrected("annex_2", "Volume 60 m, bukan 50 m"),
        SessionClosed(),
    ]


def record(*more: Any) -> Minutes:
    return minutes(SESSION, journal(*events(), *more))


def printed(*more: Any, archive: bool = True, rules: RecordRules | None = None) -> Document:
    return document(record(*more), PEOPLE, rules or RecordRules(), archive=archive)
