"""The parts a running server is made of, as the HTTP handlers find them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web
from signaling.gateway.app import Gateway

from server.config import Settings
from server.desks import Desks
from server.doorkeeper import StoreDoorkeeper
from server.limits import FailedTries
from server.store.ballot_box import SqlBallotBox
from server.store.database import Database
from server.store.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Services:
    """clock: milliseconds since 1970 UTC. media_metrics: the engine's numbers, and words such as which core runs."""

    settings: Settings
    database: Database
    box: SqlBallotBox
    desks: Desks
    doorkeeper: StoreDoorkeeper
    sealer: SigningKey
    gateway: Gateway
    tries: FailedTries
    clock: Callable[[], int]
    media_metrics: Callable[[], Mapping[str, float | str]]


SERVICES = web.AppKey("services", Services)
