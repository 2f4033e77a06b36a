"""A client that merges snapshot and frames holds exactly what a fresh snapshot says, whatever it missed."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from sessions import view as views
from signaling.gateway.catchup import Ring
from tests.fixtures import stores
from tests.gateway.served import Replica, Served, Wire, deliberation, dialled, fetched, serving
from tests.sessions.given import HALL_PEJUANG

VIEWER = {
    "moderator": "moderator",
    "hall": "hall-pejuang",
    "participant": "seat-07",
    "screen": "screen",
    "public": "public",
}


async def level(wire: Wire, replica: Replica, served: Served, view: str) -> int:
    """Sync as the browser does; returns how often a snapshot had to be fetched."""
    fetches = 0
    wire.heard.clear()
    while True:
        answer = await wire.call("sync", {"after": replica.last})
        assert answer["ok"] and answer["server_now"] == served.clock.at
        if not answer["resync"]:
            return fetches
        replica.load(await fetched(served, view))
        fetches += 1


async def settled(wire: Wire, replica: Replica, seq: int) -> None:
    """Merge what arrives until the replica stands at seq."""
    done = 0

    def merged() -> bool:
        nonlocal done
        frames = wire.of("frame")
        for frame in frames[done:]:
            replica.merge(frame)
        done = len(frames)
        return replica.last == seq

    await wire.until(merged)


async def agree(served: Served, replica: Replica, view: str) -> None:
    fresh = Replica()
    fresh.load(await fetched(served, view))
    assert fresh.last == served.desk.state.seq
    assert replica.entities == fresh.entities and replica.last == fresh.last
    wanted = {(one["kind"], one["id"]): one["fields"] for one in views.snapshot(served.desk.state, view)}
    assert replica.entities == wanted


class Life:
    """Random things that happen in a deliberation."""

    def __init__(self, served: Served, seed: int) -> None:
        self.served = served
        self.dice = random.Random(seed)

    async def happen(self, times: int) -> None:
        for _ in range(times):
            await self.dice.choice([self.add, self.move, self.move, self.withdraw, self.stage, self.floor])()

    def card(self) -> Any:
        return self.dice.choice(list(self.served.desk.state.board.proposals.values()))

    async def add(self) -> None:
        hall = self.dice.choice(["pejuang", "jatiasih"])
        await self.served.do("proposal.add", {"title": f"Usulan “{self.dice.random()}”", "hall": hall})

    async def move(self) -> None:
        card = self.card()
        if card.status != "WITHDRAWN":
            status = self.dice.choice(["SUBMITTED", "DISCUSSED", "PRIORITISED", "RESERVE"])
            data = {"proposal": card.id, "base": card.version, "status": status, "before": None}
            await self.served.do("proposal.move", data)

    async def withdraw(self) -> None:
        card = self.card()
        if card.status != "WITHDRAWN":
            data = {"proposal": card.id, "base": card.version, "reason": "Sudah dikerjakan"}
            await self.served.do("proposal.withdraw", data)

    async def stage(self) -> None:
        await self.served.do("stage.spotlight", {"hall": self.dice.choice(["pejuang", "jatiasih", None])})

    async def floor(self) -> None:
        floor = self.served.desk.state.floor
        if floor.holder is not None:
            await self.served.do("floor.yield")
        elif floor.queue:
            await self.served.do("floor.grant", {"request": floor.queue[0].request, "minutes": 3})
        else:
            await self.served.do("floor.request", {"note": "tanggapan"}, HALL_PEJUANG)


@pytest.mark.parametrize("view", VIEWER)
async def test_live_frames_lead_to_the_snapshot(view: str) -> None:
    async with serving(frame_ms=10) as served, dialled(served, VIEWER[view]) as (wire,):
        replica, life = Replica(), Life(served, 7)
        assert await level(wire, replica, served, view) == 1
        for _ in range(12):
            await life.happen(5)
            await asyncio.sleep(life.dice.choice([0, 0.005, 0.02]))
        await settled(wire, replica, served.desk.state.seq)
        assert replica.gaps == 0
        await agree(served, replica, view)


@pytest.mark.parametrize("view", VIEWER)
async def test_a_client_that_was_away_is_bridged_by_one_frame(view: str) -> None:
    async with serving(frame_ms=5) as served:
        replica, life = Replica(), Life(served, 8)
        async with dialled(served, VIEWER[view]) as (wire,):
            await level(wire, replica, served, view)
        for _ in range(8):
            await life.happen(6)
            await asyncio.sleep(0.02)
        async with dialled(served, VIEWER[view]) as (wire,):
            assert await level(wire, replica, served, view) == 0, "no snapshot was needed"
            await settled(wire, replica, served.desk.state.seq)
            assert len(wire.of("frame")) <= 1
            await agree(served, replica, view)


async def test_a_client_away_for_longer_than_the_ring_is_told_to_fetch() -> None:
    async with serving(frame_ms=1, ring_frames=3) as served:
        replica, life = Replica(), Life(served, 9)
        async with dialled(served, "screen") as (wire,):
            await level(wire, replica, served, "screen")
        for _ in range(6):
            await life.happen(3)
            await asyncio.sleep(0.02)
        async with dialled(served, "screen") as (wire,):
            answer = await wire.call("sync", {"after": replica.last})
            assert answer["resync"] is True and answer["upto"] == served.desk.state.seq
            await life.add()
            await asyncio.sleep(0.05)
            assert wire.of("frame") == [], "no frames before it can use them"
            assert await level(wire, replica, served, "screen") == 1
            await settled(wire, replica, served.desk.state.seq)
            await agree(served, replica, "screen")


@pytest.mark.postgresql
async def test_a_restart_costs_those_who_missed_something_one_snapshot_and_the_others_nothing() -> None:
    replica, behind = Replica(), Replica()
    async with stores.kept(deliberation) as url:
        async with serving(url, frame_ms=5) as served, dialled(served, "screen", "screen") as (wire, other):
            await level(other, behind, served, "screen")
            await Life(served, 10).happen(10)
            await asyncio.sleep(0.05)
            await level(wire, replica, served, "screen")
        async with serving(url, frame_ms=5) as served, dialled(served, "screen", "screen") as (wire, other):
            assert await level(wire, replica, served, "screen") == 0
            assert await level(other, behind, served, "screen") == 1
            await Life(served, 11).happen(5)
            for one, its in ((wire, replica), (other, behind)):
                await settled(one, its, served.desk.state.seq)
                await agree(served, its, "screen")


async def test_a_client_from_the_future_is_told_to_fetch() -> None:
    async with serving() as served, dialled(served, "screen") as (wire,):
        assert (await wire.call("sync", {"after": served.desk.state.seq + 1}))["resync"] is True


async def test_a_change_no_view_shows_still_advances_the_client() -> None:
    async with serving(frame_ms=5) as served, dialled(served, "seat-07") as (wire,):
        replica = Replica()
        await level(wire, replica, served, "participant")
        await served.do("pass.revoke", {"pass": "p-11"}, actor=served_system())
        await settled(wire, replica, served.desk.state.seq)
        assert wire.of("frame")[-1]["changes"] == []


def served_system() -> Any:
    from tests.sessions.given import SYSTEM

    return SYSTEM


async def test_an_import_is_fetched_as_a_snapshot_and_not_pushed() -> None:
    rows = [{"title": f"Usulan {number} " + "jalan " * 20, "hall": "pejuang"} for number in range(900)]
    async with serving(frame_ms=5) as served, dialled(served, "screen") as (wire,):
        replica = Replica()
        await level(wire, replica, served, "screen")
        await served.do("proposals.import", {"proposals": rows}, actor=served_system())
        await wire.until(lambda: wire.of("frame"))
        (frame,) = wire.of("frame")
        replica.merge(frame)
        assert (frame["changes"], replica.gaps) == ([], 1), "a gap, so that the client syncs"
        assert await level(wire, replica, served, "screen") == 1
        await agree(served, replica, "screen")


async def test_frames_of_a_class_leave_at_most_every_frame_ms() -> None:
    async with serving(frame_ms=100) as served, dialled(served, "screen") as (wire,):
        await level(wire, Replica(), served, "screen")
        loop = asyncio.get_running_loop()
        start = loop.time()
        while loop.time() - start < 1.05:
            await served.do("stage.show", {"scene": "board"})
            await served.do("stage.show", {"scene": "wall"})
            await asyncio.sleep(0.01)
        await wire.until(lambda: wire.of("frame")[-1]["upto"] == served.desk.state.seq)
        assert 5 <= len(wire.of("frame")) <= (loop.time() - start) / 0.1 + 2


async def test_a_floor_request_reaches_its_owner_as_me_and_nobody_else() -> None:
    async with serving(frame_ms=5) as served, dialled(served, "seat-07", "seat-11", "hall-pejuang") as wires:
        for wire in wires:
            await wire.call("sync", {"after": None})
        mine, other, hall = wires
        request = (await mine.command("floor.request", {"note": "drainase"}))["result"]["request"]
        await mine.until(lambda: mine.of("me"))
        assert mine.of("me")[-1]["request"] == request
        hall_request = (await hall.command("floor.request"))["result"]["request"]
        await hall.until(lambda: hall.of("me"))
        assert hall.of("me")[-1]["request"] == hall_request
        await served.do("floor.withdraw", {"request": request})
        await mine.until(lambda: len(mine.of("me")) == 2)
        assert mine.of("me")[-1]["request"] is None
        assert other.of("me") == []


async def test_snapshots_of_one_state_are_built_once_for_a_storm() -> None:
    async with serving() as served:
        bodies = await asyncio.gather(*(served.gateway.snapshot("bekasi-2018", "participant") for _ in range(200)))
        assert len({id(found) for found in bodies}) == 1
        assert served.gateway.metrics()["snapshots_built_total"] == 1
        assert bodies[0].etag == f"bekasi-2018-participant-{served.desk.state.seq}"


def change(number: int) -> dict[str, Any]:
    return {"kind": "proposal", "id": f"p{number % 5}", "fields": {"version": number}}


def test_a_ring_keeps_the_latest_of_each_entity_and_lets_old_frames_go() -> None:
    ring = Ring(10, most=3)
    for start in (10, 14, 18, 22):
        ring.push(start + 4, [change(number) for number in range(start, start + 4)])
    assert (ring.base, ring.head) == (14, 26)
    assert not ring.bridges(13) and ring.bridges(14) and ring.bridges(26) and not ring.bridges(27)
    found = {one["id"]: one["fields"]["version"] for one in ring.since(18)}
    assert found == {"p3": 23, "p4": 24, "p0": 25, "p1": 21, "p2": 22}
    assert ring.since(26) == []
    ring.restart(40)
    assert not ring.bridges(26) and ring.bridges(40)


def test_a_position_inside_a_frame_is_not_bridged() -> None:
    """Another node cut its frames elsewhere; what came and went inside ours is in none of its changes."""
    ring = Ring(10, most=3)
    ring.push(14, [{"kind": "hall", "id": "pejuang", "fields": None}])
    assert ring.bridges(10)
    assert not ring.bridges(12)
    assert ring.bridges(14)
