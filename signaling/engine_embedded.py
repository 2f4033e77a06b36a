"""The embedded media engine: starts the SFU worker process, watches it, and never blocks the server."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from signaling.engine import Direction, EngineError, Listener, MediaEvent
from signaling.engine_verbs import Verbs
from signaling.sfu import control
from signaling.sfu.addresses import bind, candidates
from signaling.sfu.process import WorkerProcess

BACKOFF_S = (0.0, 0.2, 1.0, 3.0)
SPARE_AFTER_S = 3.0  # a server that starts has better things to do
CALM_S = 30.0  # a worker that lived this long starts the backoff anew

CoreName = Literal["auto", "native", "python"]


class EmbeddedEngine(Verbs):
    """Implements Engine.

    announce: addresses put into candidates, each `host`, `host:port` or `[v6]:port`; empty: those of `host`.
    last_n: most thumbnails a subscriber gets. listeners: most subscribers of a room that stand for no hall; a quarter
    of the places is for those who watch: the gateway of each node lets 300 phones listen, the rest is for screens and
    moderators.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        announce: Sequence[str],
        core: CoreName,
        listener: Listener,
        log: logging.Logger,
        last_n: int = 56,
        listeners: int = 400,
    ) -> None:
        self._wanted = (host, port)
        self._announce = tuple(announce)
        self._core = core
        self._listener = listener
        self._log = log
        self._limits = ["--last-n", str(last_n), "--listeners", str(listeners)]
        self._udp: socket.socket | None = None
        self._worker: WorkerProcess | None = None
        self._spare: WorkerProcess | None = None
        self._closing = False
        self._supervisor: asyncio.Task[None] | None = None
        self._directions: dict[str, Direction] = {}
        self._restarts = 0
        self.address: tuple[str, int] = (host, port)

    @property
    def pid(self) -> int | None:
        """The worker's process, None while there is none."""
        return self._worker.pid if self._worker is not None else None

    async def start(self) -> None:
        """Bind the UDP port, start the worker. Raises OSError: the port is taken, or the worker does not come up."""
        self._udp = await bind(*self._wanted)
        host, port = self._udp.getsockname()[:2]
        self.address = (host, port)
        try:
            await self._begin()
        except BaseException:
            await self.close()
            raise
        self._supervisor = asyncio.get_running_loop().create_task(self._supervise())

    async def _warm_up(self) -> WorkerProcess:
        assert self._udp is not None
        arguments = ["--core", self._core, "--udp", str(self._udp.fileno()), *self._limits]
        for host, port in await candidates(self._announce, *self.address):
            arguments += ["--announce", f"{host},{port}"]
        return await WorkerProcess.start(arguments, self._udp.fileno(), self._listener, self._log)

    async def _begin(self) -> None:
        """Put the spare to work, or a new one where there is none. Raises OSError."""
        worker, self._spare = self._spare, None
        if worker is None or not worker.alive:
            if worker is not None:
                await worker.close()
            worker = await self._warm_up()
        try:
            await worker.begin()
        except BaseException:
            await worker.close()
            raise
        self._worker = worker

    async def _supervise(self) -> None:
        """Replace the worker whenever it ends, by a spare that has loaded everything, so that it takes no time."""
        loop = asyncio.get_running_loop()
        failures = 0
        while not self._closing:
            assert self._worker is not None
            born = loop.time()
            warming = loop.create_task(self._keep_spare())
            try:
                await self._worker.ended()
                if loop.time() - born > SPARE_AFTER_S:
                    await warming
            finally:
                warming.cancel()
                await asyncio.gather(warming, return_exceptions=True)
            worker, self._worker = self._worker, None
            failures = 1 if loop.time() - born > CALM_S else failures + 1
            await worker.close()
            while self._worker is None and not self._closing:
                await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S)) - 1])
                try:
                    await self._begin()
                    self._tell_everybody()
                except OSError as error:
                    failures += 1
                    self._log.error("media worker does not start: %s", error)

    async def _keep_spare(self) -> None:
        await asyncio.sleep(SPARE_AFTER_S)
        try:
            self._spare = await self._warm_up()
        except OSError as error:
            self._log.warning("no spare media worker: %s", error)

    def _tell_everybody(self) -> None:
        """The new worker what the rooms want of it, the clients that they have to connect again."""
        assert self._worker is not None
        self._restarts += 1
        self._log.warning("media worker restarted, process %s", self._worker.pid)
        try:
            for room, direction in self._directions.items():
                self._worker.tell({"op": "direct", "room": room, "direction": control.direction_out(direction)})
            self._listener(MediaEvent("reset", None, None, {"code": "worker_restarted"}))
        except Exception:
            self._log.exception("telling of the restart failed")

    async def _ask(self, message: dict[str, Any]) -> control.Message:
        if self._worker is None:
            raise EngineError("media_unavailable")
        return await self._worker.ask(message)

    async def direct(self, room: str, direction: Direction) -> None:
        """See Engine. Kept, and told again to a worker that was restarted."""
        self._directions[room] = direction
        await self._ask({"op": "direct", "room": room, "direction": control.direction_out(direction)})

    def metrics(self) -> Mapping[str, float | str]:
        """The worker's last report with our own counters; `up` is 0 while there is no worker."""
        worker = self._worker
        counters = worker.metrics if worker is not None else {}
        return {**counters, "up": int(worker is not None), "restarts": self._restarts}

    async def close(self) -> None:
        """Stop the worker and free the port. Twice is harmless."""
        supervisor, self._supervisor = self._supervisor, None
        self._closing = True  # wait_for loses a cancellation that meets its result
        if supervisor is not None:
            supervisor.cancel()
            await asyncio.gather(supervisor, return_exceptions=True)
        workers = [each for each in (self._worker, self._spare) if each is not None]
        self._worker = self._spare = None
        await asyncio.gather(*(each.close() for each in workers))
        if self._udp is not None:
            self._udp.close()
            self._udp = None
