"""Stock aiortc connections publish and watch through a real worker."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiortc import MediaStreamTrack

from signaling.engine import Direction, Source
from signaling.engine_embedded import CoreName, EmbeddedEngine
from tests.sfu.engine import ROOM, Events, eventually, ref, running
from tests.sfu.stock_peer import Picture, Publisher, Seen, Subscriber, Tone


class Stage:
    """One engine with halls and screens that are closed at the end."""

    def __init__(self, engine: EmbeddedEngine, events: Events, stack: AsyncExitStack) -> None:
        self.engine, self.events, self._stack = engine, events, stack

    async def hall(self, name: str, peer: str = "", **tracks: MediaStreamTrack) -> Publisher:
        sources: dict[Source, MediaStreamTrack] = dict(tracks)
        publisher = Publisher(self.engine, ref(peer or name, name), sources)
        self._stack.push_async_callback(publisher.close)
        await publisher.start()
        return publisher

    def screen(self, name: str = "screen", hall: str | None = None) -> Subscriber:
        screen = Subscriber(self.engine, self.events, ref(name, hall))
        self._stack.push_async_callback(screen.close)
        return screen


@asynccontextmanager
async def staged(core: CoreName = "auto") -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        engine, events = await stack.enter_async_context(running(core))
        yield Stage(engine, events, stack)


async def seeing(screen: Subscriber, use: str, hall: str, colour: str) -> Seen:
    """Wait until the slot decodes pictures of this colour."""

    def check() -> Seen | None:
        seen = screen.slot(use, hall)
        return seen if seen is not None and seen.colour == colour else None

    seen: Seen = await eventually(check)
    frames = seen.frames
    await eventually(lambda: seen.frames > frames + 5)
    return seen


@pytest.mark.parametrize("core", ["native", "python"])
async def test_what_a_hall_publishes_is_decoded_by_a_screen(core: CoreName) -> None:
    async with staged(core) as on:
        await on.hall("pejuang", mic=Tone(), camera=Picture("red"))
        screen = on.screen()
        await screen.show("pejuang", audio=True)
        thumb = await seeing(screen, "thumb", "pejuang", "red")
        assert thumb.size == (160, 96)
        heard = await eventually(lambda: screen.slot("audio", "pejuang"))
        await eventually(lambda: len(heard.loudness) == 25 and heard.loudness[-1] > 0.01)
        assert on.engine.metrics()["core"] == core


async def test_slots_are_pointed_elsewhere_without_a_new_offer() -> None:
    async with staged() as on:
        for hall, colour in (("pejuang", "red"), ("jatiasih", "green"), ("jatiranggon", "blue")):
            await on.hall(hall, camera=Picture(colour))
        screen = on.screen()
        await on.engine.direct(ROOM, Direction(stage=("pejuang",)))
        await screen.show("pejuang", "jatiasih", stage=True)
        await seeing(screen, "stage", "pejuang", "red")
        await seeing(screen, "thumb", "jatiasih", "green")
        await on.engine.direct(ROOM, Direction(stage=("jatiranggon",)))
        await seeing(screen, "stage", "jatiranggon", "blue")
        await screen.show("jatiasih", "jatiranggon", stage=True)
        await seeing(screen, "thumb", "jatiranggon", "blue")
        assert len(screen.offers) == 1


async def test_hd_takes_over_on_the_stage_when_it_flows_and_the_thumbnail_when_it_stops() -> None:
    async with staged() as on:
        hd = Picture("blue", size=(320, 192))
        hd.on.clear()
        await on.hall("pejuang", camera=Picture("red"), camera_hd=hd)
        screen = on.screen()
        await on.engine.direct(ROOM, Direction(stage=("pejuang",)))
        await screen.show(stage=True)
        await seeing(screen, "stage", "pejuang", "red")
        hd.on.set()
        assert (await seeing(screen, "stage", "pejuang", "blue")).size == (320, 192)
        hd.on.clear()
        assert (await seeing(screen, "stage", "pejuang", "red")).size == (160, 96)
        assert len(screen.offers) == 1


async def test_a_blanked_hall_disappears_and_a_muted_one_falls_silent_until_it_may_again() -> None:
    async with staged() as on:
        await on.hall("pejuang", mic=Tone(), camera=Picture("red"))
        screen = on.screen()
        await screen.show("pejuang", audio=True)
        thumb = await seeing(screen, "thumb", "pejuang", "red")
        audio = await eventually(lambda: screen.slot("audio", "pejuang"))
        hidden = Direction(muted=frozenset({"pejuang"}), blanked=frozenset({"pejuang"}))
        await on.engine.direct(ROOM, hidden)
        await eventually(lambda: screen.slot("audio", "pejuang") is None)
        await asyncio.sleep(0.5)
        before = (thumb.frames, audio.frames)
        await asyncio.sleep(1)
        assert thumb.frames == before[0] and audio.frames <= before[1] + 10  # the jitter buffer's last
        await on.engine.direct(ROOM, Direction())
        await eventually(lambda: thumb.frames > before[0] + 5 and screen.slot("audio", "pejuang"))


async def test_the_three_loudest_are_heard_and_a_hall_never_hears_itself() -> None:
    volumes = {"a": 0.5, "b": 0.3, "c": 0.2, "d": 0.1, "e": 0.01}
    async with staged() as on:
        for hall, volume in volumes.items():
            await on.hall(hall, mic=Tone(volume=volume))
        screen, listener = on.screen(), on.screen("a", "a")
        await screen.show(audio=True)
        await listener.show(audio=True)

        def heard(by: Subscriber) -> set[object]:
            return {slot["hall"] for slot in by.slots.values() if slot["use"] == "audio" and slot["hall"]}

        await eventually(lambda: heard(screen) == {"a", "b", "c"})
        await eventually(lambda: heard(listener) == {"b", "c", "d"})
        await on.engine.direct(ROOM, Direction(speakers=frozenset({"e"})))
        await eventually(lambda: heard(screen) == {"a", "b", "c", "e"})
        assert len(screen.offers) == 1


async def test_a_hall_that_comes_back_is_seen_in_its_old_slot() -> None:
    async with staged() as on:
        first = await on.hall("pejuang", camera=Picture("red"))
        screen = on.screen()
        await screen.show("pejuang")
        await seeing(screen, "thumb", "pejuang", "red")
        await first.close()
        await eventually(lambda: all(slot["source"] is None for slot in screen.slots.values()))
        await on.hall("pejuang", "pejuang-again", camera=Picture("green"))
        await seeing(screen, "thumb", "pejuang", "green")
        assert len(screen.offers) == 1


async def test_of_two_connections_for_one_hall_the_newest_is_shown() -> None:
    async with staged() as on:
        await on.hall("pejuang", "old", camera=Picture("red"))
        screen = on.screen()
        await screen.show("pejuang")
        await seeing(screen, "thumb", "pejuang", "red")
        await on.hall("pejuang", "new", camera=Picture("green"))
        await seeing(screen, "thumb", "pejuang", "green")


async def test_streams_whose_ssrc_the_offer_does_not_name_are_found_by_their_mid() -> None:
    async with staged() as on:
        publisher = Publisher(on.engine, ref("pejuang"), {"mic": Tone(), "camera": Picture("red")})
        publisher.edit = lambda sdp: re.sub(r"a=ssrc[^\r]*\r\n", "", sdp)
        await publisher.start()
        screen = on.screen()
        await screen.show("pejuang", audio=True)
        await seeing(screen, "thumb", "pejuang", "red")
        await eventually(lambda: (audio := screen.slot("audio", "pejuang")) and audio.frames > 5)
        await publisher.close()


async def test_whoever_is_not_who_the_offer_said_never_publishes() -> None:
    async with staged() as on:
        publisher = Publisher(on.engine, ref("pejuang"), {"camera": Picture("red")})
        publisher.edit = lambda sdp: re.sub(r"(a=fingerprint:\S+ )..:..", r"\g<1>00:00", sdp)
        await publisher.start()
        await eventually(lambda: on.engine.metrics().get("stun_checks_total", 0) > 0)
        await eventually(lambda: on.engine.metrics()["transports"] == 0)
        await on.hall("jatiasih", camera=Picture("green"))
        screen = on.screen()
        await screen.show("pejuang", "jatiasih")
        await seeing(screen, "thumb", "jatiasih", "green")
        assert screen.slot("thumb", "pejuang") is None or not screen.seen["0"].frames
        await publisher.close()
