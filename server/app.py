"""The composition root: builds a server from its settings, in the order in which things may fail."""

from __future__ import annotations

import contextlib
import datetime
import errno
import gc
import json
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from server import addresses, data_folder, descriptors, listening, tls, turn
from server.accounts.entering import Entering
from server.accounts.passwords import Passwords
from server.accounts.seal import Seal, seal_all, seal_of
from server.accounts.staff import Staff
from server.accounts.watch import LoginWatch
from server.claims import Claims
from server.clock import DatabaseClock, wall_ms
from server.condition import Condition
from server.config import Settings
from server.courier import Courier
from server.credentials import Mint
from server.cut_off import CutOff
from server.data_folder import DataFolder, write_private
from server.demo.bekasi import SESSION
from server.demo.build import build
from server.demo.welcome import welcome
from server.desks import Desks
from server.doorkeeper import StoreDoorkeeper
from server.errors import StartupError, bad_setting
from server.http.client import STATIC
from server.http.uploads import Uploads
from server.limits import FailedTries
from server.media_nodes import media_nodes
from server.neighbours import neighbours
from server.printing import Prints
from server.pulse import Pulse, learn
from server.retention import is_believed
from server.routes import application
from server.services import Services
from server.store import database as databases
from server.store.keys import credential_key
from server.store.opening import Store, open_store
from server.store.passes import SqlPasses
from server.store.retention import SqlRetention
from server.timers import Timers
from sessions.ids import SessionId
from signaling.engine import MediaEvent
from signaling.engine_embedded import EmbeddedEngine
from signaling.gateway.app import Gateway
from signaling.gateway.ports import GatewaySettings

log = logging.getLogger(__name__)

IDLE_S = 75.0  # how long a connection may take over its headers, and stay without a request; fronts keep theirs for 60
SHUTDOWN_S = 3.0  # what requests under way get before they are cut off


@dataclass(frozen=True, slots=True)
class Running:
    """A server that accepts connections. url: without a slash at the end."""

    settings: Settings
    folder: DataFolder
    services: Services
    passes: SqlPasses
    url: str
    media_port: int
    greeting: str


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Callable[[], int] = wall_ms, static: Path = STATIC, mounts: str | None = None
) -> AsyncIterator[Running]:
    """Start everything, stop it again at exit. Raises StartupError.

    clock: milliseconds since 1970 UTC. mounts: what to take for /proc/self/mounts.
    """
    descriptors.allow(settings.max_clients)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(data_folder.hold(settings.data, mounts))
        listener, media_port = listening.bind(settings.host, settings.port, settings.media_port, settings.media_host)
        stack.callback(listener.close)
        secure = tls.context(settings.tls, folder.path, certificate_names(settings), now())
        store = await opened(settings, folder, clock)
        stack.push_async_callback(store.database.close)
        if clock is wall_ms and not store.database.is_sqlite:
            clock = DatabaseClock(clock)
            await learn(clock, store.database)  # before anything ends or is erased because its time has come
        seal = await seal_of(settings, folder, store.database)
        await seal_all(store.accounts, seal)
        retention = SqlRetention(store.database, store.audit)
        if settings.retention_days:
            await is_believed(retention, clock())  # before anything is written by this clock
        desks = Desks(store.journal, store.box, store.sealer)
        stack.push_async_callback(desks.close)
        cards = await demonstration(settings, desks, store, folder, clock)
        await desks.level()
        services = await compose(stack, settings, store, desks, clock, media_port, seal)
        timers = Timers(desks, store.passes, clock, retention, settings.retention_days)
        stack.push_async_callback(timers.close)
        courier = Courier(desks)
        stack.push_async_callback(courier.close)
        runner = await served(stack, application(services, static))
        # Clients are told before their sockets are closed, so that they come back instead of giving up.
        stack.push_async_callback(services.gateway.close)
        if services.media_nodes is not None:
            stack.push_async_callback(services.media_nodes.guests.close)
            stack.push_async_callback(services.media_nodes.hand_over)
        await web.SockSite(runner, listener, ssl_context=secure, backlog=listening.BACKLOG).start()
        url = url_of(settings, listener)
        greeting = f"Pleno siap di {url}"
        if cards:
            greeting = welcome(url, settings.host, secure is not None, cards, folder.passes)
        server = Running(settings, folder, services, store.passes, url, media_port, greeting)
        stack.enter_context(address_file(server))
        yield server


