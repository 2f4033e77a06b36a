"""Deadlines fire because time passes, once, from whichever node is there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from server.app import running
from server.config import Settings
from server.store.passes import Holder
from sessions.desk import Desk
from sessions.ids import PassId, SessionId
from sessions.permissions import Actor, Role
from tests.http.conftest import until

SESSION = SessionId("bekasi-2018")
MODERATOR = Actor(SESSION, Role.MODERATOR, PassId("moderator"))
OPTIONS = [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]
TIMED = {"title": "Uji", "options": OPTIONS, "choose_max": 1, "secrecy": "open", "seconds": 30}


async def open_timed_ballot(desk: Desk) -> str:
    await desk.submit("session.open", {}, MODERATOR, "open-0001")
    return str((await desk.submit("ballot.open", TIMED, MODERATOR, "ballot-001")).result["ballot"])


async def test_a_timed_ballot_closes_by_itself_and_not_before(settings: Settings, static: Path) -> None:
    now = [1_800_000_000_000]
    async with running(settings, clock=lambda: now[0], static=static) as server:
        desk = await server.services.desks.desk(SESSION)
        ballot = await open_timed_ballot(desk)
        now[0] += 29_999
        await asyncio.sleep(1.2)
        assert desk.state.ballots[ballot].state == "open"
        now[0] += 1
        await until(lambda: desk.state.ballots[ballot].state == "closed")
        seq = desk.state.seq
        await asyncio.sleep(1.2)
        assert desk.state.seq == seq


async def test_a_deadline_that_passed_while_no_server_ran_is_kept_at_the_next_start(
    settings: Settings, static: Path
) -> None:
    now = [1_800_000_000_000]
    async with running(settings, clock=lambda: now[0], static=static) as server:
        ballot = await open_timed_ballot(await server.services.desks.desk(SESSION))
    now[0] += 3_600_000
    async with running(settings, clock=lambda: now[0], static=static) as server:
        desk = await server.services.desks.desk(SESSION)
        await until(lambda: desk.state.ballots[ballot].state == "closed")


async def test_expired_credentials_are_dropped(settings: Settings, static: Path) -> None:
    now = [1_800_000_000_000]
    async with running(settings, clock=lambda: now[0], static=static) as server:
        await server.passes.keep_credential("a-credential", Holder(SESSION, PassId("moderator"), now[0] + 1000))
    now[0] += 2000
    async with running(settings, clock=lambda: now[0], static=static) as server:
        async with asyncio.timeout(30):
            while await server.passes.of_credential("a-credential") is not None:  # noqa: ASYNC110 — nothing tells us
                await asyncio.sleep(0.02)


async def test_without_a_demonstration_nothing_is_made_up(settings: Settings, static: Path, tmp_path: Path) -> None:
    async with running(replace(settings, demo=False, data=tmp_path / "empty"), static=static) as server:
        assert await server.services.desks.heads() == {}
        assert not server.folder.passes.exists()


@pytest.mark.parametrize("removed", ["passes.json", None])
async def test_a_second_start_changes_nothing_but_replaces_lost_cards(
    settings: Settings, static: Path, removed: str | None
) -> None:
    async with running(settings, static=static) as server:
        head = await server.services.desks.heads()
        before = server.folder.passes.read_text()
        if removed:
            (server.folder.path / removed).unlink()
    async with running(settings, static=static) as server:
        assert await server.services.desks.heads() == head
        assert (server.folder.passes.read_text() == before) == (removed is None)
