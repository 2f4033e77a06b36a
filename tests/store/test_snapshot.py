"""A whole database at one moment, and back again, also from one kind of database to the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from server.store import database as databases
from server.store import tables
from server.store.database import Database
from server.store.keys import signing_key
from server.store.migrations import revisions
from server.store.snapshot import PASSING, back, filling, is_empty, out, snapshot
from sessions.ids import SessionId
from tests.fixtures import postgres
from tests.store.conftest import clock, emptied

SESSION = SessionId("bekasi")
EVENT = {"at": 1, "actor": "system", "type": "x", "data": '{"a":"é\\u0000"}'}


async def fill(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(tables.sessions), [{"id": SESSION, "head": 2, "created_at": 2**40}])
        await connection.execute(insert(tables.journal), [{"session": SESSION, "seq": 1, **EVENT}])
        for ballot, seats in (("b1", ["z", "a"]), ("b2", [])):
            row = {"id": ballot, "session": SESSION, "secret": ballot == "b1", "proof": None, "state": "closed"}
            await connection.execute(insert(tables.ballots), [row])
            rows = [{"ballot": ballot, "seat": seat, "channel": "phone"} for seat in seats]
            if rows:
                await connection.execute(insert(tables.roll), rows)
    await signing_key(database)
    photo = {"id": "p", "session": SESSION, "kind": "photo", "media_type": "image/webp", "bytes": bytes(range(256))}
    more = {"width": 1, "height": 2, "size": 256, "sha256": b"\x00\xff", "created_at": 3}
    async with database.writing() as connection:
        await connection.execute(insert(tables.files), [{**photo, **more}])


async def everything(database: Database) -> dict[str, list[Any]]:
    found = {}
    async with database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            if table.name not in PASSING:
                rows = await connection.execute(select(table).order_by(*table.primary_key.columns))
                found[table.name] = [tuple(row) for row in rows]
    return found


async def taken(database: Database) -> tuple[str, dict[str, list[str]]]:
    async with snapshot(database) as found:
        return found.revision, {table: [line async for line in found.rows(table)] for table in found.tables}


async def put_back(database: Database, revision: str, lines: dict[str, list[str]]) -> None:
    async with filling(database, revision) as filled:
        assert set(filled.tables) == set(lines)
        for table in filled.tables:
            await filled.put(table, [line.encode() for line in lines[table]])
        await filled.finish()


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
async def test_every_row_comes_back_into_either_kind_of_database(
    database: Database, other: str, tmp_path: Path, cluster: postgres.Cluster
) -> None:
    await fill(database)
    before = await everything(database)
    revision, lines = await taken(database)
    assert revision == revisions()[0]
    target = databases.connect(f"sqlite:///{tmp_path / 'other.sqlite'}" if other == "sqlite" else cluster.url, clock)
    try:
        await emptied(target)
        assert await is_empty(target)
        await put_back(target, revision, lines)
        assert await everything(target) == before
        assert not await is_empty(target)
    finally:
        await target.close()


async def test_a_snapshot_is_of_the_moment_it_began(database: Database) -> None:
    await fill(database)
    async with snapshot(database) as found:
        first = [line async for line in found.rows("journal")]
        async with database.writing() as connection:
            await connection.execute(insert(tables.journal), [{"session": SESSION, "seq": 2, **EVENT}])
            await connection.execute(tables.roll.delete())
        assert [line async for line in found.rows("journal")] == first
        assert len([line async for line in found.rows("roll")]) == 2
    assert len((await taken(database))[1]["journal"]) == 2


async def test_roll_and_box_come_by_their_keys_and_not_as_they_were_written(database: Database) -> None:
    await fill(database)
    _, lines = await taken(database)
    assert [json.loads(line)["seat"] for line in lines["roll"]] == ["a", "z"]


async def test_what_cannot_all_be_put_back_is_not_put_back_at_all(database: Database, tmp_path: Path) -> None:
    await fill(database)
    revision, lines = await taken(database)
    lines["journal"].append(lines["journal"][0])
    await emptied(database)
    target = databases.connect_file(tmp_path / "new.sqlite", clock) if database.is_sqlite else database
    with pytest.raises(IntegrityError):
        await put_back(target, revision, lines)
    assert await is_empty(target)
    await target.close()


@pytest.mark.parametrize("revision", revisions()[1:])
async def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path, revision: str) -> None:
    target = databases.connect_file(tmp_path / "old.sqlite", clock)
    try:
        async with filling(target, revision) as filled:
            assert "sessions" in filled.tables
            await filled.put("sessions", [b'{"id": "s", "head": 0, "created_at": 1}'])
            await filled.finish()
        async with snapshot(target) as found:
            assert found.revision == revisions()[0]
            assert [json.loads(line)["id"] async for line in found.rows("sessions")] == ["s"]
    finally:
        await target.close()


def test_values_survive_and_strange_ones_are_refused() -> None:
    for value in (b"\x00\xff", "", "é", 0, 2**62, None, True, 1.5):
        assert back(json.loads(json.dumps(out(value)))) == value
    with pytest.raises(TypeError):
        out({"a": 1})
