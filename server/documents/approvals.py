"""What a forum approves is what was there to read: the digest of an approval is compared with that of the record."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from sessions.errors import Refused
from sessions.ids import SessionId
from sessions.journal import Journal
from sessions.minutes import digest, minutes
from sessions.record import Confirm
from sessions.state import State
from sessions.wire import UnknownEvent

KEPT_MOST = 64  # digests remembered; a forum approves a handful of texts


class Approvals:
    """The review of `record.confirm` before the desk takes it (sessions.desk.Review).

    It stands before the transaction because the record of 1,451 proposals takes 0.4 s, too long inside one; and it may,
    because what a journal says up to a position never changes: nobody can slip in between. It folds the events up to
    `upto` anew instead of taking the present state, since whoever speaks is told with the time spent so far, which any
    later event makes longer. One at a time, in a thread.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._digests: OrderedDict[tuple[SessionId, int], str] = OrderedDict()
        self._one = asyncio.Lock()

    async def confirm(self, state: State, command: Confirm) -> None:
        """Raises Refused: record_changed {seq}, held. What the core refuses anyhow is left to it, without a fold.

        state: the published one; it may be behind, but no later one takes back that it was sealed or corrected.
        """
        if state.session.phase == "sealed" or command.upto < state.record.changed:
            return
        if await self._digest(state.session.id, command.upto) not in (None, command.digest):
            raise Refused("record_changed", seq=command.upto)

    async def _digest(self, session: SessionId, upto: int) -> str | None:
        """Of the record of the first `upto` events; None where the desk says what is wrong: too few, unknown ones."""
        key = (session, upto)
        async with self._one:
            if key not in self._digests:
                told = (await self._journal.read(session, 0))[:upto]
                if len(told) < upto:
                    return None
                try:
                    self._digests[key] = await asyncio.to_thread(lambda: digest(minutes(session, told)))
                except UnknownEvent:
                    return None
            self._digests.move_to_end(key)
            while len(self._digests) > KEPT_MOST:
                self._digests.popitem(last=False)
            return self._digests[key]
