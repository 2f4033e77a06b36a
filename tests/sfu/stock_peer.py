"""Clients nobody here wrote: stock aiortc connections that publish a colour and a tone, or watch and listen."""

from __future__ import annotations

import array
import asyncio
import fractions
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence

import aioice.ice
import av
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcconfiguration import RTCBundlePolicy

from signaling.engine import MediaEvent, PeerRef, Shown, Source
from signaling.engine_embedded import EmbeddedEngine
from tests.sfu.engine import Events

# aioice leaves loopback out when it gathers; these tests stay on it
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]

# Y, U, V
COLOURS = {"red": (81, 90, 240), "green": (145, 54, 34), "blue": (41, 240, 110), "grey": (128, 128, 128)}


class Picture(MediaStreamTrack):
    """One colour, so that a receiver can tell whose picture it decodes. Paused while `on` is clear."""

    kind = "video"

    def __init__(self, colour: str, size: tuple[int, int] = (160, 96), fps: int = 15) -> None:
        super().__init__()
        self.on = asyncio.Event()
        self.on.set()
        self._fps = fps
        self._started: float | None = None
        self._colour, self._size = COLOURS[colour], size

    async def recv(self) -> av.VideoFrame:
        if self.readyState != "live":
            raise MediaStreamError
        await self.on.wait()
        loop = asyncio.get_running_loop()
        self._started = self._started or loop.time()
        count = math.floor((loop.time() - self._started) * self._fps) + 1
        await asyncio.sleep(max(0.0, self._started + count / self._fps - loop.time()))
        frame = av.VideoFrame(*self._size, "yuv420p")
        for plane, value in zip(frame.planes, self._colour, strict=True):
            plane.update(bytes([count * 16 % 256]) * 8 + bytes([value]) * (plane.buffer_size - 8))  # a corner moves
        frame.pts, frame.time_base = count * 90000 // self._fps, fractions.Fraction(1, 90000)
        return frame


class Tone(MediaStreamTrack):
    """A sine; `volume` 0–1 can be changed while it runs."""

    kind = "audio"

    def __init__(self, hertz: float = 440, volume: float = 0.3) -> None:
        super().__init__()
        self.volume = volume
        self._hertz = hertz
        self._sent = 0
        self._started: float | None = None

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        loop = asyncio.get_running_loop()
        self._started = self._started or loop.time()
        await asyncio.sleep(max(0.0, self._started + self._sent / 48000 - loop.time()))
        turn = 2 * math.pi * self._hertz / 48000
        loudest = self.volume * 32767
        wave = array.array("h", (int(math.sin(turn * (self._sent + at)) * loudest) for at in range(960)))
        frame = av.AudioFrame("s16", "mono", 960)
        frame.planes[0].update(wave.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = 48000, self._sent, fractions.Fraction(1, 48000)
        self._sent += 960
        return frame


def connection() -> RTCPeerConnection:
    return RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))


class Publisher:
    """Sends tracks: source → track."""

    def __init__(self, engine: EmbeddedEngine, peer: PeerRef, tracks: Mapping[Source, MediaStreamTrack]) -> None:
        self.engine, self.peer, self.tracks = engine, peer, tracks
        self.pc = connection()
        self.answer = ""
        self.edit: Callable[[str], str] = lambda sdp: sdp  # of the offer on its way

    async def start(self) -> None:
        mids: dict[str, Source] = {}
        transceivers = {
            source: self.pc.addTransceiver(track, direction="sendonly") for source, track in self.tracks.items()
        }
        await self.pc.setLocalDescription(await self.pc.createOffer())
        mids = {each.mid: source for source, each in transceivers.items()}
        self.answer = await self.engine.publish(self.peer, self.edit(self.pc.localDescription.sdp), mids)
        await self.pc.setRemoteDescription(RTCSessionDescription(self.answer, "answer"))

    async def close(self) -> None:
        for track in self.tracks.values():
            track.stop()
        await self.pc.close()


class Seen:
    """What one m-line of a subscriber decoded."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.frames = 0
        self.size = (0, 0)
        self.colour = ""
        self.loudness: deque[float] = deque(maxlen=25)

    def take(self, frame: av.VideoFrame | av.AudioFrame) -> None:
        self.frames += 1
        if isinstance(frame, av.VideoFrame):
            self.size = (frame.width, frame.height)
            middle = [bytes(plane)[plane.line_size * (plane.height // 2) + plane.width // 2] for plane in frame.planes]
            self.colour = min(COLOURS, key=lambda name: _distance(middle, COLOURS[name]))
        else:
            wave = array.array("h", bytes(frame.planes[0]))
            self.loudness.append(sum(map(abs, wave)) / len(wave) / 32768)


def _distance(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


class Subscriber:
    """Answers every offer and decodes every m-line."""

    def __init__(self, engine: EmbeddedEngine, events: Events, peer: PeerRef) -> None:
        self.engine, self.events, self.peer = engine, events, peer
        self.pc = connection()
        self.seen: dict[str, Seen] = {}
        self.offers: list[str] = []
        self.slots: Mapping[str, Mapping[str, object]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._queue: asyncio.Queue[MediaEvent] = asyncio.Queue()
        self.pc.on("track", self._on_track)
        events.listen(peer.peer, self._on_event)
        self._tasks.append(asyncio.create_task(self._negotiate()))

    async def show(self, *halls: str, stage: bool = False, audio: bool = False, restart: bool = False) -> None:
        await self.engine.show(self.peer, Shown(halls, stage, audio, restart))

    def _on_event(self, event: MediaEvent) -> None:
        if event.kind in ("offer", "slots"):
            self.slots = event.data["slots"]
        if event.kind == "offer":
            self._queue.put_nowait(event)

    async def _negotiate(self) -> None:
        while True:
            event = await self._queue.get()
            self.offers.append(event.data["sdp"])
            await self.pc.setRemoteDescription(RTCSessionDescription(event.data["sdp"], "offer"))
            await self.pc.setLocalDescription(await self.pc.createAnswer())
            await self.engine.answer(self.peer, event.data["generation"], self.pc.localDescription.sdp)

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.create_task(self._decode(track)))

    async def _decode(self, track: MediaStreamTrack) -> None:
        mid = next(each.mid for each in self.pc.getTransceivers() if each.receiver.track is track)
        seen = self.seen[mid] = Seen(track.kind)
        while True:
            try:
                seen.take(await track.recv())
            except MediaStreamError:
                return

    def slot(self, use: str, hall: str | None = None) -> Seen | None:
        """What the (first) slot of this use, carrying this hall, decoded."""
        for mid, slot in self.slots.items():
            if slot["use"] == use and (hall is None or slot["hall"] == hall):
                return self.seen.get(mid)
        return None

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.pc.close()
