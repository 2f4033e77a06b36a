"""Leases of prints: one of a session at a time, whoever asks, and nobody waits long for a node that died."""

from __future__ import annotations

import asyncio

from sqlalchemy import insert, update

from server.store.database import Database
from server.store.prints import PRINTS, SqlPrints
from server.store.tables import sessions
from sessions.ids import SessionId

ONE, OTHER = SessionId("bekasi-2018"), SessionId("bekasi-2019")


async def prepared(database: Database) -> SqlPrints:
    async with database.writing() as connection:
        rows = [{"id": one, "head": 0, "created_at": 0} for one in (ONE, OTHER)]
        await connection.execute(insert(sessions), rows)
    return SqlPrints(database)


async def test_of_many_that_come_at_once_one_begins_and_the_next_once_it_is_over(database: Database) -> None:
    prints = await prepared(database)
    got = await asyncio.gather(*(prints.take(ONE, f"job-{number}") for number in range(8)))
    assert sum(got) == 1 and await prints.take(OTHER, "job-9")
    first = f"job-{got.index(True)}"
    assert await prints.renew(ONE, first) and not await prints.renew(ONE, "job-9")
    await prints.release(ONE, "job-9")
    assert not await prints.take(ONE, "late")
    for _ in range(2):
        await prints.release(ONE, first)
    assert await prints.take(ONE, "late")


async def test_what_a_dead_node_began_runs_out_and_its_print_does_not_go_on_if_it_was_alive(database: Database) -> None:
    prints = await prepared(database)
    assert await prints.take(ONE, "dead")
    async with database.writing() as connection:
        await connection.execute(update(PRINTS).values(until=await database.now(connection)))
    assert await prints.take(ONE, "next")
    assert not await prints.renew(ONE, "dead")
    await prints.release(ONE, "dead")
    assert await prints.renew(ONE, "next")
