"""deploy/Caddyfile in a real Caddy before two stand-ins for nodes: who is sent where, and what nobody may see."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from tests.deploy.relay import is_open
from tests.e2e.product import ROOT, spare_port
from tests.fixtures.prerequisites import require

CADDYFILE = ROOT / "deploy" / "Caddyfile"
NAME, RELAY = "pleno.localhost", "relay.localhost"
PATIENCE_S = 30


def caddy() -> str:
    return shutil.which("caddy") or require("Caddy", "apt-get install caddy")


def environ(folder: Path, **more: str) -> dict[str, str]:
    given = {
        "PLENO_DOMAIN": NAME,
        "PLENO_ADDRESS": "127.0.0.1",
        "PLENO_TURN_DOMAIN": RELAY,
        "PLENO_TURN_ADDRESS": "127.0.0.1",
        "PLENO_EMAIL": "admin@pleno.localhost",
    }
    return os.environ | given | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)} | more


@pytest.mark.parametrize("issuer", ["acme", "internal"])
def test_caddy_takes_the_settings(tmp_path: Path, issuer: str) -> None:
    asked = [caddy(), "validate", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    done = subprocess.run(
        asked, env=environ(tmp_path, PLENO_ISSUER=issuer), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_settings_are_written_as_caddy_would() -> None:
    done = subprocess.run([caddy(), "fmt", str(CADDYFILE)], capture_output=True, text=True, check=False)
    assert done.stdout == CADDYFILE.read_text()


@dataclass
class Node:
    """Answers with its own name and what it was told of the client; a WebSocket at /socket.io/ says everything back."""

    name: str
    port: int = field(default_factory=spare_port)
    ready: bool = True
    asked: Counter[str] = field(default_factory=Counter)

    async def serve(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/socket.io/", self._socket)
        app.router.add_get("/{path:.*}", self._page)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        return runner

    async def _ready(self, request: web.Request) -> web.Response:
        return web.Response(status=200 if self.ready else 503)

    async def _page(self, request: web.Request) -> web.Response:
        self.asked[request.path] += 1
        told = {name: request.headers.getall(f"X-Forwarded-{name}", []) for name in ("For", "Proto", "Host")}
        return web.json_response({"node": self.name, "host": request.host, **told})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return await self._page(request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(f"{self.name}: {message.data}")
        return socket


@dataclass
class Front:
    """url: of the site, by loopback. nodes: what is behind it."""

    folder: Path
    url: str
    plain_port: int
    nodes: list[Node]
    runners: dict[str, web.AppRunner]

    def session(self) -> aiohttp.ClientSession:
        """Somebody with cookies of its own, who trusts the certificates of Caddy's own authority and checks names."""
        (root,) = self.folder.glob("caddy/pki/authorities/local/root.crt")
        trusting = ssl.create_default_context(cafile=root)
        connector = aiohttp.TCPConnector(ssl=trusting, resolver=Loopback(), force_close=True)
        return aiohttp.ClientSession(self.url, connector=connector)


