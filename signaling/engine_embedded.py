"""The embedded media engine: starts the SFU worker process, watches it, and never blocks the server."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import ifaddr

from signaling.engine import Direction, EngineError, Listener, MediaEvent, PeerRef, Shown, Source
from signaling.sfu import control

REQUEST_S = 3.0
READY_S = 20.0
SIGN_OF_LIFE_S = 5.0  # the worker reports every second
BACKOFF_S = (0.0, 0.2, 1.0, 3.0)
CALM_S = 30.0  # a worker that lived this long starts the backoff anew
UNSENT = 4 << 20
SOCKET_BUFFER = 4 << 20

HERE = Path(__file__).resolve().parent.parent  # where `-m signaling` is found

CoreName = Literal["auto", "native", "python"]


class EmbeddedEngine:
    """Implements Engine.

    announce: addresses put into candidates, each `host`, `host:port` or `[v6]:port`; empty: those of `host`.
    last_n: most thumbnails a subscriber gets. listeners: most subscribers that stand for no hall.
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
        listeners: int = 300,
    ) -> None:
        self._wanted = (host, port)
        self._announce = tuple(announce)
        self._core = core
        self._listener = listener
        self._log = log
        self._limits = ["--last-n", str(last_n), "--listeners", str(listeners)]
        self._udp: socket.socket | None = None
        self._worker: _Worker | None = None
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
        self._udp = await _bind(*self._wanted)
        host, port = self._udp.getsockname()[:2]
        self.address = (host, port)
        try:
            self._worker = await self._spawn()
        except BaseException:
            self._udp.close()
            raise
        self._supervisor = asyncio.get_running_loop().create_task(self._supervise())

    async def _spawn(self) -> _Worker:
        assert self._udp is not None
        arguments = ["--core", self._core, "--udp", str(self._udp.fileno()), *self._limits]
        for host, port in await candidates(self._announce, *self.address):
            arguments += ["--announce", f"{host},{port}"]
        return await _Worker.start(arguments, self._udp.fileno(), self._listener, self._log)

    async def _supervise(self) -> None:
        """Restart the worker whenever it ends; everybody is told to build their connections again."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            assert self._worker is not None
            born = loop.time()
            await self._worker.ended()
            worker, self._worker = self._worker, None
            await worker.close()
            failures = 1 if loop.time() - born > CALM_S else failures + 1
            while self._worker is None:
                await asyncio.sleep(BACKOFF_S[min(failures - 1, len(BACKOFF_S) - 1)])
                try:
                    self._worker = await self._spawn()
                except OSError as error:
                    failures += 1
                    self._log.error("media worker does not start: %s", error)
            self._restarts += 1
            self._log.warning("media worker restarted, process %s", self._worker.pid)
            for room, direction in self._directions.items():
                self._worker.tell({"op": "direct", "room": room, "direction": control.direction_out(direction)})
            self._listener(MediaEvent("reset", None, None, {"code": "worker_restarted"}))

    async def _ask(self, message: dict[str, Any]) -> control.Message:
        if self._worker is None:
            raise EngineError("media_unavailable")
        return await self._worker.ask(message)

    async def publish(self, peer: PeerRef, sdp: str, tracks: Mapping[str, Source]) -> str:
        """See Engine."""
        message = {"op": "publish", "peer": control.peer_out(peer), "sdp": sdp, "tracks": dict(tracks)}
        return str((await self._ask(message))["sdp"])

    async def show(self, peer: PeerRef, shown: Shown) -> None:
        """See Engine."""
        await self._ask({"op": "show", "peer": control.peer_out(peer), "shown": control.shown_out(shown)})

    async def answer(self, peer: PeerRef, generation: int, sdp: str) -> None:
        """See Engine."""
        await self._ask({"op": "answer", "peer": control.peer_out(peer), "generation": generation, "sdp": sdp})

    async def direct(self, room: str, direction: Direction) -> None:
        """See Engine. Kept, and told again to a worker that was restarted."""
        self._directions[room] = direction
        await self._ask({"op": "direct", "room": room, "direction": control.direction_out(direction)})

    async def leave(self, peer: PeerRef, what: Literal["publish", "subscribe", "all"]) -> None:
        """See Engine."""
        await self._ask({"op": "leave", "peer": control.peer_out(peer), "what": what})

    def metrics(self) -> Mapping[str, float | str]:
        """The worker's last report with our own counters; `up` is 0 while there is no worker."""
        worker = self._worker
        counters = worker.metrics if worker is not None else {}
        return {**counters, "up": int(worker is not None), "restarts": self._restarts}

    async def close(self) -> None:
        """Stop the worker and free the port. Twice is harmless."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
            self._supervisor = None
        if self._worker is not None:
            worker, self._worker = self._worker, None
            await worker.close()
        if self._udp is not None:
            self._udp.close()
            self._udp = None


class _Worker:
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
        self._ready: asyncio.Future[str] = loop.create_future()
        self._tasks = [loop.create_task(work) for work in (self._read(), self._watch(), self._copy_log())]

    @classmethod
    async def start(cls, arguments: Sequence[str], udp: int, listener: Listener, log: logging.Logger) -> _Worker:
        """Spawn and wait until it is ready. Raises OSError."""
        ours, theirs = socket.socketpair()
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "signaling.sfu.worker", "--control", str(theirs.fileno()), *arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=(theirs.fileno(), udp),
                cwd=HERE,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours, limit=control.MAX_LINE)
        worker = cls(process, reader, writer, listener, log)
        try:
            core = await asyncio.wait_for(asyncio.shield(worker._ready), READY_S)
        except (TimeoutError, ConnectionError) as error:
            await worker.close()
            raise OSError(f"the media worker did not come up: {error or 'timed out'}") from None
        except BaseException:
            await worker.close()
            raise
        log.info("media worker %s runs the %s core", process.pid, core)
        return worker

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
        except (ValueError, ConnectionError) as error:
            self._log.error("media worker speaks nonsense: %s", error)
        gone = ConnectionError("it ended")
        waiting: list[asyncio.Future[Any]] = [self._ready, *self._pending.values()]
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
        elif (future := self._pending.get(message["id"])) is not None and not future.done():
            future.set_result(message)

    async def _watch(self) -> None:
        """Kill a worker that gives no sign of life."""
        loop = asyncio.get_running_loop()
        await asyncio.wait([self._ready])
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
        await asyncio.wait([self._tasks[0], asyncio.ensure_future(self._process.wait())], return_when="FIRST_COMPLETED")

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> None:
        """End the process: it goes when the control socket closes, or is killed after two seconds."""
        self._writer.close()
        try:
            await asyncio.wait_for(self._process.wait(), 2.0)
        except TimeoutError:
            self._kill()
            await self._process.wait()
        reading, watching, copying = self._tasks
        watching.cancel()
        await asyncio.gather(reading, watching, copying, return_exceptions=True)


async def _bind(host: str, port: int) -> socket.socket:
    """A UDP socket of the media port. Raises OSError when it is taken."""
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    family, _, _, _, address = infos[0]
    udp = socket.socket(family, socket.SOCK_DGRAM)
    try:
        udp.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            udp.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
        if family == socket.AF_INET6:
            udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        udp.bind(address)
    except BaseException:
        udp.close()
        raise
    return udp


async def candidates(announce: Sequence[str], host: str, port: int) -> list[tuple[str, int]]:
    """What to put into candidates, in order; names are resolved."""
    loop = asyncio.get_running_loop()
    found: list[tuple[str, int]] = []
    for text in announce or own_addresses(host):
        name, chosen = split_address(text, port)
        for info in await loop.getaddrinfo(name, chosen, type=socket.SOCK_DGRAM):
            found.append((str(info[4][0]), chosen))
    return list(dict.fromkeys(found))


def split_address(text: str, port: int) -> tuple[str, int]:
    """(host, port) of `host`, `host:port`, `[v6]:port` or a bare IPv6 address. Raises ValueError."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, int(rest.removeprefix(":")) if rest else port
    if text.count(":") == 1:
        host, _, number = text.partition(":")
        return host, int(number)
    return text, port


def own_addresses(host: str) -> list[str]:
    """The addresses under which a socket bound to `host` is reached; the loopback one last."""
    bound = ipaddress.ip_address(host)
    if not bound.is_unspecified:
        return [host]
    own = [ip for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    v4 = [str(ip.ip) for ip in own if ip.is_IPv4]
    v6 = [ip.ip[0] for ip in own if ip.is_IPv6 and bound.version == 6]
    usable = [text for text in v4 + v6 if not ipaddress.ip_address(text).is_link_local]
    return sorted(usable, key=lambda text: ipaddress.ip_address(text).is_loopback)
