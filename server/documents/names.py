"""Whose name stands beside a seat when a record is printed: the port to wherever people are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

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
Names = Callable[[SessionId], Awaitable[People]]
NOBODY = Person()


async def nobody(session: SessionId) -> People:
    """Where no names are kept a record is printed with offices alone."""
    return {}