class Loopback(aiohttp.abc.AbstractResolver):
    """Every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[aiohttp.abc.ResolveResult]:
        return [
            {"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}
        ]  # fmt: skip

    async def close(self) -> None: ...


@asynccontextmanager
async def fronting(folder: Path) -> AsyncIterator[Front]:
    nodes = [Node("a"), Node("b")]
    runners = {node.name: await node.serve() for node in nodes}
    plain, secure = spare_port(), spare_port()
    told = environ(
        folder,
        PLENO_ISSUER="internal",
        PLENO_HTTP_PORT=str(plain),
        PLENO_HTTPS_PORT=str(secure),
        PLENO_CERTIFICATE_PORT=str(spare_port()),
        PLENO_FRONT_PORT=str(spare_port()),
        PLENO_NODES=" ".join(f"127.0.0.1:{node.port}" for node in nodes),
    )
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            caddy(), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile", env=told, stdout=log, stderr=log
        )
    front = Front(folder, f"https://{NAME}:{secure}", plain, nodes, runners)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not is_open("127.0.0.1", int(told["PLENO_FRONT_PORT"])) or not certified(folder):
                assert process.returncode is None, (folder / "log").read_text()
                await asyncio.sleep(0.1)
        yield front
    finally:
        process.terminate()
        await process.wait()
        for runner in runners.values():
            await runner.cleanup()


def certified(folder: Path) -> bool:
    """Both names have a certificate, where deploy/relay.sh looks for one."""
    return all(list(folder.glob(f"caddy/certificates/*/{name}/{name}.crt")) for name in (NAME, RELAY))


async def page(session: aiohttp.ClientSession, path: str = "/", **how: object) -> dict[str, object]:
    async with session.get(path, **how) as answer:  # type: ignore[arg-type]
        assert answer.status == 200, await answer.text()
        return dict(await answer.json())


async def test_the_front_keeps_people_with_their_node_and_away_from_what_is_not_theirs(tmp_path: Path) -> None:
    """One Caddy for all of it: it takes seconds to start."""
    async with fronting(tmp_path) as front:
        await stays_with_a_node(front)
        await tells_the_truth_about_the_client(front)
        await hides_the_inside(front)
        await redirects_to_https(front)
        await carries_sockets(front)
        await leaves_a_node_that_drains(front)
        await leaves_a_node_that_died(front)


async def stays_with_a_node(front: Front) -> None:
    """Long polling: all requests of one browser reach the same node, and browsers spread over both."""
    met = set()
    for _ in range(24):
        async with front.session() as browser:
            first = (await page(browser))["node"]
            assert {(await page(browser, "/socket.io/"))["node"] for _ in range(4)} == {first}
            met.add(first)
    assert met == {"a", "b"}


async def tells_the_truth_about_the_client(front: Front) -> None:
    async with front.session() as browser:
        forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}
        told = await page(browser, headers=forged)
        assert told["For"] == ["127.0.0.1"]
        assert told["Proto"] == ["https"]
        at = front.url.removeprefix("https://")
        assert (told["host"], told["Host"]) == (at, [at])


async def hides_the_inside(front: Front) -> None:
    async with front.session() as browser:
        for path in ("/metrics", "/metrics/x", "/internal", "/internal/media", "/%6detrics", "/x/../internal/media"):
            async with browser.get(URL(front.url + path, encoded=True)) as answer:
                assert answer.status == 404, path
        assert not any(path.startswith(("/metrics", "/internal")) for node in front.nodes for path in node.asked)


async def redirects_to_https(front: Front) -> None:
    async with front.session() as browser:
        plain = f"http://{NAME}:{front.plain_port}/hall?x=1"
        async with browser.get(plain, allow_redirects=False) as answer:
            assert answer.status == 301
            assert answer.headers["Location"] == f"https://{NAME}/hall?x=1"
        async with browser.get(f"http://{RELAY}:{front.plain_port}/") as answer:
            assert answer.status == 404
        async with browser.get("/") as answer:
            assert answer.headers["Strict-Transport-Security"] == "max-age=15552000"


async def carries_sockets(front: Front) -> None:
    async with front.session() as browser:
        first = (await page(browser))["node"]
        async with browser.ws_connect("/socket.io/?transport=websocket") as socket:
            await socket.send_str("vote")
            assert (await socket.receive_str()) == f"{first}: vote"


async def settled(front: Front, node: str) -> aiohttp.ClientSession:
    """Somebody whose cookie says this node."""
    while True:
        browser = front.session()
        if (await page(browser))["node"] == node:
            return browser
        await browser.close()


async def moved(front: Front, people: list[aiohttp.ClientSession], to: str) -> None:
    """Until all of them and ten newcomers are sent there; nobody meets an error meanwhile."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            met = {(await page(browser))["node"] for browser in people}
            for _ in range(10):
                async with front.session() as newcomer:
                    met.add((await page(newcomer))["node"])
            if met == {to}:
                return
            await asyncio.sleep(0.1)


async def leaves_a_node_that_drains(front: Front) -> None:
    a, b = front.nodes
    async with await settled(front, "a") as one, await settled(front, "b") as other:
        a.ready = False
        await moved(front, [one, other], "b")
        a.ready, b.ready = True, False
        await moved(front, [one, other], "a")
        b.ready = True


async def leaves_a_node_that_died(front: Front) -> None:
    async with await settled(front, "a") as one, await settled(front, "b") as other:
        await front.runners["a"].cleanup()
        await moved(front, [one, other], "b")
