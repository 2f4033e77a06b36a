"""Redis dead, PostgreSQL dead, a node told to stop: while people vote and write."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import asyncpg

from bench.votes import SESSION
from tests.cluster.conftest import Town
from tests.cluster.guests import Door, Guest, present, until
from tests.cluster.work import Typist, Voter, closed, each_once, key, opened, same, sealed_right, voters_of

FROZEN_S = 15.0  # more than a node's lease of media (6 s), its bulletins (6 s) and the link between nodes (9 s) bear


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
    """SIGSTOP to all its processes, as a virtual machine that is moved: it keeps its connections and says nothing."""
    sitting = Sitting(town)
    async with present(sitting.everybody):
        await watches(sitting.writers[0], town.scene.halls[0])
        carried = await host(town)
        frozen, living = (0, 1) if carried["node"].startswith(town.cluster.nodes[0]) else (1, 0)
        name = town.cluster.nodes[frozen]
        votes = await sitting.begin(10)
        await until(lambda: all(typist.acked for typist in sitting.typists))
        town.cluster.freeze(name)
        at = time.monotonic()
        await asyncio.wait_for(votes, 300)  # its people come back to the other node
        while (now := await host(town))["node"] == carried["node"]:
            await watches(sitting.writers[living], town.scene.halls[0])
            await asyncio.sleep(0.2)
        print(f"{name} frozen: the other carries the media after {time.monotonic() - at:.1f} s")
        assert now["node"].startswith(town.cluster.nodes[living]) and now["epoch"] > carried["epoch"]
        await asyncio.sleep(max(0.0, FROZEN_S - (time.monotonic() - at)))
        written = [len(typist.acked) for typist in sitting.typists]
        town.cluster.thaw(name)
        await until(lambda: all(len(t.acked) > before for t, before in zip(sitting.typists, written, strict=True)))
        await sitting.end(votes, folder)
        kept = await host(town)
        assert (kept["node"], kept["epoch"]) == (now["node"], now["epoch"]), "what it had is another's now"


async def watches(guest: Guest, hall: str) -> None:
    """Whoever watches makes sure that a node carries the media; it may take a moment until one can."""
    show = {"method": "show", "halls": [hall], "stage": True, "audio": False}
    async with asyncio.timeout(120):
        while not (await guest.ask("media", show))["ok"]:  # noqa: ASYNC110 - what is waited for is in other processes
            await asyncio.sleep(0.2)


async def host(town: Town) -> Any:
    """Who carries the media of the plenary: node, epoch."""
    database = await asyncpg.connect(town.cluster.database)
    try:
        return await database.fetchrow("select node, epoch from media_hosts where session = $1", SESSION)
    finally:
        await database.close()


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
