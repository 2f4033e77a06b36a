"""The SIPD export: every column lands in its field, and a row that cannot be read is named by line and column."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from server.demo import bekasi
from server.interchange.sipd import COLUMNS, EXTRA, BadRow, drafts
from sessions import dispatch

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
