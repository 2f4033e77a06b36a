"""People over HTTP: found at the door by name, checked in by card, entered and erased by the secretariat."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import aiohttp
import pytest

from server.app import Running
from server.desks import system
from sessions.attendance import present
from sessions.ids import SeatId
from tests.http.conftest import DEVICE, bearer, cards, until
from tests.http.test_exchange import SESSION, told
from tests.http.test_passes import issue

PEOPLE = f"/api/sessions/{SESSION}/people"
DOOR = f"/api/sessions/{SESSION}/door"
SITI: dict[str, Any] = {
    "seat": "pejuang-rw-07", "name": "Siti Aminah", "age": 51, "sex": "P", "disability": False,
    "organisation": "RW 07", "address": "Gg. Rahasia 3", "phone": "0812-0000-0001", "nip": "",
}  # fmt: skip
BUDI = {"seat": "jatiasih-rw-01", "name": "Budi Santoso"}
NEVER_TOLD = ("Gg. Rahasia", "0812", "51")


async def as_role(http: aiohttp.ClientSession, server: Running, role: str, hall: str = "pejuang") -> dict[str, str]:
    """Headers of somebody of this role, of this hall if the role has any."""
    card = next(card for card in cards(server) if card["role"] == role and card.get("hall") in (hall, None))
    async with http.post("/api/passes/exchange", json={"token": card["token"], "device": DEVICE}) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['credential']}"}


async def entered(http: aiohttp.ClientSession, server: Running, *people: dict[str, Any]) -> dict[str, str]:
    admin = await as_role(http, server, "admin")
    async with http.put(PEOPLE, json={"people": people}, headers=admin) as answer:
        assert await told(answer) == (200, {"people": len(people)})
    return admin


def delegate_token(server: Running, hall: str) -> tuple[str, str]:
    """Token and seat of a delegate's card of this hall."""
    card = next(card for card in cards(server) if card["role"] == "delegate" and card["hall"] == hall)
    return card["token"], card["seat"]


async def test_a_hall_finds_its_own_people_by_name_or_office(server: Running, http: aiohttp.ClientSession) -> None:
    await entered(http, server, SITI, BUDI)
    hall = await as_role(http, server, "hall")
    async with http.get(PEOPLE, params={"q": "siti"}, headers=hall) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        body = (await told(answer))[1]
    shown = {"id": "pejuang-rw-07", "hall": "pejuang", "name": "Siti Aminah", "office": "Ketua RW 07", "present": False}
    assert body == {"people": [shown], "more": False}
    async with http.get(PEOPLE, params={"q": "Karang"}, headers=hall) as answer:
        assert [row["office"] for row in (await told(answer))[1]["people"]] == ["Ketua Karang Taruna"]
    async with http.get(PEOPLE, headers=hall) as answer:
        text = await answer.text()
        rows = (await told(answer))[1]["people"]
    assert len(rows) == 20 and {row["hall"] for row in rows} == {"pejuang"}
    assert not [secret for secret in NEVER_TOLD if secret in text]
    async with http.get(PEOPLE, params={"q": "budi"}, headers=hall) as answer:
        assert (await told(answer))[1]["people"] == [], "he is of another hall"


async def test_another_halls_people_are_not_shown_to_a_hall_but_to_a_moderator(
    server: Running, http: aiohttp.ClientSession
) -> None:
    await entered(http, server, SITI, BUDI)
    hall, moderator = await as_role(http, server, "hall"), await as_role(http, server, "moderator")
    async with http.get(PEOPLE, params={"hall": "jatiasih"}, headers=hall) as answer:
        status, body = await told(answer)
        assert (status, body["code"], body["name"]) == (409, "wrong_hall", "Jatiasih")
    async with http.get(PEOPLE, params={"hall": "jatiasih", "q": "budi"}, headers=moderator) as answer:
        assert [row["name"] for row in (await told(answer))[1]["people"]] == ["Budi Santoso"]
    async with http.get(PEOPLE, headers=moderator) as answer:
        body = (await told(answer))[1]
        assert len(body["people"]) == 200 and body["more"]
    async with http.get(PEOPLE, params={"hall": "atlantis"}, headers=moderator) as answer:
        assert (await told(answer))[1]["code"] == "unknown_hall"
    async with http.get(PEOPLE, params={"q": "x" * 81}, headers=moderator) as answer:
        assert (await told(answer))[1]["code"] == "bad_input"


