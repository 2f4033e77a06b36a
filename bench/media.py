"""What forwarding a packet costs, and what Janus pays for the same.

    python -m bench.media [--core native|python] [--publishers N] [--subscribers M] [--seconds S] [--pps P]
                          [--watch N] [--peer janus] [--pairs 5]

prints one JSON object:

    core                    native or python
    publishers, subscribers, watch
                            as asked; with as many subscribers as publishers nobody receives its own picture (12 ↔ 12)
    pps_out                 packets a second that reached subscribers and decrypted (median of the runs)
    cpu_us_per_packet       user + system time of the whole worker process tree per packet sent (median)
    core_share              of one core that all of it took (median)
    rss_kb_per_subscription memory the worker took for the subscribers, per (subscriber, stream), KiB (median)
    peer_cpu_us_per_packet  the same of the peer, null without one
    ratio_to_peer           median over the pairs of ours / the peer's in the same pair, null without a peer
    peer, peer_pps_out, peer_rss_kb_per_subscription, ratios
    packet_octets           mean payload; both sides carry the same load from the same client
    profile                 SRTP profile both sides agreed on
    decrypted               share of received packets that were authentic: all of them are decrypted
    lost                    packets subscribers missed, each run of ours, then of the peer's
    seconds, pairs, pinned
    discarded               pairs run again because one side did not carry the rate asked for, within 5 %
    load_average            of the machine at the end: much above 1 means that others were running too

The server under test is the real media worker, started by EmbeddedEngine; publishers and subscribers are one process
that takes part in ICE and DTLS and then sends and decrypts in C (bench/peers/media_load.c), paced like a browser. The
server is pinned to one core and the load to another, runs of ours and the peer's alternate. As root everything happens
in a network namespace of its own, on an address that is not loopback, because Janus gathers no other; without root, on
an address of the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ifaddr

from bench.peers import janus
from bench.peers.media_client import Client
from bench.peers.media_load import Counts, Load
from signaling.engine import MediaEvent, PeerRef, Shown
from signaling.engine_embedded import EmbeddedEngine
from signaling.sfu.dtls import Certificate, Keys

ROOM = "bench"
SPACE = "PLENO_BENCH_SPACE"  # set inside the network namespace
SPACE_ADDRESS = "10.77.0.1"
PAYLOAD_OCTETS = 1050
WARM_UP_S = 2.0
AT_ONCE = 8  # handshakes
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement of one server."""

    pps_out: float
    cpu_us: float
    rss_kb: float
    counts: Counts
    profile: str


