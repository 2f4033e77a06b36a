"""The list of what is there already: downloaded, corrected and brought again, with nothing lost, added or reckoned."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields, replace

import pytest

from server.interchange.filled import filled
from server.interchange.lists import checked
from server.interchange.rows import Change, Checked
from server.interchange.sheets import read, xlsx_of
from server.interchange.words import COLUMNS
from server.store.people import Person
from sessions.ids import HallId, SeatId, SessionId
from sessions.model.people import Hall, Seat
from sessions.state import State, initial

PEOPLE = {
    SeatId("s1"): Person("Siti", 45, "P", True, "PKK", "Jl. Melati 2", "+62 812", "198001012005011001"),
    SeatId("s2"): Person('=cmd|" /C calc"!A0', 0, "L", False, "@SUM(A1)", "-1", "081234567890", "007"),
    SeatId("s10"): Person("Ana"),
}


def state() -> State:
    halls = [Hall(HallId("32-75-01"), "Pejuang", "Medansatria", 2), Hall(HallId("jaya"), "Jaya", "Timur", 1)]
    halls += [Hall(HallId("jaya-2"), "JAYA", "Barat", 3), Hall(HallId("wide"), "Kali  Baru", "Timur  Jauh", 4)]
    seats = [
        Seat(SeatId("s10"), HallId("32-75-01"), "Ketua RW 10", True, False, rw="10"),
        Seat(SeatId("s2"), HallId("32-75-01"), "Ketua RW 2", False, True, rw="02"),
        Seat(SeatId("s1"), HallId("jaya"), "+Ketua LPM", True, True),
        Seat(SeatId("empty"), HallId("jaya-2"), "Tokoh", True, True),
        Seat(SeatId("wide"), HallId("wide"), "Ketua  LPM", True, True),
    ]
    there = {hall.id: hall for hall in halls}
    return replace(initial(SessionId("s")), halls=there, seats={seat.id: seat for seat in seats})


def again(kind: str, language: str) -> Checked:
    return checked(kind, filled(kind, state(), PEOPLE if kind == "people" else {}, language), state())


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_downloaded_and_brought_again_untouched_changes_nothing(language: str) -> None:
    halls, people = again("halls", language), again("people", language)
    assert (halls.faults, halls.new, halls.changed, halls.known) == ([], [], [], 4)
    assert (people.faults, people.new, people.changed, people.known) == ([], [], [], 5)
    assert people.people == PEOPLE and not halls.ignored and not people.ignored


def test_halls_stand_in_their_order_and_the_second_rw_before_the_tenth() -> None:
    (halls,), (people,) = read(filled("halls", state(), {}, "id")), read(filled("people", state(), PEOPLE, "id"))
    assert halls.rows == [["Kode", "Kelurahan", "Kecamatan"], *halls.rows[1:]]
    assert [row[1] for row in halls.rows[1:]] == ["Jaya", "Pejuang", "JAYA", "Kali  Baru"]
    places = [(row[0], row[1]) for row in people.rows[1:]]
    assert places == [
        ("s1", "jaya"),
        ("s2", "Pejuang"),
        ("s10", "Pejuang"),
        ("empty", "jaya-2"),
        ("wide", "Kali  Baru"),
    ]


def test_all_that_is_kept_of_somebody_and_nothing_else_is_in_it() -> None:
    assert len(COLUMNS["people"]) == len(fields(Person)) + len(("code", "hall", "office", "rw", "vote", "voice"))
    (people,) = read(filled("people", state(), PEOPLE, "en"))
    assert people.rows[3] == ["s10", "Pejuang", "Ketua RW 10", "10", "no", "yes", "Ana", *[""] * 7]


def test_what_was_corrected_is_changed_alone() -> None:
    (sheet,) = read(filled("people", state(), PEOPLE, "id"))
    rows = [list(row) for row in sheet.rows]
    rows[1][2], rows[2][4], rows[2][6] = "Ketua LPM", "tidak", "Budi"
    found = checked("people", xlsx_of(sheet.name, [*rows, ["", "Pejuang", "Ketua PKK"]]), state())
    assert (found.faults, [one["office"] for one in found.new]) == ([], ["Ketua PKK"])
    assert found.changed == [{"seat": "s1", "office": "Ketua LPM"}, {"seat": "s2", "vote": False}]
    assert found.people == {**PEOPLE, SeatId("s2"): replace(PEOPLE[SeatId("s2")], name="Budi")}


def test_no_cell_is_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(filled("people", state(), PEOPLE, "id"))) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
        assert b"=cmd|" in packed.read("xl/sharedStrings.xml")
    assert b"<f>" not in sheet and b"hyperlink" not in sheet


def test_a_list_older_than_what_others_did_since_says_what_it_would_undo() -> None:
    """Somebody was erased, a name was mended, a vote was taken away: what the old list brings back is told."""
    old = filled("people", state(), PEOPLE, "id")
    later = state()
    seats = {**later.seats, SeatId("s1"): replace(later.seats[SeatId("s1")], vote=False)}
    stored = {SeatId("s2"): PEOPLE[SeatId("s2")], SeatId("s10"): Person("Anna")}
    found = checked("people", old, replace(later, seats=seats), stored)
    assert found.faults == []
    assert found.people == {SeatId("s1"): PEOPLE[SeatId("s1")], SeatId("s10"): Person("Ana")}
    assert found.changes == [
        Change("Jaya · +Ketua LPM", "vote", False, True),
        Change("Jaya · +Ketua LPM", "person", "", "Siti"),
        Change("Pejuang · Ketua RW 10", "person", "Anna", "Ana"),
    ]
