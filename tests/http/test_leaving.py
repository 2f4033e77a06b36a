"""A node that stops: nobody loses an answer, and people are sent elsewhere bit by bit."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import signal
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from server.app import Running, running
from server.config import Settings
from server.leaving import leave
from server.store import database as databases
from signaling.gateway.leaving import CODE, STEP_S, send_away
from tests.fixtures import postgres
from tests.gateway.served import Wire, dial
from tests.http.conftest import bearer, until
from tests.http.test_start import serving
from tests.http.test_timers import OPTIONS
from tests.store.conftest import clock, emptied

pytestmark = pytest.mark.usefixtures("media")

SESSION = "bekasi-2018"


@dataclass(eq=False)
class Guest:
    """Somebody connected, as far as leaving concerns him."""

    sid: str
    answering: int = 0
    heard: list[str] = field(default_factory=list)

    @property
    def link(self) -> Any:
        return SimpleNamespace(sid=self.sid, farewell=self.heard.append)


async def test_people_are_sent_away_in_even_waves() -> None:
    guests = [Guest(str(number)) for number in range(2500)]
    gone: list[int] = []

    async def sleep(_seconds: float) -> None:
        gone.append(sum(bool(guest.heard) for guest in guests))

    await send_away(lambda: guests, 8.0, sleep, Random(1))  # type: ignore[arg-type]
    waves = [after - before for before, after in itertools.pairwise([0, *gone])]
    assert sum(waves) == 2500
    assert len([wave for wave in waves if wave]) == 8 / STEP_S
    assert max(waves) <= 2500 / (8 / STEP_S) + 1
    assert {tuple(guest.heard) for guest in guests} == {(CODE,)}, "each once"


async def test_nobody_goes_before_the_answer() -> None:
    asked, calm = Guest("asked", answering=1), Guest("calm")
    steps = itertools.count()

    async def sleep(_seconds: float) -> None:
        if next(steps) == 1:
            assert (asked.heard, calm.heard) == ([], [CODE])
            asked.answering = 0

    await send_away(lambda: [asked, calm], 2.0, sleep)  # type: ignore[arg-type, return-value]
    assert asked.heard == [CODE]


async def test_whoever_comes_and_goes_is_counted_anew() -> None:
    """Those who left by themselves do not make the others wait for the last step."""
    guests = [Guest("one"), Guest("two")]
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        guests.clear()

    await send_away(lambda: guests, 60.0, sleep)  # type: ignore[arg-type]
    assert len(slept) == 1


@pytest.fixture
async def nodes(
    settings: Settings, static: Path, cluster: postgres.Cluster, tmp_path: Path
) -> AsyncIterator[tuple[Running, Running]]:
    """Two that know of each other, with more time to leave than any test has."""
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    first = replace(settings, database=cluster.url, drain_s=100_000)
    second = replace(first, data=tmp_path / "second", demo=False)
    async with running(first, static=static) as one, running(second, static=static) as two:
        await until(lambda: one.services.nodes is not None and one.services.nodes.company == 1)
        yield one, two


async def test_a_node_beside_others_turns_newcomers_away_and_sends_the_rest_there(
    nodes: tuple[Running, Running],
) -> None:
    server, other = nodes
    server = replace(server, services=replace(server.services, settings=replace(server.settings, drain_s=2)))
    async with aiohttp.ClientSession(server.url) as http:
        roles = ("moderator", "hall", "delegate", "screen")
        credentials = [(await bearer(http, server, role))["Authorization"].split()[1] for role in roles]
        wires = [await dial(server.url, {"credential": credential}) for credential in credentials]
        leaving = asyncio.ensure_future(leave(server, asyncio.Event()))
        await until(lambda: server.services.condition.draining)
        async with http.get("/readyz") as answer:
            assert (answer.status, (await answer.json())["reasons"]) == (503, ["draining"])
        late = await dial(server.url, {"credential": credentials[3]})
        await late.closed.wait()
        assert (late.refused, late.heard) == (None, []), "it is told nothing, and tries again"
        async with asyncio.timeout(60):
            await leaving
            for wire in wires:
                await wire.closed.wait()
        assert [wire.of("bye") for wire in wires] == [[{"code": CODE}]] * 4
        assert not any(wire.said_disconnect for wire in wires), "stock clients would not come back after that"
        again = [await dial(other.url, {"credential": credential}) for credential in credentials]
        assert [wire.refused for wire in again] == [None] * 4
        for wire in (*wires, late, *again):
            await wire.close()


async def test_a_second_signal_takes_the_time_away_and_a_node_alone_takes_none(nodes: tuple[Running, Running]) -> None:
    server, other = nodes
    async with aiohttp.ClientSession(server.url) as http:
        credential = (await bearer(http, server, "screen"))["Authorization"].split()[1]
    wire = await dial(server.url, {"credential": credential})
    hurry = asyncio.Event()
    leaving = asyncio.ensure_future(leave(server, hurry))
    await until(lambda: server.services.condition.draining)
    assert not leaving.done()
    hurry.set()
    await asyncio.wait_for(leaving, 60)
    assert wire.of("bye") == []
    assert other.services.nodes is not None
    other.services.nodes._alive.clear()
    await asyncio.wait_for(leave(other, asyncio.Event()), 60)
    await wire.close()


@dataclass
class Voice:
    """A delegate that asks for the floor and takes it back, one after the other, as fast as it is answered."""

    wire: Wire
    acked: dict[str, int] = field(default_factory=dict)
    open: tuple[str, str, dict[str, Any]] | None = None
    requests: list[str] = field(default_factory=list)

    async def stream(self) -> None:
        for number in itertools.count():
            name = "floor.withdraw" if number % 2 else "floor.request"
            data = {"request": self.requests[-1]} if number % 2 else {}
            self.open = (f"stream-{number:06}", name, data)
            try:
                answer = await self.wire.ask("command", {"key": self.open[0], "name": name, "data": data})
            except ConnectionResetError:
                return
            if answer.get("code") == "rate_limited":
                await asyncio.sleep(answer["data"]["retry_after_ms"] / 1000)
            self.take(answer)

    def take(self, answer: Any) -> None:
        assert self.open is not None
        assert answer["ok"] or answer["code"] in ("held", "rate_limited"), answer
        if answer["ok"]:
            self.acked[self.open[0]] = answer["seq"]
            self.requests += [answer["result"]["request"]] if "request" in answer["result"] else []
            self.open = None


@pytest.mark.cluster
async def test_a_server_that_is_stopped_in_a_stream_of_commands_and_votes_loses_no_answer(tmp_path: Path) -> None:
    """What was acknowledged is in the journal, once; what was not is answered by the next server under the same key."""
    with serving(tmp_path, "--port", "0", "--demo") as server:
        cards = json.loads((tmp_path / "passes.json").read_text())["passes"]
        seats = [card for card in cards if card["role"] == "delegate"][:24]
        moderator = await enter(server["url"], next(card for card in cards if card["role"] == "moderator"))
        assert (await moderator.command("session.open", {}, "open-00001"))["ok"]
        data = {"title": "Uji", "options": OPTIONS, "choose_max": 1, "secrecy": "secret"}
        ballot = (await moderator.command("ballot.open", data, "ballot-001"))["result"]["ballot"]
        voices = [Voice(await enter(server["url"], card)) for card in seats[:12]]
        voters = [await enter(server["url"], card) for card in seats[12:]]
        trackers = [secrets.token_hex(16) for _ in voters]
        streams = [asyncio.ensure_future(voice.stream()) for voice in voices]
        await until(lambda: all(len(voice.acked) > 3 for voice in voices) or any(task.done() for task in streams))
        votes = [voter.ask("vote", vote_of(ballot, one)) for voter, one in zip(voters, trackers, strict=True)]
        server["process"].send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(server["process"].wait, 60) == 0
        await asyncio.gather(*streams)
        outcomes = await asyncio.gather(*votes, return_exceptions=True)
        told = [answer["receipt"] if isinstance(answer, dict) and answer["ok"] else None for answer in outcomes]
        for wire in (moderator, *(voice.wire for voice in voices), *voters):
            await wire.close()
    journal = keys_in(tmp_path)
    missing = [(n, key) for n, voice in enumerate(voices) for key, seq in voice.acked.items() if seq not in journal]
    assert missing == []
    with serving(tmp_path, "--port", "0") as server:
        for voice, card in zip(voices, seats[:12], strict=True):
            if voice.open is not None:
                key, name, data = voice.open
                voice.wire = await enter(server["url"], card)
                voice.take(await voice.wire.command(name, data, key))
                await voice.wire.close()
                assert voice.open is None
        for card, one, receipt in zip(seats[12:], trackers, told, strict=True):
            wire = await enter(server["url"], card)
            answer = await wire.call("vote", vote_of(ballot, one))
            assert answer["ok"], answer
            assert receipt is None or answer["receipt"] == receipt
            await wire.close()
    box = sqlite3.connect(tmp_path / "pleno.sqlite")
    assert box.execute("select count(*), count(distinct tracker) from box").fetchone() == (12, 12)
    box.close()


def vote_of(ballot: str, tracker: str) -> dict[str, Any]:
    return {"ballot": ballot, "choices": ["a"], "tracker": tracker, "key": "vote-00001"}


async def enter(url: str, card: dict[str, Any]) -> Wire:
    async with aiohttp.ClientSession() as http:
        body = {"token": card["token"], "device": f"device-of-{card['token'][:16]}"}
        async with http.post(f"{url}/api/passes/exchange", json=body) as answer:
            credential = (await answer.json())["credential"]
    wire = await dial(url, {"credential": credential})
    assert wire.refused is None
    return wire


def keys_in(folder: Path) -> set[int]:
    file = sqlite3.connect(folder / "pleno.sqlite")
    try:
        return {row[0] for row in file.execute("select seq from journal where session = ?", (SESSION,))}
    finally:
        file.close()
