"""All that the server answers over HTTP, in one table."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from server.http import (
    account_admin,
    accounts,
    cards,
    client,
    decks,
    documents,
    founding,
    headers,
    health,
    lists,
    nodes,
    pages,
    passes,
    people,
    photos,
    prints,
    proxies,
    reach,
    sessions,
    similar,
    templates,
)
from server.http.problems import problems
from server.services import SERVICES, Services

MOST_BODY_BYTES = 64 * 1024


def application(services: Services, static: Path = client.STATIC) -> web.Application:
    """The aiohttp application; the gateway's /socket.io/ is mounted before the client's catch-all."""
    app = web.Application(middlewares=[problems], client_max_size=MOST_BODY_BYTES)
    app[SERVICES] = services
    app.on_response_prepare.append(headers.add)
    passes.add_routes(app)
    accounts.add_routes(app)
    account_admin.add_routes(app)
    founding.add_routes(app)
    cards.add_routes(app)
    prints.add_routes(app)
    sessions.add_routes(app)
    people.add_routes(app)
    lists.add_routes(app)
    proxies.add_routes(app)
    reach.add_routes(app)
    photos.add_routes(app)
    similar.add_routes(app)
    decks.add_routes(app)
    documents.add_routes(app)
    templates.add_routes(app)
    health.add_routes(app)
    nodes.add_routes(app)
    services.gateway.attach(app)
    files = client.load(static)
    pages.add_routes(app, files)
    client.add_routes(app, files)
    return app
