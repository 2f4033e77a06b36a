"""`pleno accounts`: staff accounts from the machine itself, beside a running server; the first admin is made here."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import segno

from server.accounts import totp
from server.accounts.entering import Entering
from server.accounts.passwords import Passwords
from server.accounts.registry import check_scope, new_account
from server.accounts.seal import Seal, seal_of
from server.clock import wall_ms
from server.config import Settings
from server.credentials import Mint
from server.data_folder import DataFolder
from server.desks import Desks
from server.errors import bad_setting
from server.store import database as databases
from server.store.accounts import EVERYWHERE, Account, SqlAccounts
from server.store.audit import SqlAudit
from server.store.ballot_box import SqlBallotBox
from server.store.journal import SqlJournal
from server.store.keys import credential_key
from server.store.migrations import migrate
from server.store.passes import SqlPasses
from sessions.errors import ProtocolError, Refused
from sessions.ids import SessionId

ACTOR = "cli"


@dataclass(frozen=True, slots=True)
class Opened:
    accounts: SqlAccounts
    audit: SqlAudit
    entering: Entering
    desks: Desks
    passwords: Passwords
    seal: Seal


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code 0. Raises Refused, ProtocolError."""
    async with opened(settings) as found:
        await ACTIONS[options.action](found, options)
    return 0


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Opened]:
    """No lock on the folder: a running server asks the database whenever somebody logs in."""
    folder = DataFolder(settings.data)
    if settings.database is None and not folder.database.exists():
        raise bad_setting(
            "data", str(settings.data), "belum ada basis data di sana.", "there is no database in it yet."
        )
    if settings.database is None:
        database = databases.connect_file(folder.database, wall_ms)
    else:
        database = databases.connect(settings.database, wall_ms)
    desks = Desks(SqlJournal(database), SqlBallotBox(database))
    passwords = Passwords()
    try:
        await migrate(database)
        audit = SqlAudit(database, settings.node)
        accounts = SqlAccounts(database, audit)
        entering = Entering(accounts, SqlPasses(database), desks, Mint(await credential_key(database)), wall_ms)
        yield Opened(accounts, audit, entering, desks, passwords, await seal_of(settings, folder, database))
    finally:
        passwords.close()
        await desks.close()
        await database.close()


def read_password() -> str:
    """Twice at a terminal, one line otherwise; never from the arguments, which every user of the machine can see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Sandi / password: ")
    if getpass.getpass("Sekali lagi / once more: ") != first:
        raise ProtocolError("bad_input", field="password")
    return first


async def named(found: Opened, login: str) -> Account:
    account = await found.accounts.of_login(login.casefold())
    if account is None:
        raise Refused("unknown_account")
    return account


async def add(found: Opened, options: argparse.Namespace) -> None:
    made = await new_account(
        found.passwords,
        options.login,
        options.name,
        read_password(),
        totp_required=options.totp,
        must_change=options.must_change,
    )
    account = await found.accounts.add(made, ACTOR)
    if options.admin:
        await found.entering.give(account.id, EVERYWHERE, "admin", "", ACTOR)
    print(f"{account.login}\t{account.id}\tadded")


async def list_accounts(found: Opened, _options: argparse.Namespace) -> None:
    for account in await found.accounts.every():
        scopes = await found.accounts.scopes(account.id)
        held = ", ".join(f"{one.role}@{one.session or '*'}{f' ({one.agency})' if one.agency else ''}" for one in scopes)
        state = "disabled" if account.disabled else "totp" if account.totp else "no totp"
        print(f"{account.login}\t{account.name}\t{state}\t{held or '-'}")


async def scope(found: Opened, options: argparse.Namespace) -> None:
    account = await named(found, options.login)
    session = SessionId(options.session or EVERYWHERE)
    if options.take:
        taken = await found.entering.take(account.id, session, options.role, ACTOR)
        print(f"{account.login}\t{options.role}@{session or '*'}\t{'taken' if taken else 'was not given'}")
        return
    await check_scope(found.desks, session, options.role, options.agency)
    await found.entering.give(account.id, session, options.role, options.agency, ACTOR)
    print(f"{account.login}\t{options.role}@{session or '*'}\tgiven")


async def password(found: Opened, options: argparse.Namespace) -> None:
    account = await named(found, options.login)
    made = await new_account(found.passwords, account.login, account.name, read_password())
    await found.accounts.set_password(account.id, made.password, ACTOR, must_change=options.must_change)
    print(f"{account.login}\tpassword changed, logins ended")


async def telephone(found: Opened, options: argparse.Namespace) -> None:
    account = await named(found, options.login)
    if options.remove:
        await found.accounts.set_totp(account.id, "", 0, (), ACTOR)
        print(f"{account.login}\ttotp removed, logins ended")
        return
    made = totp.offer(account.login)
    print(made.uri, file=sys.stderr)
    segno.make(made.uri, error="m").terminal(out=sys.stderr, compact=True)
    print("Kode dari ponsel / code from the phone: ", end="", file=sys.stderr, flush=True)
    step = totp.step_of(made.secret, sys.stdin.readline(), wall_ms(), 0)
    if step is None:
        raise Refused("code_wrong")
    codes = totp.recovery_codes()
    kept = found.seal.close(account.id, made.secret)
    await found.accounts.set_totp(account.id, kept, step, [totp.recovery_digest(one) for one in codes], ACTOR)
    print("\n".join(codes))


async def disable(found: Opened, options: argparse.Namespace) -> None:
    account = await named(found, options.login)
    await found.entering.disable(account.id, ACTOR)
    print(f"{account.login}\tdisabled")


async def enable(found: Opened, options: argparse.Namespace) -> None:
    account = await named(found, options.login)
    await found.accounts.change(account.id, ACTOR, "account.enable", disabled=False)
    print(f"{account.login}\tenabled")


async def sessions(found: Opened, options: argparse.Namespace) -> None:
    account = await named(found, options.login)
    if options.end:
        print(f"{account.login}\t{await found.accounts.end(account.id, ACTOR)} ended")
        return
    for login in await found.accounts.logins(account.id, wall_ms()):
        print(f"{login.id}\t{stamp(login.begun_at)}\t{stamp(login.seen_at)}\t{login.address}\t{login.agent}")


async def audit(found: Opened, options: argparse.Namespace) -> None:
    session = None if options.session is None else SessionId(options.session)
    for entry in reversed(await found.audit.entries(session=session, most=max(1, options.last))):
        words = (stamp(entry.at), entry.node or "-", entry.actor, entry.action, entry.session or "-", entry.subject)
        print("\t".join((*words, json.dumps(dict(entry.data), ensure_ascii=False))))


def stamp(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


ACTIONS = {
    "add": add,
    "list": list_accounts,
    "scope": scope,
    "password": password,
    "totp": telephone,
    "disable": disable,
    "enable": enable,
    "sessions": sessions,
    "audit": audit,
}
