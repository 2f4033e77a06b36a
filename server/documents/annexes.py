"""The annexes of the record as tables, in the archive's form and in the public one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.documents.annexes_proposals import DASH, capital, priorities, refused
from server.documents.figures import cover, shown
from server.documents.layout import Block, Column, Fields, Paragraph, Section, Signature, Signatures, Subheading, Table
from server.documents.names import NOBODY, People, Person
from server.documents.summary import summary
from sessions.ids import SeatId
from sessions.minutes_model import Attendee, Entry, Minutes, VoteProtocol
from sessions.minutes_terms import CONSTITUENCIES, worded
from sessions.minutes_words import (
    clock,
    grouped,
    lasting,
    local_day,
    long_date,
    moment,
    weekday,
)
from sessions.model.record import RecordRules

OUTCOMES = {"elected": "terpilih", "tied": "suara sama, kembali ke forum", "": "–"}
STATES = {"open": "masih dibuka", "closed": "selesai", "void": "dinyatakan batal"}


@dataclass(frozen=True, slots=True)
class Copy:
    """Which copy is made of which record. archive: with names, contacts and columns to sign in."""

    minutes: Minutes
    people: People
    rules: RecordRules
    archive: bool

    def person(self, seat: SeatId | None, constituency: str = "") -> Person:
        """What this copy may print of whoever has the seat: in public a name at most, and not everybody's."""
        found = NOBODY if seat is None else self.people.get(seat, NOBODY)
        if self.archive:
            return found
        if not self.rules.public_names or constituency in self.rules.unnamed:
            return NOBODY
        return Person(name=found.name, organisation=found.organisation)


def annexes(copy: Copy) -> tuple[Section, ...]:
    minutes, archive = copy.minutes, copy.archive
    return (
        Section("lampiran-1", "LAMPIRAN I", "DAFTAR HADIR PESERTA", tuple(attendance(copy)), archive),
        Section("lampiran-2", "LAMPIRAN II", "DAFTAR KEGIATAN PRIORITAS", tuple(priorities(minutes, archive)), True),
        Section(
            "lampiran-3",
            "LAMPIRAN III",
            "DAFTAR USULAN YANG BELUM DISEPAKATI",
            tuple(refused(minutes, archive)),
            True,
        ),
        Section("lampiran-4", "LAMPIRAN IV", "DAFTAR DELEGASI", tuple(delegates(copy))),
        Section("lampiran-5", "LAMPIRAN V", "PROTOKOL PEMUNGUTAN SUARA", tuple(votes(minutes))),
        Section("lampiran-6", "LAMPIRAN VI", "CATATAN TEMPAT DAN SAMBUNGAN", tuple(site(minutes))),
        Section("lampiran-7", "LAMPIRAN VII", "NOTULENSI", tuple(proceedings(minutes))),
        Section("lampiran-8", "LAMPIRAN VIII", "REKAPITULASI USULAN", tuple(summary(minutes.report))),
    )


def attendance(copy: Copy) -> Iterator[Block]:
    minutes = copy.minutes
    yield Fields(event_head(minutes))
    came = [one for one in minutes.attendance if one.arrived_at is not None]
    yield people_table(copy, came or list(minutes.attendance))
    if not came and minutes.attendance:
        yield Paragraph("Kehadiran tidak dicatat secara elektronik; daftar ini memuat seluruh undangan.")
    yield Subheading("Kehadiran per tempat")
    yield halls_table(minutes)
    if len(minutes.groups) > 1:
        yield Subheading("Kehadiran dan hak bicara per kelompok")
        yield groups_table(copy)
    if copy.archive:
        yield acknowledged(copy)


def acknowledged(copy: Copy) -> Signatures:
    """ "Mengetahui", as Asahan's list of attendance ends: whoever is named to acknowledge, else the chair."""
    minutes = copy.minutes
    named = [signer for signer in minutes.signers if signer.role == "acknowledging"]
    found = named or [signer for signer in minutes.signers if signer.role == "chair"]
    people = []
    for signer in found:
        person = copy.person(signer.seat)
        people.append(Signature("Mengetahui,", signer.office, person.name, person.nip))
    return Signatures("", tuple(people))


def event_head(minutes: Minutes) -> tuple[tuple[str, str], ...]:
    """The head of the list of attendance, as Asahan's form has it."""
    block = minutes.block
    return (
        ("Hari, tanggal", f"{weekday(block.date)}, {long_date(block.date)}"),
        ("Waktu", hours(minutes)),
        ("Tempat", block.place or DASH),
        ("Acara", block.forum),
    )


def hours(minutes: Minutes) -> str:
    """09.00 sampai 11.40 WIB; an end on a later day carries its date."""
    block = minutes.block
    if block.began is None:
        return "belum dibuka"
    began = clock(block.began, block.tz)
    if block.ended is None:
        return f"{began} {block.tz} sampai selesai"
    if local_day(block.began, block.tz) != local_day(block.ended, block.tz):
        return f"{moment(block.began, block.tz)} sampai {moment(block.ended, block.tz)}"
    return f"{began} sampai {clock(block.ended, block.tz)} {block.tz}"


