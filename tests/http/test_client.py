"""The built client, health and metrics, and the headers of every answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from server.app import Running, running
from server.config import Settings
from server.http.client import FACES, GALLERY
from tests.http.conftest import built_client

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "path", ["/", *(f"/{face}" for face in (*FACES, GALLERY)), "/participant/", "/moderator/ballots/x"]
)
async def test_every_face_is_a_page_that_is_asked_about_each_time(looking: aiohttp.ClientSession, path: str) -> None:
    async with looking.get(path) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert b"<title>Pleno</title>" in await answer.read()
        etag = answer.headers["ETag"]
    async with looking.get(path, headers={"If-None-Match": etag}) as answer:
        assert answer.status == 304


async def test_a_phone_has_a_page_of_its_own(looking: aiohttp.ClientSession) -> None:
    for path, own in (("/participant", True), ("/participant/", True), ("/hall", False), ("/", False)):
        async with looking.get(path) as answer:
            assert (b"Ponsel" in await answer.read()) is own, path


async def test_the_service_worker_is_asked_about_each_time_and_may_fetch_what_a_page_may(
    looking: aiohttp.ClientSession,
) -> None:
    async with looking.get("/sw.js") as answer:
        assert (answer.status, answer.content_type) == (200, "text/javascript")
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
        assert await answer.read() == b"addEventListener('fetch', () => {})"


@pytest.mark.parametrize("built", [True, False])
async def test_where_no_worker_is_to_be_one_that_was_there_removes_itself(
    settings: Settings, tmp_path: Path, built: bool
) -> None:
    static = built_client(tmp_path / "static")
    if not built:
        (static / "sw.js").unlink()
    async with (
        running(replace(settings, demo=False, offline_page=not built), static=static) as server,
        aiohttp.ClientSession() as http,
        http.get(f"{server.url}/sw.js") as answer,
    ):
        text = await answer.text()
    assert "registration.unregister()" in text and "caches.delete" in text and "fetch" not in text


@pytest.mark.parametrize(
    ("accepts", "encoding", "content"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", b"\x1f\x8bgzip"),
        ("br;q=0, gzip;q=0.5", "gzip", b"\x1f\x8bgzip"),
        ("identity", None, b"console.log('plain')"),
    ],
)
async def test_a_hashed_file_is_sent_compressed_and_kept_for_ever(
    looking: aiohttp.ClientSession, accepts: str, encoding: str | None, content: bytes
) -> None:
    async with looking.get("/assets/app-BLTGxVrL.js", headers={"Accept-Encoding": accepts}) as answer:
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.content_type == "text/javascript"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert await answer.read() == content


@pytest.mark.parametrize(
    "path",
    [
        "/.src-sha",
        "/assets/app-BLTGxVrL.js.br",
        "/assets/",
        "/nothing",
        "/../data/pleno.sqlite",
        "/assets/..%2f..%2fdata/passes.json",
        "/%2e%2e/data/passes.json",
        "//etc/passwd",
    ],
)
async def test_what_was_not_built_for_the_public_does_not_exist(
    shared: Running, looking: aiohttp.ClientSession, path: str
) -> None:
    async with looking.get(URL(shared.url + path, encoded=True)) as answer:
        assert answer.status == 404
        assert answer.content_type == "application/problem+json"


async def test_a_page_that_was_not_built_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    async with (
        running(replace(settings, demo=False), static=tmp_path / "none") as server,
        aiohttp.ClientSession() as http,
    ):
        async with http.get(f"{server.url}/moderator") as answer:
            assert answer.status == 503
            assert "make run" in await answer.text()


@pytest.mark.parametrize("path", ["/", "/sw.js", "/metrics", "/socket.io/?EIO=4"])
async def test_every_answer_says_what_a_page_may_do(looking: aiohttp.ClientSession, path: str) -> None:
    async with looking.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "object-src 'none'" in policy and "base-uri 'none'" in policy
        assert "script-src 'self';" in policy
        assert "style-src 'self';" in policy and "unsafe" not in policy
        assert "Strict-Transport-Security" not in answer.headers, "plain HTTP has no such promise to make"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=(self)" in answer.headers["Permissions-Policy"]
        assert "window-management=(self)" in answer.headers["Permissions-Policy"], "the hall finds its projector"


@pytest.mark.parametrize(
    "path", ["/assets/app-BLTGxVrL.js", "/healthz", "/nothing", "/api/public/nowhere/snapshot", "/api/key"]
)
async def test_what_is_no_page_may_do_nothing_when_opened_by_itself(looking: aiohttp.ClientSession, path: str) -> None:
    async with looking.get(path) as answer:
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_opening_of_a_websocket_is_not_dressed_as_a_page(looking: aiohttp.ClientSession) -> None:
    async with looking.ws_connect("/socket.io/?EIO=4&transport=websocket") as line:
        named = set(line._response.headers)
    assert {"Upgrade", "Connection", "Sec-WebSocket-Accept"} <= named
    assert not named & {"Content-Security-Policy", "Permissions-Policy", "Server"}


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/healthz"), ("DELETE", "/moderator"), ("GET", "/api/passes/exchange")]
)
async def test_a_wrong_method_is_a_problem_with_a_code(looking: aiohttp.ClientSession, method: str, path: str) -> None:
    async with looking.request(method, path) as answer:
        assert answer.status in (404, 405)
        assert (await answer.json(content_type=None))["code"] in ("method_not_allowed", "not_found")


async def test_health_and_metrics_tell_how_the_parts_are(looking: aiohttp.ClientSession) -> None:
    for _ in range(100):  # the media worker reports once a second
        async with looking.get("/healthz") as answer:
            assert answer.status == 200
            told = await answer.json()
        if told["media"] != "off":
            break
        await asyncio.sleep(0.1)
    assert (told["status"], told["database"], told["media"]) == ("ok", "ok", "python")
    async with looking.get("/metrics") as answer:
        text = await answer.text()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert lines['pleno_media_core_info{core="python"}'] == "1"
    assert float(lines["pleno_store_writes_total"]) > 0
    assert float(lines["pleno_gateway_connections"]) >= 0
    assert "# TYPE pleno_store_writes_total counter" in text
