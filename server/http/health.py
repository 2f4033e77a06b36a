"""GET /healthz for whoever restarts us, GET /metrics for whoever watches."""

from __future__ import annotations

import asyncio
import gc
import resource
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from aiohttp import web

from server.services import SERVICES, Services
from sessions.errors import Refused

PATIENCE_S = 2.0
STARTED = time.monotonic()
DESCRIPTORS = Path("/proc/self/fd")


async def database_answers(services: Services) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await services.desks.heads()
    except (Refused, TimeoutError):
        return False
    return True


async def healthz(request: web.Request) -> web.Response:
    """503 while the database is away: this node can then neither record a vote nor a command."""
    services = request.app[SERVICES]
    well = await database_answers(services)
    media = services.media_metrics()
    body = {
        "status": "ok" if well else "unwell",
        "database": "ok" if well else "away",
        "media": str(media.get("core", "off")),
        "sessions": len(services.desks.loaded),
    }
    return web.json_response(body, status=200 if well else 503, headers={"Cache-Control": "no-store"})


def process_metrics() -> dict[str, float]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    found = {
        "cpu_seconds_total": usage.ru_utime + usage.ru_stime,
        "resident_max_bytes": usage.ru_maxrss * 1024,
        "uptime_seconds": time.monotonic() - STARTED,
        "gc_collections_total": float(sum(generation["collections"] for generation in gc.get_stats())),
    }
    if DESCRIPTORS.exists():
        found["open_descriptors"] = float(len(list(DESCRIPTORS.iterdir())))
    return found


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def lines(area: str, metrics: Mapping[str, float | str]) -> Iterator[str]:
    """Prometheus text format 0.0.4; a word becomes an info series with value 1. Names ending in _total are counters."""
    for name, value in sorted(metrics.items()):
        full = f"pleno_{area}_{name}"
        if isinstance(value, str):
            yield f"# TYPE {full}_info gauge"
            yield f'{full}_info{{{name}="{escaped(value)}"}} 1'
        else:
            yield f"# TYPE {full} {'counter' if name.endswith('_total') else 'gauge'}"
            yield f"{full} {float(value)!r}"


async def metrics(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    areas: dict[str, Mapping[str, float | str]] = {
        "gateway": services.gateway.metrics(),
        "media": services.media_metrics(),
        "store": services.store.database.counters.read(),
        "process": process_metrics(),
    }
    text = "\n".join(line for area, found in areas.items() for line in lines(area, found)) + "\n"
    return web.Response(
        body=text.encode(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"},
    )


def add_routes(app: web.Application) -> None:
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", metrics)
