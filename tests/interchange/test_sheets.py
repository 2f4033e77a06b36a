"""Workbooks: what is read of people's files, what is too much of them, and that what is written can be read again."""

from __future__ import annotations

import datetime
import io
import re
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from server.interchange.lists import checked, marked, sample
from server.interchange.sheets import OUTPUT_MOST, asked, form_of, read, xlsx_of
from sessions.errors import Refused
from tests.interchange.test_lists import state

Write = Callable[[xlsxwriter.Workbook], None]
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Satu">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def book(write: Write) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        write(made)
    return out.getvalue()


def ods(*rows: tuple[str, ...]) -> bytes:
    cells = (
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>' for one in row
        )
        for row in rows
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
        packed.writestr("content.xml", CONTENT.format(lines))
    return out.getvalue()


def cells_of(body: bytes) -> list[list[object]]:
    """As another program reads it."""
    found = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0)
    return [list(row) for row in found.to_python(skip_empty_area=False)]


def test_a_workbook_of_a_village_is_read_as_its_people_see_it() -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("Petunjuk").write(0, 0, "Isi lembar berikutnya.")
        made.add_worksheet("Lama").hide()
        sheet = made.add_worksheet("Daftar hadir")
        sheet.write(0, 1, "DAFTAR PESERTA")
        sheet.write_row(2, 1, ["Aula", "Jabatan", "RW", "Hak suara", "Nama", "Telepon", "NIP", "Usia"])
        sheet.write_row(3, 1, ["Pejuang", "Ketua LPM", 5.0, True, "Siti", "081", "19800101", 41.0])
        sheet.write_row(4, 1, ["Pejuang", "Ketua PKK", "005", False, "Ani"])
        sheet.write_formula(6, 1, '="Pejuang"', None, "Pejuang")
        sheet.write_row(6, 2, ["Tokoh\nadat"])
        sheet.write_blank(900, 40, None, made.add_format({"bold": True}))

    found = checked("people", book(write), state())
    assert (found.faults, found.sheet, found.form, found.first) == ([], "Daftar hadir", "xlsx", 3)
    assert [(one["office"], one["rw"], one["vote"]) for one in found.new] == [
        ("Ketua LPM", "5", True),
        ("Ketua PKK", "005", False),
        ("Tokoh adat", "", True),
    ]
    assert [(one.name, one.phone, one.nip, one.age) for one in found.people.values()] == [
        ("Siti", "081", "19800101", 41),
        ("Ani", "", "", None),
    ]
    assert len(found.rows) == 4 and len(found.headings) == 9


def test_a_number_too_long_and_a_date_are_named_by_their_cells() -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["Aula", "Jabatan", "RW", "NIP"])
        sheet.write_row(1, 0, ["Pejuang", "Ketua LPM"])
        sheet.write_datetime(1, 2, datetime.datetime(2024, 1, 2), made.add_format({"num_format": "d-m"}))
        sheet.write_number(1, 3, 198001012005011001)
        sheet.write_row(2, 0, ["Antah", "Ketua"])

    found = checked("people", book(write), state())
    assert {(one.cell, one.why) for one in found.faults} == {
        ("C2", "is_date"),
        ("D2", "rounded"),
        ("A3", "unknown_hall"),
    }
    rows = cells_of(marked("people", found, "id"))
    assert str(rows[2][0]).startswith("Aula: tidak ada di sidang ini") and rows[2][1] == "Antah"


def test_a_formula_that_ended_in_an_error_is_a_fault_and_no_empty_cell() -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("Sumber").write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet = made.add_worksheet("Daftar & nama")
        sheet.write_row(1, 1, ["Aula", "Jabatan", "Nama", "Catatan"])
        sheet.write_row(2, 1, ["Pejuang", "Ketua LPM"])
        sheet.write_formula(2, 3, "=VLOOKUP(A1,Sumber!A1:A1,1,0)", None, "#N/A")
        sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 1, ["Pejuang"])
        sheet.write_formula(3, 2, "=#REF!", None, "#REF!")

    found = checked("people", book(write), state())
    assert [(one.cell, one.why, one.value) for one in found.faults] == [
        ("D3", "error_value", "#N/A"),
        ("C4", "error_value", "#REF!"),
    ]
    assert (found.people, found.new, found.ignored) == ({}, [], ["Catatan"])
    assert [row[3] for row in cells_of(marked("people", found, "id"))[1:]] == ["Ketua LPM", "#REF!"]


