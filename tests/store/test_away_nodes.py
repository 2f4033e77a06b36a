"""PostgreSQL between nodes: one that freezes with a lock in its hand, and a server that is asked and stays silent."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from server.store import database as databases
from server.store.database import Database
from server.store.journal import SqlJournal
from server.store.migrations import migrate
from sessions.errors import Refused
from sessions.ids import SessionId
from tests.fixtures.postgres import Cluster
from tests.store.conftest import clock, emptied

SESSION = SessionId("bekasi-2018")
LOCK = text("select head from sessions where id = :session for update")


@pytest.fixture
async def nodes(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Database, Database]]:
    monkeypatch.setattr(databases, "IDLE_MOST_S", 1)
    monkeypatch.setattr(databases, "ANSWER_WITHIN_S", 1)
    one, other = databases.connect(cluster.url, clock), databases.connect(cluster.url, clock)
    await emptied(one)
    await migrate(one)
    yield one, other
    await one.close()
    await other.close()


async def test_a_node_that_freezes_in_a_transaction_holds_the_others_up_for_a_moment_only(
    nodes: tuple[Database, Database],
) -> None:
    frozen, other = map(SqlJournal, nodes)
    locked, thawed = asyncio.Event(), asyncio.Event()

    async def freeze() -> None:
        async with frozen.transaction(SESSION) as transaction:
            locked.set()
            await thawed.wait()
            await transaction.now()

    freezing = asyncio.create_task(freeze())
    await locked.wait()
    async with asyncio.timeout(10):
        while True:
            try:
                async with other.transaction(SESSION):
                    break
            except Refused as refused:  # it waited as long as it may for the lock: whoever asked tries again
                assert refused.code == "held"
    thawed.set()
    with pytest.raises(Refused, match="held"):
        await freezing
    async with frozen.transaction(SESSION):
        pass  # on another connection


async def test_transactions_that_lock_each_other_out_are_held_and_go_in_when_they_are_repeated(
    nodes: tuple[Database, Database], cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL ends one of the two; whoever asked repeats the same key."""
    monkeypatch.setattr(databases, "ANSWER_WITHIN_S", 60)
    waiting = [databases.connect(cluster.url, clock) for _ in range(2)]
    both_hold = asyncio.Barrier(2)
    one, other = SessionId("one"), SessionId("other")
    for session in (one, other):
        async with SqlJournal(nodes[0]).transaction(session):
            pass

    async def cross(node: Database, first: SessionId, second: SessionId) -> str:
        try:
            async with node.writing() as connection:
                await connection.execute(LOCK, {"session": first})
                await both_hold.wait()
                await connection.execute(LOCK, {"session": second})
        except Refused as refused:
            return refused.code
        return ""

    found = await asyncio.gather(cross(waiting[0], one, other), cross(waiting[1], other, one))
    assert sorted(found) == ["", "held"]
    for node in waiting:
        async with SqlJournal(node).transaction(one):
            pass
        await node.close()


async def test_what_is_acknowledged_is_on_disk_whatever_the_server_does_by_default(cluster: Cluster) -> None:
    asleep = databases.connect(cluster.url, clock)
    async with asleep.writing() as connection:
        await connection.execute(text("alter role current_user set synchronous_commit = off"))
    try:
        node = databases.connect(cluster.url, clock)
        async with node.writing() as connection:
            assert (await connection.execute(text("show synchronous_commit"))).scalar_one() == "on"
        assert await node.risks() == ["fsync"], "the cluster of the tests"
        await node.close()
    finally:
        async with asleep.writing() as connection:
            await connection.execute(text("alter role current_user reset synchronous_commit"))
        await asleep.close()


async def test_a_silent_server_is_an_absent_one(nodes: tuple[Database, Database]) -> None:
    node, _ = nodes
    async with node.writing() as connection:
        backend: int = (await connection.execute(text("select pg_backend_pid()"))).scalar_one()
    os.kill(backend, signal.SIGSTOP)
    try:
        async with asyncio.timeout(10):
            with pytest.raises(Refused, match="held"):
                async with SqlJournal(node).transaction(SESSION):
                    pass
            async with SqlJournal(node).transaction(SESSION):
                pass  # on another connection
    finally:
        os.kill(backend, signal.SIGCONT)
