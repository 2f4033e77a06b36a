"""A burst of secret votes: `python -m bench.votes [--store sqlite|postgresql] [--votes 2500] [--kill]`.

A real server process (`python -m server`) on a data folder of its own, one real socket a seat, all of them synced. A
moderator opens a secret ballot over a socket, then every seat votes at once. The receipts are checked, the server is
killed with SIGKILL, and another process counts roll and box in the database. With `--kill` the first SIGKILL comes when
half the acks are in; the server is started again on the same data, everybody without an answer repeats the same vote,
and every twelfth of the others does too. Prints exactly one JSON object:

    store, votes          sqlite or postgresql; seats that voted
    acked                 votes with a receipt whose signature and tracker are right
    durable               of those acked before a kill, how many another process found in the box after it
    doubled               votes counted twice, seats or trackers, and receipts that changed between two answers
    lost                  acked and not in the box
    unacked_in_box        committed when the server was killed, but not yet acked (why a retry keeps its tracker)
    votes_per_s           votes / (last ack - first vote sent), of the burst; with --kill until the kill
    ack_ms_p50, ack_ms_p99, ack_ms_max   from a vote's sending to its receipt, acked before a kill
    server_cpu_us_per_vote               user+sys of the server process in the burst, whatever else it did included
    loop_cpu_us_per_vote                 of that, its event loop's thread, which is the bound where cores are free
    join_s                from the first connection until all are admitted and synced
    refused               votes answered with anything but a receipt
    restart_s             with --kill: from starting the server again until everybody is back and synced
    lost_in_the_end       with --kill: acked, before or after, and not in the box at the end
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench.sockets import Client, Crowd, masked, quantile, raise_descriptor_limit
from server import data_folder
from server.clock import wall_ms
from server.credentials import Mint
from server.desks import new_id
from server.store import database as databases
from server.store.ballot_box import SqlBallotBox
from server.store.journal import SqlJournal
from server.store.keys import credential_key, signing_key
from server.store.migrations import migrate
from server.store.passes import Holder, SqlPasses
from sessions.canonical import canonical
from sessions.desk import Desk
from sessions.ids import PassId, SessionId
from sessions.permissions import Actor, Role

SESSION = SessionId("bench")
SEATS_A_HALL = 100
LIFE_MS = 24 * 3600 * 1000


@dataclass
class Voter:
    """One seat. frame: its vote as it goes over the wire, the same at every try. acked_at: when it was first answered.

    receipts, refusals: what it was answered; to a command, the whole answer stands for the receipt.
    """

    seat: str
    credential: str
    tracker: str
    frame: bytes = b""
    sent_at: float = 0.0
    acked_at: float = 0.0
    receipts: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """Where the votes go. url: of the database, None = SQLite in the folder."""

    folder: Path
    url: str | None

    @property
    def file(self) -> Path:
        return self.folder / "pleno.sqlite"


# -- before the server starts


async def provision(place: Place, seats: int) -> tuple[list[Voter], str, bytes]:
    """An open session through ordinary commands: voters, the moderator's credential, the public key of receipts."""
    if place.url is None:
        with data_folder.hold(place.folder) as folder:
            return await fill(databases.connect_file(folder.database, wall_ms), seats)
    return await fill(databases.connect(place.url, wall_ms), seats)


