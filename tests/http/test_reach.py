"""What a hall's page sends to measure its line is counted, and only so much of it, and only for halls."""

from __future__ import annotations

import aiohttp

from server.app import Running
from server.http.reach import MOST_BYTES
from tests.http.test_exchange import SESSION, told
from tests.http.test_people import as_role

REACH = f"/api/sessions/{SESSION}/reach"


async def test_a_hall_is_told_how_much_came(server: Running, http: aiohttp.ClientSession) -> None:
    hall = await as_role(http, server, "hall")
    async with http.post(REACH, data=bytes(MOST_BYTES), headers=hall) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert await told(answer) == (200, {"bytes": MOST_BYTES})
    async with http.post(REACH, data=bytes(MOST_BYTES + 1), headers=hall) as answer:
        status, body = await told(answer)
    assert (status, body["code"]) == (413, "too_large")


async def test_nobody_else_may_send(server: Running, http: aiohttp.ClientSession) -> None:
    screen = await as_role(http, server, "screen")
    async with http.post(REACH, data=b"x", headers=screen) as answer:
        status, body = await told(answer)
    assert (status, body["code"]) == (403, "forbidden")
    async with http.post(REACH, data=b"x") as answer:
        assert answer.status == 401
