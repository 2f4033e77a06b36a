"""Clients that say nothing, or not all they began to say: their connection is taken back."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from server import app
from server.app import running
from server.config import Settings
from server.http import bodies
from server.http.bodies import Pace


async def after(url: str, said: bytes) -> tuple[bytes, float]:
    """What a client that says this and no more hears before its connection ends, and after how many seconds."""
    parts, began = urlsplit(url), time.monotonic()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(said)
    heard = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return heard, time.monotonic() - began


async def test_headers_and_bodies_have_their_time(
    settings: Settings, static: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "IDLE_S", 0.5)
    monkeypatch.setattr(bodies, "PACE", Pace(grace_s=0.5))
    async with running(replace(settings, demo=False), static=static) as server:
        silent, half, idle, body = await asyncio.gather(
            after(server.url, b""),
            after(server.url, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "),
            after(server.url, b"GET /api/key HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHo"),
            after(server.url, b"POST /api/passes/exchange HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"),
        )
    assert silent[0] == half[0] == b"" and idle[0].startswith(b"HTTP/1.1 200")
    assert body[0].startswith(b"HTTP/1.1 408") and b"too_slow" in body[0]
    assert all(0.4 < seconds < 15 for _, seconds in (silent, half, idle, body)), (silent, half, idle, body)