async def fill(database: databases.Database, seats: int) -> tuple[list[Voter], str, bytes]:
    await migrate(database)
    desk = Desk(SESSION, SqlJournal(database), SqlBallotBox(database), new_id=new_id)
    expires_at = wall_ms() + LIFE_MS
    created = {"title": "Bench", "kind": "plenary", "place": "Bench", "date": "2018-01-23"}
    halls = [f"aula-{number}" for number in range((seats + SEATS_A_HALL - 1) // SEATS_A_HALL)]
    mint = Mint(await credential_key(database))
    voters = [Voter(f"seat-{n}", mint.fresh(), secrets.token_hex(16)) for n in range(seats)]
    hall_of = {voter.seat: halls[number // SEATS_A_HALL] for number, voter in enumerate(voters)}
    await submit(desk, "session.create", [created])
    await submit(desk, "hall.add", ({"hall": hall, "name": hall} for hall in halls))
    seat_of = ({"seat": seat, "hall": hall, "office": "Ketua RW"} for seat, hall in hall_of.items())
    await submit(desk, "seat.add", seat_of)
    cards = [{"pass": seat, "role": "delegate", "seat": seat, "expires_at": expires_at} for seat in hall_of]
    await submit(desk, "pass.issue", [{"pass": "chair", "role": "moderator", "expires_at": expires_at}, *cards])
    await desk.submit("session.open", {}, Actor(SESSION, Role.MODERATOR, PassId("chair")), "bench-open-session")
    passes, chair = SqlPasses(database), mint.fresh()
    keys = [(chair, "chair"), *((voter.credential, voter.seat) for voter in voters)]
    kept = (passes.keep_credential(key, Holder(SESSION, PassId(card), expires_at)) for key, card in keys)
    await asyncio.gather(*kept)
    public = (await signing_key(database)).public
    await desk.close()
    await database.close()
    return voters, chair, public


async def submit(desk: Desk, name: str, commands: Iterable[dict[str, Any]]) -> None:
    actor = Actor(SESSION, Role.SYSTEM, PassId("secretariat"))
    keyed = [(f"bench-{name.replace('.', '-')}-{number}", data) for number, data in enumerate(commands)]
    await asyncio.gather(*(desk.submit(name, data, actor, key) for key, data in keyed))


# -- the server under test


class Server:
    """`python -m server` on the place's data; killed, never asked."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._address = place.folder / "server.json"
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> str:
        """Returns host:port once it listens. Raises RuntimeError when it ends instead."""
        self._address.unlink(missing_ok=True)
        command = [sys.executable, "-m", "server", "serve", "--host", "127.0.0.1", "--port", "0", "--log", "error"]
        command += ["--data", str(self._place.folder), "--max-clients", "20000"]
        if self._place.url is not None:
            command += ["--database", self._place.url]
        self.process = await asyncio.to_thread(subprocess.Popen, command, stdout=subprocess.DEVNULL)
        for _ in range(1200):
            if self._address.exists() and (told := json.loads(self._address.read_text() or "{}")):
                return str(told["url"]).removeprefix("http://")
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with code {self.process.returncode}")
            await asyncio.sleep(0.05)
        raise RuntimeError("the server does not listen after a minute")

    def cpu_s(self) -> float:
        """User and system seconds of the process so far (proc(5), field 14 and 15)."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def loop_cpu_s(self) -> float:
        """Seconds of its first thread, which runs the event loop (Linux scheduler statistics)."""
        assert self.process is not None
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e9

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


# -- the crowd


async def assemble(host: str, voters: list[Voter]) -> Crowd:
    """Everybody connects and syncs; the snapshot itself goes over HTTP and is not fetched here."""
    crowd = Crowd(host)
    await crowd.join([(voter, {"credential": voter.credential}) for voter in voters])
    answers = await crowd.ask_all("sync", lambda client: {"after": None}, 0, 120)
    upto = {"after": answers[0]["upto"]}
    answers = await crowd.ask_all("sync", lambda client: upto, 1, 120)
    assert all(answer["ok"] for answer in answers)
    return crowd


async def open_ballot(host: str, credential: str, key: str = "bench-ballot-open") -> str:
    chair = Crowd(host)
    await chair.join([(None, {"credential": credential})])
    options = [{"id": name, "label": name.upper()} for name in ("a", "b", "c")]
    data = {"title": "Bench", "options": options, "choose_max": 2, "secrecy": "secret"}
    command = {"key": key, "name": "ballot.open", "data": data}
    (answer,) = await chair.ask_all("command", lambda client: command, 0, 30)
    chair.close()
    return str(answer["result"]["ballot"])


class Burst:
    """Everybody votes at once. done: all are answered, or the wanted number is, or the server is gone."""

    def __init__(self, crowd: Crowd, wanted: int) -> None:
        self.crowd = crowd
        self.done = asyncio.Event()
        self._left = wanted

    async def run(self, voters: set[int]) -> None:
        for number, client in enumerate(self.crowd.clients):
            voter: Voter = client.mark
            if id(voter) in voters:
                client.acks[9] = self._answered(client)
                voter.sent_at = time.perf_counter()
                client.transport.write(voter.frame)
            if number % 100 == 99:
                await asyncio.sleep(0)
        await asyncio.wait_for(self.done.wait(), 120)

    def _answered(self, client: Client) -> Any:
        def take(answer: bytes) -> None:
            voter: Voter = client.mark
            told = json.loads(answer)[0]
            voter.acked_at = voter.acked_at or time.perf_counter()
            if told["ok"]:
                voter.receipts.append(told.get("receipt", told))
            else:
                voter.refusals.append(told)
            self._left -= 1
            if self._left == 0:
                self.done.set()

        return take


def sound(voter: Voter, public: Ed25519PublicKey) -> bool:
    """Whether every receipt of this voter carries the tracker and a good signature."""
    for told in voter.receipts:
        body = {name: value for name, value in told.items() if name != "signature"}
        try:
            public.verify(base64.urlsafe_b64decode(told["signature"] + "=="), canonical(body))
        except InvalidSignature:
            return False
        if told["tracker"] != voter.tracker or told["choices"] is not None or told["seat"] is not None:
            return False
    return bool(voter.receipts)


# -- counting, in another process


async def counted(place: Place) -> dict[str, Any]:
    """What `python -m bench.votes --count` found: {"trackers": […], "seats": […]} of all ballots."""
    arguments = [place.url or str(place.file)]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.votes", "--count", *arguments, stdout=subprocess.PIPE
    )
    told, _ = await child.communicate()
    if child.returncode != 0:
        raise RuntimeError("the box could not be counted")
    found: dict[str, Any] = json.loads(told)
    return found


async def count(where: str) -> dict[str, list[str]]:
    queries = {"trackers": "select tracker from box", "seats": "select seat from roll"}
    if "://" in where:
        connection = await asyncpg.connect(where)
        found = {name: [row[0] for row in await connection.fetch(query)] for name, query in queries.items()}
        await connection.close()
        return found
    with sqlite3.connect(f"file:{where}?mode=ro", uri=True) as file:
        assert file.execute("pragma integrity_check").fetchone() == ("ok",)
        return {name: [row[0] for row in file.execute(query)] for name, query in queries.items()}


# -- one run


async def measure(place: Place, store: str, votes: int, kill: bool) -> dict[str, Any]:
    voters, chair, public = await provision(place, votes)
    server = Server(place)
    try:
        host = await server.start()
        begun = time.perf_counter()
        crowd = await assemble(host, voters)
        join_s = time.perf_counter() - begun
        ballot = await open_ballot(host, chair)
        for number, voter in enumerate(voters):
            vote = {"ballot": ballot, "choices": [("a", "b", "c")[number % 3]], "tracker": voter.tracker}
            voter.frame = masked("429" + json.dumps(["vote", vote], separators=(",", ":")))
        await asyncio.sleep(1.0)
        cpu, loop_cpu = server.cpu_s(), server.loop_cpu_s()
        await Burst(crowd, votes // 2 if kill else votes).run({id(voter) for voter in voters})
        cpu, loop_cpu = server.cpu_s() - cpu, server.loop_cpu_s() - loop_cpu
        server.kill()
        await asyncio.sleep(0.2)  # acks that were already on their way
        crowd.close()
        told = summary(store, voters, cpu, loop_cpu)
        told["join_s"] = round(join_s, 2)
        first = await counted(place)
        acked = [voter for voter in voters if voter.receipts]
        told |= verdict(acked, first)
        told["unacked_in_box"] = len(set(first["trackers"]) - {voter.tracker for voter in acked})
        if kill:
            told |= await second_try(server, voters, acked, place)
        told["acked"] = sum(sound(voter, Ed25519PublicKey.from_public_bytes(public)) for voter in voters)
        told["refused"] = sum(len(voter.refusals) for voter in voters)
        return told
    finally:
        server.kill()


async def second_try(server: Server, voters: list[Voter], acked: list[Voter], place: Place) -> dict[str, Any]:
    begun = time.perf_counter()
    host = await server.start()
    crowd = await assemble(host, voters)
    restart_s = time.perf_counter() - begun
    again = [voter for voter in voters if not voter.receipts] + acked[::12]
    await Burst(crowd, len(again)).run({id(voter) for voter in again})
    server.kill()
    crowd.close()
    found = verdict([voter for voter in voters if voter.receipts], await counted(place))
    return {"restart_s": round(restart_s, 2), "doubled": found["doubled"], "lost_in_the_end": found["lost"]}


def summary(store: str, voters: list[Voter], cpu_s: float, loop_cpu_s: float) -> dict[str, Any]:
    acked = [voter for voter in voters if voter.receipts]
    waits = [(voter.acked_at - voter.sent_at) * 1e3 for voter in acked]
    span = max(voter.acked_at for voter in acked) - min(voter.sent_at for voter in voters)
    return {
        "store": store,
        "votes": len(voters),
        "acked": len(acked),
        "durable": 0,
        "doubled": 0,
        "lost": 0,
        "unacked_in_box": 0,
        "votes_per_s": round(len(acked) / span),
        "ack_ms_p50": round(quantile(waits, 0.5), 1),
        "ack_ms_p99": round(quantile(waits, 0.99), 1),
        "ack_ms_max": round(max(waits), 1),
        "server_cpu_us_per_vote": round(cpu_s / len(acked) * 1e6, 1),
        "loop_cpu_us_per_vote": round(loop_cpu_s / len(acked) * 1e6, 1),
    }


def verdict(acked: list[Voter], found: dict[str, Any]) -> dict[str, int]:
    trackers, seats = found["trackers"], found["seats"]
    box = set(trackers)
    durable = sum(voter.tracker in box for voter in acked)
    changed = sum(any(told != voter.receipts[0] for told in voter.receipts) for voter in acked)
    twice = len(trackers) - len(box) + len(seats) - len(set(seats)) + abs(len(trackers) - len(seats))
    return {"durable": durable, "lost": len(acked) - durable, "doubled": twice + changed}


@asynccontextmanager
async def postgres_url() -> AsyncIterator[str]:
    """A throwaway cluster that does sync to disk: what is measured here includes being durable."""
    from tests.fixtures import postgres

    postgres.SETTINGS = tuple(one for one in postgres.SETTINGS if one != "fsync=off")
    cluster = await asyncio.to_thread(postgres.create)
    try:
        yield cluster.url
    finally:
        await asyncio.to_thread(postgres.remove, cluster)


async def run(store: str, votes: int, kill: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="pleno-votes-") as folder:
        if store == "sqlite":
            return await measure(Place(Path(folder), None), store, votes, kill)
        async with postgres_url() as url:
            return await measure(Place(Path(folder), url), store, votes, kill)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.votes", description=__doc__.splitlines()[0])
    parser.add_argument("--store", choices=["sqlite", "postgresql", "postgres"], default="sqlite")
    parser.add_argument("--votes", type=int, default=2500)
    parser.add_argument("--kill", action="store_true", help="kill -9 in mid-burst, start again, repeat")
    parser.add_argument("--count", metavar="DATABASE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    store = "sqlite" if options.store == "sqlite" else "postgresql"
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if options.count:
            print(json.dumps(runner.run(count(options.count))))
            return
        raise_descriptor_limit(options.votes + 300)
        print(json.dumps(runner.run(run(store, options.votes, options.kill))))


if __name__ == "__main__":
    main()
