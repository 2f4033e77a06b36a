"""The SIPD export: every column lands in its field, and a row that cannot be read is named by line and column."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.demo import bekasi
from server.interchange.sipd import COLUMNS, DECISIONS, EXTRA, STATUSES, BadRow, Strange, drafts
from sessions import dispatch
from sessions.hall import HallAdded
from sessions.ids import HallId
from tests.sessions.given import ADMIN, CREATED, more, when
from tests.sessions.given import given as given_state

JAKPUS = Path(__file__).parents[1] / "fixtures" / "usulan-jakpus.csv"
ROW = {
    "no": "1",
    "id_usulan": "JKP/00001",
    "tanggal_usul": "2024-01-19",
    "pengusul": "Ketua RW 11",
    "profil": "RW",
    "usulan": "Perbaikan trotoar Gg. Salak RT 08/RW 11",
    "masalah": "Trotoar terputus",
    "alamat": "-6.204549, 106.848496, Gg. Salak RT 08/RW 11, Kel. Pasar Baru",
    "kabupaten": "KOTA ADMINISTRASI JAKARTA PUSAT",
    "kecamatan": "Sawah Besar",
    "kelurahan": "Pasar Baru",
    "usulan_ke": "1",
    "opd_tujuan_awal": "Bina Marga",
    "opd_tujuan_akhir": "Pertamanan",
    "status": "DIAJUKAN",
    "catatan": "Lengkapi foto",
    "rek_mitra": "Sesuai RKPD",
    "rek_kelurahan": "Prioritas",
    "rek_kecamatan": "",
    "rek_skpd": "Layak",
    "rek_tapd": "",
    "volume": "234,5",
    "satuan": "m2",
    "anggaran": "Rp 126.360.000,00",
    "jenis_belanja": "Barang Jasa",
    "sub_kegiatan": "Pemeliharaan trotoar",
    "tipe": "FISIK",
    "bidang": "INFRASTRUKTUR",
    "rw": "11",
    "rt": "08",
    "urgensi": "Sangat mendesak",
    "penerima_manfaat_kk": "60",
    "status_lahan": "PEMDA",
}


def table(*rows: dict[str, str], columns: tuple[str, ...] = (*COLUMNS, *EXTRA)) -> list[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    return out.getvalue().splitlines(keepends=True)


def read(*rows: dict[str, str], columns: tuple[str, ...] = (*COLUMNS, *EXTRA)) -> list[dict[str, object]]:
    return list(drafts(table(*rows, columns=columns), lambda row: row["kelurahan"].lower().replace(" ", "-"), 2025))


def test_every_column_lands_in_its_field() -> None:
    assert read(ROW) == [
        {
            "proposal": "JKP-00001",
            "title": "Perbaikan trotoar Gg. Salak RT 08/RW 11",
            "hall": "pasar-baru",
            "problem": "Trotoar terputus",
            "address": "Gg. Salak RT 08/RW 11, Kel. Pasar Baru",
            "amount": 126_360_000,
            "volume": 234.5,
            "unit": "m2",
            "agency": "Bina Marga",
            "agency_final": "Pertamanan",
            "type": "FISIK",
            "urgency": "SANGAT_MENDESAK",
            "land": "PEMDA",
            "rw": "11",
            "rt": "08",
            "households": 60,
            "proposer": "Ketua RW 11 Pasar Baru",
            "note": "Lengkapi foto",
            "source": "RW",
            "profile": "RW",
            "external_id": "JKP/00001",
            "external_status": "DIAJUKAN",
            "number": "1",
            "year": 2025,
            "proposed_on": "2024-01-19",
            "regency": "KOTA ADMINISTRASI JAKARTA PUSAT",
            "kecamatan": "Sawah Besar",
            "kelurahan": "Pasar Baru",
            "street": "Gg. Salak",
            "lat": -6.204549,
            "lon": 106.848496,
            "field": "INFRASTRUKTUR",
            "sub_activity": "Pemeliharaan trotoar",
            "expenditure_kind": "BARANG_JASA",
            "recommendations": [
                {"level": "PLANNING_OFFICE", "note": "Sesuai RKPD"},
                {"level": "KELURAHAN", "note": "Prioritas"},
                {"level": "AGENCY_FORUM", "note": "Layak"},
            ],
        }
    ]


def test_the_export_without_our_own_columns_is_read_and_what_is_empty_is_left_out() -> None:
    bare = {**dict.fromkeys(COLUMNS, ""), "usulan": "Sumur", "kelurahan": "Pejuang", "profil": "Anggota DPRD"}
    assert read(bare, columns=COLUMNS) == [
        {
            "title": "Sumur",
            "hall": "pejuang",
            "proposer": "Pejuang",
            "kelurahan": "Pejuang",
            "profile": "Anggota DPRD",
            "source": "COUNCIL",
            "year": 2025,
        }
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("anggaran", "seratus juta"),
        ("anggaran", "12.34.5"),
        ("volume", "1.000,5 m"),
        ("penerima_manfaat_kk", "-3"),
        ("urgensi", "BESOK"),
        ("jenis_belanja", "UTANG"),
        ("alamat", "-96.2, 106.8, Jl. Mawar"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(column: str, value: str) -> None:
    with pytest.raises(BadRow) as caught:
        read(ROW, {**ROW, column: value})
    assert (caught.value.line, caught.value.column) == (3, column)


@pytest.mark.parametrize(
    ("word", "status", "decision"),
    [
        ("Siap dikirim", None, None),
        ("DIPROSES BAPPEDA", None, None),
        ("Diverifikasi", "VERIFIED", None),
        ("Sudah  disurvei", "SURVEYED", None),
        ("SETUJU", None, "ACCEPTED"),
        ("Setuju dg. catatan", None, "ACCEPTED_WITH_CHANGES"),
        ("tidak-diakomodir", None, "REJECTED"),
        ("PENDING", None, "POSTPONED"),
        ("", None, None),
    ],
)
def test_its_status_becomes_ours_or_the_word_of_who_spoke_last(
    word: str, status: str | None, decision: str | None
) -> None:
    strange: list[Strange] = []
    rows = [{**ROW, "status": word}, {**ROW, "status": word, "rek_mitra": "", "rek_kelurahan": "", "rek_skpd": ""}]
    spoken, silent = drafts(table(*rows), lambda row: "pasar-baru", 2025, strange.append)
    assert (spoken.get("status"), spoken.get("external_status", "")) == (status, word) and strange == []
    decided = {one["level"]: one["decision"] for one in spoken["recommendations"] if "decision" in one}
    assert decided == ({} if decision is None else {"AGENCY_FORUM": decision})
    alone = [{"level": "KELURAHAN", "decision": decision}] if decision else None
    assert silent.get("recommendations") == alone


def test_what_was_sent_back_says_why() -> None:
    back = {**ROW, "status": "DIKEMBALIKAN"}
    told, bare = read(back, {**back, "catatan": ""})
    assert (told["status"], told["reason_code"], told["reason"]) == ("RETURNED", "OTHER", "Lengkapi foto")
    assert (told["note"], bare["reason"]) == ("Lengkapi foto", "DIKEMBALIKAN")


def test_a_status_without_a_word_here_is_kept_and_told_row_by_row() -> None:
    strange: list[Strange] = []
    rows = [ROW, {**ROW, "status": "DIBATALKAN"}, {**ROW, "status": "Masuk pokir (2)", "id_usulan": "JKP/00002"}]
    found = list(drafts(table(*rows), lambda row: "pasar-baru", 2025, strange.append))
    assert strange == [Strange(3, "status", "DIBATALKAN"), Strange(4, "status", "Masuk pokir (2)")]
    assert [one["external_status"] for one in found] == ["DIAJUKAN", "DIBATALKAN", "Masuk pokir (2)"]
    assert not any("status" in one for one in found)


@given(st.sampled_from([*STATUSES, *DECISIONS, "DIBATALKAN", "Masuk pokir (2)", ""]))
def test_whatever_its_status_an_import_takes_it_and_keeps_its_own_word(word: str) -> None:
    command = dispatch.parse("proposals.import", {"proposals": read({**ROW, "status": word.title()})})
    state = given_state(CREATED, HallAdded(HallId("pasar-baru"), "Pasar Baru", "", 1))
    after = more(state, when(state, "proposals.import", {"proposals": read({**ROW, "status": word.title()})}, ADMIN))
    (card,) = after.board.proposals.values()
    assert card.content.origin.external_status == word.title()
    assert card.status == STATUSES.get(word, "SUBMITTED") and card.content is not None
    assert {one.status for one in card.decisions} == {"NOTED", DECISIONS.get(word, "NOTED")}
    assert command.data.proposals[0].status == card.status


def test_a_table_that_is_too_narrow_is_named_too() -> None:
    with pytest.raises(BadRow) as caught:
        read(ROW, columns=COLUMNS[:20])
    assert (caught.value.line, caught.value.column) == (1, "rek_tapd")
    with pytest.raises(BadRow) as caught:
        list(drafts([*table(ROW), "1,2,3\n"], lambda row: "h", 2025))
    assert (caught.value.line, caught.value.column) == (3, "pengusul")


def test_all_of_jakarta_pusat_and_of_bekasi_are_what_an_import_takes() -> None:
    with JAKPUS.open(newline="", encoding="utf-8") as file:
        found = list(drafts(file, lambda row: row["kelurahan"].lower().replace(" ", "-"), 2025))
    assert len(found) == 1451 and len({row["hall"] for row in found}) == 44
    command = dispatch.parse("proposals.import", {"proposals": found})
    placed = [draft.content.place.lat for draft in command.data.proposals]
    assert None not in placed and all(draft.content.place.street for draft in command.data.proposals)
    dispatch.parse("proposals.import", {"proposals": list(bekasi.proposals())})
