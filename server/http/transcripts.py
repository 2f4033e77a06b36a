"""Signed transcripts of ballots that have ended: made once, beside the event loop, kept while they stay the same."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from server.store.opening import Store
from sessions.canonical import canonical
from sessions.errors import Refused
from sessions.ids import BallotId
from sessions.journal import BoxCount
from sessions.model.ballot import Ballot
from sessions.state import State
from sessions.transcript import transcript
from signaling.gateway.ports import Sealer

MOST = 32  # kept; one of 2,500 votes takes 200 KB


@dataclass(frozen=True, slots=True)
class Kept:
    """The very objects of the state it was made from: they are replaced when they change."""

    ballot: Ballot
    keys: Mapping[str, str]
    making: asyncio.Task[bytes]

    def holds_for(self, state: State) -> bool:
        failed = self.making.done() and (self.making.cancelled() or self.making.exception() is not None)
        return not failed and self.keys is state.keys and self.ballot is state.ballots[self.ballot.id]


class Transcripts:
    def __init__(self) -> None:
        self._kept: OrderedDict[BallotId, Kept] = OrderedDict()

    async def of(self, store: Store, state: State, ballot: BallotId) -> bytes:
        """The canonical JSON, signed. Raises Refused: unknown_ballot, ballot_is_open, held."""
        found = state.ballots.get(ballot)
        if found is None:
            raise Refused("unknown_ballot")
        if found.state == "open":
            raise Refused("ballot_is_open")
        kept = self._kept.get(ballot)
        if kept is None or not kept.holds_for(state):
            kept = self._kept[ballot] = Kept(found, state.keys, asyncio.ensure_future(made(store, state, ballot)))
        self._kept.move_to_end(ballot)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return await asyncio.shield(kept.making)


async def made(store: Store, state: State, ballot: BallotId) -> bytes:
    contents = await store.box.contents(ballot)
    if contents is None:
        raise Refused("ballot_is_open")
    return await asyncio.to_thread(signed, state, ballot, contents, store.sealer)


def signed(state: State, ballot: BallotId, contents: BoxCount, sealer: Sealer) -> bytes:
    body = {**transcript(state, ballot, contents), "key_id": sealer.key_id}
    return canonical({**body, "signature": sealer.sign(canonical(body))})
