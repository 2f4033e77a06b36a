"""Votes on their way to the box: groups, company for secret votes, retries, and close against vote."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from sessions import dispatch
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.hall import HallAdded, SeatAdded
from sessions.ids import BallotId, HallId, PassId, SeatId
from sessions.journal import Cast
from sessions.model.ballot import Result
from sessions.permissions import Actor, Role
from sessions.session import SessionOpened
from sessions.transcript import transcript
from tests.sessions.clockwork import run
from tests.sessions.given import CREATED, MODERATOR, SESSION
from tests.sessions.memory import Memory
from tests.sessions.test_desk import desk_of, opened, refusal, tracker

HALL = HallId("pejuang")


def delegate(number: int) -> Actor:
    return Actor(SESSION, Role.DELEGATE, PassId(f"p{number}"), seat=SeatId(f"s{number}"), hall=HALL)


def with_seats(number: int) -> Memory:
    memory = Memory()
    seats = [SeatAdded(SeatId(f"s{n}"), HALL, f"Ketua RW {n}", voice=True, vote=True) for n in range(number)]
    events = [CREATED, HallAdded(HALL, "Pejuang", "Medansatria", 1), *seats, SessionOpened()]
    memory.book(SESSION).events = [
        dispatch.recorded(event, seq, memory.clock, "system") for seq, event in enumerate(events, 1)
    ]
    return memory


def secret(ballot: str, number: int, *choices: str, mark: int | None = None) -> dict[str, Any]:
    return {"ballot": ballot, "choices": list(choices), "tracker": tracker(number if mark is None else mark)}


def sizes(memory: Memory) -> list[int]:
    return [len(group) for group in memory.vote_groups]


def test_open_votes_of_one_moment_go_to_the_box_together() -> None:
    async def scenario() -> None:
        memory = with_seats(30)
        desk = await desk_of(memory)
        ballot = await opened(desk)
        votes = [desk.cast({"ballot": ballot, "choices": ["1"]}, delegate(n)) for n in range(30)]
        casts = await asyncio.gather(*votes)
        assert casts == [Cast("", "", ("1",))] * 30 and sizes(memory) == [30]

    run(scenario())


def test_a_group_is_five_hundred_votes_at_most() -> None:
    async def scenario() -> None:
        memory = with_seats(1100)
        desk = await desk_of(memory)
        ballot = await opened(desk)
        votes = [desk.cast({"ballot": ballot, "choices": []}, delegate(n)) for n in range(1100)]
        await asyncio.gather(*votes)
        assert sizes(memory) == [500, 500, 100]

    run(scenario())


def test_an_open_vote_alone_waits_five_milliseconds_and_a_secret_one_half_a_second() -> None:
    async def scenario(secrecy: str, vote: dict[str, Any]) -> float:
        desk = await desk_of(with_seats(9))
        ballot = await opened(desk, secrecy)
        loop = asyncio.get_running_loop()
        start = loop.time()
        await desk.cast({**vote, "ballot": ballot}, delegate(0))
        return loop.time() - start

    assert run(scenario("open", {"choices": []})) < 0.1
    assert run(scenario("secret", {"choices": [], "tracker": tracker(1)})) >= 0.5


def test_the_fifth_secret_vote_ends_the_waiting() -> None:
    async def scenario() -> None:
        memory = with_seats(9)
        desk = await desk_of(memory)
        ballot = await opened(desk, "secret")
        loop = asyncio.get_running_loop()
        start = loop.time()
        await asyncio.gather(*(desk.cast(secret(ballot, n, "1"), delegate(n)) for n in range(5)))
        assert loop.time() - start < 0.4 and sizes(memory) == [5]

    run(scenario())


def test_five_tries_of_one_seat_are_no_company() -> None:
    async def scenario() -> None:
        memory = with_seats(9)
        desk = await desk_of(memory)
        ballot = await opened(desk, "secret")
        loop = asyncio.get_running_loop()
        start = loop.time()
        casts = await asyncio.gather(*(desk.cast(secret(ballot, 0, "1"), delegate(0)) for _ in range(7)))
        assert loop.time() - start >= 0.5
        assert sizes(memory) == [1] and {cast.code for cast in casts} == {""}, "identical tries share one vote"

    run(scenario())


def test_the_box_does_not_learn_who_came_first() -> None:
    async def scenario() -> None:
        memory = with_seats(20)
        desk = await desk_of(memory)
        ballot = await opened(desk, "secret")
        came = list(range(20))
        random.Random(7).shuffle(came)
        await asyncio.gather(*(desk.cast(secret(ballot, n, "1", mark=1000 - n), delegate(n)) for n in came))
        assert [vote.tracker for vote in memory.vote_groups[0]] == sorted(tracker(1000 - n) for n in came)

    run(scenario())


def test_two_different_votes_of_one_seat_never_share_a_group_and_the_first_stands() -> None:
    async def scenario() -> None:
        memory = with_seats(9)
        desk = await desk_of(memory)
        ballot = await opened(desk)
        first = desk.cast({"ballot": ballot, "choices": ["1"]}, delegate(0))
        second = desk.cast({"ballot": ballot, "choices": ["2"]}, delegate(0))
        casts = await asyncio.gather(first, second, return_exceptions=True)
        assert casts[0] == Cast("", "", ("1",))
        assert isinstance(casts[1], Refused) and casts[1].code == "already_voted"
        assert sizes(memory) == [1, 1]

    run(scenario())


def test_the_boxs_word_becomes_a_refusal_with_its_code() -> None:
    async def scenario() -> None:
        desk = await desk_of(with_seats(9))
        ballot = await opened(desk, "secret")
        await desk.cast(secret(ballot, 0, "1"), delegate(0))
        assert await refusal(desk.cast(secret(ballot, 1, "1"), delegate(0))) == "already_voted"
        assert await refusal(desk.cast(secret(ballot, 0, "1"), delegate(1))) == "tracker_taken"
        assert (await desk.cast(secret(ballot, 0, "2"), delegate(0))).code == "", "the tracker is the key of the retry"

    run(scenario())


def test_while_the_database_is_away_votes_are_held_and_their_retry_is_counted_once() -> None:
    async def scenario(fault: str) -> None:
        memory = with_seats(9)
        desk = await desk_of(memory)
        ballot = await opened(desk, "secret")
        memory.faults = [fault]
        assert await refusal(desk.cast(secret(ballot, 3, "1"), delegate(0))) == "held"
        assert (await desk.cast(secret(ballot, 3, "1"), delegate(0))).code == ""
        box = memory.boxes[BallotId(ballot)]
        assert box.votes == {tracker(3): ("1",)} and box.roll == {"s0"}

    run(scenario("away"))
    run(scenario("lost"))


def test_the_log_never_quotes_a_vote(caplog: pytest.LogCaptureFixture) -> None:
    class Chatty(Memory):
        async def cast(self, votes: Any) -> Any:
            raise ValueError(f"INSERT INTO box VALUES {votes}")

    async def scenario() -> None:
        memory = with_seats(9)
        chatty = Chatty()
        desk = Desk(SESSION, memory, chatty, new_id=lambda: "b1")
        await desk.load()
        ballot = await opened(desk, "secret")
        assert await refusal(desk.cast(secret(ballot, 3, "2"), delegate(0))) == "held"

    run(scenario())
    assert "not known to be durable: ValueError" in caplog.text
    assert tracker(3) not in caplog.text and "INSERT" not in caplog.text


def test_a_retry_after_the_close_is_told_that_its_vote_counted_and_a_late_vote_that_it_did_not() -> None:
    async def scenario() -> None:
        desk = await desk_of(with_seats(9))
        ballot = await opened(desk, "secret")
        await desk.cast(secret(ballot, 0, "1"), delegate(0))
        await desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-it")
        assert (await desk.cast(secret(ballot, 0, "1"), delegate(0))).code == ""
        assert await refusal(desk.cast(secret(ballot, 1, "1"), delegate(1))) == "ballot_closed"

    run(scenario())


def test_a_vote_that_meets_a_void_ballot_on_another_node_is_told_that_it_is_void() -> None:
    async def scenario() -> None:
        memory = with_seats(9)
        here, there = await desk_of(memory), await desk_of(memory)
        ballot = await opened(here)
        await there.refresh()
        await here.submit("ballot.void", {"ballot": ballot, "reason": "salah judul"}, MODERATOR, "void-it-1")
        assert await refusal(there.cast({"ballot": ballot, "choices": []}, delegate(0))) == "ballot_void"

    run(scenario())


def test_a_vote_for_a_ballot_this_node_has_not_heard_of_reads_the_journal_first() -> None:
    async def scenario() -> None:
        memory = with_seats(9)
        here, there = await desk_of(memory), await desk_of(memory)
        ballot = await opened(here)
        assert (await there.cast({"ballot": ballot, "choices": []}, delegate(0))).code == ""
        assert await refusal(there.cast({"ballot": "b99", "choices": []}, delegate(0))) == "unknown_ballot"

    run(scenario())


def test_closing_the_desk_puts_waiting_votes_into_the_box_at_once() -> None:
    async def scenario() -> None:
        memory = with_seats(9)
        desk = await desk_of(memory)
        ballot = await opened(desk, "secret")
        waiting = asyncio.create_task(desk.cast(secret(ballot, 0, "1"), delegate(0)))
        again = asyncio.create_task(desk.cast(secret(ballot, 7, "1"), delegate(0)))
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        start = loop.time()
        await desk.close()
        assert (await waiting).code == "" and await refusal(again) == "already_voted"
        assert loop.time() - start < 0.4
        assert await refusal(desk.cast(secret(ballot, 1, "1"), delegate(1))) == "held"

    run(scenario())


async def voter(
    desk: Desk, dice: random.Random, vote: dict[str, Any], number: int, wait_s: float = 2
) -> tuple[int, str]:
    """One phone: waits a while, votes, repeats the same vote while it is held. What it was told in the end."""
    await asyncio.sleep(dice.random() * wait_s)
    for _ in range(9):
        try:
            await desk.cast(vote, delegate(number))
        except Refused as refused:
            if refused.code != "held":
                return number, refused.code
        else:
            return number, "acked"
        await asyncio.sleep(dice.random())
    return number, "gave up"


async def closer(desk: Desk, dice: random.Random, ballot: str) -> None:
    """The moderator, or a timer: closes at some time, repeating the same key while it is held."""
    await asyncio.sleep(dice.random() * 3)
    while True:
        try:
            await desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-it")
        except Refused as refused:
            assert refused.code == "held"
            await asyncio.sleep(dice.random())
        else:
            return


async def election(seed: int, secrecy: str) -> None:
    """Votes, a close, retries, faults and two nodes in any order: what was acked is in the tally."""
    dice = random.Random(seed)
    memory = with_seats(40)
    nodes = [await desk_of(memory), await desk_of(memory)]
    ballot = await opened(nodes[0], secrecy, proof="full" if secrecy == "secret" else None)
    memory.faults = dice.choices(["", "away", "lost"], [6, 2, 2], k=20)
    votes: list[dict[str, Any]] = []
    phones = []
    for number in range(40):
        choices = dice.sample(["1", "2"], dice.randint(0, 1))
        vote = secret(ballot, number, *choices) if secrecy == "secret" else {"ballot": ballot, "choices": choices}
        votes.append(vote)
        phones += [voter(dice.choice(nodes), dice, vote, number) for _ in range(dice.choice([1, 1, 2]))]
    closing = asyncio.create_task(closer(nodes[1], dice, ballot))
    told = await asyncio.gather(*phones)
    await closing
    acked = {number for number, word in told if word == "acked"}

    await nodes[0].refresh()
    closed = nodes[0].state.ballots[BallotId(ballot)]
    count = await memory.contents(BallotId(ballot))
    assert count is not None and closed.result is not None
    result: Result = closed.result
    roll = [int(seat.removeprefix("s")) for seat in count.roll]
    assert acked <= set(roll), "every acked vote is in the box"
    assert len(roll) == len(set(roll)) == result.cast == len(count.choices), "and the tally is the box, each seat once"
    counted = Counter(option for number in roll for option in votes[number]["choices"])
    assert {entry.option: entry.votes for entry in result.counts} == {"1": counted["1"], "2": counted["2"]}
    assert transcript(nodes[0].state, BallotId(ballot), count)["result"]["cast"] == len(roll)
    assert {word for _, word in told} <= {"acked", "ballot_closed", "gave up"}


@settings(max_examples=40, deadline=None)
@examples(st.integers(0, 2**32), st.sampled_from(["open", "secret"]))
def test_close_and_vote_never_disagree(seed: int, secrecy: str) -> None:
    run(election(seed, secrecy))


async def changing(seed: int) -> None:
    """Phones that change their votes, with retries of each that arrive late and out of order, over two nodes."""
    dice = random.Random(seed)
    memory = with_seats(6)
    nodes = [await desk_of(memory), await desk_of(memory)]
    asked = {"title": "P", "secrecy": "open", "method": dice.choice(["single", "borda"]), "revote": True}
    options = [{"label": "x"}, {"label": "y"}, {"label": "z"}]
    answer = await nodes[0].submit("ballot.open", {**asked, "options": options}, MODERATOR, "open-the-ballot")
    ballot = BallotId(answer.result["ballot"])
    memory.faults = dice.choices(["", "away", "lost"], [6, 2, 2], k=30)
    acked: dict[int, dict[int, str]] = {}

    async def send(number: int, turn: int, choice: str) -> None:
        data = {"ballot": ballot, "choices": [choice], "turn": turn}
        word = (await voter(dice.choice(nodes), dice, data, number, wait_s=0.3))[1]
        if word == "acked":
            acked.setdefault(number, {})[turn] = choice

    async def phone(number: int) -> None:
        late = []
        for turn in range(dice.randint(1, 4)):
            choice = dice.choice("123")
            await send(number, turn, choice)
            if dice.random() < 0.5:
                late.append(asyncio.create_task(send(number, turn, choice)))
        await asyncio.gather(*late)

    closing = asyncio.create_task(closer(nodes[1], dice, ballot))
    await asyncio.gather(*(phone(number) for number in range(6)))
    await closing
    count = await memory.contents(ballot)
    assert count is not None and len(set(count.roll)) == len(count.roll) == len(count.choices)
    standing, turns = dict(count.pairs), dict(count.turns)
    for number, words in acked.items():
        last = max(words)
        if turns.get(f"s{number}", 0) <= last:
            assert standing[f"s{number}"] == (words[last],), "only a later turn takes its place, never an earlier one"


@settings(max_examples=40, deadline=None)
@examples(st.integers(0, 2**32))
def test_a_retried_vote_is_one_vote_where_votes_may_be_changed(seed: int) -> None:
    run(changing(seed))


METHODS: dict[str, dict[str, Any]] = {
    "approval": {"choose_max": 2},
    "single": {},
    "yes_no": {},
    "score": {"scale": [1, 5]},
    "points": {"points": 4},
    "borda": {},
    "knapsack": {"budget": 9},
}
SAID = {"yes_no": ["yes"], "score": ["1:4"], "points": ["1:4"]}


async def any_method(seed: int, method: str) -> None:
    dice = random.Random(seed)
    memory = with_seats(12)
    nodes = [await desk_of(memory), await desk_of(memory)]
    options = [] if method == "yes_no" else [{"label": "x", "cost": 3}, {"label": "y", "cost": 3}]
    asked = {"title": "P", "secrecy": dice.choice(["open", "secret"]), "method": method, **METHODS[method]}
    data = {**asked, "options": options} if options else asked
    ballot = BallotId((await nodes[0].submit("ballot.open", data, MODERATOR, "open-the-ballot")).result["ballot"])
    memory.faults = dice.choices(["", "away", "lost"], [6, 2, 2], k=20)
    said = SAID.get(method, ["1"])
    votes = [
        secret(ballot, n, *said) if asked["secrecy"] == "secret" else {"ballot": ballot, "choices": said}
        for n in range(12)
    ]
    closing = asyncio.create_task(closer(nodes[1], dice, ballot))
    told = await asyncio.gather(*(voter(dice.choice(nodes), dice, votes[n], n) for n in range(12)))
    await closing
    await nodes[0].refresh()
    result = nodes[0].state.ballots[ballot].result
    count = await memory.contents(ballot)
    assert result is not None and count is not None
    assert {f"s{n}" for n, word in told if word == "acked"} <= set(count.roll)
    assert result.cast == len(count.roll) == result.counts[0].votes, "the tally is the box, and all said the same"


@pytest.mark.parametrize("method", METHODS)
def test_close_and_vote_never_disagree_by_any_method(method: str) -> None:
    @settings(max_examples=12, deadline=None)
    @examples(st.integers(0, 2**32))
    def check(seed: int) -> None:
        run(any_method(seed, method))

    check()


async def errands(seed: int) -> None:
    """Commands that are repeated, lost and refused: each one that was answered stands in the journal exactly once."""
    dice = random.Random(seed)
    memory = with_seats(3)
    nodes = [await desk_of(memory), await desk_of(memory)]
    memory.faults = dice.choices(["", "away", "lost"], [5, 3, 3], k=25)
    answers: dict[str, set[str]] = {}

    async def give(key: str, hall: str) -> None:
        for _ in range(dice.randint(1, 8)):
            try:
                answer = await dice.choice(nodes).submit("hall.add", {"hall": hall, "name": "Aula"}, ADMIN_ACTOR, key)
            except Refused as refused:
                assert refused.code in ("held", "already_exists")
            else:
                answers.setdefault(key, set()).add(str(answer))
            await asyncio.sleep(dice.random() / 10)

    await asyncio.gather(*(give(f"hall-add-{n}", f"h{n % 12}") for n in range(20)))
    events = memory.book(SESSION).events
    added = [event.data["hall"] for event in events if event.type == "hall_added"]
    assert len(added) == len(set(added)), "recorded once"
    assert all(len(told) == 1 for told in answers.values()), "the same key, the same answer"
    assert {int(told.split("seq=")[1].split(",")[0]) for (told,) in answers.values()} <= {
        event.seq for event in events if event.type == "hall_added"
    }
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    for node in nodes:
        await node.refresh()
    assert nodes[0].state == nodes[1].state


ADMIN_ACTOR = Actor(SESSION, Role.ADMIN, PassId("p-admin"))


@settings(max_examples=40, deadline=None)
@examples(st.integers(0, 2**32))
def test_a_retried_command_is_recorded_once_whatever_gets_lost(seed: int) -> None:
    run(errands(seed))
