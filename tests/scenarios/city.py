"""A city on a real store and a clock that scenarios turn: everybody acts through the public commands, nobody else does.

A Sitting is one session. Its people are actors by role: `await sitting.chair("session.open")`, `await
sitting.hall("pejuang", "floor.request")`. A refusal is raised as it comes; `refused()` asserts its code. What one
session sends another waits until somebody lets the courier go: `await city.carry()`.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from server.courier import round_of
from server.desks import Desks, system
from server.documents.names import kept_in
from server.documents.records import Records
from server.people_list import people_of
from server.store.opening import Store
from sessions import dispatch
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import BallotId, HallId, PassId, ProposalId, SeatId, SessionId
from sessions.journal import Cast
from sessions.permissions import Actor, Role
from sessions.state import State
from tests.fixtures import stores

MINUTE = 60_000
DOOR = "attendance.check_in"


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
        self.records = Records(store.journal, kept_in(store.people))
        self.trackers = count(1)
        self._keys = count(1)

    async def sitting(self, session: str) -> Sitting:
        return Sitting(self, await self.desks.load(SessionId(session)))

    async def carry(self) -> None:
        """Let the courier go until nothing moves any more; what another session refused stays on its parcel."""
        complained: set[str] = set()
        seqs: list[int] = []
        while seqs != (now := [desk.state.seq for desk in self.desks.loaded.values()]):
            seqs = now
            for desk in list(self.desks.loaded.values()):
                await round_of(self.desks, desk, complained)
        assert not complained, complained

    async def restarted(self) -> None:
        """A server that starts now finds in the journal exactly what this one knows."""
        desks = Desks(self.store.journal, self.store.box)
        for session, desk in self.desks.loaded.items():
            assert (await desks.load(session)).state == desk.state, session
        await desks.close()

    async def close(self) -> None:
        await self.records.close()
        await self.desks.close()
        await self.store.database.close()

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

    async def server(self, name: str, /, **data: Any) -> Mapping[str, Any]:
        """What a node says by itself, such as that a hall's link is cut."""
        return await self.give(system(self.session), name, data)

    async def hall(self, hall: str, name: str, /, **data: Any) -> Mapping[str, Any]:
        return await self.give(Actor(self.session, Role.HALL, PassId(f"p-{hall}"), hall=HallId(hall)), name, data)

    async def seat(self, seat: str, name: str, /, **data: Any) -> Mapping[str, Any]:
        return await self.give(self.delegate(seat), name, data)

    def delegate(self, seat: str) -> Actor:
        hall = self.state.seats[SeatId(seat)].hall
        return Actor(self.session, Role.DELEGATE, PassId(f"p-{seat}"), seat=SeatId(seat), hall=hall)

    async def vote(self, ballot: str, choices: Mapping[str, Iterable[str]]) -> list[Cast]:
        """All these seats at once; choices: seat → options."""
        secret = self.state.ballots[BallotId(ballot)].secrecy == "secret"

        async def one(seat: str, options: Iterable[str]) -> Cast:
            data: dict[str, Any] = {"ballot": ballot, "choices": list(options), "key": self.city.key()}
            if secret:
                data["tracker"] = data["key"] = f"{next(self.city.trackers):032x}"
            return await self.desk.cast(data, self.delegate(seat))

        return list(await asyncio.gather(*(one(seat, options) for seat, options in choices.items())))

    async def check_in(self, seats: Iterable[str], channel: str = "qr") -> None:
        """Each at the door of its own hall, all in one rush."""
        rush = [self.hall(self.state.seats[SeatId(seat)].hall, DOOR, seat=seat, channel=channel) for seat in seats]
        await asyncio.gather(*rush)

    def seats_of(self, hall: str) -> list[str]:
        return [seat.id for seat in self.state.seats.values() if seat.hall == hall]

    def cards(self, *statuses: str, hall: str | None = None) -> list[str]:
        """Proposals of these statuses, of this hall or of all, in the order of their columns."""
        cards = [card for card in self.state.board.proposals.values() if card.status in statuses]
        return [card.id for card in sorted(cards, key=lambda one: (one.rank, one.id)) if hall in (None, card.hall)]

    def based(self, *proposals: str) -> list[dict[str, Any]]:
        """As several cards are named in a command, each with the version it has now."""
        return [{"proposal": card, "base": self.base(card)} for card in proposals]

    def base(self, proposal: str) -> int:
        return self.state.board.proposals[ProposalId(proposal)].version

    def statuses(self) -> Counter[str]:
        return Counter(card.status for card in self.state.board.proposals.values())

    async def name(self, people: Iterable[Mapping[str, Any]]) -> None:
        """Enter who sits where, as the secretariat's list does."""
        found = people_of(self.state, {"people": list(people)})
        await self.city.store.people.put(self.session, found, "pass:p-admin")

    async def record(self, form: str = "archive") -> dict[str, Any]:
        """record.json as it stands."""
        told: dict[str, Any] = json.loads((await self.city.records.of(self.session, form, "json", "pass:p-chair")).body)
        return told

    async def read_out(self) -> None:
        """Read the draft to the forum, which approves it."""
        draft = await self.record("public")
        await self.chair("record.confirm", upto=draft["seq"], digest=draft["digest"])

    async def seal(self) -> None:
        """The closing changed the text that was read, so its last version is approved before it is sealed."""
        await refused("record_not_confirmed", self.chair("session.seal"))
        await self.read_out()
        await self.chair("session.seal")


@asynccontextmanager
async def city(at: int) -> AsyncIterator[City]:
    """A city on a database of its own (tests/fixtures/stores.py), its clock standing at `at`."""
    clock = Clock(at)
    async with stores.kept() as url:
        made = City(await stores.turned(url, clock), clock)
        try:
            yield made
        finally:
            await made.close()


async def refused(code: str, giving: Any) -> dict[str, Any]:
    """Awaits a command that must be refused with this code; returns what was said with it."""
    try:
        await giving
    except Refused as refusal:
        assert refusal.code == code, (refusal.code, refusal.data)
        return dict(refusal.data)
    raise AssertionError(f"not refused, though {code} was expected")
