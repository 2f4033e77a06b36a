"""What a node does between the word to stop and its end: lets nobody in, and gives people time to move."""

from __future__ import annotations

import asyncio
import logging

from server.app import Running

log = logging.getLogger(__name__)

NOTICED_S = 2.0  # fronts ask /readyz every second or two; until then they would send people back here


async def leave(server: Running, hurry: asyncio.Event) -> None:
    """Takes settings.drain_s at most, less when everybody has gone, nothing once hurry is set.

    Without another node there is nowhere to move to: the sooner this one has stopped, the sooner the next one starts.
    """
    services = server.services
    services.condition.draining = True
    seconds = float(services.settings.drain_s)
    if services.nodes is None or not services.nodes.company or not seconds:
        log.info("stopping")
        return
    log.info("stopping; people have %d s to move to another node", seconds)
    moving = asyncio.ensure_future(moved(server, seconds))
    hurried = asyncio.ensure_future(hurry.wait())
    await asyncio.wait([moving, hurried], return_when=asyncio.FIRST_COMPLETED)
    for task in (moving, hurried):
        task.cancel()
    await asyncio.gather(moving, hurried, return_exceptions=True)


async def moved(server: Running, seconds: float) -> None:
    gateway = server.services.gateway
    gateway.let_nobody_in()
    noticed_s = min(NOTICED_S, seconds / 4)
    if gateway.connected:
        await asyncio.sleep(noticed_s)
    if server.services.media_nodes is not None:
        await server.services.media_nodes.hand_over()
    await gateway.drain(seconds - noticed_s)
