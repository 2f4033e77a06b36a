"""Passes over time: revoked, expired, tried too often, carried over a restart."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import aiohttp

from server.app import Running, running
from server.config import Settings
from server.desks import system
from server.store.passes import NewToken
from sessions.ids import PassId
from tests.http.conftest import bearer, cards
from tests.http.test_exchange import EXCHANGE, SESSION, told


async def issue(server: Running, pass_id: str, expires_at: int) -> str:
    desk = await server.services.desks.desk(SESSION)
    data = {"role": "screen", "pass": pass_id, "expires_at": expires_at}
    await desk.submit("pass.issue", data, system(SESSION), f"issue-{pass_id}")
    await server.passes.add(SESSION, [NewToken(PassId(pass_id), f"token-of-{pass_id}-0123456789")])
    return f"token-of-{pass_id}-0123456789"


async def test_a_revoked_pass_is_refused_at_the_door_and_its_credential_with_it(
    server: Running, http: aiohttp.ClientSession
) -> None:
    secret = await issue(server, "lost", server.services.clock() + 60_000)
    async with http.post(EXCHANGE, json={"token": secret}) as answer:
        credential = {"Authorization": f"Bearer {(await told(answer))[1]['credential']}"}
    desk = await server.services.desks.desk(SESSION)
    await desk.submit("pass.revoke", {"pass": "lost"}, system(SESSION), "revoke-lost")
    async with http.post(EXCHANGE, json={"token": secret}) as answer:
        assert await told(answer) == (401, problem(401, "pass_revoked"))
    async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=credential) as answer:
        assert (await told(answer))[1]["code"] == "pass_revoked"


def problem(status: int, code: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": code.replace("_", " "), "status": status, "code": code}


async def test_an_expired_pass_is_refused_and_so_is_what_it_was_exchanged_for(settings: Settings, static: Path) -> None:
    now = [1_800_000_000_000]
    async with running(settings, clock=lambda: now[0], static=static) as server:
        secret = await issue(server, "short", now[0] + 60_000)
        async with aiohttp.ClientSession(server.url) as http:
            async with http.post(EXCHANGE, json={"token": secret}) as answer:
                credential = {"Authorization": f"Bearer {(await told(answer))[1]['credential']}"}
            async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=credential) as answer:
                assert answer.status == 200
            now[0] += 60_001
            async with http.post(EXCHANGE, json={"token": secret}) as answer:
                assert (await told(answer))[1]["code"] == "pass_expired"
            async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=credential) as answer:
                assert (await told(answer))[1]["code"] == "credential_expired"


async def test_failed_tries_of_one_address_are_limited_and_good_ones_are_not(
    server: Running, http: aiohttp.ClientSession
) -> None:
    phones = [card["token"] for card in cards(server) if card["role"] == "delegate"][:40]
    for secret in phones:  # a hall of phones behind one address
        async with http.post(EXCHANGE, json={"token": secret}) as answer:
            assert answer.status == 200
    for secret in phones:  # and as many that come with a card another phone holds
        async with http.post(EXCHANGE, json={"token": secret}) as answer:
            assert (await told(answer))[1]["code"] == "pass_claimed"
    for number in range(30):
        async with http.post(EXCHANGE, json={"token": f"guess-number-{number:010}"}) as answer:
            assert answer.status == 401
    async with http.post(EXCHANGE, json={"token": "guess-once-more"}) as answer:
        status, body = await told(answer)
        assert (status, body["code"]) == (429, "too_many_attempts")
        assert 0 < int(answer.headers["Retry-After"]) <= 60
    spare = next(card["token"] for card in cards(server) if card["role"] == "delegate" and card["token"] not in phones)
    async with http.post(EXCHANGE, json={"token": spare}) as answer:
        assert answer.status == 200, "whoever tried links keeps nobody of the same hall from coming in"


async def test_a_credential_survives_a_restart_and_the_cards_stay_good(settings: Settings, static: Path) -> None:
    async with running(settings, static=static) as server, aiohttp.ClientSession(server.url) as http:
        before = cards(server)
        credential = await bearer(http, server, "delegate")
        key = server.services.store.sealer.public_text
        head = (await server.services.desks.heads())[SESSION]
    async with running(settings, static=static) as server, aiohttp.ClientSession(server.url) as http:
        assert cards(server) == before
        assert (await server.services.desks.heads())[SESSION] == head
        async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=credential) as answer:
            assert answer.status == 200
        async with http.get("/api/key") as answer:
            assert (await told(answer))[1]["public_key"] == key


async def test_no_secret_stands_in_the_database_in_clear(server: Running, http: aiohttp.ClientSession) -> None:
    credential = (await bearer(http, server, "hall"))["Authorization"].removeprefix("Bearer ")
    secrets = [*(card["token"] for card in cards(server)), credential]
    for path in server.folder.path.glob("pleno.sqlite*"):
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content]


async def test_only_the_owner_can_read_what_the_data_folder_holds(server: Running) -> None:
    assert stat.S_IMODE(server.folder.path.stat().st_mode) == 0o700
    for path in server.folder.path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