@pytest.mark.parametrize("role", ["delegate", "screen", "public"])
async def test_nobody_else_looks_at_people(server: Running, http: aiohttp.ClientSession, role: str) -> None:
    headers = await bearer(http, server, role)
    for method, path in (("GET", PEOPLE), ("PUT", PEOPLE), ("DELETE", PEOPLE), ("POST", DOOR)):
        async with http.request(method, path, json={"token": "x"}, headers=headers) as answer:
            assert (answer.status, (await told(answer))[1]["code"]) == (403, "forbidden")
        async with http.request(method, path, json={"token": "x"}) as answer:
            assert answer.status == 401


async def test_only_the_secretariat_enters_erases_and_sees_who_looked(
    server: Running, http: aiohttp.ClientSession
) -> None:
    for role in ("hall", "moderator"):
        headers = await as_role(http, server, role)
        for method, path in (("PUT", PEOPLE), ("DELETE", PEOPLE), ("GET", f"{PEOPLE}/accesses")):
            async with http.request(method, path, json={"people": [BUDI]}, headers=headers) as answer:
                assert (await told(answer))[1]["code"] == "forbidden"


async def test_a_list_is_entered_whole_or_not_at_all(server: Running, http: aiohttp.ClientSession) -> None:
    admin = await as_role(http, server, "admin")

    async def refusal(body: Any) -> tuple[int, str, Any]:
        async with http.put(PEOPLE, json=body, headers=admin) as answer:
            status, problem = await told(answer)
            return status, problem["code"], problem.get("field")

    assert await refusal({"people": [BUDI, {**SITI, "seat": "nobody"}]}) == (404, "unknown_seat", None)
    assert await refusal({"people": [BUDI, BUDI]}) == (400, "bad_input", "people")
    assert await refusal({"people": []}) == (400, "bad_input", "people")
    assert await refusal({"people": [{**BUDI, "sex": "X"}]}) == (400, "bad_input", "people.0.sex")
    assert await refusal({"people": [{**BUDI, "hobby": "batu akik"}]}) == (400, "bad_input", "people.0.hobby")
    assert await refusal([BUDI]) == (400, "bad_input", "")
    too_long = io.BytesIO(json.dumps({"people": [{**BUDI, "address": "x" * 3_000_000}]}).encode())
    async with http.put(PEOPLE, data=too_long, headers=admin) as answer:
        assert (answer.status, (await told(answer))[1]["code"]) == (413, "too_large")
    assert await server.services.store.people.of(SESSION, "test", "record") == {}


