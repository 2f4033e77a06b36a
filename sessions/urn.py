"""The urn: gathers votes into groups on their way to the ballot box, at most one vote a seat in each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextvars import Context
from dataclasses import dataclass

from sessions.errors import Refused
from sessions.journal import BallotBox, Cast, Vote

GROUP_MOST = 500
OPEN_WAIT_S = 0.005
SECRET_WAIT_S = 0.5  # for five votes or this long: a vote committed alone could be linked to its seat by the database
SECRET_LEAST = 5
LOOK_S = 0.002  # in a rush a group grows for as long as each look finds more: a transaction costs what fifty votes do
LOOKS_MOST = 10

log = logging.getLogger("pleno.desk")


@dataclass(slots=True)
class Drop:
    """A vote waiting for the box's word."""

    vote: Vote
    future: asyncio.Future[Cast]


Group = dict[str, list[Drop]]  # seat → identical tries, which share one vote and its answer


class Urn:
    """One per desk. The votes of one group belong to one ballot."""

    def __init__(self, box: BallotBox) -> None:
        self._box = box
        self._drops: list[Drop] = []
        self._ripe = asyncio.Event()
        self._working: asyncio.Task[None] | None = None
        self._closed = False

    async def drop(self, vote: Vote) -> Cast:
        """What became of the vote; raises Refused("held") when the database is away: repeat the same vote."""
        if self._closed:
            raise Refused("held")
        drop = Drop(vote, asyncio.get_running_loop().create_future())
        self._drops.append(drop)
        if not self._ripe.is_set() and ripe(self._drops):
            self._ripe.set()
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work(), context=Context())  # nobody's in particular
        return await drop.future

    async def close(self) -> None:
        """Take no more; votes already dropped still reach the box, without waiting for company."""
        self._closed = True
        self._ripe.set()
        if self._working is not None:
            await asyncio.wait([self._working])

    async def _work(self) -> None:
        while self._drops:
            await self._gather()
            await self._grow()
            group, self._drops = taken(self._drops)
            await self._empty(group)

    async def _gather(self) -> None:
        """Wait until the group is full enough or the first vote has waited long enough."""
        if self._closed or ripe(self._drops):
            return
        self._ripe.clear()
        wait_s = SECRET_WAIT_S if self._drops[0].vote.secret else OPEN_WAIT_S
        try:
            await asyncio.wait_for(self._ripe.wait(), wait_s)
        except TimeoutError:
            return

    async def _grow(self) -> None:
        for _ in range(LOOKS_MOST):
            before = len(self._drops)
            if self._closed or before >= GROUP_MOST:
                return
            await asyncio.sleep(LOOK_S)
            if len(self._drops) == before:
                return

    async def _empty(self, group: Group) -> None:
        """Hand one group to the box, in an order that says nothing about who came first."""
        tries = sorted(group.values(), key=lambda tries: (tries[0].vote.tracker, tries[0].vote.seat))
        try:
            casts = await self._box.cast([same[0].vote for same in tries])
            if len(casts) != len(tries):
                raise ValueError("one word of the box for each vote")
            for same, cast in zip(tries, casts, strict=True):
                for drop in same:
                    resolve(drop, cast)
        except Exception as error:
            # Only the name of the error: its text may quote the rows, and those are votes.
            log.error("a group of %d votes is not known to be durable: %s", len(tries), type(error).__name__)
        finally:
            hold(drop for same in tries for drop in same)


def ripe(drops: list[Drop]) -> bool:
    """Whether the first vote's group needs no more waiting."""
    first = drops[0].vote
    if not first.secret:
        return len(drops) >= GROUP_MOST
    if len(drops) < SECRET_LEAST:
        return False
    return len({drop.vote.seat for drop in drops if drop.vote.ballot == first.ballot}) >= SECRET_LEAST


def taken(drops: list[Drop]) -> tuple[Group, list[Drop]]:
    """The next group and what is left for later: other ballots, and other votes of a seat already in the group."""
    ballot = drops[0].vote.ballot
    group: Group = {}
    left: list[Drop] = []
    for drop in drops:
        same = group.get(drop.vote.seat)
        if drop.vote.ballot != ballot or (same is None and len(group) >= GROUP_MOST):
            left.append(drop)
        elif same is None:
            group[drop.vote.seat] = [drop]
        elif same[0].vote == drop.vote:
            same.append(drop)
        else:
            left.append(drop)
    return group, left


def resolve(drop: Drop, cast: Cast) -> None:
    """Whoever voted may have gone meanwhile."""
    if not drop.future.done():
        drop.future.set_result(cast)


def hold(drops: Iterable[Drop]) -> None:
    """Whoever has no answer yet is told to keep the vote and repeat it."""
    for drop in drops:
        if not drop.future.done():
            drop.future.set_exception(Refused("held"))
