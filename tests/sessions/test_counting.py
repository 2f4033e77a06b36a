"""Counts that a Desk asks of its counter: in a thread, once the box is sealed."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from typing import Any

import pytest

from server import tallies
from sessions.count import ONE, Weighed
from sessions.counting import Outcome, Question
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import BallotId
from tests.sessions.given import MODERATOR, SESSION
from tests.sessions.test_urn import delegate, with_seats

ASKED: dict[str, Any] = {"title": "P", "secrecy": "open", "options": [{"label": x, "cost": 4} for x in "xyz"]}
SHARES = {**ASKED, "method": "equal_shares", "budget": 8}
RANKED = {**ASKED, "method": "schulze", "places": 1}


async def closed(data: dict[str, Any], choices: list[list[str]], counter: Any) -> tuple[Desk, Any]:
    memory = with_seats(len(choices))
    desk = Desk(SESSION, memory, memory, new_id=lambda: "b1", counter=counter)
    await desk.load()
    await desk.submit("ballot.open", data, MODERATOR, "open-the-ballot")
    for number, one in enumerate(choices):
        await desk.cast({"ballot": "b1", "choices": one}, delegate(number))
    try:
        await desk.submit("ballot.close", {"ballot": "b1"}, MODERATOR, "close-the-ballot")
    except Refused as refused:
        return desk, refused.code
    return desk, desk.state.ballots[BallotId("b1")].result


def test_the_counter_works_beside_the_loop_and_the_result_holds_its_answer() -> None:
    threads: list[threading.Thread] = []

    def counter(question: Question) -> Outcome:
        threads.append(threading.current_thread())
        return tallies.count(question)

    _, ranked = asyncio.run(closed(RANKED, [["2", "1"], ["2", "3"], ["1", "2"]], counter))
    assert (ranked.elected, ranked.levels) == (("2",), (("2",), ("1",), ("3",)))
    _, shares = asyncio.run(closed(SHARES, [["1"], ["1"], ["2"], ["2"]], counter))
    assert (shares.elected, shares.spent) == (("1", "2"), 8)
    assert len(threads) == 2 and threading.main_thread() not in threads


def test_a_ballot_nobody_can_count_stays_open() -> None:
    desk, code = asyncio.run(closed(RANKED, [["1"]], None))
    assert (code, desk.state.ballots[BallotId("b1")].state) == ("held", "open")


def test_what_the_core_counts_itself_asks_nobody() -> None:
    _, result = asyncio.run(closed({**ASKED, "method": "single"}, [["1"]], None))
    assert result.elected == ("1",)


@pytest.mark.parametrize("method", ["schulze", "equal_shares"])
def test_a_count_at_the_limits_does_not_hold_the_session_up(method: str) -> None:
    """2,500 different papers on sixty options: some 0.05 s, where both once took seconds."""
    draw = random.Random(5)
    options = tuple(f"o{number}" for number in range(60))
    papers = [tuple(draw.sample(options, 60 if method == "schulze" else 24)) for _ in range(2500)]
    costs = {option: draw.randint(20, 300) * 1_000_000 for option in options}
    asked = Question(method, options, tuple(Weighed(ONE, one) for one in papers), costs, sum(costs.values()) // 3)
    start = time.thread_time()
    outcome = tallies.count(asked)
    assert time.thread_time() - start < 1
    assert outcome.levels or outcome.bought
