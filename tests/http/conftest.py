"""A whole server on a free port, with the real store: in a temporary folder, or on PostgreSQL (PLENO_TEST_STORES)."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from server import app
from server.app import Running, running
from server.clock import wall_ms
from server.config import Settings
from server.store import database as databases
from server.store.database import Database
from tests.fixtures.postgres import cluster
from tests.fixtures.stores import POSTGRESQL, Place, Turned, files, kept, kinds_of, place, placed

__all__ = ["cluster", "files"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("store", kinds_of(metafunc), indirect=True, scope="module")


@pytest.fixture(scope="module", autouse=True)
def store(request: pytest.FixtureRequest, files: Place) -> Iterator[str]:
    """On which database servers of these tests run, unless they name one."""
    kind: str = request.param
    where = Place(files.folder / kind, request.getfixturevalue("cluster")) if kind == POSTGRESQL else files
    with placed(where), pytest.MonkeyPatch.context() as patch:
        patch.setattr(databases, "connect", connect_turned(databases.connect))
        yield kind


def connect_turned(connect: Callable[..., Database]) -> Callable[..., Database]:
    """A test that brings a clock of its own means it for PostgreSQL too."""

    def connected(url: Any, clock: Callable[[], int]) -> Database:
        plain = connect(url, clock)
        return plain if clock is wall_ms or plain.is_sqlite else Turned(plain.write, plain.read, plain.clock)

    return connected


@asynccontextmanager
async def stored(data: Path, demonstrated: Path) -> AsyncIterator[Settings]:
    """Of a server with the demonstration: copied into its folder, or built in a database of its own where the run is on
    PostgreSQL."""
    settings = Settings(port=0, data=data, demo=True, core="python")
    if place().cluster is None:
        shutil.copytree(demonstrated, data)
        yield settings
        return
    async with kept() as url:
        yield replace(settings, database=url)


@pytest.fixture
def media() -> None:
    """For tests of what the media worker does: `@pytest.mark.usefixtures("media")`."""


@pytest.fixture(autouse=True)
def without_media(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of one test starts no media worker, as where it does not come up: that is most of its start."""
    if "media" not in request.fixturenames:
        monkeypatch.setattr(app, "media_engine", no_media)


async def no_media(*_told: object) -> None:
    return None


def built_client(folder: Path) -> Path:
    """A client as Vite leaves it, small."""
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Pleno</title>")
    (folder / "participant.html").write_text("<!doctype html><title>Pleno</title><p>Ponsel</p>")
    (folder / "sw.js").write_text("addEventListener('fetch', () => {})")
    (folder / "assets" / "app-BLTGxVrL.js").write_text("console.log('plain')")
    (folder / "assets" / "app-BLTGxVrL.js.br").write_bytes(b"brotli")
    (folder / "assets" / "app-BLTGxVrL.js.gz").write_bytes(b"\x1f\x8bgzip")
    (folder / ".src-sha").write_text("private")
    return folder


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a server that has built its demonstration, to be copied: that is most of a start."""
    folder = tmp_path_factory.mktemp("demonstrated")
    settings = Settings(port=0, data=folder / "data", demo=True, core="python")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "media_engine", no_media)
        async with running(settings, static=built_client(folder / "static")):
            pass
    return settings.data


@pytest.fixture
async def settings(tmp_path: Path, demonstrated: Path) -> AsyncIterator[Settings]:
    async with stored(tmp_path / "data", demonstrated) as found:
        yield found


@pytest.fixture
def static(tmp_path: Path) -> Path:
    return built_client(tmp_path / "static")


@pytest.fixture
async def server(settings: Settings, static: Path) -> AsyncIterator[Running]:
    async with running(settings, static=static) as started:
        yield started


@pytest.fixture
async def http(server: Running) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.url, auto_decompress=False) as session:
        yield session


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(store: str, tmp_path_factory: pytest.TempPathFactory, demonstrated: Path) -> AsyncIterator[Running]:
    """One server for all tests of a module that only look."""
    folder = tmp_path_factory.mktemp("shared")
    async with stored(folder / "data", demonstrated) as settings:
        async with running(settings, static=built_client(folder / "static")) as started:
            yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def looking(shared: Running) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(shared.url, auto_decompress=False) as session:
        yield session


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for something that becomes true by itself."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 — published states have no event
            await asyncio.sleep(0.02)


def cards(server: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(server.folder.passes.read_text())["passes"]
    return found


def token(server: Running, role: str) -> str:
    return str(next(card["token"] for card in cards(server) if card["role"] == role))


DEVICE = "the-one-device-of-a-test"


async def bearer(http: aiohttp.ClientSession, server: Running, role: str) -> dict[str, str]:
    """Headers of somebody who exchanged a pass of this role."""
    wanted = {"token": token(server, role), "device": DEVICE}
    async with http.post("/api/passes/exchange", json=wanted) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['credential']}"}
