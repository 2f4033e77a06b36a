"""The closing report as the last annex: what a closing plenary reads out (P18, P19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from server.documents.layout import Block, Column, Fields, Subheading, Table
from sessions.minutes_model import Report, Share
from sessions.minutes_terms import STATUSES, TYPES, worded
from sessions.minutes_words import grouped

COUNTS = (
    Column("Jumlah", 0, "right"),
    Column("Direkomendasikan", 0, "right"),
    Column("Disepakati", 0, "right"),
    Column("Cadangan", 0, "right"),
    Column("Tidak", 0, "right"),
    Column("Belum diputuskan", 0, "right"),
)


def summary(report: Report) -> Iterator[Block]:
    """Totals first; then each way to look at the same proposals, all with the same sum."""
    whole = report.whole
    yield Fields(
        (
            ("Jumlah usulan", grouped(whole.total)),
            ("Direkomendasikan", taken(report)),
            ("Disepakati tanpa masuk daftar prioritas", grouped(whole.agreed)),
            ("Cadangan", grouped(whole.reserve)),
            ("Tidak direkomendasikan", f"{grouped(whole.refused)}, alasannya dalam LAMPIRAN III"),
            ("Belum diputuskan", grouped(whole.open)),
        )
    )
    yield Subheading("Menurut status")
    rows = tuple((worded(STATUSES, status), grouped(number)) for status, number in report.statuses)
    yield Table("Usulan menurut status", (Column("Status", 3), COUNTS[0]), rows, small=True)
    yield Subheading("Menurut kelurahan")
    yield counted("Usulan menurut kelurahan", "Kelurahan", report.kelurahan, whole, {})
    yield Subheading("Menurut perangkat daerah")
    names = {"": "belum ditentukan"}
    yield counted("Usulan menurut perangkat daerah", "Perangkat daerah", report.agencies, whole, names)
    yield Subheading("Menurut jenis")
    yield counted("Usulan menurut jenis", "Jenis", report.types, whole, TYPES)


def taken(report: Report) -> str:
    """With the year it was taken up for, where that is known."""
    years = ((report.next_year, "tahun rencana"), (report.current_year, "tahun berjalan"))
    known = ", ".join(f"{grouped(number)} diakomodasi pada {year}" for number, year in years if number)
    return grouped(report.whole.taken) + (f" ({known})" if known else "")


def counted(caption: str, title: str, shares: Sequence[Share], whole: Share, names: Mapping[str, str]) -> Table:
    rows = [(names.get(one.name, one.name), *figures(one)) for one in shares]
    return Table(caption, (Column(title, 3), *COUNTS), (*rows, ("Jumlah", *figures(whole))), small=True)


def figures(one: Share) -> tuple[str, ...]:
    return tuple(grouped(number) for number in (one.total, one.taken, one.agreed, one.reserve, one.refused, one.open))
