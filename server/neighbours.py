"""Composes what makes this node one of several."""

from __future__ import annotations

from collections.abc import Callable

from server.config import Settings
from server.desks import Desks
from server.limits import FailedTries
from server.nodes import Nodes
from server.store.bulletins import SqlBulletins
from server.store.database import Database
from server.store.keys import derived, node_secret
from server.store.opening import Store


async def neighbours(
    settings: Settings, store: Store, aside: Database, desks: Desks, tries: FailedTries, clock: Callable[[], int]
) -> Nodes | None:
    """None over SQLite, which no second server may open. aside: the database by connections of their own."""
    if store.database.is_sqlite:
        return None
    channel = store.sealer.key_id  # the installation's, so that two of them may share a Redis
    key = derived(await node_secret(store.database), "bus")
    table = SqlBulletins(aside)
    nodes = Nodes(settings.node, channel, key, settings.redis, table, desks.wake, tries.heard, clock)
    store.journal.told = nodes.tell_appended
    tries.told = nodes.tell_failed
    return nodes
