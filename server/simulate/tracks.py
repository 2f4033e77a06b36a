"""Tracks that hand stock aiortc packets encoded beforehand: nothing is encoded or decoded while halls run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from server.simulate.clips import Clip


class LoopTrack(MediaStreamTrack):
    """Plays a clip over and over at its own pace. A pause ends at a key frame; timestamps go on meanwhile."""

    def __init__(self, kind: str, clock_rate: int, clip: Callable[[], Clip | None]) -> None:
        super().__init__()
        self.kind = kind
        self._clock_rate = clock_rate
        self._clip = clip
        self._playing = asyncio.Event()
        self._started: float | None = None
        self._step = 0  # packets since the start, pauses included
        self._at = 0  # place in the clip
        self._last: Clip | None = None

    def play(self, playing: bool) -> None:
        """Pause or go on; going on starts at the clip's first picture."""
        if playing and not self._playing.is_set():
            self._at = 0
            self._playing.set()
        elif not playing:
            self._playing.clear()

    async def recv(self) -> av.Packet[Any]:
        """The next packet when its time has come. Raises MediaStreamError after stop."""
        await self._playing.wait()
        clip = self._clip()
        while clip is None:  # still being encoded, the first time on this machine
            await asyncio.sleep(0.2)
            clip = self._clip()
        if self.readyState != "live":
            raise MediaStreamError
        if clip is not self._last:
            self._last, self._at = clip, 0
        loop = asyncio.get_running_loop()
        if self._started is None:
            self._started = loop.time()
        due = int((loop.time() - self._started) / clip.step_s)
        self._step = max(self._step + 1, due)  # after a pause or a late wake-up: no burst to catch up
        await asyncio.sleep(max(0.0, self._started + self._step * clip.step_s - loop.time()))
        packet: av.Packet[Any] = av.Packet(clip.packets[self._at % len(clip.packets)])
        self._at += 1
        packet.pts = round(self._step * clip.step_s * self._clock_rate)
        packet.time_base = Fraction(1, self._clock_rate)
        return packet

    def stop(self) -> None:
        super().stop()
        self._playing.set()  # lets a waiting recv see that it is over
