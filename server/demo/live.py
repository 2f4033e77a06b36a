"""The demonstration with life in it: synthetic halls and delegates in a process of their own, ended with the server."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator

from server.app import Running

log = logging.getLogger(__name__)

PATIENCE_S = 5.0
# The first forty seats are left to the people who try it.
CAST = ("--halls", "12", "--seats", "200", "--skip-seats", "40", "--lively")


@contextlib.asynccontextmanager
async def live(server: Running) -> AsyncIterator[None]:
    """Runs `pleno simulate` beside the server when the settings ask for it. That it ends is only logged."""
    if not server.settings.live:
        yield
        return
    arguments = ["--url", server.url, "--passes", str(server.folder.passes), *CAST]
    if server.settings.tls:
        arguments.append("--insecure")  # it is this very machine, whatever name the certificate bears
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "server", "simulate", *arguments)
    watcher = asyncio.create_task(report_end(process))
    try:
        yield
    finally:
        watcher.cancel()
        await end(process)


async def report_end(process: asyncio.subprocess.Process) -> None:
    code = await process.wait()
    log.warning("the synthetic halls ended with exit code %d; the server goes on", code)


async def end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE_S)
    except TimeoutError:
        process.kill()
        await process.wait()
