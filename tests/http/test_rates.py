"""One credential asks so often and no more; another in the same hall is not made to wait for it."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from server.app import Running
from server.http.passes import AT_ONCE, EVERY_S
from tests.http.conftest import bearer
from tests.http.test_exchange import SESSION, told

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATH = f"/api/sessions/{SESSION}/proposals/tidak-ada"


async def status(http: aiohttp.ClientSession, headers: dict[str, str]) -> int:
    async with http.get(PATH, headers=headers) as answer:
        await answer.read()
        return answer.status


async def test_a_credential_that_asks_without_end_is_told_to_wait(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    greedy = await bearer(looking, shared, "hall")
    seen: list[int] = []
    while 429 not in seen and len(seen) < AT_ONCE * 10:
        seen += await asyncio.gather(*(status(looking, greedy) for _ in range(50)))
    assert set(seen) == {404, 429} and seen.count(404) >= AT_ONCE
    async with looking.get(PATH, headers=greedy) as answer:
        code, body = await told(answer)
    if code == 429:  # it may ask again by now
        assert body["code"] == "rate_limited" and 0 < body["retry_after_ms"] <= EVERY_S * 1000 + 1
    other = await bearer(looking, shared, "hall")
    assert await status(looking, other) == 404, "thousands may hold one card: each counts for itself"
