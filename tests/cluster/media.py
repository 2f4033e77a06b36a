"""Picture and sound between two nodes, through the front and the relay, and after the node that carries them died."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aioice import stun

from bench.votes import SESSION
from server.simulate.member import Member
from signaling.engine import MediaEvent, PeerRef, Shown, Source
from signaling.gateway.ports import RelayAccess
from tests.cluster.conftest import Town
from tests.cluster.guests import TRUSTING, figures
from tests.deploy import relay as relays
from tests.sfu.engine import Events, eventually
from tests.sfu.stock_peer import Picture, Publisher, Seen, Subscriber, Tone

PATIENCE_S = 60.0


class Caller:
    """A pass holder who comes back as `pleno simulate` does; signaling.engine.Engine for connections of WebRTC."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.peer = PeerRef(SESSION, member.label, None)
        self.events = Events()
        member.on_media = self._heard

    def _heard(self, data: Any) -> None:
        peer = None if data["event"] == "reset" else self.peer.peer
        self.events(MediaEvent(data["event"], SESSION, peer, data))

    async def ask(self, method: str, **data: Any) -> Mapping[str, Any]:
        answer = await self.member.call("media", {"method": method, **data})
        assert answer["ok"], answer
        return answer

    async def publish(self, peer: PeerRef, sdp: str, tracks: Mapping[str, Source]) -> str:
        wanted = [{"mid": mid, "source": source} for mid, source in tracks.items()]
        return str((await self.ask("publish", sdp=sdp, tracks=wanted))["sdp"])

    async def show(self, peer: PeerRef, shown: Shown) -> None:
        await self.ask("show", halls=list(shown.halls), stage=shown.stage, audio=shown.audio)

    async def answer(self, peer: PeerRef, generation: int, sdp: str) -> None:
        await self.ask("answer", generation=generation, sdp=sdp)


class Meeting:
    """Callers and their connections; closed at the end."""

    def __init__(self, town: Town, http: aiohttp.ClientSession, stack: AsyncExitStack) -> None:
        self._town = town
        self._http = http
        self._stack = stack

    async def join(self, card: str, url: str) -> Caller:
        token = self._town.scene.tokens[card]
        caller = Caller(Member(self._http, url, {"label": card, "token": token}))
        staying = asyncio.create_task(caller.member.run())
        self._stack.push_async_callback(ended, staying)
        await asyncio.wait_for(caller.member.live.wait(), PATIENCE_S)
        return caller

    async def publish(self, hall: Caller, colour: str) -> None:
        publisher = Publisher(hall, hall.peer, {"mic": Tone(), "camera": Picture(colour)})
        self._stack.push_async_callback(publisher.close)
        await publisher.start()

    async def watch(self, screen: Caller, hall: str) -> Subscriber:
        subscriber = Subscriber(screen, screen.events, screen.peer)
        self._stack.push_async_callback(subscriber.close)
        await subscriber.show(hall, audio=True)
        return subscriber


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def meeting(town: Town) -> AsyncIterator[Meeting]:
    connector = aiohttp.TCPConnector(ssl=TRUSTING)
    async with aiohttp.ClientSession(connector=connector) as http, AsyncExitStack() as stack:
        yield Meeting(town, http, stack)


async def seeing(screen: Subscriber, hall: str, colour: str) -> Seen:
    """Wait until pictures of this colour go on coming."""

    def check() -> Seen | None:
        seen = screen.slot("thumb", hall)
        return seen if seen is not None and seen.colour == colour else None

    seen: Seen = await eventually(check, PATIENCE_S)
    frames = seen.frames
    await eventually(lambda: seen.frames > frames + 5, PATIENCE_S)
    return seen


async def node_of_the_only_one(town: Town) -> str:
    """Where the front led whoever is there, before anybody else is."""

    async def found() -> list[str]:
        counted = [(await figures(town.cluster.node_url(node)))["gateway_people"] for node in town.cluster.nodes]
        return [node for node, people in zip(town.cluster.nodes, counted, strict=True) if people == 1]

    async with asyncio.timeout(PATIENCE_S):
        while not (nodes := await found()):  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.1)
    (node,) = nodes
    return node


