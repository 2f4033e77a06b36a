"""Two servers on one PostgreSQL: each sees what the other records, and admits whom the other let in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from server.app import Running, running
from server.config import Settings
from server.store import database as databases
from sessions.ids import BallotId, SeatId
from sessions.permissions import Actor, Role
from tests.fixtures import postgres
from tests.http.conftest import bearer, until
from tests.http.test_timers import MODERATOR, SESSION, TIMED
from tests.store.conftest import clock, emptied


@pytest.fixture
async def nodes(
    settings: Settings, static: Path, cluster: postgres.Cluster, tmp_path: Path
) -> AsyncIterator[list[Running]]:
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    async with AsyncExitStack() as stack:
        first = replace(settings, database=cluster.url)
        second = replace(first, data=tmp_path / "second", demo=False)
        yield [await stack.enter_async_context(running(each, static=static)) for each in (first, second)]


async def test_two_nodes_are_one_installation(nodes: list[Running]) -> None:
    one, two = nodes
    desk, mirror = [await node.services.desks.desk(SESSION) for node in nodes]
    assert one.services.store.sealer.key_id == two.services.store.sealer.key_id
    async with aiohttp.ClientSession(one.url) as http:
        credential = await bearer(http, one, "delegate")
    async with aiohttp.ClientSession(two.url) as http:
        async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=credential) as answer:
            assert answer.status == 200
    await desk.submit("session.open", {}, MODERATOR, "open-0001")
    ballot = BallotId((await desk.submit("ballot.open", TIMED, MODERATOR, "ballot-001")).result["ballot"])
    await until(lambda: ballot in mirror.state.ballots, 3)
    seats = sorted(mirror.state.ballots[ballot].electorate)

    async def vote(number: int, seat: SeatId) -> None:
        node = (desk, mirror)[number % 2]
        actor = Actor(SESSION, Role.DELEGATE, MODERATOR.pass_id, seat, node.state.seats[seat].hall)
        await node.cast({"ballot": ballot, "choices": ["a"], "key": f"vote-{number:06}"}, actor)

    await asyncio.gather(*(vote(number, seat) for number, seat in enumerate(seats)))
    await mirror.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-001")
    await until(lambda: desk.state.ballots[ballot].state == "closed", 3)
    result = desk.state.ballots[ballot].result
    assert result is not None
    assert result.cast == len(seats) == 240
    assert desk.state == mirror.state
