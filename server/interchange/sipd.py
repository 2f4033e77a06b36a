"""Proposals in the column order of the SIPD spreadsheet export (R5 of docs/sources.md), read from CSV.

Columns are found by their place, for their headings differ from year to year: 0 a running number, then 1…25 of the
export. What follows them are the seven extra columns of our own tables, found by their headings.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sessions.content import DETAILS
from sessions.model.content import EXPENDITURES, FIELDS, LANDS, SOURCES, TYPES, URGENCIES

COLUMNS = (
    *("no", "id_usulan", "tanggal_usul", "pengusul", "profil", "usulan", "masalah", "alamat", "kabupaten", "kecamatan"),
    *("kelurahan", "usulan_ke", "opd_tujuan_awal", "opd_tujuan_akhir", "status", "catatan", "rek_mitra"),
    *("rek_kelurahan", "rek_kecamatan", "rek_skpd", "rek_tapd", "volume", "satuan", "anggaran", "jenis_belanja"),
    "sub_kegiatan",
)
EXTRA = ("tipe", "bidang", "rw", "rt", "urgensi", "penerima_manfaat_kk", "status_lahan")
# Which level a recommendation column speaks for.
RECOMMENDERS: Mapping[str, str] = {
    "rek_mitra": "PLANNING_OFFICE",
    "rek_kelurahan": "KELURAHAN",
    "rek_kecamatan": "KECAMATAN",
    "rek_skpd": "AGENCY_FORUM",
    "rek_tapd": "BUDGET_TEAM",
}
COORDINATES = re.compile(r"^\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*")
STREET = re.compile(r"\b(?:Jl|Jln|Jalan|Gg|Gang)\b\.?\s+[^,]*?(?=\s+RT\b|\s+RW\b|,|$)", re.IGNORECASE)
# The words real systems have for how far a proposal has come (R2, R3, R4), and what they are here: a status that a
# proposal may have before it is discussed, or what somebody decided on it elsewhere.
STATUSES: Mapping[str, str] = {
    **dict.fromkeys(("DIAJUKAN", "USULAN", "PROSES", "SIAP DIKIRIM", "TERKIRIM", "DIPROSES"), "SUBMITTED"),
    **dict.fromkeys(("DIPROSES SKPD", "DIPROSES OPD", "DIPROSES BAPPEDA"), "SUBMITTED"),
    **dict.fromkeys(("DIVERIFIKASI", "TERVERIFIKASI", "DIVALIDASI", "TERVALIDASI"), "VERIFIED"),
    **dict.fromkeys(("DISURVEI", "SUDAH DISURVEI"), "SURVEYED"),
    "DIKEMBALIKAN": "RETURNED",
}
DECISIONS: Mapping[str, str] = {
    **dict.fromkeys(("SETUJU", "DISETUJUI", "DITERIMA", "DIAKOMODIR", "DIREKOMENDASIKAN"), "ACCEPTED"),
    **dict.fromkeys(
        ("SETUJU DG CATATAN", "SETUJU DENGAN CATATAN", "DISETUJUI DENGAN CATATAN"), "ACCEPTED_WITH_CHANGES"
    ),
    **dict.fromkeys(("DISETUJUI DENGAN PERUBAHAN", "DITERIMA DENGAN PERUBAHAN"), "ACCEPTED_WITH_CHANGES"),
    **dict.fromkeys(("DITOLAK", "TIDAK DISETUJUI", "TIDAK DIAKOMODIR", "TIDAK DIREKOMENDASIKAN"), "REJECTED"),
    **dict.fromkeys(("DITUNDA", "PENDING"), "POSTPONED"),
}
# The way of a proposal; whoever spoke last on it is taken for the one who decided.
WAY = ("KELURAHAN", "KECAMATAN", "PLANNING_OFFICE", "AGENCY_FORUM", "BUDGET_TEAM")
REASON_MOST = 500
ID_LEFT_OUT = re.compile(r"[^A-Za-z0-9_-]")
PROFILE_SOURCES: Mapping[str, str] = {
    "RW": "RW",
    "KELURAHAN": "KELURAHAN",
    "KECAMATAN": "KECAMATAN",
    "DPRD": "COUNCIL",
    "ANGGOTA DPRD": "COUNCIL",
    "FORUM ANAK": "CHILDREN_FORUM",
    "ORMAS": "COMMUNITY_ORG",
}


@dataclass(frozen=True, slots=True)
class Strange:
    """A word that is kept as it stands and means nothing here. line: from 1, the heading counted."""

    line: int
    column: str
    text: str


class BadRow(ValueError):
    """A row that cannot be read. line: from 1, the heading counted; column: its name here."""

    def __init__(self, line: int, column: str) -> None:
        super().__init__(f"line {line}: {column}")
        self.line = line
        self.column = column


def rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, column → text) of each row below the heading. Raises BadRow for one that is too short."""
    reader = csv.reader(lines)
    heading = [name.strip().lower() for name in next(reader, [])]
    if len(heading) < len(COLUMNS):
        raise BadRow(1, COLUMNS[len(heading)])
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(COLUMNS):
            raise BadRow(reader.line_num, COLUMNS[len(cells)])
        told = dict(zip(COLUMNS, cells, strict=False))
        behind = zip(heading[len(COLUMNS) :], cells[len(COLUMNS) :], strict=False)
        told |= {name: cell for name, cell in behind if name in EXTRA}
        yield reader.line_num, {name: cell.strip() for name, cell in told.items()}