async def test_entering_twice_replaces_and_erasing_forgets(server: Running, http: aiohttp.ClientSession) -> None:
    admin = await entered(http, server, SITI, BUDI)
    await entered(http, server, {**BUDI, "name": "Budi Hartono"})
    people = server.services.store.people
    assert {seat: person.name for seat, person in (await people.of(SESSION, "test", "record")).items()} == {
        "pejuang-rw-07": "Siti Aminah",
        "jatiasih-rw-01": "Budi Hartono",
    }
    siti = (await people.of(SESSION, "test", "record"))[SeatId("pejuang-rw-07")]
    assert (siti.age, siti.sex, siti.address, siti.phone) == (51, "P", "Gg. Rahasia 3", "0812-0000-0001")
    async with http.delete(PEOPLE, params={"seat": "pejuang\0"}, headers=admin) as answer:
        assert answer.status == 400, "PostgreSQL holds no NUL"
    async with http.delete(PEOPLE, params={"seat": "pejuang-rw-07"}, headers=admin) as answer:
        assert await told(answer) == (200, {"erased": 1})
    async with http.delete(PEOPLE, params={"all": "yes"}, headers=admin) as answer:
        assert await told(answer) == (200, {"erased": 1})
    assert await people.of(SESSION, "test", "record") == {}
    trail = [one for one in await server.services.store.audit.entries() if one.action.startswith("people.")]
    assert [(one.action, one.subject) for one in trail] == [
        ("people.erase", ""),
        ("people.erase", "seat:pejuang-rw-07"),
        ("people.enter", ""),
        ("people.enter", ""),
    ]
    assert "Siti" not in str(trail)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "seat"),
        ({"saet": "pejuang-rw-07"}, "saet"),
        ({"seat": "pejuang-rw-07", "Seat": "x"}, "Seat"),
        ({"seat": ""}, "seat"),
        ({"all": ""}, "all"),
        ({"all": "no"}, "all"),
        ({"all": "yes", "seat": "pejuang-rw-07"}, "all"),
        ([("seat", "pejuang-rw-07"), ("seat", "jatiasih-rw-01")], "seat"),
    ],
)
async def test_a_slip_erases_nobody(
    server: Running, http: aiohttp.ClientSession, asked: dict[str, str] | list[tuple[str, str]], field: str
) -> None:
    admin = await entered(http, server, SITI, BUDI)
    async with http.delete(PEOPLE, params=asked, headers=admin) as answer:
        status, problem = await told(answer)
        assert (status, problem["code"], problem["field"]) == (400, "bad_input", field)
    assert len(await server.services.store.people.of(SESSION, "test", "record")) == 2


async def test_a_misspelt_filter_is_not_taken_for_none(server: Running, http: aiohttp.ClientSession) -> None:
    async with http.get(PEOPLE, params={"hal": "pejuang"}, headers=await as_role(http, server, "hall")) as answer:
        assert (answer.status, (await told(answer))[1]["field"]) == (400, "hal")


async def test_who_looked_is_on_record(server: Running, http: aiohttp.ClientSession) -> None:
    admin = await entered(http, server, SITI)
    hall = await as_role(http, server, "hall")
    async with http.get(PEOPLE, params={"q": "Siti"}, headers=hall) as answer:
        assert answer.status == 200
    async with http.get(f"{PEOPLE}/accesses", headers=admin) as answer:
        looks = (await told(answer))[1]["accesses"]
    assert {look["purpose"] for look in looks} == {"import", "door"}
    assert len({look["actor"] for look in looks}) == 2 and "Siti" not in str(looks)


async def test_the_secretariat_finds_whose_data_it_erases_and_that_is_on_record_as_such(
    server: Running, http: aiohttp.ClientSession
) -> None:
    admin, hall = await entered(http, server, SITI), await as_role(http, server, "hall")
    asked = {"q": "Siti", "purpose": "erasure"}
    async with http.get(PEOPLE, params=asked, headers=admin) as answer:
        assert [one["name"] for one in (await told(answer))[1]["people"]] == [SITI["name"]]
    async with http.get(f"{PEOPLE}/accesses", headers=admin) as answer:
        assert {look["purpose"] for look in (await told(answer))[1]["accesses"]} == {"import", "erasure_look"}
    for headers, purpose in ((hall, "erasure"), (admin, "record")):
        async with http.get(PEOPLE, params={**asked, "purpose": purpose}, headers=headers) as answer:
            assert (answer.status, (await told(answer))[1]["field"]) == (400, "purpose")


async def test_a_card_at_the_door_checks_its_seat_in(server: Running, http: aiohttp.ClientSession) -> None:
    secret, seat = delegate_token(server, "pejuang")
    await entered(http, server, {**SITI, "seat": seat})
    hall = await as_role(http, server, "hall")
    desk = await server.services.desks.desk(SESSION)
    for already in (False, True):
        async with http.post(DOOR, json={"token": secret}, headers=hall) as answer:
            status, body = await told(answer)
        assert (status, body["id"], body["name"], body["present"], body["already"]) == (
            200, seat, "Siti Aminah", True, already,
        )  # fmt: skip
    assert present(desk.state) == {seat}
    assert desk.state.attendance.arrivals[SeatId(seat)].channel == "qr"
    async with http.get(PEOPLE, params={"q": "siti"}, headers=hall) as answer:
        assert (await told(answer))[1]["people"][0]["present"]


