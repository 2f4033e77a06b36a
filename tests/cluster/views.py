"""Clients of different nodes see the same, and commands are accepted by any of them in one order."""

from __future__ import annotations

import asyncio

from bench.votes import SESSION
from tests.cluster.conftest import Town
from tests.cluster.guests import Door, Guest, digest, fetched, present, snapshot, until
from tests.cluster.work import Typist, closed, key, opened, same, voters_of
from tests.gateway.served import Replica

CLASSES = {"vice": "moderator", "hall-aula-1": "hall", "wall": "screen", "press": "public", "seat-0": "participant"}


async def the_same_everywhere(town: Town) -> None:
    doors = [Door(url) for url in town.urls]
    credentials, halls = town.scene.credentials, town.scene.halls
    # A hall has one page: the second node's looker is another hall of the same class.
    lookers = [
        [
            Guest(door, credentials["hall-aula-0" if (card, number) == ("hall-aula-1", 0) else card], view=view)
            for number, door in enumerate(doors)
        ]
        for card, view in CLASSES.items()
    ]
    chairs = [Guest(door, credentials["chair"], view="moderator", name=f"chair-{n}") for n, door in enumerate(doors)]
    seats = town.scene.seats[:40]
    people = [Guest(doors[number % 2], credentials[seat], name=seat) for number, seat in enumerate(seats)]
    async with present([*(guest for pair in lookers for guest in pair), *chairs, *people]):
        typists = [Typist(chair, hall) for chair, hall in zip(chairs, halls, strict=False)]
        ballot = await opened(chairs[0], "Di mana saja")
        await asyncio.gather(*(voter.cast() for voter in voters_of(people, ballot)))
        await asyncio.gather(
            *(guest.command("floor.request", {"note": guest.name}, key("ask")) for guest in people[:10])
        )
        asked = {"title": "Sekali saja", "hall": halls[0]}
        twice = key("twice")
        answers = await asyncio.gather(*(chair.command("proposal.add", asked, twice) for chair in chairs))
        assert answers[0] == answers[1] and answers[0]["ok"]
        await until(lambda: all(len(typist.acked) >= 10 for typist in typists))
        for typist in typists:
            await typist.end()
        await closed(chairs[1], ballot)
        acked = [answer["seq"] for typist in typists for answer in typist.acked.values()]
        assert len(set(acked)) == len(acked), "one order for all"
        head = max(guest.replica.last or 0 for guest in chairs)
        for pair in lookers:
            await same(pair, max(head, *acked))
            for door, guest in zip(doors, pair, strict=True):
                assert digest(loaded(await snapshot(door.url, guest.credential))) == digest(guest.replica)
        public = [loaded(await fetched(url, f"/api/public/{SESSION}/snapshot")) for url in town.urls]
        assert digest(public[0]) == digest(public[1])
        told = [guest.last["turnout"] for pair in lookers for guest in pair]
        assert all(one == {"ballot": ballot, "cast": len(people), "of": len(town.scene.seats)} for one in told)
        titles = [one["title"] for (kind, _), one in chairs[0].replica.entities.items() if kind == "proposal"]
        assert titles.count("Sekali saja") == 1


def loaded(told: dict[str, object]) -> Replica:
    replica = Replica()
    replica.load(told)
    return replica