def drafts(
    lines: Iterable[str],
    hall_of: Callable[[Mapping[str, str]], str],
    year: int,
    strange: Callable[[Strange], None] | None = None,
) -> Iterator[dict[str, Any]]:
    """What `proposals.import` takes, a row each.

    hall_of: the hall a row belongs to. year: the plan year. strange: is told of each status there is no word for here.
    Raises BadRow for a number or word that cannot be one.
    """
    for line, row in rows(lines):
        if strange is not None and row["status"] and not {spelt(row["status"])} & {*STATUSES, *DECISIONS}:
            strange(Strange(line, "status", row["status"]))
        yield draft(line, row, hall_of(row), year)


def codes(line: int, row: Mapping[str, str]) -> dict[str, Any]:
    """What SIPD says in a word of a list; None where it says nothing."""
    return {
        "type": word(line, row, "tipe", TYPES),
        "urgency": word(line, row, "urgensi", URGENCIES),
        "land": word(line, row, "status_lahan", LANDS),
        "field": word(line, row, "bidang", FIELDS),
        "expenditure_kind": word(line, row, "jenis_belanja", EXPENDITURES),
    }


def draft(line: int, row: Mapping[str, str], hall: str, year: int) -> dict[str, Any]:
    address = COORDINATES.sub("", row["alamat"])
    street = STREET.search(address)
    told: dict[str, Any] = {
        "problem": row["masalah"],
        "address": address,
        "amount": whole(line, row, "anggaran"),
        "volume": decimal(line, row, "volume"),
        "unit": row["satuan"],
        "agency": row["opd_tujuan_awal"],
        **codes(line, row),
        "rw": row.get("rw", ""),
        "households": whole(line, row, "penerima_manfaat_kk"),
        "proposer": f"{row['pengusul']} {row['kelurahan']}".strip(),
        "note": row["catatan"],
        "source": source_of(row["profil"]),
        "profile": row["profil"],
        "external_id": row["id_usulan"],
        "external_status": row["status"],
        "number": row["usulan_ke"],
        "year": year,
        "proposed_on": row["tanggal_usul"],
        "regency": row["kabupaten"],
        "kecamatan": row["kecamatan"],
        "kelurahan": row["kelurahan"],
        "rt": row.get("rt", ""),
        "street": street[0] if street else "",
        **position(line, row["alamat"]),
        "sub_activity": row["sub_kegiatan"],
    }
    assert told.keys() <= DETAILS.keys()
    told = {name: value for name, value in told.items() if value not in (None, "")}
    told |= {"title": row["usulan"], "hall": hall}
    if proposal := ID_LEFT_OUT.sub("-", row["id_usulan"])[:40]:
        told["proposal"] = proposal
    if row["opd_tujuan_akhir"] not in ("", row["opd_tujuan_awal"]):
        told["agency_final"] = row["opd_tujuan_akhir"]
    said = recommendations(row)
    return {**told, **reached(row), **({"recommendations": said} if said else {})}


def spelt(status: str) -> str:
    """However it is written: one spelling of a state."""
    return " ".join(re.sub(r"[^A-Z]+", " ", status.upper()).split())


def reached(row: Mapping[str, str]) -> dict[str, str]:
    """The status a row brings along; what is unknown, or said by a decision, begins where every proposal begins."""
    status = STATUSES.get(spelt(row["status"]), "SUBMITTED")
    if status == "SUBMITTED":
        return {}
    if status != "RETURNED":
        return {"status": status}
    return {"status": status, "reason_code": "OTHER", "reason": (row["catatan"] or row["status"])[:REASON_MOST]}


def recommendations(row: Mapping[str, str]) -> list[dict[str, str]]:
    """What levels said; a status that is a decision is that of the level that spoke last."""
    said = [{"level": level, "note": row[name]} for name, level in RECOMMENDERS.items() if row[name]]
    decision = DECISIONS.get(spelt(row["status"]))
    if decision is None:
        return said
    if not said:
        return [{"level": WAY[0], "decision": decision}]
    last = max(said, key=lambda one: WAY.index(one["level"]))
    return [{**one, "decision": decision} if one is last else one for one in said]


def source_of(profile: str) -> str | None:
    found = PROFILE_SOURCES.get(profile.upper(), profile.upper())
    return found if found in SOURCES else None


def position(line: int, address: str) -> dict[str, float]:
    """The place on the map that stands in front of an address, if one does."""
    match = COORDINATES.match(address)
    if match is None:
        return {}
    lat, lon = float(match[1]), float(match[2])
    if abs(lat) > 90 or abs(lon) > 180:
        raise BadRow(line, "alamat")
    return {"lat": lat, "lon": lon}


def whole(line: int, row: Mapping[str, str], column: str) -> int | None:
    """Rupiah or a count; digits may be grouped as Indonesians do ("74.000.000") and end in ",00"."""
    text = re.sub(r",\d{1,2}$", "", row.get(column, "").replace("Rp", "").replace(" ", ""))
    if not text:
        return None
    if not re.fullmatch(r"\d+|\d{1,3}(\.\d{3})+", text):
        raise BadRow(line, column)
    return int(text.replace(".", ""))


def decimal(line: int, row: Mapping[str, str], column: str) -> float | None:
    """With a point or a comma before the fraction."""
    text = row.get(column, "")
    if not text:
        return None
    if not re.fullmatch(r"\d+([.,]\d+)?", text):
        raise BadRow(line, column)
    return float(text.replace(",", "."))


def word(line: int, row: Mapping[str, str], column: str, words: Iterable[str]) -> str | None:
    """One of these words, however it is written."""
    text = re.sub(r"[\s-]+", "_", row.get(column, "")).upper()
    if text and text not in words:
        raise BadRow(line, column)
    return text or None
