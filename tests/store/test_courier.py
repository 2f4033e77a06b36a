"""The courier on real databases: killed between its two steps, two at once, refused, and mirroring an opening."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from itertools import count
from typing import Any

import pytest

from server.courier import Courier, round_of
from server.desks import Desks
from server.store.ballot_box import SqlBallotBox
from server.store.database import Database
from server.store.journal import SqlJournal
from sessions.desk import Desk
from sessions.ids import PassId, SessionId
from sessions.journal import Answer
from sessions.permissions import Actor, Role

PLENARY = {"title": "Musrenbang", "kind": "plenary", "place": "Aula", "date": "2026-02-03"}
KEYS = count(1)
SECRETARIATS = ("groups.split", "session.create", "session.link", "hall.add", "seat.add", "halls.map")


async def give(desk: Desk, name: str, data: Any = None) -> Answer:
    session = desk.state.session.id
    role = Role.ADMIN if name in SECRETARIATS else Role.MODERATOR
    return await desk.submit(name, data or {}, Actor(session, role, PassId(f"p-{role}")), f"key-{next(KEYS):06d}")


async def session(desks: Desks, id_: str, hall: str, **more: Any) -> Desk:
    desk = await desks.load(SessionId(id_))
    await give(desk, "session.create", {**PLENARY, **more})
    await give(desk, "hall.add", {"hall": hall, "name": hall.title()})
    await give(desk, "session.open")
    return desk


async def sent_up(desk: Desk, hall: str, titles: list[str]) -> None:
    for title in titles:
        card = (await give(desk, "proposal.add", {"title": title, "hall": hall})).result["proposal"]
        move = {"proposal": card, "base": 1, "status": "PRIORITISED", "before": None}
        await give(desk, "proposal.move", move)
        await give(desk, "proposals.send_up", {"proposals": [card]})


def fresh(database: Database) -> Desks:
    """What a process that has just started knows: nothing but the database."""
    return Desks(SqlJournal(database), SqlBallotBox(database))


def titles(desk: Desk) -> list[str]:
    return [card.content.title for card in desk.state.board.proposals.values()]


@pytest.fixture
async def desks(database: Database) -> AsyncIterator[Desks]:
    found = fresh(database)
    yield found
    await found.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 — published states have no event
            await asyncio.sleep(0.01)


async def test_a_courier_killed_between_its_steps_loses_and_doubles_nothing(
    url: str, database: Database, desks: Desks
) -> None:
    below, above = await session(desks, "kel", "a", feeds="kec"), await session(desks, "kec", "a")
    await sent_up(below, "a", ["Drainase", "Jalan"])
    command = [sys.executable, "-m", "tests.store.carrier", url, "kel"]
    for _ in range(2):
        killed = await asyncio.to_thread(subprocess.run, command, timeout=60, check=False)
        assert killed.returncode == -signal.SIGKILL
        await above.refresh()
        await below.refresh()
        assert titles(above) == ["Drainase"], "recorded there, once"
        assert len(below.state.parcels.waiting) == 2, "and nobody has heard of it here"
    again = fresh(database)
    await again.level()
    await round_of(again, again.loaded[SessionId("kel")], set())
    assert titles(again.loaded[SessionId("kec")]) == ["Drainase", "Jalan"]
    assert again.loaded[SessionId("kel")].state.parcels.waiting == {}
    await again.close()


async def test_two_nodes_that_carry_the_same_parcels_at_once_record_each_once(database: Database, desks: Desks) -> None:
    below = await session(desks, "kel", "a", feeds="kec")
    await session(desks, "kec", "a")
    await sent_up(below, "a", [f"usulan {number}" for number in range(12)])
    nodes = [fresh(database), fresh(database)]
    for node in nodes:
        await node.level()
    await asyncio.gather(*(round_of(node, node.loaded[SessionId("kel")], set()) for node in nodes))
    for node in nodes:
        await node.level()
        assert titles(node.loaded[SessionId("kec")]) == [f"usulan {number}" for number in range(12)]
        assert node.loaded[SessionId("kel")].state.parcels.waiting == {}
        await node.close()


async def test_a_refusal_is_kept_and_a_resent_parcel_arrives(desks: Desks) -> None:
    below, above = await session(desks, "kel", "a", feeds="kec"), await session(desks, "kec", "b")
    await sent_up(below, "a", ["Drainase"])
    await round_of(desks, below, set())
    (parcel,) = below.state.parcels.waiting.values()
    assert (parcel.state, parcel.code, parcel.detail) == (
        "refused", "unknown_territory", '{"session":"kel","halls":["a"]}',
    )  # fmt: skip
    await round_of(desks, below, set())
    assert below.state.parcels.waiting == {parcel.id: parcel}, "nobody knocks again unasked"
    await give(above, "halls.map", {"halls": [{"session": "kel", "hall": "b"}]})
    await round_of(desks, below, set())
    assert titles(above) == [], "what was refused waits for the moderator"
    await give(below, "parcel.resend", {"parcel": parcel.id})
    await round_of(desks, below, set())
    assert titles(above) == ["Drainase"] and below.state.parcels.waiting == {}


async def test_a_session_that_does_not_exist_is_a_refusal_unless_the_parcel_founds_it(desks: Desks) -> None:
    below = await session(desks, "kel", "a", feeds="nowhere")
    await sent_up(below, "a", ["Drainase"])
    await give(below, "groups.split", {"groups": [{"session": "g1", "title": "Kelompok", "halls": ["a"]}]})
    await round_of(desks, below, set())
    assert [parcel.code for parcel in below.state.parcels.waiting.values()] == ["unknown_session"]
    assert (await desks.desk(SessionId("g1"))).state.session.parent == "kel"


async def test_the_courier_runs_by_itself_from_split_to_results_and_mirrors_an_opening(desks: Desks) -> None:
    plenary = await session(desks, "kec", "a")
    courier = Courier(desks)
    try:
        await give(plenary, "proposal.add", {"title": "Drainase", "hall": "a"})
        await give(plenary, "groups.split", {"groups": [{"session": "g1", "title": "Kelompok", "halls": ["a"]}]})
        await until(lambda: SessionId("g1") in desks.loaded and desks.loaded[SessionId("g1")].state.session.created)
        group = desks.loaded[SessionId("g1")]
        await give(group, "session.open")
        await give(group, "proposal.add", {"title": "Taman", "hall": "a"})
        await give(group, "session.close")
        await until(lambda: titles(plenary) == ["Drainase", "Taman"])
        place = await session(desks, "senen", "a")
        await give(plenary, "session.link", {"feeds": None, "previous": None, "reaches": ["senen"]})
        await give(plenary, "cast.start", {"sessions": ["senen"]})
        await give(plenary, "stage.spotlight", {"hall": "a"})
        await until(lambda: place.state.casting.shown.hall == "A")
    finally:
        await courier.close()
        await courier.close()


async def test_a_database_that_is_away_is_no_refusal(desks: Desks) -> None:
    below, above = await session(desks, "kel", "a", feeds="kec"), await session(desks, "kec", "a")
    await sent_up(below, "a", ["Drainase"])
    above.broken = True
    await round_of(desks, below, set())
    assert [parcel.state for parcel in below.state.parcels.waiting.values()] == ["sent"]
    above.broken = False
    await round_of(desks, below, set())
    assert below.state.parcels.waiting == {}


async def test_results_taken_before_a_kill_are_not_refused_when_they_come_again(
    url: str, database: Database, desks: Desks
) -> None:
    """A plenary takes a group's results once; only the parcel's key tells a repetition from a second try."""
    plenary = await session(desks, "kec", "a")
    await give(plenary, "groups.split", {"groups": [{"session": "g1", "title": "Kelompok", "halls": ["a"]}]})
    await round_of(desks, plenary, set())
    group = await desks.desk(SessionId("g1"))
    await give(group, "session.open")
    await give(group, "proposal.add", {"title": "Taman", "hall": "a"})
    await give(group, "session.close")
    command = [sys.executable, "-m", "tests.store.carrier", url, "g1"]
    killed = await asyncio.to_thread(subprocess.run, command, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    await plenary.refresh()
    assert titles(plenary) == ["Taman"] and len(group.state.parcels.waiting) == 1
    await round_of(desks, group, set())
    assert group.state.parcels.waiting == {} and titles(plenary) == ["Taman"]


async def test_a_courier_closes_in_the_very_moment_it_is_woken(desks: Desks) -> None:
    plenary = await session(desks, "kec", "a")
    for spins in range(6):
        courier = Courier(desks)
        await asyncio.sleep(0.1)
        await give(plenary, "stage.show", {"scene": "board" if spins % 2 else "wall"})
        for _ in range(spins):
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await courier.close()