def people_table(copy: Copy, listed: Sequence[Attendee]) -> Table:
    return archived(copy, listed) if copy.archive else published(copy, listed)


def published(copy: Copy, listed: Sequence[Attendee]) -> Table:
    columns = (Column("No", 0, "right"), Column("Nama", 2), Column("Lembaga/Jabatan", 2), Column("Tempat", 1.5))
    rows = []
    for at, one in enumerate(listed, 1):
        person = copy.person(one.seat, one.constituency)
        rows.append((str(at), person.name or DASH, body_of(person, one.office), one.hall))
    return Table("Daftar hadir", columns, tuple(rows), small=True)


def archived(copy: Copy, listed: Sequence[Attendee]) -> Table:
    columns = (
        Column("No", 0, "right"),
        Column("Nama", 2),
        Column("Usia", 0, "right"),
        Column("Jenis kelamin", 0.8),
        Column("Lembaga/Jabatan", 2),
        Column("Tempat", 1.3),
        Column("Alamat dan no. telepon", 2.4),
        Column("Hadir", 0),
        Column("Tanda tangan", 1.5),
    )
    return Table("Daftar hadir", columns, tuple(signing_rows(copy, listed)), tall=True, small=True)


def signing_rows(copy: Copy, listed: Sequence[Attendee]) -> Iterator[tuple[str, ...]]:
    tz = copy.minutes.block.tz
    for at, one in enumerate(listed, 1):
        person = copy.person(one.seat)
        yield (
            str(at),
            person.name,
            "" if person.age is None else str(person.age),
            person.sex,
            body_of(person, one.office),
            one.hall,
            contact(person),
            "" if one.arrived_at is None else clock(one.arrived_at, tz),
            "",
        )


def body_of(person: Person, office: str) -> str:
    """The organisation, with the office where that says more."""
    if not person.organisation or person.organisation == office:
        return office
    return f"{office}, {person.organisation}"


def contact(person: Person) -> str:
    return "; ".join(part for part in (person.address, person.phone) if part)


def halls_table(minutes: Minutes) -> Table:
    columns = (
        Column("Tempat", 2),
        Column("Diundang", 0, "right"),
        Column("Hadir", 0, "right"),
        Column("Tamu", 0, "right"),
        Column("Saksi", 2),
    )
    rows: list[tuple[str, ...]] = [
        (one.hall, grouped(one.invited), grouped(one.present), grouped(one.guests), "; ".join(one.witnesses) or DASH)
        for one in minutes.halls
    ]
    sums = [sum(getattr(one, name) for one in minutes.halls) for name in ("invited", "present", "guests")]
    rows.append(("Jumlah", *(grouped(number) for number in sums), DASH))
    return Table("Kehadiran per tempat", columns, tuple(rows), small=True)


def groups_table(copy: Copy) -> Table:
    """Public: figures of small groups are hidden (rule small_count), with as many others as it takes."""
    found, least = copy.minutes.groups, 0 if copy.archive else copy.rules.small_count
    covered = cover([[one.invited for one in found], [one.present for one in found]], least)
    columns = (
        Column("Kelompok", 2),
        Column("Diundang", 1, "right"),
        Column("Hadir", 1, "right"),
        Column("Giliran bicara", 1, "right"),
        Column("Lama bicara", 1.4, "right"),
    )
    rows: list[tuple[str, ...]] = []
    for at, one in enumerate(found):
        spoken = (grouped(one.turns), lasting(one.spoken_ms))
        rows.append(
            (
                capital(worded(CONSTITUENCIES, one.constituency)),
                shown(one.invited, at, covered, least),
                shown(one.present, at, covered, least),
                *(("tidak ditampilkan",) * 2 if at in covered.rows else spoken),
            )
        )
    return Table("Kehadiran dan hak bicara per kelompok", columns, tuple(rows), small=True)


def delegates(copy: Copy) -> Iterator[Block]:
    found = copy.minutes.delegates
    if not found:
        yield Paragraph("Tidak ada delegasi yang ditetapkan.")
        return
    constituency = {one.seat: one.constituency for one in copy.minutes.attendance}
    columns = [Column("No", 0, "right"), Column("Nama", 2), Column("Lembaga/Jabatan", 2), Column("Tempat", 1.4)]
    columns.append(Column("Dipilih melalui", 1.4))
    if copy.archive:
        columns += [Column("Alamat/telepon", 2), Column("Tanda tangan", 1.4)]
    rows: list[tuple[str, ...]] = []
    for at, one in enumerate(found, 1):
        person = copy.person(one.seat, constituency.get(one.seat, ""))
        signed = (contact(person), "") if copy.archive else ()
        rows.append((str(at), person.name or DASH, body_of(person, one.office), one.hall, one.by, *signed))
    yield Table("Daftar delegasi", tuple(columns), tuple(rows), tall=copy.archive, small=True)


