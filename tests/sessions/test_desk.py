"""The desk: commands in groups, answers after the commit, retries recorded once, a database that goes away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from sessions import dispatch
from sessions.desk import Desk
from sessions.dispatch import deadlines
from sessions.errors import ProtocolError, Refused
from sessions.ids import BallotId, HallId, SessionId
from sessions.journal import Answer, Recorded
from sessions.model.people import Hall
from sessions.permissions import Actor
from sessions.state import State
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DELEGATE_11,
    HALL_PEJUANG,
    MODERATOR,
    OPENED,
    PUBLIC,
    SESSION,
    SYSTEM,
)
from tests.sessions.memory import Memory, MemoryTransaction

IDS = count(1)
OPEN_BALLOT = {"title": "Prioritas", "options": [{"label": "a"}, {"label": "b"}], "choose_max": 1}


def desk_on(memory: Memory) -> Desk:
    return Desk(SESSION, memory, memory, new_id=lambda: f"id{next(IDS)}")


def begun() -> Memory:
    """A journal that holds an open session with two halls and three seats."""
    memory = Memory()
    book = memory.book(SESSION)
    book.events = [dispatch.recorded(event, seq, memory.clock, "system") for seq, event in enumerate(OPENED, 1)]
    return memory


async def desk_of(memory: Memory) -> Desk:
    desk = desk_on(memory)
    await desk.load()
    return desk


def tracker(number: int) -> str:
    return f"{number:032x}"


async def refusal(awaitable: Any) -> str:
    with pytest.raises(Refused) as caught:
        await awaitable
    return caught.value.code


async def opened(desk: Desk, secrecy: str = "open", **more: Any) -> str:
    data = {**OPEN_BALLOT, "secrecy": secrecy, **more}
    ballot: str = (await desk.submit("ballot.open", data, MODERATOR, "open-the-ballot")).result["ballot"]
    return ballot


async def test_a_command_is_recorded_then_published_then_answered() -> None:
    memory = begun()
    desk = await desk_of(memory)
    seen: list[tuple[int, int, int]] = []
    desk.watch(lambda before, after: seen.append((before.seq, after.seq, len(memory.book(SESSION).events))))
    answer = await desk.submit("floor.request", {"note": "drainase"}, DELEGATE_07, "a" * 8)
    assert answer.seq == desk.state.seq == len(OPENED) + 1
    assert answer.result == {"request": desk.state.floor.queue[0].request}
    assert seen == [(len(OPENED), len(OPENED) + 1, len(OPENED) + 1)], "the listener hears it after the commit"
    event = memory.book(SESSION).events[-1]
    assert (event.type, event.actor) == ("floor_requested", "seat:pejuang-07")


async def test_a_session_can_be_made_from_nothing() -> None:
    desk = await desk_of(Memory())
    plenary = {"title": "Musrenbang", "kind": "plenary", "place": "Bappeda", "date": "2018-01-23"}
    assert await refusal(desk.submit("session.open", {}, MODERATOR, "k" * 8)) == "unknown_session"
    assert (await desk.submit("session.create", plenary, SYSTEM, "create-it")).seq == 1


async def test_the_same_key_gets_the_same_answer_and_is_recorded_once() -> None:
    memory = begun()
    desk = await desk_of(memory)
    first = await desk.submit("floor.request", {}, HALL_PEJUANG, "a" * 8)
    again = await desk.submit("floor.request", {}, HALL_PEJUANG, "a" * 8)
    assert again == first and len(memory.book(SESSION).events) == len(OPENED) + 1
    assert await refusal(desk.submit("floor.request", {}, HALL_PEJUANG, "b" * 8)) == "already_queued"


async def test_the_same_key_twice_in_one_group_is_recorded_once() -> None:
    memory = begun()
    desk = await desk_of(memory)
    answers = await asyncio.gather(*(desk.submit("floor.request", {}, HALL_PEJUANG, "a" * 8) for _ in range(5)))
    assert len(set(map(str, answers))) == 1 and memory.groups == [1]


async def test_two_actors_may_use_the_same_key() -> None:
    desk = await desk_of(begun())
    one = await desk.submit("floor.request", {}, DELEGATE_07, "a" * 8)
    other = await desk.submit("floor.request", {}, DELEGATE_11, "a" * 8)
    assert other.seq == one.seq + 1


async def test_a_command_that_changes_nothing_is_accepted_at_the_head() -> None:
    desk = await desk_of(begun())
    answer = await desk.submit("stage.show", {"scene": "wall"}, MODERATOR, "a" * 8)
    assert answer == Answer(len(OPENED), {})


async def test_commands_that_wait_go_together_and_a_refused_one_harms_nobody() -> None:
    memory = begun()
    desk = await desk_of(memory)
    orders: list[tuple[str, Any, Actor]] = [
        ("floor.request", {}, DELEGATE_07),
        ("floor.grant", {"request": "nothing"}, MODERATOR),
        ("floor.request", {}, DELEGATE_11),
        ("agenda.next", {}, MODERATOR),
        ("stage.show", {"scene": "board"}, MODERATOR),
    ]
    jobs = [desk.submit(name, data, actor, f"key-{place}-key") for place, (name, data, actor) in enumerate(orders)]
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert memory.groups == [3]
    codes = [answer.code if isinstance(answer, Refused) else answer.seq - len(OPENED) for answer in answers]  # type: ignore[union-attr]
    assert codes == [1, "unknown_request", 2, "agenda_ended", 3]


async def test_a_refused_command_is_decided_again_under_a_new_key() -> None:
    desk = await desk_of(begun())
    assert await refusal(desk.submit("floor.yield", {}, MODERATOR, "a" * 8)) == "floor_is_free"
    request = (await desk.submit("floor.request", {}, DELEGATE_07, "b" * 8)).result["request"]
    await desk.submit("floor.grant", {"request": request}, MODERATOR, "c" * 8)
    assert (await desk.submit("floor.yield", {}, MODERATOR, "d" * 8)).seq == len(OPENED) + 3


async def test_a_group_is_a_hundred_at_most() -> None:
    memory = begun()
    desk = await desk_of(memory)
    hall = {"name": "Aula"}
    await asyncio.gather(
        *(desk.submit("hall.add", {**hall, "hall": f"h{n}"}, ADMIN, f"hall-add-{n}") for n in range(250))
    )
    assert memory.groups == [100, 100, 50]


@pytest.mark.parametrize(
    ("name", "data", "actor", "key", "expected"),
    [
        ("floor.fly", {}, MODERATOR, "k" * 8, "unknown_command"),
        (7, {}, MODERATOR, "k" * 8, "unknown_command"),
        ("session.close", {}, DELEGATE_07, "k" * 8, "forbidden"),
        ("session.close", {}, PUBLIC, "k" * 8, "forbidden"),
    ],
)
async def test_what_cannot_be_accepted_never_reaches_a_transaction(
    name: Any, data: Any, actor: Actor, key: str, expected: str
) -> None:
    memory = begun()
    memory.faults = ["away"]
    assert await refusal((await desk_of(memory)).submit(name, data, actor, key)) == expected
    assert memory.faults == ["away"]


@pytest.mark.parametrize("key", ["short", "x" * 65, "with space", "", None, 7, "newline8\n"])
async def test_a_bad_key_is_bad_input(key: Any) -> None:
    with pytest.raises(ProtocolError) as caught:
        await (await desk_of(begun())).submit("session.close", {}, MODERATOR, key)
    assert caught.value.data == {"field": "key"}


async def test_time_never_runs_backwards_when_the_databases_clock_does() -> None:
    memory = begun()
    desk = await desk_of(memory)
    await desk.submit("stage.show", {"scene": "board"}, MODERATOR, "a" * 8)
    memory.clock -= 60_000
    await desk.submit("stage.show", {"scene": "wall"}, MODERATOR, "b" * 8)
    assert desk.state.at == memory.clock + 60_000
    memory.clock += 90_000
    await desk.submit("stage.show", {"scene": "board"}, MODERATOR, "c" * 8)
    assert desk.state.at == memory.clock


async def test_while_the_database_is_away_commands_are_held_and_nothing_changes() -> None:
    memory = begun()
    desk = await desk_of(memory)
    before = desk.state
    memory.faults = ["away"]
    assert await refusal(desk.submit("floor.request", {}, DELEGATE_07, "a" * 8)) == "held"
    assert desk.state is before and len(memory.book(SESSION).events) == len(OPENED)
    assert (await desk.submit("floor.request", {}, DELEGATE_07, "a" * 8)).seq == len(OPENED) + 1


async def test_a_commit_whose_answer_was_lost_is_found_again_and_recorded_once() -> None:
    memory = begun()
    desk = await desk_of(memory)
    memory.faults = ["lost"]
    assert await refusal(desk.submit("floor.request", {}, DELEGATE_07, "a" * 8)) == "held"
    assert len(memory.book(SESSION).events) == len(OPENED) + 1, "it did happen"
    assert desk.state.seq == len(OPENED), "and nobody here knows"
    answer = await desk.submit("floor.request", {}, DELEGATE_07, "a" * 8)
    assert answer.seq == len(OPENED) + 1 and answer.result == {"request": desk.state.floor.queue[0].request}
    assert desk.state.seq == len(memory.book(SESSION).events) == len(OPENED) + 1


async def test_another_command_after_a_lost_answer_is_decided_on_what_really_happened() -> None:
    memory = begun()
    desk = await desk_of(memory)
    memory.faults = ["lost"]
    assert await refusal(desk.submit("floor.request", {}, DELEGATE_07, "a" * 8)) == "held"
    assert await refusal(desk.submit("floor.request", {}, DELEGATE_07, "b" * 8)) == "already_queued"


async def test_two_nodes_write_the_same_journal() -> None:
    memory = begun()
    here, there = await desk_of(memory), await desk_of(memory)
    jobs = [
        desk.submit("hall.add", {"hall": f"h{n}", "name": "Aula"}, ADMIN, f"hall-add-{n}")
        for n in range(40)
        for desk in (here, there)
    ]
    answers = await asyncio.gather(*jobs)
    assert [answers[n] for n in range(0, 80, 2)] == [answers[n] for n in range(1, 80, 2)], "one key, one answer"
    await here.refresh()
    await there.refresh()
    assert here.state == there.state and here.state.seq == len(OPENED) + 40


async def test_refresh_publishes_what_others_appended_once() -> None:
    memory = begun()
    here, there = await desk_of(memory), await desk_of(memory)
    seen: list[int] = []
    there.watch(lambda before, after: seen.append(after.seq))
    await here.submit("stage.show", {"scene": "board"}, MODERATOR, "a" * 8)
    await asyncio.gather(there.refresh(), there.refresh())
    assert seen == [len(OPENED) + 1] and there.state.stage.scene == "board"


async def test_a_command_that_changes_nothing_is_not_published() -> None:
    desk = await desk_of(begun())
    seen: list[int] = []
    desk.watch(lambda before, after: seen.append(after.seq))
    await desk.submit("stage.show", {"scene": "wall"}, MODERATOR, "a" * 8)
    await desk.refresh()
    assert seen == []


async def test_a_refresh_between_commit_and_answer_does_not_publish_it_twice() -> None:
    class Eager(Memory):
        @asynccontextmanager
        async def transaction(self, session: SessionId) -> AsyncIterator[MemoryTransaction]:
            async with super().transaction(session) as tx:
                yield tx
            await desk.refresh()

    memory = Eager()
    memory.books = begun().books
    desk = await desk_of(memory)
    seen: list[int] = []
    desk.watch(lambda before, after: seen.append(after.seq))
    answer = await desk.submit("stage.show", {"scene": "board"}, MODERATOR, "a" * 8)
    assert seen == [answer.seq]


async def test_a_refresh_that_comes_back_late_disturbs_nothing() -> None:
    class Slow(Memory):
        gate: asyncio.Event | None = None

        async def read(self, session: SessionId, after: int) -> Sequence[Recorded]:
            found = await super().read(session, after)
            if self.gate is not None:
                await self.gate.wait()
            return found

    memory = Slow()
    memory.books = begun().books
    here, there = await desk_of(memory), await desk_of(memory)
    await there.submit("stage.show", {"scene": "board"}, MODERATOR, "a" * 8)
    memory.gate = asyncio.Event()
    late = asyncio.create_task(here.refresh())
    answer = await here.submit("stage.show", {"scene": "stage"}, MODERATOR, "b" * 8)
    memory.gate.set()
    await late
    assert not here.broken and here.state.seq == answer.seq and here.state.stage.scene == "stage"


async def test_a_listener_that_fails_or_leaves_disturbs_nobody(caplog: pytest.LogCaptureFixture) -> None:
    desk = await desk_of(begun())
    seen: list[str] = []

    def failing(before: State, after: State) -> None:
        raise RuntimeError("a listener's own fault")

    desk.watch(failing)
    unwatch = desk.watch(lambda before, after: seen.append("gone"))
    desk.watch(lambda before, after: seen.append("here"))
    unwatch()
    unwatch()
    await desk.submit("stage.show", {"scene": "board"}, MODERATOR, "a" * 8)
    assert seen == ["here"] and "a listener failed" in caplog.text


async def test_who_goes_away_leaves_his_command_with_the_others() -> None:
    memory = begun()
    desk = await desk_of(memory)
    gone = asyncio.create_task(desk.submit("floor.request", {}, DELEGATE_07, "a" * 8))
    stays = asyncio.create_task(desk.submit("floor.request", {}, DELEGATE_11, "b" * 8))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    assert [speaker.seat for speaker in desk.state.floor.queue] == ["pejuang-07", "jatiasih-11"]


def unknown(memory: Memory) -> None:
    book = memory.book(SESSION)
    book.events.append(Recorded(len(book.events) + 1, memory.clock, "system", "session_exploded", {}))


async def test_an_unknown_event_breaks_the_session_on_this_node_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    memory = begun()
    unknown(memory)
    with caplog.at_level(logging.CRITICAL):
        desk = await desk_of(memory)
    assert desk.broken and "session_exploded" in caplog.text
    assert desk.state.seq == len(OPENED)
    assert await refusal(desk.submit("floor.request", {}, DELEGATE_07, "a" * 8)) == "session_broken"
    vote = {"ballot": "b1", "choices": []}
    assert await refusal(desk.cast(vote, DELEGATE_07)) == "session_broken"


async def test_an_unknown_event_that_a_newer_node_appends_meanwhile_breaks_it_too() -> None:
    memory = begun()
    desk = await desk_of(memory)
    unknown(memory)
    assert await refusal(desk.submit("floor.request", {}, DELEGATE_07, "a" * 8)) == "session_broken"
    assert desk.broken and len(memory.book(SESSION).events) == len(OPENED) + 1


async def test_closing_commits_what_is_queued_and_takes_no_more() -> None:
    desk = await desk_of(begun())
    queued = asyncio.create_task(desk.submit("floor.request", {}, DELEGATE_07, "a" * 8))
    await asyncio.sleep(0)
    await desk.close()
    assert (await queued).seq == len(OPENED) + 1
    assert await refusal(desk.submit("floor.request", {}, DELEGATE_11, "b" * 8)) == "held"
    await desk.close()


async def test_a_ballot_is_closed_with_the_count_of_its_box_in_the_same_transaction() -> None:
    memory = begun()
    desk = await desk_of(memory)
    ballot = await opened(desk)
    await desk.cast({"ballot": ballot, "choices": ["1"]}, DELEGATE_07)
    await desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-it")
    closed = desk.state.ballots[BallotId(ballot)]
    assert closed.result is not None and (closed.result.cast, closed.result.elected) == (1, ("1",))
    assert memory.boxes[BallotId(ballot)].state == "closed"


@pytest.mark.parametrize("fault", ["away", "lost"])
async def test_a_close_that_fails_leaves_box_and_journal_agreeing(fault: str) -> None:
    memory = begun()
    desk = await desk_of(memory)
    ballot = await opened(desk)
    memory.faults = [fault]
    assert await refusal(desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-it")) == "held"
    assert memory.boxes[BallotId(ballot)].state == ("open" if fault == "away" else "closed")
    vote = {"ballot": ballot, "choices": ["1"]}
    if fault == "away":
        assert (await desk.cast(vote, DELEGATE_07)).code == ""
    else:
        assert await refusal(desk.cast(vote, DELEGATE_07)) == "ballot_closed"
    await desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-it")
    result = desk.state.ballots[BallotId(ballot)].result
    assert result is not None and result.cast == (1 if fault == "away" else 0)


async def test_two_closes_in_one_group_seal_the_box_once() -> None:
    desk = await desk_of(begun())
    ballot = await opened(desk, seconds=10)
    jobs = [desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, f"close-it-{n}") for n in range(2)]
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert [getattr(answer, "code", "") for answer in answers] == ["", "ballot_closed"]


async def test_a_timer_closes_the_ballot_when_the_databases_clock_has_come_that_far() -> None:
    memory = begun()
    desk = await desk_of(memory)
    ballot = await opened(desk, seconds=10)
    (deadline,) = deadlines(desk.state)
    assert await refusal(desk.submit(deadline.name, deadline.data, SYSTEM, deadline.key)) == "too_early"
    memory.clock = deadline.at_ms
    there = await desk_of(memory)
    nodes = await asyncio.gather(
        *(node.submit(deadline.name, deadline.data, SYSTEM, deadline.key) for node in (desk, there))
    )
    assert nodes[0] == nodes[1] and deadlines(desk.state) == []
    assert desk.state.ballots[BallotId(ballot)].state == "closed"


async def test_a_bug_in_one_command_reaches_only_who_gave_it(caplog: pytest.LogCaptureFixture) -> None:
    memory = begun()
    desk = await desk_of(memory)
    crooked = Hall(HallId("crooked"), "Aula", "", "third")  # type: ignore[arg-type]  # an order nothing compares with
    desk.state = replace(desk.state, halls={**desk.state.halls, crooked.id: crooked})
    jobs = [
        desk.submit("pass.issue", {"role": "screen", "expires_at": 1 << 50}, ADMIN, "a" * 8),
        desk.submit("hall.add", {"hall": "h9", "name": "Aula"}, ADMIN, "b" * 8),
        desk.submit("stage.show", {"scene": "board"}, MODERATOR, "c" * 8),
    ]
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Answer, TypeError, Answer]
    assert "deciding hall.add failed" in caplog.text


@pytest.fixture(autouse=True)
def no_future_forgotten(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """asyncio complains about exceptions nobody took; none may be ours."""
    yield
    assert "never retrieved" not in caplog.text
