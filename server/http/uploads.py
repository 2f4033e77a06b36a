"""Large bodies: few in memory at once, each within its time, and not without end from one pass."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from sessions.errors import ProtocolError, Refused
from sessions.permissions import Actor
from signaling.gateway.rates import Allowance

CHUNK = 1 << 16
Sender = tuple[str, str]  # session and pass


@dataclass(frozen=True, slots=True)
class Pace:
    """What one body is given: grace_s, then as long as it comes with least_rate bytes a second, never beyond most_s.

    A village's line of 1 Mbit/s takes 160 s for the largest deck; who sends a byte now and then is not waited for.
    """

    grace_s: float = 15.0
    least_rate: float = 32_000.0
    most_s: float = 600.0


class Gate:
    """at_once: bodies in memory. a_pass: of these, from one pass. wait_s: how long one stands outside before `busy`."""

    def __init__(self, at_once: int, a_pass: int = 2, wait_s: float = 10.0, pace: Pace = Pace()) -> None:
        self.pace = pace
        self._places = asyncio.Semaphore(at_once)
        self._a_pass = a_pass
        self._wait_s = wait_s
        self._inside: Counter[Sender] = Counter()

    @asynccontextmanager
    async def body(self, request: web.Request, actor: Actor, most: int) -> AsyncIterator[bytes]:
        """The whole body; its place is kept until the caller is done with it.

        Raises Refused: busy, too_slow. ProtocolError: too_large.
        """
        if (request.content_length or 0) > most:
            raise ProtocolError("too_large", limit=most)
        sender = (actor.session, actor.pass_id)
        if self._inside[sender] >= self._a_pass:
            raise Refused("busy")
        self._inside[sender] += 1
        try:
            await self._enter()
            try:
                yield await received(request, most, self.pace)
            finally:
                self._places.release()
        finally:
            self._inside[sender] -= 1
            if not self._inside[sender]:
                del self._inside[sender]

    async def _enter(self) -> None:
        try:
            async with asyncio.timeout(self._wait_s):
                await self._places.acquire()
        except TimeoutError:
            raise Refused("busy") from None


async def received(request: web.Request, most: int, pace: Pace) -> bytes:
    """Raises Refused("too_slow"), ProtocolError("too_large")."""
    began, body = asyncio.get_running_loop().time(), bytearray()
    try:
        async with asyncio.timeout_at(began + pace.grace_s) as limit:
            while chunk := await request.content.read(CHUNK):
                body += chunk
                if len(body) > most:
                    raise ProtocolError("too_large", limit=most)
                limit.reschedule(began + min(pace.most_s, pace.grace_s + len(body) / pace.least_rate))
    except TimeoutError:
        raise Refused("too_slow") from None
    except ConnectionError:
        raise web.HTTPBadRequest from None  # nobody is left to read it
    return bytes(body)


class Uploads:
    """allowance: thirty at once, then one in ten seconds; forty proposals with three photos each take a quarter hour.

    decks, files: what may lie in memory of each, up to 80 and 64 MB.
    """

    def __init__(self) -> None:
        self.allowance: Allowance[Sender] = Allowance(time.monotonic, burst=30, every_s=10.0)
        self.decks = Gate(4)
        self.files = Gate(8)

    def spend(self, actor: Actor) -> None:
        """One more upload of this pass. Raises Refused("too_many_uploads", retry_after_ms=…)."""
        if (wait_s := self.allowance.wait_s((actor.session, actor.pass_id))) > 0:
            raise Refused("too_many_uploads", retry_after_ms=int(wait_s * 1000) + 1)
