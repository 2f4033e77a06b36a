"""The halls or the people that are there already as a list to correct: the columns and words that the import reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from server.interchange.lists import ROWS_MOST, offered, sheet_name
from server.interchange.sheets import xlsx_of
from server.interchange.words import CHOICES, COLUMNS, said
from server.printing import counted
from server.store.people import Person
from sessions.ids import SeatId
from sessions.model.people import Hall, Seat
from sessions.state import State

NOBODY = Person("")


def filled(kind: str, state: State, people: Mapping[SeatId, Person], language: str) -> bytes:
    """A workbook. kind: "halls" or "people"; people: empty for halls."""
    told = hall_rows(state) if kind == "halls" else seat_rows(state, people, language)
    heads = COLUMNS[kind]
    rows = [[said(one, language) for one in heads], *([row[one] for one in heads] for row in told)]
    return xlsx_of(sheet_name(kind, language), rows, offered(kind, language), max(ROWS_MOST, len(rows)))


def in_order(state: State) -> list[Hall]:
    return sorted(state.halls.values(), key=lambda hall: hall.order)


def hall_rows(state: State) -> Iterator[dict[str, str]]:
    for hall in in_order(state):
        yield {"code": hall.id, "name": hall.name, "kecamatan": hall.kecamatan}


def seat_rows(state: State, people: Mapping[SeatId, Person], language: str) -> Iterator[dict[str, str]]:
    """Hall by hall, the second RW before the tenth. A hall whose name is not its own alone is told by its code."""
    meant = Counter(name for hall in state.halls.values() for name in {hall.id.casefold(), hall.name.casefold()})
    seats: dict[str, list[Seat]] = {}
    for seat in sorted(state.seats.values(), key=lambda seat: (counted(seat.office), seat.id)):
        seats.setdefault(seat.hall, []).append(seat)
    for hall in in_order(state):
        name = hall.name if meant[hall.name.casefold()] == 1 else hall.id
        for seat in seats.get(hall.id, ()):
            yield {"hall": name, **seat_row(seat, people.get(seat.id, NOBODY), language)}


def seat_row(seat: Seat, who: Person, language: str) -> dict[str, str]:
    def choice(column: str, first: bool | None) -> str:
        yes, no = said(CHOICES[column], language).split("|")
        return "" if first is None else yes if first else no

    return {
        "code": seat.id,
        "office": seat.office,
        "rw": seat.rw,
        "vote": choice("vote", seat.vote),
        "voice": choice("voice", seat.voice),
        "person": who.name,
        "age": "" if who.age is None else str(who.age),
        "sex": choice("sex", who.sex == "L" if who.sex else None),
        "disability": choice("disability", who.disability),
        "organisation": who.organisation,
        "phone": who.phone,
        "address": who.address,
        "nip": who.nip,
    }
