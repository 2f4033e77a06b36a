"""Lists from spreadsheets: what is read of them, what is wrong with a row, and that no cell becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import pytest

from server.interchange.lists import checked, sample
from server.interchange.lists import marked as marked_bytes
from server.interchange.rows import Checked, letters
from server.interchange.sheets import csv_of
from server.store.people import Person
from sessions.errors import Refused
from sessions.ids import HallId, SeatId, SessionId
from sessions.model.people import Hall, Seat
from sessions.state import State, initial

PEOPLE = "Kode;Aula;Jabatan;RW;Hak suara;Nama\n"


def state() -> State:
    halls = {HallId("pejuang"): Hall(HallId("pejuang"), "Pejuang", "Medansatria", 1)}
    seats = {SeatId("s1"): Seat(SeatId("s1"), HallId("pejuang"), "Ketua RW 01", True, True)}
    return replace(initial(SessionId("s")), halls=halls, seats=seats)


def marked(kind: str, found: Checked, language: str) -> str:
    return marked_bytes(kind, found, language).decode("utf-8-sig")


def people(*rows: Sequence[str], heads: str = PEOPLE) -> Checked:
    return checked("people", (heads + "".join(";".join(row) + "\n" for row in rows)).encode(), state())


def test_a_list_of_regions_makes_a_hall_of_each_kelurahan() -> None:
    body = b"code,parent_code,level,name\n31.71,31,city,KOTA\n31.71.01,31.71,kecamatan,Gambir\n"
    body += b"31.71.01.1001,31.71.01,kelurahan,Gambir\n31.71.01.1002,31.71.01,kelurahan,Cideng\n"
    found = checked("halls", body, state())
    assert found.faults == []
    assert found.new == [
        {"hall": "31-71-01-1001", "name": "Gambir", "kecamatan": "Gambir"},
        {"hall": "31-71-01-1002", "name": "Cideng", "kecamatan": "Gambir"},
    ]


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_a_list_is_read_however_the_spreadsheet_wrote_it(coding: str, divider: str) -> None:
    rows = "Aula;Jabatan;Nama\r\nPejuang;Ketua LPM;Café\r\n".replace(";", divider)
    found = checked("people", rows.encode(coding), state())
    assert [one["office"] for one in found.new] == ["Ketua LPM"] and found.faults == []
    assert [one.name for one in found.people.values()] == ["Café"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Daftar aula, Kota Bekasi, 15 Maret 2027;\nKelurahan;Kecamatan\nPejuang Baru;Medan\n", ["Pejuang Baru"]),
        ("Daftar aula, 2027\nKelurahan\tKecamatan\nPejuang Baru\tMedan\n", ["Pejuang Baru"]),
        ('Daftar; Bekasi\nKelurahan,Kecamatan\n"Baru, Lama",Medan\n', ["Baru, Lama"]),
        ("Kelurahan\nBaru, Lama\n", ["Baru, Lama"]),
    ],
)
def test_what_divides_the_headings_divides_the_list_whatever_stands_above_them(text: str, names: list[str]) -> None:
    assert [one["name"] for one in checked("halls", text.encode(), state()).new] == names


def test_what_nobody_sees_in_a_cell_is_not_taken() -> None:
    found = people(("", "Pejuang", "Ketua\x07 LPM\x7f", "", "ya", "Si\x01ti"))
    assert [one["office"] for one in found.new] == ["Ketua LPM"]
    assert [one.name for one in found.people.values()] == ["Siti"]


def test_a_seat_that_is_there_is_known_by_its_office_and_a_new_one_has_the_same_code_each_time() -> None:
    body = (PEOPLE + ";pejuang;ketua rw 01;01;ya;Siti\n;Pejuang;Ketua PKK;;tidak;\n").encode()
    first, again = checked("people", body, state()), checked("people", body, state())
    assert (first.known, len(first.new), list(first.people)) == (1, 1, ["s1"])
    assert first.new == again.new and first.new[0]["vote"] is False


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (";Pejuang;;;;", "office", "missing"),
        (";;Ketua;;;", "hall", "missing"),
        (";Antah;Ketua;;;", "hall", "unknown_hall"),
        (";Pejuang;" + "x" * 81 + ";;;", "office", "too_long"),
        (";Pejuang;Ketua;;mungkin;", "vote", "yes_or_no"),
        ("kode?;Pejuang;Ketua;;;", "code", "bad_code"),
        (";Pejuang;Ketua;;;\n;Pejuang;KETUA;;;", "office", "twice"),
    ],
)
def test_each_wrong_row_says_where_and_why(row: str, column: str, why: str) -> None:
    found = checked("people", (PEOPLE + row + "\n").encode(), state())
    assert [(fault.column, fault.why) for fault in found.faults] == [(column, why)]
    assert found.faults[0].line == 2 + row.count("\n")


def opened(found: State) -> State:
    return replace(found, session=replace(found.session, phase="open"))


def test_what_a_list_says_otherwise_of_a_seat_that_is_there_is_changed_and_what_it_leaves_out_is_not() -> None:
    heads = "Kode;Aula;Jabatan;RW;Hak suara;Hak bicara\n"
    assert people(("", "Pejuang", "ketua rw 01", "", "", ""), heads=heads).changed == []
    found = people(("s1", "Pejuang", "Ketua RW 1", "01", "tidak", ""), heads=heads)
    assert (found.faults, found.known, found.new) == ([], 1, [])
    assert found.changed == [{"seat": "s1", "office": "Ketua RW 1", "rw": "01", "vote": False}]


def test_a_hall_found_by_its_code_is_called_otherwise_until_the_session_is_opened() -> None:
    found = checked("halls", b"Kode;Kelurahan;Kecamatan\npejuang;Pejuang Jaya;\n", state())
    assert (found.faults, found.known, found.new) == ([], 1, [])
    assert found.changed == [{"hall": "pejuang", "name": "Pejuang Jaya"}]
    late = checked("halls", b"Kode;Kelurahan;Kecamatan\npejuang;Pejuang;Barat\n", opened(state()))
    assert [(one.column, one.why, one.value) for one in late.faults] == [("kecamatan", "settled", "Medansatria")]
    unsure = checked("halls", b"Kelurahan\nPEJUANG\n", state())
    assert [(one.column, one.why) for one in unsure.faults] == [("name", "taken")] and unsure.changed == []


def test_an_office_is_settled_once_the_session_was_opened_and_a_code_never_moves_to_another_hall() -> None:
    halls = {**state().halls, HallId("jatiasih"): Hall(HallId("jatiasih"), "Jatiasih", "Jatiasih", 2)}
    seats = {**state().seats, SeatId("s2"): Seat(SeatId("s2"), HallId("pejuang"), "LPM", True, True)}
    there = replace(state(), halls=halls, seats=seats)

    def faults(row: str, at: State) -> list[tuple[str, str]]:
        return [(one.column, one.why) for one in checked("people", (PEOPLE + row).encode(), at).faults]

    assert faults("s1;Jatiasih;Ketua RW 01;;;\n", there) == [("code", "taken")]
    assert faults("s1;Pejuang;lpm;;;\n", there) == [("office", "taken")], "by a seat that is in no row"
    assert faults("s1;Pejuang;Ketua RW 1;;;\n", opened(there)) == [("office", "settled")]


def test_of_the_same_person_an_empty_cell_leaves_what_is_known_and_each_change_is_told() -> None:
    siti = Person("Siti Aminah", 41, "P", True, "PKK", "Gg. Mawar", "081234567890", "1987")
    heading = "Kelurahan;Jabatan;Nama;Umur;Telepon\n"

    def found(row: str) -> Checked:
        return checked("people", (heading + row).encode(), state(), {SeatId("s1"): siti})

    assert found("Pejuang;Ketua RW 01;siti aminah;;\n").people == {SeatId("s1"): replace(siti, name="siti aminah")}
    assert found("Pejuang;Ketua RW 01;Siti Aminah;;\n").people == {}
    older = found("Pejuang;Ketua RW 01;Siti Aminah;42;\n")
    assert older.people == {SeatId("s1"): replace(siti, age=42)}
    assert [(one.column, one.was, one.now) for one in older.changes] == [("age", "41", "42")]
    other = found("Pejuang;Ketua RW 01;Budi Santoso;;081300000000\n")
    assert other.people == {SeatId("s1"): Person("Budi Santoso", phone="081300000000")}, "nothing of the last one"
    told = [(one.column, one.was, one.now) for one in other.changes]
    assert ("person", "Siti Aminah", "Budi Santoso") in told
    assert ("nip", "1987", "") in told and ("disability", True, "") in told


def test_two_seats_change_offices_with_each_other_but_never_end_with_the_same() -> None:
    seats = {**state().seats, SeatId("s2"): Seat(SeatId("s2"), HallId("pejuang"), "LPM", True, True)}
    there = replace(state(), seats=seats)

    def found(rows: str) -> Checked:
        return checked("people", (PEOPLE + rows).encode(), there)

    swapped = found("s1;Pejuang;LPM;;;\ns2;Pejuang;Ketua RW 01;;;\n")
    assert swapped.faults == []
    assert swapped.changed == [{"seat": "s1", "office": "LPM"}, {"seat": "s2", "office": "Ketua RW 01"}]
    both = found("s1;Pejuang;Tokoh;;;\ns2;Pejuang;tokoh;;;\n")
    assert [(one.line, one.column, one.why) for one in both.faults] == [(2, "office", "twice"), (3, "office", "twice")]
    added = found("s1;Pejuang;Tokoh;;;\n;Pejuang;Tokoh;;;\n")
    assert [(one.line, one.why) for one in added.faults] == [(2, "twice"), (3, "twice")]


@pytest.mark.parametrize("value", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "Err:502"])
def test_the_error_of_a_formula_is_a_fault_of_its_cell_wherever_it_is_read(value: str) -> None:
    found = people(("", "Pejuang", "Ketua LPM", "", "ya", value))
    assert [(one.cell, one.why, one.value) for one in found.faults] == [("F2", "error_value", value)]
    assert people(("", "Pejuang", "Ketua LPM", "", "ya", "#1")).faults == []


def test_the_marked_list_comes_back_without_its_marks_once_it_is_corrected() -> None:
    body = (PEOPLE + ";Antah;Ketua;;;+62 812\n").encode()
    text = marked("people", checked("people", body, state()), "id")
    (head, row) = csv.reader(io.StringIO(text), delimiter=";")
    assert head[0] == "Perlu diperbaiki" and row[0].startswith("Aula: tidak ada di sidang ini")
    again = checked("people", text.replace("Antah", "Pejuang").encode(), state())
    assert again.faults == [] and [one.name for one in again.people.values()] == ["+62 812"]
    assert marked("people", again, "id").count("Perlu diperbaiki") == 1


@pytest.mark.parametrize("cell", ['=cmd|" /C calc"!A0', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_nothing_that_is_handed_back_is_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_of([[cell]]).decode("utf-8-sig"), newline=""), delimiter=";")
    assert row == [f"'{cell}"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_a_list"),
        (b"PK\x03\x04 a workbook", "not_a_list"),
        (b"a;b\0;c", "not_a_list"),
        (b"Aula;Jabatan\n" + b"x" * 200_000 + b";y", "not_a_list"),
        (b"\xff\xfe\x00", "not_a_list"),
        (b"Nama\nSiti", "columns_missing"),
        (b"Aula;Jabatan\n" + b"Pejuang;Ketua\n" * 20_000, "list_too_long"),
    ],
)
def test_what_is_no_list_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        checked("people", body, state())
    assert refused.value.code == code


def test_five_thousand_people_are_checked() -> None:
    rows = "".join(f";Pejuang;Ketua RT {number};;ya;Orang\n" for number in range(5000))
    found = checked("people", (PEOPLE + rows).encode(), state())
    assert (len(found.new), found.faults) == (5000, [])


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", ["halls", "people"])
def test_the_empty_list_has_all_columns_that_are_read(kind: str, language: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(kind, b"x\ny", state())
    assert refused.value.code == "columns_missing"
    for form in ("csv", "xlsx"):
        assert checked(kind, sample(kind, language, form), state()).faults == []


def test_age_sex_and_disability_are_read_as_people_write_them_and_unknown_where_nothing_is_said() -> None:
    heads = "Aula;Jabatan;Nama;Umur;L/P;Disabilitas\n"
    found = people(
        ("Pejuang", "Ketua LPM", "Siti", "45 th", "Perempuan", "ya"),
        ("Pejuang", "Ketua PKK", "Budi", "0", "m", "tidak"),
        ("Pejuang", "Warga", "Ana", "", "", ""),
        heads=heads,
    )
    assert found.faults == []
    assert list(found.people.values()) == [
        Person("Siti", 45, "P", True),
        Person("Budi", 0, "L", False),
        Person("Ana"),
    ]
    wrong = people(("Pejuang", "Ketua LPM", "Siti", "131", "x", "mungkin"), heads=heads)
    assert [(one.cell, one.why) for one in wrong.faults] == [("D2", "bad_age"), ("E2", "l_or_p"), ("F2", "yes_or_no")]
    mixed = people(("mungkin", "Antah", "x" * 81), heads="Hak suara;Aula;Jabatan\n")
    assert [one.cell for one in mixed.faults] == ["A2", "B2", "C2"]
    assert wrong.people == {} and wrong.new == []


def test_headings_are_known_as_offices_write_them() -> None:
    halls = checked("halls", b"No;Nama Kelurahan;Nama Kecamatan\n1;Baru;Timur\n", state())
    assert (halls.new, halls.ignored) == ([{"hall": "baru", "name": "Baru", "kecamatan": "Timur"}], ["No"])
    heads = "Nama Kelurahan;Jabatan/Unsur;Nama Peserta;Jenis Kelamin (L/P);No HP\n"
    found = people(("Pejuang", "Ketua LPM", "Siti", "P", "0812"), heads=heads)
    assert list(found.people.values()) == [Person("Siti", sex="P", phone="0812")] and found.ignored == []


def test_what_a_spreadsheet_spoiled_is_a_fault_and_a_lost_nought_comes_back() -> None:
    heads = "Aula;Jabatan;RW;Nama;Telepon;NIP\n"
    rows = (
        ("Pejuang", "Ketua LPM", "2024-01-02", "Siti", "", "1,98001E+17"),
        ("Pejuang", "PKK", "05", "B", "81234567890", ""),
    )
    found = people(*rows, heads=heads)
    assert {(one.cell, one.why) for one in found.faults} == {("C2", "is_date"), ("F2", "rounded")}
    assert [one["rw"] for one in found.new] == ["05"]
    assert [one.phone for one in found.people.values()] == ["081234567890"]


def test_headings_may_stand_below_a_title_and_lines_keep_their_numbers() -> None:
    body = "DAFTAR PESERTA\n\nKecamatan Medansatria;;\n Aula ;Jabatan;\nPejuang;Ketua LPM;\n;;\nAntah;Ketua;\n;;\n"
    found = checked("people", body.encode(), state())
    assert (found.first, len(found.new), found.headings) == (4, 1, [" Aula ", "Jabatan"])
    assert [(one.line, one.cell, one.why) for one in found.faults] == [(7, "A7", "unknown_hall")]
    assert marked("people", found, "id").count("Perlu diperbaiki") == 1


def test_columns_are_named_as_a_spreadsheet_names_them() -> None:
    assert [letters(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_a_column_nobody_knows_is_told_and_two_of_one_meaning_are_refused() -> None:
    found = people(["", "Pejuang", "Ketua RW 02", "3"], heads="Kode;Aula;Jabatan;Nomor  urut\n")
    assert (found.ignored, len(found.new), found.faults) == (["Nomor urut"], 1, [])
    with pytest.raises(Refused) as refused:
        people(["Pejuang", "Pejuang", "Ketua RW 02"], heads="Kelurahan;Aula;Jabatan\n")
    assert (refused.value.code, refused.value.data) == ("columns_twice", {"columns": "Kelurahan, Aula"})
