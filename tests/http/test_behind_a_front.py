"""Behind a TLS front: what the front says of the browser is believed, what anybody else says is not."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from server.app import Running, running
from tests.gateway.served import dial
from tests.http.conftest import bearer, built_client, stored
from tests.http.staff import PASSWORD, account
from tests.http.test_exchange import SESSION, told

pytestmark = pytest.mark.asyncio(loop_scope="module")
HOST = "musrenbang.kota.example"
FRONT = {"Host": HOST, "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
HSTS = "Strict-Transport-Security"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fronted(store: str, tmp_path_factory: pytest.TempPathFactory, demonstrated: Path) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("front")
    proxies = (ipaddress.ip_network("127.0.0.0/8"),)
    async with stored(folder / "data", demonstrated) as settings:
        async with running(replace(settings, proxies=proxies), static=built_client(folder / "static")) as server:
            await account(server, "lewat.depan", (SESSION, "moderator"))
            yield server


async def log_in(server: Running, headers: dict[str, str]) -> tuple[int, str, str]:
    """Status, Set-Cookie and code."""
    async with aiohttp.ClientSession(server.url, cookie_jar=aiohttp.DummyCookieJar()) as http:
        body = {"login": "lewat.depan", "password": PASSWORD}
        async with http.post("/api/accounts/login", json=body, headers=headers) as answer:
            return answer.status, answer.headers.get("Set-Cookie", ""), (await told(answer))[1].get("code", "")


async def test_the_cookie_is_one_of_the_whole_host_over_tls_alone(fronted: Running) -> None:
    status, cookie, _ = await log_in(fronted, {**FRONT, "Origin": f"https://{HOST}"})
    assert status == 200
    assert cookie.startswith("__Host-pleno=")
    named = {part.strip() for part in cookie.split(";")[1:]}
    assert named == {"HttpOnly", "Path=/", "SameSite=Strict", "Secure"}


@pytest.mark.parametrize(
    "origin",
    [f"http://{HOST}", "https://jahat.example", "null", f"https://{HOST}.jahat.example", f"https://{HOST}:444"],
)
async def test_another_origin_does_not_log_in_nor_connect(fronted: Running, origin: str) -> None:
    assert (await log_in(fronted, {**FRONT, "Origin": origin}))[2] == "origin_refused"
    async with aiohttp.ClientSession(fronted.url) as http:
        credential = (await bearer(http, fronted, "moderator"))["Authorization"].split()[1]
    wire = await dial(fronted.url, {"credential": credential}, **FRONT, Origin=origin)
    expected = (
        None if origin == f"http://{HOST}" else "origin_refused"
    )  # the bearer is no cookie: the scheme may differ
    assert wire.refused == expected
    await wire.close()


@pytest.mark.parametrize("seen", [{"Host": HOST}, {"Host": "127.0.0.1:8080", "X-Forwarded-Host": HOST}])
async def test_the_page_of_the_front_connects(fronted: Running, seen: dict[str, str]) -> None:
    headers = {**FRONT, **seen, "Origin": f"https://{HOST}"}
    assert (await log_in(fronted, headers))[0] == 200
    async with aiohttp.ClientSession(fronted.url) as http:
        credential = (await bearer(http, fronted, "moderator"))["Authorization"].split()[1]
    wire = await dial(fronted.url, {"credential": credential}, **headers)
    assert wire.refused is None
    await wire.close()


async def test_the_front_promises_https_for_a_year_and_plain_http_promises_nothing(fronted: Running) -> None:
    async with aiohttp.ClientSession(fronted.url) as http:
        async with http.get("/healthz", headers=FRONT) as answer:
            assert answer.headers[HSTS] == "max-age=31536000"
        async with http.get("/healthz") as answer:
            assert HSTS not in answer.headers


async def test_a_stranger_is_not_believed_to_be_a_front(shared: Running) -> None:
    status, _, code = await log_in(shared, {**FRONT, "Origin": f"https://{HOST}"})
    assert (status, code) == (403, "needs_https")
    async with aiohttp.ClientSession(shared.url) as http, http.get("/healthz", headers=FRONT) as answer:
        assert HSTS not in answer.headers
