"""Tracks that loop packets at their own pace."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from aiortc.mediastreams import MediaStreamError

from server.simulate.clips import Clip
from server.simulate.tracks import LoopTrack

CLIP = Clip((b"key", b"one", b"two"), (True, False, False), 0.02)


def track(clip: Clip | None = CLIP) -> LoopTrack:
    return LoopTrack("video", 90000, lambda: clip)


async def test_packets_come_in_order_over_and_over_one_step_apart() -> None:
    looped = track()
    looped.play(True)
    packets = [await looped.recv() for _ in range(7)]
    assert [bytes(packet) for packet in packets] == [b"key", b"one", b"two"] * 2 + [b"key"]
    steps = [later.pts - earlier.pts for earlier, later in itertools.pairwise(packets)]
    assert all(step >= 1800 and step % 1800 == 0 for step in steps)


async def test_a_pause_ends_at_the_key_frame_with_timestamps_that_went_on() -> None:
    looped = track()
    looped.play(True)
    await looped.recv()
    before = await looped.recv()
    looped.play(False)
    waiting = asyncio.ensure_future(looped.recv())
    await asyncio.sleep(0.3)
    assert not waiting.done()
    looped.play(True)
    after = await asyncio.wait_for(waiting, 1)
    assert bytes(after) == b"key"
    assert after.pts - before.pts >= 0.28 * 90000


async def test_a_late_receiver_gets_no_burst() -> None:
    looped = track()
    looped.play(True)
    first = await looped.recv()
    await asyncio.sleep(0.2)
    second, third = await looped.recv(), await looped.recv()
    assert second.pts - first.pts >= 0.18 * 90000
    assert third.pts - second.pts == 1800


async def test_a_stopped_track_lets_its_receiver_go() -> None:
    looped = track()
    waiting = asyncio.ensure_future(looped.recv())
    await asyncio.sleep(0.01)
    looped.stop()
    with pytest.raises(MediaStreamError):
        await asyncio.wait_for(waiting, 1)


async def test_a_track_waits_for_a_clip_that_is_still_being_made() -> None:
    clips: list[Clip] = []
    looped = LoopTrack("audio", 48000, lambda: clips[0] if clips else None)
    looped.play(True)
    waiting = asyncio.ensure_future(looped.recv())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    clips.append(CLIP)
    assert bytes(await asyncio.wait_for(waiting, 1)) == b"key"


async def test_another_clip_begins_at_its_beginning() -> None:
    current = [CLIP]
    looped = LoopTrack("audio", 48000, lambda: current[0])
    looped.play(True)
    await looped.recv()
    current[0] = Clip((b"other", b"more"), (True, True), 0.02)
    assert bytes(await looped.recv()) == b"other"
