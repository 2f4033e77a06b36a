"""The media worker's process: `python -m signaling.sfu.worker` with an inherited control socket and UDP socket."""

from __future__ import annotations

import argparse
import asyncio
import logging
import resource
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from signaling.engine import Direction, EngineError, MediaEvent
from signaling.quiet import QuietFormatter
from signaling.sfu import control
from signaling.sfu.control import Message
from signaling.sfu.core import open_core, why_not_native
from signaling.sfu.core_api import Core
from signaling.sfu.dtls import Certificate
from signaling.sfu.mux import Mux
from signaling.sfu.plane import Plane
from signaling.sfu.room import Room

log = logging.getLogger("pleno.sfu")

TICK_S = 0.02
IDLE_S = 0.2  # between ticks while there is no room
REPORT_TICKS = 50  # between reports, which are also the sign of life; an idle tick counts as that many
UNREAD = 8 << 20  # octets the server may leave unread before link descriptions are dropped
MAX_ROOMS = 64


def next_tick(count: int, busy: bool) -> int:
    """An idle tick lands on a report, whatever number of busy ones came before it."""
    return count + 1 if busy else (count // REPORT_TICKS + 1) * REPORT_TICKS


class Worker:
    """Rooms by name, the commands of the server, and the clock that drives their feedback."""

    def __init__(self, plane: Plane, write: Callable[[Message], None]) -> None:
        self._plane = plane
        self._write = write
        self._rooms: dict[str, Room] = {}
        self._directions: dict[str, Direction] = {}
        self._started = time.monotonic()
        self._commands: dict[str, Callable[[Message], Message]] = {
            "publish": self._publish,
            "show": self._show,
            "answer": self._answer,
            "direct": self._direct,
            "leave": self._leave,
        }

    def handle(self, message: Message) -> None:
        """Carry out one command and answer it."""
        try:
            reply = self._commands[message["op"]](message)
        except EngineError as error:
            reply = control.error_out(error)
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("command %s failed, incident %s", message.get("op"), incident)
            reply = control.error_out(EngineError("media_unavailable", incident=incident))
        self._write({"id": message["id"], **reply})

    def _room(self, name: str) -> Room:
        room = self._rooms.get(name)
        if room is None:
            self._make_place()
            room = self._rooms[name] = Room(self._plane, name)
            room.direct(self._directions.get(name, Direction()))
        return room

    def _make_place(self) -> None:
        """Give up a room that everybody has left when there are as many as may be."""
        if len(self._rooms) < MAX_ROOMS:
            return
        for name, room in self._rooms.items():
            if room.empty:
                room.close()
                del self._rooms[name]
                return
        raise EngineError("media_full", rooms=MAX_ROOMS)

    def _publish(self, message: Message) -> Message:
        peer = control.peer_in(message["peer"])
        return {"sdp": self._room(peer.room).publish(peer, message["sdp"], message["tracks"])}

    def _show(self, message: Message) -> Message:
        peer = control.peer_in(message["peer"])
        self._room(peer.room).show(peer, control.shown_in(message["shown"]))
        return {}

    def _answer(self, message: Message) -> Message:
        peer = control.peer_in(message["peer"])
        if peer.room not in self._rooms:
            raise EngineError("stale_negotiation", generation=0)
        self._rooms[peer.room].answer(peer, message["generation"], message["sdp"])
        return {}

    def _direct(self, message: Message) -> Message:
        """Kept until somebody comes: the server directs every session that anybody has looked at."""
        name, direction = message["room"], control.direction_in(message["direction"])
        self._directions[name] = direction
        if name in self._rooms:
            self._rooms[name].direct(direction)
        return {}

    def _leave(self, message: Message) -> Message:
        peer = control.peer_in(message["peer"])
        if peer.room in self._rooms:
            self._rooms[peer.room].leave(peer.peer, message["what"])
        return {}

    async def run(self) -> None:
        """Tick until cancelled: NACKs every 20 ms, the rest as often as it has to be."""
        count = 0
        while True:
            busy = any(not room.empty for room in self._rooms.values())
            await asyncio.sleep(TICK_S if busy else IDLE_S)
            count = next_tick(count, busy)
            self._tick(count)

    def _tick(self, count: int) -> None:
        for room in self._rooms.values():
            self._guarded(room.nack)
            if count % 5 == 0:
                self._guarded(room.settle)
            if count % 12 == 0:
                self._guarded(room.listen)
            if count % 25 == 10:
                self._guarded(room.tell_links)
            if count % REPORT_TICKS == 0:
                self._guarded(room.report)
        if count % REPORT_TICKS == 0:
            for transport in list(self._plane.transports):
                transport.check(self._plane.clock())
            self._write({"metrics": self.metrics()})

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            log.exception("periodic work failed")

    def metrics(self) -> dict[str, float | str]:
        """What /metrics shows of the media plane; also the sign of life. What ends in _total counts since the start."""
        totals = self._plane.core.totals()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "core": self._plane.core.name,
            "uptime_seconds": round(time.monotonic() - self._started, 1),
            "cpu_seconds_total": round(usage.ru_utime + usage.ru_stime, 3),
            "resident_max_bytes": usage.ru_maxrss * 1024,
            "rooms": len(self._rooms),
            "transports": len(self._plane.transports),
            "connected": sum(1 for each in self._plane.transports if each.state == "connected"),
            "stun_checks_total": self._plane.mux.checks,
            "ignored_total": self._plane.mux.ignored,
            **{f"{name}_total": getattr(totals, name) for name in totals.__slots__},
        }

    async def close(self) -> None:
        for room in self._rooms.values():
            room.close()
        await self._plane.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Media worker; started by the server, not by hand.")
    parser.add_argument("--control", type=int, required=True, help="inherited descriptor of the control socket")
    parser.add_argument("--udp", type=int, required=True, help="inherited descriptor of the bound UDP socket")
    parser.add_argument("--core", choices=["auto", "native", "python"], default="auto")
    parser.add_argument("--announce", action="append", required=True, help="address,port to put into candidates")
    parser.add_argument("--last-n", type=int, required=True)
    parser.add_argument("--listeners", type=int, required=True)
    return parser.parse_args()