async def served(stack: AsyncExitStack, application: web.Application) -> web.AppRunner:
    """Set up to serve it; the stack takes it down."""
    runner = web.AppRunner(
        application, handle_signals=False, access_log=None, shutdown_timeout=SHUTDOWN_S, keepalive_timeout=IDLE_S
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    return runner


async def demonstration(
    settings: Settings, desks: Desks, store: Store, folder: DataFolder, clock: Callable[[], int]
) -> list[dict[str, Any]]:
    """The cards of the demonstration plenary, if there shall be one; built before anybody is let in."""
    if not settings.demo:
        return []
    return await build(await desks.load(SessionId(SESSION)), store, folder.passes, clock())


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


async def opened(settings: Settings, folder: DataFolder, clock: Callable[[], int]) -> Store:
    """The store, ready for use. Raises StartupError: bad_setting when it cannot be reached, database_newer."""
    if settings.database is None:
        os.umask(0o077)  # SQLite makes its files, and the write-ahead log beside them, with this
        database = databases.connect_file(folder.database, clock)
    else:
        database = databases.connect(settings.database, clock)
    try:
        return await open_store(database, settings.node)
    except StartupError:
        await database.close()
        raise
    except Exception as error:
        await database.close()
        log.debug("the database could not be opened", exc_info=True)
        why = type(error.__cause__ or error).__name__
        raise bad_setting(
            "database",
            database.write.url.render_as_string(hide_password=True),
            f"basis data tidak dapat dibuka ({why}). Periksa alamat, nama, dan sandinya.",
            f"the database cannot be opened ({why}). Check address, name and password.",
        ) from error


async def compose(
    stack: AsyncExitStack,
    settings: Settings,
    store: Store,
    desks: Desks,
    clock: Callable[[], int],
    media_port: int,
    seal: Seal,
) -> Services:
    mint = Mint(await credential_key(store.database))
    doorkeeper = StoreDoorkeeper(store.passes, desks, Claims(store.claims, desks), mint, clock)
    tries = FailedTries(time.monotonic)
    passwords = Passwords()
    stack.callback(passwords.close)
    listeners: list[Callable[[MediaEvent], None]] = []

    def tell(event: MediaEvent) -> None:
        for listener in listeners:
            listener(event)

    aside = databases.apart(store.database)
    stack.push_async_callback(aside.close)
    nodes = await neighbours(settings, store, aside, desks, tries, clock)
    if nodes is not None:
        stack.push_async_callback(nodes.close)
    media = await media_nodes(settings, store, tell)
    embedded = await media_engine(stack, settings, media_port, tell if media is None else media.on_event)
    engine = embedded if media is None else media
    if media is not None:
        media.start(embedded)
        stack.push_async_callback(media.close)
    condition = Condition(store.database)
    stack.push_async_callback(condition.close)
    limits = GatewaySettings(max_clients=settings.max_clients, origins=settings.origins)
    gateway = Gateway(
        desks,
        doorkeeper,
        store.sealer,
        engine,
        clock=clock,
        settings=limits,
        box=store.box,
        relays=turn.from_settings(settings, clock),
        nodes=nodes,
    )
    listeners.append(gateway.on_media)
    if nodes is not None:
        nodes.start(gateway)
        cut_off = CutOff(nodes, gateway)
        stack.push_async_callback(cut_off.close)
        condition.cut_off = lambda: cut_off.here
    pulse = Pulse(store.database, aside, clock if isinstance(clock, DatabaseClock) else None, gateway.storage)
    stack.push_async_callback(pulse.close)
    prints = Prints(store.passes, store.claims, store.prints, store.audit, clock)
    stack.push_async_callback(prints.close)
    watch = LoginWatch(store.accounts, store.guesses, gateway, clock)
    stack.push_async_callback(watch.close)
    return Services(
        settings=settings,
        store=store,
        desks=desks,
        doorkeeper=doorkeeper,
        gateway=gateway,
        tries=tries,
        staff=Staff(store.accounts, store.guesses, store.audit, passwords, clock, seal),
        entering=Entering(store.accounts, store.passes, desks, mint, clock),
        uploads=Uploads(settings.slides_mb),
        prints=prints,
        clock=clock,
        media_metrics=(lambda: {"up": 0}) if engine is None else engine.metrics,
        condition=condition,
        media_nodes=media,
        nodes=nodes,
        areas={"database": pulse.figures, **({} if nodes is None else nodes.areas)},
    )


async def media_engine(
    stack: AsyncExitStack, settings: Settings, port: int, listener: Callable[[MediaEvent], None]
) -> EmbeddedEngine | None:
    """None when the media worker does not come up: a plenary without pictures can still deliberate and vote.

    Raises StartupError: media_port_in_use, bad_setting.
    """
    engine = EmbeddedEngine(
        host=settings.media_host or settings.host,
        port=port,
        announce=settings.announce or tuple(addresses.reachable(settings.media_host or settings.host)),
        core=settings.core,
        listener=listener,
        log=logging.getLogger("signaling.sfu"),
    )
    try:
        await engine.start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise listening.media_port_in_use(port) from error
        if settings.core == "native":
            raise bad_setting(
                "core", "native", f"inti native tidak berjalan ({error}).", f"the native core does not run ({error})."
            ) from error
        log.error("the media worker does not start (%s): the plenary runs without video and sound", error)
        await engine.close()
        return None
    stack.push_async_callback(engine.close)
    return engine


def certificate_names(settings: Settings) -> list[str]:
    found = ["localhost", "127.0.0.1", socket.gethostname(), *settings.announce]
    if settings.host not in ("", "0.0.0.0", "::"):
        found.append(settings.host)
    with contextlib.suppress(OSError):
        found += addresses.reachable(settings.host)
    return found


def url_of(settings: Settings, listener: socket.socket) -> str:
    """How this server is reached, from another machine if it can be."""
    scheme = "https" if settings.tls else "http"
    host = settings.host
    if host in ("", "0.0.0.0", "::"):
        host = (settings.announce or tuple(addresses.reachable(host)))[0]
    port: int = listener.getsockname()[1]
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


@contextlib.contextmanager
def address_file(server: Running) -> Iterator[None]:
    """DATA/server.json while the server runs: where `pleno simulate` and `pleno passes` find it."""
    told = {"url": server.url, "pid": os.getpid(), "media_port": server.media_port}
    write_private(server.folder.address, json.dumps(told).encode())
    try:
        yield
    finally:
        server.folder.address.unlink(missing_ok=True)


def settle() -> None:
    """After warm-up: what lives now lives long, and collecting it stalled every third broadcast by 0.25 to 0.4 s."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
