"""Redis dead, PostgreSQL dead, a node told to stop: while people vote and write."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.cluster.conftest import Town
from tests.cluster.guests import Door, Guest, present, until
from tests.cluster.work import Typist, Voter, closed, each_once, key, opened, same, sealed_right, voters_of


class Sitting:
    """A moderator on each node who write, and everybody at the front, who vote spread over the outage."""

    def __init__(self, town: Town) -> None:
        credentials = town.scene.credentials
        doors = [Door(url) for url in town.urls]
        front = Door(town.front)
        self.town = town
        self.writers = [
            Guest(door, credentials[card], view="moderator", name=card)
            for door, card in zip(doors, ("chair", "vice"), strict=True)
        ]
        self.people = [Guest(front, credentials[seat], name=seat) for seat in town.scene.seats]
        self.typists: list[Typist] = []
        self.voters: list[Voter] = []

    @property
    def everybody(self) -> list[Guest]:
        return [*self.writers, *self.people]

    async def all_seen(self) -> None:
        """Both nodes count everybody, wherever they are connected."""
        await until(lambda: all(w.last["presence"]["participants"] == len(self.people) for w in self.writers))

    async def begin(self, over_s: float) -> asyncio.Future[list[None]]:
        """Writing goes on from now; the votes are spread over so many seconds."""
        ballot = await opened(self.writers[0], "Tanpa henti")
        halls = self.town.scene.halls
        self.typists = [Typist(writer, hall) for writer, hall in zip(self.writers, halls, strict=False)]
        self.voters = voters_of(self.people, ballot)
        spread = over_s / len(self.voters)
        return asyncio.gather(*(voter.cast(number * spread) for number, voter in enumerate(self.voters)))

    async def end(self, votes: asyncio.Future[list[None]], folder: Path) -> None:
        """All of it is there, once, and both nodes show the same."""
        await asyncio.wait_for(votes, 300)
        for typist in self.typists:
            await typist.end()
        assert not [voter.answer for voter in self.voters if not voter.answer["ok"]]
        await until(lambda: all(w.last["turnout"]["cast"] == len(self.voters) for w in self.writers))
        await closed(self.writers[0], self.voters[0].vote["ballot"])
        await same(self.writers, max(typist.upto for typist in self.typists))
        each_once(self.writers[1].replica, self.typists)
        await sealed_right(self.town, self.voters, folder)


async def redis_dead(town: Town, folder: Path) -> None:
    sitting = Sitting(town)
    async with present(sitting.everybody):
        outage_s = town.scale.outage_s
        votes = await sitting.begin(outage_s + 2)
        await sitting.all_seen()
        before = [len(typist.acked) for typist in sitting.typists]
        await asyncio.to_thread(town.cluster.stop, "redis")
        await asyncio.sleep(outage_s)
        written = [len(typist.acked) for typist in sitting.typists]
        assert all(now > then for now, then in zip(written, before, strict=True)), "everything goes on without Redis"
        await sitting.all_seen()
        await asyncio.to_thread(town.cluster.start_part, "redis")
        moved_s = await board_moves(sitting)
        print(f"Redis back after {outage_s} s: what is written is seen on both nodes in {moved_s:.2f} s")
        await sitting.end(votes, folder)
        assert not any(guest.answers["held"] for guest in sitting.everybody), "nobody is told to wait"


async def board_moves(sitting: Sitting) -> float:
    """Seconds until something written now is seen on both nodes."""
    begun = time.perf_counter()
    answer = await sitting.writers[0].command("proposal.add", sitting.typists[0].data("Sekarang"), key("now"))
    assert answer["ok"], answer
    await until(lambda: all((writer.replica.last or 0) >= answer["seq"] for writer in sitting.writers))
    return time.perf_counter() - begun


async def postgresql_dead(town: Town, folder: Path, *, kill: bool) -> None:
    sitting = Sitting(town)
    async with present(sitting.everybody):
        outage_s = town.scale.outage_s
        votes = await sitting.begin(outage_s + 2)
        await asyncio.sleep(1)
        if kill:
            await asyncio.to_thread(town.cluster.kill, "postgresql", hold=True)
        else:
            await asyncio.to_thread(town.cluster.stop, "postgresql")
        await asyncio.sleep(outage_s)
        await asyncio.to_thread(town.cluster.start_part, "postgresql")
        moved_s = await board_moves(sitting)
        print(f"PostgreSQL back after {outage_s} s: what is written is seen on both nodes in {moved_s:.2f} s")
        await sitting.end(votes, folder)
        assert all(writer.answers["held"] for writer in sitting.writers), "told in clear words"
        print(f"{sum(guest.visits - 1 for guest in sitting.everybody)} connections were given up meanwhile")


async def node_frozen(town: Town, folder: Path) -> None:
    """SIGSTOP, as a machine that swaps or a virtual one that is moved: it keeps its connections and says nothing."""
    sitting = Sitting(town)
    async with present(sitting.everybody):
        votes = await sitting.begin(10)
        await asyncio.sleep(1)
        town.cluster.freeze("node-2")
        await asyncio.wait_for(votes, 300)  # its people come back to the other node
        town.cluster.thaw("node-2")
        await sitting.end(votes, folder)


async def node_told_to_stop(town: Town, folder: Path) -> None:
    sitting = Sitting(town)
    async with present(sitting.everybody):
        votes = await sitting.begin(4)
        await asyncio.sleep(1)
        await asyncio.to_thread(town.cluster.stop, "node-2")
        await until(lambda: all(guest.live.is_set() for guest in sitting.people))
        await asyncio.to_thread(town.cluster.start_part, "node-2")
        await sitting.end(votes, folder)
        print(f"{sum(guest.unanswered for guest in sitting.people)} votes were repeated at the other node")
