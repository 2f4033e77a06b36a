"""`kill -9` of a node in the middle of a burst: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

from tests.cluster.conftest import Town
from tests.cluster.guests import Door, Guest, figures, present, until
from tests.cluster.work import Typist, closed, each_once, opened, same, sealed_right, voters_of


async def killed_nodes(town: Town, folder: Path) -> None:
    door, living = Door(town.front), Door(town.urls[1])
    credentials = town.scene.credentials
    chair = Guest(door, credentials["chair"], view="moderator", name="chair")
    vice = Guest(living, credentials["vice"], view="moderator", name="vice")
    people = [Guest(door, credentials[seat], name=seat) for seat in town.scene.seats]
    async with present([chair, vice, *people]):
        typists = [Typist(chair, town.scene.halls[0]), Typist(vice, town.scene.halls[0])]
        for number in range(town.scale.kills):
            await one_kill(town, chair, people, f"Putaran {number}", folder, typists[1])
        for typist in typists:
            await typist.end()
        await same([chair, vice], max(typist.upto for typist in typists))
        each_once(vice.replica, typists)
        later = Guest(living, credentials["chair"])  # the pass that asked, on the node that lived
        async with present([later]):
            asked = typists[0]
            for title in random.sample(sorted(asked.acked), min(10, len(asked.acked))):
                assert await later.command("proposal.add", asked.data(title), asked.keys[title]) == asked.acked[title]


async def one_kill(town: Town, chair: Guest, people: list[Guest], title: str, folder: Path, survivor: Typist) -> None:
    await asyncio.to_thread(town.cluster.start_part, "node-1")  # it is back from the kill before
    at_risk = await scattered(town, people)
    begun = time.perf_counter()
    ballot = await opened(chair, title)
    voters = voters_of(people, ballot)
    burst = asyncio.gather(*(voter.cast() for voter in voters))
    wanted = len(voters) * random.uniform(0.1, 0.9)
    await until(lambda: sum(voter.answer is not None for voter in voters) >= wanted)
    town.cluster.kill("node-1")
    written = len(survivor.acked)
    await until(lambda: len(survivor.acked) > written)  # the node that lives takes commands as ever
    await asyncio.wait_for(burst, 300)
    assert not [voter.answer for voter in voters if not voter.answer["ok"]]
    took_s = time.perf_counter() - begun
    print(f"{title}: {at_risk:.0f} people of a killed node, {len(voters)} votes acknowledged after {took_s:.1f} s")
    await closed(chair, ballot)
    await asyncio.to_thread(town.cluster.start_part, "node-1")
    await sealed_right(town, voters, folder)
    for voter in random.sample(voters, 10):  # the receipt is the same, whichever node is asked
        assert await voter.guest.ask("vote", voter.vote) == voter.answer


async def scattered(town: Town, people: list[Guest]) -> float:
    """How many the node has that will be killed: a tenth at least, though the kill before drove them all away."""
    while (here := (await figures(town.urls[0]))["gateway_people"]) < len(people) / 10:
        await asyncio.gather(*(guest.come_anew() for guest in random.sample(people, len(people) // 10)))
    return here
