"""GET /healthz for whoever restarts us, /readyz for whoever sends clients here, /metrics for whoever watches."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Mapping

from aiohttp import web
from multidict import MultiMapping

from server.condition import process_figures
from server.config import Settings
from server.exposition import CONTENT_TYPE, exposed
from server.limits import client_address
from server.services import SERVICES, Services
from signaling.measures import By, Figure

FORWARDED = ("X-Forwarded-For", "Forwarded", "Via")


async def healthz(request: web.Request) -> web.Response:
    """200 as long as this process answers: a restart would mend neither the database nor the media plane."""
    services = request.app[SERVICES]
    database = await services.condition.database()
    media = services.media_metrics()
    body = {
        "status": "ok" if database == "ok" else "unwell",
        "database": database,
        "media": str(media.get("core", "off")),
        "sessions": len(services.desks.loaded),
    }
    return web.json_response(body, headers={"Cache-Control": "no-store"})


async def readyz(request: web.Request) -> web.Response:
    """503 with the reasons when new clients should be sent to another node."""
    condition = request.app[SERVICES].condition
    reasons = await condition.reasons()
    body = {"ready": not reasons, "reasons": reasons, "database": await condition.database()}
    return web.json_response(body, status=503 if reasons else 200, headers={"Cache-Control": "no-store"})


def session_figures(services: Services) -> Mapping[str, Figure]:
    desks = services.desks.loaded.values()
    phases = Counter(desk.state.session.phase for desk in desks if desk.state.session.created)
    open_ballots = sum(ballot.state == "open" for desk in desks for ballot in desk.state.ballots.values())
    known = ("draft", "lobby", "open", "recess", "closed", "sealed")
    return {
        "phase": By("phase", {phase: float(phases[phase]) for phase in known}),
        "broken": float(sum(desk.broken for desk in desks)),
        "open_ballots": float(open_ballots),
        "events_total": float(sum(desk.state.seq for desk in desks)),
    }


def may_watch(peer: str, headers: MultiMapping[str], settings: Settings) -> bool:
    """Whether a request of this peer comes from a network that may. A front's word counts where it is one of ours."""
    address = client_address(peer, headers.getall("X-Forwarded-For", []), settings.proxies)
    if address == peer and any(name in headers for name in FORWARDED):
        return False  # a front that is not known to us, perhaps on this very machine
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any((getattr(found, "ipv4_mapped", None) or found) in network for network in settings.metrics)


async def metrics(request: web.Request) -> web.Response:
    """To strangers it is a page like any other that does not exist."""
    services = request.app[SERVICES]
    if not may_watch(request.remote or "", request.headers, services.settings):
        raise web.HTTPNotFound
    areas: dict[str, Mapping[str, Figure]] = {
        "gateway": services.gateway.metrics(),
        "media": services.media_metrics(),
        "store": services.store.database.figures(),
        "session": session_figures(services),
        "node": services.condition.figures(),
        "process": process_figures(),
        **{area: read() for area, read in services.areas.items()},
    }
    return web.Response(body=exposed(areas), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})


def add_routes(app: web.Application) -> None:
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
