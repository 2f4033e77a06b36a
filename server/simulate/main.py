"""Command line of `pleno simulate`: reads the passes, starts halls and delegates, ends them cleanly on a signal."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import random
import signal
import ssl
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from server.simulate.delegates import Delegate, ReceiptLog
from server.simulate.member import Member

log = logging.getLogger("pleno.simulate")
STOP_S = 5.0  # how long members may take to say goodbye


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
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tls: ssl.SSLContext | bool = True
    if options.insecure:
        tls = ssl.create_default_context()
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    connector = aiohttp.TCPConnector(limit=0, ssl=tls)
    patience = aiohttp.ClientTimeout(total=60, sock_connect=15)
    async with aiohttp.ClientSession(connector=connector, timeout=patience) as http:
        runs: list[Awaitable[None]] = []
        for holder in holders(options.passes, "delegate", options.skip_seats, options.seats):
            seat = Delegate(Member(http, options.url, holder), receipts, options.spread, random.Random(dice.random()))
            runs.append(seat.run())
        if options.halls:
            from server.simulate import halls  # PyAV and aiortc load slowly; delegates alone do not need them

            skipped = [hall for hall in options.skip_halls.split(",") if hall]
            chosen = holders(options.passes, "hall", 0, options.halls, skipped)
            runs += await halls.prepare(http, options.url, chosen, lively=options.lively)
        print(f"{options.halls} aula dan {options.seats} delegasi simulasi bergabung ke {options.url}", flush=True)
        tasks = [asyncio.ensure_future(run) for run in runs]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), options.duration or None)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOP_S)
    receipts.close()


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING, format="%(message)s")
    if not options.passes.exists():
        print(
            f"Berkas kartu masuk tidak ada: {options.passes} (jalankan `make run` dulu, atau sebut --passes).",
            flush=True,
        )
        return 2
    asyncio.run(everybody(options))
    return 0
