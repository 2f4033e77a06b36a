"""Janus with its VideoRoom, the peer of the media bench: private configuration, WebSocket API, nothing else loaded."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

import aiohttp

PLUGINS = "/usr/lib/x86_64-linux-gnu/janus/plugins"
TRANSPORTS = "/usr/lib/x86_64-linux-gnu/janus/transports"
ROOM = 1234
READY_S = 10.0
ANSWER_S = 15.0

MAIN = """general: {{
    configs_folder = "{folder}"
    plugins_folder = "{folder}/plugins"
    transports_folder = "{folder}/transports"
    events_folder = "{folder}/none"
    loggers_folder = "{folder}/none"
    debug_level = 2
    no_media_timer = 0
}}
media: {{ ipv6 = false }}
nat: {{
    ice_lite = true
    ice_enforce_list = "{address}"
    full_trickle = false
}}
"""
WEBSOCKETS = """general: {{
    json = "compact"
    ws = true
    ws_ip = "127.0.0.1"
    ws_port = {port}
    wss = false
}}
admin: {{ admin_ws = false }}
"""


def missing() -> str | None:
    """What this machine lacks to run it; None when nothing."""
    if shutil.which("janus") is None:
        return "no janus; Debian: apt install janus"
    for file in (f"{PLUGINS}/libjanus_videoroom.so", f"{TRANSPORTS}/libjanus_websockets.so"):
        if not Path(file).exists():
            return f"{file} is not there"
    return None


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Handle:
    """One attached plugin handle: a publisher or a subscriber."""

    def __init__(self, janus: Janus, number: int) -> None:
        self._janus, self.number = janus, number

    async def message(self, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        """Send a VideoRoom request, return the event that answers it. Raises RuntimeError."""
        request: dict[str, Any] = {"janus": "message", "handle_id": self.number, "body": body}
        if jsep is not None:
            request["jsep"] = jsep
        answer: dict[str, Any] = await self._janus.request(request)
        data = answer.get("plugindata", {}).get("data", {})
        if "error" in data:
            raise RuntimeError(f"janus: {data['error']}")
        return answer


class Janus:
    """A running server of its own, reachable for media at `address`; close it once."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._folder = tempfile.TemporaryDirectory(prefix="bench-janus-")
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._session = 0
        self._process: asyncio.subprocess.Process | None = None
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _configure(self, port: int) -> Path:
        folder = Path(self._folder.name)
        for name, library in (("plugins", "videoroom"), ("transports", "websockets")):
            (folder / name).mkdir()
            source = {"plugins": PLUGINS, "transports": TRANSPORTS}[name]
            (folder / name / f"libjanus_{library}.so").symlink_to(f"{source}/libjanus_{library}.so")
        (folder / "janus.jcfg").write_text(MAIN.format(folder=folder, address=self._address))
        (folder / "janus.transport.websockets.jcfg").write_text(WEBSOCKETS.format(port=port))
        (folder / "janus.plugin.videoroom.jcfg").write_text("general: {}\n")
        return folder

    async def start(self, publishers: int) -> None:
        """Start it, wait until it answers, make the room. Raises RuntimeError."""
        port = _free_port()
        folder = self._configure(port)
        log = (folder / "log").open("wb")
        command = ["janus", "-F", str(folder), "-C", str(folder / "janus.jcfg")]
        self._process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
        self._http = aiohttp.ClientSession()
        self._socket = await self._open(f"ws://127.0.0.1:{port}", folder)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._keep_alive())]
        self._session = (await self.request({"janus": "create"}))["data"]["id"]
        control = await self.attach()
        await control.message({"request": "create", "room": ROOM, "publishers": publishers, "videocodec": "vp8"})

    async def _open(self, url: str, folder: Path) -> aiohttp.ClientWebSocketResponse:
        assert self._http is not None and self._process is not None
        loop = asyncio.get_running_loop()
        end = loop.time() + READY_S
        while loop.time() < end and self._process.returncode is None:
            try:
                return await self._http.ws_connect(url, protocols=["janus-protocol"], max_msg_size=0)
            except (aiohttp.ClientError, OSError):
                await asyncio.sleep(0.1)
        raise RuntimeError("janus does not start:\n" + (folder / "log").read_text(errors="replace")[-2000:])

    async def _read(self) -> None:
        assert self._socket is not None
        async for message in self._socket:
            data = message.json()
            waiting = self._waiting.get(data.get("transaction", ""))
            if waiting is not None and data["janus"] != "ack" and not waiting.done():
                waiting.set_result(data)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(20)
            assert self._socket is not None
            await self._socket.send_json({"janus": "keepalive", "session_id": self._session, "transaction": "alive"})

    async def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send, return what answers beyond a mere ack. Raises RuntimeError, TimeoutError."""
        assert self._socket is not None
        transaction = f"t{next(self._numbers)}"
        waiting = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        session = {"session_id": self._session} if self._session else {}
        await self._socket.send_json({**message, **session, "transaction": transaction})
        try:
            answer: dict[str, Any] = await asyncio.wait_for(waiting, ANSWER_S)
        finally:
            del self._waiting[transaction]
        if answer["janus"] == "error":
            raise RuntimeError(f"janus: {answer['error']}")
        return answer

    async def attach(self) -> Handle:
        answer = await self.request({"janus": "attach", "plugin": "janus.plugin.videoroom"})
        return Handle(self, answer["data"]["id"])

    async def publish(self, offer: str) -> tuple[int, str]:
        """Join as a publisher with this offer: the feed's id and the answer."""
        handle = await self.attach()
        body = {"request": "joinandconfigure", "ptype": "publisher", "room": ROOM, "video": True}
        answer = await handle.message(body, {"type": "offer", "sdp": offer})
        return int(answer["plugindata"]["data"]["id"]), str(answer["jsep"]["sdp"])

    async def subscribe(self, feeds: list[int]) -> tuple[Handle, str]:
        """Join as a subscriber of all of these feeds: the handle that takes the answer, and the offer."""
        handle = await self.attach()
        streams = [{"feed": feed} for feed in feeds]
        body = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": streams}
        answer = await handle.message(body)
        return handle, str(answer["jsep"]["sdp"])

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        if self._http is not None:
            await self._http.close()
        if self._process is not None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 5)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        self._folder.cleanup()
