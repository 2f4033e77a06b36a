"""Whose name stands beside a seat when a record is printed: the port to wherever people are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from server.store.people import SqlPeople
from sessions.ids import SeatId, SessionId


@dataclass(frozen=True, slots=True)
class Person:
    """What a record may print of somebody, empty where unknown. age in years. nip: the number of a civil servant."""

    name: str = ""
    age: int | None = None
    sex: str = ""
    organisation: str = ""
    address: str = ""
    phone: str = ""
    nip: str = ""


People = Mapping[SeatId, Person]
Names = Callable[[SessionId, str], Awaitable[People]]  # of a session, for an actor as the journal names it
NOBODY = Person()
PURPOSE = "record"


async def nobody(session: SessionId, actor: str) -> People:
    """Where no names are kept a record is printed with offices alone."""
    return {}


def kept_in(people: SqlPeople) -> Names:
    """The names the secretariat entered; the store writes down who looked. Raises Refused("held")."""

    async def names(session: SessionId, actor: str) -> People:
        found = await people.of(session, actor, PURPOSE)
        return {
            seat: Person(one.name, one.age, one.sex, one.organisation, one.address, one.phone, one.nip)
            for seat, one in found.items()
        }

    return names
