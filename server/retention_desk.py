"""`pleno retention`: what is held of people, since when and until when; and its erasure before that."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from server import pass_desk
from server.config import Settings
from server.desks import Desks
from server.record_desk import opened
from server.retention import due_at, ended_at
from server.store.audit import SqlAudit
from server.store.ballot_box import SqlBallotBox
from server.store.journal import SqlJournal
from server.store.migrations import migrate
from server.store.retention import SqlRetention
from sessions.errors import Refused
from sessions.ids import SessionId
from sessions.state import State

NEVER = "-"


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code 0. Raises Refused, StartupError."""
    if options.erase is not None:
        return await erase(settings, SessionId(options.erase))
    return await report(settings)


async def erase(settings: Settings, session: SessionId) -> int:
    """Now, of a session that has ended. There is no way back but an older backup."""
    async with pass_desk.opened(settings, session) as found:
        await migrate(found.database)
        if ended_at(found.desk.state) is None:
            raise Refused("wrong_phase", phase=found.desk.state.session.phase)
        retention = SqlRetention(found.database, SqlAudit(found.database))
        gone = await retention.erase(session, "cli")
    print(f"{session}\t{told(gone)}\terased")
    return 0


async def report(settings: Settings) -> int:
    database = opened(settings)
    desks = Desks(SqlJournal(database), SqlBallotBox(database))
    retention = SqlRetention(database, SqlAudit(database))
    try:
        await migrate(database)
        print("session\tphase\tended\terased on\theld")
        for session in sorted(await desks.heads()):
            state = (await desks.load(session)).state
            print(line(state, settings.retention_days, await retention.held(session)))
    finally:
        await desks.close()
        await database.close()
    return 0


def line(state: State, days: int, held: dict[str, int]) -> str:
    session = state.session
    return "\t".join(
        (session.id, session.phase, day(ended_at(state)), day(due_at(state, days)), told(held) or "nothing")
    )


def told(counts: dict[str, int]) -> str:
    return " ".join(f"{name}={count}" for name, count in counts.items() if count)


def day(at: int | None) -> str:
    return NEVER if at is None else datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
