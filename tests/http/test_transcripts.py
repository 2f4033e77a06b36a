"""What changes over HTTP when a session moves on; transcripts, checked with nothing of ours but docs/protocol.md."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import Any

import aiohttp
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.app import Running
from server.desks import system
from server.store.ballot_box import SqlBallotBox
from sessions.desk import Desk
from sessions.ids import BallotId, PassId, SeatId, SessionId
from sessions.journal import BoxCount
from sessions.permissions import Actor, Role
from tests.http.conftest import bearer
from tests.http.test_sessions import PUBLIC, SESSION, body

MODERATOR = Actor(SESSION, Role.MODERATOR, PassId("moderator"))


async def test_the_snapshot_moves_on_with_the_session(server: Running, http: aiohttp.ClientSession) -> None:
    async with http.get(PUBLIC) as answer:
        before = await body(answer)
    desk = await server.services.desks.desk(SESSION)
    await desk.submit("session.open", {}, MODERATOR, "open-0001")
    for _ in range(40):  # at most the gap between two frames
        async with http.get(PUBLIC) as answer:
            after = await body(answer)
        if after["upto"] > before["upto"]:
            break
        await asyncio.sleep(0.05)
    session = next(change for change in after["changes"] if change["kind"] == "session")
    assert session["fields"]["phase"] == "open"


async def test_a_credential_opens_its_own_session_only(server: Running, http: aiohttp.ClientSession) -> None:
    other = SessionId("jakpus-2024")
    desk = await server.services.desks.load(other)
    created = {"title": "Lain", "kind": "plenary", "place": "", "date": "2024-02-26"}
    await desk.submit("session.create", created, system(other), "create-0001")
    async with http.get(f"/api/sessions/{other}/snapshot", headers=await bearer(http, server, "moderator")) as answer:
        assert (answer.status, (await body(answer))["code"]) == (403, "forbidden")


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def tree(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(leaves[:left]) + tree(leaves[left:])).digest()


def verify(public_key: str, signed: dict[str, Any]) -> None:
    """Raises InvalidSignature."""
    decoded = base64.urlsafe_b64decode(public_key + "==="[: -len(public_key) % 4])
    signature = signed["signature"]
    members = {name: value for name, value in signed.items() if name != "signature"}
    Ed25519PublicKey.from_public_bytes(decoded).verify(
        base64.urlsafe_b64decode(signature + "="[: -len(signature) % 4] + "=="), canonical(members)
    )


async def voted(desk: Desk, secrecy: str, votes: int) -> str:
    await desk.submit("session.open", {}, MODERATOR, "open-0001")
    options = [{"id": name, "label": name.upper()} for name in ("a", "b", "c")]
    data = {"title": "Prioritas", "options": options, "choose_max": 2, "secrecy": secrecy}
    ballot = (await desk.submit("ballot.open", data, MODERATOR, "ballot-001")).result["ballot"]
    seats = sorted(desk.state.ballots[ballot].electorate)[:votes]

    async def vote(number: int, seat: str) -> None:
        actor = Actor(SESSION, Role.DELEGATE, PassId(f"seat-{seat}"), SeatId(seat), desk.state.seats[SeatId(seat)].hall)
        choices = [["a"], ["a", "b"], ["c"], []][number % 4]
        slip = {"ballot": ballot, "choices": choices, "key": f"{number:032x}", "tracker": f"{number:032x}"}
        if secrecy == "open":
            del slip["tracker"]
        await desk.cast(slip, actor)

    await asyncio.gather(*(vote(number, seat) for number, seat in enumerate(seats)))
    return str(ballot)


@pytest.mark.parametrize("secrecy", ["secret", "open"])
async def test_a_transcript_can_be_checked_by_a_stranger(
    server: Running, http: aiohttp.ClientSession, secrecy: str
) -> None:
    desk = await server.services.desks.desk(SESSION)
    ballot = await voted(desk, secrecy, votes=21)
    path = f"/api/sessions/{SESSION}/ballots/{ballot}/transcript"
    async with http.get(path) as answer:
        assert (answer.status, (await body(answer))["code"]) == (409, "ballot_is_open")
    await desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-001")
    async with http.get(path) as answer:
        raw = await answer.read()
    told = json.loads(raw)
    assert canonical(told) == raw
    verify(told["keys"][told["key_id"]], told)
    with pytest.raises(InvalidSignature):
        verify(told["keys"][told["key_id"]], {**told, "roll": told["roll"][1:]})
    leaves = [canonical(entry) for name in ("trackers", "sums", "votes") for entry in told.get(name, [])]
    assert tree(leaves).hex() == told["result"]["root"]
    entries = [vote["choices"] for vote in told.get("votes", [])]
    counted = {option: sum(option in choices for choices in entries) for option in ("a", "b", "c")}
    if secrecy == "secret":
        assert "choices" not in told and len(told["trackers"]) == 21, "papers could carry a pattern"
        papers, *sums = told["sums"]
        assert papers == {"cast": 21, "blank": 5}
        counted = {entry["option"]: entry["votes"] for entry in sums}
    assert {count["option"]: count["votes"] for count in told["result"]["counts"]} == counted
    assert len(told["roll"]) == told["result"]["cast"] == 21


async def test_a_void_ballot_has_a_transcript_without_a_result(server: Running, http: aiohttp.ClientSession) -> None:
    desk = await server.services.desks.desk(SESSION)
    ballot = await voted(desk, "secret", votes=5)
    await desk.submit("ballot.void", {"ballot": ballot, "reason": "salah daftar"}, MODERATOR, "void-0001")
    async with http.get(f"/api/sessions/{SESSION}/ballots/{ballot}/transcript") as answer:
        told = await body(answer)
    assert (told["state"], told["reason"], told["result"]) == ("void", "salah daftar", None)


async def test_a_transcript_is_made_once_however_many_ask_for_it(
    server: Running, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody needs a credential for it, and one of 2,500 votes takes 50 ms that voters would wait for."""
    desk = await server.services.desks.desk(SESSION)
    ballot = await voted(desk, "secret", votes=5)
    await desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-001")
    counted, count = 0, SqlBallotBox.contents

    async def contents(box: SqlBallotBox, wanted: BallotId) -> BoxCount | None:
        nonlocal counted
        counted += 1
        return await count(box, wanted)

    monkeypatch.setattr(SqlBallotBox, "contents", contents)

    async def told() -> Any:
        async with http.get(f"/api/sessions/{SESSION}/ballots/{ballot}/transcript") as answer:
            return await body(answer)

    first, *others = await asyncio.gather(*(told() for _ in range(8)), told())
    assert counted == 1 and all(other == first for other in others)
    await desk.submit("ballot.void", {"ballot": ballot, "reason": "salah daftar"}, MODERATOR, "void-0001")
    assert (await told())["state"] == "void" and counted == 2, "unless it has changed"
