"""An acknowledged vote survives kill -9 of the server and a crash of the database."""

from __future__ import annotations

import asyncio
import itertools
import random
import subprocess
import sys

import pytest

from server.desks import Desks
from server.store import database as databases
from server.store.ballot_box import SqlBallotBox
from server.store.database import Database
from server.store.journal import SqlJournal
from server.store.migrations import migrate
from sessions.errors import Refused
from sessions.ids import BallotId
from tests.fixtures import postgres
from tests.store.ballots import tracker
from tests.store.conftest import clock, emptied
from tests.store.voter import MODERATOR, SESSION, given, opened_ballot, vote

SEATS = 400
KILLS = 3


def killed_voter(url: str, after: int) -> tuple[str, list[str], bool]:
    """Let a voter acknowledge this many votes, then kill -9 it: the ballot, what it acknowledged, whether it ended."""
    command = [sys.executable, "-m", "tests.store.voter", url, str(SEATS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ballot = process.stdout.readline().strip()
        acked = [process.stdout.readline().strip() for _ in range(after)]
        process.kill()
        # what it had written before it died is still in the pipe; a last line may be cut off
        rest = process.stdout.read().split("\n")[:-1]
    return ballot, [line for line in (*acked, *rest) if len(line) == 32], "done" in rest


async def test_votes_acknowledged_before_a_kill_are_in_the_box_and_retries_double_none(
    url: str, database: Database
) -> None:
    chance = random.Random(11)
    acked: set[str] = set()
    unfinished = 0
    for _ in range(KILLS):
        ballot, told, ended = await asyncio.to_thread(killed_voter, url, chance.randrange(20, SEATS // 2))
        acked |= set(told)
        unfinished += not ended
        box = SqlBallotBox(database)
        assert await box.turnout(BallotId(ballot)) >= len(acked)
    assert unfinished, "no voter was killed in the middle: the test proved nothing"
    desk = await Desks(SqlJournal(database), SqlBallotBox(database)).load(SESSION)
    assert await opened_ballot(desk, SEATS) == ballot
    await asyncio.gather(*(vote(desk, ballot, number) for number in range(SEATS)))
    await desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-0001")
    counted = await SqlBallotBox(database).contents(BallotId(ballot))
    assert counted is not None
    assert set(counted.trackers) == {tracker(number) for number in range(SEATS)}
    assert acked <= set(counted.trackers)
    assert len(counted.roll) == len(counted.choices) == SEATS
    result = desk.state.ballots[BallotId(ballot)].result
    assert result is not None
    assert [count.votes for count in result.counts] == [266, 134]
    await desk.close()


async def test_one_of_two_nodes_is_killed_while_both_take_the_votes_of_a_ballot_that_closes(
    cluster: postgres.Cluster,
) -> None:
    """Both nodes are given every vote. Whatever either acknowledged is in the tally, once."""
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await migrate(database)
    desk = await Desks(SqlJournal(database), SqlBallotBox(database)).load(SESSION)
    ballot = await opened_ballot(desk, SEATS)
    told: list[str] = []
    with voter(cluster.url) as doomed, voter(cluster.url) as other:
        for node in (doomed, other):
            told += await asyncio.to_thread(lines, node, 30)
        doomed.kill()
        told += await asyncio.to_thread(lines, other, 30)
        await given(desk, "ballot.close", {"ballot": ballot}, MODERATOR, "close-0001")
        for node in (doomed, other):
            told += await asyncio.to_thread(lines, node, SEATS)
    acked = {line for line in told if len(line) == 32}
    counted = await SqlBallotBox(database).contents(BallotId(ballot))
    assert counted is not None
    assert acked <= set(counted.trackers)
    assert 60 <= len(counted.trackers) == len(set(counted.trackers)) == len(set(counted.roll)) == len(counted.roll)
    await desk.refresh()
    result = desk.state.ballots[BallotId(ballot)].result
    assert result is not None and sum(count.votes for count in result.counts) == len(counted.trackers)
    await desk.close()
    await database.close()


def voter(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.voter", url, str(SEATS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def lines(process: subprocess.Popen[str], most: int) -> list[str]:
    """As many as it prints until it ends; a last one may be cut off."""
    assert process.stdout is not None
    return [line.strip() for line in itertools.islice(process.stdout, most)]


async def test_votes_are_held_while_postgresql_is_away_and_go_in_when_it_is_back(cluster: postgres.Cluster) -> None:
    """Stopped the hard way (immediate), as in a crash: what was acknowledged before must be there afterwards."""
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await migrate(database)
    desk = await Desks(SqlJournal(database), SqlBallotBox(database)).load(SESSION)
    ballot = await opened_ballot(desk, 60)
    before = await asyncio.gather(*(vote(desk, ballot, number) for number in range(30)))
    await asyncio.to_thread(cluster.stop)
    try:
        with pytest.raises(Refused, match="held"):
            await SqlJournal(database).heads()
        with pytest.raises(Refused, match="held"):
            await desk.submit("agenda.next", {}, MODERATOR, "while-away")
        waiting = [asyncio.create_task(vote(desk, ballot, number)) for number in range(30, 60)]
        await asyncio.sleep(1)
        assert not any(task.done() for task in waiting)
    finally:
        await asyncio.to_thread(cluster.start)
    after = await asyncio.wait_for(asyncio.gather(*waiting), 30)
    await desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-0001")
    counted = await SqlBallotBox(database).contents(BallotId(ballot))
    assert counted is not None
    assert sorted([*before, *after]) == list(counted.trackers)
    assert database.counters.held > 0
    await desk.close()
    await database.close()
