"""When personal data of a session have to go (UU 27/2022): so many days after it was sealed, or closed for good."""

from __future__ import annotations

import logging

from server.desks import Desks
from server.store.retention import SqlRetention
from sessions.state import State

log = logging.getLogger("pleno.access")

DAY_MS = 24 * 3600 * 1000


def ended_at(state: State) -> int | None:
    """Milliseconds since 1970 UTC; None while it may still go on. Sealing counts anew: the record needed the names."""
    session = state.session
    if session.phase not in ("closed", "sealed"):
        return None
    return session.sealed_at or session.closed_at


def due_at(state: State, days: int) -> int | None:
    """From when its personal data are to be erased; None for never by itself. days: 0 = never."""
    ended = ended_at(state)
    return None if ended is None or not days else ended + days * DAY_MS


async def erase_due(desks: Desks, retention: SqlRetention, days: int, now: int) -> int:
    """Every node may do this; how many sessions there was something to erase of. Raises Refused("held")."""
    count = 0
    for session, desk in list(desks.loaded.items()):
        due = due_at(desk.state, days)
        if desk.broken or due is None or due > now or not any((await retention.held(session)).values()):
            continue
        gone = await retention.erase(session, "system")
        count += any(gone.values())
        log.info("personal data of session %s erased at the end of retention: %d rows", session, sum(gone.values()))
    return count
