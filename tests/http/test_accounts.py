"""Staff log in with password and code, enter sessions from there, and are out everywhere when it is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from server.app import Running
from sessions.ids import SessionId
from tests.http import staff
from tests.http.conftest import bearer
from tests.http.staff import PASSWORD, Browser, account, browser, code, with_telephone
from tests.http.test_exchange import SESSION, told

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def page(shared: Running) -> AsyncIterator[Browser]:
    async with browser(shared) as http:
        yield Browser(http, shared)


async def snapshot(page: Browser, credential: str, session: str = SESSION) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {credential}"}
    async with page.http.get(f"/api/sessions/{session}/snapshot", headers=headers) as answer:
        return answer.status, "" if answer.status == 200 else str((await told(answer))[1]["code"])


async def test_a_moderator_logs_in_and_enters_the_session_he_has(shared: Running, page: Browser) -> None:
    made = await account(shared, "mod.masuk", (SESSION, "moderator"))
    assert (await page.ask("GET", "/me"))[1] == {"stage": "out"}
    status, body = await page.log_in("  Mod.Masuk ")
    assert (status, body["stage"]) == (200, "in")
    status, body = await page.ask("GET", "/me")
    assert body["account"]["login"] == "mod.masuk" and body["owed"] is None
    assert [(one["session"], one["roles"]) for one in body["sessions"]] == [(SESSION, ["moderator"])]
    status, body = await page.ask("POST", "/enter", {"session": SESSION, "role": "moderator"})
    assert status == 200
    first = body["identity"]
    assert (first["role"], first["session"], first["seat"]) == ("moderator", SESSION, None)
    assert first["pass"].startswith(f"acct-{made.id}-")
    assert await snapshot(page, body["credential"]) == (200, "")
    _, again = await page.ask("POST", "/enter", {"session": SESSION, "role": "moderator"})
    assert again["identity"]["pass"] == first["pass"], "one pass, however often it enters"
    journal = await shared.services.store.journal.read(SessionId(SESSION), 0)
    assert not [event for event in journal if made.name in str(event.data)], "no name of staff in the journal"


@pytest.mark.parametrize("body", [{"session": SESSION, "role": "admin"}, {"session": "tidak-ada", "role": "moderator"}])
async def test_nobody_enters_as_what_he_is_not(shared: Running, page: Browser, body: dict[str, str]) -> None:
    await account(shared, f"mod.{body['role']}", (SESSION, "moderator"))
    await page.log_in(f"mod.{body['role']}")
    assert (await page.ask("POST", "/enter", body))[1]["code"] == "forbidden"


async def test_the_cookie_is_for_us_alone_and_another_after_each_login(shared: Running, page: Browser) -> None:
    await account(shared, "kue", (SESSION, "moderator"))
    cookies = []
    for _ in range(2):
        async with page.http.post(
            "/api/accounts/login", json={"login": "kue", "password": PASSWORD}, headers={"Origin": shared.url}
        ) as answer:
            cookie = answer.cookies["pleno-trial"]
            assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
            assert cookie["domain"] == "" and len(cookie.value) >= 40
            cookies.append(cookie.value)
    assert cookies[0] != cookies[1]
    async with shared.services.store.database.reading() as connection:
        rows = await connection.exec_driver_sql("select hash, id, agent from account_sessions")
        assert not [row for row in rows if cookies[1] in str(row)], "only its digest is kept"


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({"Origin": "https://jahat.example"}, "origin_refused"),
        ({"Origin": ""}, "origin_refused"),
        ({"Sec-Fetch-Site": "cross-site"}, "origin_refused"),
        ({"Sec-Fetch-Site": "same-site"}, "origin_refused"),
        ({"X-Pleno-Token": ""}, "stale_page"),
        ({"X-Pleno-Token": "x" * 43}, "stale_page"),
        ({"X-Pleno-Token": "\xe9"}, "stale_page"),
        ({"Origin": "", "Sec-Fetch-Site": "same-origin"}, None),
    ],
)
async def test_a_change_by_cookie_comes_from_a_page_of_ours_with_its_token(
    shared: Running, page: Browser, headers: dict[str, str], answer: str | None
) -> None:
    if await shared.services.store.accounts.of_login("csrf") is None:
        await account(shared, "csrf", (SESSION, "moderator"))
    await page.log_in("csrf")
    page.headers = headers
    status, body = await page.ask("POST", "/enter", {"session": SESSION, "role": "moderator"})
    assert body.get("code") == answer and (status == 200) == (answer is None)


async def test_a_login_that_another_site_asks_for_is_refused(shared: Running, page: Browser) -> None:
    page.headers = {"Origin": "https://jahat.example"}
    assert (await page.log_in("csrf"))[1]["code"] == "origin_refused"


async def test_nothing_tells_an_unknown_login_from_a_wrong_password_or_a_disabled_account(
    shared: Running, page: Browser
) -> None:
    await account(shared, "ada")
    gone = await account(shared, "bekas")
    await shared.services.entering.disable(gone.id, "cli")
    answers = [await page.log_in("ada", "bukan yang ini"), await page.log_in("siapa"), await page.log_in("bekas")]
    assert answers[0][0] == 401 and answers[0][1]["code"] == "login_failed"
    assert answers[0] == answers[1] == answers[2]


async def test_a_code_is_asked_for_where_a_telephone_is_enrolled_and_counts_once(
    shared: Running, page: Browser
) -> None:
    made = await account(shared, "telepon", (SESSION, "moderator"))
    secret = await with_telephone(shared, made)
    assert (await page.log_in("telepon"))[1]["stage"] == "code"
    assert "account" not in (await page.ask("GET", "/me"))[1], "half a login sees nothing"
    for path, method in (("/enter", "POST"), ("/logins", "GET"), ("/password", "POST"), ("/totp", "POST")):
        body = {"session": SESSION, "role": "moderator"} if method == "POST" else None
        assert (await page.ask(method, path, body))[1]["code"] == "code_owed"
    assert (await page.ask("POST", "/login/code", {"code": code(shared, secret, 5)}))[1]["code"] == "code_wrong"
    right = code(shared, secret)
    assert (await page.ask("POST", "/login/code", {"code": right}))[1]["stage"] == "in"
    await page.log_in("telepon")
    assert (await page.ask("POST", "/login/code", {"code": right}))[1]["code"] == "code_wrong"
    assert (await page.ask("POST", "/login/code", {"code": code(shared, secret, 1)}))[1]["stage"] == "in"


async def test_an_admin_enrols_a_telephone_before_anything_else(shared: Running, page: Browser) -> None:
    await account(shared, "sekre", (None, "admin"))
    assert (await page.log_in("sekre"))[1]["stage"] == "enrol"
    assert (await page.ask("POST", "/enter", {"session": SESSION, "role": "admin"}))[1]["code"] == "totp_owed"
    assert (await page.ask("GET", ""))[1]["code"] == "totp_owed"
    assert (await page.ask("POST", "/totp", {"password": "salah salah salah"}))[1]["code"] == "login_failed"
    _, offered = await page.ask("POST", "/totp", {"password": PASSWORD})
    assert offered["uri"].startswith("otpauth://totp/Pleno:sekre?secret=") and offered["qr"].startswith(
        "data:image/svg"
    )
    confirm = {"secret": offered["secret"], "seal": offered["seal"]}
    forged = {**confirm, "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
    wrong = await page.ask("PUT", "/totp", {**forged, "code": code(shared, forged["secret"])})
    assert wrong[1]["code"] == "bad_input"
    assert (await page.ask("PUT", "/totp", {**confirm, "code": "000000"}))[1]["code"] == "code_wrong"
    _, done = await page.ask("PUT", "/totp", {**confirm, "code": code(shared, offered["secret"])})
    assert done["stage"] == "in" and len(done["recovery"]) == 8
    status, body = await page.ask("POST", "/enter", {"session": SESSION, "role": "admin"})
    assert status == 200 and body["identity"]["role"] == "admin"
    for spent in (False, True):
        await page.log_in("sekre")
        _, said = await page.ask("POST", "/login/code", {"code": done["recovery"][0].upper()})
        assert said.get("code") == ("code_wrong" if spent else None)


async def test_logging_out_ends_what_was_entered_and_another_login_can_be_ended_from_here(
    shared: Running, page: Browser
) -> None:
    await account(shared, "keluar", (SESSION, "moderator"))
    async with browser(shared) as other_http:
        lost = Browser(other_http, shared)
        await lost.log_in("keluar")
        enter = {"session": SESSION, "role": "moderator"}
        credential = (await lost.ask("POST", "/enter", enter))[1]["credential"]
        await page.log_in("keluar")
        _, listed = await page.ask("GET", "/logins")
        assert [one["here"] for one in listed["logins"]] == [True, False]
        assert await snapshot(page, credential) == (200, "")
        assert (await page.ask("DELETE", "/logins/others"))[1] == {"ended": 1}
        assert await snapshot(page, credential) == (401, "logged_out")
        assert (await lost.ask("GET", "/me"))[1] == {"stage": "out"}
    credential = (await page.ask("POST", "/enter", enter))[1]["credential"]
    assert (await page.ask("POST", "/logout"))[0] == 200
    assert (await page.ask("POST", "/enter", enter))[1]["code"] == "not_logged_in"
    assert await snapshot(page, credential) == (401, "logged_out")


async def test_a_new_password_is_a_good_one_and_ends_the_other_logins(shared: Running, page: Browser) -> None:
    await account(shared, "kamboja", (SESSION, "moderator"), must_change=True)
    await page.log_in("kamboja")
    assert (await page.ask("GET", "/me"))[1]["owed"] == "password"
    assert (await page.ask("POST", "/enter", {"session": SESSION, "role": "moderator"}))[1]["code"] == "password_owed"

    async def change(old: str, new: str) -> Any:
        return (await page.ask("POST", "/password", {"password": old, "new": new}))[1]

    assert (await change(PASSWORD, "pendek"))["reason"] == "short"
    assert (await change(PASSWORD, "Password123456"))["reason"] == "common"
    assert (await change(PASSWORD, "Kamboja-2026-Kamboja"))["reason"] == "name"
    assert (await change("bukan sandi lama", "kerbau makan rumput"))["code"] == "login_failed"
    assert await change(PASSWORD, "kerbau makan rumput") == {}
    assert (await page.ask("GET", "/me"))[1]["owed"] is None
    assert (await page.log_in("kamboja"))[1]["code"] == "login_failed"
    assert (await page.log_in("kamboja", "kerbau makan rumput"))[1]["stage"] == "in"


async def test_passes_do_not_open_accounts_and_accounts_no_passes(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    headers = await bearer(looking, shared, "admin")
    async with looking.get(staff.ACCOUNTS, headers=headers) as answer:
        assert (await told(answer))[1]["code"] == "not_logged_in"


@pytest.mark.parametrize("forwarded", [{}, {"X-Forwarded-Proto": "https"}])
async def test_through_a_network_in_clear_nobody_logs_in(
    shared: Running, page: Browser, forwarded: dict[str, str]
) -> None:
    """The front is not named in the settings: what it says is a stranger's word."""
    page.headers = {"X-Forwarded-For": "10.1.2.3", **forwarded}
    assert await page.log_in("csrf") == (403, problem(403, "needs_https"))


