"""Debian's Firefox for Playwright, which asks it for more than it knows: `python -m tests.e2e.firefox firefox-esr …`.

Playwright starts this in Firefox's place and speaks WebDriver BiDi with it. Every message is passed on as it is, but
one kind of answer: an emulation that this Firefox has no command for (of a dark display, say) counts as done. Nobody
here wants it; Playwright asks for it all the same, and would open no page without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

LISTENS = "WebDriver BiDi listening on "


def stand_in(path: Path, firefox: str) -> Path:
    """A program to give to Playwright as Firefox. path: where it is to be written."""
    root = Path(__file__).parents[2]
    path.write_text(f'#!/bin/sh\ncd "{root}" && exec "{sys.executable}" -m tests.e2e.firefox "{firefox}" "$@"\n')
    path.chmod(0o700)
    return path


def granted(text: str) -> str:
    """An answer of Firefox as Playwright gets it."""
    told = json.loads(text)
    if told.get("error") == "unknown command" and "emulation." in told["message"]:
        return json.dumps({"type": "success", "id": told["id"], "result": {}})
    return text


async def carry(request: web.Request, address: str) -> web.WebSocketResponse:
    """Between Playwright and Firefox, until one of them goes."""
    near = web.WebSocketResponse(max_msg_size=0)
    await near.prepare(request)
    async with ClientSession() as http, http.ws_connect(address + request.path, max_msg_size=0, compress=0) as far:
        there, back = asyncio.ensure_future(asked(near, far)), asyncio.ensure_future(answered(far, near))
        await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
        for task in (there, back):
            task.cancel()
        await asyncio.gather(there, back, return_exceptions=True)
    await near.close()
    return near


async def asked(near: web.WebSocketResponse, far: ClientWebSocketResponse) -> None:
    async for message in near:
        if message.type == WSMsgType.TEXT:
            await far.send_str(message.data)


async def answered(far: ClientWebSocketResponse, near: web.WebSocketResponse) -> None:
    async for message in far:
        if message.type == WSMsgType.TEXT:
            await near.send_str(granted(message.data))


async def main(command: list[str]) -> int:
    """Ends with Firefox, and Firefox with this."""
    firefox = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, firefox.terminate)
    runner: web.AppRunner | None = None
    async for line in firefox.stderr:
        text = line.decode(errors="replace").rstrip()
        if text.startswith(LISTENS) and runner is None:
            app = web.Application()
            app["address"] = text.removeprefix(LISTENS)
            app.router.add_get("/{path:.*}", lambda request: carry(request, request.app["address"]))
            runner = web.AppRunner(app)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            text = f"{LISTENS}ws://127.0.0.1:{runner.addresses[0][1]}"
        print(text, file=sys.stderr, flush=True)
    if runner is not None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(runner.cleanup(), 3)
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
