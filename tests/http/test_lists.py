"""Halls and people from a spreadsheet, over HTTP."""

from __future__ import annotations

import base64
from typing import Any

import aiohttp
import pytest

from server.app import Running
from server.interchange.sheets import read, xlsx_of
from sessions.ids import HallId, SeatId
from tests.http.conftest import bearer
from tests.http.test_exchange import SESSION, told

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = f"/api/sessions/{SESSION}"


async def sent(
    http: aiohttp.ClientSession, headers: dict[str, str], kind: str, text: str | bytes, query: str = ""
) -> tuple[int, dict[str, Any]]:
    body = text.encode() if isinstance(text, str) else text
    async with http.post(f"{AT}/lists/{kind}{query}", data=body, headers=headers) as answer:
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
    (fault,) = found["faults"]
    assert fault == {
        "line": 3,
        "cell": "A3",
        "code": "missing",
        "column": "Village",
        "why": "is empty",
        "value": "",
    }
    assert "Village: is empty" in base64.b64decode(found["marked"]).decode("utf-8-sig")
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


async def test_an_empty_list_is_had_as_a_workbook_filled_in_and_taken(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    async with looking.get("/api/lists/halls?form=xlsx&lang=id") as answer:
        assert answer.status == 200 and 'filename="aula.xlsx"' in answer.headers["Content-Disposition"]
        (sheet,) = read(await answer.read())
    async with looking.get("/api/lists/halls?form=pdf") as answer:
        assert (await told(answer))[1]["field"] == "form"
    admin = await bearer(looking, shared, "admin")
    filled = xlsx_of("Aula", [*sheet.rows, ["lembar-1", "Lembar Satu", "Timur"]])
    _, found = await sent(looking, admin, "halls", filled, "?write=yes")
    assert (found["form"], found["sheet"], found["new"], found["written"]) == ("xlsx", "Aula", 1, True)
    _, found = await sent(looking, admin, "halls", xlsx_of("Aula", [*sheet.rows, ["x?", "=1+1", ""]]), "?write=yes")
    assert [(one["cell"], one["code"]) for one in found["faults"]] == [("A2", "bad_code")]
    (marked,) = read(base64.b64decode(found["marked"]))
    assert marked.rows[1][1:3] == ["x?", "=1+1"]
    status, problem = await sent(looking, admin, "halls", b"PK\x03\x04 broken")
    assert (status, problem["code"]) == (415, "not_a_list")


async def test_what_is_there_is_downloaded_corrected_and_brought_again(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    admin = await with_hall(looking, shared, "unduh")
    desk = await shared.services.desks.desk(SESSION)
    async with looking.get(f"{AT}/lists/halls", headers=admin) as answer:
        assert answer.headers["Cache-Control"] == "no-store" and f"aula-{SESSION}.xlsx" in str(answer.headers)
        halls = await answer.read()
    _, found = await sent(looking, admin, "halls", halls, "?write=yes")
    assert (found["new"], found["known"], found["wrong"]) == (0, len(desk.state.halls), 0)
    async with looking.get(f"{AT}/lists/people?lang=en", headers=admin) as answer:
        (sheet,) = read(await answer.read())
    before = desk.state.seq
    _, found = await sent(looking, admin, "people", xlsx_of("x", sheet.rows), "?write=yes")
    assert (found["new"], found["changed"], found["known"], found["wrong"]) == (0, 0, len(desk.state.seats), 0)
    assert desk.state.seq == before
    rows = [list(row) for row in sheet.rows]
    mine = next(row for row in rows if (row[1], row[6]) == ("Aula unduh", "Rahasia"))
    mine[4], mine[6] = "no", "Budi"
    _, found = await sent(looking, admin, "people", xlsx_of("x", rows), "?write=yes")
    assert (found["changed"], found["people"], found["written"]) == (1, 1, True)
    assert found["changes"] == [
        {"of": f"Aula unduh · {mine[2]}", "column": "Hak suara", "was": "ya", "now": "tidak"},
        {"of": f"Aula unduh · {mine[2]}", "column": "Nama", "was": "Rahasia", "now": "Budi"},
    ]
    await desk.refresh()
    assert not desk.state.seats[SeatId(mine[0])].vote and desk.state.seq == before + 1
    async with looking.get(f"{AT}/people?hall=unduh&q=budi", headers=admin) as answer:
        assert [one["id"] for one in (await told(answer))[1]["people"]] == [mine[0]]
    trail = [one for one in await shared.services.store.audit.entries() if one.action == "people.export"]
    assert [set(one.data) for one in trail] == [{"people"}]
    looks = await shared.services.store.people.accesses(SESSION)
    assert any(one.purpose == "export" for one in looks)


async def test_a_hall_that_was_downloaded_gets_the_name_it_was_corrected_to(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    admin = await with_hall(looking, shared, "salah-eja")
    desk = await shared.services.desks.desk(SESSION)
    async with looking.get(f"{AT}/lists/halls", headers=admin) as answer:
        (sheet,) = read(await answer.read())
    rows = [[code, "Benar Eja" if code == "salah-eja" else name, place] for code, name, place in sheet.rows]
    _, found = await sent(looking, admin, "halls", xlsx_of("x", rows), "?write=yes")
    assert (found["changed"], found["wrong"], found["written"]) == (1, 0, True)
    await desk.refresh()
    hall = desk.state.halls[HallId("salah-eja")]
    assert (hall.name, hall.seat_count) == ("Benar Eja", 2)


async def test_a_list_asked_for_in_no_language_of_ours_is_not_written(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    admin = await bearer(looking, shared, "admin")
    desk = await shared.services.desks.desk(SESSION)
    before = desk.state.seq
    status, problem = await sent(looking, admin, "halls", "Kelurahan\nAula Asing\n", "?write=yes&lang=fr")
    assert (status, problem["code"], problem["field"]) == (400, "bad_input", "lang")
    assert desk.state.seq == before


async def test_nobody_else_brings_lists_or_takes_them(shared: Running, looking: aiohttp.ClientSession) -> None:
    for role in ("moderator", "hall", "screen", "public"):
        his = await bearer(looking, shared, role)
        assert (await sent(looking, his, "halls", "Kelurahan\nX\n"))[1]["code"] == "forbidden"
        async with looking.get(f"{AT}/lists/people", headers=his) as answer:
            assert (await told(answer))[1]["code"] == "forbidden"
