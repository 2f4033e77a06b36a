"""The door: what a card's token is exchanged for, and what anything else is answered."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from server.app import Running
from sessions.ids import SessionId
from tests.http.conftest import token

SESSION = SessionId("bekasi-2018")
EXCHANGE = "/api/passes/exchange"
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def told(answer: aiohttp.ClientResponse) -> tuple[int, dict[str, Any]]:
    body: dict[str, Any] = await answer.json(content_type=None)
    return answer.status, body


@pytest.mark.parametrize("role", ["moderator", "hall", "delegate", "screen", "public", "admin"])
async def test_every_face_gets_in_with_its_card(shared: Running, looking: aiohttp.ClientSession, role: str) -> None:
    async with looking.post(EXCHANGE, json={"token": token(shared, role)}) as answer:
        status, body = await told(answer)
        assert answer.headers["Cache-Control"] == "no-store"
    assert status == 200
    identity = body["identity"]
    assert identity["role"] == role
    assert identity["session"] == SESSION
    assert (identity["seat"] is not None) == (role == "delegate")
    assert (identity["hall"] is not None) == (role in ("hall", "delegate"))
    assert identity["expires_at"] > body["server_now"]
    assert len(body["credential"]) >= 22


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"token": "nobody-has-this-token-here"}', 401, "pass_unknown"),
        (b'{"token": ""}', 400, "bad_input"),
        (b'{"token": 5}', 400, "bad_input"),
        (b'{"token": "' + b"x" * 300 + b'"}', 400, "bad_input"),
        (b"[]", 400, "bad_input"),
        (b"{", 400, "bad_input"),
        (b"[" * 4000, 400, "bad_input"),
        (b'"\xff"', 400, "bad_input"),
        (b" " * 5000, 413, "too_large"),
    ],
)
async def test_a_bad_exchange_gets_a_stable_code(
    looking: aiohttp.ClientSession, body: bytes, status: int, code: str
) -> None:
    async with looking.post(EXCHANGE, data=body) as answer:
        assert answer.content_type == "application/problem+json"
        found, problem = await told(answer)
    assert (found, problem["code"], problem["status"]) == (status, code, status)


async def test_a_body_without_a_length_is_cut_off_too(looking: aiohttp.ClientSession) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 1024

    async with looking.post(EXCHANGE, data=endless()) as answer:
        assert (await told(answer))[1]["code"] == "too_large"