async def test_a_card_of_another_hall_is_sent_there(server: Running, http: aiohttp.ClientSession) -> None:
    secret, seat = delegate_token(server, "jatiasih")
    hall = await as_role(http, server, "hall")
    async with http.post(DOOR, json={"token": secret}, headers=hall) as answer:
        status, body = await told(answer)
    assert (status, body["code"], body["hall"], body["name"]) == (409, "wrong_hall", "jatiasih", "Jatiasih")
    desk = await server.services.desks.desk(SESSION)
    assert present(desk.state) == frozenset()
    moderator = await as_role(http, server, "moderator")
    async with http.post(DOOR, json={"token": secret}, headers=moderator) as answer:
        assert answer.status == 200
    await until(lambda: present(desk.state) == {seat})


async def test_what_is_no_delegates_card_is_refused(server: Running, http: aiohttp.ClientSession) -> None:
    hall = await as_role(http, server, "hall")

    async def refusal(body: Any) -> tuple[int, str]:
        async with http.post(DOOR, json=body, headers=hall) as answer:
            return answer.status, (await told(answer))[1]["code"]

    assert await refusal({"token": "nobody-has-this-token"}) == (409, "pass_unknown")
    assert await refusal({"token": ""}) == (400, "bad_input")
    screen = await issue(server, "big", server.services.clock() + 60_000)
    assert await refusal({"token": screen}) == (409, "no_seat")
    desk = await server.services.desks.desk(SESSION)
    secret, seat = delegate_token(server, "pejuang")
    lost = next(card.id for card in desk.state.passes.values() if card.seat == seat)
    await desk.submit("pass.revoke", {"pass": lost}, system(SESSION), "revoke-lost")
    assert await refusal({"token": secret}) == (409, "pass_revoked")
    assert present(desk.state) == frozenset()
    brief = await issue(server, "brief", server.services.clock() + 400)
    await until(lambda: server.services.clock() > desk_expiry(server, "brief"))
    assert await refusal({"token": brief}) == (409, "pass_expired")


def desk_expiry(server: Running, pass_id: str) -> int:
    return server.services.desks.loaded[SESSION].state.passes[pass_id].expires_at  # type: ignore[index]


async def test_a_card_is_not_tried_without_end(server: Running, http: aiohttp.ClientSession) -> None:
    hall = await as_role(http, server, "hall")
    for number in range(30):
        async with http.post(DOOR, json={"token": f"guess-{number:020}"}, headers=hall) as answer:
            assert answer.status == 409
    async with http.post(DOOR, json={"token": "one-more"}, headers=hall) as answer:
        assert (answer.status, (await told(answer))[1]["code"]) == (429, "too_many_attempts")


async def test_nothing_of_people_is_logged_or_journaled(
    server: Running, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    secret, seat = delegate_token(server, "pejuang")
    with caplog.at_level(logging.DEBUG, logger="pleno"), caplog.at_level(logging.DEBUG, logger="server"):
        admin = await entered(http, server, {**SITI, "seat": seat})
        hall = await as_role(http, server, "hall")
        async with http.get(PEOPLE, params={"q": "Siti"}, headers=hall):
            pass
        async with http.post(DOOR, json={"token": secret}, headers=hall):
            pass
        async with http.delete(PEOPLE, params={"all": "yes"}, headers=admin):
            pass
    journal = str(await server.services.store.journal.read(SESSION, 0))
    for told_to_nobody in ("Siti", "Rahasia", "0812-0000", secret):
        assert told_to_nobody not in caplog.text and told_to_nobody not in journal
