"""The demonstration: who speaks when, from which hall, and a link for each face."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import aiohttp

from server.app import Running
from server.demo import bekasi
from server.demo.welcome import welcome
from server.http.client import FACES
from tests.http.conftest import cards, token
from tests.http.test_exchange import EXCHANGE, SESSION, told


def test_each_hall_reports_from_where_it_sits_and_everything_has_a_speaker() -> None:
    items = bekasi.agenda()
    reports = {item["hall"]: item["speaker"] for item in items if item["kind"] == "GROUP_REPORT"}
    assert list(reports) == [hall.id for hall in bekasi.halls()] and reports["pejuang"] == "Lurah Pejuang"
    assert all(item["speaker"] and len(item["speaker"]) <= 160 for item in items) and len(items) == 21


def test_the_agency_with_a_card_is_the_one_most_is_asked_of() -> None:
    assert Counter(proposal["agency"] for proposal in bekasi.proposals()).most_common(1)[0][0] == bekasi.AGENCY


async def test_there_is_a_card_and_a_link_for_each_face(server: Running, http: aiohttp.ClientSession) -> None:
    desk = await server.services.desks.desk(SESSION)
    assert desk.state.passes["agency"].agency == bekasi.AGENCY  # type: ignore[index]
    assert desk.state.agenda and all(item.speaker for item in desk.state.agenda)
    text = welcome(server.url, "127.0.0.1", False, cards(server), Path("passes.json"))
    for face in (face for face in FACES if face != "masuk"):  # there one logs in, without a card
        assert f"{server.url}/{face}#" in text, face
    async with http.post(EXCHANGE, json={"token": token(server, "agency")}) as answer:
        status, body = await told(answer)
    assert (status, body["identity"]["role"]) == (200, "agency")
