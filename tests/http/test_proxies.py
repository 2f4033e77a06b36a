"""Whom a delegate may choose to vote for it: offices and halls of voters, to those who may choose, a few at a time."""

from __future__ import annotations

from typing import Any

import aiohttp

from server.app import Running
from server.http.proxies import AT_ONCE, LISTED_MOST
from sessions.permissions import Actor, Role
from tests.http.conftest import DEVICE, cards
from tests.http.test_exchange import SESSION, told
from tests.http.test_people import SITI, as_role, entered

PROXIES = f"/api/sessions/{SESSION}/proxies"
MINE = "pejuang-rw-07"


async def led(server: Running, name: str, data: dict[str, Any]) -> Any:
    """What the moderator does."""
    desk = await server.services.desks.desk(SESSION)
    card = next(card for card in desk.state.passes.values() if card.role == "moderator")
    return (await desk.submit(name, data, Actor(SESSION, Role.MODERATOR, card.id), f"fixture-{desk.state.seq}")).result


async def allow(server: Running, most: int = 2) -> None:
    await led(server, "rules.set", {"changes": {"voting": {"delegations_most": most}}})


async def of_seat(http: aiohttp.ClientSession, server: Running, seat: str) -> dict[str, str]:
    card = next(card for card in cards(server) if card["seat"] == seat)
    async with http.post("/api/passes/exchange", json={"token": card["token"], "device": DEVICE}) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['credential']}"}


async def asked(http: aiohttp.ClientSession, headers: dict[str, str], **query: str) -> tuple[int, dict[str, Any]]:
    async with http.get(PROXIES, params=query, headers=headers) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return await told(answer)


async def test_the_own_hall_comes_unasked_and_others_by_hall_and_office(
    server: Running, http: aiohttp.ClientSession
) -> None:
    await entered(http, server, SITI)
    await allow(server)
    me = await of_seat(http, server, MINE)
    status, body = await asked(http, me)
    assert status == 200 and body["more"] is False
    assert len(body["seats"]) == 19 and all(one["label"].startswith("Pejuang · ") for one in body["seats"])
    assert MINE not in [one["seat"] for one in body["seats"]]
    assert set(body["seats"][0]) == {"seat", "label"}
    _, found = await asked(http, me, q="rw 01 JATIASIH")
    assert found == {"seats": [{"seat": "jatiasih-rw-01", "label": "Jatiasih · Ketua RW 01"}], "more": False}
    _, many = await asked(http, me, q="ketua rw")
    assert len(many["seats"]) == LISTED_MOST and many["more"] is True
    assert many["seats"][0]["label"].startswith("Pejuang · ")
    assert (await asked(http, me, q="siti"))[1]["seats"] == [], "names are not searched"


async def test_of_a_ballot_only_its_electorate_while_it_is_open_and_lets_votes_be_delegated(
    server: Running, http: aiohttp.ClientSession
) -> None:
    me = await of_seat(http, server, MINE)
    assert await refusal(http, me) == (409, "no_delegation")
    await allow(server)
    await led(server, "session.open", {})
    options = [{"label": "A"}, {"label": "B"}]
    ask = {"title": "Uji", "options": options, "choose_max": 1, "secrecy": "open"}
    ballot = (await led(server, "ballot.open", {**ask, "electorate": {"kind": "halls", "halls": ["pejuang"]}}))[
        "ballot"
    ]
    assert len((await asked(http, me, ballot=ballot))[1]["seats"]) == 19
    assert (await asked(http, me, ballot=ballot, q="jatiasih"))[1]["seats"] == []
    stranger = await of_seat(http, server, "jatiasih-rw-01")
    assert await refusal(http, stranger, ballot=ballot) == (409, "not_in_electorate")
    await led(server, "ballot.close", {"ballot": ballot})
    assert await refusal(http, me, ballot=ballot) == (409, "ballot_closed")
    secret = (await led(server, "ballot.open", {**ask, "secrecy": "secret"}))["ballot"]
    assert await refusal(http, me, ballot=secret) == (409, "not_on_secret")
    assert await refusal(http, me, ballot="tidak-ada") == (404, "unknown_ballot")


async def refusal(http: aiohttp.ClientSession, headers: dict[str, str], **query: str) -> tuple[int, str]:
    status, body = await asked(http, headers, **query)
    return status, body["code"]


async def test_nobody_else_may_ask_and_nobody_may_copy_the_list(server: Running, http: aiohttp.ClientSession) -> None:
    await allow(server)
    for role in ("hall", "moderator", "screen", "public", "admin"):
        assert await refusal(http, await as_role(http, server, role)) == (403, "forbidden")
    me = await of_seat(http, server, MINE)
    assert await refusal(http, me, q="a" * 81) == (400, "bad_input")
    assert await refusal(http, me, hall="pejuang") == (400, "bad_input")
    statuses = [(await asked(http, me, q=str(n)))[0] for n in range(AT_ONCE + 1)]
    assert statuses == [200] * AT_ONCE + [429]
    other = await of_seat(http, server, "jatiasih-rw-01")
    assert (await asked(http, other))[0] == 200, "everybody has their own"
