"""What the record prints in the archive's form and in the public one."""

from __future__ import annotations

import json
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path

import pytest

from server.documents.annexes import Copy
from server.documents.layout import Document, Signatures, Table
from server.documents.names import Person
from server.documents.page import html
from server.documents.record import document
from sessions.minutes import minutes
from sessions.model.record import RecordRules
from sessions.record import RecordAmended, RecordConfirmed
from sessions.session import SessionCreated
from tests.documents.sample import PEOPLE, SEALED, printed, record
from tests.sessions.given import RW07, SESSION
from tests.sessions.test_minutes import journal

GOLDEN = Path(__file__).with_name("record.txt")
PRIVATE = ("Jl. Rahasia", "Jl. Tersembunyi", "Jl. Sunyi", "0812", "19700101", "Usia", "Jenis kelamin", "Tanda tangan")


def everything(found: Document) -> str:
    return json.dumps(asdict(found), ensure_ascii=False)


def table(found: Document, caption: str) -> Table:
    blocks = [*found.body, *(block for annex in found.annexes for block in annex.blocks)]
    return next(block for block in blocks if isinstance(block, Table) and block.caption == caption)


def test_the_archive_has_names_contacts_and_room_to_sign() -> None:
    found = printed()
    attendance = table(found, "Daftar hadir")
    assert [column.title for column in attendance.columns] == [
        "No",
        "Nama",
        "Usia",
        "Jenis kelamin",
        "Lembaga/Jabatan",
        "Tempat",
        "Alamat dan no. telepon",
        "Hadir",
        "Tanda tangan",
    ]
    assert attendance.rows[0] == (
        "1",
        "Budi Santoso",
        "52",
        "L",
        "Ketua RW 07, RW 07 Pejuang",
        "Pejuang",
        "Jl. Rahasia No. 7; 0812-7777",
        "09.12",
        "",
    )
    signing = next(block for block in found.body if isinstance(block, Signatures))
    assert [(one.label, one.office, one.name, one.nip) for one in signing.people] == [
        ("Pimpinan sidang", "Camat Medansatria", "Budi Santoso", "19700101"),
        ("Perangkat daerah", "Kepala Bidang Perencanaan", "", ""),
    ]
    (acknowledged,) = [block for block in found.annexes[0].blocks if isinstance(block, Signatures)]
    assert [(one.label, one.office) for one in acknowledged.people] == [("Mengetahui,", "Camat Medansatria")]
    for_participants = table(found, "Mewakili peserta")
    assert len(for_participants.rows) == 10, "ten lines, as Asahan prints them"
    assert for_participants.rows[0][:3] == ("1", "Siti Aminah", "47") and set(for_participants.rows[9][1:]) == {""}


def test_the_public_form_has_neither_contacts_nor_ages_nor_signatures() -> None:
    told = everything(printed(archive=False))
    assert [word for word in PRIVATE if word in told] == []
    assert "Budi Santoso" in told
    public = printed(archive=False)
    blocks = [*public.body, *(block for annex in public.annexes for block in annex.blocks)]
    assert not any(isinstance(block, Signatures) for block in blocks)


def test_nothing_but_name_and_organisation_is_even_at_hand_for_the_public_form() -> None:
    public = Copy(record(), PEOPLE, RecordRules(), archive=False)
    assert public.person(RW07) == Person(name="Budi Santoso", organisation="RW 07 Pejuang")


def test_the_public_form_does_not_name_whom_the_rules_leave_unnamed() -> None:
    told = everything(printed(archive=False))
    assert "Rina Wulandari" not in told and "Wakil penyandang disabilitas" in told
    named = everything(printed(archive=False, rules=RecordRules(unnamed=())))
    assert "Rina Wulandari" in named
    nobody = everything(printed(archive=False, rules=RecordRules(public_names=False)))
    assert not any(person.name in nobody for person in PEOPLE.values())


def test_figures_of_small_groups_are_hidden_in_public_and_whole_in_the_archive() -> None:
    caption = "Kehadiran dan hak bicara per kelompok"
    assert table(printed(), caption).rows == (
        ("Tanpa kelompok", "3", "2", "0", "0 detik"),
        ("Penyandang disabilitas", "1", "1", "1", "3 menit"),
    )
    assert table(printed(archive=False), caption).rows == (
        ("Tanpa kelompok", *("tidak ditampilkan",) * 4),
        ("Penyandang disabilitas", *("tidak ditampilkan",) * 4),
    ), "three people in all: even that they are fewer than five says too much"


