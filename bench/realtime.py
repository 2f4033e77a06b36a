"""Broadcast to a crowd: `python -m bench.realtime [--clients 2500] [--bytes 5000] [--rounds 40] [--peer node]`.

The gateway (real Desk, SQLite store, `signaling/gateway`) runs in a process of its own, the crowd in this one: raw
sockets with frames by hand, every one synced as a phone. A round is one command, hence one frame to everybody. With
`--peer node` socket.io on Node holds a crowd of the same size beside it and emits the same bytes; rounds alternate.
Prints exactly one JSON object:

    clients, payload_bytes, rounds   size of the crowd; of one event as a client receives it; how many were measured
    last_client_ms_p50, _p95, _max   from the publication of the state until the last client has the whole frame
    command_to_last_ms_p50           the same from the command's arrival: deciding, fsync and fan-out
    outliers                         rounds slower than twice the median
    cpu_us_per_message               user+sys of the server process for one client and round, the command included
    join_s, join_cpu_us              from the first connection until all are admitted and synced; server CPU a client
    rss_kb_per_client                growth of the server's resident memory
    turnout_hz                       turnout events a second that each client received while votes came in
    turnout_core_percent             server CPU meanwhile, the votes' own cost included
    ack_cpu_us, ack_ms_p99           one `sync` from everybody at once: server CPU an answer, time to the answer
    peer                             its name; this and what follows is null without a peer
    peer_last_client_ms_p50, peer_cpu_us_per_message, peer_join_cpu_us, peer_rss_kb_per_client
    ratio_to_peer                    cpu_us_per_message / peer_cpu_us_per_message

CPU is what the kernel counts for the process; times are of the machine's monotonic clock, which both processes share.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from bench.sockets import Client, Crowd, http_json, quantile, raise_descriptor_limit

NODE = Path(__file__).parent / "peers" / "node"
PAUSE_S = 0.25  # between rounds; frames of a class leave at most every 0.1 s
WARM_UP = 3
VOTES_PER_S = 40
TURNOUT_S = 5.0


@dataclass
class Side:
    """One server, its crowd, and what was measured. last, whole: milliseconds a round; cpu: microseconds a message."""

    name: str
    crowd: Crowd
    clients: int
    join_s: float = 0.0
    join_cpu_us: float = 0.0
    rss_kb: float = 0.0
    last: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0
    heard: int = 0
    heard_at: float = 0.0
    turnouts: int = 0
    frame: Any = None
    all_heard: asyncio.Event = field(default_factory=asyncio.Event)

    def on_event(self, client: Client, data: bytes, start: int, end: int) -> None:
        if data.startswith(b'42["frame"', start):
            self.heard += 1
            if self.heard == self.clients:
                self.heard_at = time.perf_counter()
                self.size = end - start
                self.frame = data[start:end]
                self.all_heard.set()
        elif data.startswith(b'42["turnout"', start):
            self.turnouts += 1

    async def usage(self) -> tuple[float, float]:
        """CPU seconds so far and resident kilobytes of the server."""
        found = await http_json(self.crowd.host, "/cpu")
        return found["cpu_s"], found["rss_kb"]

    async def join(self) -> None:
        cpu, rss = await self.usage()
        begun = time.perf_counter()
        await self.crowd.join([(number, {"credential": str(number)}) for number in range(self.clients)])
        answers = await self.crowd.ask_all("sync", lambda client: {"after": None}, 0, 60)
        if answers[0]["resync"]:  # nothing was fetched here: a phone gets the snapshot over HTTP
            upto = {"after": answers[0]["upto"]}
            answers = await self.crowd.ask_all("sync", lambda client: upto, 1, 60)
        assert all(answer["ok"] and not answer["resync"] for answer in answers)
        self.join_s = time.perf_counter() - begun
        cpu_after, rss_after = await self.usage()
        self.join_cpu_us = (cpu_after - cpu) / self.clients * 1e6
        self.rss_kb = (rss_after - rss) / self.clients
        await http_json(self.crowd.host, "/warm")
        await asyncio.sleep(1.5)  # presence of everybody who came

    async def round(self, size: int, frame: Any) -> None:
        self.heard = 0
        self.all_heard.clear()
        cpu, _ = await self.usage()
        told = await http_json(self.crowd.host, f"/emit?bytes={size}", frame)
        await asyncio.wait_for(self.all_heard.wait(), 30)
        await asyncio.sleep(0.05)
        cpu_after, _ = await self.usage()
        self.last.append((self.heard_at - told["at"]) * 1e3)
        self.whole.append((self.heard_at - told["asked_at"]) * 1e3)
        self.cpu.append((cpu_after - cpu) / self.clients * 1e6)


@asynccontextmanager
async def process(*command: str, cwd: Path | None = None) -> AsyncIterator[str]:
    """A server that prints {"host": …} when it listens and ends when its standard input closes."""
    child = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=2**20
    )
    assert child.stdout is not None and child.stdin is not None
    try:
        line = await asyncio.wait_for(child.stdout.readline(), 120)
        if not line:
            raise RuntimeError(f"{command[0]} ended before it listened")
        yield json.loads(line)["host"]
    finally:
        child.stdin.close()
        try:
            await asyncio.wait_for(child.wait(), 30)
        except TimeoutError:
            child.kill()
            await child.wait()


def install_node_peer() -> None:
    """npm ci in its folder when needed. Raises SystemExit saying what is missing."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise SystemExit("--peer node needs Node 20 and npm on PATH")
    if not (NODE / "node_modules" / "socket.io").is_dir():
        done = subprocess.run(["npm", "ci", "--silent"], cwd=NODE, stdout=sys.stderr, check=False)
        if done.returncode != 0:
            raise SystemExit("npm ci in bench/peers/node failed; see above")


