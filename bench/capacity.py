"""What an hour of a city costs: `python -m bench.capacity [--seats 2500] [--nodes 2] [--halls 12]`.

Starts the cluster of `make cluster` (PostgreSQL with fsync, Redis, nodes, Caddy) with a plenary of so many seats and a
board of 1,451 proposals, brings everybody in through the front by HTTPS and WebSocket, and reads from /proc what each
part spends on each thing people do. CPU time as the kernel counts it hardly depends on what else the machine does;
seconds do. One JSON object:

    seats, nodes            how many
    join                    everybody connects, syncs and fetches the snapshot: CPU ms a person, by part; seconds
    idle                    everybody is there and nothing happens: CPU ms a second, by part
    frames                  a moderator moves the board: CPU us a message (one frame to one person), by part; commands
    votes                   everybody votes at once: CPU us a vote, by part; votes a second, ms to the receipt
    mb                      memory at the end, by part, pages shared by several counted once
    kb_down                 what one person received: joining (snapshot included), events of an idle minute, a frame
    simulated               with --halls: `pleno simulate` with so many halls, which publish, and all seats, which vote
                            once within 15 s: CPU ms a second, by part, before the vote; receipts; seconds till the last

Parts: nodes (all together), media (their workers), front, postgresql, redis.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import ssl
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import uvloop

from bench.scene import Scene, written
from bench.sockets import Client, Crowd, quantile, raise_descriptor_limit
from bench.votes import SESSION, open_ballot
from tools.cluster.topology import Cluster, Plan, free_base

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
PROPOSALS = 1451
IDLE_S = 15.0
COMMANDS, PAUSE_S = 20, 0.3
FETCHES_AT_ONCE = 30
PATIENCE_S = 600.0


def tree(root: int) -> Iterable[int]:
    """This process and what it started, as far as it runs now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := stat_of(int(entry.name))):
            parents.setdefault(int(stat[1]), []).append(int(entry.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += parents.get(pid, [])


def stat_of(pid: int) -> list[str]:
    """The fields of proc(5) after the name; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def share_mb(pid: int) -> float:
    """Resident memory, what several share divided among them (Pss of proc(5))."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


@dataclass
class Use:
    """CPU seconds and memory by part."""

    cpu_s: dict[str, float] = field(default_factory=dict)
    mb: dict[str, float] = field(default_factory=dict)

    def add(self, part: str, pid: int) -> None:
        if stat := stat_of(pid):
            self.cpu_s[part] = self.cpu_s.get(part, 0.0) + sum(map(int, stat[11:15])) * TICK_S
            self.mb[part] = self.mb.get(part, 0.0) + share_mb(pid)

    def since(self, before: Use, divided_by: float, unit: float) -> dict[str, float]:
        spent = {part: (cpu_s - before.cpu_s.get(part, 0.0)) for part, cpu_s in self.cpu_s.items()}
        return {part: round(one / divided_by * unit, 2) for part, one in spent.items()}


def used(cluster: Cluster) -> Use:
    found = Use()
    for node in cluster.nodes:
        pid = cluster.pid(node)
        for one in tree(pid or 0):
            found.add("nodes" if one == pid else "media", one)
    for part in ("front", "postgresql", "redis"):
        for one in tree(cluster.pid(part) or 0):
            found.add(part, one)
    return found


class Hall:
    """Everybody of the plenary, in one process. received: bytes; frames: events of that name, of all together."""

    def __init__(self, cluster: Cluster, scene: Scene) -> None:
        self.cluster = cluster
        self.scene = scene
        self.tls = ssl.create_default_context()
        self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE
        self.frames = self.received = 0
        self.crowd = self._door()

    def _door(self) -> Crowd:
        host = self.cluster.url.removeprefix("https://")
        return Crowd(host, on_event=self._heard, tls=self.tls, address="127.0.0.1")

    def _heard(self, client: Client, data: bytes, start: int, end: int) -> None:
        self.received += end - start
        self.frames += data.startswith(b'42["frame"', start)

    async def join(self) -> float:
        """As a page does it: snapshot by HTTPS, then a socket that continues from it. Seconds."""
        begun = time.perf_counter()
        credentials = [self.scene.credentials[seat] for seat in self.scene.seats]
        connector = aiohttp.TCPConnector(limit=FETCHES_AT_ONCE, ssl=self.tls)
        async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as http:

            async def fetch(credential: str) -> int:
                headers = {"Authorization": f"Bearer {credential}", "Accept-Encoding": "gzip"}
                async with http.get(f"{self.cluster.url}/api/sessions/{SESSION}/snapshot", headers=headers) as answer:
                    assert answer.status == 200
                    return len(await answer.read())

            self.received += sum(await asyncio.gather(*(fetch(credential) for credential in credentials)))
        await self.crowd.join([(None, {"credential": credential}) for credential in credentials])
        answers = await self.crowd.ask_all("sync", lambda client: {"after": None}, 0, 300)
        upto = {"after": max(answer["upto"] for answer in answers)}
        answers = await self.crowd.ask_all("sync", lambda client: upto, 1, 300)
        assert all(answer["ok"] for answer in answers)
        return time.perf_counter() - begun

    async def move_board(self, url: str) -> int:
        """Commands of a moderator, one after the other; the frames they made."""
        chair = Crowd(url.removeprefix("http://"))
        await chair.join([(None, {"credential": self.scene.credentials["chair"]})])
        before = self.frames
        for number in range(COMMANDS):
            title = f"Usulan {number}: perbaikan saluran di tepi jalan lingkungan"
            asked = {"title": title, "hall": self.scene.halls[0]}
            command = {"key": f"capacity-{number:06}", "name": "proposal.add", "data": asked}
            (answer,) = await chair.ask_all("command", lambda client, command=command: command, number, 60)
            assert answer["ok"], answer
            await asyncio.sleep(PAUSE_S)
        await asyncio.sleep(2)
        chair.close()
        return self.frames - before

    async def vote(self, ballot: str) -> list[float]:
        """Everybody at once; milliseconds each."""
        waits: list[float] = []
        done = asyncio.Event()
        refused: list[bytes] = []

        def answered(raw: bytes) -> None:
            waits.append((time.perf_counter() - begun) * 1e3)
            if b'"ok":true' not in raw[:20]:
                refused.append(raw)
            if len(waits) == len(self.crowd.clients):
                done.set()

        begun = time.perf_counter()
        for client in self.crowd.clients:
            vote = {"ballot": ballot, "choices": ["a"], "tracker": os.urandom(16).hex()}
            client.ask(9, "vote", vote, answered)
        await asyncio.wait_for(done.wait(), 300)
        assert not refused, refused[:3]
        return waits


async def measure(cluster: Cluster, scene: Scene) -> dict[str, Any]:
    hall = Hall(cluster, scene)
    seats = len(scene.seats)
    told: dict[str, Any] = {"seats": seats, "nodes": len(cluster.nodes)}
    at = used(cluster)
    join_s = await hall.join()
    now = used(cluster)
    told["join"] = {**now.since(at, seats, 1e3), "s": round(join_s, 1)}
    joined_bytes, hall.received = hall.received, 0
    await asyncio.sleep(3)
    hall.received, at = 0, used(cluster)
    await asyncio.sleep(IDLE_S)
    told["idle"] = used(cluster).since(at, IDLE_S, 1e3)
    idle_bytes, hall.received, at = hall.received, 0, used(cluster)
    frames = await hall.move_board(cluster.node_url("node-1"))
    told["frames"] = {**used(cluster).since(at, frames, 1e6), "commands": COMMANDS, "messages": frames}
    frame_bytes = hall.received
    ballot = await open_ballot(cluster.node_url("node-1").removeprefix("http://"), scene.credentials["chair"])
    await asyncio.sleep(2)
    at = used(cluster)
    waits = await hall.vote(ballot)
    told["votes"] = {
        **used(cluster).since(at, seats, 1e6),
        "votes_per_s": round(seats / max(waits) * 1e3),
        "ack_ms_p50": round(quantile(waits, 0.5)),
        "ack_ms_p99": round(quantile(waits, 0.99)),
    }
    told["mb"] = {part: round(mb) for part, mb in used(cluster).mb.items()}
    told["kb_down"] = {
        "join": round(joined_bytes / seats / 1e3, 1),
        "idle_minute": round(idle_bytes / seats / IDLE_S * 60 / 1e3, 2),
        "frame": round(frame_bytes / max(frames, 1) / 1e3, 2),
    }
    chair = Crowd(cluster.node_url("node-1").removeprefix("http://"))
    await chair.join([(None, {"credential": scene.credentials["chair"]})])
    await chair.ask_all("command", lambda client: close_of(ballot), 0, 60)
    chair.close()
    hall.crowd.close()
    await asyncio.sleep(0.5)
    return told


def close_of(ballot: str) -> dict[str, Any]:
    return {"key": f"close-{ballot}", "name": "ballot.close", "data": {"ballot": ballot}}


async def simulate(cluster: Cluster, scene: Scene, halls: int) -> dict[str, Any]:
    """The product's own synthetic halls and delegates, whole WebRTC and all."""
    cards, log = cluster.folder / "cards.json", cluster.folder / "receipts"
    cards.write_text(scene.cards())
    command = [sys.executable, "-m", "server", "simulate", "--insecure", "--url", cluster.url, "--passes", str(cards)]
    numbers = ("--halls", str(halls), "--seats", str(len(scene.seats)), "--log", str(log))
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, *numbers, stdout=quiet, stderr=quiet)
    told: dict[str, Any] = {"halls": halls}
    heard: dict[str, Any] = {}

    def hear(client: Client, data: bytes, start: int, end: int) -> None:
        if data.startswith(b'42["presence"', start):
            heard.update(json.loads(data[start + 2 : end])[1])

    def publishing() -> int:
        return sum(hall["publishing"] for hall in heard.get("halls", {}).values())

    def everybody() -> bool:
        return publishing() == halls and heard["participants"] == len(scene.seats)

    try:
        begun = time.perf_counter()
        wall = Crowd(cluster.node_url("node-1").removeprefix("http://"), on_event=hear)
        await wall.join([(None, {"credential": scene.credentials["wall"]})])
        (answer,) = await wall.ask_all("sync", lambda client: {"after": None}, 0, 60)
        await wall.ask_all("sync", lambda client: {"after": answer["upto"]}, 1, 60)
        while not everybody():
            await asyncio.sleep(0.1)
            if time.perf_counter() - begun > PATIENCE_S:
                told |= {"came": heard.get("participants"), "publishing": publishing()}
                return told
        told["join_s"] = round(time.perf_counter() - begun, 1)
        at = used(cluster)
        await asyncio.sleep(IDLE_S)
        told |= used(cluster).since(at, IDLE_S, 1e3)
        host = cluster.node_url("node-1").removeprefix("http://")
        begun = time.perf_counter()
        await open_ballot(host, scene.credentials["chair"], "simulated-ballot")
        while (receipts := lines(log)) < len(scene.seats):
            if time.perf_counter() - begun > PATIENCE_S:
                break
            await asyncio.sleep(0.2)
        told |= {"receipts": receipts, "last_receipt_s": round(time.perf_counter() - begun, 1)}
        wall.close()
        return told
    finally:
        process.terminate()
        await process.wait()


def lines(file: Path) -> int:
    """Receipts in it; a refusal is none."""
    return file.read_text().count('"receipt"') if file.exists() else 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seats", type=int, default=2500)
    parser.add_argument("--nodes", type=int, default=2)
    parser.add_argument("--halls", type=int, default=0)
    options = parser.parse_args()
    raise_descriptor_limit(options.seats * 3 + 500)
    found: list[Scene] = []

    def fill() -> None:
        with ThreadPoolExecutor(1) as thread:
            found.append(thread.submit(asyncio.run, written(cluster.database, options.seats, PROPOSALS)).result())

    with tempfile.TemporaryDirectory(prefix="pleno-capacity-") as folder:
        asked = ("--log", "warning", "--max-clients", "20000")
        plan = Plan(Path(folder), free_base(), nodes=options.nodes, relay=False, options=asked)
        with Cluster(plan) as cluster:
            cluster.start(fill)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                told = runner.run(measure(cluster, found[0]))
                if options.halls:
                    told["simulated"] = runner.run(simulate(cluster, found[0], options.halls))
            print(json.dumps(told))


if __name__ == "__main__":
    main()
