"""When personal data of a session have to go (UU 27/2022): so many days after it was sealed, or closed for good."""

from __future__ import annotations

import logging

from server.desks import Desks
from server.store.retention import SqlRetention
from sessions.state import State

log = logging.getLogger("pleno.access")

DAY_MS = 24 * 3600 * 1000
JUMP_MS = 40 * DAY_MS  # so long after anything was written the clock may be wrong, or the machine was off
BELIEVED_MS = DAY_MS  # how long such a clock has to have gone on before people are forgotten by it


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


async def is_believed(retention: SqlRetention, now: int) -> bool:
    """Whether `now` may be right enough to forget people by. Raises Refused("held").

    A machine whose clock is set years ahead would otherwise erase everybody at once. If nothing was written in JUMP_MS
    before now, that is noted in the audit trail, and nobody is forgotten for BELIEVED_MS from then, be the server
    stopped and started meanwhile: time enough for somebody to see a wrong date. A clock that was put right again is
    believed at once. Two jumps, or one of less than JUMP_MS, are not noticed.
    """
    last = await retention.last_sign(now)
    if now - last > JUMP_MS:
        await retention.note_jump(last)
        log.warning(
            "nothing was written for %d days: people are not forgotten by this clock for a day; is its date right?",
            (now - last) // DAY_MS,
        )
        return False
    jumped = await retention.last_jump(now)
    return jumped is None or now - jumped >= BELIEVED_MS


async def erase_due(desks: Desks, retention: SqlRetention, days: int, now: int) -> int:
    """Every node may do this; of how many sessions there was something to erase. Raises Refused("held")."""
    if not await is_believed(retention, now):
        return 0
    count = 0
    for session, desk in list(desks.loaded.items()):
        due = due_at(desk.state, days)
        if desk.broken or due is None or due > now or not any((await retention.held(session)).values()):
            continue
        gone = await retention.erase(session, "system")
        count += any(gone.values())
        log.info("personal data of session %s erased at the end of retention: %d rows", session, sum(gone.values()))
    return count
