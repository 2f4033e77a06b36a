"""The secretariat's cards over HTTP: whoever may issue one, what it opens, and that a revoked one opens nothing."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select, text

from server.app import Running
from server.store import tables
from sessions.errors import Refused
from tests.http.conftest import bearer
from tests.http.test_exchange import EXCHANGE, SESSION, told

pytestmark = pytest.mark.asyncio(loop_scope="module")
CARDS = f"/api/sessions/{SESSION}/passes"


async def asked(
    http: aiohttp.ClientSession, headers: dict[str, str], method: str, path: str = CARDS, body: Any = None
) -> tuple[int, dict[str, Any]]:
    async with http.request(method, path, json=body, headers=headers) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return await told(answer)


async def test_a_card_is_issued_with_its_link_opens_its_face_and_is_revoked(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    admin = await bearer(looking, shared, "admin")
    status, card = await asked(looking, admin, "POST", body={"role": "screen", "days": 2})
    assert status == 200 and card["path"].startswith("/screen#") and "pin" not in card
    token = card["path"].partition("#")[2]
    async with looking.post(EXCHANGE, json={"token": token}) as answer:
        assert (await told(answer))[1]["identity"]["pass"] == card["pass"]
    _, listed = await asked(looking, admin, "GET")
    (mine,) = [one for one in listed["passes"] if one["pass"] == card["pass"]]
    assert mine["role"] == "screen" and mine["revoked"] is False and token not in str(listed)
    assert (await asked(looking, admin, "DELETE", f"{CARDS}/{card['pass']}"))[0] == 200
    assert (await asked(looking, admin, "DELETE", f"{CARDS}/{card['pass']}"))[0] == 200, "twice is harmless"
    async with looking.post(EXCHANGE, json={"token": token}) as answer:
        assert (await told(answer))[1]["code"] == "pass_revoked"
    trail = [one for one in await shared.services.store.audit.entries() if one.subject == f"pass:{card['pass']}"]
    assert [one.action for one in trail] == ["pass.revoke", "pass.issue"]
    assert trail[0].actor.startswith("pass:") and token not in str(trail)


async def test_a_card_with_a_vote_comes_with_its_pin(shared: Running, looking: aiohttp.ClientSession) -> None:
    admin = await bearer(looking, shared, "admin")
    desk = await shared.services.desks.desk(SESSION)
    status, card = await asked(looking, admin, "POST", body={"role": "delegate", "seat": next(iter(desk.state.seats))})
    assert status == 200 and card["path"].startswith("/participant#")
    assert len(card["pin"]) == 6 and card["pin"].isdigit()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"role": "hall"}, "bad_input"),
        ({"role": "hall", "hall": "tidak-ada"}, "unknown_hall"),
        ({"role": "delegate", "seat": "tidak-ada"}, "bad_input"),
        ({"role": "system"}, "bad_input"),
        ({}, "bad_input"),
        ({"role": "screen", "days": 0}, "bad_input"),
        ({"role": "screen", "pass": "acct-milik-saya"}, "bad_input"),
    ],
)
async def test_what_is_no_card_is_not_issued(
    shared: Running, looking: aiohttp.ClientSession, body: dict[str, Any], code: str
) -> None:
    admin = await bearer(looking, shared, "admin")
    assert (await asked(looking, admin, "POST", body=body))[1]["code"] == code


async def test_nobody_else_keeps_cards(shared: Running, looking: aiohttp.ClientSession) -> None:
    for role in ("moderator", "hall", "screen", "public"):
        his = await bearer(looking, shared, role)
        for method, path in (("GET", CARDS), ("POST", CARDS), ("DELETE", f"{CARDS}/x")):
            assert (await asked(looking, his, method, path, {"role": "screen"}))[1]["code"] == "forbidden"
    admin = await bearer(looking, shared, "admin")
    assert (await asked(looking, admin, "DELETE", f"{CARDS}/tidak-ada"))[1]["code"] == "unknown_pass"


async def test_a_database_that_goes_between_two_steps_leaves_no_card_without_a_link(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await bearer(looking, shared, "admin")
    desk = await shared.services.desks.desk(SESSION)
    before = set(desk.state.passes)

    async def away(*_asked: Any) -> None:
        raise Refused("held")

    with monkeypatch.context() as broken:
        broken.setattr(shared.services.store.passes, "add", away)
        assert (await asked(looking, admin, "POST", body={"role": "screen"}))[1]["code"] == "held"
    assert set(desk.state.passes) == before


async def test_what_is_refused_leaves_no_secret_behind(shared: Running, looking: aiohttp.ClientSession) -> None:
    admin = await bearer(looking, shared, "admin")
    counted = select(func.count()).select_from(tables.passes.outerjoin(tables.pins, text("1 = 1")))
    found = []
    for role in ("hall", "delegate", "nobody"):
        async with shared.services.store.database.reading() as connection:
            found.append((await connection.execute(counted)).scalar_one())
        assert (await asked(looking, admin, "POST", body={"role": role}))[1]["code"] == "bad_input"
    async with shared.services.store.database.reading() as connection:
        assert {*found, (await connection.execute(counted)).scalar_one()} == {found[0]}
