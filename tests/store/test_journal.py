"""The journal: what was appended is read back, once, in order, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.store.database import Database
from server.store.journal import SqlJournal
from sessions.ids import SessionId
from sessions.journal import Answer, Recorded
from tests.store.ballots import SESSION, event

OTHER = SessionId("jakpus")


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    return SqlJournal(database)


async def record(journal: SqlJournal, key: str, events: Sequence[Recorded], session: SessionId = SESSION) -> None:
    async with journal.transaction(session) as transaction:
        await transaction.append("seat:a", key, events, Answer(events[-1].seq, {"n": len(events)}))


async def test_events_come_back_as_they_went_in(journal: SqlJournal) -> None:
    written = [event(1, title="Jalan “Melati”\n\u0000 \ud800"), event(2, amount=None, parts=[1, 2.5, {"a": True}])]
    await record(journal, "key-0001", written)
    assert await journal.read(SESSION, 0) == written
    assert await journal.read(SESSION, 1) == written[1:]
    assert await journal.read(SESSION, 2) == []


async def test_a_session_never_seen_has_nothing_to_read_and_gets_a_row_with_its_first_transaction(
    journal: SqlJournal,
) -> None:
    assert await journal.read(SESSION, 0) == []
    assert await journal.heads() == {}
    await record(journal, "key-0001", [event(1)])
    await record(journal, "key-0001", [event(1), event(2)], OTHER)
    assert await journal.heads() == {SESSION: 1, OTHER: 2}


async def test_an_answer_is_kept_for_its_actor_and_key_only(journal: SqlJournal) -> None:
    await record(journal, "key-0001", [event(1), event(2)])
    async with journal.transaction(SESSION) as transaction:
        asked = [("seat:a", "key-0001"), ("seat:b", "key-0001"), ("seat:a", "key-0002")]
        assert await transaction.answers(asked) == {asked[0]: Answer(2, {"n": 2})}
        assert await transaction.answers([]) == {}
    async with journal.transaction(OTHER) as transaction:
        assert await transaction.answers(asked) == {}


async def test_a_command_that_changed_nothing_is_answered_again_all_the_same(journal: SqlJournal) -> None:
    async with journal.transaction(SESSION) as transaction:
        await transaction.append("seat:a", "key-0001", [], Answer(0, {"ok": 1}))
    async with journal.transaction(SESSION) as transaction:
        asked = ("seat:a", "key-0001")
        assert await transaction.answers([asked]) == {asked: Answer(0, {"ok": 1})}
        assert await transaction.tail(0) == []


async def test_a_transaction_sees_what_it_appended_itself(journal: SqlJournal) -> None:
    await record(journal, "key-0001", [event(1)])
    async with journal.transaction(SESSION) as transaction:
        await transaction.append("seat:a", "key-0002", [event(2)], Answer(2, {}))
        assert [found.seq for found in await transaction.tail(0)] == [1, 2]
        assert [found.seq for found in await transaction.tail(1)] == [2]


async def test_an_exception_rolls_everything_back(journal: SqlJournal) -> None:
    await record(journal, "key-0001", [event(1)])
    with pytest.raises(RuntimeError, match="on purpose"):
        async with journal.transaction(SESSION) as transaction:
            await transaction.append("seat:a", "key-0002", [event(2, "ballot_opened", **OPENED)], Answer(2, {}))
            raise RuntimeError("on purpose")
    assert [found.seq for found in await journal.read(SESSION, 0)] == [1]
    await record(journal, "key-0003", [event(2, "ballot_opened", **OPENED)])


OPENED = {"ballot": "b", "secrecy": "open", "proof": None}


@pytest.mark.parametrize("seqs", [[1], [3], [2, 2], [3, 2], [2, 4]])
async def test_events_that_do_not_continue_the_journal_are_not_recorded(journal: SqlJournal, seqs: list[int]) -> None:
    await record(journal, "key-0001", [event(1)])
    with pytest.raises(ValueError, match="do not continue"):
        await record(journal, "key-0002", [event(seq) for seq in seqs])
    assert await journal.heads() == {SESSION: 1}


async def test_the_database_itself_refuses_a_second_answer_for_a_key(journal: SqlJournal, database: Database) -> None:
    await record(journal, "key-0001", [event(1)])
    with pytest.raises(IntegrityError):
        await record(journal, "key-0001", [event(2)])
    assert await journal.heads() == {SESSION: 1}
    async with database.reading() as connection:
        assert (await connection.execute(text("select count(*) from journal"))).scalar_one() == 1


async def test_the_clock_is_the_databases_and_runs(journal: SqlJournal, database: Database) -> None:
    async with journal.transaction(SESSION) as transaction:
        before = await transaction.now()
        await asyncio.sleep(0.02)
        after = await transaction.now()
    assert 15 <= after - before < 2000
    assert abs(before - database.clock()) < 60_000


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(st.text(max_size=10), values, max_size=4))
async def test_any_json_survives(database: Database, data: dict[str, object]) -> None:
    journal = SqlJournal(database)
    seq = (await journal.heads()).get(SESSION, 0) + 1
    written = Recorded(seq, 1, "seat:a", "agenda_item_started", data)
    await record(journal, f"key-{seq:06}", [written])
    assert await journal.read(SESSION, seq - 1) == [written]
