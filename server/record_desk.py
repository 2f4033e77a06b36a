"""`pleno record`: writes the record of a session to a file, also while a server runs on the same data folder."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from server.clock import wall_ms
from server.config import Settings
from server.data_folder import DataFolder, write_private
from server.documents.names import Names, kept_in
from server.documents.records import MEDIA_TYPES, Records
from server.errors import bad_setting
from server.store import database as databases
from server.store.audit import SqlAudit
from server.store.database import Database
from server.store.journal import SqlJournal
from server.store.people import SqlPeople
from sessions.errors import Refused
from sessions.ids import SessionId

ACTOR = "system"
audit = logging.getLogger("pleno.access")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code: 0, or 1 when the file cannot be written. Raises StartupError, Refused."""
    out, session = Path(options.out), SessionId(options.session)
    format_ = out.suffix.lstrip(".").lower()
    if format_ not in MEDIA_TYPES:
        endings = ", ".join(f".{name}" for name in MEDIA_TYPES)
        raise bad_setting("out", options.out, f"pakai akhiran {endings}.", f"let its name end in one of {endings}.")
    database = opened(settings)
    try:
        body = await written(SqlJournal(database), kept_in(SqlPeople(database)), session, options.form, format_)
        if options.form == "archive":
            await SqlAudit(database).note("cli", "record.read", session=session, form=options.form, format=format_)
        await asyncio.to_thread(write_private, out, body)
    except OSError as error:
        print(f"berkas tidak dapat ditulis / cannot write {out}: {error.strerror}", file=sys.stderr)
        return 1
    finally:
        await database.close()
    audit.info("record of session %s written to a file in the form %s", session, options.form)
    print(out)
    return 0


def opened(settings: Settings) -> Database:
    """No lock on the folder: the journal is read, and a line of the audit trail written at most."""
    if settings.database is not None:
        return databases.connect(settings.database, wall_ms)
    folder = DataFolder(settings.data)
    if not folder.database.exists():
        raise bad_setting(
            "data", str(settings.data), "belum ada basis data di sana.", "there is no database in it yet."
        )
    return databases.connect_file(folder.database, wall_ms)


async def written(journal: SqlJournal, names: Names, session: SessionId, form: str, format_: str) -> bytes:
    """Raises Refused: unknown_session, held."""
    if session not in await journal.heads():
        raise Refused("unknown_session")
    records = Records(journal, names)
    try:
        return (await records.of(session, form, format_, ACTOR)).body
    finally:
        await records.close()
