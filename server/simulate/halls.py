"""Synthetic halls: each joins like a hall's page and publishes picture and sound over real WebRTC."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import random
import secrets
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import aioice.ice
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCBundlePolicy

from server.simulate import clips
from server.simulate.clips import Clip
from server.simulate.member import Json, Member, NoAnswer
from server.simulate.pictures import Look
from server.simulate.tracks import LoopTrack

log = logging.getLogger("pleno.simulate")

TURN_S = 12.0  # each hall in turn is the loudest this long
HAND_S = (45.0, 150.0)  # between raised hands of one lively hall
RETRY_S = (0.5, 2.0)
CONNECT_S = 12.0  # for ICE and DTLS on a busy machine
NOTES = ("Usulan jalan lingkungan", "Pertanyaan tentang anggaran", "Tanggapan hasil pembahasan", "Data warga terdampak")


class Voices:
    """Who speaks: whoever holds the floor, else one hall after the other."""

    def __init__(self, halls: Sequence[str]) -> None:
        self._halls = tuple(halls)
        self._turn = 0
        self.holder: str | None = None

    def speaks(self, hall: str) -> bool:
        if self.holder is not None:
            return hall == self.holder
        return bool(self._halls) and self._halls[self._turn % len(self._halls)] == hall

    async def take_turns(self) -> None:
        while True:
            await asyncio.sleep(TURN_S)
            self._turn += 1


class Hall:
    """One hall on its Member. What it sends is encoded while it joins, HD when it is first wanted."""

    def __init__(self, member: Member, look: Look, voices: Voices, folder: Path) -> None:
        self._member = member
        self._look = look
        self._voices = voices
        self._folder = folder
        self._clips: dict[str, Clip] = {}
        self._pc: RTCPeerConnection | None = None
        self._tracks: dict[str, LoopTrack] = {}
        self._publishing: asyncio.Task[None] | None = None
        self._making_hd: asyncio.Task[None] | None = None
        self.hall = str(member.holder["hall"])
        member.on_media = self._on_media
        member.on_live = self._publish_again
        member.on_change = self._on_change

    def encode(self, *names: str) -> None:
        """Get these clips from the cache, or make them; blocks, so call it in a thread."""
        for name in names:
            if name in clips.SOUNDS:
                self._clips[name] = clips.sound(self._look, name, self._folder)
            else:
                form = clips.CAMERA_HD if name == "camera_hd" else clips.CAMERA
                self._clips[name] = clips.video(self._look, form, self._folder)

    async def run(self) -> None:
        try:
            await self._member.run()
        finally:
            if self._publishing is not None:
                self._publishing.cancel()
            await self._drop()

    async def raise_hands(self, dice: random.Random) -> None:
        """Ask for the floor now and then; being refused (queued already, plenary not open) is part of it."""
        while True:
            await asyncio.sleep(dice.uniform(*HAND_S))
            command = {"key": secrets.token_urlsafe(12), "name": "floor.request", "data": {"note": dice.choice(NOTES)}}
            try:
                await self._member.call("command", command)
            except NoAnswer:
                continue

    def _on_change(self, kind: str, entity: str, fields: Json | None) -> None:
        if kind == "floor" and fields is not None:
            holder = fields.get("holder")
            self._voices.holder = str(holder["hall"]) if holder else None

    def _on_media(self, message: Json) -> None:
        if message["event"] == "want":
            for source, track in self._tracks.items():
                track.play(source in message["sources"])
            if "camera_hd" in message["sources"] and self._making_hd is None:
                self._making_hd = asyncio.get_running_loop().create_task(asyncio.to_thread(self.encode, "camera_hd"))
        elif message["event"] == "reset":
            self._publish_again(random.random())

    def _publish_again(self, pause_s: float = 0.0) -> None:
        if self._publishing is not None:
            self._publishing.cancel()
        self._publishing = asyncio.get_running_loop().create_task(self._publish(pause_s))

    async def _publish(self, pause_s: float) -> None:
        """Publish until it stands; a connection that fails later comes back here."""
        while True:
            await asyncio.sleep(pause_s)
            await self._drop()
            try:
                if await self._connect():
                    return
            except NoAnswer:
                if not self._member.live.is_set():
                    return  # the socket is gone; the next one publishes again
            pause_s = random.uniform(*RETRY_S)

    async def _connect(self) -> bool:
        pc = self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._tracks = {
            "mic": LoopTrack("audio", 48000, self._sound),
            "camera": LoopTrack("video", 90000, lambda: self._clips.get("camera")),
            "camera_hd": LoopTrack("video", 90000, lambda: self._clips.get("camera_hd")),
        }
        self._tracks["mic"].play(True)
        senders = {name: pc.addTransceiver(track, direction="sendonly") for name, track in self._tracks.items()}
        await pc.setLocalDescription(await pc.createOffer())
        tracks = [{"mid": each.mid, "source": name} for name, each in senders.items()]
        offer = {"method": "publish", "sdp": pc.localDescription.sdp, "tracks": tracks}
        answer = await self._member.call("media", offer)
        if not answer["ok"]:
            log.warning("%s: publishing refused (%s)", self._member.label, answer["code"])
            return False

        @pc.on("connectionstatechange")
        def changed() -> None:
            if pc is self._pc and pc.connectionState in ("failed", "closed"):
                self._publish_again(random.uniform(*RETRY_S))

        await pc.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        return await self._stands(pc)

    async def _stands(self, pc: RTCPeerConnection) -> bool:
        """Whether media flows soon: a connection that neither comes nor fails is given up."""
        deadline = asyncio.get_running_loop().time() + CONNECT_S
        while pc.connectionState not in ("connected", "failed", "closed"):
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.1)
        return bool(pc.connectionState == "connected")

    def _sound(self) -> Clip | None:
        return self._clips.get("speech" if self._voices.speaks(self.hall) else "murmur")

    async def _drop(self) -> None:
        pc, self._pc = self._pc, None
        for track in self._tracks.values():
            track.stop()
        self._tracks = {}
        if pc is not None:
            await pc.close()


async def prepare(
    http: aiohttp.ClientSession, url: str, holders: Sequence[dict[str, Any]], *, lively: bool
) -> list[Awaitable[None]]:
    """Make the halls of these passes and what they send; one endless run each, and one that keeps them company."""
    _allow_loopback(url)
    voices = Voices([str(holder["hall"]) for holder in holders])
    folder = clips.cache_folder()
    halls = []
    for place, holder in enumerate(holders):
        look = Look(str(holder["label"]).removeprefix("Aula ").strip(), place)
        halls.append(Hall(Member(http, url, holder), look, voices, folder))
    runs: list[Awaitable[None]] = [hall.run() for hall in halls]
    if lively:
        runs += [hall.raise_hands(random.Random(place)) for place, hall in enumerate(halls)]
    return [*runs, voices.take_turns(), _encode(halls)]


async def _encode(halls: Sequence[Hall]) -> None:
    """Pictures of all halls before their sounds: what is seen to be missing comes first."""
    for names in (("camera",), tuple(clips.SOUNDS)):
        for hall in halls:
            await asyncio.to_thread(hall.encode, *names)


def _allow_loopback(url: str) -> None:
    """aioice leaves 127.0.0.1 out when it gathers, and a machine without a network has nothing else."""
    host = urlsplit(url).hostname or ""
    loopback = host == "localhost" or (host[:1].isdigit() and ipaddress.ip_address(host).is_loopback)
    if loopback:
        aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
