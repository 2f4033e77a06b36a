"""Logging in, step by step: password, then code; and what each login may still do."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from server.accounts import totp
from server.accounts.passwords import LONGEST, Passwords, require_strong
from server.limits import Delays, FailedTries
from server.store.accounts import EVERYWHERE, Account, Login, Scope, SqlAccounts
from server.store.audit import SqlAudit
from sessions.errors import Refused
from sessions.permissions import Role

MINUTE_MS = 60_000
IN_MS, IDLE_MS = 12 * 60 * MINUTE_MS, 60 * MINUTE_MS
OWED_MS = {"code": 5 * MINUTE_MS, "enrol": 15 * MINUTE_MS, "in": IN_MS}
CODE_TRIES = 5  # then the password is asked for again
STRANGERS_TRIES, STRANGERS_WINDOW_S = 100, 3600.0  # at one account, from addresses it was never logged in from
LONGEST_LOGIN = 60
LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Whence:
    """Where a request came from. address: as limits count it; agent: what the browser calls itself."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Current:
    """A login that is not over. cookie: its secret."""

    cookie: str
    login: Login
    account: Account


class Staff:
    """tries: failures by address. clock: milliseconds since 1970 UTC."""

    def __init__(
        self,
        accounts: SqlAccounts,
        audit: SqlAudit,
        passwords: Passwords,
        tries: FailedTries,
        clock: Callable[[], int],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.accounts = accounts
        self.passwords = passwords
        self._audit = audit
        self._tries = tries
        self._clock = clock
        self._delays = Delays(monotonic)
        self._strangers = FailedTries(monotonic, STRANGERS_TRIES, STRANGERS_WINDOW_S)

    async def begin(self, login: str, password: str, whence: Whence, previous: Current | None = None) -> Current:
        """Raises Refused: login_failed, the same for whatever was wrong; too_many_attempts; busy."""
        name = login.strip().casefold()[:LONGEST_LOGIN]
        account = await self.accounts.of_login(name)
        await self._require_patience(name, account, whence)
        hashed = None if account is None or account.disabled else account.password
        right = await self.passwords.right(hashed, password) and len(password) <= LONGEST
        if account is None or not right:
            await self._failed(name, account, whence, "password")
            raise Refused("login_failed")
        if self.passwords.outdated(account.password):
            await self.accounts.rehash(account.id, account.password, await self.passwords.hash(password))
        stage = "code" if account.totp else "enrol" if await self.owes_totp(account) else "in"
        if stage != "code":  # else only the code ends the count: a password alone is half a success
            self._delays.passed(pair(name, whence))
        return await self._advance(account, stage, whence, previous)

    async def confirm(self, current: Current, code: str, whence: Whence) -> Current:
        """The second step. Raises Refused: code_wrong, not_logged_in (too many of them), too_many_attempts."""
        account = current.account
        if current.login.stage != "code":
            raise Refused("not_logged_in")
        try:
            await self.require_code(account, code, whence)
        except Refused as refused:
            if refused.code == "code_wrong":
                await self.accounts.tried(current.login.id)
            raise
        self._delays.passed(pair(account.login, whence))
        return await self._advance(account, "in", whence, current)

    async def require_code(self, account: Account, code: str, whence: Whence) -> None:
        """One that was not used before. Raises Refused: code_wrong, too_many_attempts."""
        await self._require_patience(account.login, account, whence)
        if not await self.is_right(account, code):
            await self._failed(account.login, account, whence, "code")
            raise Refused("code_wrong")

    async def is_right(self, account: Account, code: str) -> bool:
        """Whether this is a code of its telephone, or a recovery code, that was not used before; it is used now."""
        if not account.totp:
            return False
        step = totp.step_of(account.totp, code, self._clock(), account.totp_step)
        if step is not None:
            return await self.accounts.use_step(account.id, step)
        return await self.accounts.use_recovery(account, totp.recovery_digest(code))

    async def enrol(self, current: Current, secret: str, code: str, whence: Whence) -> tuple[Current, list[str]]:
        """The telephone's first code; the recovery codes, to be shown once. Raises Refused: code_wrong, stale_page."""
        account = current.account
        step = totp.step_of(secret, code, self._clock(), 0)
        if step is None:
            raise Refused("code_wrong")
        codes = totp.recovery_codes()
        digests = [totp.recovery_digest(one) for one in codes]
        if not await self.accounts.set_totp(account.id, secret, step, digests, account.actor, before=account.totp):
            raise Refused("stale_page")  # another telephone was enrolled meanwhile
        return await self._advance(await self.accounts.get(account.id), "in", whence, current), codes

    async def require_password(self, account: Account, password: str, whence: Whence) -> None:
        """Once more, before what a borrowed browser must not do. Raises Refused: login_failed, too_many_attempts."""
        await self._require_patience(account.login, account, whence)
        if not await self.passwords.right(account.password, password[: LONGEST + 1]):
            await self._failed(account.login, account, whence, "password")
            raise Refused("login_failed")

    async def change_password(self, current: Current, old: str, new: str, whence: Whence) -> None:
        """Ends every other login. Raises Refused: login_failed, weak_password."""
        account = current.account
        require_strong(new, account.login, account.name)
        await self.require_password(account, old, whence)
        hashed = await self.passwords.hash(new)
        await self.accounts.set_password(account.id, hashed, account.actor, must_change=False, keep=current.login.id)

    async def current(self, cookie: str) -> Current | None:
        """Whose cookie this is, as long as neither login nor account ended; noted as seen at most once a minute."""
        found = await self.accounts.login(cookie) if 0 < len(cookie) <= LONGEST else None
        if found is None:
            return None
        login, account = found
        now = self._clock()
        over = login.stage == "ended" or login.expires_at <= now or login.seen_at + IDLE_MS <= now
        if over or account.disabled or login.tries >= CODE_TRIES:
            return None
        if now - login.seen_at >= MINUTE_MS:
            await self.accounts.seen(login.id, now)
        return Current(cookie, login, account)

    async def owes_totp(self, account: Account) -> bool:
        if account.totp:
            return False
        scopes = await self.accounts.scopes(account.id)
        return account.totp_required or any(scope.role == Role.ADMIN for scope in scopes)

    async def ready(self, current: Current | None) -> tuple[Account, list[Scope]]:
        """Somebody who may act by his scopes. Raises Refused: not_logged_in, code_owed, totp_owed, password_owed."""
        if current is None:
            raise Refused("not_logged_in")
        if current.login.stage == "code":
            raise Refused("code_owed")
        if current.login.stage == "enrol" or await self.owes_totp(current.account):
            raise Refused("totp_owed")
        if current.account.must_change:
            raise Refused("password_owed")
        return current.account, await self.accounts.scopes(current.account.id)

    async def admin(self, current: Current | None) -> Account:
        """An admin of the installation. Raises Refused("forbidden") and what ready() raises."""
        account, scopes = await self.ready(current)
        if not any(scope.session == EVERYWHERE and scope.role == Role.ADMIN for scope in scopes):
            raise Refused("forbidden")
        return account

    async def _advance(self, account: Account, stage: str, whence: Whence, previous: Current | None) -> Current:
        """A new login with a new cookie; the one before it is over."""
        now, cookie = self._clock(), totp.new_cookie()
        login = Login(
            id=secrets.token_hex(8),
            account=account.id,
            stage=stage,
            begun_at=now,
            seen_at=now,
            expires_at=now + OWED_MS[stage],
            tries=0,
            address=whence.address,
            agent=whence.agent[:LONGEST_AGENT],
        )
        await self.accounts.begin(login, cookie, "" if previous is None else previous.login.id)
        if stage == "in":
            await self._audit.note(account.actor, "account.login", subject=account.actor, address=whence.address)
        return Current(cookie, login, account)

    async def _require_patience(self, name: str, account: Account | None, whence: Whence) -> None:
        wait_s = max(self._tries.wait_s(logins(whence)), self._delays.wait_s(pair(name, whence)))
        flooded = self._strangers.wait_s(name)
        if flooded > 0 and not (account and await self.accounts.known_address(account.id, whence.address)):
            wait_s = max(wait_s, flooded)
        if wait_s > 0:
            raise Refused("too_many_attempts", retry_after_ms=int(wait_s * 1000) + 1)

    async def _failed(self, name: str, account: Account | None, whence: Whence, what: str) -> None:
        self._tries.failed(logins(whence))
        self._delays.failed(pair(name, whence))
        self._strangers.failed(name)
        subject = "" if account is None else account.actor
        # What was typed as a name is not kept: it may be a password that went into the wrong field.
        await self._audit.note("nobody", "account.login_failed", subject=subject, what=what, address=whence.address)


def pair(name: str, whence: Whence) -> str:
    return f"{name} {whence.address}"


def logins(whence: Whence) -> str:
    """What failed logins of an address count under: apart from links tried there, which anybody in a hall can do."""
    return f"login {whence.address}"
