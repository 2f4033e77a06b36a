"""A burst of requests to speak: `python -m bench.commands [--store sqlite|postgresql] [--commands 2500]`.

Commands are committed in groups of at most a hundred, one group after the other. The same server process, data and
sockets as bench/votes.py: every seat asks for the floor at once, the server is killed with SIGKILL, and the journal is
read. The queue of speakers is shorter than the crowd (100 by default): whoever comes too late is refused with
queue_full, which costs the group the same look-up and no row. Prints exactly one JSON object:

    store, commands       sqlite or postgresql; seats that asked
    accepted, refused     answered with a result; with a code
    durable               of those accepted, how many the journal holds
    doubled               requests of one seat beyond its first
    commands_per_s        commands / (last answer - first sent)
    ack_ms_p50, ack_ms_p99, ack_ms_max   from a command's sending to its answer
    server_cpu_us_per_command, loop_cpu_us_per_command   as in bench/votes.py
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from bench.sockets import quantile, raise_descriptor_limit
from bench.votes import Burst, Place, Server, Voter, assemble, masked, postgres_url, provision

QUERY = "select data from journal where type = 'floor_requested'"


async def journaled(place: Place) -> list[str]:
    """The seats of all requests in the journal, in order."""
    if place.url is None:
        with sqlite3.connect(f"file:{place.file}?mode=ro", uri=True) as file:
            rows = [row[0] for row in file.execute(QUERY)]
    else:
        connection = await asyncpg.connect(place.url)
        rows = [row[0] for row in await connection.fetch(QUERY)]
        await connection.close()
    return [str(json.loads(row)["seat"]) for row in rows]


async def measure(place: Place, store: str, commands: int) -> dict[str, Any]:
    voters, _, _ = await provision(place, commands)
    server = Server(place)
    try:
        crowd = await assemble(await server.start(), voters)
        for number, voter in enumerate(voters):
            command = {"key": f"bench-floor-{number}", "name": "floor.request", "data": {}}
            voter.frame = masked("429" + json.dumps(["command", command], separators=(",", ":")))
        await asyncio.sleep(1.0)
        cpu, loop_cpu = server.cpu_s(), server.loop_cpu_s()
        await Burst(crowd, commands).run({id(voter) for voter in voters})
        cpu, loop_cpu = server.cpu_s() - cpu, server.loop_cpu_s() - loop_cpu
        server.kill()
        crowd.close()
        return {"store": store} | summary(voters, await journaled(place), cpu, loop_cpu)
    finally:
        server.kill()


def summary(voters: list[Voter], kept: list[str], cpu_s: float, loop_cpu_s: float) -> dict[str, Any]:
    waits = [(voter.acked_at - voter.sent_at) * 1e3 for voter in voters]
    span = max(voter.acked_at for voter in voters) - min(voter.sent_at for voter in voters)
    accepted = {voter.seat for voter in voters if voter.receipts}
    return {
        "commands": len(voters),
        "accepted": len(accepted),
        "refused": sum(len(voter.refusals) for voter in voters),
        "durable": len(accepted & set(kept)),
        "doubled": len(kept) - len(set(kept)),
        "commands_per_s": round(len(voters) / span),
        "ack_ms_p50": round(quantile(waits, 0.5), 1),
        "ack_ms_p99": round(quantile(waits, 0.99), 1),
        "ack_ms_max": round(max(waits), 1),
        "server_cpu_us_per_command": round(cpu_s / len(voters) * 1e6, 1),
        "loop_cpu_us_per_command": round(loop_cpu_s / len(voters) * 1e6, 1),
    }


async def run(store: str, commands: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="pleno-commands-") as folder:
        if store == "sqlite":
            return await measure(Place(Path(folder), None), store, commands)
        async with postgres_url() as url:
            return await measure(Place(Path(folder), url), store, commands)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.commands", description=__doc__.splitlines()[0])
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--commands", type=int, default=2500)
    options = parser.parse_args()
    raise_descriptor_limit(options.commands + 300)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(run(options.store, options.commands))))


if __name__ == "__main__":
    main()
