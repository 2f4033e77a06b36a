"""People: kept apart from the journal, looked at on record, erasable."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from server.store.database import Database
from server.store.journal import SqlJournal
from server.store.people import Access, Person, SqlPeople
from sessions.errors import Refused
from sessions.ids import SeatId, SessionId
from sessions.journal import Answer, Recorded

SESSION, OTHER = SessionId("bekasi-2018"), SessionId("jambi-2019")
RW07, RW11 = SeatId("pejuang-07"), SeatId("jatiasih-11")
SITI = Person("Siti Aminah", 51, "P", False, "RW 07", "Gg. Mawar 3", "0812-0000-0001", "19680101 199003 2 001")
BUDI = Person("Budi Santoso")


@pytest.fixture
async def people(database: Database) -> SqlPeople:
    for session in (SESSION, OTHER):
        async with SqlJournal(database).transaction(session) as tx:
            await tx.append("system", "k-12345678", [Recorded(1, 1, "system", "session_opened", {})], Answer(1, {}))
    return SqlPeople(database)


async def test_what_was_entered_is_found_by_seat(people: SqlPeople) -> None:
    await people.put(SESSION, {RW07: SITI, RW11: BUDI}, "pass:admin")
    assert await people.of(SESSION, "pass:hall", "door") == {RW07: SITI, RW11: BUDI}
    assert await people.of(OTHER, "pass:hall", "door") == {}


async def test_entering_again_replaces_those_and_leaves_the_others(people: SqlPeople) -> None:
    await people.put(SESSION, {RW07: SITI, RW11: BUDI}, "pass:admin")
    await people.put(SESSION, {RW11: Person("Budi Hartono", age=40)}, "pass:admin")
    await people.put(SESSION, {}, "pass:admin")
    assert await people.of(SESSION, "pass:hall", "door") == {RW07: SITI, RW11: Person("Budi Hartono", age=40)}


async def test_one_or_all_can_be_erased_and_nobody_else(people: SqlPeople) -> None:
    for session in (SESSION, OTHER):
        await people.put(session, {RW07: SITI, RW11: BUDI}, "pass:admin")
    assert await people.erase(SESSION, "pass:admin", [RW07]) == 1
    assert await people.erase(SESSION, "pass:admin", [RW07]) == 0
    assert list(await people.of(SESSION, "pass:hall", "door")) == [RW11]
    assert await people.erase(SESSION, "pass:admin") == 1
    assert await people.of(SESSION, "pass:hall", "door") == {}
    assert len(await people.of(OTHER, "pass:hall", "door")) == 2


async def test_nothing_of_an_erased_person_stays_in_the_table(people: SqlPeople, database: Database) -> None:
    await people.put(SESSION, {RW07: SITI}, "pass:admin")
    await people.erase(SESSION, "pass:admin")
    async with database.reading() as connection:
        rows = (await connection.execute(text("select * from people"))).all()
        looks = (await connection.execute(text("select * from people_access"))).all()
    assert rows == [] and "Siti" not in str(looks)


async def test_every_look_is_written_down_once_a_minute(people: SqlPeople) -> None:
    await people.put(SESSION, {RW07: SITI}, "pass:admin")
    for _ in range(3):
        await people.of(SESSION, "pass:hall", "door")
    await people.of(SESSION, "system", "record")
    await people.erase(SESSION, "pass:admin")
    looks = await people.accesses(SESSION)
    assert {(look.actor, look.purpose) for look in looks} == {
        ("pass:admin", "import"),
        ("pass:hall", "door"),
        ("system", "record"),
        ("pass:admin", "erasure"),
    }
    assert len(looks) <= 5, "the minute may have turned once"
    assert all(isinstance(look, Access) and look.minute % 60_000 == 0 for look in looks)
    assert await people.accesses(OTHER) == []


async def test_many_looks_in_a_minute_are_one_write(people: SqlPeople, database: Database) -> None:
    """The clock may turn a minute once."""
    before = database.counters.writes
    for _ in range(20):
        await people.of(SESSION, "pass:hall", "door")
    assert 1 <= database.counters.writes - before <= 2


async def test_a_look_that_cannot_be_written_down_does_not_happen(people: SqlPeople, database: Database) -> None:
    await people.put(SESSION, {RW07: SITI}, "pass:admin")
    async with database.writing() as connection:
        await connection.execute(text("drop table people_access"))
    with pytest.raises(Exception, match="people_access"):
        await people.of(SESSION, "pass:hall", "door")


async def test_nothing_of_it_is_logged(people: SqlPeople, caplog: pytest.LogCaptureFixture) -> None:
    """Not even when the database disagrees with a row."""
    with caplog.at_level(logging.DEBUG), pytest.raises(Exception) as raised:
        await people.put(SessionId("nobody-knows"), {RW07: SITI}, "pass:admin")
    assert not isinstance(raised.value, Refused)
    for secret in (SITI.name, SITI.phone, SITI.address):
        assert secret not in caplog.text and secret not in str(raised.value)
