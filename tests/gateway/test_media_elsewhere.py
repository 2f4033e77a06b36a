"""The gateway beside other nodes: resets of one session, and sessions carried for clients that are elsewhere."""

from __future__ import annotations

import asyncio

from signaling.engine import MediaEvent
from tests.gateway.carried import until
from tests.gateway.served import dialled, serving
from tests.sessions.given import SESSION

SHOW = {"method": "show", "halls": [], "stage": True, "audio": True}


async def test_a_reset_of_one_session_leaves_the_others_alone() -> None:
    async with serving() as served, dialled(served, "screen") as (screen,):
        await screen.call("media", SHOW)
        served.gateway.on_media(MediaEvent("reset", "another", None, {"code": "media_moved"}))
        assert (await screen.call("media", {"method": "restart"}))["ok"], "it still is a peer"
        assert screen.of("media") == []
        before = len(served.room.said("direct"))
        served.gateway.on_media(MediaEvent("reset", SESSION, None, {"code": "media_moved"}))
        await screen.until(lambda: screen.of("media"))
        assert screen.of("media") == [{"event": "reset", "code": "media_moved"}]
        assert (await screen.call("media", {"method": "restart"}))["code"] == "stale_negotiation"
        await until(lambda: len(served.room.said("direct")) > before)


async def test_a_session_that_this_node_carries_is_directed_though_nobody_of_it_is_here() -> None:
    async with serving() as served:
        await served.do("stage.spotlight", {"hall": "jatiasih"})
        assert served.room.said("direct") == []
        served.gateway.on_media(MediaEvent("hosting", SESSION, None, {}))
        await until(lambda: served.room.said("direct"))
        assert served.room.said("direct")[-1][1].stage == ("jatiasih",)


async def test_a_session_that_does_not_exist_is_not_directed_and_harms_nobody() -> None:
    async with serving() as served, dialled(served, "screen") as (screen,):
        served.gateway.on_media(MediaEvent("hosting", "unknown", None, {}))
        await asyncio.sleep(0)
        assert (await screen.call("media", SHOW))["ok"]
