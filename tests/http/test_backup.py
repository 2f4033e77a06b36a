"""`pleno backup` while people are at it, `pleno restore`, and the installation that goes on from there."""

from __future__ import annotations

import asyncio
import itertools
import json
import stat
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server import operations
from server.app import Running, running
from server.cli import parser
from server.config import Settings
from server.errors import StartupError
from server.store import database as databases
from sessions.desk import Desk
from sessions.ids import HallId, SeatId
from sessions.permissions import Actor, Role
from tests.fixtures import postgres
from tests.http.conftest import until
from tests.http.test_timers import MODERATOR, OPTIONS, SESSION
from tests.store.conftest import clock, emptied

SECRET = {"title": "Uji", "options": OPTIONS, "choose_max": 1, "secrecy": "secret"}
FAR = 4_000_000_000_000


async def command(settings: Settings, *arguments: str) -> int:
    return await operations.run(settings, parser().parse_args(list(arguments)))


async def ballot_of(desk: Desk, votes: int) -> dict[str, Any]:
    """A secret ballot that was held; a receipt of it."""
    if desk.state.session.phase != "open":
        await desk.submit("session.open", {}, MODERATOR, "open-0001")
    ballot = (await desk.submit("ballot.open", SECRET, MODERATOR, f"ballot-{votes}")).result["ballot"]
    await asyncio.gather(*(vote(desk, ballot, number, seat) for number, seat in enumerate(seats(desk, votes))))
    return {"ballot": ballot}


def seats(desk: Desk, count: int) -> list[SeatId]:
    return sorted(seat for seat in desk.state.seats if desk.state.seats[seat].vote)[:count]


async def vote(desk: Desk, ballot: str, number: int, seat: SeatId) -> None:
    actor = Actor(SESSION, Role.DELEGATE, MODERATOR.pass_id, seat, HallId(desk.state.seats[seat].hall))
    await desk.cast({"ballot": ballot, "choices": ["a"], "tracker": f"{number:032x}"}, actor)


class Writer:
    """Commands one after the other, as fast as they are recorded."""

    def __init__(self, desk: Desk) -> None:
        self.last = 0
        self._desk = desk
        self._task = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        for number in itertools.count():
            data = {"role": "screen", "expires_at": FAR}
            admin = Actor(SESSION, Role.ADMIN, MODERATOR.pass_id)
            self.last = (await self._desk.submit("pass.issue", data, admin, f"write-{number:06}")).seq

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.fixture(params=["sqlite", "postgresql"])
async def here(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    if request.param == "sqlite":
        return settings
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    return replace(settings, database=cluster.url)


async def test_a_backup_taken_while_people_write_goes_on_elsewhere(
    here: Settings, static: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "backup.pleno"
    async with running(here, static=static) as server:
        desk = await server.services.desks.desk(SESSION)
        held = await ballot_of(desk, 7)
        assert await command(here, "backup", str(file)) == 1, "a secret ballot is open"
        assert "--even-during-a-secret-ballot" in capsys.readouterr().err
        assert not file.exists()
        await desk.submit("ballot.close", held, MODERATOR, "close-0001")
        writer = Writer(desk)
        await until(lambda: writer.last > 0)
        acknowledged = writer.last
        assert await command(here, "backup", str(file)) == 0
        await writer.stop()
        key, cards = server.services.store.sealer.key_id, server.folder.passes.read_bytes()
        assert await command(here, "backup", str(file)) == 1, "it is there already"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    there = Settings(port=0, data=tmp_path / "elsewhere", core="python")
    if here.database is not None:  # back where it was: its database was lost
        there = replace(there, database=here.database)
        with pytest.raises(StartupError, match="not_empty"):
            await command(there, "restore", str(file))
        lost = databases.connect(here.database, clock)
        await emptied(lost)
        await lost.close()
    capsys.readouterr()
    assert await command(there, "restore", str(file)) == 0, capsys.readouterr().err
    assert "1 pemungutan suara diperiksa" in capsys.readouterr().out
    await goes_on(there, static, key, cards, acknowledged, held["ballot"])
    with pytest.raises(StartupError, match="not_empty"):
        await command(there, "restore", str(file))


async def goes_on(there: Settings, static: Path, key: str, cards: bytes, acknowledged: int, ballot: str) -> None:
    async with running(there, static=static) as server:
        assert server.services.store.sealer.key_id == key
        assert server.folder.passes.read_bytes() == cards
        desk = await server.services.desks.desk(SESSION)
        assert desk.state.seq >= acknowledged > 0
        result = desk.state.ballots[ballot].result
        assert result is not None and result.cast == 7
        actions = [(one.actor, one.action) for one in await server.services.store.audit.entries()]
        assert ("cli", "backup.restore") in actions and ("cli", "backup.begin") in actions
        again = {"role": "screen", "expires_at": FAR}
        admin = Actor(SESSION, Role.ADMIN, MODERATOR.pass_id)
        assert (await desk.submit("pass.issue", again, admin, "write-000000")).seq <= acknowledged, (
            "same key, same answer"
        )
        await ballot_of(desk, 6)


async def test_a_ballot_in_progress_is_copied_when_somebody_insists(server: Running, tmp_path: Path) -> None:
    settings = server.settings
    await ballot_of(await server.services.desks.desk(SESSION), 6)
    file = tmp_path / "backup.pleno"
    assert await command(settings, "backup", str(file), "--even-during-a-secret-ballot") == 0
    there = replace(settings, data=tmp_path / "elsewhere", database=None)
    assert await command(there, "restore", str(file)) == 0


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of an installation without any session."""
    folder = tmp_path_factory.mktemp("small")
    settings = Settings(port=0, data=folder / "data", core="python")

    async def make() -> None:
        async with running(settings):
            assert await command(settings, "backup", str(folder / "backup.pleno")) == 0

    asyncio.run(make())
    return folder / "backup.pleno"


def changed(small: Path, target: Path, part: str, content: bytes | None) -> Path:
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        if content is not None:
            new.writestr(part, content)
    return target


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("tables/sessions.jsonl", b'{"id": "s", "head": 0, "created_at": 1}\n'),
        ("tables/sessions.jsonl", None),
        ("../outside", b"x"),
        ("manifest.json", None),
        ("manifest.json", b"[]"),
        ("manifest.json", b'{"format": 2}'),
    ],
)
async def test_what_is_not_what_was_backed_up_is_refused(
    small: Path, tmp_path: Path, part: str, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    there = Settings(data=tmp_path / "data")
    assert await command(there, "restore", str(changed(small, tmp_path / "bad.pleno", part, content))) == 1
    assert "cadangan yang utuh" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def half_of(small: Path, target: Path) -> Path:
    target.write_bytes(small.read_bytes()[: small.stat().st_size // 2])
    return target


async def test_half_a_file_is_no_backup(small: Path, tmp_path: Path) -> None:
    half = half_of(small, tmp_path / "half.pleno")
    assert await command(Settings(data=tmp_path / "data"), "restore", str(half)) == 1
    assert await command(Settings(data=tmp_path / "data"), "restore", str(tmp_path / "none.pleno")) == 1


async def test_a_backup_of_a_newer_version_is_refused_in_words(small: Path, tmp_path: Path) -> None:
    manifest = json.loads(zipfile.ZipFile(small).read("manifest.json"))
    newer = json.dumps(manifest | {"revision": "9999"}).encode()
    with pytest.raises(StartupError, match="database_newer"):
        await command(
            Settings(data=tmp_path / "data"), "restore", str(changed(small, tmp_path / "new", "manifest.json", newer))
        )
    assert not (tmp_path / "data" / "pleno.sqlite").exists()
