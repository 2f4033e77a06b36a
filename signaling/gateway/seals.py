"""Receipts are signed in a thread while their votes are on the way to the box: a signature costs a quarter of a vote.

A signature alone is no receipt: nobody sees it before the vote is durable.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from signaling.gateway.ports import Sealer
from signaling.trail import apart

COMPANY_S = 0.005  # what comes within this time shares a call; a vote takes longer to become durable
TOGETHER_MOST = 100

log = logging.getLogger("pleno.gateway")


@dataclass(slots=True, eq=False)
class Batch:
    """signatures: one a body once done is set; none where signing failed."""

    bodies: list[bytes] = field(default_factory=list)
    signatures: Sequence[str] = ()
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True, eq=False)
class Seal:
    """A signature that is being made."""

    batch: Batch
    place: int


class Seals:
    """One a gateway."""

    def __init__(self, sealer: Sealer) -> None:
        self.key_id = sealer.key_id
        self.sign = sealer.sign
        self._sealer = sealer
        self._thread = ThreadPoolExecutor(1, "receipts")
        self._batches: deque[Batch] = deque()
        self._working: asyncio.Task[None] | None = None

    def begin(self, body: bytes) -> Seal:
        """Have it signed soon."""
        if not self._batches or len(self._batches[-1].bodies) >= TOGETHER_MOST:
            self._batches.append(Batch())
        batch = self._batches[-1]
        batch.bodies.append(body)
        if self._working is None or self._working.done():
            self._working = apart(self._work())
        return Seal(batch, len(batch.bodies) - 1)

    async def signature(self, seal: Seal) -> str:
        """As Sealer.sign of the body, once it is there."""
        batch = seal.batch
        if not batch.done.is_set():
            await batch.done.wait()
        return batch.signatures[seal.place] if batch.signatures else self.sign(batch.bodies[seal.place])

    def close(self) -> None:
        """What was begun is still signed; nothing may begin afterwards."""
        self._thread.shutdown(wait=False)

    async def _work(self) -> None:
        while self._batches:
            if len(self._batches[0].bodies) < TOGETHER_MOST:
                await asyncio.sleep(COMPANY_S)
            batch = self._batches.popleft()
            try:
                loop = asyncio.get_running_loop()
                batch.signatures = await loop.run_in_executor(self._thread, self._sealer.sign_all, batch.bodies)
            except Exception as error:
                log.error("%d receipts are signed one by one: %s", len(batch.bodies), type(error).__name__)
            finally:
                batch.done.set()