async def host_killed(town: Town) -> None:
    """The hall comes through the front. Who watches from the other node is the first, so that one carries the media."""
    hall_id, cluster = town.scene.halls[0], town.cluster
    async with meeting(town) as here:
        hall = await here.join(f"hall-{hall_id}", town.front)
        near = await node_of_the_only_one(town)
        (host,) = set(cluster.nodes) - {near}
        watcher = await here.watch(await here.join("wall", cluster.node_url(host)), hall_id)
        await here.publish(hall, "red")
        await seeing(watcher, hall_id, "red")
        heard: Seen = await eventually(lambda: watcher.slot("audio", hall_id), PATIENCE_S)
        await eventually(lambda: len(heard.loudness) == 25 and heard.loudness[-1] > 0.01, PATIENCE_S)
        screen = await here.join("vice", cluster.node_url(near))
        await seeing(await here.watch(screen, hall_id), hall_id, "red")
        told = [await figures(town.cluster.node_url(node)) for node in (near, host)]
        assert [one["media_rooms_elsewhere"] for one in told] == [1, 0]
        assert [one["media_transports"] for one in told] == [0, 3]
        begun = time.perf_counter()
        cluster.kill(host, hold=True)
        for caller in (hall, screen):
            await caller.events.wait("reset", None, lambda data: data["code"] == "media_moved", PATIENCE_S)
        reset_s = time.perf_counter() - begun
        await here.publish(hall, "green")
        await seeing(await here.watch(screen, hall_id), hall_id, "green")
        back_s = time.perf_counter() - begun
        print(f"host of the media killed: people told after {reset_s:.1f} s, a picture again after {back_s:.1f} s")
        await asyncio.to_thread(cluster.start_part, host)


async def relay_of(town: Town, card: str) -> tuple[relays.Relay, RelayAccess]:
    """What people are told of it by the node that the front leads them to."""
    async with meeting(town) as here:
        (told,) = (await (await here.join(card, town.front)).ask("relays"))["relays"]
    plan = town.cluster.plan
    ports = plan.port("relay"), plan.port("relay_tls")
    assert told["urls"] == [
        f"turn:{plan.relay_name}:{ports[0]}?transport=udp",
        f"turn:{plan.relay_name}:{ports[0]}?transport=tcp",
        f"turns:{plan.relay_name}:{ports[1]}?transport=tcp",
    ]
    relay = relays.Relay(town.cluster.folder / "relay", plan.announce, *ports, process=None)
    return relay, RelayAccess(told["urls"], told["username"], told["credential"], 0)


async def relay_confined(town: Town) -> None:
    """The credentials that people are given open the relay, to the media workers' address and to no other."""
    relay, access = await relay_of(town, f"hall-{town.scene.halls[0]}")
    (root,) = town.cluster.folder.glob("front/caddy/pki/authorities/local/root.crt")
    trusting = ssl.create_default_context(cafile=root)
    trusting.check_hostname = False  # aioice names the address; the certificate names the relay
    async with relays.echoing(relay.host) as port:
        at, peer = (relay.host, relay.tls_port), (relay.host, port)
        assert await relays.said_through(access, at, peer, b"media", ssl=trusting, transport="tcp") == b"back: media"
    async with relays.client(relay, access.username, access.credential) as hall:
        await hall.allocate()
        await hall.bind(relay.host, 8080)
        for address in relays.FORBIDDEN:
            with pytest.raises(stun.TransactionFailed) as refused:
                await hall.bind(address, 8080)
            assert refused.value.response.error_code == 403, address
    async with relays.client(relay, access.username, f"{access.credential}x") as stranger:
        with pytest.raises(stun.TransactionFailed) as refused:
            await stranger.allocate()
        assert refused.value.response.error_code == 401
