"""Accounts for the tests, and a browser that logs in with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pyotp
from argon2 import PasswordHasher

from server.accounts.registry import new_account
from server.app import Running
from server.store.accounts import EVERYWHERE, Account
from sessions.ids import SessionId
from tests.http.test_exchange import told

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # what is tested is not how slow it is
PASSWORD = "kucing tidur di pagar"
ACCOUNTS = "/api/accounts"


async def account(server: Running, login: str, *scopes: tuple[str | None, str], **more: Any) -> Account:
    """scopes: (session or None for the installation, role)."""
    services = server.services
    services.staff.passwords.hasher = QUICK
    made = await new_account(services.staff.passwords, login, f"Staf {login}", PASSWORD, **more)
    found = await services.store.accounts.add(made, "cli")
    for session, role in scopes:
        await services.entering.give(found.id, SessionId(session or EVERYWHERE), role, "", "cli")
    return found


async def with_telephone(server: Running, account: Account) -> str:
    """The secret of a telephone that is enrolled, with no code used."""
    secret = pyotp.random_base32()
    await server.services.store.accounts.set_totp(account.id, secret, 0, (), "cli")
    return secret


def code(server: Running, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(server.services.clock() // 30_000 + steps)


@dataclass
class Browser:
    """Sends what a page of ours sends. origin: "" for none."""

    http: aiohttp.ClientSession
    server: Running
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        headers = {"Origin": self.server.url, "X-Pleno-Token": self.token, **self.headers}
        sent = {name: value for name, value in headers.items() if value}
        async with self.http.request(method, ACCOUNTS + path, json=body, headers=sent) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            status, found = await told(answer)
        self.token = found.get("token", self.token)
        return status, found

    async def log_in(self, login: str, password: str = PASSWORD) -> tuple[int, dict[str, Any]]:
        return await self.ask("POST", "/login", {"login": login, "password": password})


def browser(server: Running) -> aiohttp.ClientSession:
    """Cookies of plain loopback count: the server is one of the machine itself."""
    return aiohttp.ClientSession(server.url, cookie_jar=aiohttp.CookieJar(unsafe=True))
