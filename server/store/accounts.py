"""Staff accounts: who may log in, as what, and where each is logged in. Changes go into the audit trail with it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import tables
from server.store.audit import SqlAudit
from server.store.database import Database
from server.store.passes import digest
from sessions.errors import Refused
from sessions.ids import PassId, SessionId
from sessions.passes import OF_ACCOUNTS

ACCOUNTS = tables.accounts
SCOPES = tables.account_scopes
LOGINS = tables.account_sessions
LENT = tables.account_credentials
EVERYWHERE = SessionId("")


@dataclass(frozen=True, slots=True)
class Account:
    """password: its argon2id hash. totp: as server/accounts/seal.py keeps it, empty without one.

    recovery: SHA-256 of codes not used yet, hex.
    """

    id: str
    login: str
    name: str
    password: str
    must_change: bool = False
    totp: str = ""
    totp_step: int = 0
    totp_required: bool = False
    recovery: tuple[str, ...] = ()
    disabled: bool = False
    created_at: int = 0

    @property
    def actor(self) -> str:
        return f"account:{self.id}"


@dataclass(frozen=True, slots=True)
class Scope:
    """role: admin, moderator or agency. session: EVERYWHERE for an admin of the installation. agency: "" for any."""

    session: SessionId
    role: str
    agency: str
    pass_id: PassId


@dataclass(frozen=True, slots=True)
class Login:
    """Where an account is logged in. stage: "code" or "enrol" (still owed), "in", "ended". tries: wrong codes."""

    id: str
    account: str
    stage: str
    begun_at: int
    seen_at: int
    expires_at: int
    tries: int
    address: str
    agent: str


class SqlAccounts:
    """actor: as SqlAudit.note names who does it. All raise Refused("held") when the database is away."""

    def __init__(self, database: Database, audit: SqlAudit) -> None:
        self._database = database
        self._audit = audit

    # -- accounts

    async def add(self, account: Account, actor: str) -> Account:
        """Raises Refused("already_exists") when the login is taken."""
        try:
            async with self._database.writing() as connection:
                now = await self._database.now(connection)
                row = {**columns(account), "created_at": now}
                await connection.execute(insert(ACCOUNTS), [row])
                await self._audit.write(connection, actor, "account.add", subject=account.actor, login=account.login)
        except IntegrityError:
            raise Refused("already_exists") from None
        return await self.get(account.id)

    async def of_login(self, login: str) -> Account | None:
        return await self._one(ACCOUNTS.c.login == login)

    async def get(self, account: str) -> Account:
        """Raises Refused("unknown_account")."""
        found = await self._one(ACCOUNTS.c.id == account)
        if found is None:
            raise Refused("unknown_account")
        return found

    async def every(self) -> list[Account]:
        async with self._database.reading() as connection:
            found = await connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.login))
            return [account_of(row) for row in found.mappings()]

    async def change(self, account: str, actor: str, action: str, **values: Any) -> None:
        """values: columns of the table. Raises Refused("unknown_account")."""
        async with self._database.writing() as connection:
            await self._change(connection, account, values)
            await self._audit.write(connection, actor, action, subject=f"account:{account}")

    async def set_password(self, account: str, hashed: str, actor: str, *, must_change: bool, keep: str = "") -> None:
        """Ends every login of the account but `keep`."""
        async with self._database.writing() as connection:
            await self._change(connection, account, {"password": hashed, "must_change": must_change})
            await self._end(connection, LOGINS.c.account == account, LOGINS.c.id != keep)
            await self._audit.write(connection, actor, "account.password", subject=f"account:{account}")

    async def rehash(self, account: str, old: str, hashed: str) -> None:
        """The same password by newer parameters, unless it was changed meanwhile."""
        same = (ACCOUNTS.c.id == account) & (ACCOUNTS.c.password == old)
        async with self._database.writing() as connection:
            await connection.execute(update(ACCOUNTS).where(same).values(password=hashed))

    async def set_totp(
        self, account: str, totp: str, step: int, recovery: Sequence[str], actor: str, before: str | None = None
    ) -> bool:
        """totp: "" takes it away, and ends every login. before: what it must have been; False if it was another."""
        values = {"totp": totp, "totp_step": step, "recovery": json.dumps(list(recovery))}
        async with self._database.writing() as connection:
            if before is not None:
                mine = select(ACCOUNTS.c.totp).where(ACCOUNTS.c.id == account).with_for_update()
                if (await connection.execute(mine)).scalar_one_or_none() != before:
                    return False
            await self._change(connection, account, values)
            if not totp:
                await self._end(connection, LOGINS.c.account == account)
            action = "account.totp_enrol" if totp else "account.totp_remove"
            await self._audit.write(connection, actor, action, subject=f"account:{account}")
        return True

    async def reseal(self, account: str, before: str, sealed: str) -> bool:
        """The same secret of a telephone under another seal, unless it was changed meanwhile."""
        same = (ACCOUNTS.c.id == account) & (ACCOUNTS.c.totp == before)
        async with self._database.writing() as connection:
            return (await connection.execute(update(ACCOUNTS).where(same).values(totp=sealed))).rowcount == 1

    async def use_step(self, account: str, step: int) -> bool:
        """Whether the code of this time step was not used before, on any node; it is used now."""
        async with self._database.writing() as connection:
            fresh = (ACCOUNTS.c.id == account) & (ACCOUNTS.c.totp_step < step)
            return (await connection.execute(update(ACCOUNTS).where(fresh).values(totp_step=step))).rowcount == 1

    async def use_recovery(self, account: Account, code: str) -> bool:
        """code: as SHA-256 in hex. Whether it was one of those left; it is not any more."""
        if code not in account.recovery:
            return False
        left = json.dumps([one for one in account.recovery if one != code])
        before = json.dumps(list(account.recovery))
        async with self._database.writing() as connection:
            same = (ACCOUNTS.c.id == account.id) & (ACCOUNTS.c.recovery == before)
            used = (await connection.execute(update(ACCOUNTS).where(same).values(recovery=left))).rowcount == 1
            if used:
                await self._audit.write(connection, account.actor, "account.recovery_used", subject=account.actor)
            return used

    # -- scopes

    async def scopes(self, account: str) -> list[Scope]:
        wanted = select(SCOPES).where(SCOPES.c.account == account).order_by(SCOPES.c.session, SCOPES.c.role)
        async with self._database.reading() as connection:
            return [scope_of(row) for row in (await connection.execute(wanted)).mappings()]

    async def give(self, account: str, session: SessionId, role: str, agency: str, actor: str) -> None:
        """Giving again what is there already changes nothing but the agency. Raises Refused("unknown_account")."""
        await self.get(account)
        key = scope_key(account, session, role)
        async with self._database.writing() as connection:
            found = (await connection.execute(select(SCOPES.c.agency).where(key))).scalar_one_or_none()
            if found == agency:
                return
            await connection.execute(delete(SCOPES).where(key))
            row = {"account": account, "session": session, "role": role, "agency": agency, "pass": new_pass(account)}
            await connection.execute(insert(SCOPES), [row])
            subject = f"account:{account}"
            await self._audit.write(
                connection, actor, "account.scope_give", session=session or None, subject=subject, role=role
            )

    async def take(self, account: str, session: SessionId, role: str, actor: str) -> bool:
        async with self._database.writing() as connection:
            gone = (await connection.execute(delete(SCOPES).where(scope_key(account, session, role)))).rowcount == 1
            if gone:
                subject = f"account:{account}"
                await self._audit.write(
                    connection, actor, "account.scope_take", session=session or None, subject=subject, role=role
                )
            return gone

    async def disable(self, account: str, actor: str) -> None:
        """Ends all its logins; its scopes stay, with passes that nobody knows yet."""
        async with self._database.writing() as connection:
            await self._change(connection, account, {"disabled": True})
            await self._end(connection, LOGINS.c.account == account)
            held = (await connection.execute(select(SCOPES).where(SCOPES.c.account == account))).mappings().all()
            for row in held:
                key = scope_key(account, row["session"], row["role"])
                await connection.execute(update(SCOPES).where(key).values({"pass": new_pass(account)}))
            await self._audit.write(connection, actor, "account.disable", subject=f"account:{account}")

    # -- logins

    async def begin(self, login: Login, cookie: str, ended: str = "") -> None:
        """ended: the login this one follows, over with it: the cookie is another after each step."""
        row = {name: getattr(login, name) for name in login.__slots__}
        async with self._database.writing() as connection:
            if ended:
                await self._end(connection, LOGINS.c.id == ended)
            await connection.execute(insert(LOGINS), [{**row, "hash": digest(cookie)}])

    async def login(self, cookie: str) -> tuple[Login, Account] | None:
        """Whose cookie this is, whatever became of the login or the account since."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(LOGINS).where(LOGINS.c.hash == digest(cookie)))
            row = found.mappings().one_or_none()
            if row is None:
                return None
            whose = await connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.id == row["account"]))
            return login_of(row), account_of(whose.mappings().one())

    async def seen(self, login: str, now: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(update(LOGINS).where(LOGINS.c.id == login).values(seen_at=now))

    async def take_try(self, login: str, most: int) -> bool:
        """Whether a login that owes a code may try one, counted before it is looked at: the tries of all nodes."""
        left = (LOGINS.c.id == login) & (LOGINS.c.tries < most)
        async with self._database.writing() as connection:
            return (await connection.execute(update(LOGINS).where(left).values(tries=LOGINS.c.tries + 1))).rowcount == 1

    async def end(self, account: str, actor: str, login: str | None = None, keep: str = "") -> int:
        """End one login of the account, or all but `keep`; how many there were."""
        which = LOGINS.c.id != keep if login is None else LOGINS.c.id == login
        async with self._database.writing() as connection:
            ended = await self._end(connection, LOGINS.c.account == account, which)
            if ended:
                await self._audit.write(connection, actor, "account.logout", subject=f"account:{account}", logins=ended)
            return ended

    async def logins(self, account: str, now: int) -> list[Login]:
        """Those that are not over, the latest first."""
        wanted = (
            select(LOGINS)
            .where(LOGINS.c.account == account, LOGINS.c.stage == "in", LOGINS.c.expires_at > now)
            .order_by(LOGINS.c.begun_at.desc())
        )
        async with self._database.reading() as connection:
            return [login_of(row) for row in (await connection.execute(wanted)).mappings()]

    async def known_address(self, account: str, address: str) -> bool:
        """Whether the account was ever logged in from there, as far back as logins are kept."""
        wanted = (LOGINS.c.account == account, LOGINS.c.address == address, LOGINS.c.stage.in_(("in", "ended")))
        async with self._database.reading() as connection:
            return (await connection.execute(select(LOGINS.c.id).where(*wanted).limit(1))).first() is not None

    async def alive(self, logins: Collection[str], now: int) -> set[str]:
        """Those of them that may go on."""
        wanted = select(LOGINS.c.id).where(LOGINS.c.id.in_(logins), LOGINS.c.stage == "in", LOGINS.c.expires_at > now)
        async with self._database.reading() as connection:
            return set((await connection.execute(wanted)).scalars())

    async def forget(self, before: int) -> int:
        """Drop logins that expired before this time (milliseconds); how many."""
        old = select(LOGINS.c.id).where(LOGINS.c.expires_at < before)
        async with self._database.writing() as connection:
            await connection.execute(delete(LENT).where(LENT.c.login.in_(old)))
            return (await connection.execute(delete(LOGINS).where(LOGINS.c.expires_at < before))).rowcount

    async def lend(self, credential: str, login: str) -> None:
        """The credential ends when the login does. To be called before the credential is kept."""
        async with self._database.writing() as connection:
            await connection.execute(insert(LENT), [{"hash": digest(credential), "login": login}])

    async def lender(self, credential: str, now: int) -> str | None:
        """The login that this credential came from, None when that is over."""
        of = select(LOGINS.c.id).join(LENT, LENT.c.login == LOGINS.c.id).where(LENT.c.hash == digest(credential))
        async with self._database.reading() as connection:
            alive = of.where(LOGINS.c.stage == "in", LOGINS.c.expires_at > now)
            return (await connection.execute(alive)).scalar_one_or_none()

    # -- inside a transaction

    async def _one(self, condition: Any) -> Account | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(ACCOUNTS).where(condition))).mappings().one_or_none()
            return None if row is None else account_of(row)

    async def _change(self, connection: AsyncConnection, account: str, values: dict[str, Any]) -> None:
        done = await connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(values))
        if done.rowcount != 1:
            raise Refused("unknown_account")

    async def _end(self, connection: AsyncConnection, *which: Any) -> int:
        """How many that were in are over; what never got that far is forgotten."""
        await connection.execute(delete(LOGINS).where(LOGINS.c.stage.in_(("code", "enrol")), *which))
        over = update(LOGINS).where(LOGINS.c.stage == "in", *which).values(stage="ended")
        return (await connection.execute(over)).rowcount


def new_pass(account: str) -> PassId:
    return PassId(f"{OF_ACCOUNTS}{account}-{secrets.token_hex(4)}")


def scope_key(account: str, session: str, role: str) -> Any:
    return (SCOPES.c.account == account) & (SCOPES.c.session == session) & (SCOPES.c.role == role)


def columns(account: Account) -> dict[str, Any]:
    row = {name: getattr(account, name) for name in account.__slots__}
    return {**row, "recovery": json.dumps(list(account.recovery))}


def account_of(row: Any) -> Account:
    known = {name: row[name] for name in Account.__slots__}
    return Account(**{**known, "recovery": tuple(json.loads(row["recovery"]))})


def scope_of(row: Any) -> Scope:
    return Scope(SessionId(row["session"]), row["role"], row["agency"], PassId(row["pass"]))


def login_of(row: Any) -> Login:
    return Login(**{name: row[name] for name in Login.__slots__})
