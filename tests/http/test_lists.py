"""Halls and people from a spreadsheet, over HTTP."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from server.app import Running
from tests.http.conftest import bearer
from tests.http.test_exchange import SESSION, told

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = f"/api/sessions/{SESSION}"


async def sent(
    http: aiohttp.ClientSession, headers: dict[str, str], kind: str, text: str, query: str = ""
) -> tuple[int, dict[str, Any]]:
    async with http.post(f"{AT}/lists/{kind}{query}", data=text.encode(), headers=headers) as answer:
        return await told(answer)


async def with_hall(http: aiohttp.ClientSession, server: Running, hall: str) -> dict[str, str]:
    """A hall with two seats, entered as the secretariat does."""
    admin = await bearer(http, server, "admin")
    assert (await sent(http, admin, "halls", f"Kode;Kelurahan\n{hall};Aula {hall}\n", "?write=yes"))[1]["written"]
    people = f"Aula;Jabatan;Nama\n{hall};Ketua RW 01;Rahasia\n{hall};Ketua RW 02;\n"
    assert (await sent(http, admin, "people", people, "?write=yes"))[1]["written"]
    return admin


async def test_nothing_is_written_by_a_look_nor_while_a_row_is_wrong(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    admin = await bearer(looking, shared, "admin")
    desk = await shared.services.desks.desk(SESSION)
    before = desk.state.seq
    assert (await sent(looking, admin, "halls", "Kelurahan\nBaru Saja\n"))[1]["new"] == 1
    _, found = await sent(looking, admin, "halls", "Kelurahan;Kecamatan\nBaru Saja;\n;Timur\n", "?write=yes&lang=en")
    assert (found["written"], found["wrong"]) == (False, 1)
    assert found["faults"] == [{"line": 3, "column": "Village", "why": "is empty", "value": ""}]
    assert "Village: is empty" in found["marked"]
    assert desk.state.seq == before


async def test_a_list_is_written_and_once_more_changes_nothing(shared: Running, looking: aiohttp.ClientSession) -> None:
    admin = await with_hall(looking, shared, "impor")
    desk = await shared.services.desks.desk(SESSION)
    before = desk.state.seq
    await with_hall(looking, shared, "impor")
    assert desk.state.seq == before and desk.state.halls["impor"].seat_count == 2  # type: ignore[index]
    trail = await shared.services.store.audit.entries()
    assert any(one.action == "people.enter" for one in trail) and "Rahasia" not in str(trail)
    async with looking.get(f"{AT}/people?hall=impor&q=rahasia", headers=admin) as answer:
        assert [one["name"] for one in (await told(answer))[1]["people"]] == ["Rahasia"]


async def test_nobody_else_brings_lists(shared: Running, looking: aiohttp.ClientSession) -> None:
    for role in ("moderator", "hall", "screen", "public"):
        his = await bearer(looking, shared, role)
        assert (await sent(looking, his, "halls", "Kelurahan\nX\n"))[1]["code"] == "forbidden"