def _candidates(texts: list[str]) -> list[tuple[str, int]]:
    return [(host, int(port)) for host, _, port in (text.rpartition(",") for text in texts)]


def _plane(core: Core, emit: Callable[[MediaEvent], None], arguments: argparse.Namespace) -> Plane:
    return Plane(
        core=core,
        mux=Mux(core.send, time.monotonic),
        certificate=Certificate(),
        candidates=_candidates(arguments.announce),
        clock=time.monotonic,
        wall=time.time,
        emit=emit,
        last_n=arguments.last_n,
        listeners=arguments.listeners,
    )


async def serve(arguments: argparse.Namespace) -> None:
    """Wait for the word to begin, then run until the server closes the control socket, dies, or sends SIGTERM."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=arguments.control), limit=control.MAX_LINE)

    def write(message: Message) -> None:
        if message.get("event") == "links" and writer.transport.get_write_buffer_size() > UNREAD:
            return
        writer.write(control.encode(message))

    def emit(event: MediaEvent) -> None:
        write(control.event_out(event))

    write({"warm": True})
    if not (await reader.readline()).endswith(b"\n"):  # a spare that was not needed
        writer.close()
        return
    udp = socket.socket(fileno=arguments.udp)
    core = open_core(udp, arguments.core)
    if core.name == "python" and arguments.core == "auto":
        log.warning("native core not loaded: %s", why_not_native())
    plane = _plane(core, emit, arguments)
    worker = Worker(plane, write)
    loop.add_reader(udp.fileno(), plane.pump)
    ticking = loop.create_task(worker.run())
    stopping = loop.create_task(stopped.wait())
    log.info("%s core, announcing %s", core.name, ", ".join(arguments.announce))
    write({"ready": core.name})
    try:
        await _listen(reader, worker, stopping)
    finally:
        ticking.cancel()
        loop.remove_reader(udp.fileno())
        await worker.close()
        writer.close()


async def _listen(reader: asyncio.StreamReader, worker: Worker, stopping: asyncio.Task[Any]) -> None:
    while True:
        reading = asyncio.ensure_future(reader.readline())
        await asyncio.wait([reading, stopping], return_when=asyncio.FIRST_COMPLETED)
        if stopping.done():
            reading.cancel()
            return
        line = reading.result()
        if not line.endswith(b"\n"):  # the server is gone
            return
        worker.handle(control.decode(line))


def main() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(QuietFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("aiortc").setLevel(logging.WARNING)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(_arguments()))
    else:
        uvloop.run(serve(_arguments()))


if __name__ == "__main__":
    main()
