"""Passes over time: revoked, expired, tried too often, carried over a restart."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from server.app import Running, running
from server.config import Settings
from server.credentials import Mint
from server.desks import system
from server.doorkeeper import EXCHANGES_AT_ONCE
from server.store import tables
from server.store.keys import credential_key
from server.store.passes import Holder, NewToken
from sessions.errors import Refused
from sessions.ids import PassId
from tests.http.conftest import DEVICE, bearer, cards, token
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


async def rows(server: Running) -> int:
    async with server.services.store.database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(tables.credentials))).scalar_one())


@pytest.mark.parametrize("role", ["public", "screen"])
async def test_a_card_of_thousands_stores_nothing_however_often_it_is_exchanged(
    server: Running, http: aiohttp.ClientSession, role: str
) -> None:
    before = await rows(server)
    for _ in range(EXCHANGES_AT_ONCE + 20):
        headers = await bearer(http, server, role)
    assert await rows(server) == before
    async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=headers) as answer:
        assert answer.status == 200
    desk = await server.services.desks.desk(SESSION)
    card = next(card.id for card in desk.state.passes.values() if card.role == role)
    await desk.submit("pass.revoke", {"pass": card}, system(SESSION), "revoke-it-0001")
    async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=headers) as answer:
        assert (await told(answer))[1]["code"] == "pass_revoked"


async def test_a_credential_that_names_its_card_is_good_for_no_card_with_a_right(
    server: Running, http: aiohttp.ClientSession
) -> None:
    mint = Mint(await credential_key(server.services.store.database))
    for pass_id, code in (("moderator", "credential_unknown"), ("nobody", "credential_unknown"), ("public", None)):
        holder = Holder(SESSION, PassId(pass_id), server.services.clock() + 60_000)
        headers = {"Authorization": f"Bearer {mint.carrying(holder)}"}
        async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=headers) as answer:
            assert code is None or (await told(answer))[1]["code"] == code
            assert (answer.status == 200) == (code is None)


async def test_one_card_is_exchanged_so_often_from_an_address_and_a_hall_of_phones_at_once(
    server: Running, http: aiohttp.ClientSession
) -> None:
    wanted = {"token": token(server, "hall")}
    for _ in range(EXCHANGES_AT_ONCE):
        async with http.post(EXCHANGE, json=wanted) as answer:
            assert answer.status == 200
    async with http.post(EXCHANGE, json=wanted) as answer:
        assert (answer.status, (await told(answer))[1]["code"]) == (429, "too_many_attempts")
    phones = [card["token"] for card in cards(server) if card["role"] == "delegate"][: EXCHANGES_AT_ONCE + 40]

    async def phone(secret: str) -> int:
        async with http.post(EXCHANGE, json={"token": secret, "device": DEVICE}) as answer:
            return answer.status

    assert set(await asyncio.gather(*(phone(secret) for secret in phones))) == {200}


async def test_a_credential_we_never_gave_costs_no_look_into_the_database(
    server: Running, http: aiohttp.ClientSession
) -> None:
    reads = server.services.store.database.counters
    stopped_at: list[int] = []
    good = await bearer(http, server, "moderator")
    changed = good["Authorization"].removeprefix("Bearer ")[:-1] + "~"
    for made_up in ("x" * 32, "x" * 32 + "." + "y" * 22, changed, "ß.ß", f"{SESSION}.public.9.z.z"):
        async with asyncio.timeout(10):
            with pytest.raises(Refused, match="credential_unknown"):
                before = reads.reads
                await server.services.doorkeeper.admit(made_up, SESSION)
        stopped_at.append(reads.reads - before)
    assert stopped_at == [0] * 5
    async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=good) as answer:
        assert answer.status == 200
