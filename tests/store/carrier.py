"""Carries what a session has sent, in a process of its own that kills itself between a parcel's two steps."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from server.courier import round_of
from server.desks import Desks
from server.store import database as databases
from server.store.ballot_box import SqlBallotBox
from server.store.journal import SqlJournal
from sessions.desk import Desk
from sessions.ids import SessionId
from sessions.journal import Answer
from tests.store.conftest import clock


class Dying(Desk):
    """A desk whose process is killed when it shall say that a parcel has been delivered."""

    async def submit(self, name: str, data: Any, actor: Any, key: str) -> Answer:
        if name == "parcel.delivered":
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().submit(name, data, actor, key)


async def main(url: str, session: str) -> None:
    database = databases.connect(url, clock)
    journal, box = SqlJournal(database), SqlBallotBox(database)
    desk = Dying(SessionId(session), journal, box, new_id=lambda: "never-used")
    await desk.load()
    await round_of(Desks(journal, box), desk, set())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
