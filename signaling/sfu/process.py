"""The server's end of one media worker process: spawn, speak, watch, end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from signaling.engine import EngineError, Listener
from signaling.sfu import control

REQUEST_S = 3.0
READY_S = 60.0  # it loads in about a second; a machine at its limit may take tens
SIGN_OF_LIFE_S = 10.0  # the worker reports every second; a machine at its limit may hold it up for several
UNSENT = 4 << 20  # octets the worker may leave unread before it counts as unavailable
HERE = Path(__file__).resolve().parents[2]  # where `-m signaling` is found


class WorkerProcess:
    """One life of the worker process."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        listener: Listener,
        log: logging.Logger,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.pid = process.pid
        self.metrics: dict[str, float | str] = {}
        self._process = process
        self._reader, self._writer = reader, writer
        self._listener = listener
        self._log = log
        self._pending: dict[int, asyncio.Future[control.Message]] = {}
        self._last_id = 0
        self._heard = loop.time()
        self._warm: asyncio.Future[str] = loop.create_future()
        self._ready: asyncio.Future[str] = loop.create_future()
        self._reading = loop.create_task(self._read())
        self._tasks = [self._reading, loop.create_task(self._copy_log())]

    @classmethod
    async def start(cls, arguments: Sequence[str], udp: int, listener: Listener, log: logging.Logger) -> WorkerProcess:
        """Spawn one that has loaded everything and waits for `begin`. Raises OSError."""
        ours, theirs = socket.socketpair()
        writer: asyncio.StreamWriter | None = None
        try:
            reader, writer = await asyncio.open_connection(sock=ours, limit=control.MAX_LINE)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "signaling.sfu.worker", "--control", str(theirs.fileno()), *arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=(theirs.fileno(), udp),
                cwd=HERE,
            )
        except BaseException:
            (ours if writer is None else writer).close()
            raise
        finally:
            theirs.close()
        worker = cls(process, reader, writer, listener, log)
        try:
            await worker._until(worker._warm)
        except BaseException:
            await worker.close()
            raise
        return worker

    async def begin(self) -> None:
        """Let it serve the media port. Raises OSError."""
        self._writer.write(control.encode({"op": "begin"}))
        core = await self._until(self._ready)
        self._tasks.append(asyncio.get_running_loop().create_task(self._watch()))
        self._log.info("media worker %s runs the %s core", self.pid, core)

    async def _until(self, said: asyncio.Future[str]) -> str:
        try:
            return await asyncio.wait_for(asyncio.shield(said), READY_S)
        except (TimeoutError, ConnectionError) as error:
            raise OSError(f"the media worker did not come up: {error or 'timed out'}") from None

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._reading.done()

    async def ask(self, message: dict[str, Any]) -> control.Message:
        """Send a command and wait for its answer, three seconds at most. Raises EngineError."""
        future: asyncio.Future[control.Message] = asyncio.get_running_loop().create_future()
        number = self.tell(message)
        self._pending[number] = future
        try:
            reply = await asyncio.wait_for(future, REQUEST_S)
        except (TimeoutError, ConnectionError):
            raise EngineError("media_unavailable") from None
        finally:
            self._pending.pop(number, None)
        if "error" in reply:
            raise control.error_in(reply)
        return reply

    def tell(self, message: dict[str, Any]) -> int:
        """Send a command; returns its number. Raises EngineError when the worker does not read."""
        if self._writer.transport.is_closing() or self._writer.transport.get_write_buffer_size() > UNSENT:
            raise EngineError("media_unavailable")
        self._last_id += 1
        self._writer.write(control.encode({**message, "id": self._last_id}))
        return self._last_id

    async def _read(self) -> None:
        try:
            while (line := await self._reader.readline()).endswith(b"\n"):
                self._take(control.decode(line))
        except ConnectionError:
            pass  # it was killed
        except ValueError as error:
            self._log.error("media worker speaks nonsense: %s", error)
        gone = ConnectionError("it ended")
        waiting: list[asyncio.Future[Any]] = [self._warm, self._ready, *self._pending.values()]
        for future in waiting:
            if not future.done():
                future.set_exception(gone)
                future.exception()  # seen, even where nobody waits

    def _take(self, message: control.Message) -> None:
        self._heard = asyncio.get_running_loop().time()
        if "event" in message:
            try:
                self._listener(control.event_in(message))
            except Exception:
                self._log.exception("media listener failed")
        elif "metrics" in message:
            self.metrics = message["metrics"]
        elif "ready" in message:
            self._ready.set_result(message["ready"])
        elif "warm" in message:
            self._warm.set_result("")
        elif (future := self._pending.get(message["id"])) is not None and not future.done():
            future.set_result(message)

    async def _watch(self) -> None:
        """Kill a worker that gives no sign of life."""
        loop = asyncio.get_running_loop()
        self._heard = loop.time()
        while (left := self._heard + SIGN_OF_LIFE_S - loop.time()) > 0:  # noqa: ASYNC110 — a deadline that moves
            await asyncio.sleep(left)
        self._log.error("media worker %s hangs; ending it", self.pid)
        self._kill()

    async def _copy_log(self) -> None:
        assert self._process.stderr is not None
        with contextlib.suppress(ValueError):  # a line beyond 64 KiB
            while line := await self._process.stderr.readline():
                level, _, text = line.decode("utf-8", "replace").rstrip().partition(" ")
                number = logging.getLevelNamesMapping().get(level)
                self._log.log(number or logging.ERROR, "media worker: %s", text if number else f"{level} {text}")

    async def ended(self) -> None:
        """Until the process has ended or stopped speaking."""
        dying = asyncio.ensure_future(self._process.wait())
        await asyncio.wait([self._reading, dying], return_when=asyncio.FIRST_COMPLETED)

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> None:
        """End the process: it goes when the control socket closes, or is killed: at once if it is still loading, else
        after two seconds."""
        self._writer.close()
        if not self._warm.done():
            self._kill()
        try:
            await asyncio.wait_for(self._process.wait(), 2.0)
        except TimeoutError:
            self._kill()
            await self._process.wait()
        for task in self._tasks[2:]:
            task.cancel()  # the watch; the others end with the process
        await asyncio.gather(*self._tasks, return_exceptions=True)
