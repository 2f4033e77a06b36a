"""Files of a proposal that went to another session: read there by who may, and kept while any card lists them."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from server.app import Running
from server.desks import system
from server.http import photos as route
from server.store.passes import NewToken
from sessions.desk import Desk
from sessions.ids import PassId, SessionId
from tests.http.conftest import bearer, until
from tests.http.test_decks import pdf
from tests.http.test_documents_of_proposals import files_of
from tests.http.test_joined_sessions import give
from tests.http.test_photos import PROPOSAL, SESSION, photos_of, picture

CITY, OTHER = SessionId("kota"), SessionId("tetangga")


async def created(server: Running, session: SessionId, *halls: str) -> Desk:
    desk = await server.services.desks.load(session)
    await give(desk, "session.create", {"title": "Kota", "kind": "plenary", "place": "", "date": "2018-03-01"})
    for hall in halls:
        await give(desk, "hall.add", {"hall": hall, "name": "Aula"})
    return desk


async def somebody(server: Running, http: aiohttp.ClientSession, session: SessionId, role: str) -> dict[str, str]:
    """Headers of a new pass of that role in that session."""
    desk, name = server.services.desks.loaded[session], f"{session}-{role}"
    data: dict[str, Any] = {"role": role, "pass": name, "expires_at": server.services.clock() + 60_000}
    if role == "hall":
        data["hall"] = next(iter(desk.state.halls))
    await desk.submit("pass.issue", data, system(session), f"issue-{name}")
    await server.passes.add(session, [NewToken(PassId(name), f"token-of-{name}-0123456789")])
    async with http.post("/api/passes/exchange", json={"token": f"token-of-{name}-0123456789"}) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['credential']}"}


async def papers(http: aiohttp.ClientSession, headers: dict[str, str]) -> tuple[str, str]:
    """A photo and a letter of PROPOSAL: their files."""
    async with http.post(photos_of(PROPOSAL), data=picture((40, 40)), headers=headers) as answer:
        photo = (await answer.json())["result"]["photo"]
    async with http.post(files_of(PROPOSAL), params={"kind": "cover_letter"}, data=pdf(2), headers=headers) as answer:
        return photo, (await answer.json())["result"]["file"]


async def sent_up(server: Running) -> Desk:
    """PROPOSAL, from its session to the city's."""
    below = await server.services.desks.desk(SESSION)
    card = below.state.board.proposals[PROPOSAL]  # type: ignore[index]
    above = await created(server, CITY, card.hall)
    await give(below, "session.open")
    await give(below, "session.link", {"feeds": CITY, "previous": None})
    move = {"proposal": PROPOSAL, "base": card.version, "status": "PRIORITISED", "before": None}
    await give(below, "proposal.move", move)
    await give(below, "proposals.send_up", {"proposals": [PROPOSAL]})
    await until(lambda: len(above.state.board.proposals) == 1)
    return above


async def status(http: aiohttp.ClientSession, file: str, headers: dict[str, str] | None = None) -> int:
    async with http.get(f"/api/files/{file}", headers=headers) as answer:
        return answer.status


async def test_those_who_decide_above_see_and_read_what_came_with_it_and_nobody_else(
    server: Running, http: aiohttp.ClientSession
) -> None:
    mine = await bearer(http, server, "moderator")
    photo, letter = await papers(http, mine)
    await created(server, OTHER)
    stranger = await somebody(server, http, OTHER, "moderator")
    early = await somebody(server, http, OTHER, "admin")
    assert [await status(http, letter, headers) for headers in (mine, stranger, early)] == [200, 403, 403]
    above = await sent_up(server)
    (card,) = above.state.board.proposals.values()
    assert [one.file for one in card.photos] == [photo] and [one.file for one in card.documents] == [letter]
    for role, expected in (("moderator", 200), ("admin", 200), ("agency", 200), ("hall", 200), ("screen", 403)):
        headers = await somebody(server, http, CITY, role)
        assert await status(http, letter, headers) == expected, role
    assert [await status(http, letter, headers) for headers in (mine, stranger, None)] == [200, 403, 401]
    assert await status(http, photo) == 200


async def test_a_photo_taken_off_here_stays_while_a_card_elsewhere_shows_it(
    server: Running, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = await bearer(http, server, "moderator")
    photo, letter = await papers(http, mine)
    below = await server.services.desks.desk(SESSION)
    year = await created(server, SessionId("tahun-depan"), *below.state.halls)
    await give(year, "session.link", {"feeds": None, "previous": SESSION})
    await give(year, "proposals.carry_over", {})
    await until(lambda: len(year.state.board.proposals) > 0)
    await give(below, "photo.remove", {"proposal": PROPOSAL, "photo": photo})
    await give(below, "file.remove", {"proposal": PROPOSAL, "file": letter})
    monkeypatch.setattr(route, "UNUSED_MS", -60_000)
    other, _ = await papers(http, mine)
    assert [await status(http, file) for file in (photo, other)] == [200, 200]
    assert await status(http, letter, mine) == 403, "its own session lists it no more"
    there = await somebody(server, http, SessionId("tahun-depan"), "moderator")
    assert await status(http, letter, there) == 200
    (card,) = (one for one in year.state.board.proposals.values() if one.photos)
    await give(year, "photo.remove", {"proposal": card.id, "photo": photo})
    assert await status(http, photo) == 404
    await papers(http, mine)
    assert await server.services.store.files.get(photo) is None, "nothing lists it any more"
