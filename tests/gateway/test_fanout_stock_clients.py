"""Stock Socket.IO clients cannot tell our delivery from the library's."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio

from signaling.gateway import packets
from tests.fixtures.prerequisites import require
from tests.gateway.carried import serving, until

TEXT = "Usulan perbaikan jalan “RW 07” — Rp 1.500.000 ✓ "
LONG = [{"i": n, "t": TEXT * (1400 if n == 7 else n % 3 * 40 + 1)} for n in range(40)]  # all three length encodings
TRANSPORTS = [["websocket"], ["polling"], ["polling", "websocket"]]
NODE_MODULES = Path(__file__).parents[2] / "client_web" / "node_modules"


def stock_client() -> tuple[socketio.AsyncClient, list[tuple[str, Any]]]:
    client = socketio.AsyncClient(reconnection=False)
    heard: list[tuple[str, Any]] = []

    @client.on("*")
    async def hear(event: str, *args: Any) -> None:
        heard.append((event, args[0] if args else None))

    return client, heard


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
async def test_events_arrive_whole_and_in_order(transports: list[str]) -> None:
    async with serving() as (carrier, echo, url):
        client, heard = stock_client()
        await client.connect(url, transports=transports)
        for number, message in enumerate(LONG):
            if number == 20:  # in the middle of the stream the stock client may still be upgrading
                await until(lambda: len(heard) == 20)
            carrier.broadcast(echo.links, [packets.event("frame", message)])
        await until(lambda: len(heard) == len(LONG))
        assert heard == [("frame", message) for message in LONG]
        await client.disconnect()


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
async def test_acks_answer_the_right_event(transports: list[str]) -> None:
    async with serving() as (_, _, url):
        client, _ = stock_client()
        await client.connect(url, transports=transports)
        answers = await asyncio.gather(*(client.call("echo", {"n": n, "t": TEXT}) for n in range(30)))
        assert answers == [{"n": n, "t": TEXT} for n in range(30)]
        await client.disconnect()


async def test_several_messages_in_one_write_stay_several_events() -> None:
    async with serving() as (carrier, echo, url):
        client, heard = stock_client()
        await client.connect(url, transports=["websocket"])
        carrier.broadcast(echo.links, [packets.event("a", 1), packets.event("b", LONG[0]), packets.event("c", None)])
        await until(lambda: len(heard) == 3)
        assert heard == [("a", 1), ("b", LONG[0]), ("c", None)]
        await client.disconnect()


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
async def test_a_refused_client_learns_the_code(transports: list[str]) -> None:
    async with serving() as (carrier, _, url):
        client, _ = stock_client()
        refusals: list[Any] = []
        client.on("connect_error", refusals.append)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await client.connect(url, auth={"refuse": "credential_expired"}, transports=transports)
        await until(lambda: carrier.sockets == 0)
        assert {"message": "credential_expired"} in refusals


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
async def test_a_dismissed_client_hears_bye_before_the_end(transports: list[str]) -> None:
    async with serving() as (carrier, echo, url):
        client, heard = stock_client()
        await client.connect(url, transports=transports)
        await client.emit("dismiss")
        await until(lambda: not client.connected)
        assert heard == [("bye", {"code": "replaced"})]
        await until(lambda: carrier.sockets == 0)
        assert (echo.links, echo.lost) == ([], 1)


async def test_heartbeats_keep_a_quiet_client_and_lose_a_dead_one() -> None:
    async with serving(ping_interval_s=1.0, ping_timeout_s=4.0) as (_, echo, url), aiohttp.ClientSession() as http:
        client, _ = stock_client()
        await client.connect(url, transports=["websocket"])
        async with http.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket") as dead:
            await dead.send_str("40{}")  # and never a word again
            await until(lambda: len(echo.links) == 2)
            await until(lambda: len(echo.links) == 1, 20.0)
            await asyncio.sleep(2.5)
            assert client.connected and len(echo.links) == 1
        await client.disconnect()


NODE_CLIENT = """
const { io } = require('socket.io-client');
const [url, transports, count] = [process.argv[2], JSON.parse(process.argv[3]), Number(process.argv[4])];
const out = { heard: [], acks: [], transport: null, bye: null, reason: null };
const socket = io(url, { transports, auth: { hello: 'node' }, reconnection: false });
socket.on('connect_error', (e) => { console.log(JSON.stringify({ error: e.message })); process.exit(0); });
socket.on('frame', (m) => {
  out.heard.push(m);
  if (out.heard.length === count) socket.emit('dismiss', {});
});
socket.on('bye', (b) => { out.bye = b; });
socket.on('disconnect', (reason) => {
  out.reason = reason;
  process.stdout.write(JSON.stringify(out), () => process.exit(0));
});
socket.on('connect', async () => {
  for (let n = 0; n < 5; n++) out.acks.push(await socket.emitWithAck('echo', { n, t: 'é✓' }));
  const settle = setInterval(() => {
    out.transport = socket.io.engine.transport.name;
    if (out.transport === transports[transports.length - 1]) { clearInterval(settle); socket.emit('ready', {}); }
  }, 20);
});
"""


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
async def test_the_browsers_client_agrees(transports: list[str], tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (NODE_MODULES / "socket.io-client").is_dir():
        require("socket.io-client for Node", "node, or npm ci in client_web")
    script = tmp_path / "client.cjs"
    script.write_text(NODE_CLIENT)
    async with serving() as (carrier, echo, url):
        process = await asyncio.create_subprocess_exec(
            node, str(script), url, json.dumps(transports), str(len(LONG)), stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "NODE_PATH": str(NODE_MODULES)},
        )  # fmt: skip
        await until(lambda: ("ready", {}) in echo.events, 20.0)
        for message in LONG:
            carrier.broadcast(echo.links, [packets.event("frame", message)])
        stdout, _ = await asyncio.wait_for(process.communicate(), 20)
        heard = json.loads(stdout)
        assert heard["heard"] == LONG
        assert heard["acks"] == [{"n": n, "t": "é✓"} for n in range(5)]
        assert heard["transport"] == transports[-1]
        assert heard["bye"] == {"code": "replaced"}
        assert heard["reason"] == "io server disconnect", "else the browser would come back by itself"
        await until(lambda: carrier.sockets == 0)
