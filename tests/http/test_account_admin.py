"""An admin of the installation keeps the accounts; whoever loses a scope or an account is out at once everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from server.app import Running, running
from server.config import Settings
from server.store import database as databases
from server.store.accounts import Account
from sessions.errors import Refused
from sessions.ids import SessionId
from tests.fixtures import postgres
from tests.gateway.served import Wire, dial
from tests.http.conftest import bearer, built_client, until
from tests.http.staff import PASSWORD, Browser, account, browser, code, with_telephone
from tests.http.test_exchange import SESSION, told
from tests.store.conftest import clock, emptied

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENTER = {"session": SESSION, "role": "moderator"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nodes(tmp_path_factory: pytest.TempPathFactory, cluster: postgres.Cluster) -> AsyncIterator[list[Running]]:
    """Two, on one PostgreSQL."""
    folder = tmp_path_factory.mktemp("accounts")
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    static = built_client(folder / "static")
    one = Settings(port=0, data=folder / "one", demo=True, core="python", database=cluster.url, node="satu")
    two = replace(one, data=folder / "two", demo=False, node="dua")
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(running(each, static=static)) for each in (one, two)]


@pytest_asyncio.fixture(loop_scope="module")
async def page(nodes: list[Running]) -> AsyncIterator[Callable[[Running], Browser]]:
    """Makes browsers."""
    async with AsyncExitStack() as stack:

        async def make(server: Running) -> Browser:
            return Browser(await stack.enter_async_context(browser(server)), server)

        yield make


async def admin_page(page: Any, server: Running, login: str) -> Browser:
    made = await account(server, login, (None, "admin"))
    secret = await with_telephone(server, made)
    found: Browser = await page(server)
    await found.log_in(login)
    await found.ask("POST", "/login/code", {"code": code(server, secret)})
    return found


async def entered(page: Any, server: Running, login: str) -> tuple[Account, Browser, Wire]:
    """A moderator by account, connected."""
    made = await account(server, login, (SESSION, "moderator"))
    his: Browser = await page(server)
    await his.log_in(login)
    credential = (await his.ask("POST", "/enter", ENTER))[1]["credential"]
    return made, his, await dial(server.url, {"credential": credential, "session": SESSION})


async def farewell(wire: Wire) -> str:
    await until(lambda: bool(wire.of("bye")), 90)
    await wire.close()
    return str(wire.of("bye")[0]["code"])


async def test_disabling_ends_login_and_connection_on_the_other_node(nodes: list[Running], page: Any) -> None:
    one, two = nodes
    admin = await admin_page(page, one, "kepala")
    made, his, wire = await entered(page, two, "moderator.dua")
    status, body = await admin.ask("PATCH", f"/{made.id}", {"disabled": True})
    assert status == 200 and body["disabled"] is True
    assert await farewell(wire) in ("pass_revoked", "logged_out")
    assert (await his.ask("GET", "/me"))[1] == {"stage": "out"}
    assert (await his.log_in("moderator.dua"))[1]["code"] == "login_failed"
    assert (await admin.ask("PATCH", f"/{made.id}", {"disabled": False}))[1]["disabled"] is False
    await his.log_in("moderator.dua")
    assert (await his.ask("POST", "/enter", ENTER))[0] == 200, "with another pass, for the old one stays revoked"


async def test_taking_the_scope_away_ends_the_pass_and_giving_it_again_makes_another(
    nodes: list[Running], page: Any
) -> None:
    one, two = nodes
    admin = await admin_page(page, one, "kepala.tiga")
    made, his, wire = await entered(page, two, "moderator.tiga")
    _, body = await admin.ask("DELETE", f"/{made.id}/scopes", ENTER)
    assert body["scopes"] == []
    assert await farewell(wire) == "pass_revoked"
    assert (await his.ask("POST", "/enter", ENTER))[1]["code"] == "forbidden"
    assert (await his.ask("GET", "/me"))[1]["sessions"] == []
    _, body = await admin.ask("PUT", f"/{made.id}/scopes", ENTER)
    assert body["scopes"] == [{"session": SESSION, "role": "moderator", "agency": ""}]
    assert (await his.ask("POST", "/enter", ENTER))[0] == 200


async def test_a_pass_that_the_other_node_issued_just_now_is_ended_too(nodes: list[Running], page: Any) -> None:
    one, two = nodes
    made = await account(two, "moderator.empat", (SESSION, "moderator"))
    his: Browser = await page(two)
    await his.log_in("moderator.empat")
    (scope,) = await two.services.store.accounts.scopes(made.id)
    await his.ask("POST", "/enter", ENTER)
    assert await one.services.entering.take(made.id, SessionId(SESSION), "moderator", "cli")
    desk = await two.services.desks.desk(SessionId(SESSION))
    await desk.refresh()
    assert desk.state.passes[scope.pass_id].revoked


async def test_stopped_half_way_another_agency_leaves_the_old_pass_ended_and_is_given_by_the_next_try(
    nodes: list[Running], page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = nodes[0]
    entering, accounts = one.services.entering, one.services.store.accounts
    made = await account(one, "dinas.enam", (SESSION, "agency"))
    his: Browser = await page(one)
    await his.log_in("dinas.enam")
    assert (await his.ask("POST", "/enter", {"session": SESSION, "role": "agency"}))[0] == 200
    (before,) = await accounts.scopes(made.id)
    desk = await one.services.desks.desk(SessionId(SESSION))

    async def away(*_asked: Any) -> None:
        assert desk.state.passes[before.pass_id].revoked, "before anything else says that it is"
        raise Refused("held")

    with monkeypatch.context() as broken:
        broken.setattr(accounts, "give", away)
        with pytest.raises(Refused, match="held"):
            await entering.give(made.id, SessionId(SESSION), "agency", "Dinas PUPR", "cli")
    await entering.give(made.id, SessionId(SESSION), "agency", "Dinas PUPR", "cli")
    (after,) = await accounts.scopes(made.id)
    assert after.agency == "Dinas PUPR" and after.pass_id != before.pass_id
    assert (await his.ask("POST", "/enter", {"session": SESSION, "role": "agency"}))[0] == 200


async def test_logging_out_ends_the_connection_on_the_other_node(nodes: list[Running], page: Any) -> None:
    one, two = nodes
    made = await account(one, "keluar", (SESSION, "moderator"))
    his: Browser = await page(one)
    await his.log_in("keluar")
    credential = (await his.ask("POST", "/enter", ENTER))[1]["credential"]
    desk = await two.services.desks.desk(SessionId(SESSION))
    await until(lambda: any(made.id in card for card in desk.state.passes))
    wire = await dial(two.url, {"credential": credential, "session": SESSION})
    await his.ask("POST", "/logout")
    assert await farewell(wire) == "logged_out"


async def test_an_admin_makes_an_account_whose_owner_chooses_his_own_password(nodes: list[Running], page: Any) -> None:
    one, two = nodes
    admin = await admin_page(page, one, "kepala.empat")
    new = {"login": "Baru.Sekali", "name": "Staf Baru", "password": PASSWORD}
    status, body = await admin.ask("POST", "", new)
    assert status == 200 and (body["login"], body["must_change"], body["scopes"]) == ("baru.sekali", True, [])
    assert (await admin.ask("POST", "", new))[1]["code"] == "already_exists"
    assert (await admin.ask("POST", "", {**new, "password": "bappeda2026!!"}))[1]["reason"] == "common"
    assert (await admin.ask("POST", "", {**new, "login": "spasi di sini"}))[1]["field"] == "login"
    assert (await admin.ask("POST", "", {**new, "peran": "admin"}))[1]["field"] == "peran"
    his: Browser = await page(two)
    await his.log_in("baru.sekali")
    assert (await his.ask("GET", "/me"))[1]["owed"] == "password"
    change = {"password": PASSWORD, "new": "kerbau makan rumput"}
    assert (await his.ask("POST", "/password", change))[0] == 200
    assert (await his.ask("GET", "/me"))[1]["owed"] is None
    listed = (await admin.ask("GET", ""))[1]["accounts"]
    assert {"kepala.empat", "baru.sekali"} <= {one["login"] for one in listed}
    assert (await admin.ask("POST", f"/{body['id']}/password", {"password": PASSWORD}))[0] == 200
    assert (await his.ask("GET", "/me"))[1] == {"stage": "out"}


@pytest.mark.parametrize(
    ("method", "path", "body", "answer"),
    [
        ("PATCH", "/tidakada", {"disabled": True}, "unknown_account"),
        ("PATCH", "/tidakada", {"disabled": "ya"}, "unknown_account"),
        ("PUT", "/{id}/scopes", {"session": "tidak-ada", "role": "moderator"}, "unknown_session"),
        ("PUT", "/{id}/scopes", {"session": SESSION, "role": "delegate"}, "bad_input"),
        ("PUT", "/{id}/scopes", {"session": None, "role": "moderator"}, "bad_input"),
        ("PUT", "/{id}/scopes", {"session": SESSION, "role": "moderator", "agency": "Dinas"}, "bad_input"),
        ("POST", "/{id}/password", {"password": "pendek"}, "weak_password"),
        ("PATCH", "/{id}", {"totp_required": 1}, "bad_input"),
        ("PATCH", "/{id}", {"name": "   "}, "bad_input"),
    ],
)
async def test_what_an_admin_is_refused(
    nodes: list[Running], page: Any, method: str, path: str, body: Any, answer: str
) -> None:
    store = nodes[0].services.store.accounts
    if (found := await store.of_login("kepala.lima")) is None:
        found = await account(nodes[0], "kepala.lima", (None, "admin"))
    await store.set_totp(found.id, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 0, (), "cli")
    admin: Browser = await page(nodes[0])
    await admin.log_in("kepala.lima")
    await admin.ask("POST", "/login/code", {"code": code(nodes[0], "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    assert (await admin.ask(method, path.format(id=found.id), body))[1]["code"] == answer


async def test_nobody_else_keeps_accounts(nodes: list[Running], page: Any) -> None:
    await account(nodes[0], "bukan.admin", (SESSION, "moderator"))
    his: Browser = await page(nodes[0])
    await his.log_in("bukan.admin")
    for method, path in (("GET", ""), ("POST", ""), ("PATCH", "/x"), ("PUT", "/x/scopes"), ("DELETE", "/x/totp")):
        assert (await his.ask(method, path, None if method == "GET" else {}))[1]["code"] == "forbidden"


async def test_the_trail_tells_who_did_it_on_which_node_and_no_secret(nodes: list[Running], page: Any) -> None:
    one, two = nodes
    admin = await admin_page(page, two, "kepala.enam")
    await admin.log_in("kepala.enam", "bukan sandi ini 77")
    async with admin.http.get("/api/audit", params={"most": "1000"}) as answer:
        status, body = await told(answer)
    assert status == 200
    seen = {(entry["action"], entry["node"]) for entry in body["entries"]}
    assert {("account.login", "dua"), ("account.login_failed", "dua"), ("pass.revoke", "satu")} <= seen
    assert not [secret for secret in (PASSWORD, "bukan sandi ini") if secret in str(body)]
    async with admin.http.get("/api/audit", params={"having": "LOGIN_F"}) as answer:
        assert {entry["action"] for entry in (await told(answer))[1]["entries"]} == {"account.login_failed"}
    for wrong in ({"having": "x" * 61}, {"most": "9" * 5000}):
        async with admin.http.get("/api/audit", params=wrong) as answer:
            assert (await told(answer))[1]["code"] == "bad_input"
    headers = await bearer(admin.http, one, "admin")
    async with admin.http.get("/api/audit", headers=headers) as answer:
        entries = (await told(answer))[1]["entries"]
        assert {entry["session"] for entry in entries} <= {SESSION}, "the secretariat of a session sees that session"
    for role in ("moderator", "hall"):
        async with admin.http.get("/api/audit", headers=await bearer(admin.http, one, role)) as answer:
            assert (await told(answer))[1]["code"] == "forbidden"
