"""What every transport of one worker shares: the packet core, the mux, the certificate, the clocks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from signaling.engine import MediaEvent
from signaling.sfu.core_api import Core, Datagram, Rtcp, UnknownSsrc
from signaling.sfu.dtls import Certificate
from signaling.sfu.mux import Mux
from signaling.sfu.transport import Transport

log = logging.getLogger("pleno.sfu")


@dataclass(slots=True)
class Plane:
    """candidates: (address, port) to announce. clock: monotonic, wall: Unix seconds. emit: towards the gateway."""

    core: Core
    mux: Mux
    certificate: Certificate
    candidates: Sequence[tuple[str, int]]
    clock: Callable[[], float]
    wall: Callable[[], float]
    emit: Callable[[MediaEvent], None]
    last_n: int
    listeners: int
    transports: set[Transport] = field(default_factory=set)
    by_handle: dict[int, Transport] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def pump(self) -> None:
        """The socket is readable: forward what is media, hand on the rest. A fault concerns one upcall only."""
        for upcall in self.core.pump():
            try:
                match upcall:
                    case Datagram(host, port, data):
                        self.mux.receive(host, port, data)
                    case Rtcp(peer, data):
                        if (transport := self.by_handle.get(peer)) is not None:
                            transport.owner.on_rtcp(data)
                    case UnknownSsrc(peer, data):
                        if (transport := self.by_handle.get(peer)) is not None:
                            transport.owner.on_unknown(data)
            except Exception:
                log.exception("upcall failed")

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something to its end, keeping hold of it; its failure is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("task failed", exc_info=fault)

    async def close(self) -> None:
        for transport in list(self.transports):
            transport.close()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self.core.close()
