"""A city on a real store and a clock that scenarios turn: everybody acts through the public commands, nobody else does.

A Sitting is one session. Its people are actors by role: `await sitting.chair("session.open")`, `await
sitting.hall("pejuang", "floor.request")`. A refusal is raised as it comes; `refused()` asserts its code.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from server.desks import Desks, system
from server.store import database as databases
from server.store.opening import Store, open_store
from sessions import dispatch
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import HallId, PassId, SeatId, SessionId
from sessions.journal import Cast
from sessions.permissions import Actor, Role
from sessions.state import State

MINUTE = 60_000


class Clock:
    """Milliseconds since 1970 UTC; moves only when told, and a millisecond with every look."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        self.at += 1
        return self.at

    def minutes(self, minutes: float) -> None:
        self.at += round(minutes * MINUTE)


class City:
    """All sessions of one installation."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.desks = Desks(store.journal, store.box, store.sealer)
        self._keys = count(1)

    async def sitting(self, session: str) -> Sitting:
        return Sitting(self, await self.desks.load(SessionId(session)))

    def key(self) -> str:
        return f"scenario-{next(self._keys):06}"

    async def pass_time(self, minutes: float) -> None:
        """Turn the clock and let the deadlines fire that have come, as the server's timers do."""
        self.clock.minutes(minutes)
        for desk in list(self.desks.loaded.values()):
            for deadline in dispatch.due(desk.state, self.clock.at):
                await desk.submit(deadline.name, deadline.data, system(desk.state.session.id), deadline.key)


class Sitting:
    def __init__(self, city: City, desk: Desk) -> None:
        self.city = city
        self.desk = desk

    @property
    def state(self) -> State:
        return self.desk.state

    @property
    def session(self) -> SessionId:
        return self.desk.state.session.id

    async def give(self, actor: Actor, name: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        self.city.clock.at += 1000
        return (await self.desk.submit(name, dict(data), actor, self.city.key())).result

    async def chair(self, name: str, /, **data: Any) -> Mapping[str, Any]:
        return await self.give(Actor(self.session, Role.MODERATOR, PassId("p-chair")), name, data)

    async def secretary(self, name: str, /, **data: Any) -> Mapping[str, Any]:
        return await self.give(Actor(self.session, Role.ADMIN, PassId("p-admin")), name, data)

    async def agency(self, name: str, /, **data: Any) -> Mapping[str, Any]:
        return await self.give(Actor(self.session, Role.AGENCY, PassId("p-agency")), name, data)

    async def hall(self, hall: str, name: str, /, **data: Any) -> Mapping[str, Any]:
        return await self.give(Actor(self.session, Role.HALL, PassId(f"p-{hall}"), hall=HallId(hall)), name, data)

    async def seat(self, seat: str, name: str, /, **data: Any) -> Mapping[str, Any]:
        return await self.give(self.delegate(seat), name, data)

    def delegate(self, seat: str) -> Actor:
        hall = self.state.seats[SeatId(seat)].hall
        return Actor(self.session, Role.DELEGATE, PassId(f"p-{seat}"), seat=SeatId(seat), hall=hall)

    async def vote(self, ballot: str, choices: Mapping[str, Iterable[str]]) -> list[Cast]:
        """All these seats at once; choices: seat → options."""
        secret = self.state.ballots[ballot].secrecy == "secret"  # type: ignore[index]

        async def one(place: int, seat: str, options: Iterable[str]) -> Cast:
            data: dict[str, Any] = {"ballot": ballot, "choices": list(options), "key": self.city.key()}
            if secret:
                data["tracker"] = data["key"] = f"{place:032x}"
            return await self.desk.cast(data, self.delegate(seat))

        return list(await asyncio.gather(*(one(n, seat, options) for n, (seat, options) in enumerate(choices.items()))))


@asynccontextmanager
async def city(folder: Path, at: int) -> AsyncIterator[City]:
    """A city on SQLite in this folder, its clock standing at `at`."""
    clock = Clock(at)
    store = await open_store(databases.connect_file(folder / "pleno.db", clock))
    made = City(store, clock)
    try:
        yield made
    finally:
        await made.desks.close()
        await store.database.close()


async def refused(code: str, giving: Any) -> dict[str, Any]:
    """Awaits a command that must be refused with this code; returns what was said with it."""
    try:
        await giving
    except Refused as refusal:
        assert refusal.code == code, (refusal.code, refusal.data)
        return dict(refusal.data)
    raise AssertionError(f"not refused, though {code} was expected")
