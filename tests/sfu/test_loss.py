"""What gets lost between peers and worker is repaired, and the speaker hears of the listeners' loss."""

from __future__ import annotations

import asyncio

from tests.sfu.browser import browsing
from tests.sfu.engine import eventually, ref, running
from tests.sfu.relay import relaying


async def test_every_tenth_packet_lost_both_ways_is_repaired_and_the_picture_keeps_moving() -> None:
    async with (
        relaying() as relay,
        running(announce=[f"127.0.0.1:{relay.port}"]) as (engine, events),
        browsing(engine, events) as pages,
    ):
        relay.target = engine.address
        hall, screen = await pages.open(ref("pejuang")), await pages.open(ref("screen", None))
        await hall.publish(width=640, height=360, scale=1)
        await screen.watch()
        await screen.show("pejuang", audio=True)
        before = await screen.until("thumb", "pejuang", lambda row: row["frames"] > 10)
        relay.up = relay.down = 0.10
        async with asyncio.timeout(60):
            while relay.lost_up <= 10 or relay.lost_down <= 10:  # noqa: ASYNC110 — the relay only counts
                await asyncio.sleep(0.1)
        await eventually(lambda: float(engine.metrics()["rtx_in_total"]) >= 3)  # lost on the way up, sent again
        await eventually(lambda: float(engine.metrics()["rtx_out_total"]) >= 3)  # lost on the way down, sent by us
        await screen.until("thumb", "pejuang", lambda row: row["repaired"] >= 3)
        await screen.until("thumb", "pejuang", lambda row: row["frames"] > before["frames"] + 54)
        relay.up = relay.down = 0.0
        settled = (await screen.until("thumb", "pejuang", lambda row: True))["frames"]
        await screen.until("thumb", "pejuang", lambda row: row["frames"] > settled + 20)


async def test_a_speaker_on_a_clean_link_hears_of_the_listeners_loss() -> None:
    async with (
        relaying() as relay,
        running(announce=[f"127.0.0.1:{relay.port}"]) as (engine, events),
        browsing(engine, events) as pages,
    ):
        relay.target = engine.address
        hall, screen = await pages.open(ref("pejuang")), await pages.open(ref("screen", None))
        await hall.publish()
        await screen.watch()
        await screen.show(audio=True)
        await screen.until("audio", "pejuang", lambda row: row["packets"] > 20)
        relay.down = 0.2
        async with asyncio.timeout(20):
            while True:
                told = [row["loss"] for row in await hall.sent() if row.get("remote") and row["kind"] == "audio"]
                if told and max(told) > 0.05:
                    break
                await asyncio.sleep(0.3)
