"""The desk on real databases: two nodes, answers that get lost, and votes that race a close."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from server.store import database as databases
from server.store.ballot_box import SqlBallotBox
from server.store.database import Database
from server.store.journal import SqlJournal
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import BallotId, SessionId
from sessions.journal import Answer, BoxCount, Cast, Recorded, Transaction, Vote
from sessions.transcript import transcript
from tests.sessions.given import ADMIN, MODERATOR, SYSTEM
from tests.sessions.given import SESSION as BEKASI
from tests.sessions.test_urn import delegate, secret
from tests.store.conftest import clock, cluster, database, url

__all__ = ["cluster", "database", "url"]

SEATS = 30
IDS = count(1)
PLENARY = {"title": "Musrenbang", "kind": "plenary", "place": "Bappeda", "date": "2018-01-23"}


@dataclass
class Flaky:
    """A store whose connection breaks now and then after the commit: it happened, and nobody here hears of it."""

    journal: SqlJournal
    box: SqlBallotBox
    dice: random.Random
    lost: float = 0.0
    breaks: list[str] = field(default_factory=list)

    def perhaps_break(self, what: str) -> None:
        if self.lost and (what not in self.breaks or self.dice.random() < self.lost):  # once for sure
            self.breaks.append(what)
            raise ConnectionResetError

    @asynccontextmanager
    async def transaction(self, session: SessionId) -> AsyncIterator[Transaction]:
        async with self.journal.transaction(session) as tx:
            yield tx
        self.perhaps_break("journal")

    async def read(self, session: SessionId, after: int) -> Sequence[Recorded]:
        return await self.journal.read(session, after)

    async def heads(self) -> Mapping[SessionId, int]:
        return await self.journal.heads()

    async def cast(self, votes: Sequence[Vote]) -> Sequence[Cast]:
        casts = await self.box.cast(votes)
        self.perhaps_break("box")
        return casts

    async def voted(self, ballot: BallotId, seat: str) -> Cast | None:
        return await self.box.voted(ballot, seat)

    async def turnout(self, ballot: BallotId) -> int:
        return await self.box.turnout(ballot)

    async def contents(self, ballot: BallotId) -> BoxCount | None:
        return await self.box.contents(ballot)


@pytest.fixture
async def second(url: str, database: Database) -> AsyncIterator[Database]:
    """Another node on the same database."""
    connected = databases.connect(url, clock)
    yield connected
    await connected.close()


def store_on(database: Database, dice: random.Random) -> Flaky:
    return Flaky(SqlJournal(database), SqlBallotBox(database), dice)


def desk_on(store: Flaky) -> Desk:
    return Desk(BEKASI, store, store, new_id=lambda: f"id{next(IDS)}")


async def persistently(desk: Desk, name: str, data: Any, actor: Any, key: str) -> Answer:
    """As a client does: no word, the same key again."""
    while True:
        try:
            return await desk.submit(name, data, actor, key)
        except Refused as refused:
            if refused.code != "held":
                raise


async def plenary_on(desk: Desk) -> None:
    await desk.submit("session.create", PLENARY, SYSTEM, "create-it")
    await desk.submit("hall.add", {"hall": "pejuang", "name": "Pejuang"}, ADMIN, "add-the-hall")
    seats = [{"seat": f"s{n}", "hall": "pejuang", "office": f"Ketua RW {n}"} for n in range(SEATS)]
    await asyncio.gather(*(desk.submit("seat.add", seat, ADMIN, f"add-seat-{n}") for n, seat in enumerate(seats)))
    await desk.submit("session.open", {}, MODERATOR, "open-the-session")


async def phone(desk: Desk, dice: random.Random, vote: dict[str, Any], number: int) -> tuple[int, str]:
    await asyncio.sleep(dice.random() * 0.05)
    while True:
        try:
            await desk.cast(vote, delegate(number))
        except Refused as refused:
            if refused.code != "held":
                return number, refused.code
        else:
            return number, "acked"


@pytest.mark.parametrize("secrecy", ["open", "secret"])
async def test_every_acked_vote_is_in_the_tally_whatever_raced_or_was_lost(
    database: Database, second: Database, secrecy: str
) -> None:
    dice = random.Random(11)
    stores = [store_on(database, dice), store_on(second, dice)]
    nodes = [desk_on(store) for store in stores]
    await plenary_on(nodes[0])
    for store in stores:
        store.lost = 0.3
    for round_ in range(4):
        await run_ballot(nodes, stores, dice, secrecy, f"{round_:08}")
    assert {"journal", "box"} <= {what for store in stores for what in store.breaks}, "the faults did happen"


async def run_ballot(nodes: list[Desk], stores: list[Flaky], dice: random.Random, secrecy: str, key: str) -> None:
    data = {"title": "Prioritas", "options": [{"label": "a"}, {"label": "b"}], "choose_max": 1, "secrecy": secrecy}
    opened = await persistently(nodes[0], "ballot.open", data, MODERATOR, f"open-{key}")
    ballot = BallotId(opened.result["ballot"])
    votes: list[dict[str, Any]] = []
    for number in range(SEATS):
        choices = dice.sample(["1", "2"], dice.randint(0, 1))
        vote = secret(ballot, number, *choices) if secrecy == "secret" else {"ballot": ballot, "choices": choices}
        votes.append(vote)
    phones = [phone(dice.choice(nodes), dice, vote, number) for number, vote in enumerate(votes) for _ in range(2)]

    async def close() -> None:
        await asyncio.sleep(dice.random() * 0.1)
        await persistently(nodes[1], "ballot.close", {"ballot": ballot}, MODERATOR, f"close-{key}")

    closing = asyncio.create_task(close())
    told = await asyncio.gather(*phones)
    await closing
    assert {word for _, word in told} <= {"acked", "ballot_closed"}
    for desk in nodes:
        await desk.refresh()
    assert nodes[0].state == nodes[1].state
    result, contents = nodes[0].state.ballots[ballot].result, await stores[0].contents(ballot)
    assert result is not None and contents is not None
    roll = [int(seat.removeprefix("s")) for seat in contents.roll]
    assert {number for number, word in told if word == "acked"} == set(roll), "who was told no is not in it either"
    assert len(roll) == len(set(roll)) == result.cast
    counted = Counter(option for number in roll for option in votes[number]["choices"])
    assert {entry.option: entry.votes for entry in result.counts} == {"1": counted["1"], "2": counted["2"]}
    assert transcript(nodes[0].state, ballot, contents)["result"]["root"] == result.root


async def test_a_journal_read_from_the_database_replays_to_the_state_that_was_published(database: Database) -> None:
    store = store_on(database, random.Random(1))
    desk = desk_on(store)
    await plenary_on(desk)
    rows = [{"title": f"Sumur resapan {n} – “RW 07”", "hall": "pejuang", "volume": 1.5} for n in range(40)]
    await desk.submit("proposals.import", {"proposals": rows}, ADMIN, "import-it")
    for n, card in enumerate(list(desk.state.board.proposals)[:10]):
        move = {"proposal": card, "base": 1, "status": "PRIORITISED", "before": None}
        await desk.submit("proposal.move", move, MODERATOR, f"move-card-{n}")
    again = desk_on(store)
    await again.load()
    assert again.state == desk.state and not again.broken
