"""The record (Berita Acara) laid out as the office's forms have it: head, body, signatures, annexes (P4, R2, R3)."""

from __future__ import annotations

from collections.abc import Iterator

from server.documents.annexes import Copy, annexes, hours
from server.documents.layout import (
    Block,
    Column,
    Document,
    Fields,
    Paragraph,
    Points,
    Section,
    Signature,
    Signatures,
    Subheading,
    Table,
)
from server.documents.names import People
from sessions.minutes_model import Minutes
from sessions.minutes_step import sentence
from sessions.minutes_words import grouped, long_date, moment, weekday
from sessions.model.record import RecordRules

ROLES = {
    "chair": "Pimpinan sidang",
    "secretary": "Sekretaris/Notulis",
    "official": "Pejabat pemerintah",
    "participant": "Mewakili peserta",
    "agency": "Perangkat daerah",
    "council": "DPRD",
    "community": "Kelompok masyarakat",
    "witness": "Saksi",
    "acknowledging": "Mengetahui",
}


def document(minutes: Minutes, people: People, rules: RecordRules, *, archive: bool) -> Document:
    """archive: with names and contacts and columns to sign in; else the public form."""
    copy = Copy(minutes, people, rules, archive)
    number = minutes.head.number
    mark, notice = standing(minutes)
    heading = minutes.head.heading
    return Document(
        title=f"{' '.join(heading)}{f', Nomor {number}' if number else ''}",
        author=minutes.head.letterhead[0] if minutes.head.letterhead else "Pleno",
        mark=mark,
        notice=notice,
        letterhead=minutes.head.letterhead,
        heading=heading,
        number=number or "……………………",
        footer=f"Berita Acara Nomor {number}" if number else f"Berita Acara · {minutes.title}",
        made_at=minutes.made_at,
        body=tuple(body(copy)),
        annexes=(*annexes(copy), *amendments(minutes)),
    )


def standing(minutes: Minutes) -> tuple[str, str]:
    """The mark across the pages and what it means."""
    seen = f"keadaan pada {moment(minutes.made_at, minutes.block.tz)}, peristiwa ke-{grouped(minutes.seq)}"
    if minutes.rehearsal:
        return "LATIHAN", f"LATIHAN. Sidang ini gladi; naskah ini tidak berlaku dan tidak dapat disahkan ({seen})."
    if minutes.status == "draft":
        return "DRAF", f"DRAF. Naskah ini belum disahkan dan masih dapat berubah ({seen})."
    if minutes.status == "amended":
        many = grouped(len(minutes.addenda))
        return "", f"Naskah ini sudah disahkan dan memuat {many} ralat; lihat halaman RALAT."
    return "", ""


def body(copy: Copy) -> Iterator[Block]:
    minutes = copy.minutes
    yield Paragraph(minutes.opening)
    yield Paragraph("Setelah memperhatikan, mendengar, dan mempertimbangkan:")
    yield Points(tuple(considerations(minutes)))
    yield Paragraph("Maka pada:")
    yield Fields(tuple(fields(minutes)))
    yield Subheading("MENYEPAKATI")
    yield Fields(tuple((clause.ordinal, clause.text) for clause in minutes.clauses))
    if minutes.notes:
        yield Paragraph(f"Catatan: {minutes.notes}")
    yield Paragraph(minutes.closing)
    yield from approval(minutes)
    yield from signatures(copy)
    if minutes.cc:
        yield Subheading("Tembusan")
        yield Points(tuple((one, ()) for one in minutes.cc))


def approval(minutes: Minutes) -> Iterator[Block]:
    """What the forum approved, and why it was sealed without where it was."""
    confirmed = minutes.confirmed
    if confirmed is not None:
        when = moment(confirmed.at, minutes.block.tz)
        yield Paragraph(
            f"Rancangan Berita Acara telah dibacakan dan disetujui forum pada {when}. Sidik naskah (SHA-256): "
            f"{confirmed.digest}"
        )
        if confirmed.stale and minutes.status == "draft":
            yield Paragraph("Naskah ini memuat hal yang terjadi setelah persetujuan itu.")
    if minutes.sealed_without:
        what = "naskah" if confirmed is None else "naskah terakhir ini"
        yield Paragraph(sentence(f"Disahkan tanpa persetujuan atas {what}: {minutes.sealed_without}"))


