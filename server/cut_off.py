"""A node that has lost the database while another has it: it wants no new clients, and sends its own over there."""

from __future__ import annotations

import asyncio
import logging

from server.nodes import Nodes
from signaling.gateway.app import Gateway

log = logging.getLogger(__name__)

LOOK_S = 0.5
NOTICED_S = 3.0  # fronts ask /readyz every second or two; until then they would send people back here
LEAVE_S = 8.0  # within which people go, in waves


class CutOff:
    """Runs until closed. here: whether it is so now."""

    def __init__(self, nodes: Nodes, gateway: Gateway) -> None:
        self.here = False
        self._nodes = nodes
        self._gateway = gateway
        self._leaving: asyncio.Task[None] | None = None
        self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            here = self._nodes.cut_off(self.here)
            if here != self.here:
                self.here = here
                await self._turn()
            await asyncio.sleep(LOOK_S)

    async def _turn(self) -> None:
        await self._stop()
        if self.here:
            log.error("this node alone does not reach the database: people are sent to the others")
            self._leaving = asyncio.create_task(self._leave())
        else:
            log.warning("this node takes people again")

    async def _leave(self) -> None:
        await asyncio.sleep(NOTICED_S)
        await self._gateway.send_away(LEAVE_S)

    async def _stop(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            await asyncio.gather(self._leaving, return_exceptions=True)

    async def close(self) -> None:
        """Twice is harmless."""
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)
        await self._stop()
