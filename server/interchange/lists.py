"""Lists of halls and of people as a spreadsheet saves them (CSV): read, checked row by row, and handed back marked."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.interchange.words import COLUMNS, column, said
from server.store.people import Person
from sessions.errors import Refused
from sessions.ids import HallId, SeatId
from sessions.model.people import Hall
from sessions.shape import IDENT
from sessions.state import State

ROWS_MOST = 5000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
YES, NO = frozenset({"ya", "y", "yes", "1", "true"}), frozenset({"tidak", "t", "no", "n", "0", "false"})
LONGEST = {
    "name": 80, "kecamatan": 80, "office": 80, "rw": 8, "person": 120,
    "organisation": 160, "address": 240, "phone": 40, "nip": 40,
}  # fmt: skip
NEEDED = {"halls": ("name",), "people": ("hall", "office")}


@dataclass(frozen=True, slots=True)
class Fault:
    """line: as a spreadsheet numbers it, the headings being 1. column, why: as in server/interchange/words.py."""

    line: int
    column: str
    why: str
    value: str = ""


@dataclass(slots=True)
class Checked:
    """What a list would change. new: halls or seats; known: rows that name what is there already."""

    headings: list[str]
    rows: list[list[str]]
    new: list[dict[str, Any]] = field(default_factory=list)
    known: int = 0
    people: dict[SeatId, Person] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def checked(kind: str, body: bytes, state: State) -> Checked:
    """kind: "halls" or "people". Raises Refused: not_a_csv, list_too_long {most}, columns_missing {columns}."""
    headings, rows = table(body)
    names = [column(kind, heading) for heading in headings]
    if missing := [one for one in NEEDED[kind] if one not in names]:
        raise Refused("columns_missing", columns=", ".join(said(one, "id") for one in missing))
    found = Checked(headings, rows)
    told = [dict(zip(names, (plain(cell) for cell in row), strict=False)) for row in rows]
    if kind == "halls":
        Halls(found, state).read(told)
    else:
        Seats(found, state).read(told)
    found.faults.sort(key=lambda fault: fault.line)
    return found


def table(body: bytes) -> tuple[list[str], list[list[str]]]:
    """Headings and rows, whichever of comma, semicolon and tab divides them. Raises Refused."""
    try:
        content = decoded(body)
        first = content.partition("\n")[0]
        divider = max(";,\t", key=first.count)
        lines: list[list[str]] = []
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=divider):
            lines.append(row)
            if len(lines) > ROWS_MOST + 1:
                raise Refused("list_too_long", most=ROWS_MOST)
    except (UnicodeDecodeError, csv.Error):
        raise Refused("not_a_csv") from None
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise Refused("not_a_csv")
    return lines[0], lines[1:]


def decoded(body: bytes) -> str:
    """Spreadsheets write UTF-8 with a mark, UTF-16, or the code page of their Windows. Raises Refused("not_a_csv")."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = body.decode("utf-16")
    else:
        try:
            content = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            content = body.decode("cp1252")
    if "\0" in content or body.startswith(b"PK\x03\x04"):
        raise Refused("not_a_csv")
    return content


def plain(cell: str) -> str:
    """On one line, without the apostrophe that keeps a spreadsheet from reckoning with it."""
    text = " ".join(cell.split())
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA else text


