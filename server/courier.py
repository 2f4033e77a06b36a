"""Carries parcels from session to session and shows an opening where it is cast: from any node, again after a crash.

Each step is a command under a key that every node would use, so whoever is first does it for all: the parcel's command
there under the parcel's own id, then `parcel.delivered` here. A crash between the two only makes both be repeated.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from typing import Any

from server.desks import Desks, system
from sessions.casting import mirror_for
from sessions.desk import Desk
from sessions.dispatch import COMMANDS
from sessions.errors import ProtocolError, Refused
from sessions.ids import SessionId
from sessions.model.parcels import Parcel
from sessions.wire import encode

log = logging.getLogger(__name__)

POLL_S = 0.5  # what another node sent is read by the timers this often; and how long until a held parcel is tried again
DETAIL_MOST = 3500
# The word of a database that is away, or of a node that cannot read a journal: no answer of the other session.
NO_ANSWER = frozenset({"held", "session_broken"})


class Courier:
    """Runs until closed."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._wake = asyncio.Event()
        self._watched: dict[SessionId, Callable[[], None]] = {}
        self._complained: set[str] = set()
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            for desk in list(self._desks.loaded.values()):
                self._watch(desk)
                await round_of(self._desks, desk, self._complained)
            # Not wait_for: until Python 3.12 it swallows a cancellation that comes together with the wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()

    def _watch(self, desk: Desk) -> None:
        session = desk.state.session.id
        if session not in self._watched:
            self._watched[session] = desk.watch(lambda before, after: self._wake.set())

    async def close(self) -> None:
        """Twice is harmless."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        for unwatch in self._watched.values():
            unwatch()


async def round_of(desks: Desks, desk: Desk, complained: set[str]) -> None:
    """Try once to deliver whatever this session has sent. complained: parcels whose trouble was logged already.

    What is for one session goes in the order it was sent: a group is founded before it is called back.
    """
    waiting: set[SessionId] = set()
    for parcel in list(desk.state.parcels.waiting.values()):
        if parcel.state != "sent" or parcel.to in waiting:
            continue
        try:
            if not await deliver(desks, desk, parcel):
                waiting.add(parcel.to)
        except Exception as error:
            waiting.add(parcel.to)
            if parcel.id not in complained:
                complained.add(parcel.id)
                log.exception("parcel %s to %s is not delivered: %s", parcel.id, parcel.to, type(error).__name__)
    await mirror(desks, desk)


async def deliver(desks: Desks, desk: Desk, parcel: Parcel) -> bool:
    """False when nobody could say whether it was recorded; it is tried again under the same key."""
    here = desk.state.session.id
    try:
        try:
            target = await target_of(desks, parcel)
            await target.submit(parcel.name, json.loads(parcel.body), system(parcel.to), parcel.id)
        except (Refused, ProtocolError) as refused:
            if refused.code in NO_ANSWER:
                return False
            turned = {"parcel": parcel.id, "code": refused.code, "tries": parcel.tries, "detail": detail_of(refused)}
            await desk.submit("parcel.refused", turned, system(here), f"{parcel.id}-refused-{parcel.tries}")
        else:
            await desk.submit("parcel.delivered", {"parcel": parcel.id}, system(here), f"{parcel.id}-delivered")
    except Refused as refused:
        log.debug("parcel %s: %s", parcel.id, refused.code)
        return False
    return True


async def target_of(desks: Desks, parcel: Parcel) -> Desk:
    """Raises Refused("unknown_session") unless it exists or the parcel is what founds it."""
    act = COMMANDS.get(parcel.name)
    if act is not None and act.founds:
        return await desks.load(parcel.to)
    return await desks.desk(parcel.to)


def detail_of(refused: Refused | ProtocolError) -> str:
    """The refusal's data as JSON; nothing where it is too long to be kept."""
    text = json.dumps(refused.data, separators=(",", ":"), default=str)
    return text if len(text) <= DETAIL_MOST else "{}"


async def mirror(desks: Desks, source: Desk) -> None:
    """Tell those who show this opening what it shows now; what fails is told at the next round."""
    for to in source.state.casting.to:
        try:
            target = await desks.desk(to)
            picture = mirror_for(source.state, target.state)
            if picture is not None:
                data: dict[str, Any] = encode(picture)
                await target.submit("cast.mirror", data, system(to), f"cast-{source.state.session.id}-{picture.upto}")
        except (Refused, ProtocolError) as refused:
            log.debug("what %s shows is not shown in %s: %s", source.state.session.id, to, refused.code)
        except Exception:
            log.exception("what %s shows is not shown in %s", source.state.session.id, to)
