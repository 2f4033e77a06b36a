"""What a node does again and again for a session, whatever goes wrong once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("pleno.gateway")


async def again(every_s: float, what: str, work: Callable[[], Awaitable[None]]) -> None:
    """Until cancelled. A failure goes to the log: a duty that ended in silence would be missed when it is too late."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except Exception:
            log.exception("%s failed; it is tried again", what)
