"""Personal data go so many days after a session has ended, all of them and nothing else, and it is written down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import insert

from server.app import Running, running
from server.cli import at_a_desk, parser
from server.config import Settings
from server.retention import DAY_MS, due_at, ended_at, erase_due, is_believed
from server.store import tables
from server.store.files import NewFile
from server.store.passes import Holder
from server.store.people import Person
from server.store.retention import ERASED, KEPT, OF_STAFF, SqlRetention
from server.timers import Timers
from sessions.desk import Desk
from sessions.ids import PassId, SeatId
from sessions.model.session import Session
from sessions.state import State, initial
from tests.http.test_timers import MODERATOR, SESSION

START = 1_800_000_000_000


def test_each_table_is_judged() -> None:
    """Whoever adds a table says whether it holds people."""
    erased = {table.name for table in ERASED.values()}
    assert erased | KEPT | OF_STAFF == set(tables.metadata.tables)
    assert not (erased & KEPT) and not (OF_STAFF & (erased | KEPT))


def of(**session: Any) -> State:
    return replace(initial(SESSION), session=Session(SESSION, title="Uji", **session))


@given(some.sampled_from(["draft", "lobby", "open", "recess", "closed", "sealed"]), some.integers(0, 100_000))
def test_only_a_session_that_ended_is_ever_due(phase: str, days: int) -> None:
    state = of(phase=phase, closed_at=START, sealed_at=START + DAY_MS if phase == "sealed" else None)
    ended = phase in ("closed", "sealed")
    due = due_at(state, days)
    assert (due is not None) == (ended and days > 0)
    if due is not None:
        assert due == START + (days + (phase == "sealed")) * DAY_MS
        assert due > (ended_at(state) or 0)


async def furnish(server: Running) -> Desk:
    """A session with people, letters, a photo, a claimed card; opened and closed."""
    store = server.services.store
    desk = await server.services.desks.desk(SESSION)
    seat = SeatId("pejuang-rw-07")
    await store.people.put(SESSION, {seat: Person(name="Siti Aminah", phone="0812")}, "system")
    await store.files.add(
        NewFile("letter", SESSION, "document", "application/pdf", b"%PDF-"),
        NewFile("photo", SESSION, "photo", "image/webp", b"RIFF"),
    )
    await store.passes.keep_credential("a-credential", Holder(SESSION, PassId("moderator"), START * 2))
    async with store.database.writing() as connection:
        claim = {"session": SESSION, "pass": "p", "device": "d" * 64, "at": START}
        await connection.execute(insert(tables.claims), [claim])
    await desk.submit("session.open", {}, MODERATOR, "open-0001")
    return desk


async def close(desk: Desk) -> None:
    await desk.submit("session.close", {}, MODERATOR, "close-0001")


def retention_of(server: Running) -> SqlRetention:
    return SqlRetention(server.services.store.database, server.services.store.audit)


@pytest.fixture
def clock() -> list[int]:
    return [START]


async def test_people_letters_and_cards_go_when_it_is_time_and_the_rest_stays(
    settings: Settings, static: Path, clock: list[int]
) -> None:
    async with running(settings, clock=lambda: clock[0], static=static) as server:
        desks, store, retention = server.services.desks, server.services.store, retention_of(server)
        desk = await furnish(server)
        now: Callable[[int], int] = lambda days: START + days * DAY_MS  # noqa: E731
        assert await erase_due(desks, retention, 30, now(10_000)) == 0, "it may still go on"
        await close(desk)
        held = await retention.held(SESSION)
        assert all(held[name] for name in ("people", "documents", "claims", "credentials", "cards"))
        head = (await desks.heads())[SESSION]
        assert await erase_due(desks, retention, 30, now(29)) == 0
        assert await erase_due(desks, retention, 0, now(10_000)) == 0, "0 is never"
        assert await erase_due(desks, retention, 30, now(31)) == 1
        assert not any((await retention.held(SESSION)).values())
        assert await store.files.get("photo") is not None
        assert await store.files.get("letter") is None
        assert (await desks.heads())[SESSION] == head
        assert desk.state.seats, "offices stay, without a name"
        assert await erase_due(desks, retention, 30, now(31)) == 0, "once"
        (entry,) = [each for each in await entries(server) if each["action"] == "retention.erase"]
        assert (entry["session"], entry["actor"], "Siti" in entry["data"]) == (SESSION, "system", False)


async def entries(server: Running) -> list[dict[str, Any]]:
    async with server.services.store.database.reading() as connection:
        return [dict(row) for row in (await connection.execute(tables.audit.select())).mappings()]


async def test_the_server_does_it_by_itself(settings: Settings, static: Path, clock: list[int]) -> None:
    async with running(settings, clock=lambda: clock[0], static=static) as server:
        desk = await furnish(server)
        await close(desk)
    clock[0] += 91 * DAY_MS
    kept = replace(settings, retention_days=90)
    for _ in range(2):  # a date that may be wrong forgets nobody, however often the server is started
        async with running(kept, clock=lambda: clock[0], static=static) as server:
            assert await erase_due(server.services.desks, retention_of(server), 90, clock[0]) == 0
            people = server.services.store.people
            assert await people.of(SESSION, "system", "test")
            assert [each["action"] for each in await entries(server)].count("clock.jumped") == 1
    clock[0] += DAY_MS
    async with running(kept, clock=lambda: clock[0], static=static) as server:
        people = server.services.store.people
        async with asyncio.timeout(60):
            while await people.of(SESSION, "system", "test"):  # noqa: ASYNC110 — nothing tells us
                await asyncio.sleep(0.02)


async def test_a_clock_that_was_put_right_is_believed_and_one_that_jumps_while_we_run_is_not(
    settings: Settings, static: Path, clock: list[int]
) -> None:
    async with running(settings, clock=lambda: clock[0], static=static) as server:
        desk, retention = await furnish(server), retention_of(server)
        await close(desk)
        clock[0] += 3000 * DAY_MS
        assert not await is_believed(retention, clock[0])
        clock[0] -= 2999 * DAY_MS
        assert await is_believed(retention, clock[0])
        timers = Timers(server.services.desks, server.passes, lambda: clock[0], retention, 90)
        clock[0] += 3000 * DAY_MS
        await desk.submit("session.seal", {"reason": "uji"}, MODERATOR, "a-later-act-01")
        async with asyncio.timeout(30):
            while await is_believed(retention, clock[0]):  # noqa: ASYNC110 — nothing tells us
                await asyncio.sleep(0.02)
        await timers.close()
        assert await server.services.store.people.of(SESSION, "system", "test")


async def test_the_report_and_an_erasure_before_time(
    settings: Settings, static: Path, clock: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(settings, clock=lambda: clock[0], static=static) as server:
        desk = await furnish(server)
        capsys.readouterr()
        early = replace(settings, retention_days=90)
        assert await command(early, "retention", "--erase", SESSION) == 1
        assert "wrong_phase" in capsys.readouterr().err
        await close(desk)
        assert await command(early, "retention") == 0
        line = capsys.readouterr().out.splitlines()[1]
        assert line.startswith(f"{SESSION}\tclosed\t2027-01-15\t2027-04-15\tpeople=1 documents=1 claims=")
        assert await command(early, "retention", "--erase", SESSION) == 0
        assert "people=1" in capsys.readouterr().out
        assert await command(early, "retention") == 0
        assert capsys.readouterr().out.splitlines()[1].endswith("\tnothing")
        assert [each["actor"] for each in await entries(server) if each["action"] == "retention.erase"] == ["cli"]


async def command(settings: Settings, *arguments: str) -> int:
    return await at_a_desk(settings, parser().parse_args(list(arguments)))