def moved(body: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The same workbook with other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as packed, zipfile.ZipFile(out, "w") as made:
        for name in packed.namelist():
            made.writestr(*change(name, packed.read(name)))
    return out.getvalue()


def test_errors_are_found_however_the_workbook_names_its_parts_and_where_cells_do_not_say_their_place() -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("Orang")
        sheet.write_row(0, 0, ["Aula", "Jabatan"])
        sheet.write_row(1, 0, ["Pejuang"])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    def otherwise(name: str, part: bytes) -> tuple[str, bytes]:
        part = part.replace(b'Target="worksheets/sheet1.xml"', b'Target="/xl/lembar/satu.xml"')
        part = part.replace(b"/xl/worksheets/sheet1.xml", b"/xl/lembar/satu.xml")
        if name != "xl/worksheets/sheet1.xml":
            return name, part
        return "xl/lembar/satu.xml", re.sub(rb' r="[A-Z]*[0-9]+"', b"", part).replace(b't="e"', b"t='e'")

    found = checked("people", moved(book(write), otherwise), state())
    assert [(one.cell, one.why) for one in found.faults] == [("B2", "error_value")]


@pytest.mark.parametrize(
    "cell", ['=cmd|" /C calc"!A0', "+62 812", "-1", "@SUM(A1)", "007", "https://x.example", "a\n1"]
)
def test_every_cell_written_is_text_and_reads_the_same(cell: str) -> None:
    assert cells_of(xlsx_of("Orang", [["Nama"], [cell]])) == [["Nama"], [cell]]
    with zipfile.ZipFile(io.BytesIO(xlsx_of("Orang", [[cell]]))) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet and b"hyperlink" not in sheet


def test_the_empty_workbook_offers_what_may_be_chosen() -> None:
    with zipfile.ZipFile(io.BytesIO(sample("people", "id", "xlsx"))) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("ya,tidak") == 3 and sheet.count('"L,P"') == 1


def test_other_workbooks_are_read_too() -> None:
    found = checked("people", ods(("Aula", "Jabatan"), ("Pejuang", "Ketua LPM")), state())
    assert (found.faults, found.sheet, [one["office"] for one in found.new]) == ([], "Satu", ["Ketua LPM"])


def test_an_old_workbook_is_read() -> None:
    """Made by xlwt: a title, headings in line 3, a number for RW."""
    found = checked("people", (Path(__file__).parent / "old.xls").read_bytes(), state())
    assert (found.faults, [(one["office"], one["rw"]) for one in found.new]) == ([], [("Ketua LPM", "5")])


def other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def swollen() -> bytes:
    """A few megabytes that unpack to more than its reader may take."""

    def write(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet().write_row(0, 0, ["Aula", "Jabatan"])

    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(write))) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as after,
    ):
        for name in before.namelist():
            if name != "xl/worksheets/sheet1.xml":
                after.writestr(name, before.read(name))
        with after.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b"<worksheet><sheetData><row><c t='inlineStr'><is><t>")
            for _ in range(600):
                sheet.write(b"a" * (1 << 20))
            sheet.write(b"</t></is></c></row></sheetData></worksheet>")
    return out.getvalue()


def far_corner() -> bytes:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["Aula", "Jabatan"])
        sheet.write(1_048_575, 16_383, "x")

    return book(write)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"PK\x03\x04 a workbook", "not_a_list"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_a_list"),
        (other_zip(), "not_a_list"),
        (book(lambda made: None), "not_a_list"),
        (xlsx_of("Orang", [["Nama"], ["Siti"]]), "columns_missing"),
        (xlsx_of("Orang", [["Aula", "Jabatan"], *[["Pejuang", f"Ketua {n}"] for n in range(5001)]]), "list_too_long"),
        (far_corner(), "workbook_too_heavy"),
    ],
    ids=["broken", "old and broken", "another zip", "empty", "other headings", "long", "a far corner"],
)
def test_what_is_no_list_or_too_much_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        checked("people", body, state())
    assert refused.value.code == code


def test_a_workbook_that_unpacks_to_too_much_ends_its_reader_alone() -> None:
    body = swollen()
    assert len(body) < 8 << 20 and form_of(body) == "xlsx"
    with pytest.raises(Refused, match="workbook_too_heavy"):
        read(body)


def test_a_reader_that_says_more_than_any_list_holds_is_not_listened_to() -> None:
    """A few kilobytes that its reader may unpack, and would write out as 600 MB."""
    shared = "é" * 1000

    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        for line in range(10_000):
            for column in range(10):
                sheet.write_string(line, column, shared)

    body = book(write)
    assert len(body) < 1 << 20
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="workbook_too_heavy"):
            asked(body)
        assert tracemalloc.get_traced_memory()[1] < 2 * OUTPUT_MOST
    finally:
        tracemalloc.stop()


def test_a_reader_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Refused, match="workbook_too_heavy"):
        asked(xlsx_of("Orang", [["Aula"]]), time_s=0.001)


def test_the_reader_of_a_workbook_can_write_no_file(tmp_path: Path) -> None:
    file = tmp_path / "taken"
    code = f"import server.interchange.sheet_worker as worker; worker.limited(); open({str(file)!r}, 'w').write('x')"
    subprocess.run((sys.executable, "-c", code), capture_output=True, check=False)
    assert file.stat().st_size == 0