def process_tree(pid: int) -> list[int]:
    """The process and its descendants."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    tree = [pid]
    for parent in tree:
        tree += children.get(parent, [])
    return tree


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree, all threads."""
    total = 0
    for each in process_tree(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total * TICK_S


def rss_kb(pid: int) -> float:
    total = 0
    for each in process_tree(pid):
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Rss:"):
                total += int(line.split()[1])
    return total


class Ours:
    """The media worker behind EmbeddedEngine."""

    name = "pleno"

    def __init__(self, core: str, address: str, subscribers: int) -> None:
        self._offers: dict[str, asyncio.Future[MediaEvent]] = {}
        self._engine = EmbeddedEngine(
            host=address,
            port=0,
            announce=[],
            core=core,  # type: ignore[arg-type]
            listener=self._on_event,
            log=logging.getLogger("bench"),
            listeners=subscribers,
        )

    def _on_event(self, event: MediaEvent) -> None:
        offer = self._offers.get(event.peer or "")
        if event.kind == "offer" and offer is not None and not offer.done():
            offer.set_result(event)

    async def start(self, publishers: int) -> None:
        await self._engine.start()

    @property
    def pid(self) -> int:
        assert self._engine.pid is not None
        return self._engine.pid

    async def publish(self, client: Client, number: int, ssrc: int) -> Keys:
        peer = PeerRef(ROOM, f"publisher-{number}", f"hall-{number}")
        answer = await self._engine.publish(peer, client.publish_offer(ssrc), {"0": "camera"})
        return await client.connect(answer, "client")

    async def subscribe(self, client: Client, number: int, halls: list[int]) -> Keys:
        peer = PeerRef(ROOM, f"subscriber-{number}", None)
        offered = self._offers[peer.peer] = asyncio.get_running_loop().create_future()
        await self._engine.show(peer, Shown(tuple(f"hall-{hall}" for hall in halls), stage=False, audio=False))
        event = await asyncio.wait_for(offered, 10)
        await self._engine.answer(peer, event.data["generation"], client.subscribe_answer(event.data["sdp"]))
        return await client.connect(event.data["sdp"], "client")

    async def close(self) -> None:
        await self._engine.close()


class Theirs:
    """Janus' VideoRoom."""

    name = "janus"

    def __init__(self, address: str) -> None:
        self._janus = janus.Janus(address)
        self._feeds: dict[int, int] = {}

    async def start(self, publishers: int) -> None:
        await self._janus.start(publishers)

    @property
    def pid(self) -> int:
        return self._janus.pid

    async def publish(self, client: Client, number: int, ssrc: int) -> Keys:
        self._feeds[number], answer = await self._janus.publish(client.publish_offer(ssrc))
        return await client.connect(answer, "server")

    async def subscribe(self, client: Client, number: int, halls: list[int]) -> Keys:
        handle, offer = await self._janus.subscribe([self._feeds[hall] for hall in halls])
        jsep = {"type": "answer", "sdp": client.subscribe_answer(offer)}
        connecting = asyncio.create_task(client.connect(offer, "client"))
        await handle.message({"request": "start"}, jsep)
        return await connecting

    async def close(self) -> None:
        await self._janus.close()


async def in_turn(jobs: Iterable[Any]) -> list[Any]:
    """A few at a time."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(job: Any) -> Any:
        async with turn:
            return await job

    return await asyncio.gather(*(one(job) for job in jobs))


class Bench:
    """One server, its clients and their load."""

    def __init__(self, options: argparse.Namespace, address: str, cores: list[int]) -> None:
        self._options, self._address, self._cores = options, address, cores
        self._certificate = Certificate()

    def _watched(self, subscriber: int) -> list[int]:
        publishers = range(self._options.publishers)
        mesh = self._options.publishers == self._options.subscribers > 1
        others = [hall for hall in publishers if not mesh or hall != subscriber]
        turned = others[subscriber % len(others) :] + others[: subscriber % len(others)]
        return turned[: self._options.watch or None]

    async def measure(self, server: Ours | Theirs) -> Run:
        options = self._options
        if len(self._cores) > 1:
            os.sched_setaffinity(0, {self._cores[0]})  # what we start inherits it
        load = Load()
        clients = [Client(self._certificate, self._address) for _ in range(options.publishers + options.subscribers)]
        try:
            await server.start(options.publishers)
            if len(self._cores) > 1:
                os.sched_setaffinity(0, {self._cores[1]})
            return await self._load(server, clients, load)
        finally:
            await server.close()
            for client in clients:
                await client.close()
            load.close()

    async def _load(self, server: Ours | Theirs, clients: list[Client], load: Load) -> Run:
        options = self._options
        publishers, subscribers = clients[: options.publishers], clients[options.publishers :]
        halls = [self._watched(number) for number in range(options.subscribers)]
        subscriptions = sum(map(len, halls))
        pps = options.pps / subscriptions
        published = await in_turn(server.publish(c, n, 1000 + 10 * n) for n, c in enumerate(publishers))
        for number, (client, keys) in enumerate(zip(publishers, published, strict=True)):
            load.publish(load.add(client.sock.fileno(), keys), 1000 + 10 * number, 96, pps, PAYLOAD_OCTETS)
        await load.run(WARM_UP_S)
        before = rss_kb(server.pid)
        subscribed = await in_turn(server.subscribe(c, n, halls[n]) for n, c in enumerate(subscribers))
        for client, keys in zip(subscribers, subscribed, strict=True):
            load.add(client.sock.fileno(), keys)
        start = await load.run(WARM_UP_S)
        cpu = cpu_seconds(server.pid)
        end = await load.run(options.seconds)
        cpu = cpu_seconds(server.pid) - cpu
        for client in clients:
            client.check()
        memory = (rss_kb(server.pid) - before) / subscriptions
        profile = subscribed[0].profile.name
        counts = Counts(*(getattr(end, name) - getattr(start, name) for name in Counts.__slots__))
        return Run(counts.received / options.seconds, cpu / counts.received * 1e6, memory, counts, profile)


def report(options: argparse.Namespace, ours: list[Run], theirs: list[Run]) -> dict[str, Any]:
    ratios = [round(one.cpu_us / other.cpu_us, 3) for one, other in zip(ours, theirs, strict=bool(theirs))]
    counts = [run.counts for run in (*ours, *theirs)]

    def median(runs: list[Run], name: str, digits: int) -> float | None:
        return round(statistics.median(getattr(run, name) for run in runs), digits) if runs else None

    return {
        "core": options.core,
        "publishers": options.publishers,
        "subscribers": options.subscribers,
        "watch": options.watch,
        "pps_out": median(ours, "pps_out", 0),
        "cpu_us_per_packet": median(ours, "cpu_us", 2),
        "core_share": round(statistics.median(run.pps_out * run.cpu_us / 1e6 for run in ours), 3),
        "rss_kb_per_subscription": median(ours, "rss_kb", 1),
        "peer": options.peer,
        "peer_pps_out": median(theirs, "pps_out", 0),
        "peer_cpu_us_per_packet": median(theirs, "cpu_us", 2),
        "peer_rss_kb_per_subscription": median(theirs, "rss_kb", 1),
        "ratio_to_peer": round(statistics.median(ratios), 3) if ratios else None,
        "ratios": ratios,
        "packet_octets": PAYLOAD_OCTETS,
        "profile": ours[0].profile,
        "decrypted": round(sum(c.authentic for c in counts) / sum(c.received for c in counts), 6),
        "lost": [run.counts.lost for run in ours] + [run.counts.lost for run in theirs],
        "seconds": options.seconds,
        "pairs": len(ours),
        "load_average": round(os.getloadavg()[0], 2),
    }


async def run(options: argparse.Namespace) -> dict[str, Any]:
    """Alternate ours and the peer's until there are enough pairs. Raises RuntimeError when there never are."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    bench = Bench(options, options.address, cores)
    pairs: list[list[Run]] = []
    discarded = 0
    while len(pairs) < options.pairs:
        pair = [await bench.measure(Ours(options.core, options.address, options.subscribers))]
        if options.peer:
            pair.append(await bench.measure(Theirs(options.address)))
        print(*pair, file=sys.stderr, sep="\n")
        reason = dishonest(options, pair)
        if reason is None:
            pairs.append(pair)
            continue
        discarded += 1
        print(f"discarded: {reason}", file=sys.stderr)
        if discarded > 2 * options.pairs:
            raise RuntimeError(f"no fair comparison on this machine now: {reason}")
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs if len(pair) > 1]
    return report(options, ours, theirs) | {"pinned": len(cores) > 1, "discarded": discarded}