def problem(status: int, code: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": code.replace("_", " "), "status": status, "code": code}


async def test_an_offered_telephone_is_good_only_as_long_as_the_account_has_the_one_it_had(
    shared: Running, page: Browser
) -> None:
    made = await account(shared, "serobot", (SESSION, "moderator"), totp_required=True)
    async with browser(shared) as other_http:
        early = Browser(other_http, shared)
        await early.log_in("serobot")
        _, offered = await early.ask("POST", "/totp", {"password": PASSWORD})
        secret = await with_telephone(shared, made)
        confirm = {"secret": offered["secret"], "seal": offered["seal"], "code": code(shared, offered["secret"])}
        assert (await early.ask("PUT", "/totp", confirm))[0] == 400, "that would need no code of the other one"
    await page.log_in("serobot")
    assert (await page.ask("POST", "/login/code", {"code": code(shared, secret)}))[1]["stage"] == "in"


async def test_a_wrong_code_counts_wherever_it_is_tried(shared: Running, page: Browser) -> None:
    made = await account(shared, "tebak", (SESSION, "moderator"))
    secret = await with_telephone(shared, made)
    await page.log_in("tebak")
    await page.ask("POST", "/login/code", {"code": code(shared, secret)})
    body = {"password": PASSWORD, "code": code(shared, secret, 5)}
    said = [(await page.ask("POST", "/totp", body))[1]["code"] for _ in range(7)]
    assert said[:5] == ["code_wrong"] * 5 and said[-1] == "too_many_attempts"
