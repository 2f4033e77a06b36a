"""A seeded, lossy UDP relay: announced as the server's candidate, it stands between peers and the worker."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Address = tuple[str, int]


class Relay:
    """up, down: share of media datagrams lost towards the server and towards the peers; STUN and DTLS always pass."""

    def __init__(self, seed: int = 1) -> None:
        self.up = 0.0
        self.down = 0.0
        self.delay_s = 0.0
        self.target: Address = ("127.0.0.1", 9)
        self.lost_up = 0
        self.lost_down = 0
        self.port = 0
        self._dice = random.Random(seed)
        self._front: asyncio.DatagramTransport | None = None
        self._backs: dict[Address, asyncio.DatagramTransport] = {}
        self._closed = False

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._front, _ = await loop.create_datagram_endpoint(
            lambda: _Side(lambda data, peer: loop.create_task(self._from_peer(data, peer))), ("127.0.0.1", 0)
        )
        self.port = self._front.get_extra_info("sockname")[1]

    async def _from_peer(self, data: bytes, peer: Address) -> None:
        if self._lost(data, self.up):
            self.lost_up += 1
            return
        if peer not in self._backs:
            loop = asyncio.get_running_loop()
            back, _ = await loop.create_datagram_endpoint(
                lambda: _Side(lambda data, server: self._from_server(data, peer)), remote_addr=self.target
            )
            if self._closed or self._backs.setdefault(peer, back) is not back:
                back.close()  # another datagram of this peer was faster, or nobody needs it any more
        if not self._closed:
            self._later(self._backs[peer].sendto, data)

    def _from_server(self, data: bytes, peer: Address) -> None:
        if self._lost(data, self.down):
            self.lost_down += 1
        elif self._front is not None:
            self._later(self._front.sendto, data, peer)

    def _later(self, send: object, *arguments: object) -> None:
        assert callable(send)
        if self.delay_s:
            asyncio.get_running_loop().call_later(self.delay_s, send, *arguments)
        else:
            send(*arguments)

    def _lost(self, data: bytes, share: float) -> bool:
        return data[0] >= 128 and self._dice.random() < share

    async def close(self) -> None:
        self._closed = True
        for transport in [self._front, *self._backs.values()]:
            if transport is not None:
                transport.close()
        await asyncio.sleep(0)  # a transport lets go of its socket in the loop's next turn


class _Side(asyncio.DatagramProtocol):
    def __init__(self, take: object) -> None:
        self._take = take

    def datagram_received(self, data: bytes, addr: Address) -> None:
        assert callable(self._take)
        self._take(data, addr)

    def error_received(self, exc: Exception) -> None:
        pass  # the server was killed; its port answers again soon


@asynccontextmanager
async def relaying(seed: int = 1) -> AsyncIterator[Relay]:
    relay = Relay(seed)
    await relay.open()
    try:
        yield relay
    finally:
        await relay.close()