def dishonest(options: argparse.Namespace, pair: list[Run]) -> str | None:
    """Why these runs do not compare: another rate than asked for, another profile, packets that did not decrypt."""
    for each in pair:
        if abs(each.pps_out / options.pps - 1) > options.tolerance:
            return f"{each.pps_out:.0f} packets/s instead of {options.pps:.0f}"
        if each.counts.authentic != each.counts.received:
            return f"{each.counts.received - each.counts.authentic} packets did not decrypt"
    profiles = {each.profile for each in pair}
    return f"different profiles: {profiles}" if len(profiles) > 1 else None


def enter_namespace() -> None:
    """Start again inside a network namespace of our own; comes back only where that is impossible."""
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("ip"):
        return
    setup = (
        f"ip link set lo up && ip link add bench0 type veth peer name bench1 && "
        f"ip addr add {SPACE_ADDRESS}/24 dev bench0 && ip link set bench0 up && ip link set bench1 up"
    )
    probe = subprocess.run(["unshare", "-n", "sh", "-c", setup], capture_output=True)
    if probe.returncode == 0:
        script = f'{setup} && exec "$@"'
        again = ["unshare", "-n", "sh", "-c", script, "bench", sys.executable, "-m", "bench.media", *sys.argv[1:]]
        os.execvpe("unshare", again, {**os.environ, SPACE: "1"})


def own_address() -> str:
    """An IPv4 address of this machine that is not loopback; loopback where there is none."""
    found = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    return next((each for each in found if not each.startswith("127.")), "127.0.0.1")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.media", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--core", choices=["native", "python"], default="native")
    parser.add_argument("--publishers", type=int, default=1)
    parser.add_argument("--subscribers", type=int, default=50)
    parser.add_argument(
        "--watch", type=int, help="most publishers that one subscriber watches (last-N); all when not given"
    )
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--pps", type=float, default=15_000, help="packets a second to all subscribers together")
    parser.add_argument("--tolerance", type=float, default=0.05, help="largest deviation from that rate")
    parser.add_argument("--peer", choices=["janus"])
    parser.add_argument("--pairs", type=int, help="runs of each; 5 with a peer, 1 without")
    options = parser.parse_args()
    options.pairs = options.pairs or (5 if options.peer else 1)
    return options


def main() -> None:
    options = arguments()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    if options.peer and (reason := janus.missing()):
        sys.exit(f"bench.media: {reason}")
    if SPACE not in os.environ:
        enter_namespace()
    options.address = SPACE_ADDRESS if SPACE in os.environ else own_address()
    print(json.dumps(asyncio.run(run(options)), ensure_ascii=False))


if __name__ == "__main__":
    main()