def safe(cell: str) -> str:
    """What no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def written(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([safe(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def marked(kind: str, found: Checked, language: str) -> str:
    """The list as it came, with a first column that says what is wrong with a row."""
    wrong: dict[int, list[str]] = {}
    for fault in found.faults:
        wrong.setdefault(fault.line, []).append(f"{said(fault.column, language)}: {said(fault.why, language)}")
    note = said("note", language)
    first = column(kind, found.headings[0]) == "note"
    rest = (row[1:] if first else row for row in found.rows)
    head = [note, *(found.headings[1:] if first else found.headings)]
    return written([head, *(["; ".join(wrong.get(line, ())), *row] for line, row in enumerate(rest, 2))])


def sample(kind: str, language: str) -> str:
    """An empty list with its headings."""
    return written([[said(one, language) for one in COLUMNS[kind]]])


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:40].strip("-")


class Reader:
    """One list against one state; what is wrong goes into found.faults."""

    def __init__(self, found: Checked, state: State) -> None:
        self.found = found
        self.state = state

    def fault(self, line: int, column: str, why: str, value: str = "") -> None:
        self.found.faults.append(Fault(line, column, why, value[:80]))

    def short(self, line: int, row: Mapping[str, str], *columns: str) -> bool:
        """Whether none of these is too long."""
        long = [one for one in columns if len(row.get(one, "")) > LONGEST[one]]
        for one in long:
            self.fault(line, one, "too_long", row[one])
        return not long

    def identity(self, line: int, code: str) -> str | None:
        """A code as an id, None for one that cannot be."""
        wanted = code.replace(".", "-")
        if IDENT.fullmatch(wanted):
            return wanted
        self.fault(line, "code", "bad_code", code)
        return None


class Halls(Reader):
    """Also as regions are listed: code, parent code, level and name, of which only the kelurahan become halls."""

    def read(self, told: list[dict[str, str]]) -> None:
        regions = {row.get("code", ""): row.get("name", "") for row in told}
        met: set[str] = set()
        for line, row in enumerate(told, 2):
            if not any(row.values()) or row.get("level", "kelurahan").casefold() not in ("kelurahan", "desa"):
                continue
            row.setdefault("kecamatan", regions.get(row.get("parent", ""), ""))
            self.hall(line, row, met)

    def hall(self, line: int, row: dict[str, str], met: set[str]) -> None:
        name = row.get("name", "")
        if not name:
            return self.fault(line, "name", "missing")
        if not self.short(line, row, "name", "kecamatan"):
            return None
        hall = self.identity(line, row.get("code") or slug(name))
        if hall is None:
            return None
        if hall in met:
            return self.fault(line, "code" if row.get("code") else "name", "twice", row.get("code") or name)
        met.add(hall)
        there = self.state.halls.get(HallId(hall))
        if there is None:
            self.found.new.append({"hall": hall, "name": name, "kecamatan": row["kecamatan"]})
        elif there.name == name:
            self.found.known += 1
        else:
            self.fault(line, "code" if row.get("code") else "name", "taken", there.name)
        return None


class Seats(Reader):
    """A seat is known by its code, or else by its hall and office: the same list twice is harmless."""

    def read(self, told: list[dict[str, str]]) -> None:
        self.halls: dict[str, list[Hall]] = {}
        for hall in self.state.halls.values():
            for name in {hall.id.casefold(), hall.name.casefold()}:
                self.halls.setdefault(name, []).append(hall)
        self.there = {(seat.hall, seat.office.casefold()): seat.id for seat in self.state.seats.values()}
        self.met: set[str] = set()
        for line, row in enumerate(told, 2):
            if any(row.values()):
                self.seat(line, row)

    def seat(self, line: int, row: dict[str, str]) -> None:
        before = len(self.found.faults)
        halls = self.halls.get(row.get("hall", "").replace(".", "-").casefold()) or self.halls.get(
            row.get("hall", "").casefold(), []
        )
        office = row.get("office", "")
        if len(halls) != 1:
            why = "missing" if not row.get("hall") else "two_halls" if halls else "unknown_hall"
            self.fault(line, "hall", why, row.get("hall", ""))
        if not office:
            self.fault(line, "office", "missing")
        self.short(line, row, "office", "rw", "person", "organisation", "address", "phone", "nip")
        vote, voice = self.yes(line, row, "vote"), self.yes(line, row, "voice")
        code = self.identity(line, row["code"]) if row.get("code") else ""
        if len(self.found.faults) == before and code is not None:
            self.place(line, row, halls[0].id, SeatId(code), {"vote": vote, "voice": voice})

    def place(self, line: int, row: dict[str, str], hall: HallId, code: SeatId, rights: dict[str, bool]) -> None:
        office, column = row["office"], "code" if code else "office"
        named = (hall, office.casefold())
        seat = code or self.there.get(named) or SeatId(hashlib.sha256(repr(named).encode()).hexdigest()[:16])
        if seat in self.met:
            return self.fault(line, column, "twice", code or office)
        self.met.add(seat)
        there = self.state.seats.get(seat)
        if there is not None and (there.hall, there.office.casefold()) != named:
            return self.fault(line, "code", "taken", there.office)
        if there is not None:
            self.found.known += 1
        else:
            new = {"seat": seat, "hall": hall, "office": office, "rw": row.get("rw", ""), **rights}
            self.found.new.append(new)
        if name := row.get("person"):
            told = [row.get(one, "") for one in ("organisation", "address", "phone", "nip")]
            organisation, address, phone, nip = told
            self.found.people[seat] = Person(name, organisation=organisation, address=address, phone=phone, nip=nip)
        return None

    def yes(self, line: int, row: Mapping[str, str], column: str) -> bool:
        """A right, given where nothing is said."""
        value = row.get(column, "").casefold()
        if value and value not in YES | NO:
            self.fault(line, column, "yes_or_no", value)
        return value not in NO
