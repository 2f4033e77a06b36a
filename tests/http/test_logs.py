"""The log at its most talkative: whose request a line belongs to, and never a secret, a name or a choice."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import secrets
import sys
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import pytest

from server import logs
from server.app import Running
from sessions.ids import SessionId
from sessions.permissions import Actor, Role
from signaling import quiet, trail
from tests.gateway.served import Wire, dial
from tests.http.conftest import bearer, cards
from tests.http.test_timers import MODERATOR

pytestmark = pytest.mark.usefixtures("media")

SESSION = SessionId("bekasi-2018")
OPTIONS = [{"id": "mawar-merah", "label": "Hj. Ratna Juwita"}, {"id": "melati-putih", "label": "Drs. Sutrisno"}]
NAME, PHONE, ADDRESS = "Nyi Endang Kusumastuti", "081298765432", "Gang Kelinci 17"
SPILLED = "-".join(("spilled", "secret"))  # never as a whole in a line of this file that a traceback may show
Lines = Callable[[], list[dict[str, Any]]]


class Spilled(Exception):
    """What a fault of ours might quote."""


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The lines of a server at level debug, as the JSON it would write."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(logs.Marked("node-a"))
    handler.setFormatter(logs.LineFormatter())
    loggers = [logging.getLogger(name) for name in (*logs.OURS, "asyncio", "aiohttp")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    for logger, level in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def at_gateway(lines: Lines, **wanted: Any) -> list[dict[str, Any]]:
    mine = [line for line in lines() if line["logger"] == "pleno.gateway"]
    return [line for line in mine if wanted.items() <= line.items()]


async def test_no_line_holds_a_secret_whatever_happens(
    lines: Lines, http: aiohttp.ClientSession, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbidden = {"token": [card["token"] for card in cards(server)], "person": [NAME, PHONE, ADDRESS, "Endang"]}
    headers = {role: await bearer(http, server, role) for role in ("moderator", "hall", "delegate", "admin")}
    forbidden["credential"] = [each["Authorization"].split()[1] for each in headers.values()]
    wires = {
        role: await dial(server.url, {"credential": headers[role]["Authorization"].split()[1]}) for role in headers
    }
    try:
        forbidden["vote"] = [await drive(http, server, headers, wires), "mawar-merah", "melati-putih", "Ratna"]
        await fail(http, server, headers, wires, monkeypatch)
    finally:
        for wire in wires.values():
            await wire.close()
    whole = json.dumps(lines(), ensure_ascii=False)
    assert {kind for kind, secret in forbidden.items() if any(each in whole for each in secret)} == set()
    assert SPILLED not in whole
    assert {line["node"] for line in lines()} == {"node-a"}
    assert any("media worker" in line["message"] for line in lines())
    assert [line["traceback"] for line in lines() if "incident" in line["message"] and "GET" in line["message"]]


async def drive(http: aiohttp.ClientSession, server: Running, headers: Any, wires: Any) -> str:
    """Exchanges, people, commands, uploads and votes, good and bad; the tracker of the secret vote."""
    async with http.post("/api/passes/exchange", json={"token": "spilled-secret-token-of-nobody"}) as answer:
        assert answer.status == 401
    card = next(card for card in cards(server) if card["role"] == "delegate")
    people = {"people": [{"seat": card["seat"], "name": NAME, "phone": PHONE, "address": ADDRESS}]}
    url = f"/api/sessions/{SESSION}/people"
    async with http.put(url, json=people, headers=headers["admin"]) as answer:
        assert answer.status == 200
    async with http.get(f"{url}?q=Endang", headers=headers["hall"]) as answer:
        assert answer.status == 200
    async with http.put(url, json={"people": [{"seat": NAME, "name": PHONE}]}, headers=headers["admin"]) as answer:
        assert answer.status == 400
    photo = f"/api/sessions/{SESSION}/proposals/{secrets.token_hex(4)}/photos"
    async with http.post(photo, data=NAME.encode(), headers=headers["hall"]) as answer:
        assert answer.status >= 400
    desk = await server.services.desks.desk(SESSION)
    await desk.submit("session.open", {}, MODERATOR, "open-0001")
    tracker = secrets.token_hex(16)
    for secrecy in ("secret", "open"):
        data = {"title": NAME, "options": OPTIONS, "choose_max": 1, "secrecy": secrecy}
        ballot = await opened(wires["moderator"], data)
        vote = {"ballot": ballot, "choices": ["mawar-merah"], "key": "vote-00001"}
        wrong = {**vote, "tracker": "spilled-secret", "choices": ["melati-putih", "mawar-merah"]}
        assert not (await wires["delegate"].call("vote", wrong))["ok"]
        vote |= {"tracker": tracker} if secrecy == "secret" else {}
        assert (await wires["delegate"].call("vote", vote))["ok"]
        await wires["moderator"].command("ballot.close", {"ballot": ballot}, f"close-{ballot}")
    assert (await wires["delegate"].command("floor.request", {}, "hand-00001"))["ok"]
    assert not (await wires["delegate"].command(f"spilled-secret.{NAME}", {}, "wrong-0001"))["ok"]
    return tracker


async def fail(
    http: aiohttp.ClientSession, server: Running, headers: Any, wires: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults of ours whose errors quote what they choke on."""

    async def spill(*_arguments: Any) -> None:
        try:
            {}[PHONE]
        except KeyError as error:
            raise Spilled(NAME, SPILLED) from error

    desk = await server.services.desks.desk(SESSION)
    monkeypatch.setattr(type(server.services.store.people), "of", spill)
    async with http.get(f"/api/sessions/{SESSION}/people", headers=headers["hall"]) as answer:
        assert answer.status == 500
    monkeypatch.setattr(desk, "submit", spill)
    monkeypatch.setattr(desk, "admit", spill)
    assert (await wires["hall"].command("hall.raise", {}, "raise-0001"))["code"] == "internal"
    assert (await wires["hall"].call("vote", {"ballot": "x", "choices": [NAME]}))["code"] == "internal"
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(quiet.unhandled)
    task = asyncio.ensure_future(spill())
    await asyncio.wait([task])
    loop.call_exception_handler({"message": "never retrieved", "exception": task.exception(), "future": task})


