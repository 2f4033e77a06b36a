"""The gateway beside other nodes: resets of one session, and sessions carried for clients that are elsewhere."""

from __future__ import annotations

import asyncio

import pytest

from signaling.engine import MediaEvent, PeerRef, Shown
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


async def test_who_hangs_up_while_the_engine_works_for_him_is_taken_out_of_it_after_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving() as served:
        begun, go_on, show = asyncio.Event(), asyncio.Event(), served.room.show

        async def slow(peer: PeerRef, shown: Shown) -> None:
            begun.set()
            await go_on.wait()
            await show(peer, shown)

        monkeypatch.setattr(served.room, "show", slow)
        async with dialled(served, "screen") as (screen,):
            screen.ask("media", SHOW)
            await begun.wait()
        await until(lambda: not served.gateway.connected)
        go_on.set()
        await until(lambda: served.room.said("leave"))
        assert [call[0] for call in served.room.calls if call[0] != "direct"] == ["show", "leave"]
