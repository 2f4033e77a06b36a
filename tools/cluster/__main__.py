"""`python -m tools.cluster`: the whole topology on one machine until Ctrl+C, with the demonstration plenary in it."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from server.demo.welcome import first_of_each_face, link
from tools.cluster.parts import PartFailed
from tools.cluster.topology import NODES_MOST, Cluster, Plan


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m tools.cluster", description=(__doc__ or "").splitlines()[0])
    found.add_argument("--data", type=Path, default=Path("data/cluster"), help="folder of its own (data/cluster)")
    found.add_argument("--port", type=int, default=18000, help="of the front; the next 13 are used too (18000)")
    found.add_argument("--listen", default="127.0.0.1", help="0.0.0.0 for everybody")
    found.add_argument("--name", default="localhost", help="what browsers call this machine")
    found.add_argument("--relay-name", default="relay.localhost", help="and its relay, by another name")
    found.add_argument("--announce", default="", help="addresses halls reach its UDP ports by, comma separated")
    found.add_argument(
        "--nodes", type=int, default=2, choices=range(1, NODES_MOST + 1), metavar="N", help="how many (2)"
    )
    found.add_argument("--no-front", action="store_true", help="no TLS: people go to the nodes themselves")
    found.add_argument("--no-relay", action="store_true", help="without TURN")
    found.add_argument("--no-restart", action="store_true", help="leave dead what dies")
    found.add_argument("serve", nargs="*", help="after --: more options of `pleno serve`, for each node")
    return found


def plan(options: argparse.Namespace) -> Plan:
    return Plan(
        folder=options.data,
        base_port=options.port,
        nodes=options.nodes,
        listen=options.listen,
        name=options.name,
        announce=options.announce,
        relay_name=options.relay_name,
        front=not options.no_front,
        relay=not options.no_relay,
        restart=not options.no_restart,
        demo=True,
        options=options.serve,
    )


def greeting(cluster: Cluster) -> str:
    cards = json.loads(cluster.passes.read_text())["passes"]
    lines = ["", f"Pleno siap di {cluster.url}", ""]
    lines += [f"  {card['label']:<32} {link(cluster.url, card)}" for card in first_of_each_face(cards)]
    lines += ["", f"Tautan lain: {cluster.passes}", ""]
    lines += [f"  {node:<12} {cluster.node_url(node)}" for node in cluster.nodes]
    lines += [f"  {'PostgreSQL':<12} 127.0.0.1:{cluster.plan.port('postgresql')}"]
    lines += [f"  {'Redis':<12} 127.0.0.1:{cluster.plan.port('redis')}"]
    if cluster.plan.relay:
        lines += [f"  {'TURN':<12} {cluster.plan.listen}:{cluster.plan.port('relay')}"]
    lines += [f"  {'log':<12} {cluster.folder}/*.log", "", "Berhenti: Ctrl+C", ""]
    return "\n".join(lines)


def main() -> int:
    options = parser().parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Cluster(plan(options), lambda line: print(line, file=sys.stderr, flush=True)) as cluster:
        try:
            cluster.start()
        except PartFailed as failed:
            print(f"cluster: {failed}", file=sys.stderr)
            return 1
        print(greeting(cluster), flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
