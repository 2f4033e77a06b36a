"""The rows of a list of halls or of people, read one by one: what each would change, and what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from server.interchange.sheets import CSV, FORMULA
from server.store.people import KNOWN, Person
from sessions.ids import HallId, SeatId
from sessions.model.people import Hall
from sessions.noun import PREPARING
from sessions.shape import IDENT, UNPRINTABLE
from sessions.state import State

YES, NO = frozenset({"ya", "y", "yes", "1", "true"}), frozenset({"tidak", "t", "no", "n", "0", "false"})
MALE = frozenset({"l", "lk", "laki-laki", "laki", "pria", "m", "male"})
FEMALE = frozenset({"p", "pr", "perempuan", "wanita", "f", "female"})
AGE = re.compile(r"(\d{1,3})\s*(?:tahun|th|thn|years?)?\.?", re.IGNORECASE)
AGE_MOST = 130
ROUNDED = re.compile(r"-?\d([.,]\d+)?E\+\d+", re.IGNORECASE)  # 1,98E+17: Excel writes it so even as CSV
DATED = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")
BROKEN = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|BLOCKED!|FIELD!)|(Err|Galat):\d{3}")
MOBILE = re.compile(r"8\d{8,11}")  # the nought before it went when a spreadsheet took it for a number
LONGEST = {
    "name": 80, "kecamatan": 80, "office": 80, "rw": 8, "person": 120,
    "organisation": 160, "address": 240, "phone": 40, "nip": 40,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """line: as a spreadsheet numbers it. cell: as it names it, such as C7; empty where the list has no such column.

    column, why: as in server/interchange/words.py.
    """

    line: int
    column: str
    why: str
    value: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """of: the hall's name, or the hall's and the office. column: as in server/interchange/words.py."""

    of: str
    column: str
    was: str | bool
    now: str | bool


@dataclass(slots=True)
class Checked:
    """What a list would change. new: halls or seats; known: rows that name what is there already; changed: what of
    those becomes another, as `hall.edit` and `seat.edit` take it. changes: the same, told to whoever brings the list,
    and who is named on a seat that is there already: a list may be older than what others have done since.
    people: who is not stored so already.

    ignored: headings that mean no column, as they are written. first: the line of the headings. sheet: where in the
    workbook the list was found, empty for a CSV. form: what came.
    """

    headings: list[str]
    rows: list[list[str]]
    first: int = 1
    sheet: str = ""
    form: str = CSV
    ignored: list[str] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    known: int = 0
    changed: list[dict[str, Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    people: dict[SeatId, Person] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def plain(cell: str) -> str:
    """On one line, without what nobody sees, and the apostrophe that keeps a spreadsheet from reckoning with it."""
    text = UNPRINTABLE.sub("", " ".join(cell.split()))
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA else text


def cell(value: object) -> str | bool:
    """As a list writes it: nothing for what is not known."""
    return value if isinstance(value, bool) else "" if value is None else str(value)


def differs(stored: str | bool, told: str | bool) -> bool:
    return (plain(stored) if isinstance(stored, str) else stored) != told


def letters(at: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    before, own = divmod(at, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + own)


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:40].strip("-")


def spoiling(name: str, cell: str) -> str:
    """What a spreadsheet did to a cell of this column, as in server/interchange/words.py; empty for nothing."""
    if name == "note":
        return ""
    if BROKEN.fullmatch(cell):
        return "error_value"
    return "rounded" if ROUNDED.fullmatch(cell) else "is_date" if DATED.fullmatch(cell) else ""


class Reader:
    """One list against one state; what is wrong goes into found.faults."""

    def __init__(self, found: Checked, state: State, names: Sequence[str]) -> None:
        """names: which column each heading means, empty for one that nobody reads."""
        self.found = found
        self.state = state
        self.places = {name: letters(at) for at, name in enumerate(names) if name}

    def fault(self, line: int, column: str, why: str, value: str = "") -> None:
        cell = f"{self.places[column]}{line}" if column in self.places else ""
        self.found.faults.append(Fault(line, column, why, value[:80], cell))

    def lines(self, told: list[dict[str, str]]) -> Iterable[tuple[int, dict[str, str]]]:
        """Rows that say anything, with their lines; those whose cells the spreadsheet itself has spoiled are faults."""
        for line, row in enumerate(told, self.found.first + 1):
            spoiled = [(one, why) for one in self.places if (why := spoiling(one, row.get(one, "")))]
            for one, why in spoiled:
                self.fault(line, one, why, row[one])
            if not spoiled and any(row.values()):
                yield line, row

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
        for line, row in self.lines(told):
            if row.get("level", "kelurahan").casefold() not in ("kelurahan", "desa"):
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
        else:
            self.known(line, row, there)
        return None

    def known(self, line: int, row: Mapping[str, str], there: Hall) -> None:
        """A code says which hall is meant, so that what it is called may be corrected."""
        said_of_it = {name: row[name] for name in ("name", "kecamatan") if row.get(name)}
        told = {name: value for name, value in said_of_it.items() if value != plain(getattr(there, name))}
        if "name" in told and not row.get("code"):
            self.fault(line, "name", "taken", there.name)
        elif told and self.state.session.phase not in PREPARING:
            self.fault(line, min(told), "settled", getattr(there, min(told)))
        else:
            self.found.known += 1
            if told:
                self.found.changed.append({"hall": there.id, **told})
                self.found.changes += [Change(there.name, one, getattr(there, one), now) for one, now in told.items()]


class Seats(Reader):
    """A seat is known by its code, or else by its hall and office: the same list twice is harmless.

    Of a seat that is there, a list changes what it says: an empty cell leaves a right as it is.
    """

    def __init__(self, found: Checked, state: State, names: Sequence[str], stored: Mapping[SeatId, Person]) -> None:
        super().__init__(found, state, names)
        self.stored = stored
        self.halls: dict[str, list[Hall]] = {}
        for hall in state.halls.values():
            for name in {hall.id.casefold(), plain(hall.name).casefold()}:
                self.halls.setdefault(name, []).append(hall)
        self.offices = {seat.id: (seat.hall, plain(seat.office).casefold()) for seat in state.seats.values()}
        self.there = {office: seat for seat, office in self.offices.items()}
        self.met: set[str] = set()
        self.moved: list[tuple[int, SeatId, str]] = []

    def read(self, told: list[dict[str, str]]) -> None:
        for line, row in self.lines(told):
            self.seat(line, row)
        holders: dict[tuple[HallId, str], list[str]] = {}
        for holder, where in self.offices.items():
            holders.setdefault(where, []).append(holder)
        for line, seat, office in self.moved:
            others = [other for other in holders[self.offices[seat]] if other != seat]
            if others:
                self.fault(line, "office", "twice" if self.met.intersection(others) else "taken", office)

    def seat(self, line: int, row: dict[str, str]) -> None:
        faults = len(self.found.faults)
        halls = self.halls_named(row.get("hall", ""))
        office = row.get("office", "")
        if len(halls) != 1:
            why = "missing" if not row.get("hall") else "two_halls" if halls else "unknown_hall"
            self.fault(line, "hall", why, row.get("hall", ""))
        if not office:
            self.fault(line, "office", "missing")
        self.short(line, row, "office", "rw", "person", "organisation", "address", "phone", "nip")
        vote, voice = self.yes(line, row, "vote"), self.yes(line, row, "voice")
        code = self.identity(line, row["code"]) if row.get("code") else ""
        who = self.person(line, row)
        if len(self.found.faults) == faults and code is not None:
            seat = self.place(line, row, halls[0].id, SeatId(code), {"vote": vote, "voice": voice})
            if seat is not None and who.name:
                self.sits(seat, who)

    def sits(self, seat: SeatId, who: Person) -> None:
        """Of the same person an empty cell leaves what is known as it is; another one brings nothing of the last."""
        before = self.stored.get(seat, Person(""))
        if plain(who.name).casefold() == plain(before.name).casefold():
            said = {name: value for name in KNOWN if (value := getattr(who, name)) not in ("", None)}
            who = replace(before, **said)
        if who == before:
            return
        self.found.people[seat] = who
        if seat in self.state.seats:
            told = KNOWN if before.name else ("name",)
            self.found.changes += [
                Change(self.called(seat), "person" if name == "name" else name, cell(was), cell(now))
                for name in told
                if (was := getattr(before, name)) != (now := getattr(who, name))
            ]

    def called(self, seat: SeatId) -> str:
        there = self.state.seats[seat]
        return f"{self.state.halls[there.hall].name} · {there.office}"

    def halls_named(self, name: str) -> list[Hall]:
        """A code written as it is means its hall alone, also where another hall is called so."""
        if coded := self.state.halls.get(HallId(name)):
            return [coded]
        return self.halls.get(name.replace(".", "-").casefold()) or self.halls.get(name.casefold(), [])

    def place(
        self, line: int, row: dict[str, str], hall: HallId, code: SeatId, rights: dict[str, bool]
    ) -> SeatId | None:
        """The seat, known or new; None where the row cannot mean it."""
        office, column = row["office"], "code" if code else "office"
        named = (hall, office.casefold())
        seat = code or self.there.get(named) or SeatId(hashlib.sha256(repr(named).encode()).hexdigest()[:16])
        if seat in self.met:
            self.fault(line, column, "twice", code or office)
            return None
        self.met.add(seat)
        there = self.state.seats.get(seat)
        if there is None:
            new = {"seat": seat, "hall": hall, "office": office, "rw": row.get("rw", ""), **rights}
            self.found.new.append(new)
            self.moves(line, seat, hall, office)
            return seat
        if there.hall != hall:
            self.fault(line, "code", "taken", there.office)
            return None
        told: dict[str, Any] = {name: right for name, right in rights.items() if row.get(name)}
        if row.get("rw"):
            told["rw"] = row["rw"]
        if code and office != plain(there.office):
            if self.state.session.phase not in PREPARING:
                self.fault(line, "office", "settled", there.office)
                return None
            told["office"] = office
            self.moves(line, seat, hall, office)
        self.found.known += 1
        if told := {name: value for name, value in told.items() if differs(getattr(there, name), value)}:
            self.found.changed.append({"seat": seat, **told})
            called = self.called(seat)
            self.found.changes += [Change(called, one, getattr(there, one), now) for one, now in told.items()]
        return seat

    def moves(self, line: int, seat: SeatId, hall: HallId, office: str) -> None:
        """Two seats may change offices with each other; whether two end with the same is seen once all are read."""
        self.offices[seat] = (hall, office.casefold())
        self.moved.append((line, seat, office))

    def person(self, line: int, row: Mapping[str, str]) -> Person:
        """Who sits there, without a name where nobody is named; empty is what is not known."""
        age, sex, phone = row.get("age", ""), row.get("sex", "").casefold(), row.get("phone", "")
        years = AGE.fullmatch(age)
        if age and (years is None or int(years[1]) > AGE_MOST):
            self.fault(line, "age", "bad_age", age)
            years = None
        if sex and sex not in MALE | FEMALE:
            self.fault(line, "sex", "l_or_p", sex)
        return Person(
            row.get("person", ""),
            age=None if years is None else int(years[1]),
            sex="L" if sex in MALE else "P" if sex in FEMALE else "",
            disability=self.yes(line, row, "disability") if row.get("disability") else None,
            organisation=row.get("organisation", ""),
            address=row.get("address", ""),
            phone=f"0{phone}" if MOBILE.fullmatch(phone) else phone,
            nip=row.get("nip", ""),
        )

    def yes(self, line: int, row: Mapping[str, str], column: str) -> bool:
        """A right, given where nothing is said."""
        value = row.get(column, "").casefold()
        if value and value not in YES | NO:
            self.fault(line, column, "yes_or_no", value)
        return value not in NO