async def test_each_line_says_whose_request_it_belongs_to(
    http: aiohttp.ClientSession, server: Running, lines: Lines
) -> None:
    card = next(card for card in cards(server) if card["role"] == "delegate")
    headers = {role: await bearer(http, server, role) for role in ("moderator", "delegate")}
    wires = {
        role: await dial(server.url, {"credential": headers[role]["Authorization"].split()[1]}) for role in headers
    }
    try:
        assert (await wires["moderator"].command("session.open", {}, "open-0001"))["ok"]
        for secrecy in ("secret", "open"):
            data = {"title": "Uji", "options": OPTIONS, "choose_max": 1, "secrecy": secrecy}
            ballot = await opened(wires["moderator"], data)
            vote = {"ballot": ballot, "choices": ["mawar-merah"], "key": "vote-00001"}
            vote |= {"tracker": secrets.token_hex(16)} if secrecy == "secret" else {}
            assert (await wires["delegate"].call("vote", vote))["ok"]
            await wires["moderator"].command("ballot.close", {"ballot": ballot}, f"close-{ballot}")
        opened_line = at_gateway(lines, command="ballot.open")[0]
        desk = await server.services.desks.desk(SESSION)
        moderator = opened_line["pass"]
        assert opened_line | {"plenary": SESSION, "message": "command accepted"} == opened_line
        assert opened_line["seq"] <= desk.state.seq
        refused = await wires["delegate"].command("session.close", {}, "close-0001")
        async with http.get(f"/api/sessions/{SESSION}/snapshot", headers=headers["delegate"]) as answer:
            assert answer.status == 200
    finally:
        for wire in wires.values():
            await wire.close()
    votes = at_gateway(lines, message="vote accepted")
    assert [line.get("seat") for line in votes] == [None, card["seat"]], "a secret vote has no voter in the log"
    assert [line.get("pass") for line in votes] == [None, None]
    (no,) = at_gateway(lines, command="session.close")
    assert (no["seat"], no["code"], no["message"]) == (card["seat"], refused["code"], "command refused")
    snapshots = [line for line in lines() if line["message"] == "GET /api/sessions/{session}/snapshot 200"]
    assert [(line["plenary"], line["seat"]) for line in snapshots] == [(SESSION, card["seat"])]
    assert moderator != card["seat"]


async def opened(moderator: Wire, data: Any) -> str:
    """The id of a ballot opened over the wire."""
    answer = await moderator.command("ballot.open", data, f"open-{secrets.token_hex(4)}")
    assert answer["ok"], answer
    return str(answer["result"]["ballot"])


async def test_what_is_done_for_many_names_nobody() -> None:
    """The group of votes in which somebody's vote is written is not this somebody's."""

    async def carried() -> Any:
        return trail.read()

    trail.begin(plenary="p", seat="s")
    assert await asyncio.create_task(carried()) == {"plenary": "p", "seat": "s"}
    assert await trail.apart(carried()) == {}


async def test_a_new_request_forgets_the_one_before() -> None:
    trail.begin(plenary="p", seat="s")
    trail.follow(seq=1, command=None)
    assert trail.read() == {"plenary": "p", "seat": "s", "seq": 1}
    trail.begin(plenary="q")
    assert trail.read() == {"plenary": "q"}
    assert trail.whose(Actor(SESSION, Role.SCREEN, MODERATOR.pass_id)) == {"pass": MODERATOR.pass_id}


def test_lines_for_people_carry_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("pleno", logging.ERROR, "", 0, "it %s", ("failed",), None)
    with contextlib.suppress(Spilled):
        try:
            raise Spilled("spilled-secret")
        except Spilled:
            record.exc_info = sys.exc_info()
            raise
    logs.Marked("node-a").filter(record)
    record.trail |= {"plenary": "p"}
    written = logs.TextFormatter(logs.FORMAT).format(record)
    first, *rest = written.splitlines()
    assert first.endswith("ERROR   pleno: it failed [node=node-a plenary=p]")
    assert rest[-1] == "Spilled"
    assert "spilled-secret" not in "\n".join(line for line in rest if not line.lstrip().startswith("raise"))


def test_an_error_of_the_system_says_what_the_system_calls_it() -> None:
    assert quiet.kind(FileNotFoundError(2, "spilled-secret")) == "FileNotFoundError: No such file or directory"
    group = ExceptionGroup("spilled-secret", [ValueError("spilled-secret"), KeyError("x")])
    assert [line for line in quiet.told(group).splitlines() if line != "Traceback:"] == [
        "ExceptionGroup", "ValueError", "KeyError",
    ]  # fmt: skip
