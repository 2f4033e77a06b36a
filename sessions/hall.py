"""Halls and the seats in them, as the secretariat enters them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import HallId, SeatId
from sessions.model.attendance import Crowd
from sessions.model.nothing import put, put_all
from sessions.model.people import Hall, Seat
from sessions.noun import BEFORE_THE_END, PREPARING, Act, Moment, Noun, require_phase
from sessions.permissions import SECRETARIAT
from sessions.shape import flag, ident, integer, list_of, one_of, record, text
from sessions.state import State

# Whom a seat speaks for: the groups invitations and lists of attendance name (S0, S1, P8, P9).
CONSTITUENCIES = (
    "WOMEN",  # PKK, organisations of women
    "YOUTH",  # karang taruna
    "CHILDREN",  # forum anak
    "ELDERLY",  # lansia
    "DISABILITY",  # organisations of people with disabilities
    "RELIGIOUS",  # tokoh agama
    "COMMUNITY",  # tokoh masyarakat, mass organisations
    "BUSINESS",  # entrepreneurs, cooperatives, markets
    "EDUCATION",  # heads of schools
    "HEALTH",  # heads of puskesmas, posyandu
    "SECURITY",  # Danramil, Kapolsek, FKDM
    "RW",  # heads of RW
    "RT",  # heads of RT
    "LMK",  # LMK, LPM, dewan kota, BPD
    "COUNCIL",  # DPRD of the constituency
    "AGENCY",  # OPD, UKPD
    "GOVERNMENT",  # camat, lurah and their staff, Bappeda
)
SEATS_MOST = 5000


@dataclass(frozen=True, slots=True)
class AddHall:
    hall: HallId
    name: str
    kecamatan: str = ""
    order: int | None = None


@dataclass(frozen=True, slots=True)
class EditHall:
    """What stays None stays as it is."""

    hall: HallId
    name: str | None = None
    kecamatan: str | None = None


@dataclass(frozen=True, slots=True)
class AddSeat:
    """seat: None for one that the import gives an id."""

    hall: HallId
    office: str
    seat: SeatId | None = None
    voice: bool = True
    vote: bool = True
    constituency: str = ""
    rw: str = ""


@dataclass(frozen=True, slots=True)
class ImportSeats:
    seats: tuple[AddSeat, ...]


@dataclass(frozen=True, slots=True)
class EditSeat:
    """What stays None stays as it is."""

    seat: SeatId
    office: str | None = None
    voice: bool | None = None
    vote: bool | None = None
    constituency: str | None = None
    rw: str | None = None


@dataclass(frozen=True, slots=True)
class HallAdded:
    hall: HallId
    name: str
    kecamatan: str
    order: int


@dataclass(frozen=True, slots=True)
class HallEdited:
    """What the hall is called from now on; its id and its place in the wall never change."""

    hall: HallId
    name: str
    kecamatan: str


@dataclass(frozen=True, slots=True)
class SeatAdded:
    seat: SeatId
    hall: HallId
    office: str
    voice: bool
    vote: bool
    constituency: str = ""
    rw: str = ""


@dataclass(frozen=True, slots=True)
class SeatsImported:
    seats: tuple[SeatAdded, ...]


@dataclass(frozen=True, slots=True)
class SeatEdited:
    """The seat as it is from now on; its hall never changes."""

    seat: SeatId
    office: str
    voice: bool
    vote: bool
    constituency: str = ""
    rw: str = ""


def decide_add_hall(state: State, command: AddHall, moment: Moment) -> list[Any]:
    """Without an order the hall comes last."""
    require_phase(state, *BEFORE_THE_END)
    if command.hall in state.halls:
        raise Refused("already_exists", hall=command.hall)
    order = command.order or max((hall.order for hall in state.halls.values()), default=0) + 1
    return [HallAdded(command.hall, command.name, command.kecamatan, order)]


def decide_edit_hall(state: State, command: EditHall, moment: Moment) -> list[Any]:
    """Until the session is opened: by its name people find their hall, and the record names it."""
    require_phase(state, *PREPARING)
    hall = state.halls.get(command.hall)
    if hall is None:
        raise Refused("unknown_hall", hall=command.hall)
    edited = replace(
        hall,
        name=hall.name if command.name is None else command.name,
        kecamatan=hall.kecamatan if command.kecamatan is None else command.kecamatan,
    )
    return [] if edited == hall else [HallEdited(hall.id, edited.name, edited.kecamatan)]


def decide_add_seat(state: State, command: AddSeat, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    return [new_seat(state, command, command.seat or SeatId(moment.fresh))]


def decide_import(state: State, command: ImportSeats, moment: Moment) -> list[Any]:
    """All or none; seats without an id get one."""
    require_phase(state, *BEFORE_THE_END)
    added = tuple(
        new_seat(state, wanted, wanted.seat or SeatId(f"{moment.fresh}-{place}"))
        for place, wanted in enumerate(command.seats, 1)
    )
    met: set[SeatId] = set()
    for seat in added:
        if seat.seat in met:
            raise Refused("already_exists", seat=seat.seat)
        met.add(seat.seat)
    return [SeatsImported(added)]


def new_seat(state: State, wanted: AddSeat, seat: SeatId) -> SeatAdded:
    """Raises Refused: unknown_hall, already_exists."""
    if wanted.hall not in state.halls:
        raise Refused("unknown_hall", hall=wanted.hall)
    if seat in state.seats:
        raise Refused("already_exists", seat=seat)
    return SeatAdded(seat, wanted.hall, wanted.office, wanted.voice, wanted.vote, wanted.constituency, wanted.rw)


def decide_edit(state: State, command: EditSeat, moment: Moment) -> list[Any]:
    """An office is what people see a speaker under, so it is settled once the session has been opened."""
    require_phase(state, *BEFORE_THE_END)
    seat = known_seat(state, command.seat)
    edited = replace(
        seat,
        office=seat.office if command.office is None else command.office,
        voice=seat.voice if command.voice is None else command.voice,
        vote=seat.vote if command.vote is None else command.vote,
        constituency=seat.constituency if command.constituency is None else command.constituency,
        rw=seat.rw if command.rw is None else command.rw,
    )
    if edited.office != seat.office:
        require_phase(state, *PREPARING)
    if edited == seat:
        return []
    return [SeatEdited(seat.id, edited.office, edited.voice, edited.vote, edited.constituency, edited.rw)]


def known_seat(state: State, seat: SeatId) -> Seat:
    """Raises Refused("unknown_seat")."""
    found = state.seats.get(seat)
    if found is None:
        raise Refused("unknown_seat", seat=seat)
    return found


def seated(state: State, seats: Sequence[Seat]) -> State:
    """The state with these new seats in their halls, which count them as invited."""
    added: dict[HallId, int] = {}
    for seat in seats:
        added[seat.hall] = added.get(seat.hall, 0) + 1
    halls, crowds = dict(state.halls), dict(state.attendance.halls)
    for hall, number in added.items():
        crowd = crowds[hall]
        halls[hall] = replace(halls[hall], seat_count=halls[hall].seat_count + number)
        crowds[hall] = replace(crowd, invited=crowd.invited + number)
    total = replace(state.attendance.total, invited=state.attendance.total.invited + len(seats))
    attendance = replace(state.attendance, halls=crowds, total=total)
    return replace(state, halls=halls, attendance=attendance, seats=put_all(state.seats, by_id(seats)))


def by_id(seats: Iterable[Seat]) -> dict[SeatId, Seat]:
    return {seat.id: seat for seat in seats}


def seat_of(event: SeatAdded) -> Seat:
    return Seat(event.seat, event.hall, event.office, event.voice, event.vote, event.constituency, event.rw)


def apply_hall_added(state: State, event: HallAdded, at: int) -> State:
    hall = Hall(event.hall, event.name, event.kecamatan, event.order)
    crowds = put(state.attendance.halls, hall.id, Crowd())
    attendance = replace(state.attendance, halls=crowds)
    return replace(state, halls=put(state.halls, hall.id, hall), attendance=attendance)


def apply_hall_edited(state: State, event: HallEdited, at: int) -> State:
    hall = replace(state.halls[event.hall], name=event.name, kecamatan=event.kecamatan)
    return replace(state, halls=put(state.halls, hall.id, hall))


def apply_seat_added(state: State, event: SeatAdded, at: int) -> State:
    return seated(state, [seat_of(event)])


def apply_imported(state: State, event: SeatsImported, at: int) -> State:
    return seated(state, [seat_of(added) for added in event.seats])


def apply_edited(state: State, event: SeatEdited, at: int) -> State:
    seat = replace(
        state.seats[event.seat],
        office=event.office,
        voice=event.voice,
        vote=event.vote,
        constituency=event.constituency,
        rw=event.rw,
    )
    return replace(state, seats=put(state.seats, seat.id, seat))


HALL = record(
    AddHall,
    {"hall": ident, "name": text(80, 1)},
    {"kecamatan": text(80), "order": integer(1, 1000)},
)
HALL_EDIT = record(EditHall, {"hall": ident}, {"name": text(80, 1), "kecamatan": text(80)})
OFFICE = text(80, 1)
TRAITS = {"voice": flag, "vote": flag, "constituency": one_of("", *CONSTITUENCIES), "rw": text(8)}
SEAT = record(AddSeat, {"seat": ident, "hall": ident, "office": OFFICE}, TRAITS)
IMPORTED = record(AddSeat, {"hall": ident, "office": OFFICE}, {"seat": ident, **TRAITS})
EDIT = record(EditSeat, {"seat": ident}, {"office": OFFICE, **TRAITS})

NOUN = Noun(
    commands={
        "hall.add": Act(HALL, decide_add_hall, SECRETARIAT),
        "hall.edit": Act(HALL_EDIT, decide_edit_hall, SECRETARIAT),
        "seat.add": Act(SEAT, decide_add_seat, SECRETARIAT),
        "seats.import": Act(
            record(ImportSeats, {"seats": list_of(IMPORTED, 1, SEATS_MOST)}), decide_import, SECRETARIAT
        ),
        "seat.edit": Act(EDIT, decide_edit, SECRETARIAT),
    },
    events={
        "hall_added": (HallAdded, apply_hall_added),
        "hall_edited": (HallEdited, apply_hall_edited),
        "seat_added": (SeatAdded, apply_seat_added),
        "seats_imported": (SeatsImported, apply_imported),
        "seat_edited": (SeatEdited, apply_edited),
    },
    results={SeatsImported: lambda event: {"seats": len(event.seats)}},
)