def test_annex_two_has_the_ten_columns_of_the_form_and_three_gives_reasons() -> None:
    found = printed()
    priorities = table(found, "Daftar kegiatan prioritas")
    assert priorities.numbered and len(priorities.columns) == 10
    (reason,) = [row[-1] for row in table(found, "Usulan yang belum disepakati").rows]
    assert reason == "Lahan bukan milik pemerintah: lahan milik warga"
    assert [annex.label for annex in found.annexes] == [
        f"LAMPIRAN {n}" for n in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
    ]


def test_the_address_of_a_proposal_is_the_archives_alone() -> None:
    cards = [table(printed(archive=kept), "Daftar kegiatan prioritas").rows[0] for kept in (True, False)]
    assert [card[6] for card in cards] == ["Pejuang, RW 07, Gg. Mawar RT 02", "Pejuang, RW 07"]
    assert {card[7] for card in cards} == {"50,5 m²"}


def test_a_draft_says_so_and_a_final_record_does_not() -> None:
    draft, final = printed(), printed(SEALED())
    assert draft.mark == "DRAF" and draft.notice.startswith("DRAF. ")
    assert (final.mark, final.notice) == ("", "")


def test_a_rehearsal_is_marked_as_one() -> None:
    found = minutes(SESSION, journal(SessionCreated("Gladi", "plenary", "", "2018-01-23", rehearsal=True)))
    told = document(found, {}, RecordRules(), archive=True)
    assert told.mark == "LATIHAN" and "tidak berlaku" in told.notice


def test_an_approval_and_addenda_are_printed() -> None:
    found = printed(RecordConfirmed(8, "ab" * 32), SEALED(), RecordAmended(1, "Gg. Melati", "salah ketik"))
    assert "ab" * 32 in everything(found)
    ralat = found.annexes[-1]
    assert (ralat.label, found.mark) == ("RALAT", "") and "1 ralat" in found.notice
    assert "Gg. Melati" in everything(found) and "Alasan: salah ketik" in everything(found)


@pytest.mark.parametrize("archive", [True, False])
def test_without_anybodys_name_offices_are_printed(archive: bool) -> None:
    told = everything(document(record(), {}, RecordRules(), archive=archive))
    assert "Ketua RW 07" in told and "Budi" not in told


class Words(HTMLParser):
    """The text of a page, a line an element that begins one."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipping = tag in ("style", "title") or (self.skipping and tag != "body")
        if tag in ("p", "h1", "h2", "h3", "li", "dt", "tr", "caption", "span", "br"):
            self.lines.append("")
        elif tag in ("td", "th", "dd"):
            self.lines[-1] += " | "

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.lines[-1] += " ".join(data.split("\n"))


def test_a_record_sealed_without_approval_says_why_and_of_which_text() -> None:
    confirmed = RecordConfirmed(record().seq, "0f" * 32)
    assert "tanpa persetujuan" not in everything(printed(confirmed, SEALED()))
    without = everything(printed(SEALED("camat berhalangan")))
    assert without.count("tanpa persetujuan atas naskah: camat berhalangan.") == 2, "in the body and in the minutes"
    early = RecordConfirmed(record().seq - 3, "0f" * 32)
    assert "Naskah ini memuat hal yang terjadi setelah persetujuan itu." in everything(printed(early))
    assert "tanpa persetujuan atas naskah terakhir ini: waktu habis." in everything(
        printed(early, SEALED("waktu habis"))
    )


def test_the_closing_report_has_the_same_sum_whichever_way_it_is_counted() -> None:
    found = printed(archive=False)
    for what in ("kelurahan", "perangkat daerah", "jenis"):
        assert table(found, f"Usulan menurut {what}").rows[-1] == ("Jumlah", "3", "1", "0", "1", "1", "0")
    assert table(found, "Usulan menurut status").rows == (
        ("prioritas", "1"),
        ("cadangan", "1"),
        ("belum disepakati", "1"),
    )


def test_a_small_record_reads_as_it_was_reviewed() -> None:
    """record.txt was read by eye against the forms of P4 and R2; `python -m tests.documents.test_record` writes it."""
    assert text_of(printed()) == GOLDEN.read_text(encoding="utf-8")


def text_of(found: Document) -> str:
    words = Words()
    words.feed(html(found).decode())
    return "\n".join(line.strip(" |") for line in words.lines if line.strip(" |")) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(text_of(printed()), encoding="utf-8")
