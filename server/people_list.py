"""The list of people as the secretariat hands it in: `{"people": [{"seat", "name", …}]}`."""

from __future__ import annotations

from typing import Any

from server.store.people import Person
from sessions.errors import ProtocolError
from sessions.hall import known_seat
from sessions.ids import SeatId
from sessions.shape import flag, ident, integer, list_of, members, nullable, one_of, text
from sessions.state import State

PEOPLE_MOST = 5000
REQUIRED = {"seat": ident, "name": text(120, 1)}
OPTIONAL = {
    "age": nullable(integer(0, 130)),
    "sex": one_of("", "L", "P"),
    "disability": nullable(flag),
    "organisation": text(160),
    "address": text(240),
    "phone": text(40),
    "nip": text(40),
}


def people_of(state: State, body: Any) -> dict[SeatId, Person]:
    """Raises ProtocolError("bad_input", field=…), also for a seat named twice, and Refused("unknown_seat")."""
    rows = members(body, "", {"people": list_of(row, 1, PEOPLE_MOST)}, {})["people"]
    for seat, _ in rows:
        known_seat(state, seat)
    people = dict(rows)
    if len(people) < len(rows):
        raise ProtocolError("bad_input", field="people")
    return people


def row(value: Any, field: str) -> tuple[SeatId, Person]:
    checked = members(value, field, REQUIRED, OPTIONAL)
    return SeatId(checked.pop("seat")), Person(**checked)
