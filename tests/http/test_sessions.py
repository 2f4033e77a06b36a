"""Snapshots, details and the public key over HTTP: what can be read without changing anything."""

from __future__ import annotations

import gzip
import json
from typing import Any

import aiohttp
import pytest

from server.app import Running
from sessions.card import PRIVATE
from sessions.ids import PassId, SessionId
from sessions.permissions import Actor, Role
from tests.http.conftest import bearer

SESSION = SessionId("bekasi-2018")
OWN = f"/api/sessions/{SESSION}/snapshot"
PUBLIC = f"/api/public/{SESSION}/snapshot"
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def body(answer: aiohttp.ClientResponse) -> Any:
    content = await answer.read()
    return json.loads(gzip.decompress(content) if answer.headers.get("Content-Encoding") == "gzip" else content)


@pytest.mark.parametrize(
    ("role", "view"),
    [
        ("moderator", "moderator"),
        ("admin", "moderator"),
        ("hall", "hall"),
        ("delegate", "participant"),
        ("screen", "screen"),
        ("public", "public"),
    ],
)
async def test_each_role_gets_the_snapshot_of_its_class(
    shared: Running, looking: aiohttp.ClientSession, role: str, view: str
) -> None:
    async with looking.get(OWN, headers=await bearer(looking, shared, role)) as answer:
        found = await body(answer)
        assert answer.headers["ETag"] == f'"{SESSION}-{view}-{found["upto"]}"'
        assert answer.headers["Cache-Control"].startswith("private")
    assert (found["class"], found["after"], found["session"]) == (view, 0, SESSION)
    kinds = [change["kind"] for change in found["changes"]]
    assert kinds.count("hall") == 12
    assert kinds.count("proposal") == 114
    assert kinds.count("seat") == (240 if view in ("moderator", "hall") else 0)


async def test_a_client_that_has_the_snapshot_is_told_so_and_one_without_gzip_gets_it_plain(
    looking: aiohttp.ClientSession,
) -> None:
    async with looking.get(PUBLIC, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        etag, packed = answer.headers["ETag"], await body(answer)
    async with looking.get(PUBLIC, headers={"If-None-Match": etag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    async with looking.get(PUBLIC, headers={"Accept-Encoding": "identity"}) as answer:
        assert "Content-Encoding" not in answer.headers
        plain = await body(answer)
    assert plain["changes"] == packed["changes"]


@pytest.mark.parametrize(
    ("headers", "code", "status"),
    [
        ({}, "credential_unknown", 401),
        ({"Authorization": "Bearer"}, "credential_unknown", 401),
        ({"Authorization": "Basic YTpi"}, "credential_unknown", 401),
        ({"Authorization": "Bearer " + "x" * 5000}, "credential_unknown", 401),
        ({"Authorization": "Bearer unknown-unknown"}, "credential_unknown", 401),
    ],
)
async def test_without_a_good_credential_there_is_no_snapshot(
    looking: aiohttp.ClientSession, headers: dict[str, str], code: str, status: int
) -> None:
    async with looking.get(OWN, headers=headers) as answer:
        assert (answer.status, (await body(answer))["code"]) == (status, code)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_an_unknown_session_is_not_found_and_is_not_made_by_asking(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    async with looking.get("/api/public/nowhere/snapshot") as answer:
        assert (answer.status, (await body(answer))["code"]) == (404, "unknown_session")
    assert "nowhere" not in await shared.services.desks.heads()


async def test_a_proposal_shows_more_to_the_moderator_than_to_the_public(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    path = f"/api/sessions/{SESSION}/proposals/BKS00001"
    async with looking.get(path, headers=await bearer(looking, shared, "moderator")) as answer:
        whole = await body(answer)
    assert whole["title"].startswith("Peningkatan saluran drainase")
    assert whole["agency"] == "Dinas Bina Marga dan Sumber Daya Air"
    async with looking.get(
        f"/api/sessions/{SESSION}/proposals/NONE", headers=await bearer(looking, shared, "hall")
    ) as answer:
        assert (answer.status, (await body(answer))["code"]) == (404, "unknown_proposal")


async def test_an_unknown_ballot_has_no_transcript(looking: aiohttp.ClientSession) -> None:
    async with looking.get(f"/api/sessions/{SESSION}/ballots/none/transcript") as answer:
        assert (answer.status, (await body(answer))["code"]) == (404, "unknown_ballot")


async def test_the_key_that_signs_is_public_and_in_the_journal(shared: Running, looking: aiohttp.ClientSession) -> None:
    async with looking.get("/api/key") as answer:
        told = await body(answer)
    assert told["algorithm"] == "Ed25519"
    desk = await shared.services.desks.desk(SESSION)
    assert desk.state.keys[told["key_id"]] == told["public_key"]


async def test_anybody_reads_what_was_decided_and_why_and_nothing_private(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    desk = await shared.services.desks.desk(SESSION)
    card = next(one for one in desk.state.board.proposals.values() if one.status == "SUBMITTED")
    moderator = Actor(SESSION, Role.MODERATOR, PassId("p-chair"))
    moved = {"proposal": card.id, "base": card.version, "status": "NOT_AGREED", "before": None}
    why = {"reason": "lahan masih sengketa", "reason_code": "LAND_DISPUTE"}
    await desk.submit("proposal.move", {**moved, **why}, moderator, "outcome-1")
    path = f"/api/public/{SESSION}/outcomes?hall={card.hall}"
    async with looking.get(path) as answer:
        assert answer.headers["Cache-Control"] == "public, no-cache"
        etag, found = answer.headers["ETag"], (await body(answer))["outcomes"]
    told = next(one for one in found if one["proposal"] == card.id)
    assert (told["status"], told["reason_code"], told["reason"]) == ("NOT_AGREED", *reversed(why.values()))
    assert set(told) == {"proposal", "status", "reason_code", "reason", "agency", "decisions"}
    assert all(desk.state.board.proposals[one["proposal"]].hall == card.hall for one in found)
    async with looking.get(path, headers={"If-None-Match": etag}) as answer:
        assert answer.status == 304
    async with looking.get(f"/api/public/{SESSION}/outcomes") as answer:
        assert card.id in {one["proposal"] for one in (await body(answer))["outcomes"]}
    async with looking.get(f"/api/public/{SESSION}/outcomes?hall=nowhere") as answer:
        assert (answer.status, (await body(answer))["code"]) == (404, "unknown_hall")
    async with looking.get(f"/api/public/{SESSION}/proposals/{card.id}") as answer:
        whole = await body(answer)
    assert whole["reason"] == "lahan masih sengketa" and whole["decisions"] is not None
    assert not {*PRIVATE} & set(whole) and all("proposer" not in owner for owner in whole["owners"])
    async with looking.get(f"/api/public/{SESSION}/proposals/NONE") as answer:
        assert (answer.status, (await body(answer))["code"]) == (404, "unknown_proposal")
