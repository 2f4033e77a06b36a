"""The record of a session over HTTP and from the command line: who gets which form, when, and from which version."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import aiohttp
import pytest

from server import cli
from server.app import Running
from server.documents.names import People, nobody
from server.documents.records import Records
from server.store.people import Person
from sessions.ids import PassId, SeatId, SessionId
from sessions.minutes import Fold, digest, minutes
from sessions.permissions import Actor, Role
from tests.http.conftest import bearer
from tests.http.test_sessions import SESSION

MODERATOR = Actor(SESSION, Role.MODERATOR, PassId("moderator"))
RECORD = f"/api/sessions/{SESSION}/record"
SEAT = SeatId("pejuang-rw-07")


async def submit(server: Running, *commands: tuple[str, dict[str, Any]]) -> None:
    desk = await server.services.desks.desk(SESSION)
    for number, (name, data) in enumerate(commands):
        await desk.submit(name, data, MODERATOR, f"test-{desk.state.seq}-{number}")


OPEN: tuple[str, dict[str, Any]] = ("session.open", {})
CLOSE: tuple[str, dict[str, Any]] = ("session.close", {})
SEAL: tuple[str, dict[str, Any]] = ("session.seal", {"reason": "tanpa pembacaan"})


async def code(answer: aiohttp.ClientResponse) -> tuple[int, str]:
    return answer.status, json.loads(await answer.read())["code"]


async def test_a_draft_is_for_moderators_the_secretariat_and_halls(
    server: Running, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{RECORD}.json") as answer:
        assert await code(answer) == (401, "credential_unknown")
    for role, status in (("moderator", 200), ("admin", 200), ("hall", 200), ("delegate", 403), ("screen", 403)):
        async with http.get(f"{RECORD}.json", headers=await bearer(http, server, role)) as answer:
            assert answer.status == status, role
            told = json.loads(await answer.read())
            assert status == 403 or (told["form"], told["status"]) == ("public", "draft")


async def test_the_public_form_of_a_closed_session_is_anybodys(server: Running, http: aiohttp.ClientSession) -> None:
    await submit(server, OPEN, CLOSE)
    for format_, media in (("html", "text/html"), ("pdf", "application/pdf"), ("json", "application/json")):
        async with http.get(f"{RECORD}.{format_}") as answer:
            assert (answer.status, answer.content_type) == (200, media)
            assert answer.headers["Cache-Control"] == "public, no-cache"
            body = await answer.read()
        assert body.startswith({"html": b"<!doctype html>", "pdf": b"%PDF-1.7", "json": b"{"}[format_])
    async with http.get(f"{RECORD}.html") as answer:
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]


async def test_the_archive_is_for_moderators_and_the_secretariat_and_each_look_is_noted(
    server: Running, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    await submit(server, OPEN, CLOSE)
    people = server.services.store.people
    await people.put(SESSION, {SEAT: Person("Budi Santoso", 52, phone="0812-7777")}, "pass:admin")
    async with http.get(f"{RECORD}.html?form=archive") as answer:
        assert await code(answer) == (401, "credential_unknown")
    for role in ("hall", "delegate", "screen", "public"):
        async with http.get(f"{RECORD}.html?form=archive", headers=await bearer(http, server, role)) as answer:
            assert await code(answer) == (403, "forbidden"), role
    with caplog.at_level(logging.INFO, "pleno.access"):
        async with http.get(f"{RECORD}.html?form=archive", headers=await bearer(http, server, "admin")) as answer:
            told = (await answer.read()).decode()
            assert answer.headers["Cache-Control"] == "no-store"
    assert "Budi Santoso" in told and "0812-7777" in told
    assert [record.args for record in caplog.records] == [(SESSION, "html", "pass:admin", "admin")]
    looks = [(look.actor, look.purpose) for look in await people.accesses(SESSION)]
    assert ("pass:admin", "record") in looks
    (line,) = [one for one in await server.services.store.audit.entries() if one.action == "record.read"]
    assert (line.actor, line.session, dict(line.data)) == ("pass:admin", SESSION, {"form": "archive", "format": "html"})
    async with http.get(f"{RECORD}.html") as answer:
        told = (await answer.read()).decode()
    assert "Budi Santoso" in told and "0812-7777" not in told


async def test_the_tag_changes_with_the_journal_the_form_and_the_names(
    server: Running, http: aiohttp.ClientSession
) -> None:
    headers = await bearer(http, server, "moderator")

    async def tag(query: str = "", known: str = "") -> tuple[int, str]:
        async with http.get(f"{RECORD}.html{query}", headers={**headers, "If-None-Match": known}) as answer:
            return answer.status, answer.headers["ETag"]

    first = await tag()
    assert first[0] == 200 and await tag(known=first[1]) == (304, first[1])
    assert (await tag("?form=archive"))[1] != first[1]
    await submit(server, OPEN)
    second = await tag(known=first[1])
    assert second[0] == 200 and second[1] != first[1]
    await server.services.store.people.put(SESSION, {SEAT: Person("Budi Santoso")}, "pass:admin")
    third = await tag(known=second[1])
    assert third[0] == 200 and third[1] not in (first[1], second[1])


async def test_what_is_asked_wrongly_is_said(server: Running, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{RECORD}.json?form=secret") as answer:
        assert await code(answer) == (400, "bad_input")
    async with http.get("/api/sessions/nowhere/record.json") as answer:
        assert await code(answer) == (404, "unknown_session")
    async with http.get(f"{RECORD}.docx") as answer:
        assert answer.status == 404


async def test_the_digest_is_that_of_the_minutes_and_can_be_approved(
    server: Running, http: aiohttp.ClientSession
) -> None:
    await submit(server, OPEN)
    headers = await bearer(http, server, "moderator")
    async with http.get(f"{RECORD}.json?form=archive", headers=headers) as answer:
        told = json.loads(await answer.read())
    journal = await server.services.store.journal.read(SESSION, 0)
    assert told["digest"] == digest(minutes(SESSION, journal)) and told["seq"] == len(journal)
    assert told["minutes"]["title"].startswith("Musrenbang Virtual")
    await submit(server, ("record.confirm", {"upto": told["seq"], "digest": told["digest"]}), CLOSE)
    async with http.get(f"{RECORD}.json") as answer:
        public = json.loads(await answer.read())
    assert "minutes" not in public and told["digest"] in json.dumps(public["document"])


async def test_many_asking_at_once_wait_for_one_rendering(server: Running) -> None:
    records = Records(server.services.store.journal, nobody)
    files = await asyncio.gather(*(records.of(SESSION, "public", "html", "public") for _ in range(20)))
    assert len(set(files)) == records.made == 1
    await submit(server, OPEN)
    assert (await records.of(SESSION, "public", "html", "public")).seq == files[0].seq + 1
    assert records.made == 2
    await records.close()
    await records.close()


async def test_a_crowd_of_readers_costs_no_more_than_two(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the journal and the names, and making the minutes, are work too; a look at names is noted for each."""
    journal, noted, made = server.services.store.journal, list[str](), list[int]()
    fold_minutes = Fold.minutes
    monkeypatch.setattr(Fold, "minutes", lambda fold: (made.append(fold.state.seq), fold_minutes(fold))[1])

    async def names(session: SessionId, actor: str) -> People:
        noted.append(actor)
        return await nobody(session, actor)

    records = Records(journal, names)
    await records.of(SESSION, "public", "json", "public")
    files = await asyncio.gather(*(records.of(SESSION, "public", "json", "public") for _ in range(50)))
    assert len(set(files)) == 1 and len(made) == 1 and len(noted) <= 3
    noted.clear()
    await asyncio.gather(*(records.of(SESSION, "archive", "json", f"pass:{number}") for number in range(5)))
    assert len(noted) == 5, "nobody looks at names unnoticed"
    await submit(server, OPEN)
    assert (await records.of(SESSION, "public", "json", "public")).seq == files[0].seq + 1
    await records.close()


