"""One card for a plenary and its groups: whom a group lets in, as whom, until when; who may look on at an opening."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import aiohttp
import pytest

from server.app import Running
from server.desks import system
from server.store.people import Person
from sessions.attendance import present
from sessions.desk import Desk
from sessions.ids import HallId, PassId, SeatId, SessionId
from sessions.permissions import Actor, Role
from tests.gateway.served import Wire, dial
from tests.http.conftest import bearer, cards, until
from tests.http.test_sessions import body

PLENARY, GROUP, PLACE = SessionId("bekasi-2018"), SessionId("kelompok-1"), SessionId("senen")
KEYS = itertools.count()


async def give(desk: Desk, name: str, data: Any = None) -> None:
    session = desk.state.session.id
    role = Role.ADMIN if name in ("hall.add", "pass.revoke", "session.link", "groups.split") else Role.MODERATOR
    actor = system(session) if name == "session.create" else Actor(session, role, PassId(f"the-{role}"))
    await desk.submit(name, data or {}, actor, f"joined-{next(KEYS):06d}")


def hall_of(server: Running, role: str) -> HallId:
    return HallId(next(card["hall"] for card in cards(server) if card["role"] == role))


async def split(server: Running, halls: list[HallId], **more: Any) -> tuple[Desk, Desk]:
    """The plenary and its group, once the courier has founded it."""
    desks = server.services.desks
    plenary = await desks.desk(PLENARY)
    await give(plenary, "session.open")
    planned = {"session": GROUP, "title": "Kelompok I", "halls": halls, **more}
    await give(plenary, "groups.split", {"groups": [planned]})
    await until(lambda: GROUP in desks.loaded and desks.loaded[GROUP].state.session.created)
    return plenary, desks.loaded[GROUP]


async def class_in(http: aiohttp.ClientSession, session: str, headers: dict[str, str]) -> Any:
    """The view class a snapshot was given in, or the code of the refusal."""
    async with http.get(f"/api/sessions/{session}/snapshot", headers=headers) as answer:
        found = await body(answer)
        return found["class"] if answer.status == 200 else (answer.status, found["code"])


async def entered(server: Running, headers: dict[str, str], session: Any) -> Wire:
    return await dial(server.url, {"credential": headers["Authorization"].split()[1], "session": session})


async def test_a_group_takes_the_people_it_was_given_as_who_they_are_and_nobody_else(
    server: Running, http: aiohttp.ClientSession
) -> None:
    theirs = {role: await bearer(http, server, role) for role in ("moderator", "admin", "hall", "delegate", "screen")}
    other = next(hall for hall in (await server.services.desks.desk(PLENARY)).state.halls if hall not in (
        hall_of(server, "hall"), hall_of(server, "delegate")))  # fmt: skip
    halls = list(dict.fromkeys([hall_of(server, "hall"), hall_of(server, "delegate")]))
    assert await class_in(http, GROUP, theirs["hall"]) == (403, "forbidden"), "there is no such group yet"
    plenary, group = await split(server, halls)
    assert {role: await class_in(http, GROUP, headers) for role, headers in theirs.items()} == {
        "moderator": "moderator", "admin": "moderator", "hall": "hall", "delegate": "participant", "screen": "screen",
    }  # fmt: skip
    await give(plenary, "groups.recall", {"group": GROUP, "reason": "uji"})
    await give(plenary, "groups.split", {"groups": [{"session": "lain", "title": "Lain", "halls": [other]}]})
    desks = server.services.desks
    await until(lambda: SessionId("lain") in desks.loaded and desks.loaded[SessionId("lain")].state.session.created)
    assert await class_in(http, "lain", theirs["hall"]) == (403, "forbidden")
    assert await class_in(http, "lain", theirs["delegate"]) == (403, "forbidden")
    assert await class_in(http, "nobody", theirs["moderator"]) == (403, "forbidden")
    assert group.state.passes == {}, "no card was printed for it"


async def test_a_delegate_acts_in_the_group_from_its_seat_until_its_card_is_revoked_at_home(
    server: Running, http: aiohttp.ClientSession
) -> None:
    headers = await bearer(http, server, "delegate")
    plenary, group = await split(server, [hall_of(server, "delegate")])
    await give(group, "session.open")
    home, wire = await entered(server, headers, None), await entered(server, headers, GROUP)
    told = await home.call("sync", {"after": None})
    assert told["me"]["group"] == GROUP
    synced = await wire.call("sync", {"after": None})
    assert synced["me"]["seat"] == told["me"]["seat"] and synced["me"]["group"] is None
    assert (await wire.command("floor.request", {}))["ok"]
    assert [one.seat for one in group.state.floor.queue] == [told["me"]["seat"]] and plenary.state.floor.queue == ()
    card = next(one for one in cards(server) if one["role"] == "delegate")
    mine = next(id_ for id_, one in plenary.state.passes.items() if one.seat == card["seat"])
    await give(plenary, "pass.revoke", {"pass": mine})
    await asyncio.wait_for(wire.closed.wait(), 5)
    assert wire.of("bye") == [{"code": "pass_revoked"}]
    again = await entered(server, headers, GROUP)
    assert again.refused == "pass_revoked"
    for each in (home, wire, again):
        await each.close()


async def test_the_page_hears_of_its_group_and_of_its_end_by_itself(
    server: Running, http: aiohttp.ClientSession
) -> None:
    wire = await entered(server, await bearer(http, server, "hall"), None)
    assert (await wire.call("sync", {"after": None}))["me"]["group"] is None
    plenary, _ = await split(server, [hall_of(server, "hall")])
    await wire.until(lambda: [me["group"] for me in wire.of("me")][-1:] == [GROUP])
    await give(plenary, "groups.join_back")
    await wire.until(lambda: [me["group"] for me in wire.of("me")][-1:] == [None])
    await wire.close()


async def test_a_card_named_as_the_groups_moderator_leads_it(server: Running, http: aiohttp.ClientSession) -> None:
    headers = await bearer(http, server, "delegate")
    card = next(one for one in cards(server) if one["role"] == "delegate")
    passes = (await server.services.desks.desk(PLENARY)).state.passes
    mine = next(id_ for id_, one in passes.items() if one.seat == card["seat"])
    _, group = await split(server, [hall_of(server, "delegate")], moderator=mine)
    assert await class_in(http, GROUP, headers) == "moderator"
    assert await class_in(http, PLENARY, headers) == "participant"
    wire = await entered(server, headers, GROUP)
    assert (await wire.command("session.open"))["ok"] and group.state.session.phase == "open"
    await wire.close()


@pytest.mark.parametrize("session", ["nobody", 7, ["kelompok-1"], ""])
async def test_a_session_that_is_not_theirs_is_no_way_in(
    server: Running, http: aiohttp.ClientSession, session: Any
) -> None:
    wire = await entered(server, await bearer(http, server, "moderator"), session)
    assert wire.refused in ("forbidden", "unknown_session")
    await wire.close()


async def test_where_an_opening_is_shown_its_people_look_on_and_no_more(
    server: Running, http: aiohttp.ClientSession
) -> None:
    desks = server.services.desks
    theirs = {role: await bearer(http, server, role) for role in ("moderator", "hall", "delegate", "screen", "public")}
    assert await class_in(http, PLACE, theirs["screen"]) == (403, "forbidden")
    opening = await desks.load(PLACE)
    await give(opening, "session.create", {"title": "Pembukaan", "kind": "plenary", "place": "", "date": "2024-02-26"})
    await give(opening, "session.link", {"feeds": None, "previous": None, "reaches": [PLENARY]})
    await give(opening, "cast.start", {"sessions": [PLENARY]})
    shown = (await desks.desk(PLENARY)).state
    await until(lambda: desks.loaded[PLENARY].state.casting.source == PLACE)
    assert shown.casting.source is None
    assert {role: await class_in(http, PLACE, headers) for role, headers in theirs.items()} == {
        "moderator": "screen", "hall": "screen", "screen": "screen", "delegate": "public", "public": "public",
    }  # fmt: skip
    wire = await entered(server, theirs["moderator"], PLACE)
    assert (await wire.command("session.open"))["code"] == "forbidden"
    await wire.close()
    await give(opening, "cast.stop")
    await until(lambda: desks.loaded[PLENARY].state.casting.source is None)
    assert await class_in(http, PLACE, theirs["screen"]) == (403, "forbidden")


def tokens(server: Running, hall: HallId) -> list[tuple[str, str]]:
    """(token, seat) of the delegates of a hall."""
    return [(one["token"], one["seat"]) for one in cards(server) if one["role"] == "delegate" and one["hall"] == hall]


async def test_cards_of_the_plenary_are_good_at_the_door_of_a_group(
    server: Running, http: aiohttp.ClientSession
) -> None:
    """More of them than failed tries are free: a hall checked in by its plenary's cards must not lock itself out."""
    here = hall_of(server, "hall")
    there = next(one["hall"] for one in cards(server) if one["role"] == "hall" and one["hall"] != here)
    hall = await bearer(http, server, "hall")
    (first, seat), *_ = tokens(server, here)
    await server.services.store.people.put(PLENARY, {SeatId(seat): Person("Siti Aminah")}, "pass:admin")
    _, group = await split(server, [here])
    await give(group, "session.lobby")
    door = f"/api/sessions/{GROUP}/door"
    async with http.post(door, json={"token": first}, headers=hall) as answer:
        found = await body(answer)
        assert (answer.status, found.get("id"), found.get("name")) == (200, seat, "Siti Aminah")
    assert present(group.state) == {seat}
    for token, _ in (tokens(server, HallId(there)) * 2)[:31]:
        async with http.post(door, json={"token": token}, headers=hall) as answer:
            assert (answer.status, (await body(answer))["code"]) == (409, "wrong_hall")
    async with http.post(door, json={"token": first}, headers=hall) as answer:
        assert answer.status == 200 and (await body(answer))["already"]
    async with http.get(f"/api/sessions/{GROUP}/people", params={"q": "siti"}, headers=hall) as answer:
        assert [one["name"] for one in (await body(answer))["people"]] == ["Siti Aminah"]


