"""The record as a fold of the journal: which events give which lines of which annex."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions import dispatch
from sessions.agenda import AgendaItemStarted, AgendaPlanned, PlannedItem
from sessions.attendance import GuestsCounted, SeatCheckedIn, SeatLeft, WitnessNamed
from sessions.ballot import BallotClosed, BallotVoided
from sessions.board import ProposalMoved
from sessions.delegates import DelegatesChosen
from sessions.floor import FloorGranted, FloorRequested, FloorYielded
from sessions.ids import BallotId, ItemId, ProposalId, RequestId, SeatId
from sessions.journal import BoxCount, Recorded
from sessions.merge import Gone, Part, ProposalsMerged, ProposalSplit, ProposalUnmerged
from sessions.minutes import Fold, digest, minutes, plain
from sessions.minutes_lines import PROCEEDINGS, SITE
from sessions.minutes_model import Clause, Considerations, Crowd, Group, Minutes, Signer
from sessions.model.attendance import Figures
from sessions.model.content import Plan
from sessions.model.funnel import Finding, Override
from sessions.model.record import RecordRules, Sheet, Signatory
from sessions.model.rules import Rules
from sessions.proposal import ProposalEdited, ProposalWithdrawn
from sessions.quorum import QuorumAwaited, QuorumDeclared, QuorumDoneWithout
from sessions.record import RecordAmended, RecordConfirmed, RecordCorrected, RecordSet
from sessions.rules import RulesSet
from sessions.session import SessionClosed, SessionCreated, SessionOpened
from sessions.site import HallBack, HallCame, HallLost
from sessions.taken_back import DelegatesKept, Kept, ProposalsKept
from sessions.tally import tally
from tests.sessions.commands import history
from tests.sessions.given import (
    CREATED,
    DRAFT,
    DRAIN,
    GUEST,
    JATIASIH,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    RW11,
    SESSION,
    STEP,
    THREE,
    ballot_opened,
    given,
)

MINUTE = 60_000
NINE = 1_516_672_800_000  # 23 January 2018, 09.00 WIB
R1, R2 = RequestId("r1"), RequestId("r2")


def journal(*events: Any, start: int = NINE) -> list[Recorded]:
    """These events, one a minute; a pair (minutes, event) waits that long before it."""
    found, at = [], start
    for seq, told in enumerate(events, 1):
        wait, event = told if isinstance(told, tuple) else (1, told)
        at += wait * MINUTE
        found.append(dispatch.recorded(event, seq, at, "pass:p-moderator"))
    return found


def of(*events: Any) -> Minutes:
    return minutes(SESSION, journal(*events))


def texts(found: Minutes, kind: str) -> list[str]:
    return [line.text for line in found.proceedings if line.kind == kind]


def moved(card: str, status: str, reason: str = "", **more: Any) -> ProposalMoved:
    return ProposalMoved(ProposalId(card), 2, status, STEP, reason, **more)


def test_the_head_says_what_the_session_and_the_sheet_say() -> None:
    assert of(*DRAFT).head.heading == ("BERITA ACARA HASIL KESEPAKATAN", "MUSRENBANG RKPD 2019", "TAHUN 2019")
    created = replace(CREATED, level="KECAMATAN", territory_name="Medansatria", year=2020)
    assert of(created).head.heading[2:] == ("DI KECAMATAN MEDANSATRIA", "TAHUN 2020")
    group = replace(CREATED, kind="group", parent="pleno", title="Bidang fisik")
    assert of(group).head.heading[:2] == ("BERITA ACARA SIDANG KELOMPOK", "BIDANG FISIK")
    sheet = Sheet(number="050/7", heading="BERITA ACARA\nREMBUK", letterhead=("PEMERINTAH KOTA BEKASI",))
    head = of(*DRAFT, RecordSet(sheet)).head
    assert (head.number, head.heading, head.letterhead) == ("050/7", ("BERITA ACARA", "REMBUK"), sheet.letterhead)


def test_the_opening_has_the_date_in_words_and_the_block_its_times() -> None:
    found = of(*OPENED, (90, SessionClosed()))
    assert found.opening == (
        "Pada hari Selasa tanggal dua puluh tiga bulan Januari tahun dua ribu delapan belas bertempat di Aula Bappeda "
        "telah diselenggarakan Musrenbang RKPD 2019 yang dihadiri pemangku kepentingan sesuai dengan daftar hadir "
        "peserta yang tercantum dalam LAMPIRAN I Berita Acara ini."
    )
    began = NINE + 7 * MINUTE
    assert (found.block.began, found.block.ended) == (began, began + 90 * MINUTE)
    assert found.block.participants == "3 orang diundang, daftar hadir terlampir"


AGENDA = AgendaPlanned(
    (
        PlannedItem(ItemId("a"), "Sambutan camat", "ADDRESS", 5),
        PlannedItem(ItemId("b"), "Paparan Bappeda", "PRESENTATION", 5),
        PlannedItem(ItemId("c"), "Tanggapan perangkat daerah", "AGENCY_RESPONSE", 5),
        PlannedItem(ItemId("d"), "Doa", "PRAYER", 5),
        PlannedItem(ItemId("e"), "Paparan yang tidak jadi", "PRESENTATION", 5),
    )
)


def test_considerations_are_the_items_that_took_place_with_who_spoke_meanwhile() -> None:
    found = of(
        *OPENED,
        AGENDA,
        AgendaItemStarted(ItemId("a")),
        AgendaItemStarted(ItemId("b")),
        FloorRequested(R1, PEJUANG, RW07),
        FloorGranted(R1),
        FloorYielded(R1),
        AgendaItemStarted(ItemId("c")),
        AgendaItemStarted(ItemId("d")),
    )
    assert found.considerations == Considerations(
        addresses=("Sambutan camat",),
        presentations=("Paparan Bappeda (pembicara: Pejuang, Ketua RW 07)",),
        responses=(
            "Tanggapan perangkat daerah",
            "Tanggapan dan saran peserta dalam 1 giliran bicara dari 1 tempat, sebagaimana tercatat dalam LAMPIRAN VII",
        ),
    )
    assert texts(found, "agenda") == [
        "Acara: Sambutan camat.",
        "Acara: Paparan Bappeda.",
        "Acara: Tanggapan perangkat daerah.",
        "Acara: Doa.",
    ]


def test_the_four_clauses_come_first_then_those_of_the_rules_and_of_the_sheet() -> None:
    rules = Rules(record=RecordRules(clauses=("Lahan milik pribadi dibatalkan.",)))
    found = of(*OPENED, *THREE, moved("a", "PRIORITISED"), RulesSet(rules), RecordSet(Sheet(clauses=("Hibah.",))))
    assert [clause.ordinal for clause in found.clauses] == [
        "KESATU",
        "KEDUA",
        "KETIGA",
        "KEEMPAT",
        "KELIMA",
        "KEENAM",
    ]
    assert "1 (satu) usulan" in found.clauses[0].text and "LAMPIRAN II " in found.clauses[0].text
    assert "0 (nol) usulan" in found.clauses[1].text and "2 (dua) usulan belum diputuskan" in found.clauses[1].text
    assert found.clauses[4:] == (Clause("KELIMA", "Lahan milik pribadi dibatalkan."), Clause("KEENAM", "Hibah."))


def test_annex_one_lists_who_came_in_the_order_of_the_halls() -> None:
    found = of(
        *DRAFT,
        SeatCheckedIn(RW11, "hall"),
        WitnessNamed(JATIASIH, RW11),
        GuestsCounted(JATIASIH, 4),
        SeatLeft(RW11),
    )
    at = NINE + 7 * MINUTE
    assert [(one.seat, one.hall, one.arrived_at, one.left_at) for one in found.attendance] == [
        (RW07, "Pejuang", None, None),
        (RW11, "Jatiasih", at, at + 3 * MINUTE),
        (GUEST, "Jatiasih", None, None),
    ]
    assert found.halls == (Crowd("Pejuang", 1, 0, 0, ()), Crowd("Jatiasih", 2, 1, 4, ()))
    assert found.block.participants == "1 (satu) orang dan 4 tamu, dari 3 yang diundang; daftar hadir terlampir"


def test_groups_show_who_was_invited_came_and_spoke() -> None:
    seats = [
        dispatch.EVENTS["seat_added"][0](SeatId("w1"), PEJUANG, "Ketua PKK", True, True, "WOMEN"),
        dispatch.EVENTS["seat_added"][0](SeatId("w2"), PEJUANG, "Kader", True, True, "WOMEN"),
    ]
    found = of(
        *DRAFT,
        *seats,
        SessionOpened(),
        SeatCheckedIn(SeatId("w1"), "hall"),
        FloorRequested(R1, PEJUANG, SeatId("w1")),
        FloorGranted(R1),
        (3, FloorYielded(R1)),
    )
    assert found.groups == (Group("", 3, 0, 0, 0), Group("WOMEN", 2, 1, 1, 3 * MINUTE))


def test_annexes_two_and_three_follow_the_board() -> None:
    planned = replace(DRAIN, plan=Plan(programme="Drainase kota", regional_priority="Banjir"), problem="Longsor")
    found = of(
        *OPENED,
        *THREE,
        ProposalEdited(ProposalId("b"), 2, planned),
        moved("b", "PRIORITISED"),
        moved("a", "NOT_AGREED", "lahan milik warga", reason_code="LAND_NOT_OWNED_BY_GOV"),
        ProposalWithdrawn(ProposalId("c"), 2, "sudah dikerjakan"),
    )
    (row,) = found.priorities
    assert (row.proposal, row.priority, row.programme, row.problem) == ("b", "Banjir", "Drainase kota", "Longsor")
    assert (row.amount, row.hall, row.rw) == (74_000_000, "Pejuang", "07")
    (refused,) = found.not_agreed
    assert (refused.reason_code, refused.reason) == ("LAND_NOT_OWNED_BY_GOV", "lahan milik warga")
    (gone,) = found.gone
    assert (gone.status, gone.reason) == ("WITHDRAWN", "sudah dikerjakan")
    assert found.reserves == found.undecided == ()


def test_what_was_agreed_to_without_a_place_is_not_called_undecided() -> None:
    found = of(*OPENED, *THREE, moved("a", "AGREED"), moved("b", "AGREED_WITH_CHANGES"))
    first, second = found.clauses[0].text, found.clauses[1].text
    assert first.endswith("Sebanyak 2 (dua) usulan lainnya disepakati tanpa masuk daftar prioritas.")
    assert second.endswith("Sebanyak 1 (satu) usulan belum diputuskan dalam forum ini.")
    assert ({row.proposal for row in found.agreed}, [row.proposal for row in found.undecided]) == ({"a", "b"}, ["c"])
    assert (found.report.whole.agreed, found.report.whole.open) == (2, 1)


def test_a_reason_that_ends_its_sentence_gets_no_second_stop() -> None:
    found = of(*OPENED, *THREE, moved("a", "NOT_AGREED", "Masih dalam gugatan."))
    assert any("Masih dalam gugatan." in text for text in texts(found, "decision"))
    assert not any(".." in entry.text for entry in found.proceedings)


def test_priorities_stand_in_the_order_of_their_ranks() -> None:
    cards = [replace(moved(card, "PRIORITISED"), rank=rank * STEP) for card, rank in (("a", 3), ("b", 1), ("c", 2))]
    assert [row.proposal for row in of(*OPENED, *THREE, *cards).priorities] == ["b", "c", "a"]


def test_a_ballot_gives_a_protocol_with_most_votes_first() -> None:
    opened = ballot_opened(proof="full")
    state = given(*OPENED, opened)
    box = BoxCount(
        (("y",), ("y", "z")), (RW07, RW11), ("0" * 32, "1" * 32), (("0" * 32, ("y",)), ("1" * 32, ("y", "z")))
    )
    result = tally(state.ballots[BallotId("b1")], box)
    found = of(*OPENED, opened, (2, BallotClosed(BallotId("b1"), result)))
    (vote,) = found.votes
    assert (vote.title, vote.state, vote.electorate, vote.cast, vote.root) == ("Prioritas", "closed", 2, 2, result.root)
    assert [(choice.label, choice.votes, choice.outcome) for choice in vote.choices] == [
        ("Jalan", 2, "elected"),
        ("Posyandu", 1, "elected"),
        ("Drainase", 0, ""),
    ]
    assert ("Sifat", "rahasia") in vote.facts
    assert texts(found, "vote") == [
        "Pemungutan suara dibuka: Prioritas, 2 pemilih.",
        "Pemungutan suara ditutup: Prioritas, 2 suara masuk (LAMPIRAN V).",
    ]
    void = of(*OPENED, opened, BallotVoided(BallotId("b1"), "salah daftar"))
    assert (void.votes[0].state, void.votes[0].reason, void.votes[0].choices) == ("void", "salah daftar", ())
    assert texts(void, "vote")[1] == "Pemungutan suara dinyatakan batal: Prioritas. Alasan: salah daftar."


def test_the_site_log_tells_each_outage_once_from_its_beginning() -> None:
    found = of(
        *OPENED,
        HallCame(PEJUANG),
        HallLost("o1", PEJUANG, "page"),
        (2, HallBack("o1", PEJUANG)),
        HallLost("o2", JATIASIH, "media"),
    )
    lost = NINE + 9 * MINUTE
    assert [(line.at, line.until, line.who, line.text) for line in found.site] == [
        (lost - MINUTE, None, "Pejuang", "Aula tersambung."),
        (lost, lost + 2 * MINUTE, "Pejuang", "Sambungan terputus selama 2 menit."),
        (lost + 3 * MINUTE, None, "Jatiasih", "Gambar dan suara terputus, belum tersambung kembali."),
    ]


def test_turns_on_the_floor_are_told_with_their_length() -> None:
    events = (
        *OPENED,
        FloorRequested(R1, PEJUANG, RW07, "soal drainase"),
        FloorRequested(R2, JATIASIH),
        FloorGranted(R1),
        (3, FloorYielded(R1)),
        FloorGranted(R2),
    )
    turns = [line for line in of(*events).proceedings if line.kind == "floor"]
    began = NINE + 10 * MINUTE
    assert [(line.at, line.until, line.who, line.text) for line in turns] == [
        (began, began + 3 * MINUTE, "Pejuang, Ketua RW 07", "berbicara selama 3 menit tentang: soal drainase"),
        (began + 4 * MINUTE, None, "Jatiasih", "berbicara"),
    ]
    ended = [line for line in of(*events, (2, SessionClosed())).proceedings if line.kind == "floor"]
    assert ended[1].until == began + 6 * MINUTE, "closing the session ends the turn"


def test_decisions_overrides_quorum_and_corrections_are_told_with_their_reasons() -> None:
    override = Override("kesepakatan forum", (Finding("over_quota", PEJUANG, "main", 5, 6),))
    found = of(
        *OPENED,
        *THREE,
        QuorumDeclared(Figures(1, 3, 2), False, 1),
        QuorumAwaited(NINE + 200 * MINUTE),
        QuorumDoneWithout("hari kedua", Figures(1, 3, 2)),
        moved("a", "PRIORITISED", override=override),
        moved("b", "NOT_AGREED", "ganda", reason_code="DUPLICATE"),
        RecordCorrected("annex_2", "volume 60 m"),
    )
    assert texts(found, "decision") == [
        "Usulan menjadi prioritas: Saluran drainase Gg. Mawar (Pejuang, a).",
        "Usulan menjadi belum disepakati: Saluran drainase Gg. Mawar (Pejuang, b). Alasan: usulan ganda: ganda.",
    ]
    assert texts(found, "override") == [
        "Melampaui ketentuan (kuota Pejuang: batas 5, menjadi 6). Alasan: kesepakatan forum."
    ]
    assert texts(found, "quorum") == [
        "Kuorum dinyatakan belum tercapai: hadir 1 dari 3, diperlukan 2.",
        "Sidang ditunda menunggu kuorum sampai pukul 12.20.",
        "Sidang dilanjutkan dengan 1 peserta yang hadir. Alasan: hari kedua.",
    ]
    assert texts(found, "correction") == ["Koreksi atas rancangan Berita Acara: volume 60 m"]
    assert [one.text for one in found.corrections] == ["volume 60 m"]


def test_a_limit_gone_beyond_by_an_edit_a_split_or_an_unmerge_is_told_too() -> None:
    over = Override("kesepakatan forum", (Finding("over_ceiling", PEJUANG, "ceiling", 5_000_000, 6_000_000),))
    a, b, c = (ProposalId(name) for name in "abc")
    found = of(
        *OPENED,
        *THREE,
        ProposalEdited(a, 2, replace(DRAIN, amount=6_000_000), over),
        ProposalsMerged(a, 3, (Gone(b, 2),)),
        ProposalUnmerged(b, 3, 9 * STEP, a, 4, over),
        ProposalSplit(c, 2, DRAIN, (Part(ProposalId("d"), DRAIN, 10 * STEP),), over),
    )
    told = "Melampaui ketentuan (pagu Pejuang: batas Rp5.000.000, menjadi Rp6.000.000). Alasan: kesepakatan forum."
    assert texts(found, "override") == [told] * 3
    assert texts(of(*DRAFT, *THREE, ProposalEdited(a, 2, DRAIN, over)), "override") == [told], "before the opening too"


def test_what_stays_after_all_is_told_with_its_names() -> None:
    kept = ProposalsKept((Kept(ProposalId("a"), "PRIORITISED"),))
    found = of(*OPENED, *THREE, DelegatesChosen((RW07,)), kept, DelegatesKept((RW07,)))
    assert texts(found, "decision")[1:] == [
        "1 usulan batal diteruskan dan tetap di sidang ini: Saluran drainase Gg. Mawar (Pejuang, a).",
        "1 delegasi batal diutus: Pejuang, Ketua RW 07.",
    ]


def test_a_move_within_a_column_is_no_decision() -> None:
    assert texts(of(*OPENED, *THREE, moved("a", "SUBMITTED")), "decision") == []


def test_the_chair_signs_alone_where_nobody_is_named() -> None:
    assert of(*DRAFT).signers == (Signer("chair", "Pimpinan sidang", None),)
    sheet = Sheet(signatories=(Signatory("chair", "Camat"), Signatory("participant", "", RW07)))
    assert of(*DRAFT, RecordSet(sheet)).signers == (
        Signer("chair", "Camat", None),
        Signer("participant", "Ketua RW 07", RW07),
    )


def sealed(*events: Any) -> Minutes:
    return of(*OPENED, SessionClosed(), *events)


def test_the_record_is_a_draft_until_sealed_and_amended_by_an_addendum() -> None:
    seal = dispatch.EVENTS["session_sealed"][0]()
    assert sealed().status == "draft"
    assert sealed(seal).status == "final"
    amended = sealed(seal, RecordAmended(1, "Gg. Melati", "salah ketik"))
    assert (amended.status, amended.addenda[0].text) == ("amended", "Gg. Melati")


def test_what_becomes_of_proposals_after_sealing_never_changes_the_sealed_record() -> None:
    """Else a moderator could turn what was agreed into what was not, in a record that is signed and says "final"."""
    seal = dispatch.EVENTS["session_sealed"][0]()
    moved = ProposalMoved(ProposalId("a"), 3, "NOT_ACCOMMODATED", STEP, "lahan sengketa", "LAND_DISPUTE")
    chosen = ProposalMoved(ProposalId("a"), 2, "PRIORITISED", STEP)
    before = (*OPENED, *THREE, chosen, SessionClosed(), seal)
    assert [row.proposal for row in of(*before).priorities] == ["a"]
    assert of(*before, moved) == of(*before)
    amended = of(*before, moved, RecordAmended(1, "Gg. Melati", "salah ketik"))
    assert (amended.status, len(amended.addenda), digest(amended)) == ("amended", 1, digest(of(*before)))


def test_approval_sealing_and_addenda_leave_the_digest_and_everything_else_changes_it() -> None:
    seal = dispatch.EVENTS["session_sealed"][0]()
    read = sealed()
    assert digest(sealed(RecordConfirmed(8, digest(read)), seal, RecordAmended(1, "x", "y"))) == digest(read)
    assert len(digest(read)) == 64
    others = [
        sealed(RecordCorrected("block", "mulai 09.10")),
        sealed(RecordSet(Sheet(number="1"))),
        of(*OPENED, *THREE, SessionClosed()),
    ]
    assert len({digest(read), *(digest(other) for other in others)}) == 4


def test_an_event_without_a_line_is_no_line() -> None:
    assert "floor_requested" not in {*PROCEEDINGS, *SITE}
    found = of(*OPENED, FloorRequested(R1, PEJUANG, RW07))
    assert [line.text for line in found.proceedings] == ["Sidang dibuka."]


def test_every_line_belongs_to_an_event_there_is() -> None:
    assert {*PROCEEDINGS, *SITE} <= set(dispatch.EVENTS)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@examples(st.data())
def test_feeding_in_pieces_gives_the_same_record_as_all_at_once(data: st.DataObject) -> None:
    events = [event for _, event in history(data.draw, steps=30) if event is not None]
    fold = Fold(SESSION)
    for stop in sorted(data.draw(st.lists(st.integers(0, len(events)), max_size=3))):
        fold.feed(events[:stop])
        assert plain(fold.minutes()) == plain(minutes(SESSION, events[:stop]))
    fold.feed(events)
    fold.feed(events)
    assert plain(fold.minutes()) == plain(minutes(SESSION, events))
    assert fold.state.seq == len(events)


def test_an_event_that_cannot_be_told_leaves_the_fold_as_it_was() -> None:
    fold = Fold(SESSION)
    fold.feed(journal(*OPENED))
    before = plain(fold.minutes())
    broken = Recorded(fold.state.seq + 1, NOW, "system", "no_such_event", {})
    try:
        fold.feed([broken])
    except dispatch.UnknownEvent:
        assert plain(fold.minutes()) == before
    else:
        raise AssertionError("an unknown event was told")


def test_a_session_that_was_only_created_has_a_record_too() -> None:
    created = minutes(SESSION, journal(SessionCreated("Rembuk RW", "plenary", "", "2018-01-23")))
    assert (created.priorities, created.votes, created.proceedings, created.status) == ((), (), (), "draft")
