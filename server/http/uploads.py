"""Large bodies: few in memory at once, each within its time, and not without end from one pass."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from server.http.bodies import PACE, Pace, received
from sessions.errors import ProtocolError, Refused
from sessions.permissions import Actor
from signaling.gateway.rates import Allowance

Sender = tuple[str, str]  # session and pass
MB = 1024 * 1024
SHARE = 4


class Gate:
    """at_once: bodies in memory. a_pass: of these, from one pass. wait_s: how long one stands outside before `busy`."""

    def __init__(self, at_once: int, a_pass: int = 2, wait_s: float = 10.0, pace: Pace = PACE) -> None:
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


class Uploads:
    """allowance: thirty at once, then one in ten seconds; forty proposals with three photos each take a quarter hour.

    decks, files: what may lie in memory of each, up to 80 and 64 MB. slides_mb: what the slides of one session may take
    in the store; a quarter of it is what one pass may add in an hour, so that one hall cannot take it all.
    """

    def __init__(self, slides_mb: int = 2048) -> None:
        self.slides_mb = slides_mb
        of_a_pass = slides_mb * MB // SHARE
        self._slides: Allowance[Sender] = Allowance(time.monotonic, burst=of_a_pass, every_s=3600.0 / of_a_pass)
        self.allowance: Allowance[Sender] = Allowance(time.monotonic, burst=30, every_s=10.0)
        self.decks = Gate(4)
        self.files = Gate(8)

    def spend(self, actor: Actor) -> None:
        """One more upload of this pass. Raises Refused("too_many_uploads", retry_after_ms=…)."""
        if (wait_s := self.allowance.wait_s((actor.session, actor.pass_id))) > 0:
            raise Refused("too_many_uploads", retry_after_ms=int(wait_s * 1000) + 1)

    def require_room(self, stored: int, more: int = 1) -> None:
        """stored, more: bytes of slides of a session, there and to come. Raises Refused("slides_full", most=…), MB."""
        if stored + more > self.slides_mb * MB:
            raise Refused("slides_full", most=self.slides_mb)

    def spend_slides(self, actor: Actor, size: int) -> None:
        """So many more bytes of slides of this pass. Raises Refused("slides_full", most=…), MB of an hour."""
        if self._slides.wait_s((actor.session, actor.pass_id), size) > 0:
            raise Refused("slides_full", most=self.slides_mb // SHARE)
