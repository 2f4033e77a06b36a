"""Pages and media may listen on different addresses: pages behind a front, media where halls reach it."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from server.app import running
from server.config import Settings

pytestmark = pytest.mark.usefixtures("media")


def listening(kind: str, port: int) -> set[str]:
    """Addresses on which somebody on this machine has this port. kind: udp or tcp."""
    rows = [line.split() for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]]
    local = [row[1].split(":") for row in rows if kind == "udp" or row[3] == "0A"]  # TCP_LISTEN
    found = {address for address, number in local if int(number, 16) == port}
    return {socket.inet_ntoa(bytes.fromhex(address)[::-1]) for address in found}


@pytest.mark.parametrize("port", ["any", "given"])
async def test_media_listens_on_the_address_named_for_it_and_pages_on_theirs(
    settings: Settings, static: Path, port: str
) -> None:
    elsewhere = replace(settings, media_host="127.0.0.2", demo=False)
    if port == "given":
        elsewhere = replace(elsewhere, media_port=await asyncio.to_thread(spare_udp_port))
    async with running(elsewhere, static=static) as server:
        page = int(server.url.rpartition(":")[2])
        assert "127.0.0.2" in listening("udp", server.media_port)
        assert "127.0.0.1" in listening("tcp", page)
        assert "0.0.0.0" not in listening("udp", server.media_port) | listening("tcp", page)


def spare_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.2", 0))
        return int(probe.getsockname()[1])
