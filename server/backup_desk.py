"""`pleno backup` and `pleno restore`: an installation in one file, taken while it runs, put back where nothing is."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from server import data_folder, verify
from server.archive import BadArchive, Reader, Writer
from server.clock import wall_ms
from server.config import Settings
from server.data_folder import DataFolder, write_private
from server.desks import Desks
from server.errors import StartupError, bad_setting
from server.http.transcripts import made
from server.record_desk import opened
from server.store import database as databases
from server.store.audit import SqlAudit
from server.store.database import Database
from server.store.migrations import revisions
from server.store.opening import Store, open_store
from server.store.snapshot import Snapshot, filling, is_empty, snapshot
from sessions.errors import Refused
from sessions.state import State

TABLES, FOLDER = "tables/", "folder/"
KEPT = ("passes.json", "seal.key", "tls-cert.pem", "tls-key.pem")  # of the data folder, besides the database


async def backup(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code: 0, or 1 when it is refused or fails. Raises StartupError."""
    path = Path(options.file)
    database = opened(settings)
    try:
        await noted(database, options.even_during_a_secret_ballot)
        async with snapshot(database) as found:
            if (ballots := await found.open_secret_ballots()) and not options.even_during_a_secret_ballot:
                return say(during(len(ballots)))
            with Writer(path) as writer:
                await write(writer, found, DataFolder(settings.data))
                writer.finish(revision=found.revision, database=database.write.dialect.name, taken_at=now())
                parts = writer.parts
    except Refused:
        return say("basis data tidak menjawab / the database does not answer")
    except OSError as error:
        return say(f"berkas tidak dapat ditulis / cannot write {path}: {error.strerror}")
    finally:
        await database.close()
    lines = sum(part.get("lines", 0) for part in parts.values())
    print(f"{path}\t{lines} baris / rows")
    return 0


async def noted(database: Database, even_during_a_secret_ballot: bool) -> None:
    """Before it is taken or refused, so that it holds the line itself. A full disk keeps nobody from a backup."""
    try:
        await SqlAudit(database).note("cli", "backup.begin", even_during_a_secret_ballot=even_during_a_secret_ballot)
    except Refused:
        say("cadangan ini tidak tercatat di jejak audit / this backup is not in the audit trail")


def during(ballots: int) -> str:
    return (
        f"{ballots} pemungutan suara rahasia sedang dibuka: salinan yang dibuat sekarang dapat menghubungkan suara "
        "dengan pemilihnya. Tunggu sampai ditutup, atau tambahkan --even-during-a-secret-ballot.\n"
        f"{ballots} secret ballot(s) are open: a copy made now could link votes to voters. Wait until they are "
        "closed, or add --even-during-a-secret-ballot."
    )


async def write(writer: Writer, found: Snapshot, folder: DataFolder) -> None:
    for table in found.tables:
        await writer.add(f"{TABLES}{table}.jsonl", found.rows(table))
    for name in KEPT:
        with contextlib.suppress(FileNotFoundError):
            writer.add_file(FOLDER + name, (folder.path / name).read_bytes())


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def say(told: str) -> int:
    print(f"pleno: {told}", file=sys.stderr)
    return 1


