"""Leases of rooms: one node at a time carries a session's media, whoever comes, dies, freezes or gives up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from server.store import database as databases
from server.store.database import Database
from server.store.media_hosts import HOSTS, LEASE_MS, SqlMediaHosts
from server.store.migrations import migrate
from server.store.tables import sessions
from signaling.engine import MediaHost

ROOM, OTHER = "bekasi-2018", "bekasi-2019"
NODES = ("one", "two", "three")


async def prepared(database: Database) -> None:
    async with database.writing() as connection:
        rows = [{"id": room, "head": 0, "created_at": 0} for room in (ROOM, OTHER)]
        await connection.execute(insert(sessions), rows)


def node(database: Database, name: str, url: str = "") -> SqlMediaHosts:
    return SqlMediaHosts(database, name, url or f"http://{name}")


async def run_out(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(update(HOSTS).values(until=await database.now(connection)))


async def test_the_first_that_needs_a_room_carries_it_and_the_others_are_told_where(database: Database) -> None:
    await prepared(database)
    one, two = node(database, "one"), node(database, "two")
    assert await one.renew([ROOM]) == {}
    host = MediaHost("one", "http://one", 1)
    assert await one.take(ROOM, able=True) == await one.take(ROOM, able=True) == host
    assert await two.take(ROOM, able=True) == host
    assert await two.renew([ROOM, OTHER]) == {ROOM: host}
    assert (await two.take(OTHER, able=True)) == MediaHost("two", "http://two", 1)


async def test_of_many_nodes_that_come_at_once_one_gets_it(database: Database) -> None:
    await prepared(database)
    every = [node(database, f"node-{number}") for number in range(8)]
    for epoch in (1, 2):
        found = await asyncio.gather(*(each.take(ROOM, able=True) for each in every))
        assert len(set(found)) == 1 and found[0] is not None and found[0].epoch == epoch
        every = [each for number, each in enumerate(every) if found[0].node != f"node-{number}"]
        await run_out(database)


async def test_a_lease_that_ran_out_is_anybodys_and_its_renewal_alone_keeps_it(database: Database) -> None:
    await prepared(database)
    one, two = node(database, "one"), node(database, "two")
    await one.take(ROOM, able=True)
    await run_out(database)
    assert (await one.renew([ROOM]))[ROOM].node == "one", "nobody took it meanwhile"
    assert (await two.take(ROOM, able=True)) == MediaHost("one", "http://one", 1)
    await run_out(database)
    assert (await two.take(ROOM, able=True)) == MediaHost("two", "http://two", 2)
    assert (await one.renew([ROOM])) == {ROOM: MediaHost("two", "http://two", 2)}, "it is not taken back"


async def test_what_a_dead_node_carried_is_taken_at_once_and_nothing_of_the_living(database: Database) -> None:
    await prepared(database)
    one, two = node(database, "one"), node(database, "two")
    await one.take(ROOM, able=True)
    assert (await two.take(ROOM, able=True, dead="three")) == MediaHost("one", "http://one", 1)
    assert (await two.take(ROOM, able=True, dead="one")) == MediaHost("two", "http://two", 2)


async def test_a_node_started_anew_at_an_address_takes_what_the_last_one_there_had(database: Database) -> None:
    await prepared(database)
    await node(database, "one.1", "http://one").take(ROOM, able=True)
    assert (await node(database, "one.2", "http://one").take(ROOM, able=True)) == MediaHost("one.2", "http://one", 2)


async def test_a_room_that_was_given_up_is_vacant_and_only_its_host_can_give_it_up(database: Database) -> None:
    await prepared(database)
    one, two = node(database, "one"), node(database, "two")
    await one.take(ROOM, able=True)
    await two.release([ROOM])
    assert (await one.renew([ROOM]))[ROOM].node == "one"
    await one.release([ROOM])
    await one.release([])
    assert await one.renew([ROOM]) == {} and await two.take(ROOM, able=False) is None
    assert (await two.take(ROOM, able=True)) == MediaHost("two", "http://two", 2)


async def test_a_node_without_a_media_worker_takes_nothing(database: Database) -> None:
    await prepared(database)
    assert await node(database, "one").take(ROOM, able=False) is None
    await node(database, "two").take(ROOM, able=True)
    await run_out(database)
    assert (await node(database, "one").take(ROOM, able=False)) == MediaHost("two", "http://two", 1)


class Clock:
    now = 1_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[tuple[Database, Clock]]:
    clock = Clock()
    database = databases.connect(f"sqlite:///{tmp_path / 'leases.sqlite'}", clock)
    await migrate(database)
    await prepared(database)
    yield database, clock
    await database.close()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.sampled_from(NODES)),
        st.tuples(st.just("unable"), st.sampled_from(NODES)),
        st.tuples(st.just("renew"), st.sampled_from(NODES)),
        st.tuples(st.just("release"), st.sampled_from(NODES)),
        st.tuples(st.just("later"), st.integers(1, 2 * LEASE_MS)),
    ),
    max_size=25,
)


@given(steps=STEPS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_one_node_carries_a_room_and_each_change_has_its_epoch(
    timed: tuple[Database, Clock], steps: list[tuple[str, str | int]]
) -> None:
    """The table against the rule: the holder until its lease ran out or was given up, then whoever is first."""
    database, clock = timed
    async with database.writing() as connection:
        await connection.execute(delete(HOSTS))
    every = {name: node(database, name) for name in NODES}
    holder, until, epoch = "", 0, 0
    for verb, who in steps:
        if verb == "later":
            clock.now += int(who)
            continue
        name = str(who)
        if verb == "take" and name != holder and (holder == "" or until <= clock.now):
            holder, epoch = name, epoch + 1
        if name == holder and verb in ("take", "renew"):
            until = clock.now + LEASE_MS
        expected = MediaHost(holder, f"http://{holder}", epoch) if holder else None
        match verb:
            case "take" | "unable":
                assert await every[name].take(ROOM, able=verb == "take") == expected
            case "renew":
                assert (await every[name].renew([ROOM])).get(ROOM) == expected
            case "release":
                await every[name].release([ROOM])
                holder = "" if name == holder else holder
