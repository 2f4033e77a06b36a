"""`pleno sessions`: a plenary from a file on an empty machine, whose cards open what they should."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.app import running
from server.cli import at_a_desk, parser
from server.config import Settings
from server.errors import StartupError

PLAN = {
    "session": "kota-2027", "title": "Musrenbang Kota 2027", "place": "Balai Kota", "date": "2027-03-15",
    "halls": [{"hall": "pejuang", "name": "Pejuang"}, {"hall": "jatiasih", "name": "Jatiasih"}],
    "seats": [{"seat": "p-1", "hall": "pejuang", "office": "Ketua RW 1"}, {"hall": "jatiasih", "office": "Ketua LPM"}],
    "moderators": 1,
}  # fmt: skip


async def command(settings: Settings, *arguments: str) -> int:
    return await at_a_desk(settings, parser().parse_args(list(arguments)))


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Nothing is there yet."""
    return replace(settings, data=tmp_path / "empty", demo=False)


def written(tmp_path: Path, plan: Any) -> str:
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    return str(tmp_path / "plan.json")


async def test_a_plenary_is_founded_and_its_cards_open_it(
    settings: Settings, static: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "cards.json"
    assert await command(settings, "sessions", "found", written(tmp_path, PLAN), "--out", str(out)) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    cards = json.loads(out.read_text())["passes"]
    roles = [card["role"] for card in cards]
    assert roles == ["moderator", "admin", "screen", "public", "hall", "hall", "delegate", "delegate"]
    assert [("pin" in card) for card in cards] == [role == "delegate" for role in roles]
    async with running(settings, static=static) as server, aiohttp.ClientSession(server.url) as http:
        for card in cards:
            body = {"token": card["token"], "device": "a-device-of-somebody"}
            async with http.post("/api/passes/exchange", json=body) as answer:
                told = await answer.json()
                assert answer.status == 200, (card, told)
                identity = told["identity"]
                assert (identity["session"], identity["role"], identity["seat"]) == (
                    "kota-2027", card["role"], card["seat"],
                )  # fmt: skip
        state = (await server.services.desks.desk(identity["session"])).state
        assert (state.session.title, len(state.halls), len(state.seats)) == (PLAN["title"], 2, 2)
        assert server.services.store.sealer.key_id in state.keys
    capsys.readouterr()
    assert await command(settings, "sessions", "list") == 0
    assert capsys.readouterr().out == "kota-2027\tdraft\t2027-03-15\tMusrenbang Kota 2027\n"
    again = written(tmp_path, PLAN)
    assert await command(settings, "sessions", "found", again, "--out", str(tmp_path / "again.json")) == 1
    assert "already_exists" in capsys.readouterr().err
    with pytest.raises(StartupError, match="bad_setting"):
        await command(settings, "sessions", "found", again, "--out", str(out))


@pytest.mark.parametrize(
    "wrong",
    [{"halls": [{"hall": "x"}]}, {"seats": [{"hall": "nowhere", "office": "x"}]}, {"title": ""}],
)
async def test_a_plan_that_the_rules_refuse_says_so(settings: Settings, tmp_path: Path, wrong: Any) -> None:
    plan = written(tmp_path, PLAN | wrong)
    assert await command(settings, "sessions", "found", plan, "--out", str(tmp_path / "out.json")) == 1
    assert not (tmp_path / "out.json").exists()
    assert await command(settings, "sessions", "found", written(tmp_path, PLAN), "--out", str(tmp_path / "o.json")) == 0


@pytest.mark.parametrize("plan", [[], {"title": "x"}, {**PLAN, "halls": {}}, {**PLAN, "seats": ["x"]}])
async def test_what_is_no_plan_is_refused(settings: Settings, tmp_path: Path, plan: Any) -> None:
    with pytest.raises(StartupError, match="bad_setting"):
        await command(settings, "sessions", "found", written(tmp_path, plan), "--out", str(tmp_path / "out.json"))
