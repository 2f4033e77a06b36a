"""What an organiser can begin from, as anybody may read it."""

from __future__ import annotations

import gzip
import json
from typing import Any

import aiohttp
import pytest

from sessions.presets.agenda import TEMPLATES
from sessions.presets.criteria import PRESETS as CRITERIA
from sessions.presets.rules import PRESETS

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def catalogue(http: aiohttp.ClientSession, encoding: str = "identity") -> tuple[Any, str]:
    async with http.get("/api/templates", headers={"Accept-Encoding": encoding}) as answer:
        assert answer.status == 200
        assert answer.content_type == "application/json"
        assert answer.headers.get("Content-Encoding", "identity") == encoding
        content = await answer.read()
        return json.loads(gzip.decompress(content) if encoding == "gzip" else content), answer.headers["ETag"]


async def test_agendas_are_listed_with_names_in_both_languages_and_their_items(looking: aiohttp.ClientSession) -> None:
    told, _ = await catalogue(looking)
    assert [agenda["id"] for agenda in told["agendas"]] == list(TEMPLATES)
    kelurahan = next(agenda for agenda in told["agendas"] if agenda["id"] == "semarang-kelurahan")
    assert kelurahan["minutes"] == 95
    assert kelurahan["title"]["id"].startswith("Musrenbang kelurahan")
    assert kelurahan["title"]["en"].startswith("Kelurahan musrenbang")
    assert (kelurahan["level"], kelurahan["form"], kelurahan["timed"]) == ("KELURAHAN", "PLENARY", True)
    assert kelurahan["items"][1] == {
        "kind": "ADDRESS",
        "title": "Pengarahan camat",
        "minutes": 5,
        "speaker": "Camat",
        "each_hall": False,
    }


async def test_presets_are_listed_with_their_rules_and_each_field_is_described(looking: aiohttp.ClientSession) -> None:
    told, _ = await catalogue(looking)
    assert [preset["id"] for preset in told["rules"]["presets"]] == list(PRESETS)
    for preset in told["rules"]["presets"]:
        assert preset["rules"]["preset"] == preset["id"]
        assert {*preset["rules"]} == {*told["rules"]["sections"], "preset"}
        for section, fields in told["rules"]["sections"].items():
            assert {*preset["rules"][section]} == {*fields}
    wait = told["rules"]["sections"]["attendance"]["quorum_wait_minutes"]
    assert (wait["type"], wait["least"], wait["default"]) == ("whole", 0, 180)


async def test_criteria_sets_are_listed_and_the_rules_of_each_preset_name_one(looking: aiohttp.ClientSession) -> None:
    told, _ = await catalogue(looking)
    assert [found["id"] for found in told["criteria"]] == list(CRITERIA)
    default = next(found for found in told["criteria"] if found["id"] == "default")
    assert default["title"] == {"id": "Kriteria umum", "en": "General criteria"}
    assert [one["weight"] for one in default["criteria"]["criteria"]] == [30, 25, 15, 15, 15]
    named = {preset["rules"]["scoring"]["criteria"] for preset in told["rules"]["presets"]}
    assert named <= {found["id"] for found in told["criteria"]}


async def test_it_is_sent_compressed_and_only_when_it_changed(looking: aiohttp.ClientSession) -> None:
    plain, etag = await catalogue(looking)
    assert await catalogue(looking, "gzip") == (plain, etag)
    async with looking.get("/api/templates", headers={"If-None-Match": etag}) as answer:
        assert answer.status == 304
        assert answer.headers["Cache-Control"] == "public, no-cache"


async def test_it_can_only_be_read(looking: aiohttp.ClientSession) -> None:
    async with looking.post("/api/templates", json={}) as answer:
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (405, "method_not_allowed")