async def test_votes_go_on_while_a_record_is_made(server: Running) -> None:
    """The loop is never away for long: rendering is the worker's."""
    records = Records(server.services.store.journal, nobody)
    making = asyncio.create_task(records.of(SESSION, "archive", "pdf", "system"))
    turns = 0
    while not making.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert (await making).body.startswith(b"%PDF") and turns > 20
    await records.close()


async def test_the_command_line_writes_the_same_file(
    server: Running, http: aiohttp.ClientSession, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    await submit(server, OPEN, CLOSE)
    async with http.get(f"{RECORD}.html") as answer:
        told = await answer.read()
    out = tmp_path / "record.html"
    data = ["--data", str(server.settings.data), *(["--database", url] if (url := server.settings.database) else [])]
    arguments = ["record", SESSION, *data, "--form", "public", "--out", str(out)]
    assert await asyncio.to_thread(cli.main, arguments) == 0
    assert out.read_bytes() == told and str(out) in capsys.readouterr().out
    assert out.stat().st_mode & 0o777 == 0o600
    assert await asyncio.to_thread(cli.main, ["record", "nowhere", *data, "--out", str(out)]) == 1
    assert "unknown_session" in capsys.readouterr().err
    assert await asyncio.to_thread(cli.main, ["record", SESSION, *data, "--out", str(tmp_path / "x.docx")]) == 2
    assert await asyncio.to_thread(cli.main, ["record", SESSION, *data, "--out", str(tmp_path / "no" / "x.pdf")]) == 1
