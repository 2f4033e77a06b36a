"""A node that dies: what it had is missed by the others, and not before."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from server import nodes
from sessions.ids import HallId
from signaling.gateway import plenary
from tests.fixtures.postgres import Cluster
from tests.http.conftest import until
from tests.nodes.several import MODERATOR, desk, die, known, people_of, two_nodes

JATIASIH = HallId("jatiasih")


@pytest.mark.cluster
async def test_a_leader_and_a_hall_at_one_node_are_not_missed_by_the_other_until_that_node_dies(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "EXPIRE_S", 2.5)
    monkeypatch.setattr(nodes, "REPEAT_S", 0.3)
    monkeypatch.setattr(plenary, "WATCH_S", 0.05)
    async with two_nodes(cluster, tmp_path) as (one, two), people_of(one) as people:
        here, there = await desk(one), await desk(two)
        await here.submit(
            "rules.set",
            {"changes": {"site": {"lost_after_s": 2, "chair_lost_after_s": 2}}, "reason": "uji"},
            MODERATOR,
            "rules-001",
        )
        await here.submit("session.open", {}, MODERATOR, "open-0001")
        chair = await people.join(one, "moderator")
        await chair.command("chair.take", key="take-00001")
        await people.join(one, "hall", "jatiasih")
        await people.join(two, "screen")  # or the other node has no plenary to watch over
        await until(lambda: known(two).sighted and "jatiasih" in there.state.site.places)
        await asyncio.sleep(3)  # longer than the rules let anybody be missed
        assert here.state.chair.losses == 0 == there.state.site.places[JATIASIH].outages
        await die(one)
        await until(lambda: there.state.chair.lost_at is not None)
        await until(lambda: there.state.site.places[JATIASIH].lost_at is not None)
