"""Composes the media engine of a node among several: rooms are leased in the database, links secured by its secret."""

from __future__ import annotations

import secrets

from server.config import Settings
from server.store.keys import node_secret
from server.store.media_hosts import SqlMediaHosts
from server.store.opening import Store
from signaling.engine import Listener
from signaling.engine_routing import RoutingEngine


async def media_nodes(settings: Settings, store: Store, listener: Listener) -> RoutingEngine | None:
    """None where this node carries whatever its own clients use: no other reaches it, or there cannot be another."""
    if not settings.internal or store.database.is_sqlite:
        return None
    node = f"{settings.node or 'node'}.{secrets.token_hex(4)}"  # started anew it is another: its worker knows nobody
    hosts = SqlMediaHosts(store.database, node, settings.internal)
    return RoutingEngine(node, hosts, await node_secret(store.database), listener)
