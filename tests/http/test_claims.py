"""A card that carries a vote is held by one device: the first, or one that proves by PIN or hall that it may."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.app import Running, running
from server.config import Settings
from server.doorkeeper import KIOSK_LIFE_MS
from server.store.audit import Entry
from server.store.claims import TRIES_MOST
from sessions.errors import Refused
from sessions.ids import HallId, PassId
from sessions.permissions import Actor, Role
from tests.http.conftest import bearer, cards, token
from tests.http.test_exchange import EXCHANGE, SESSION, told

OLD, NEW, THIRD = "first-device-0123", "second-device-456", "third-device-7890"
together = pytest.mark.asyncio(loop_scope="module")  # one server for all who use cards of their own
SNAPSHOT = f"/api/sessions/{SESSION}/snapshot"
KIOSK = f"/api/sessions/{SESSION}/kiosk"


def card(server: Running, seat: str) -> dict[str, Any]:
    return next(one for one in cards(server) if one["seat"] == seat)


def other_pin(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**6:06}"


async def enter(http: aiohttp.ClientSession, one: dict[str, Any], device: str, pin: str = "") -> tuple[int, Any]:
    async with http.post(EXCHANGE, json={"token": one["token"], "device": device, "pin": pin}) as answer:
        return await told(answer)


async def credential(http: aiohttp.ClientSession, one: dict[str, Any], device: str, pin: str = "") -> str:
    status, body = await enter(http, one, device, pin)
    assert status == 200, body
    return str(body["credential"])


async def code(http: aiohttp.ClientSession, one: dict[str, Any], device: str, pin: str = "") -> str:
    status, body = await enter(http, one, device, pin)
    assert status in (409, 429), (status, body)
    return str(body["code"])


async def sees(http: aiohttp.ClientSession, bearer: str) -> str:
    """Empty when this credential is let in, else why not."""
    async with http.get(SNAPSHOT, headers={"Authorization": f"Bearer {bearer}"}) as answer:
        return "" if answer.status == 200 else str((await answer.json(content_type=None))["code"])


async def release(server: Running, seat: str) -> None:
    desk = await server.services.desks.desk(SESSION)
    hall = next(one for one in desk.state.passes.values() if one.id == "hall-pejuang")
    actor = Actor(SESSION, Role.HALL, hall.id, hall=hall.hall)
    await desk.submit("pass.release", {"seat": seat}, actor, f"release-{desk.state.seq:08}")


async def trail(server: Running, seat: str) -> list[Entry]:
    """What the audit trail says of a seat's card since it was made."""
    found = await server.services.store.audit.entries(session=SESSION)
    return [entry for entry in found if entry.subject == f"pass:seat-{seat}" and entry.action != "pass.issue"]


@together
async def test_the_first_device_gets_it_and_again_and_no_other(shared: Running, looking: aiohttp.ClientSession) -> None:
    one = card(shared, "pejuang-rw-02")
    first = await credential(looking, one, OLD)
    assert await enter(looking, one, NEW) == (409, refusal("pass_claimed", pin=True))
    again = await credential(looking, one, OLD)
    assert [await sees(looking, it) for it in (first, again)] == ["", ""], "a link opened twice ends nothing"
    desk = await shared.services.desks.desk(SESSION)
    assert desk.state.passes[PassId("seat-pejuang-rw-02")].claim == 1


def refusal(code: str, **data: Any) -> dict[str, Any]:
    return {"type": "about:blank", "title": code.replace("_", " "), "status": 409, "code": code, **data}


