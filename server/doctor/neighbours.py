"""What the server leans on: the database, Redis and the relays."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from aioice import stun, turn
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.clock import wall_ms
from server.config import Settings
from server.data_folder import DataFolder
from server.doctor.findings import Finding, ok, warning, wrong
from server.store import database as databases
from server.store.database import POSTGRES_READERS, POSTGRES_WRITERS, Database
from server.store.inspection import Inspected, inspect
from server.store.migrations import revisions
from server.turn import Turn

PATIENCE_S = 5.0
SKEW_WARN_MS, SKEW_WRONG_MS = 1000, 10_000


async def database(settings: Settings) -> AsyncIterator[Finding]:
    folder = DataFolder(settings.data)
    if settings.database is None and not folder.database.exists():
        yield ok("database", "SQLite, dibuat saat mulai", "SQLite, made at the start")
        return
    url = settings.database
    opened = databases.connect_file(folder.database, wall_ms) if url is None else databases.connect(url, wall_ms)
    try:
        async with asyncio.timeout(PATIENCE_S):
            before = wall_ms()
            found = await inspect(opened)
            middle = (before + wall_ms()) // 2
    except Exception as error:
        yield unreachable(opened, error)
        return
    finally:
        await opened.close()
    yield revision(found)
    if found.postgres:
        for finding in (durable(found), room(found), skew(found.now - middle)):
            yield finding


def unreachable(opened: Database, error: Exception) -> Finding:
    where, why = opened.write.url.render_as_string(hide_password=True), type(error.__cause__ or error).__name__
    return wrong(
        "database",
        f"{where} tidak menjawab ({why}). Periksa alamat, nama, sandi, dan apakah basis datanya berjalan.",
        f"{where} does not answer ({why}). Check address, name, password, and whether the database runs.",
    )


def revision(found: Inspected) -> Finding:
    kind = f"PostgreSQL {found.version}" if found.postgres else f"SQLite {found.version}"
    if found.revision and found.revision not in revisions():
        return wrong(
            "database",
            f"{kind} sudah dipakai versi Pleno yang lebih baru (revisi {found.revision}): jalankan versi itu.",
            f"{kind} was brought up to date by a newer Pleno (revision {found.revision}): run that version.",
        )
    if found.revision != revisions()[0]:
        told = found.revision or "-"
        return ok("database", f"{kind}, revisi {told}: diperbarui saat mulai", f"{kind}, updated at the start")
    return ok("database", f"{kind}, revisi {found.revision}", f"{kind}, revision {found.revision}")


def durable(found: Inspected) -> Finding:
    """What an acknowledgement promises needs both."""
    off = [name for name in ("fsync", "synchronous_commit", "full_page_writes") if found.settings.get(name) == "off"]
    if off:
        names = ", ".join(f"{name}=off" for name in off)
        return wrong(
            "durability",
            f"{names}: suara yang sudah dikonfirmasi bisa hilang saat listrik padam. Setel ke on di postgresql.conf.",
            f"{names}: acknowledged votes could be lost in a power cut. Set to on in postgresql.conf.",
        )
    return ok("durability", "fsync dan synchronous_commit menyala", "fsync and synchronous_commit are on")


def room(found: Inspected) -> Finding:
    """Connections for two nodes and some spare."""
    a_node = POSTGRES_WRITERS + POSTGRES_READERS
    most = int(found.settings.get("max_connections", "0"))
    if most < 2 * a_node + 5:
        return warning(
            "connections",
            f"max_connections={most}; satu node memakai sampai {a_node}.",
            f"max_connections={most}; a node takes up to {a_node}.",
        )
    return ok("connections", f"max_connections={most}", f"max_connections={most}")


def skew(ms: int) -> Finding:
    if abs(ms) < SKEW_WARN_MS:
        return ok("clock", "jam mesin ini cocok dengan basis data", "this machine's clock agrees with the database")
    told = f"{abs(ms) / 1000:.1f}"
    state = wrong if abs(ms) >= SKEW_WRONG_MS else warning
    return state(
        "clock",
        f"jam mesin ini berbeda {told} detik dari basis data. Nyalakan NTP di keduanya (timedatectl set-ntp true).",
        f"this machine's clock is {told} s off the database's. Turn NTP on at both (timedatectl set-ntp true).",
    )


async def redis(settings: Settings) -> Finding:
    if settings.redis is None:
        return ok("redis", "tidak dipakai", "not used")
    client: Any = Redis.from_url(settings.redis, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await client.ping()
    except (RedisError, OSError, TimeoutError) as error:
        why = type(error).__name__
        return warning(
            "redis",
            f"Redis tidak menjawab ({why}). Tanpa Redis node saling melihat dua kali sedetik; tak ada yang hilang.",
            f"Redis does not answer ({why}). Without it nodes look at each other twice a second; nothing is lost.",
        )
    finally:
        await client.aclose()
    return ok("redis", "menjawab", "answers")


async def relays(settings: Settings) -> AsyncIterator[Finding]:
    """Asks each relay for a place, as a browser would, with a credential as browsers get it."""
    if not settings.turn:
        yield ok("turn", "tidak dipakai: aula perlu UDP langsung", "not used: halls need UDP")
    for url in settings.turn if settings.turn_secret else ():
        started = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await allocate(url, Turn(settings.turn, settings.turn_secret, wall_ms))
        except stun.TransactionFailed as error:
            code = error.response.attributes.get("ERROR-CODE", (0, ""))[0]
            yield wrong(
                "turn",
                f"{url} menolak (galat {code}). Samakan PLENO_TURN_SECRET dengan static-auth-secret di coturn.",
                f"{url} refuses (error {code}). Make PLENO_TURN_SECRET the same as coturn's static-auth-secret.",
            )
        except (OSError, TimeoutError, stun.TransactionTimeout) as error:
            yield wrong(
                "turn",
                f"{url} tidak menjawab ({type(error).__name__}). Periksa alamat, port, dan firewall.",
                f"{url} does not answer ({type(error).__name__}). Check address, port and firewall.",
            )
        else:
            took = f"{(time.monotonic() - started) * 1000:.0f} ms"
            yield ok("turn", f"{url} memberi tempat ({took})", f"{url} gives a place ({took})")


async def allocate(url: str, made: Turn) -> None:
    """Raises what aioice raises. The place is given back."""
    scheme, _, rest = url.partition(":")
    where, _, asked = rest.partition("?")
    parts = urlsplit(f"//{where}")
    tcp = asked == "transport=tcp" or scheme == "turns"
    access = made.access("doctor")
    transport, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol,
        server_addr=(parts.hostname or "", parts.port or (5349 if scheme == "turns" else 3478)),
        username=access.username,
        password=access.credential,
        ssl=ssl.create_default_context() if scheme == "turns" else None,
        transport="tcp" if tcp else "udp",
    )
    transport.close()
    await asyncio.sleep(0.1)  # the farewell takes a moment