async def test_in_a_group_people_of_its_plenary_are_forgotten_and_looks_at_them_told(
    server: Running, http: aiohttp.ClientSession
) -> None:
    admin = await bearer(http, server, "admin")
    plenary, group = await split(server, [hall_of(server, "delegate")])
    here = next(iter(group.state.seats))
    away = next(seat for seat in plenary.state.seats if seat not in group.state.seats)
    people = {seat: Person("Siti Aminah") for seat in (here, away)}
    path = f"/api/sessions/{GROUP}/people"
    for asked, left in (({"seat": here}, {away}), ({"all": "yes"}, {away})):
        await server.services.store.people.put(PLENARY, people, "cli")
        async with http.delete(path, params=asked, headers=admin) as answer:
            assert (answer.status, (await body(answer))["erased"]) == (200, 1)
        assert set(await server.services.store.people.of(PLENARY, "cli", "record")) == left
    async with http.get(f"{path}/accesses", headers=admin) as answer:
        assert "erasure" in {look["purpose"] for look in (await body(answer))["accesses"]}


async def test_what_is_scanned_at_a_door_does_not_keep_phones_of_the_same_address_out(
    server: Running, http: aiohttp.ClientSession
) -> None:
    hall = await bearer(http, server, "hall")
    for number in range(30):
        async with http.post(f"/api/sessions/{PLENARY}/door", json={"token": f"QRIS-{number}"}, headers=hall) as answer:
            assert answer.status == 409
    async with http.post(f"/api/sessions/{PLENARY}/door", json={"token": "QRIS"}, headers=hall) as answer:
        assert answer.status == 429
    assert await bearer(http, server, "delegate"), "a phone comes in"
    async with http.post("/api/passes/exchange", json={"token": "nobody-has-this"}) as answer:
        assert answer.status == 401
