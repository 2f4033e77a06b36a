"""Many rows in one statement: all of them, as they were, in their order, whatever their number."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from server.store import bulk, tables
from server.store.database import Database
from tests.store.ballots import open_ballot

ODD = ['{"a":[1,"\\u0000"]}', "", "''; drop table roll --", "Énna ☂ 你", ":rows $1 %s", '"', "null"]


def roll(ballot: str, numbers: list[int]) -> list[dict[str, Any]]:
    return [{"ballot": ballot, "seat": f"seat-{number}", "channel": "phone"} for number in numbers]


async def test_what_goes_in_comes_out(database: Database) -> None:
    await open_ballot(database, "b")
    rows = [
        {"session": "bekasi", "seq": number + 10, "at": 2**53 + number, "actor": odd, "type": "odd", "data": odd}
        for number, odd in enumerate(ODD)
    ]
    async with database.writing() as connection:
        await bulk.insert_rows(connection, tables.journal, rows)
        kept = select(tables.journal).where(tables.journal.c.type == "odd").order_by(tables.journal.c.seq)
        assert [dict(row) for row in (await connection.execute(kept)).mappings()] == rows


async def test_rows_that_are_there_already_stay_as_they_are(database: Database) -> None:
    await open_ballot(database, "b")
    async with database.writing() as connection:
        assert await bulk.insert_new(connection, tables.roll, roll("b", [1, 2]), "seat") == {"seat-1", "seat-2"}
        later = [{**row, "channel": "kiosk"} for row in roll("b", [2, 3])]
        assert await bulk.insert_new(connection, tables.roll, later, "seat") == {"seat-3"}
        found = await connection.execute(select(tables.roll.c.seat, tables.roll.c.channel))
        assert sorted(map(tuple, found)) == [("seat-1", "phone"), ("seat-2", "phone"), ("seat-3", "kiosk")]


@pytest.mark.parametrize("odd", ODD)
async def test_a_row_is_found_by_any_text(database: Database, odd: str) -> None:
    await open_ballot(database, "b")
    async with database.writing() as connection:
        await bulk.insert_rows(connection, tables.roll, [{"ballot": "b", "seat": odd, "channel": "phone"}])
        for listed, number in (([odd, "seat-9"], 1), (["seat-9"], 0), ([], 0)):
            wanted = bulk.among(connection, tables.roll.c.seat, listed)
            counted = await connection.execute(select(func.count()).select_from(tables.roll).where(wanted))
            assert counted.scalar_one() == number


@pytest.mark.parametrize("odd", ODD)
async def test_rows_are_found_by_all_their_columns(database: Database, odd: str) -> None:
    await open_ballot(database, "b")
    await open_ballot(database, "c")
    named = [{"ballot": "b", "seat": odd}, {"ballot": "c", "seat": "seat-1"}, {"ballot": "b", "seat": "seat-9"}]
    async with database.writing() as connection:
        assert await bulk.find_rows(connection, tables.roll, named, ("seat",)) == []
        await bulk.insert_rows(connection, tables.roll, [{**named[0], "channel": "phone"}, *roll("b", [1])])
        found = await bulk.find_rows(connection, tables.roll, named, ("ballot", "seat", "channel"))
        assert [tuple(row) for row in found] == [("b", odd, "phone")]
        assert await bulk.find_rows(connection, tables.roll, [], ("seat",)) == []


async def test_rows_are_found_in_the_index(database: Database) -> None:
    """Among very many, however few are asked for."""
    names = ("session", "actor", "key")
    statement = bulk.finding(database.write.dialect.name, tables.answers, names, ("seq",)).text
    parameters = bulk.parameters(database.write.dialect.name, names, [{"session": "s", "actor": "a", "key": "k"}])
    async with database.writing() as connection:
        if not database.is_sqlite:
            await connection.execute(text("set local enable_seqscan = off"))  # an empty table would be read whole
        explain = "explain query plan" if database.is_sqlite else "explain"
        plan = str((await connection.execute(text(f"{explain} {statement}"), parameters)).all())
    assert ("SEARCH found USING" if database.is_sqlite else "Index") in plan and "SCAN found" not in plan


async def test_the_statement_is_the_same_for_any_number_of_rows(database: Database) -> None:
    await open_ballot(database, "b")
    statements: list[str] = []
    event.listen(
        database.write.sync_engine, "before_cursor_execute", lambda *told: statements.append(told[2]), named=False
    )
    async with database.writing() as connection:
        for numbers in ([1], [2, 3], list(range(10, 500))):
            await bulk.insert_new(connection, tables.roll, roll("b", numbers), "seat")
            wanted = bulk.among(connection, tables.roll.c.seat, [f"seat-{number}" for number in numbers])
            await connection.execute(select(tables.roll.c.seat).where(wanted))
    assert len({one for one in statements if "roll" in one}) == 2
