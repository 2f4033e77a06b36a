"""A process that votes as fast as it can and prints each acknowledged tracker: made to be killed.

python -m tests.store.voter URL SEATS
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

from server.desks import Desks, system
from server.store import database as databases
from server.store.ballot_box import SqlBallotBox
from server.store.journal import SqlJournal
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import HallId, PassId, SeatId, SessionId
from sessions.journal import Answer
from sessions.permissions import Actor, Role
from tests.store.ballots import tracker

SESSION = SessionId("bekasi")
MODERATOR = Actor(SESSION, Role.MODERATOR, PassId("moderator"))
CREATED = {"title": "Uji", "kind": "plenary", "place": "", "date": "2018-01-23"}


async def opened_ballot(desk: Desk, seats: int) -> str:
    """Every command has a fixed key: whoever comes after a kill finds what the one before had got to."""
    secretariat = system(SESSION)
    await given(desk, "session.create", CREATED, secretariat, "setup-create")
    await given(desk, "hall.add", {"hall": "aula", "name": "Aula"}, secretariat, "setup-hall")
    seat = [{"seat": f"seat-{number:04}", "hall": "aula", "office": "Ketua RW"} for number in range(seats)]
    await asyncio.gather(
        *(given(desk, "seat.add", one, secretariat, f"setup-{number:04}") for number, one in enumerate(seat))
    )
    await given(desk, "session.open", {}, MODERATOR, "setup-open")
    options = [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]
    data = {"title": "Uji", "options": options, "choose_max": 1, "secrecy": "secret"}
    answer = await given(desk, "ballot.open", data, MODERATOR, "setup-ballot")
    return str(answer.result["ballot"])


async def given(desk: Desk, name: str, data: Any, actor: Actor, key: str) -> Answer:
    """The answer to a command; one that is held is repeated under its key."""
    while True:
        try:
            return await desk.submit(name, data, actor, key)
        except Refused as refused:
            if refused.code != "held":
                raise
            await asyncio.sleep(0.05)


async def vote(desk: Desk, ballot: str, number: int) -> str:
    """The tracker once it is acknowledged; held votes are repeated with the same one."""
    seat = SeatId(f"seat-{number:04}")
    actor = Actor(SESSION, Role.DELEGATE, PassId(f"pass-{number}"), seat, HallId("aula"))
    drawn = tracker(number)
    slip = {"ballot": ballot, "choices": ["a" if number % 3 else "b"], "tracker": drawn, "key": drawn}
    while True:
        try:
            await desk.cast(slip, actor)
        except Refused as refused:
            if refused.code != "held":
                raise
            await asyncio.sleep(0.05)
        else:
            return drawn


async def main(url: str, seats: int) -> None:
    database = databases.connect(url, lambda: time.time_ns() // 1_000_000)
    desk = await Desks(SqlJournal(database), SqlBallotBox(database)).load(SESSION)
    ballot = await opened_ballot(desk, seats)
    print(ballot, flush=True)

    async def told(number: int) -> None:
        await asyncio.sleep(number * 0.0005)
        print(await vote(desk, ballot, number), flush=True)

    await asyncio.gather(*(told(number) for number in range(seats)))
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