@together
async def test_a_card_without_a_device_key_is_claimed_all_the_same(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    one = card(shared, "pejuang-rw-03")
    for status in (200, 409):
        async with looking.post(EXCHANGE, json={"token": one["token"]}) as answer:
            assert answer.status == status
    for wrong in ({"device": "short"}, {"device": 5}, {"pin": "12345"}, {"pin": "abcdef"}, {"pin": ["1"]}):
        async with looking.post(EXCHANGE, json={"token": one["token"], **wrong}) as answer:
            assert (await told(answer))[1]["code"] == "bad_input"


@together
async def test_the_hidden_pin_moves_the_card_and_ends_the_older_device(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    one = card(shared, "pejuang-rw-04")
    old = await credential(looking, one, OLD)
    assert await enter(looking, one, NEW, other_pin(one["pin"])) == (409, refusal("pin_wrong", tries=TRIES_MOST - 1))
    new = await credential(looking, one, NEW, one["pin"])
    assert [await sees(looking, it) for it in (old, new)] == ["pass_moved", ""]
    head = (await shared.services.desks.heads())[SESSION]
    await credential(looking, one, NEW, one["pin"])  # its answer was lost on the way
    assert (await shared.services.desks.heads())[SESSION] == head, "the same claim again"
    assert await code(looking, one, OLD) == "pass_claimed"
    noted = await trail(shared, "pejuang-rw-04")
    assert [(entry.action, entry.data) for entry in noted] == [("pass.claim", {"by": "pin"})]


@together
async def test_a_pin_is_tried_five_times_and_then_only_the_hall_helps(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    one, wrong = card(shared, "pejuang-rw-05"), other_pin(card(shared, "pejuang-rw-05")["pin"])
    await credential(looking, one, OLD)
    tried = await asyncio.gather(*(code(looking, one, NEW, wrong) for _ in range(TRIES_MOST + 3)))
    assert (tried.count("pin_wrong"), tried.count("pin_spent")) == (TRIES_MOST - 1, 4), "however they come"
    assert await code(looking, one, NEW, one["pin"]) == "pin_spent"
    assert await enter(looking, one, NEW) == (409, refusal("pass_claimed", pin=False))
    await release(shared, "pejuang-rw-05")
    noted = await trail(shared, "pejuang-rw-05")
    assert [(entry.actor, entry.action) for entry in noted] == [("pass:hall-pejuang", "pass.release")]
    await credential(looking, one, NEW)
    assert await code(looking, one, THIRD) == "pass_claimed", "a release is for one device"
    await credential(looking, one, THIRD, one["pin"])


async def test_a_release_ends_after_ten_minutes_and_with_the_first_claim(settings: Settings, static: Path) -> None:
    now = [1_800_000_000_000]
    async with running(settings, clock=lambda: now[0], static=static) as server:
        async with aiohttp.ClientSession(server.url) as http:
            one = card(server, "pejuang-rw-07")
            await credential(http, one, OLD)
            await release(server, "pejuang-rw-07")
            now[0] += 600_001
            assert await code(http, one, NEW) == "pass_claimed"
            free = card(server, "pejuang-rw-01")
            await release(server, "pejuang-rw-01")
            await credential(http, free, OLD)
            assert await code(http, free, NEW) == "pass_claimed", "whoever came first used it up"


async def test_guessing_over_many_cards_is_limited_and_keeps_nobody_out(
    server: Running, http: aiohttp.ClientSession
) -> None:
    some = [one for one in cards(server) if one["role"] == "delegate"][:9]
    for one in some:
        await credential(http, one, OLD)
    codes = [await code(http, one, NEW, other_pin(one["pin"])) for one in some[:8] for _ in range(4)]
    assert codes == ["pin_wrong"] * 30 + ["too_many_attempts"] * 2
    assert await code(http, some[8], NEW, some[8]["pin"]) == "too_many_attempts"
    await credential(http, some[8], OLD)
    newcomer = next(one for one in cards(server) if one["role"] == "delegate" and one not in some)
    await credential(http, newcomer, NEW)


@together
async def test_every_card_of_a_phone_moves_by_itself(shared: Running, looking: aiohttp.ClientSession) -> None:
    mine, child = card(shared, "pejuang-rw-07"), card(shared, "pejuang-rw-08")
    held = [await credential(looking, one, OLD) for one in (mine, child)]
    await credential(looking, mine, NEW, mine["pin"])
    assert [await sees(looking, it) for it in held] == ["pass_moved", ""]
    both = {PassId("seat-pejuang-rw-07"), PassId("seat-pejuang-rw-08")}
    assert both <= await shared.services.store.claims.claimed(SESSION)
    kept = [await shared.services.store.claims.holder(SESSION, one) for one in both]
    assert None not in kept and len(set(kept)) == 2, "nothing stored says that it is one phone"


@together
async def test_a_card_shown_at_a_kiosk_is_no_claim_and_opens_nothing_else(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    one, hall = card(shared, "pejuang-rw-09"), await bearer(looking, shared, "hall")
    mine = await credential(looking, one, OLD)
    async with looking.post(KIOSK, json={"token": one["token"]}, headers=hall) as answer:
        status, shown = await told(answer)
    assert (status, shown["identity"]["seat"]) == (200, "pejuang-rw-09")
    assert 0 < shown["identity"]["expires_at"] - shown["server_now"] <= KIOSK_LIFE_MS
    assert await sees(looking, shown["credential"]) == "credential_unknown"
    assert await sees(looking, mine) == ""
    doorkeeper = shared.services.doorkeeper
    for where, why in (("pejuang", ""), ("jatiasih", "credential_unknown")):
        kiosk = Actor(SESSION, Role.HALL, PassId("any"), hall=HallId(where))
        assert await admitted(doorkeeper, shown["credential"], kiosk) == why
    for wrong, why in ((token(shared, "screen"), "no_seat"), ("nobody-has-this-token", "pass_unknown")):
        async with looking.post(KIOSK, json={"token": wrong}, headers=hall) as answer:
            assert (answer.status, (await told(answer))[1]["code"]) == (409, why)
    delegate = {"Authorization": f"Bearer {mine}"}
    async with looking.post(KIOSK, json={"token": one["token"]}, headers=delegate) as answer:
        assert answer.status == 403


async def admitted(doorkeeper: Any, credential: str, kiosk: Actor) -> str:
    try:
        found = await doorkeeper.admit(credential, SESSION, kiosk)
    except Refused as refused:
        return refused.code
    assert found.actor.claim == 0
    return ""
