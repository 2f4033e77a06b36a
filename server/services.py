"""The parts a running server is made of, as the HTTP handlers find them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from server.accounts.entering import Entering
from server.accounts.staff import Staff
from server.condition import Condition
from server.config import Settings
from server.desks import Desks
from server.doorkeeper import StoreDoorkeeper
from server.http.uploads import Uploads
from server.limits import FailedTries
from server.nodes import Nodes
from server.printing import Prints
from server.store.opening import Store
from signaling.engine_routing import RoutingEngine
from signaling.gateway.app import Gateway
from signaling.measures import Figure


@dataclass(frozen=True, slots=True)
class Services:
    """clock: milliseconds since 1970 UTC. media_metrics: the engine's numbers, and words such as which core runs.

    areas: further figures for /metrics, `pleno_<area>_<name>`; read when somebody asks. media_nodes: None where this
    node shares its media engine with no other. nodes: None where there can be no other.
    """

    settings: Settings
    store: Store
    desks: Desks
    doorkeeper: StoreDoorkeeper
    gateway: Gateway
    tries: FailedTries
    staff: Staff
    entering: Entering
    uploads: Uploads
    prints: Prints
    clock: Callable[[], int]
    media_metrics: Callable[[], Mapping[str, float | str]]
    condition: Condition
    areas: dict[str, Callable[[], Mapping[str, Figure]]] = field(default_factory=dict)
    media_nodes: RoutingEngine | None = None
    nodes: Nodes | None = None


SERVICES = web.AppKey("services", Services)
