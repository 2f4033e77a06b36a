"""Brings a database to the tables of this version, one node at a time."""

from __future__ import annotations

import fcntl
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import StartupError
from server.store.database import Database, patient

LOCK_KEY = 0x706C656E6F  # "pleno", for pg_advisory_xact_lock


def configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def revisions() -> tuple[str, ...]:
    """What this version knows, the one it brings a database to first."""
    return revisions_in(Path(__file__).parent)


@functools.cache
def revisions_in(folder: Path) -> tuple[str, ...]:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return tuple(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


async def current(connection: AsyncConnection) -> str:
    """The revision the database is at, "" when it has no tables of ours."""
    there = await connection.run_sync(lambda plain: inspect(plain).has_table("alembic_version"))
    found = (await connection.execute(text("select version_num from alembic_version"))).scalar() if there else None
    return str(found or "")


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Raises StartupError("database_newer")."""
    there = MigrationContext.configure(connection).get_current_revision()
    if there is not None and there not in revisions():
        raise database_newer(there)
    if there != revisions()[0]:
        command.upgrade(configuration(connection), revision)


def database_newer(revision: str) -> StartupError:
    return StartupError(
        "database_newer",
        f"Basis data ini sudah dipakai versi Pleno yang lebih baru (revisi {revision}). Jalankan versi itu atau yang "
        "sesudahnya; untuk kembali ke versi ini, pulihkan cadangan dari sebelum pembaruan.",
        f"This database was brought up to date by a newer Pleno (revision {revision}). Run that version or a later "
        "one; to go back to this one, restore a backup from before the update.",
    )


async def migrate(database: Database) -> None:
    """Run what is missing, in one transaction under a lock that other nodes wait for.

    Raises StartupError("database_newer") when a later version was here: this one does not know what its tables mean.
    """
    if database.is_sqlite:
        with file_lock(database.write.url.database or ""):
            async with database.writing() as connection:
                await connection.run_sync(upgrade)
        return
    engine = patient(database)
    try:
        async with replace(database, write=engine).writing() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
            await connection.run_sync(upgrade)
    finally:
        await engine.dispose()


@contextmanager
def file_lock(database: str) -> Iterator[None]:
    """An advisory lock in a file beside the database; released by the kernel when its holder dies."""
    with Path(f"{database}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
