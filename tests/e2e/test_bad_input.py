"""What a stranger, a stale page or a second server gets: a stable code each time, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import socketio

from tests.e2e.people import command, joined, open_session
from tests.e2e.product import ROOT, Product

REVOKED, OTHER = "jatiasih-rw-02", "jatiasih-rw-03"  # nobody else's, for they stay as they are left here


def exchange(product: Product, body: bytes) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(
        product.url + "/api/passes/exchange", data=body, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_an_unknown_pass_and_a_shapeless_one_are_refused(standing: Product) -> None:
    status, problem = exchange(standing, json.dumps({"token": "A" * 22}).encode())
    assert (status, problem["code"]) == (401, "pass_unknown")
    status, problem = exchange(standing, b'{"token": ["no"]}')
    assert (status, problem["code"]) == (400, "bad_input")
    status, problem = exchange(standing, b"not json")
    assert (status, problem["code"]) == (400, "bad_input")


def test_a_revoked_pass_is_refused_and_told_why(standing: Product) -> None:
    async def revoke() -> str:
        async with joined(standing, role="admin") as admin, joined(standing, seat=REVOKED) as delegate:
            done = await command(admin, "pass.revoke", **{"pass": delegate.identity["pass"]})
            assert done["ok"], done
            return str(delegate.holder["token"])

    token = asyncio.run(revoke())
    status, problem = exchange(standing, json.dumps({"token": token}).encode())
    assert (status, problem["code"]) == (401, "pass_revoked")


async def test_a_vote_for_a_closed_ballot_a_stale_edit_and_a_malformed_sdp_are_refused(standing: Product) -> None:
    async with (
        joined(standing, role="moderator") as chair,
        joined(standing, seat=OTHER) as delegate,
        joined(standing, role="hall") as hall,
    ):
        await open_session(chair)
        opened = await command(
            chair, "ballot.open", title="Uji", options=[{"label": "A"}, {"label": "B"}], choose_max=1, secrecy="secret"
        )
        ballot = opened["result"]["ballot"]
        assert (await command(chair, "ballot.close", ballot=ballot))["ok"]
        tracker = secrets.token_hex(16)
        late = await delegate.call("vote", {"ballot": ballot, "choices": ["1"], "tracker": tracker, "key": tracker})
        assert (late["ok"], late["code"]) == (False, "ballot_closed")

        proposal, card = next((i, fields) for (kind, i), fields in chair.entities.items() if kind == "proposal")
        first = await command(
            chair, "proposal.edit", proposal=proposal, base=card["version"], fields={"title": "Judul satu"}
        )
        assert first["ok"], first
        stale = await command(
            chair, "proposal.edit", proposal=proposal, base=card["version"], fields={"title": "Judul dua"}
        )
        assert (stale["ok"], stale["code"]) == (False, "stale")
        assert stale["data"]["fields"]["title"] == "Judul satu"
        assert stale["data"]["version"] == first["result"]["version"]

        broken = await hall.call("media", {"method": "publish", "sdp": "v=0\r\nm=nonsense\r\n", "tracks": []})
        assert (broken["ok"], broken["code"]) == (False, "bad_sdp")
        assert hall.live.is_set()


async def test_a_message_of_one_megabyte_ends_that_connection_only(standing: Product) -> None:
    async with joined(standing, role="moderator") as chair, joined(standing, seat=OTHER) as delegate:
        gone = asyncio.Event()
        assert delegate._socket is not None
        delegate._socket.on("disconnect", lambda *_: gone.set())
        await delegate._socket.emit(
            "command", {"key": "x" * 8, "name": "floor.request", "data": {"note": "a" * 1_000_000}}
        )
        await asyncio.wait_for(gone.wait(), 10)
        await open_session(chair)
        await asyncio.wait_for(delegate.live.wait(), 20)  # it comes back by itself


async def test_a_stranger_without_a_credential_is_refused(standing: Product) -> None:
    client = socketio.AsyncClient(reconnection=False)
    heard: list[Any] = []
    client.on("connect_error", heard.append)
    try:
        await client.connect(standing.url, transports=["websocket"], auth={"credential": "nobody"}, wait_timeout=5)
        raise AssertionError("connected")
    except socketio.exceptions.ConnectionError:
        pass
    finally:
        await client.disconnect()
    assert "credential_unknown" in json.dumps(heard)


def test_a_second_server_on_the_same_data_folder_is_refused_and_the_first_goes_on(standing: Product) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "server", "serve", "--demo", "--port", "0", "--data", str(standing.data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 2
    assert "data_folder_in_use" in second.stderr
    assert standing.get("/healthz")["status"] == "ok"


def test_a_busy_port_is_named(standing: Product, tmp_path: Path) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "server", "serve", "--port", str(standing.port), "--data", str(tmp_path / "other")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 2
    assert "port_in_use" in second.stderr
