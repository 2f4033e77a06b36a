"""Command line of `pleno simulate`: reads the passes, starts halls and delegates, ends them cleanly on a signal.

Crowds are divided among processes, since one client core would be the limit long before the server is.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import random
import signal
import ssl
import sys
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from server.simulate.delegates import Delegate, ReceiptLog
from server.simulate.member import ENTERING_AT_ONCE, Member

log = logging.getLogger("pleno.simulate")
STOP_S = 5.0  # how long members may take to say goodbye
SEATS_A_PROCESS = 500


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="pleno simulate", description="Synthetic halls and delegates join a running server."
    )
    found.add_argument("--url", default="http://127.0.0.1:8080", help="where the server answers")
    found.add_argument(
        "--passes", type=Path, default=Path("data/passes.json"), help="the passes.json of its data folder"
    )
    found.add_argument("--halls", type=int, default=0, metavar="N", help="how many halls publish picture and sound")
    found.add_argument("--skip-halls", default="", metavar="ID,ID", help="halls left to real people")
    found.add_argument("--seats", type=int, default=0, metavar="N", help="how many delegates vote")
    found.add_argument(
        "--skip-seats", type=int, default=0, metavar="N", help="leave the first N delegate passes to people"
    )
    found.add_argument("--spread", type=float, default=15.0, metavar="S", help="seconds over which votes are spread")
    found.add_argument(
        "--duration", type=float, default=0.0, metavar="S", help="end by itself after S seconds (0 = never)"
    )
    found.add_argument("--log", type=Path, default=None, metavar="FILE", help="append each receipt as a JSON line")
    found.add_argument("--lively", action="store_true", help="halls raise their hand now and then")
    found.add_argument("--seed", type=int, default=1, help="for the dice of the delegates")
    found.add_argument("--insecure", action="store_true", help="accept a self-signed certificate")
    found.add_argument("--verbose", action="store_true")
    return found


def holders(path: Path, role: str, skip: int, count: int, without: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Up to `count` passes of this role, after the first `skip`, none of the halls in `without`."""
    passes = json.loads(path.read_text(encoding="utf-8"))["passes"]
    fitting = [holder for holder in passes if holder["role"] == role and holder["hall"] not in without]
    return fitting[skip : skip + count]


async def everybody(options: argparse.Namespace) -> None:
    """Run all members until a signal, or for `--duration` seconds."""
    receipts = ReceiptLog(options.log)
    dice = random.Random(options.seed)
    door = asyncio.Semaphore(ENTERING_AT_ONCE)
    stop = stopping()
    tls: ssl.SSLContext | bool = True
    if options.insecure:
        tls = ssl.create_default_context()
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    connector = aiohttp.TCPConnector(limit=0, ssl=tls)
    patience = aiohttp.ClientTimeout(total=60, sock_connect=15)
    async with aiohttp.ClientSession(connector=connector, timeout=patience) as http:
        runs: list[Awaitable[None]] = []
        if options.halls:
            from server.simulate import halls  # PyAV and aiortc load slowly; delegates alone do not need them

            skipped = [hall for hall in options.skip_halls.split(",") if hall]
            chosen = holders(options.passes, "hall", 0, options.halls, skipped)
            runs += await halls.prepare(http, options.url, chosen, lively=options.lively)
        for holder in holders(options.passes, "delegate", options.skip_seats, options.seats):
            member = Member(http, options.url, holder, keeps=("ballot",), door=door)
            runs.append(Delegate(member, receipts, options.spread, random.Random(dice.random())).run())
        print(f"{options.halls} aula dan {options.seats} delegasi simulasi bergabung ke {options.url}", flush=True)
        tasks = [asyncio.ensure_future(run) for run in runs]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), options.duration or None)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOP_S)
    receipts.close()


def stopping() -> asyncio.Event:
    """Set by the signals that end it all."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def shares(options: argparse.Namespace) -> list[list[str]]:
    """What each process is asked beside what all are, when one is too few: the halls, and so many seats each."""
    if options.seats <= SEATS_A_PROCESS:
        return []
    found = [["--seats", "0"]] if options.halls else []
    for first in range(0, options.seats, SEATS_A_PROCESS):
        seats, seed = min(SEATS_A_PROCESS, options.seats - first), options.seed + 1 + first
        numbers = {"seats": seats, "skip-seats": options.skip_seats + first, "halls": 0, "seed": seed}
        found.append([word for name, number in numbers.items() for word in (f"--{name}", str(number))])
    return found


async def divided(arguments: Sequence[str], portions: Sequence[Sequence[str]]) -> int:
    """One process for each portion, until a signal or until all have ended; 0 when all ended well."""
    stop = stopping()
    command = (sys.executable, "-m", "server", "simulate", *arguments)
    running = [await asyncio.create_subprocess_exec(*command, *portion) for portion in portions]
    ended = asyncio.gather(*(process.wait() for process in running))
    told = asyncio.ensure_future(stop.wait())
    await asyncio.wait((ended, told), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    return max(map(abs, await ended))


def main(arguments: Sequence[str]) -> int:
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING, format="%(message)s")
    if not options.passes.exists():
        print(
            f"Berkas kartu masuk tidak ada: {options.passes} (jalankan `make run` dulu, atau sebut --passes).",
            flush=True,
        )
        return 2
    if portions := shares(options):
        return asyncio.run(divided(arguments, portions))
    asyncio.run(everybody(options))
    return 0
