"""Peers that fall silent and come back, against a plane in this very process with a clock that can be turned on."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from signaling.engine import Direction, MediaEvent, PeerRef, Shown
from signaling.sfu.core import open_core
from signaling.sfu.dtls import Certificate
from signaling.sfu.mux import Mux
from signaling.sfu.plane import Plane
from signaling.sfu.room import Room
from signaling.sfu.transport import CONNECT_S, CONSENT_S, FORGET_S
from tests.sfu.engine import Events, eventually, ref
from tests.sfu.stock_peer import Picture, Publisher, Subscriber


class Local:
    """An engine without a process: the calls a client makes, and the worker's periodic work on demand."""

    def __init__(self, plane: Plane, room: Room) -> None:
        self.plane, self.room = plane, room

    async def publish(self, peer: PeerRef, sdp: str, tracks: dict[str, str]) -> str:
        return self.room.publish(peer, sdp, tracks)

    async def show(self, peer: PeerRef, shown: Shown) -> None:
        self.room.show(peer, shown)

    async def answer(self, peer: PeerRef, generation: int, sdp: str) -> None:
        self.room.answer(peer, generation, sdp)

    def check(self) -> None:
        for transport in list(self.plane.transports):
            transport.check(self.plane.clock())

    async def tick(self) -> None:
        while True:
            await asyncio.sleep(0.02)
            self.room.nack()
            self.room.settle()


