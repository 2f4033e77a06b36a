"""Each thing `pleno doctor` looks at: well, and not well, with the real thing on the other side."""

from __future__ import annotations

import argparse
import datetime
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from server import tls
from server.app import Running, running
from server.cli import parser
from server.config import Settings
from server.doctor import machine, neighbours, outside
from server.doctor.findings import Finding
from server.doctor.main import run
from server.store.inspection import Inspected
from server.store.migrations import revisions
from tests.deploy.relay import NAME, SECRET, relaying
from tests.fixtures import postgres
from tests.fixtures.postgres import cluster
from tests.fixtures.redis import Redis, redis

__all__ = ["cluster", "redis"]
HTTP = web.AppKey("http", aiohttp.ClientSession)
NOW = datetime.datetime.now(datetime.UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(port=0, data=tmp_path / "data", core="python")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    settings = Settings(port=0, data=tmp_path_factory.mktemp("server") / "data", core="python")
    async with running(settings) as started:
        yield started


async def found(findings: AsyncIterator[Finding]) -> list[Finding]:
    return [finding async for finding in findings]


def states(findings: Any) -> dict[str, str]:
    return {finding.check: finding.state for finding in findings}


async def test_a_new_machine_is_told_everything_at_once(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    told = argparse.Namespace(url=None, json=True)
    assert await run(settings, told) == 0
    findings = {each["check"]: each for each in json.loads(capsys.readouterr().out)}
    assert findings.keys() >= {"data", "disk", "announce", "files", "core", "tcp", "udp", "typst", "database", "redis"}
    assert findings["core"]["state"] == "warning", "these settings ask for the slow packet loop"
    assert all(each["indonesian"] and each["english"] for each in findings.values())


async def test_what_is_wrong_is_said_in_both_languages_and_by_the_exit_code(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    options = parser().parse_args(["doctor", "--url", "ftp://nowhere"])
    wanting = replace(settings, turn=("turn:127.0.0.1:1",))
    assert await run(wanting, options) == 1
    lines = capsys.readouterr().out.splitlines()
    (where,) = [number for number, line in enumerate(lines) if line.startswith("WRONG url")]
    assert "bukan alamat" in lines[where]
    assert "is no http" in lines[where + 1]
    assert any("PLENO_TURN_SECRET" in line for line in lines)


def test_settings_that_make_no_sense_together(settings: Settings) -> None:
    open_ = replace(settings, host="0.0.0.0", redis="redis://:secret-word@host")
    told = list(machine.settings_together(open_))
    assert [finding.state for finding in told] == ["warning", "warning"]
    assert "secret-word" not in str(told)
    assert list(machine.settings_together(replace(settings, host="0.0.0.0", tls="self-signed"))) == []


def test_a_full_disk_is_wrong_before_votes_are_lost(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((machine.GB // 2, "wrong"), (3 * machine.GB, "warning"), (50 * machine.GB, "ok")):
        usage = SimpleNamespace(free=free)
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _path, usage=usage: usage)
        assert machine.disk(settings).state == state


def test_a_data_folder_that_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert machine.folder(replace(settings, data=tmp_path / "file" / "data")).state == "wrong"
    assert machine.folder(settings).state == "ok"


def test_ports_of_another_program_are_wrong(settings: Settings) -> None:
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        udp.bind(("127.0.0.1", 0))
        taken = replace(settings, port=tcp.getsockname()[1], media_port=udp.getsockname()[1])
        assert states(machine.ports(taken)) == {"tcp": "wrong", "udp": "wrong"}
    assert states(machine.ports(taken)) == {"tcp": "ok", "udp": "ok"}


@pytest.mark.asyncio(loop_scope="module")
async def test_the_ports_of_the_server_that_runs_here_are_right(server: Running) -> None:
    port = int(server.url.rpartition(":")[2])
    there = replace(server.settings, port=port, media_port=server.media_port)
    assert states(machine.ports(there)) == {"tcp": "ok", "udp": "ok"}
    assert all("server" in finding.indonesian for finding in machine.ports(there))


@pytest.mark.parametrize(
    ("host", "announce", "state"),
    [("127.0.0.1", (), "warning"), ("127.0.0.1", ("203.0.113.7",), "warning"), ("no.such.host.invalid", (), "wrong")],
)
def test_where_halls_are_told_to_send_video(
    settings: Settings, host: str, announce: tuple[str, ...], state: str
) -> None:
    assert machine.announced(replace(settings, host=host, announce=announce)).state == state


def test_few_open_files_are_few_people(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _which: (1024, 4096))
    assert machine.open_files(settings).state == "warning"
    assert machine.open_files(replace(settings, max_clients=500)).state == "ok"


async def test_a_database_that_is_reached(settings: Settings, cluster: postgres.Cluster) -> None:
    told = await found(neighbours.database(replace(settings, database=cluster.url)))
    assert states(told) == {"database": "ok", "durability": "wrong", "connections": "ok", "clock": "ok"}
    assert "fsync=off" in told[1].english, "the tests' own cluster is a throwaway one"


async def test_a_database_that_is_not_reached_is_named_without_its_password(settings: Settings) -> None:
    (told,) = await found(neighbours.database(replace(settings, database="postgresql://me:secret-word@127.0.0.1:1/x")))
    assert told.state == "wrong"
    assert "127.0.0.1" in told.english
    assert "secret-word" not in str(told)


def test_what_a_database_says_of_itself() -> None:
    well = Inspected(True, "15.1", revisions()[0], 0, {"fsync": "on", "max_connections": "100"})
    assert (neighbours.revision(well).state, neighbours.durable(well).state, neighbours.room(well).state) == (
        "ok", "ok", "ok",
    )  # fmt: skip
    assert neighbours.revision(replace(well, revision="9999")).state == "wrong"
    assert neighbours.revision(replace(well, revision="")).state == "ok"
    assert neighbours.durable(replace(well, settings={"synchronous_commit": "off"})).state == "wrong"
    assert neighbours.room(replace(well, settings={"max_connections": "20"})).state == "warning"
    assert [neighbours.skew(ms).state for ms in (0, -999, 2000, -20_000)] == ["ok", "ok", "warning", "wrong"]


async def test_redis_that_is_there_and_not(settings: Settings, redis: Redis) -> None:
    with_redis = replace(settings, redis=redis.url)
    assert (await neighbours.redis(with_redis)).state == "ok"
    redis.kill()
    told = await neighbours.redis(with_redis)
    assert (told.state, redis.url in str(told)) == ("warning", False)


async def test_a_relay_with_the_right_and_the_wrong_secret(settings: Settings) -> None:
    with relaying("127.0.0.1", certified=False) as relay:
        url = f"turn:127.0.0.1:{relay.port}?transport=udp"
        right = replace(settings, turn=(url,), turn_secret=SECRET)
        told = [
            *await found(neighbours.relays(right)),
            *await found(neighbours.relays(replace(right, turn=(url.replace("udp", "tcp"),)))),
            *await found(neighbours.relays(replace(right, turn_secret="another"))),
        ]
    assert [finding.state for finding in told] == ["ok", "ok", "wrong"]
    assert "401" in told[2].english
    (gone,) = await found(neighbours.relays(replace(right, turn=("turn:127.0.0.1:1?transport=tcp",))))
    assert gone.state == "wrong"


@pytest.mark.parametrize(("days", "state"), [(1, "wrong"), (10, "warning"), (60, "ok")])
def test_a_certificate_that_ends(settings: Settings, tmp_path: Path, days: int, state: str) -> None:
    pem, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    tls.make(pem, key, [NAME], NOW - tls.LIFE + datetime.timedelta(days=days, hours=1))
    finding = outside.certificate(replace(settings, tls=f"{pem},{key}"))
    assert finding is not None
    assert (finding.state, NAME in finding.english) == (state, True)
    key.unlink()
    pem.write_text("nothing")
    finding = outside.certificate(replace(settings, tls=f"{pem},{key}"))
    assert finding is not None
    assert finding.state == "wrong"


@pytest.mark.asyncio(loop_scope="module")
async def test_the_pages_as_people_reach_them(server: Running) -> None:
    told = await found(outside.front(server.url))
    assert [finding.state for finding in told] == ["warning", "ok", "ok"], "not HTTPS, but it answers"


async def test_a_certificate_that_no_browser_trusts(settings: Settings) -> None:
    async with running(replace(settings, tls="self-signed")) as secure:
        told = await found(outside.front(secure.url))
    assert [(finding.check, finding.state) for finding in told] == [("certificate", "ok"), ("url", "wrong")]
    assert "tidak percaya" in told[1].indonesian


@pytest.fixture
async def other() -> AsyncIterator[str]:
    """A web server that is not Pleno."""
    app = web.Application()
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_what_answers_there_is_not_pleno(other: str) -> None:
    told = await found(outside.front(other))
    assert [finding.state for finding in told] == ["warning", "wrong", "wrong"]
    assert "bukan Pleno" in told[1].indonesian


@pytest.mark.asyncio(loop_scope="module")
async def test_a_front_that_hides_the_name_of_the_page(server: Running) -> None:
    """It passes connections on under a name of its own, as fronts do that were not told to keep it."""

    async def through(request: web.Request) -> web.StreamResponse:
        answered = web.WebSocketResponse()
        await answered.prepare(request)
        async with request.app[HTTP].ws_connect(
            f"{server.url}{request.path_qs}", headers={"Origin": request.headers["Origin"]}
        ) as behind:
            await answered.send_str(await behind.receive_str())
            await behind.send_str(await answered.receive_str())
            await answered.send_str(await behind.receive_str())
        return answered

    app = web.Application()
    app[HTTP] = aiohttp.ClientSession()
    app.router.add_get("/socket.io/", through)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        finding = await outside.live(http, f"http://127.0.0.1:{runner.addresses[0][1]}")
    assert (finding.state, "PLENO_ORIGINS" in finding.english) == ("wrong", True)
    await app[HTTP].close()
    await runner.cleanup()
