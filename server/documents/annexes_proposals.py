"""Annexes II and III of the record: what the forum agreed to, and what it did not, each with its place and money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.documents.layout import Block, Column, Paragraph, Subheading, Table
from sessions.minutes_model import Minutes, Row
from sessions.minutes_terms import REASONS, STATUSES, worded
from sessions.minutes_words import amount_in_words, decimal, grouped

NONE = Paragraph("Tidak ada.")
DASH = "–"
UNITS = {"m2": "m²", "m3": "m³"}


def place_of(row: Row, archive: bool) -> str:
    """Kelurahan and RW; the address of a proposal stands in the archive's copy only."""
    parts = [row.kelurahan or row.hall, f"RW {row.rw}" if row.rw else ""]
    if archive and row.address:
        parts.append(row.address)
    return ", ".join(part for part in parts if part)


def volume(row: Row) -> str:
    unit = UNITS.get(row.unit, row.unit)
    return DASH if row.volume is None else f"{decimal(row.volume)} {unit}".strip()


def money(row: Row) -> str:
    return DASH if row.amount is None else grouped(row.amount)


def priorities(minutes: Minutes, archive: bool) -> Iterator[Block]:
    """Those with a place, then those agreed to without one."""
    yield from ranked(minutes.priorities, archive)
    if minutes.agreed:
        yield Subheading("Usulan yang disepakati tanpa masuk daftar prioritas")
        yield from listed(minutes.agreed, "Usulan yang disepakati tanpa masuk daftar prioritas", "Keadaan", archive)


def ranked(found: Sequence[Row], archive: bool) -> Iterator[Block]:
    """Columns of Permendagri 54/2010 and 86/2017 (Tabel T-D.4), with the score beside where there is one."""
    if not found:
        yield NONE
        return
    scored = any(row.score for row in found)
    columns = (
        Column("No", 0, "right"),
        Column("Prioritas daerah", 1),
        Column("Sasaran daerah", 1),
        Column("Program", 1),
        Column("Kegiatan prioritas", 2.6),
        Column("Sasaran kegiatan", 1.2),
        Column("Lokasi", 1.6),
        Column("Volume", 0.8, "right"),
        Column("Pagu (Rp)", 1.1, "right"),
        Column("Perangkat daerah penanggung jawab", 1.4),
        *((Column("Skor", 0.6, "right"),) if scored else ()),
    )
    rows = tuple(
        (
            str(at),
            row.priority or DASH,
            row.goal or DASH,
            row.programme or DASH,
            activity(row),
            row.target or DASH,
            place_of(row, archive),
            volume(row),
            money(row),
            row.agency or DASH,
            *((row.score or DASH,) if scored else ()),
        )
        for at, row in enumerate(found, 1)
    )
    yield Table("Daftar kegiatan prioritas", columns, rows, numbered=True, small=True)
    yield total(found)


def activity(row: Row) -> str:
    """Permasalahan, usulan and what was noted, as Asahan puts them into one column."""
    problem = f" Permasalahan: {row.problem.rstrip('.')}." if row.problem else ""
    noted = f" Catatan: {row.note.rstrip('.')}." if row.note else ""
    return f"{row.title.rstrip('.')}.{problem}{noted}" if problem or noted else row.title


def total(rows: Sequence[Row]) -> Paragraph:
    priced = [row.amount for row in rows if row.amount is not None]
    without = len(rows) - len(priced)
    rest = f"; {grouped(without)} usulan tanpa pagu" if without else ""
    return Paragraph(f"Jumlah pagu {grouped(len(rows))} usulan: {amount_in_words(sum(priced))}{rest}.", strong=True)


def refused(minutes: Minutes, archive: bool) -> Iterator[Block]:
    yield Subheading("A. Usulan yang belum disepakati, beserta alasannya")
    yield from listed(minutes.not_agreed, "Usulan yang belum disepakati", "Alasan", archive)
    yield Subheading("B. Usulan cadangan")
    yield from listed(minutes.reserves, "Usulan cadangan", "Catatan", archive)
    yield Subheading("C. Usulan yang belum diputuskan")
    yield from listed(minutes.undecided, "Usulan yang belum diputuskan", "Keadaan", archive)
    yield Subheading("D. Usulan yang dicabut atau digabungkan")
    yield from listed(minutes.gone, "Usulan yang dicabut atau digabungkan", "Alasan", archive)


def listed(found: Sequence[Row], caption: str, last: str, archive: bool) -> Iterator[Block]:
    if not found:
        yield NONE
        return
    columns = (
        Column("No", 0, "right"),
        Column("Kegiatan", 2.6),
        Column("Lokasi", 1.6),
        Column("Volume", 0.8, "right"),
        Column("Pagu (Rp)", 1, "right"),
        Column("Perangkat daerah", 1.4),
        Column(last, 2),
    )
    rows = tuple(
        (
            str(at),
            row.title,
            place_of(row, archive),
            volume(row),
            money(row),
            row.agency or DASH,
            remark(row, last),
        )
        for at, row in enumerate(found, 1)
    )
    yield Table(caption, columns, rows, small=True)


def remark(row: Row, column: str) -> str:
    """Why, and what became of it."""
    state = [worded(STATUSES, row.status)] if column == "Keadaan" or row.status in ("MERGED", "WITHDRAWN") else []
    why = ": ".join(part for part in (worded(REASONS, row.reason_code) if row.reason_code else "", row.reason) if part)
    words = "; ".join(part for part in (*state, why, row.note) if part)
    return capital(words) or DASH


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]
