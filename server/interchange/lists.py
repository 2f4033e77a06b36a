"""Lists of halls and of people as a spreadsheet saves them: found in it, checked, and handed back marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from server.interchange.rows import Checked, Halls, Seats, plain
from server.interchange.sheets import CSV, Sheet, csv_of, form_of, read, xlsx_of
from server.interchange.words import CHOICES, COLUMNS, column, said
from server.store.people import Person
from sessions.errors import Refused
from sessions.ids import SeatId
from sessions.state import State

ROWS_MOST = 5000
HEADINGS_WITHIN = 20  # lines: above them stands a title, an agency, a date
NEEDED = {"halls": ("name",), "people": ("hall", "office")}
SHEET_NAMES = {"halls": ("Aula", "Halls"), "people": ("Orang", "People")}


def checked(kind: str, body: bytes, state: State, stored: Mapping[SeatId, Person] = MappingProxyType({})) -> Checked:
    """kind: "halls" or "people". stored: who is known, empty for halls. Waits for a child process where body is a
    workbook.

    Raises Refused: not_a_list, workbook_too_heavy, list_too_long {most}, columns_missing {columns}, columns_twice
    {columns}.
    """
    found = located(kind, read(body))
    found.form = form_of(body)
    names = [column(kind, heading) for heading in found.headings]
    twice = [heading for name, heading in zip(names, found.headings, strict=True) if name and names.count(name) > 1]
    if twice:
        raise Refused("columns_twice", columns=", ".join(map(plain, twice)))
    found.ignored = [plain(one) for name, one in zip(names, found.headings, strict=True) if not name and one.strip()]
    told = [dict(zip(names, map(plain, row), strict=False)) for row in found.rows]
    reader = Halls(found, state, names) if kind == "halls" else Seats(found, state, names, stored)
    reader.read(told)
    found.faults.sort(key=lambda fault: (fault.line, len(fault.cell), fault.cell))
    return found


def located(kind: str, sheets: Sequence[Sheet]) -> Checked:
    """The first sheet that has all headings wanted in one of its first lines. Raises what checked() does."""
    for sheet in sheets:
        for at, row in enumerate(sheet.rows[:HEADINGS_WITHIN]):
            if not missing(kind, row):
                headings, *rows = trimmed(sheet.rows[at:])
                if sheet.long or len(rows) > ROWS_MOST:
                    raise Refused("list_too_long", most=ROWS_MOST)
                return Checked(headings, rows, at + 1, sheet.name)
    lines = [row for sheet in sheets for row in sheet.rows[:HEADINGS_WITHIN] if any(cell.strip() for cell in row)]
    if not lines:
        raise Refused("not_a_list")
    nearest = min((missing(kind, row) for row in lines), key=len)
    raise Refused("columns_missing", columns=", ".join(said(one, "id") for one in nearest))


def missing(kind: str, headings: Iterable[str]) -> list[str]:
    there = {column(kind, heading) for heading in headings}
    return [one for one in NEEDED[kind] if one not in there]


def trimmed(rows: Sequence[list[str]]) -> list[list[str]]:
    """Without the empty rows below and the empty columns beside them, which spreadsheets are full of."""
    wide = [max((at for at, cell in enumerate(row, 1) if cell.strip()), default=0) for row in rows]
    high = max((at for at, width in enumerate(wide, 1) if width), default=0)
    return [row[: max(wide)] for row in rows[:high]]


def marked(kind: str, found: Checked, language: str) -> bytes:
    """The list as it came, CSV or workbook, with a first column that says what is wrong with a row."""
    wrong: dict[int, list[str]] = {}
    for fault in found.faults:
        wrong.setdefault(fault.line, []).append(f"{said(fault.column, language)}: {said(fault.why, language)}")
    note = said("note", language)
    first = column(kind, found.headings[0]) == "note"
    rest = (row[1:] if first else row for row in found.rows)
    head = [note, *(found.headings[1:] if first else found.headings)]
    rows = [head, *(["; ".join(wrong.get(line, ())), *row] for line, row in enumerate(rest, found.first + 1))]
    return csv_of(rows) if found.form == CSV else xlsx_of(sheet_name(kind, language), rows)


def sample(kind: str, language: str, form: str) -> bytes:
    """An empty list with its headings, CSV or XLSX."""
    rows = [[said(one, language) for one in COLUMNS[kind]]]
    if form == CSV:
        return csv_of(rows)
    return xlsx_of(sheet_name(kind, language), rows, offered(kind, language), ROWS_MOST)


def offered(kind: str, language: str) -> dict[int, list[str]]:
    """Which columns of a workbook offer what may stand in them."""
    return {at: said(CHOICES[one], language).split("|") for at, one in enumerate(COLUMNS[kind]) if one in CHOICES}


def sheet_name(kind: str, language: str) -> str:
    return SHEET_NAMES[kind][0 if language == "id" else 1]
