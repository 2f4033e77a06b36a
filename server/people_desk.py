"""`pleno people`: enters or erases who sits on which seat, also while a server runs on the same data folder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from server import pass_desk
from server.config import Settings
from server.errors import bad_setting
from server.pass_desk import Opened
from server.people_list import people_of
from server.store.audit import SqlAudit
from server.store.migrations import migrate
from server.store.people import SqlPeople
from sessions.ids import SeatId, SessionId

ACTOR = "system"


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code 0. Raises Refused, ProtocolError; StartupError for a file that cannot be read."""
    body = read(Path(options.file)) if options.action == "import" else None
    async with pass_desk.opened(settings, SessionId(options.session)) as found:
        await migrate(found.database)
        if options.action == "import":
            await enter(found, body)
        else:
            await erase(found, options.seat)
    return 0


def read(path: Path) -> object:
    """Raises StartupError("bad_setting")."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise bad_setting(
            "file", str(path), "berkas JSON ini tidak dapat dibaca.", "this JSON file cannot be read."
        ) from error


async def enter(found: Opened, body: object) -> None:
    state = found.desk.state
    people = people_of(state, body)
    await SqlAudit(found.database).note("cli", "people.enter", session=state.session.id, people=len(people))
    await SqlPeople(found.database).put(state.session.id, people, ACTOR)
    print(f"{len(people)}\tentered")


async def erase(found: Opened, seat: str | None) -> None:
    seats = None if seat is None else [SeatId(seat)]
    session, subject = found.desk.state.session.id, "" if seat is None else f"seat:{seat}"
    await SqlAudit(found.database).note("cli", "people.erase", session=session, subject=subject)
    gone = await SqlPeople(found.database).erase(session, ACTOR, seats)
    print(f"{gone}\terased")
