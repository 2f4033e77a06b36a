"""Large bodies over HTTP: few at once, within their time, not without end, and never in the way of others for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import pytest

from server.app import Running
from server.http import uploads
from server.http.uploads import Gate, Pace
from signaling.gateway.rates import Allowance
from tests.http.conftest import bearer, until
from tests.http.test_decks import DECKS, pdf
from tests.http.test_limits import Hands
from tests.http.test_photos import PROPOSAL, photos_of, picture

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_allowance_is_a_bucket_a_name() -> None:
    clock = Hands()
    allowance: Allowance[str] = Allowance(clock, burst=3, every_s=10)
    assert [allowance.wait_s("a") for _ in range(4)] == [0, 0, 0, 10]
    assert allowance.wait_s("b") == 0
    clock.now += 4
    assert allowance.wait_s("a") == pytest.approx(6), "asking costs nothing"
    clock.now += 6
    assert (allowance.wait_s("a"), allowance.wait_s("a")) == (0, 10)
    clock.now += 1000
    assert [allowance.wait_s("a") for _ in range(4)] == [0, 0, 0, 10]


async def test_an_allowance_forgets_who_was_longest_away() -> None:
    allowance: Allowance[int] = Allowance(Hands(), burst=1, every_s=10, most=5)
    for name in range(10):
        allowance.wait_s(name)
    assert len(allowance._full_at) == 5 and allowance.wait_s(9) == 10 and allowance.wait_s(4) == 0


@asynccontextmanager
async def dripping(server: Running, path: str, headers: dict[str, str]) -> AsyncIterator[asyncio.StreamReader]:
    """An upload that has said what it is, sent one byte, and says no more."""
    url = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    lines = [f"POST {path} HTTP/1.1", "Host: x", "Content-Length: 100000"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", "x"]).encode())
    try:
        yield reader
    finally:
        writer.close()


async def code_of(answer: aiohttp.ClientResponse) -> tuple[int, str]:
    return answer.status, (await answer.json(content_type=None))["code"]


@pytest.mark.parametrize("kind", ["decks", "files"])
async def test_whoever_sends_nothing_is_not_waited_for(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path, body = (f"{DECKS}?title=x", pdf(1)) if kind == "decks" else (photos_of(PROPOSAL), picture())
    moderator, gate = await bearer(looking, shared, "moderator"), Gate(1, wait_s=5, pace=Pace(0.4))
    monkeypatch.setattr(shared.services.uploads, kind, gate)
    async with dripping(shared, path, moderator) as slow:
        await until(lambda: bool(gate._inside))
        async with looking.post(path, data=body, headers=moderator) as answer:
            assert answer.status == 201, "it waited outside until the place was free"
        assert b" 408 " in await asyncio.wait_for(slow.readline(), 5)
        assert b"too_slow" in await asyncio.wait_for(slow.readuntil(b"}"), 5)
    assert not gate._inside


async def test_whoever_finds_the_gate_full_is_told_to_come_back(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    moderator, hall, admin = [await bearer(looking, shared, role) for role in ("moderator", "hall", "admin")]
    gate, path = Gate(2, a_pass=1, wait_s=0.1), f"{DECKS}?title=x"
    monkeypatch.setattr(shared.services.uploads, "decks", gate)
    async with dripping(shared, path, moderator):
        await until(lambda: bool(gate._inside))
        async with looking.post(path, data=pdf(1), headers=moderator) as answer:
            assert await code_of(answer) == (503, "busy"), "one pass does not take every place"
            assert int(answer.headers["Retry-After"]) > 0
        async with looking.post(path, data=pdf(1), headers=hall) as answer:
            assert answer.status == 201
        async with dripping(shared, path, hall):
            await until(lambda: len(gate._inside) == 2)
            async with looking.post(path, data=pdf(1), headers=admin) as answer:
                assert await code_of(answer) == (503, "busy")
    await until(lambda: not gate._inside)  # whoever hangs up leaves his place


async def test_a_slow_line_has_the_time_it_needs_and_no_more() -> None:
    pace = Pace(grace_s=0.3, least_rate=100.0, most_s=1.0)

    class Content:
        """So many bytes every 20 ms."""

        def __init__(self, bytes_: int, times: int) -> None:
            self.bytes_, self.times = bytes_, times

        async def read(self, most: int) -> bytes:
            await asyncio.sleep(0.02)
            self.times -= 1
            return b"x" * self.bytes_ if self.times >= 0 else b""

    class Request:
        def __init__(self, content: Content) -> None:
            self.content = content

    async def outcome(bytes_: int, times: int) -> object:
        try:
            return len(await uploads.received(Request(Content(bytes_, times)), 1000, pace))  # type: ignore[arg-type]
        except Exception as error:
            return getattr(error, "code", error)

    assert await outcome(15, 3) == 45
    assert await outcome(1, 200) == "too_slow", "slower than the least rate"
    assert await outcome(10, 99) == "too_slow", "fast enough, but without end"
    assert await outcome(400, 3) == "too_large"


async def test_one_pass_does_not_upload_without_end(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared.services.uploads, "allowance", Allowance(Hands(), burst=2, every_s=10))
    admin, hall = await bearer(looking, shared, "admin"), await bearer(looking, shared, "hall")
    for _ in range(2):
        async with looking.post(f"{DECKS}?title=x", data=b"no pdf", headers=admin) as answer:
            assert await code_of(answer) == (415, "not_a_pdf")
    async with looking.post(f"{DECKS}?title=x", data=b"no pdf", headers=admin) as answer:
        assert await code_of(answer) == (429, "too_many_uploads")
        assert answer.headers["Retry-After"] == "11"
    async with looking.post(f"{DECKS}?title=x", data=b"no pdf", headers=hall) as answer:
        assert answer.status == 415
