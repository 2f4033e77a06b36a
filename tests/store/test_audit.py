"""The audit trail: appended in the same transaction as what it tells of, never changed."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.store.audit import SqlAudit
from server.store.database import Database
from sessions.ids import SessionId

SESSION = SessionId("bekasi")


async def test_entries_come_newest_first_and_by_session(database: Database) -> None:
    audit = SqlAudit(database, "n1")
    await audit.note("cli", "account.add", subject="account:a1", login="ratna")
    await audit.note("pass:p1", "pass.release", session=SESSION, subject="pass:p2")
    assert [(one.action, one.session) for one in await audit.entries()] == [
        ("pass.release", SESSION),
        ("account.add", None),
    ]
    (only,) = await audit.entries(session=SESSION)
    assert (only.actor, only.subject, only.node, dict(only.data)) == ("pass:p1", "pass:p2", "n1", {})
    (older,) = await audit.entries(before=only.id)
    assert dict(older.data) == {"login": "ratna"}


async def test_entries_are_found_by_a_part_of_what_they_say_whatever_its_case(database: Database) -> None:
    audit = SqlAudit(database)
    await audit.note("pass:P1", "pass.issue", session=SESSION, subject="seat:s_1")
    await audit.note("pass:P1", "people.enter", session=SESSION, subject="seat:sx1")

    async def found(having: str) -> list[str]:
        return [one.action for one in await audit.entries(session=SESSION, having=having)]

    assert await found("PASS.I") == ["pass.issue"]
    assert await found("s_1") == ["pass.issue"], "what is sought is no pattern"
    assert await found("pass:p1") == ["people.enter", "pass.issue"] == await found("")
    assert await found("%") == []


async def test_an_entry_of_a_transaction_that_fails_is_not_there(database: Database) -> None:
    audit = SqlAudit(database)
    with pytest.raises(RuntimeError):
        async with database.writing() as connection:
            await audit.write(connection, "cli", "account.add")
            raise RuntimeError
    assert await audit.entries() == []


@pytest.mark.parametrize("statement", ["update audit set actor = 'nobody'", "delete from audit"])
async def test_the_database_refuses_to_change_an_entry(database: Database, statement: str) -> None:
    audit = SqlAudit(database)
    await audit.note("cli", "account.add")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.writing() as connection:
            await connection.execute(text(statement))
    assert [one.actor for one in await audit.entries()] == ["cli"]