async def acks(side: Side) -> dict[str, float]:
    """Everybody asks for something small at once."""
    cpu, _ = await side.usage()
    done: list[float] = []
    begun = time.perf_counter()
    waiting = asyncio.get_running_loop().create_future()

    def answered(_: bytes) -> None:
        done.append(time.perf_counter() - begun)
        if len(done) == side.clients:
            waiting.set_result(None)

    for client in side.crowd.clients:
        client.ask(2, "sync", {"after": None}, answered)
    await asyncio.wait_for(waiting, 60)
    cpu_after, _ = await side.usage()
    return {"ack_cpu_us": (cpu_after - cpu) / side.clients * 1e6, "ack_ms_p99": quantile(done, 0.99) * 1e3}


async def turnout(side: Side) -> dict[str, float]:
    """Votes trickle in; everybody is told the turnout."""
    upto = await side.crowd.ask_all("sync", lambda client: {"after": None}, 3, 60)
    for client in side.crowd.clients:
        client.ask(4, "sync", {"after": upto[0]["upto"]}, lambda answer: None)
    ballot = (await http_json(side.crowd.host, "/ballot"))["ballot"]
    await asyncio.sleep(1.0)
    cpu, _ = await side.usage()
    pause = max(1 / VOTES_PER_S, 1.1 * TURNOUT_S / side.clients)  # one seat, one vote: a small crowd must last
    begun, told, voters = time.perf_counter(), side.turnouts, iter(side.crowd.clients)
    while (spent := time.perf_counter() - begun) < TURNOUT_S:
        vote = {"ballot": ballot, "choices": ["1"], "key": "bench-vote-0001"}
        next(voters).ask(5, "vote", vote, lambda answer: None)
        await asyncio.sleep(pause)
    cpu_after, _ = await side.usage()
    return {
        "turnout_hz": (side.turnouts - told) / side.clients / spent,
        "turnout_core_percent": (cpu_after - cpu) / spent * 100,
    }


def report(ours: Side, peer: Side | None, more: dict[str, float]) -> dict[str, Any]:
    median = statistics.median(ours.last)
    told: dict[str, Any] = {
        "clients": ours.clients,
        "payload_bytes": ours.size,
        "rounds": len(ours.last),
        "last_client_ms_p50": median,
        "last_client_ms_p95": quantile(ours.last, 0.95),
        "last_client_ms_max": max(ours.last),
        "command_to_last_ms_p50": statistics.median(ours.whole),
        "outliers": sum(one > 2 * median for one in ours.last),
        "cpu_us_per_message": statistics.median(ours.cpu),
        "join_s": ours.join_s,
        "join_cpu_us": ours.join_cpu_us,
        "rss_kb_per_client": ours.rss_kb,
        **more,
        "peer": None if peer is None else peer.name,
        "peer_last_client_ms_p50": None if peer is None else statistics.median(peer.last),
        "peer_cpu_us_per_message": None if peer is None else statistics.median(peer.cpu),
        "peer_join_cpu_us": None if peer is None else peer.join_cpu_us,
        "peer_rss_kb_per_client": None if peer is None else peer.rss_kb,
        "ratio_to_peer": None if peer is None else statistics.median(ours.cpu) / statistics.median(peer.cpu),
    }
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in told.items()}


async def measure(clients: int, size: int, rounds: int, peer_name: str | None) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        own = [sys.executable, "-m", "bench.peers.gateway", "--seats", str(clients)]
        ours = await side_of(stack, "pleno", clients, await stack.enter_async_context(process(*own)))
        peer = None
        if peer_name == "node":
            host = await stack.enter_async_context(process("node", "server.js", cwd=NODE))
            peer = await side_of(stack, peer_name, clients, host)
        for number in range(WARM_UP + rounds):
            if number == WARM_UP:
                for side in (ours, peer):
                    if side is not None:
                        side.last, side.whole, side.cpu = [], [], []
            await ours.round(size, None)
            await asyncio.sleep(PAUSE_S)
            if peer is not None:
                await peer.round(size, json.loads(ours.frame[2:])[1])
                await asyncio.sleep(PAUSE_S)
        return report(ours, peer, {**await acks(ours), **await turnout(ours)})


async def side_of(stack: AsyncExitStack, name: str, clients: int, host: str) -> Side:
    side = Side(name, Crowd(host), clients)
    side.crowd.on_event = side.on_event
    stack.callback(side.crowd.close)
    await side.join()
    return side


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.realtime", description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=2500)
    parser.add_argument("--bytes", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--peer", choices=["node"])
    options = parser.parse_args()
    raise_descriptor_limit(options.clients * (2 if options.peer else 1) + 200)
    if options.peer == "node":
        install_node_peer()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(measure(options.clients, options.bytes, options.rounds, options.peer))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
