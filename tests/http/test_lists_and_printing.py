"""Halls and people from a spreadsheet, and their cards as a PDF, over HTTP."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pypdfium2
import pytest

from server import printing
from server.app import Running
from server.documents import pass_cards
from sessions.errors import Refused
from sessions.permissions import Actor, Role
from tests.http.conftest import bearer
from tests.http.test_exchange import EXCHANGE, SESSION, told

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = f"/api/sessions/{SESSION}"


async def sent(
    http: aiohttp.ClientSession, headers: dict[str, str], kind: str, text: str, query: str = ""
) -> tuple[int, dict[str, Any]]:
    async with http.post(f"{AT}/lists/{kind}{query}", data=text.encode(), headers=headers) as answer:
        return await told(answer)


async def printed(http: aiohttp.ClientSession, headers: dict[str, str], **wanted: Any) -> tuple[int, Any]:
    async with http.post(f"{AT}/passes/print", json=wanted, headers=headers) as answer:
        if answer.content_type != "application/pdf":
            return answer.status, (await told(answer))[1]
        return int(answer.headers["X-Pleno-Cards"]), await answer.read()


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


async def test_a_card_is_printed_once_and_again_only_in_place_of_the_old_one(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[str] = []
    plain = pass_cards.cards_pdf

    def watched(heading: str, day: str, cards: Any, made_at: int) -> bytes:
        links.extend(card.link for card in cards)
        return plain(heading, day, cards, made_at)

    monkeypatch.setattr("server.printing.cards_pdf", watched)
    admin = await with_hall(looking, shared, "cetak")
    number, body = await printed(looking, admin, hall="cetak")
    assert number == 3
    text = pypdfium2.PdfDocument(io.BytesIO(body))[0].get_textpage().get_text_bounded()
    assert "Ketua RW 02" in text and "Operator aula" in text and "Rahasia" not in text
    assert links[0].startswith(shared.url + "/hall#") and links[1].startswith(shared.url + "/participant#")
    assert (await printed(looking, admin, hall="cetak"))[1]["code"] == "nothing_to_print"
    seat = next(s.id for s in (await shared.services.desks.desk(SESSION)).state.seats.values() if s.hall == "cetak")
    assert (await printed(looking, admin, hall="cetak", seats=[seat], again=True))[0] == 1
    codes = []
    for link in links:
        token = {"token": link.partition("#")[2], "device": "a-device-of-somebody"}
        async with looking.post(EXCHANGE, json=token) as answer:
            status, found = await told(answer)
            codes.append(found.get("code", status))
    assert codes == [200, "pass_revoked", 200, 200]


async def test_what_nobody_waits_for_is_not_issued(shared: Running, looking: aiohttp.ClientSession) -> None:
    await with_hall(looking, shared, "batal")
    services = shared.services
    desk = await services.desks.desk(SESSION)
    before = len(desk.state.passes)
    wanted = printing.Wanted(desk.state.halls["batal"].id, frozenset(), False, services.clock() + 1000)  # type: ignore[index]
    admin = next(one for one in desk.state.passes.values() if one.role == "admin")
    actor = Actor(session=SESSION, role=Role.ADMIN, pass_id=admin.id)
    with pytest.raises(Refused, match="cancelled"):
        await printing.print_cards(desk, services.store, actor, wanted, "http://x", services.clock(), lambda: False)
    assert len(desk.state.passes) == before


async def test_nobody_else_brings_lists_or_prints(shared: Running, looking: aiohttp.ClientSession) -> None:
    for role in ("moderator", "hall", "screen", "public"):
        his = await bearer(looking, shared, role)
        assert (await sent(looking, his, "halls", "Kelurahan\nX\n"))[1]["code"] == "forbidden"
        assert (await printed(looking, his))[1]["code"] == "forbidden"


@pytest.mark.parametrize("wanted", [{"hall": 7}, {"days": 0}, {"again": "ya"}, {"x": 1}, {"seats": ["a b"]}])
async def test_what_makes_no_sense_prints_nothing(
    shared: Running, looking: aiohttp.ClientSession, wanted: dict[str, Any]
) -> None:
    assert (await printed(looking, await bearer(looking, shared, "admin"), **wanted))[1]["code"] == "bad_input"
