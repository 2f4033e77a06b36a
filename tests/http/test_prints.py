"""Cards printed by the secretariat: who may, which cards, what becomes of older ones, and of a stop in between."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pypdfium2
import pytest

from server import cli, printing
from server.app import Running
from server.documents.cards import Sheet
from server.printing import counted
from server.store.prints import SqlPrints
from sessions.errors import Refused
from tests.http.conftest import bearer
from tests.http.test_cards import asked
from tests.http.test_exchange import EXCHANGE, SESSION, told

PRINTS = f"/api/sessions/{SESSION}/prints"
ASKED = {"base": "https://kota.example", "roles": ["hall", "delegate"], "halls": ["pejuang"], "again": True}


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    """What was set, before it is a file."""
    found: list[Sheet] = []
    plain = printing.pdf

    def kept(sheet: Sheet) -> bytes:
        found.append(sheet)
        return plain(sheet)

    monkeypatch.setattr(printing, "pdf", kept)
    return found


async def over(http: aiohttp.ClientSession, admin: dict[str, str], job: dict[str, Any]) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while job["state"] in ("issuing", "setting"):
            await asyncio.sleep(0.05)
            _, job = await asked(http, admin, "GET", f"{PRINTS}/{job['print']}")
    return job


async def test_a_hall_gets_new_cards_and_its_old_ones_end(
    server: Running, http: aiohttp.ClientSession, sheets: list[Sheet]
) -> None:
    admin = await bearer(http, server, "admin")
    desk = await server.services.desks.desk(SESSION)
    before = {card.id for card in desk.state.passes.values() if card.hall == "pejuang" and not card.revoked}
    seats = [seat for seat in desk.state.seats.values() if seat.hall == "pejuang"]
    status, job = await asked(http, admin, "POST", PRINTS, {**ASKED, "days": 3})
    assert status == 202 and job["state"] == "issuing" and job["total"] == len(seats) + 1
    job = await over(http, admin, job)
    assert (job["state"], job["done"], job["set"]) == ("ready", len(seats) + 1, len(seats) + 1)
    assert job["parts"] == [{"part": 1, "name": "pejuang", "cards": len(seats) + 1}]
    assert all(desk.state.passes[card].revoked for card in before)
    async with http.get(f"{PRINTS}/{job['print']}/1.pdf", headers=admin) as answer:
        assert answer.headers["Cache-Control"] == "no-store" and "kartu-" in answer.headers["Content-Disposition"]
        assert len(pypdfium2.PdfDocument(await answer.read())) == -(-(len(seats) + 1) // 5)
    hall, *delegates = sheets[0].cards
    assert hall.link.startswith("https://kota.example/hall#") and hall.pin == "" and hall.office == "Aula Pejuang"
    assert [one.office for one in delegates] == sorted((seat.office for seat in seats), key=counted) and len(
        delegates[0].pin
    ) == 6
    for card, role in ((hall, "hall"), (delegates[0], "delegate")):
        body = {"token": card.link.partition("#")[2], "device": "d" * 20}
        async with http.post(EXCHANGE, json=body) as answer:
            assert (await told(answer))[1]["identity"]["role"] == role
    trail = await server.services.store.audit.entries()
    (line,) = [one for one in trail if one.action == "cards.print"]
    assert dict(line.data) == {"cards": len(seats) + 1, "asked": len(seats) + 1, "again": True}
    assert not any(card.link.partition("#")[2] in str(trail) for card in sheets[0].cards)


def test_offices_stand_in_the_order_of_the_preview() -> None:
    offices = ["Tokoh", "Ketua RW 10", "LPM", "ketua RW 3", "Ketua RW 2"]
    assert sorted(offices, key=counted) == ["Ketua RW 2", "ketua RW 3", "Ketua RW 10", "LPM", "Tokoh"]


async def test_whoever_has_a_good_card_gets_no_second_one_unasked(
    server: Running, http: aiohttp.ClientSession, sheets: list[Sheet]
) -> None:
    admin = await bearer(http, server, "admin")
    desk = await server.services.desks.desk(SESSION)
    wanted = {**ASKED, "again": False}
    assert (await asked(http, admin, "POST", PRINTS, wanted))[1]["code"] == "nothing_to_print"
    lost = next(card for card in desk.state.passes.values() if card.role == "delegate" and card.hall == "pejuang")
    assert (await asked(http, admin, "DELETE", f"/api/sessions/{SESSION}/passes/{lost.id}"))[0] == 200
    status, job = await asked(http, admin, "POST", PRINTS, wanted)
    assert (status, job["total"]) == (202, 1)
    assert (await over(http, admin, job))["state"] == "ready"
    assert [card.office for card in sheets[0].cards] == [desk.state.seats[lost.seat].office]


async def test_a_print_that_is_stopped_prints_what_it_issued(
    server: Running, http: aiohttp.ClientSession, sheets: list[Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "GROUP", 2)
    admin = await bearer(http, server, "admin")
    desk = await server.services.desks.desk(SESSION)
    before = set(desk.state.passes)
    _, job = await asked(http, admin, "POST", PRINTS, ASKED)
    assert (await asked(http, admin, "POST", PRINTS, ASKED))[1]["code"] == "print_running"
    for _ in range(2):
        assert (await asked(http, admin, "DELETE", f"{PRINTS}/{job['print']}"))[0] == 200
    job = await over(http, admin, job)
    assert job["state"] == "stopped" and 0 < job["done"] < job["total"]
    assert job["set"] == job["done"] == len(set(desk.state.passes) - before) == sum(len(one.cards) for one in sheets)


async def test_a_database_that_is_away_for_a_while_costs_no_card(
    server: Running, http: aiohttp.ClientSession, sheets: list[Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "AGAIN_S", 0.01)
    admin = await bearer(http, server, "admin")
    desk = await server.services.desks.desk(SESSION)
    before, plain, failing = set(desk.state.passes), printing.issue_all, [True, True]

    async def held(*given: Any) -> Any:
        """The second time after it was done, so that nobody knows."""
        if len(failing) == 1:
            await plain(*given)
        if failing:
            failing.pop()
            raise Refused("held")
        return await plain(*given)

    monkeypatch.setattr(printing, "issue_all", held)
    _, job = await asked(http, admin, "POST", PRINTS, ASKED)
    job = await over(http, admin, job)
    assert job["state"] == "ready" and not failing
    assert len(set(desk.state.passes) - before) == job["total"] == len(sheets[0].cards)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"base": "javascript:alert(1)"}, "bad_input", "base"),
        ({"base": "https://kota.example/halaman"}, "bad_input", "base"),
        ({"base": None}, "bad_input", "base"),
        ({"roles": []}, "bad_input", "roles"),
        ({"roles": ["agency"]}, "bad_input", "roles"),
        ({"roles": "hall"}, "bad_input", "roles"),
        ({"again": 1}, "bad_input", "again"),
        ({"days": 0}, "bad_input", "days"),
        ({"halls": "pejuang"}, "bad_input", "halls"),
        ({"seats": [7]}, "bad_input", "seats"),
        ({"halls": ["nowhere"]}, "unknown_hall", None),
        ({"seats": ["nobody"]}, "unknown_seat", None),
        ({"more": 1}, "bad_input", "more"),
    ],
)
async def test_a_slip_is_named_and_prints_nothing(
    server: Running, http: aiohttp.ClientSession, change: dict[str, Any], code: str, field: str | None
) -> None:
    admin = await bearer(http, server, "admin")
    _, answer = await asked(http, admin, "POST", PRINTS, {**ASKED, **change})
    assert (answer["code"], answer.get("field")) == (code, field)


async def test_a_print_is_its_secretariats_alone(server: Running, http: aiohttp.ClientSession) -> None:
    admin, moderator = await bearer(http, server, "admin"), await bearer(http, server, "moderator")
    assert (await asked(http, moderator, "POST", PRINTS, ASKED))[1]["code"] == "forbidden"
    issue = {"role": "admin"}
    _, card = await asked(http, admin, "POST", f"/api/sessions/{SESSION}/passes", issue)
    async with http.post(EXCHANGE, json={"token": card["path"].partition("#")[2]}) as answer:
        other = {"Authorization": f"Bearer {(await told(answer))[1]['credential']}"}
    _, job = await asked(http, admin, "POST", PRINTS, {**ASKED, "roles": ["hall"]})
    job = await over(http, admin, job)
    for path in (f"{PRINTS}/{job['print']}", f"{PRINTS}/{job['print']}/1.pdf", f"{PRINTS}/{'0' * 16}"):
        assert (await asked(http, other, "GET", path))[1]["code"] == "unknown_print"
    for path in (f"{PRINTS}/{job['print']}/0.pdf", f"{PRINTS}/{job['print']}/2.pdf"):
        assert (await asked(http, admin, "GET", path))[1]["code"] == "unknown_print"


async def test_whoever_lost_the_page_finds_the_own_prints_again_and_nobody_elses(
    server: Running, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, go_on = printing.issue_all, asyncio.Event()

    async def slow(*given: Any) -> Any:
        await go_on.wait()
        return await plain(*given)

    monkeypatch.setattr(printing, "issue_all", slow)
    admin, moderator = await bearer(http, server, "admin"), await bearer(http, server, "moderator")
    assert await asked(http, admin, "GET", PRINTS) == (200, {"prints": []})
    _, first = await asked(http, admin, "POST", PRINTS, {**ASKED, "roles": ["hall"]})
    assert first["halls"] == ["pejuang"]
    (found,) = (await asked(http, admin, "GET", PRINTS))[1]["prints"]
    assert (found["print"], found["state"], found["total"]) == (first["print"], "issuing", 1)
    go_on.set()
    first = await over(http, admin, first)
    _, card = await asked(http, admin, "POST", f"/api/sessions/{SESSION}/passes", {"role": "admin"})
    _, second = await asked(http, admin, "POST", PRINTS, {**ASKED, "roles": ["hall"], "halls": ["jatiasih"]})
    second = await over(http, admin, second)
    assert (await asked(http, admin, "GET", PRINTS))[1]["prints"] == [second, first]
    async with http.post(EXCHANGE, json={"token": card["path"].partition("#")[2]}) as answer:
        other = {"Authorization": f"Bearer {(await told(answer))[1]['credential']}"}
    assert (await asked(http, other, "GET", PRINTS))[1] == {"prints": []}
    assert (await asked(http, moderator, "GET", PRINTS))[1]["code"] == "forbidden"


async def test_the_command_line_prints_a_file_a_hall(
    server: Running, http: aiohttp.ClientSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(server.settings.data), *(["--database", url] if (url := server.settings.database) else [])]
    asking = ["passes", *data, "print", "--base", "https://kota.example", "--role", "hall"]
    out = tmp_path / "kartu"
    assert await asyncio.to_thread(cli.main, [*asking, "--out", str(out)]) == 1
    assert "nothing_to_print" in capsys.readouterr().err and not out.exists()
    halls = [*asking, "--again", "--hall", "pejuang", "--hall", "jatiasih", "--out"]
    assert await asyncio.to_thread(cli.main, [*halls, str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["jatiasih.pdf", "pejuang.pdf"]
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600} and out.stat().st_mode & 0o777 == 0o700
    assert "pejuang.pdf" in capsys.readouterr().out
    assert await asyncio.to_thread(cli.main, [*halls, str(out)]) == 2, "what is there is not touched"
    assert await asyncio.to_thread(cli.main, [*asking, "--hall", "nowhere", "--out", str(tmp_path / "x")]) == 1
    wrong = [*asking, "--again", "--hall", "pejuang", "--base", "javascript:alert(1)", "--out", str(tmp_path / "y")]
    assert await asyncio.to_thread(cli.main, wrong) == 2, "nobody could open such a card"
    assert "base" in capsys.readouterr().err and not (tmp_path / "y").exists()


async def test_a_server_that_stops_finishes_the_group_and_says_what_is_in_no_file(
    server: Running,
    http: aiohttp.ClientSession,
    sheets: list[Sheet],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(printing, "GROUP", 2)
    plain, reached, go_on = printing.issue_all, asyncio.Event(), asyncio.Event()

    async def slow(*given: Any) -> Any:
        reached.set()
        await go_on.wait()
        return await plain(*given)

    monkeypatch.setattr(printing, "issue_all", slow)
    admin = await bearer(http, server, "admin")
    desk = await server.services.desks.desk(SESSION)
    before = set(desk.state.passes)
    assert (await asked(http, admin, "POST", PRINTS, ASKED))[0] == 202
    await reached.wait()
    prints = server.services.prints
    closing = asyncio.create_task(prints.close())
    await asyncio.sleep(0)
    go_on.set()
    await closing
    assert len(set(desk.state.passes) - before) == 2 and not sheets
    assert "2 cards were issued and are in no file" in caplog.text
    trail = await server.services.store.audit.entries()
    assert [dict(one.data)["cards"] for one in trail if one.action == "cards.print"] == [2]


async def test_what_another_node_prints_is_waited_for(
    server: Running, http: aiohttp.ClientSession, sheets: list[Sheet]
) -> None:
    admin = await bearer(http, server, "admin")
    elsewhere = SqlPrints(server.services.store.database)
    assert await elsewhere.take(SESSION, "elsewhere")
    assert (await asked(http, admin, "POST", PRINTS, ASKED))[1]["code"] == "print_running"
    await elsewhere.release(SESSION, "elsewhere")
    for _ in range(2):  # nothing to print, or over: the next may begin
        assert (await asked(http, admin, "POST", PRINTS, {**ASKED, "again": False}))[1]["code"] == "nothing_to_print"
    status, job = await asked(http, admin, "POST", PRINTS, ASKED)
    assert status == 202 and not await elsewhere.take(SESSION, "elsewhere")
    assert (await over(http, admin, job))["state"] == "ready"


async def over_in(prints: printing.Prints) -> printing.Print:
    (job,) = prints._jobs.values()
    assert job.task is not None
    await job.task
    return job


async def test_a_server_that_stops_while_the_database_is_away_says_what_is_in_no_file(
    server: Running,
    http: aiohttp.ClientSession,
    sheets: list[Sheet],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(printing, "GROUP", 2)
    monkeypatch.setattr(printing, "ENDING_S", 0.01)
    plain, held, calls = printing.issue_all, asyncio.Event(), 0

    async def away_then(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            return await plain(*given)
        held.set()
        raise Refused("held")

    monkeypatch.setattr(printing, "issue_all", away_then)
    admin = await bearer(http, server, "admin")
    assert (await asked(http, admin, "POST", PRINTS, ASKED))[0] == 202
    await held.wait()
    await server.services.prints.close()
    assert "2 cards were issued and are in no file" in caplog.text and not sheets


async def test_a_print_that_another_took_over_while_the_database_was_away_issues_nothing_more(
    server: Running, http: aiohttp.ClientSession, sheets: list[Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "AGAIN_S", 0.0)
    plain, calls = printing.issue_all, 0

    async def away_once(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 1:
            return await plain(*given)
        leases = SqlPrints(server.services.store.database)
        await leases.release(SESSION, next(iter(server.services.prints._jobs)))  # it ran out meanwhile
        assert await leases.take(SESSION, "elsewhere")
        raise Refused("held")

    monkeypatch.setattr(printing, "issue_all", away_once)
    admin = await bearer(http, server, "admin")
    desk = await server.services.desks.desk(SESSION)
    before = set(desk.state.passes)
    assert (await asked(http, admin, "POST", PRINTS, ASKED))[0] == 202
    job = await over_in(server.services.prints)
    assert (job.state, job.done, job.refused, sheets) == ("failed", 0, "print_running", [])
    assert set(desk.state.passes) == before and calls == 1


async def test_a_print_taken_over_still_sets_what_it_had_issued(
    server: Running, http: aiohttp.ClientSession, sheets: list[Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "AGAIN_S", 0.0)
    monkeypatch.setattr(printing, "GROUP", 2)
    plain = printing.issue_all

    async def answer_lost(*given: Any) -> Any:
        await plain(*given)
        leases = SqlPrints(server.services.store.database)
        await leases.release(SESSION, next(iter(server.services.prints._jobs)))
        assert await leases.take(SESSION, "elsewhere")
        raise Refused("held")  # it was written, and nobody heard

    monkeypatch.setattr(printing, "issue_all", answer_lost)
    admin = await bearer(http, server, "admin")
    assert (await asked(http, admin, "POST", PRINTS, ASKED))[0] == 202
    job = await over_in(server.services.prints)
    assert (job.state, job.done, job.set) == ("stopped", 2, 2) and len(sheets[0].cards) == 2


async def test_a_print_that_cannot_begin_keeps_nobody_else_from_it(
    server: Running, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await server.services.desks.desk(SESSION)

    async def broken() -> None:
        raise OSError("gone")

    admin = await bearer(http, server, "admin")
    monkeypatch.setattr(desk, "refresh", broken)
    assert (await asked(http, admin, "POST", PRINTS, ASKED))[0] == 500
    assert await SqlPrints(server.services.store.database).take(SESSION, "next")
