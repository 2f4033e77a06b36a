"""`pleno passes`: lists, issues, prints, releases and revokes passes, also beside a running server."""

from __future__ import annotations

import argparse
import datetime
import json
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server import issuing
from server.clock import wall_ms
from server.config import Settings
from server.data_folder import DataFolder, write_private
from server.desks import Desks, system
from server.errors import bad_setting
from server.store import database as databases
from server.store.audit import SqlAudit
from server.store.ballot_box import SqlBallotBox
from server.store.claims import SqlClaims
from server.store.database import Database
from server.store.journal import SqlJournal
from server.store.passes import SqlPasses
from server.store.prints import SqlPrints
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import HallId, PassId, SessionId
from sessions.passes import is_claimed


@dataclass(frozen=True, slots=True)
class Opened:
    desk: Desk
    passes: SqlPasses
    claims: SqlClaims
    url: str
    database: Database


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code 0. Raises Refused, ProtocolError."""
    async with opened(settings, SessionId(options.session)) as found:
        match options.action:
            case "list":
                list_passes(found.desk, await found.claims.claimed(found.desk.state.session.id))
            case "release":
                await release(found, options.pass_id)
            case "issue":
                await issue(found, options)
            case "print":
                await print_cards(found, options)
            case _:
                await revoke(found, options.pass_id)
    return 0


@asynccontextmanager
async def opened(settings: Settings, session: SessionId) -> AsyncIterator[Opened]:
    """No lock on the folder: any process may write; a running server sees it half a second later."""
    folder = DataFolder(settings.data)
    if settings.database is None and not folder.database.exists():
        raise bad_setting(
            "data", str(settings.data), "belum ada basis data di sana.", "there is no database in it yet."
        )
    if settings.database is None:
        database = databases.connect_file(folder.database, wall_ms)
    else:
        database = databases.connect(settings.database, wall_ms)
    desks = Desks(SqlJournal(database, SqlAudit(database, "cli")), SqlBallotBox(database))
    try:
        desk, passes, claims = await desks.desk(session), SqlPasses(database), SqlClaims(database)
        yield Opened(desk, passes, claims, address(folder), database)
    finally:
        await desks.close()
        await database.close()


def address(folder: DataFolder) -> str:
    """Where the server of this folder is reached, as far as one runs."""
    try:
        return str(json.loads(folder.address.read_bytes())["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return "http://127.0.0.1:8080"


def list_passes(desk: Desk, first: Collection[PassId]) -> None:
    """first: the cards that a device has claimed; what moved since is in the journal."""
    now = wall_ms()
    for card in desk.state.passes.values():
        state = "revoked" if card.revoked else "expired" if card.expires_at <= now else "valid"
        of = card.agency or card.hall or "-"
        held = "claimed" if card.device or card.id in first else "free"
        print(f"{card.id}\t{card.role}\t{of}\t{card.seat or '-'}\t{state}\t{held if is_claimed(card) else '-'}")


async def issue(found: Opened, options: argparse.Namespace) -> None:
    data: dict[str, Any] = {"role": options.role, "expires_at": wall_ms() + options.days * issuing.DAY_MS}
    data |= {name: value for name in ("hall", "seat", "agency") if (value := getattr(options, name)) is not None}
    session = found.desk.state.session.id
    made = await issuing.issue(found.desk, found.passes, found.claims, data, system(session))
    told = [made.pass_id, f"{found.url}/{issuing.FACES.get(options.role, options.role)}#{made.token}"]
    print("\t".join([*told, *([f"PIN {made.pin}"] if made.pin else [])]))


async def print_cards(found: Opened, options: argparse.Namespace) -> None:
    """A file a hall into a new folder. Raises Refused: nothing_to_print."""
    from server import printing  # loads what sets documents

    out, session = Path(options.out), found.desk.state.session.id
    if not printing.BASE.fullmatch(options.base):
        raise bad_setting("base", options.base, "pakai https://nama.", "use https://name.")
    for hall in options.hall:
        if hall not in found.desk.state.halls:
            raise Refused("unknown_hall", hall=hall)
    halls, roles = frozenset(map(HallId, options.hall)), options.role or list(printing.PRINTED)
    asked = printing.Asked(options.base, options.days, roles, halls, again=options.again)
    if not printing.wanted(found.desk.state, asked, wall_ms()):
        raise Refused("nothing_to_print")
    make_folder(out)  # before any card is issued: what could not be kept would be lost
    prints = printing.Prints(
        found.passes, found.claims, SqlPrints(found.database), SqlAudit(found.database, "cli"), wall_ms
    )
    try:
        job = await prints.begin(found.desk, asked, system(session))
        assert job.task is not None
        await job.task
        for part in job.parts:
            write_private(out / f"{part.name}.pdf", part.body)
            print(f"{part.cards}\t{out / part.name}.pdf")
    finally:
        await prints.close()
    if job.set < job.total:
        raise Refused(job.refused or "internal")


def make_folder(out: Path) -> None:
    """Raises StartupError("bad_setting"), also for one that is there."""
    try:
        out.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise bad_setting("out", str(out), f"tidak dapat dibuat: {error}.", f"cannot be made: {error}.") from error


async def release(found: Opened, pass_id: str) -> None:
    session, key = found.desk.state.session.id, f"cli-{secrets.token_hex(8)}"
    answer = await found.desk.submit("pass.release", {"pass": pass_id}, system(session), key)
    until = datetime.datetime.fromtimestamp(answer.result["until"] / 1000).astimezone()
    print(f"{pass_id}\treleased until {until:%H:%M}")


async def revoke(found: Opened, pass_id: str) -> None:
    key = f"cli-{secrets.token_hex(8)}"
    await found.desk.submit("pass.revoke", {"pass": pass_id}, system(found.desk.state.session.id), key)
    print(f"{pass_id}\trevoked")