async def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code: 0, or 1 when it is no whole backup or what was put back does not check out. Raises StartupError."""
    try:
        reader = Reader(Path(options.file))
    except BadArchive as error:
        return say(f"ini bukan cadangan yang utuh / this is no whole backup: {error}")
    except OSError as error:
        return say(f"berkas tidak dapat dibaca / cannot read {options.file}: {error.strerror}")
    os.umask(0o077)
    try:
        with data_folder.hold(settings.data) as folder:
            require_known(reader.manifest["revision"])
            async with place(settings, folder) as database:
                await fill(reader, database)
            put_files(reader, folder)
            found = await checked(settings, folder, reader.manifest.get("taken_at"))
    except Refused:
        return say("basis data tidak menjawab / the database does not answer")
    finally:
        reader.close()
    for line in found.wrong:
        say(line)
    print(f"{found.sessions} sidang / sessions\t{found.ballots} pemungutan suara diperiksa / ballots checked")
    return 1 if found.wrong else 0


def require_known(revision: str) -> None:
    """Raises StartupError("database_newer")."""
    if revision not in revisions():
        raise StartupError(
            "database_newer",
            f"Cadangan ini dibuat oleh versi Pleno yang lebih baru (revisi {revision}). Pulihkan dengan versi itu.",
            f"This backup was made by a newer Pleno (revision {revision}). Restore it with that version.",
        )


@asynccontextmanager
async def place(settings: Settings, folder: DataFolder) -> AsyncIterator[Database]:
    """An empty database; in a file it gets its name once all is in it. Raises StartupError("not_empty")."""
    if settings.database is not None:
        database = databases.connect(settings.database, wall_ms)
        try:
            if not await is_empty(database):
                raise not_empty(database.write.url.render_as_string(hide_password=True))
            yield database
        finally:
            await database.close()
        return
    if folder.database.exists():
        raise not_empty(str(folder.database))
    beside = folder.path / f".restoring.{os.getpid()}.sqlite"
    with gone_after(beside):
        database = databases.connect_file(beside, wall_ms)
        try:
            yield database
        finally:
            await database.close()
        beside.replace(folder.database)


def not_empty(where: str) -> StartupError:
    return StartupError(
        "not_empty",
        f"{where} sudah berisi. Pulihkan ke folder data yang baru atau basis data yang kosong (createdb).",
        f"{where} is not empty. Restore into a new data folder or an empty database (createdb).",
    )


@contextlib.contextmanager
def gone_after(file: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            file.with_name(name).unlink(missing_ok=True)


async def fill(reader: Reader, database: Database) -> None:
    """All tables of the backup, in one transaction. Raises StartupError for tables that this revision does not have."""
    async with filling(database, reader.manifest["revision"]) as filled:
        given = {name.removeprefix(TABLES).removesuffix(".jsonl") for name in reader.parts if name.startswith(TABLES)}
        if given != set(filled.tables):
            raise bad_setting("file", sorted(given ^ set(filled.tables)), "tabelnya tidak cocok.", "wrong tables.")
        for table in filled.tables:
            await filled.put(table, reader.lines(f"{TABLES}{table}.jsonl"))
        await filled.finish()


def put_files(reader: Reader, folder: DataFolder) -> None:
    """What is there already stays: it may be of this machine."""
    for name in KEPT:
        if FOLDER + name in reader.parts and not (folder.path / name).exists():
            write_private(folder.path / name, reader.content(FOLDER + name))


class Found:
    """What a look at everything said. wrong: one line each."""

    def __init__(self) -> None:
        self.sessions = self.ballots = 0
        self.wrong: list[str] = []


async def checked(settings: Settings, folder: DataFolder, taken_at: object) -> Found:
    """Replays every journal and verifies the transcript of every ballot that was counted; the trail says that it was
    restored, from a backup of when.
    """
    found = Found()
    database = opened(settings) if settings.database is not None else databases.connect_file(folder.database, wall_ms)
    store = await open_store(database)
    await store.audit.note("cli", "backup.restore", taken_at=str(taken_at)[:40])
    desks = Desks(store.journal, store.box)
    try:
        for session, head in (await desks.heads()).items():
            desk = await desks.load(session)
            found.sessions += 1
            if desk.broken or desk.state.seq != head:
                found.wrong.append(f"{session}: jurnal tidak terbaca sampai akhir / its journal cannot be replayed")
            else:
                await check_ballots(store, desk.state, found)
    finally:
        await desks.close()
        await database.close()
    return found


async def check_ballots(store: Store, state: State, found: Found) -> None:
    for ballot in state.ballots.values():
        if ballot.state != "closed":
            continue
        found.ballots += 1
        if why := verify.looked_at(await made(store, state, ballot.id))[1]:
            found.wrong.append(f"{state.session.id} {ballot.id}: {why}")