class Clock:
    """Monotonic time that can be turned on."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@asynccontextmanager
async def local() -> AsyncIterator[tuple[Local, Events, Clock]]:
    events, clock = Events(), Clock()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setblocking(False)
        udp.bind(("127.0.0.1", 0))
        core = open_core(udp)
        plane = Plane(core, Mux(core.send, clock), Certificate(), [udp.getsockname()], clock, time.time, events, 56, 10)
        room = Room(plane, "room")
        engine = Local(plane, room)
        loop = asyncio.get_running_loop()
        loop.add_reader(udp.fileno(), plane.pump)
        ticking = loop.create_task(engine.tick())
        try:
            yield engine, events, clock
        finally:
            ticking.cancel()
            loop.remove_reader(udp.fileno())
            room.close()
            await plane.close()


async def test_a_peer_that_falls_silent_gets_nothing_more_and_comes_back_to_its_keys() -> None:
    async with local() as (engine, events, clock):
        hall = Publisher(engine, ref("pejuang"), {"camera": Picture("red")})
        screen = Subscriber(engine, events, ref("screen", None))
        await hall.start()
        await screen.show("pejuang")
        thumb = await eventually(lambda: screen.slot("thumb", "pejuang"))
        await eventually(lambda: thumb.frames > 5)

        clock.ahead += CONSENT_S + 1
        engine.check()
        await asyncio.sleep(0.1)
        sent = engine.plane.core.totals().packets_out
        await asyncio.sleep(0.5)
        assert engine.plane.core.totals().packets_out == sent

        # both clients still check every five seconds (aioice); their next check is all it takes
        await eventually(lambda: engine.plane.core.totals().packets_out > sent + 10)
        frames = thumb.frames
        await eventually(lambda: thumb.frames > frames + 10)
        assert len(screen.offers) == 1
        await hall.close()
        await screen.close()


async def test_a_listener_that_falls_silent_alone_gets_nothing_more_while_others_go_on() -> None:
    async with local() as (engine, events, _):
        hall = Publisher(engine, ref("pejuang"), {"camera": Picture("red")})
        gone, there = Subscriber(engine, events, ref("gone", None)), Subscriber(engine, events, ref("there", None))
        await hall.start()
        for screen in (gone, there):
            await screen.show("pejuang")
        for screen in (gone, there):
            thumb = await eventually(lambda screen=screen: screen.slot("thumb", "pejuang"))
            await eventually(lambda thumb=thumb: thumb.frames > 5)
        transport = engine.room._subscribers["peer-gone"].transport
        assert transport is not None
        transport.seen -= CONSENT_S + 1
        engine.check()
        await asyncio.sleep(0.3)
        frames = gone.seen["0"].frames, there.seen["0"].frames
        await asyncio.sleep(1)
        assert gone.seen["0"].frames == frames[0] and there.seen["0"].frames > frames[1] + 5
        for peer in (hall, gone, there):
            await peer.close()


async def test_a_hall_that_is_silent_for_six_seconds_is_told_as_cut_and_after_25_as_not_publishing() -> None:
    async with local() as (engine, events, clock):
        hall = Publisher(engine, ref("pejuang"), {"camera": Picture("red")})
        await hall.start()
        await eventually(lambda: any(each.state == "connected" for each in engine.plane.transports))

        def link() -> tuple[object, object]:
            engine.room.tell_links()
            halls = events.of("links", None)[-1].data["halls"]
            return halls["pejuang"]["link"], halls["pejuang"]["publishing"]

        assert link() == ("good", True)
        clock.ahead += 7
        assert link() == ("cut", True)
        clock.ahead += CONSENT_S
        engine.check()
        assert link() == ("cut", False)
        engine.room.leave("peer-pejuang", "all")
        assert link() == ("absent", False)
        await hall.close()


async def test_a_hall_whose_checks_are_late_while_its_media_flows_is_not_told_as_cut() -> None:
    async with local() as (engine, events, _):
        hall = Publisher(engine, ref("pejuang"), {"camera": Picture("red")})
        await hall.start()
        producers = await eventually(lambda: engine.room._publishers["peer-pejuang"].producers)
        await eventually(lambda: all(each.bitrate_bps for each in producers.values()))
        transport = engine.room._publishers["peer-pejuang"].transport
        assert transport is not None
        transport.seen -= 7
        engine.room.tell_links()
        assert events.of("links", None)[-1].data["halls"]["pejuang"]["link"] == "good"
        await hall.close()


async def test_whoever_never_connects_or_stays_away_is_forgotten() -> None:
    async with local() as (engine, _events, clock):
        hall = Publisher(engine, ref("pejuang"), {"camera": Picture("red")})
        await hall.start()
        engine.room.show(ref("screen", None), Shown(("pejuang",), False, False))
        await eventually(lambda: any(each.state == "connected" for each in engine.plane.transports))
        clock.ahead += CONNECT_S + 1
        engine.check()
        assert [each.state for each in engine.plane.transports] == ["connected"]
        clock.ahead += FORGET_S
        engine.check()
        engine.check()
        assert not engine.plane.transports
        await hall.close()


async def test_a_goodbye_is_believed_at_once() -> None:
    async with local() as (engine, _events, _):
        hall = Publisher(engine, ref("pejuang"), {"camera": Picture("red")})
        await hall.start()
        await eventually(lambda: any(each.state == "connected" for each in engine.plane.transports))
        await eventually(lambda: hall.pc.connectionState == "connected")
        await hall.close()
        await eventually(lambda: not engine.plane.transports, timeout=CONSENT_S / 2)  # not by silence


async def test_changes_within_a_moment_are_told_together() -> None:
    async with local() as (engine, events, _):
        engine.room.show(ref("screen", None), Shown(("a",), True, True))
        for hall in ("a", "b", "c"):
            engine.room.direct(Direction(stage=(hall,)))
            engine.room.show(ref("screen", None), Shown(("a", hall), True, True))
        offer: MediaEvent = await events.wait("offer", "peer-screen")
        await asyncio.sleep(0.1)
        assert len(events.all) == 1
        assert [slot["hall"] for slot in offer.data["slots"].values() if slot["use"] != "audio"] == ["c", "a", "c"]


async def test_a_stage_that_returns_to_a_paused_hd_picture_shows_the_thumbnail_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("signaling.sfu.room.UNWANTED_S", 0.2)
    async with local() as (engine, events, _):
        hd = Picture("blue", size=(320, 192))
        hall = Publisher(engine, ref("pejuang"), {"camera": Picture("red"), "camera_hd": hd})
        screen = Subscriber(engine, events, ref("screen", None))
        await hall.start()
        engine.room.direct(Direction(stage=("pejuang",)))
        await screen.show(stage=True)

        def source() -> object:
            return [slot["source"] for slot in screen.slots.values() if slot["use"] == "stage"]

        await eventually(lambda: source() == ["camera_hd"])
        engine.room.direct(Direction())
        await asyncio.sleep(0.3)
        engine.room.report()
        assert events.of("want", "peer-pejuang")[-1].data["sources"] == []
        hd.on.clear()  # as the page does when it hears that
        producers = engine.room._publishers["peer-pejuang"].producers.values()
        sent = next(each for each in producers if each.source == "camera_hd")
        await eventually(lambda: time.monotonic() - sent.heard > 0.5)  # its last picture may still be at the encoder
        told = len(events.of("slots", "peer-screen"))
        engine.room.direct(Direction(stage=("pejuang",)))
        await eventually(lambda: source() == ["camera"])
        hd.on.set()
        await eventually(lambda: source() == ["camera_hd"])
        again = [event.data["slots"]["0"]["source"] for event in events.of("slots", "peer-screen")[told:]]
        assert again == ["camera", "camera_hd"]
        await hall.close()
        await screen.close()