def considerations(minutes: Minutes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The three of Permendagri 54/2010; what was not held is said so."""
    found = minutes.considerations
    heads = (
        ("Sambutan-sambutan yang disampaikan pada acara pembukaan:", found.addresses),
        ("Pemaparan materi lainnya:", found.presentations),
        (
            "Tanggapan dan saran dari seluruh peserta terhadap materi yang dipaparkan, yang telah dirangkum menjadi "
            "keputusan bersama:",
            found.responses,
        ),
    )
    for head, items in heads:
        yield head, items or ("tidak ada yang tercatat",)


def fields(minutes: Minutes) -> Iterator[tuple[str, str]]:
    block = minutes.block
    yield "Hari dan tanggal", f"{weekday(block.date)}, {long_date(block.date)}"
    yield "Waktu", hours(minutes)
    yield "Tempat", block.place or "–"
    yield "Jumlah peserta", block.participants
    yield "Forum", block.forum


def signatures(copy: Copy) -> Iterator[Block]:
    """Chairs and whoever signs by office with a line each; those for the participants in their table."""
    minutes = copy.minutes
    where = minutes.block.place.split(",")[0]
    dated = ", ".join(part for part in (where, long_date(minutes.block.date)) if part)
    singly = [signer for signer in minutes.signers if signer.role != "participant"]
    people = []
    for signer in singly:
        person = copy.person(signer.seat)
        office = "" if signer.office == ROLES[signer.role] else signer.office
        people.append(Signature(ROLES[signer.role], office, person.name, person.nip))
    if copy.archive:
        yield Signatures(dated, tuple(people))
    else:
        yield Paragraph(f"{dated}. Naskah bertanda tangan disimpan dalam arsip. Yang bertanda tangan:")
        yield Fields(tuple((one.label, ", ".join(filter(None, (one.name, one.office))) or "–") for one in people))
    signing = representatives(copy)
    if signing.rows:
        yield Subheading("Mewakili peserta")
        yield signing


def representatives(copy: Copy) -> Table:
    """Those named, then blank lines up to the rule's number: whoever signs may be chosen in the room."""
    minutes = copy.minutes
    named = [signer for signer in minutes.signers if signer.role == "participant"]
    blank = max(0, minutes.representatives - len(named)) if copy.archive else 0
    columns = [Column("No", 0, "right"), Column("Nama", 2)]
    if copy.archive:
        columns += [Column("Usia", 0, "right"), Column("Jenis kelamin", 0.9)]
    columns.append(Column("Lembaga", 1.8))
    if copy.archive:
        columns += [Column("Alamat dan telepon", 2), Column("Tanda tangan", 1.4)]
    rows: list[tuple[str, ...]] = []
    for at, signer in enumerate(named, 1):
        person = copy.person(signer.seat)
        if copy.archive:
            age = "" if person.age is None else str(person.age)
            contact = "; ".join(part for part in (person.address, person.phone) if part)
            rows.append((str(at), person.name, age, person.sex, signer.office, contact, ""))
        else:
            rows.append((str(at), person.name or "–", signer.office))
    rows += [(str(at), *("",) * (len(columns) - 1)) for at in range(len(named) + 1, len(named) + blank + 1)]
    return Table("Mewakili peserta", tuple(columns), tuple(rows), tall=copy.archive, small=True)


def amendments(minutes: Minutes) -> tuple[Section, ...]:
    """What was added after sealing; the sealed text itself never changes."""
    if not minutes.addenda:
        return ()
    blocks: list[Block] = []
    for one in minutes.addenda:
        blocks.append(Subheading(f"Ralat nomor {grouped(one.number)}, {moment(one.at, minutes.block.tz)}"))
        blocks += [Paragraph(one.text), Paragraph(f"Alasan: {one.reason}")]
    return (Section("ralat", "RALAT", "TAMBAHAN SETELAH PENGESAHAN", tuple(blocks)),)