def votes(minutes: Minutes) -> Iterator[Block]:
    if minutes.agreements:
        yield Subheading("Upaya mufakat")
        yield agreements_table(minutes)
    if not minutes.votes:
        yield Paragraph("Tidak ada pemungutan suara.")
    for number, vote in enumerate(minutes.votes, 1):
        yield Subheading(f"{number}. {vote.title}")
        yield Fields(tuple(vote_fields(minutes, vote)))
        if vote.choices:
            yield choices_table(vote)
        if vote.hands:
            yield hands_table(vote)


def agreements_table(minutes: Minutes) -> Table:
    columns = (
        Column("Waktu", 0),
        Column("Pokok", 1.4),
        Column("Usulan", 2.4),
        Column("Hasil", 1),
        Column("Catatan", 1.4),
    )
    rows = tuple(
        (
            clock(one.at, minutes.block.tz),
            one.subject,
            "; ".join(one.proposals) or DASH,
            "mufakat" if one.agreed else "tidak mufakat",
            one.note or DASH,
        )
        for one in minutes.agreements
    )
    return Table("Upaya mufakat", columns, rows, small=True)


def vote_fields(minutes: Minutes, vote: VoteProtocol) -> Iterator[tuple[str, str]]:
    tz = minutes.block.tz
    yield "Keadaan", f"{worded(STATES, vote.state)}{f': {vote.reason}' if vote.reason else ''}"
    yield "Dibuka", moment(vote.opened_at, tz)
    if vote.closed_at is not None:
        yield "Ditutup", moment(vote.closed_at, tz)
    yield from vote.facts
    yield "Pemilih", grouped(vote.electorate)
    if vote.cast is not None:
        yield "Suara masuk", grouped(vote.cast)
    if vote.blank:
        yield "Suara kosong", grouped(vote.blank)
    if vote.root:
        yield "Akar Merkle (SHA-256)", vote.root


def choices_table(vote: VoteProtocol) -> Table:
    valued = any(choice.value for choice in vote.choices)
    columns = (
        Column("No", 0, "right"),
        Column("Pilihan", 3),
        Column("Suara", 0, "right"),
        *((Column("Nilai", 0, "right"),) if valued else ()),
        Column("Hasil", 1.2),
    )
    rows = tuple(
        (
            str(at),
            choice.label,
            grouped(choice.votes),
            *((choice.value or DASH,) if valued else ()),
            worded(OUTCOMES, choice.outcome),
        )
        for at, choice in enumerate(vote.choices, 1)
    )
    return Table(f"Hasil {vote.title}", columns, rows, small=True)


def hands_table(vote: VoteProtocol) -> Table:
    columns = (
        Column("Tempat", 1.4),
        Column("Suara", 0, "right"),
        Column("Kosong", 0, "right"),
        Column("Saksi", 1.4),
        Column("Saksi membenarkan", 1),
    )
    rows = tuple(
        (one.hall, grouped(one.cast), grouped(one.blank), one.witness, "ya" if one.confirmed else "belum")
        for one in vote.hands
    )
    return Table(f"Hitung tangan {vote.title}", columns, rows, small=True)


def site(minutes: Minutes) -> Iterator[Block]:
    if not minutes.site:
        yield Paragraph("Tidak ada gangguan atau penundaan yang tercatat.")
        return
    columns = (Column("Waktu", 0), Column("Tempat", 1), Column("Kejadian", 3))
    yield Table("Catatan tempat dan sambungan", columns, tuple(lines(minutes, minutes.site)), small=True)


def proceedings(minutes: Minutes) -> Iterator[Block]:
    if not minutes.proceedings:
        yield Paragraph("Belum ada yang tercatat.")
    else:
        columns = (Column("Waktu", 0), Column("Siapa", 1), Column("Uraian", 3))
        yield Table("Notulensi", columns, tuple(lines(minutes, minutes.proceedings)), small=True)
    if minutes.corrections:
        yield Subheading("Koreksi yang dibacakan")
        columns = (Column("Waktu", 0), Column("Bagian", 1), Column("Koreksi", 3))
        told = [
            (clock(one.at, minutes.block.tz), worded(SECTIONS, one.section), one.text) for one in minutes.corrections
        ]
        yield Table("Koreksi yang dibacakan", columns, tuple(told), small=True)


SECTIONS = {
    "head": "kepala",
    "opening": "pembukaan",
    "considerations": "pertimbangan",
    "block": "waktu dan tempat",
    "agreement": "kesepakatan",
    "signatures": "tanda tangan",
    **{
        f"annex_{number}": f"Lampiran {roman}"
        for number, roman in enumerate(("I", "II", "III", "IV", "V", "VI", "VII"), 1)
    },
}


def lines(minutes: Minutes, entries: Sequence[Entry]) -> Iterator[tuple[str, ...]]:
    """The day stands before the time of whatever is not on the day of the session."""
    tz = minutes.block.tz
    for entry in entries:
        day = local_day(entry.at, tz)
        ahead = "" if day == minutes.block.date else f"{day[8:]}/{day[5:7]} "
        until = "" if entry.until is None else f"–{clock(entry.until, tz)}"
        yield f"{ahead}{clock(entry.at, tz)}{until}", entry.who or DASH, capital(entry.text)
