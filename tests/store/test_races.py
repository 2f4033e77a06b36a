"""What happens when many write at once, from one process and from several engines (as several nodes would)."""

from __future__ import annotations

import asyncio
import random

import pytest

from server.store import database as databases
from server.store.ballot_box import SqlBallotBox
from server.store.database import Database
from server.store.journal import SqlJournal
from sessions.errors import Refused
from sessions.ids import BallotId
from sessions.journal import Answer, Cast
from tests.store.ballots import SESSION, append, close, event, open_ballot, roll_call, secret
from tests.store.conftest import clock


async def add_one(journal: SqlJournal, key: str) -> Answer:
    """Read, decide, write, as a desk does: the new value depends on all before it."""
    async with journal.transaction(SESSION) as transaction:
        if known := await transaction.answers([("seat:a", key)]):
            return known["seat:a", key]
        tail = await transaction.tail(0)
        await asyncio.sleep(0)
        total = (tail[-1].data["total"] if tail else 0) + 1
        seq = len(tail) + 1
        answer = Answer(seq, {"total": total})
        await transaction.append("seat:a", key, [event(seq, total=total)], answer)
        return answer


async def test_two_hundred_read_modify_writes_from_two_nodes_lose_none(url: str, database: Database) -> None:
    second = databases.connect(url, clock)
    nodes = [SqlJournal(database), SqlJournal(second)]
    answers = await asyncio.gather(*(add_one(nodes[number % 2], f"key-{number:04}") for number in range(200)))
    assert sorted(answer.result["total"] for answer in answers) == list(range(1, 201))
    found = await nodes[0].read(SESSION, 0)
    assert [one.data["total"] for one in found] == list(range(1, 201))
    await second.close()


async def test_a_key_sent_twenty_times_at_once_is_recorded_once(url: str, database: Database) -> None:
    second = databases.connect(url, clock)
    nodes = [SqlJournal(database), SqlJournal(second)]
    answers = await asyncio.gather(*(add_one(nodes[number % 2], "key-same") for number in range(20)))
    assert answers == [Answer(1, {"total": 1})] * 20
    assert len(await nodes[0].read(SESSION, 0)) == 1
    await second.close()


@pytest.mark.parametrize("secrecy", ["secret", "open"])
async def test_an_acked_vote_is_always_in_the_count_of_the_close_it_raced(
    url: str, database: Database, secrecy: str
) -> None:
    """PostgreSQL by default counted without a vote that was acked later: hence FOR SHARE and FOR UPDATE."""
    second = databases.connect(url, clock)
    boxes = [SqlBallotBox(database), SqlBallotBox(second)]
    chance = random.Random(7)
    make = secret if secrecy == "secret" else roll_call
    for number in range(12):
        ballot = f"ballot-{number}"
        await open_ballot(database, ballot, secrecy, "inclusion" if secrecy == "secret" else None)

        async def vote(group: int, ballot: str = ballot) -> list[Cast]:
            await asyncio.sleep(chance.random() * 0.02)
            votes = [make(ballot, group * 5 + place) for place in range(5)]
            return list(await boxes[group % 2].cast(votes))

        async def shut(ballot: str = ballot) -> object:
            await asyncio.sleep(chance.random() * 0.02)
            return await close(database, ballot)

        *outcomes, counted = await asyncio.gather(*(vote(group) for group in range(8)), shut())
        casts = [cast for group in outcomes for cast in group]
        assert {cast.code for cast in casts} <= {"", "ballot_closed"}
        acked = sum(cast.code == "" for cast in casts)
        assert len(counted.choices) == len(counted.roll) == acked
        assert await boxes[1].turnout(BallotId(ballot)) == acked
    await second.close()


async def test_one_seat_on_two_nodes_at_once_votes_once(url: str, database: Database) -> None:
    second = databases.connect(url, clock)
    boxes = [SqlBallotBox(database), SqlBallotBox(second)]
    await open_ballot(database, "b")
    one, other = secret("b", 1), secret("b", 2)
    same_seat = type(other)(other.ballot, one.seat, other.choices, other.tracker, other.secret)
    for _ in range(10):
        first, late = await asyncio.gather(boxes[0].cast([one]), boxes[1].cast([same_seat]))
        assert sorted([first[0].code, late[0].code]) == ["", "already_voted"]
    assert len((await close(database, "b")).choices) == 1
    await second.close()


async def test_groups_with_the_same_seats_in_another_order_do_not_block_each_other(
    url: str, database: Database
) -> None:
    second = databases.connect(url, clock)
    boxes = [SqlBallotBox(database), SqlBallotBox(second)]
    await open_ballot(database, "b")
    await open_ballot(database, "c")
    votes = [secret(ballot, number) for number in range(60) for ballot in ("b", "c")]
    chance = random.Random(3)
    groups = [chance.sample(votes, len(votes)) for _ in range(8)]
    outcomes = await asyncio.gather(*(boxes[number % 2].cast(group) for number, group in enumerate(groups)))
    assert {cast.code for casts in outcomes for cast in casts} == {""}
    assert len((await close(database, "b")).roll) == len((await close(database, "c")).roll) == 60
    await second.close()


async def test_a_vote_that_comes_while_the_ballot_is_declared_void_is_refused_or_undone_never_counted(
    database: Database,
) -> None:
    await open_ballot(database, "b")
    box = SqlBallotBox(database)

    async def void() -> None:
        await append(database, "ballot_voided", ballot="b", reason="salah judul")

    *outcomes, _ = await asyncio.gather(*(box.cast([secret("b", number)]) for number in range(20)), void())
    codes = {cast.code for casts in outcomes for cast in casts}
    assert codes <= {"", "ballot_void"}
    assert (await box.cast([secret("b", 99)]))[0].code == "ballot_void"


async def test_a_writer_that_holds_the_database_too_long_makes_others_hold(url: str, database: Database) -> None:
    """Only SQLite has one writer; on PostgreSQL another session is not in the way."""
    second = databases.connect(url, clock)
    async with SqlJournal(database).transaction(SESSION):
        if database.is_sqlite:
            with pytest.raises(Refused, match="held"):
                await append(second, "agenda_item_started")
        else:
            async with SqlJournal(second).transaction(type(SESSION)("other")):
                pass
    await append(second, "agenda_item_started")
    await second.close()
