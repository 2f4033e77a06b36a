"""Logging in, step by step: password, then code; and what each login may still do."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server.accounts import totp
from server.accounts.passwords import LONGEST, Passwords, require_strong
from server.accounts.seal import Seal
from server.store.accounts import EVERYWHERE, Account, Login, Scope, SqlAccounts
from server.store.audit import SqlAudit
from server.store.guesses import Growing, Limit, SqlGuesses, Window
from sessions.errors import Refused
from sessions.permissions import Role

MINUTE_MS = 60_000
IN_MS, IDLE_MS = 12 * 60 * MINUTE_MS, 60 * MINUTE_MS
OWED_MS = {"code": 5 * MINUTE_MS, "enrol": 15 * MINUTE_MS, "in": IN_MS}
CODE_TRIES = 5  # then the password is asked for again
ADDRESS_TRIES, ADDRESS_WINDOW_MS = 30, MINUTE_MS  # of one address, at whatever accounts
STRANGERS_TRIES, STRANGERS_WINDOW_MS = 100, 60 * MINUTE_MS  # at one account, from addresses it was never logged in from
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
    """clock: milliseconds since 1970 UTC."""

    def __init__(
        self,
        accounts: SqlAccounts,
        guesses: SqlGuesses,
        audit: SqlAudit,
        passwords: Passwords,
        clock: Callable[[], int],
        seal: Seal,
    ) -> None:
        self.accounts = accounts
        self.passwords = passwords
        self._audit = audit
        self._guesses = guesses
        self._clock = clock
        self._seal = seal

    async def begin(self, login: str, password: str, whence: Whence, previous: Current | None = None) -> Current:
        """Raises Refused: login_failed, the same for whatever was wrong; too_many_attempts; busy."""
        name = login.strip().casefold()[:LONGEST_LOGIN]
        account = await self.accounts.of_login(name)
        if not await self._is_password(name, account, password, whence) or account is None:
            raise Refused("login_failed")
        if self.passwords.outdated(account.password):
            await self.accounts.rehash(account.id, account.password, await self.passwords.hash(password))
        stage = "code" if account.totp else "enrol" if await self.owes_totp(account) else "in"
        return await self._advance(account, stage, whence, previous)

    async def confirm(self, current: Current, code: str, whence: Whence) -> Current:
        """The second step. Raises Refused: code_wrong, not_logged_in (too many of them), too_many_attempts."""
        if current.login.stage != "code":
            raise Refused("not_logged_in")
        await self.require_code(current.account, code, whence, current.login)
        return await self._advance(current.account, "in", whence, current)

    async def require_code(self, account: Account, code: str, whence: Whence, owing: Login | None = None) -> None:
        """One that was not used before. owing: the login that owes it, which has CODE_TRIES of them.

        Raises Refused: code_wrong, not_logged_in, too_many_attempts.
        """

        async def right() -> bool:
            if owing is not None and not await self.accounts.take_try(owing.id, CODE_TRIES):
                raise Refused("not_logged_in")
            return await self.is_right(account, code)

        if not await self._judged("code", account.login, account, whence, right):
            raise Refused("code_wrong")

    async def is_right(self, account: Account, code: str) -> bool:
        """Whether this is a code of its telephone, or a recovery code, that was not used before; it is used now.

        Raises Refused("seal_key_missing").
        """
        if not account.totp:
            return False
        secret = self._seal.open(account.id, account.totp)
        step = totp.step_of(secret, code, self._clock(), account.totp_step)
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
        kept = self._seal.close(account.id, secret)
        if not await self.accounts.set_totp(account.id, kept, step, digests, account.actor, before=account.totp):
            raise Refused("stale_page")  # another telephone was enrolled meanwhile
        return await self._advance(await self.accounts.get(account.id), "in", whence, current), codes

    async def require_password(self, account: Account, password: str, whence: Whence) -> None:
        """Once more, before what a borrowed browser must not do. Raises Refused: login_failed, too_many_attempts."""
        if not await self._is_password(account.login, account, password, whence):
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

    async def _is_password(self, name: str, account: Account | None, password: str, whence: Whence) -> bool:
        """Raises Refused: too_many_attempts, busy."""
        hashed = None if account is None or account.disabled else account.password

        async def right() -> bool:
            return await self.passwords.right(hashed, password[: LONGEST + 1]) and len(password) <= LONGEST

        return await self._judged("password", name, account, whence, right)

    async def _judged(
        self, what: str, name: str, account: Account | None, whence: Whence, right: Callable[[], Awaitable[bool]]
    ) -> bool:
        """right(), counted as a failure until it is none: guesses under way count too. Raises too_many_attempts."""
        limits: list[Limit] = [
            Growing(f"{what} {name} {whence.address}"),
            Window(f"address {whence.address}", ADDRESS_TRIES, ADDRESS_WINDOW_MS),
        ]
        if account is None or not await self.accounts.known_address(account.id, whence.address):
            limits.append(Window(f"name {name}", STRANGERS_TRIES, STRANGERS_WINDOW_MS))
        if (wait_ms := await self._guesses.begin(limits, self._clock())) > 0:
            raise Refused("too_many_attempts", retry_after_ms=wait_ms)
        try:
            verdict = await right()
        except Refused:
            await self._guesses.give_back(limits, right=False)
            raise
        if verdict:
            await self._guesses.give_back(limits, right=True)
        else:
            subject = "" if account is None else account.actor
            # What was typed as a name is not kept: it may be a password that went into the wrong field.
            await self._audit.note("nobody", "account.login_failed", subject=subject, what=what, address=whence.address)
        return verdict
