"""The benches run end to end with a small crowd and print the one JSON object that is promised."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REALTIME = {
    "clients",
    "payload_bytes",
    "last_client_ms_p50",
    "last_client_ms_max",
    "cpu_us_per_message",
    "peer_cpu_us_per_message",
    "ratio_to_peer",
    "turnout_hz",
    "turnout_core_percent",
}
VOTES = {"store", "votes", "acked", "durable", "doubled", "votes_per_s", "ack_ms_p50", "ack_ms_p99"}


async def printed(*command: str) -> dict[str, Any]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    told, complaint = await asyncio.wait_for(child.communicate(), 280)
    assert child.returncode == 0, complaint.decode()[-2000:]
    found: dict[str, Any] = json.loads(told)
    return found


@pytest.mark.cluster
@pytest.mark.timeout(300)  # they start servers, and machines are busy
async def test_the_realtime_bench_reaches_every_client() -> None:
    told = await printed("bench.realtime", "--clients", "30", "--rounds", "3")
    assert set(told) >= REALTIME
    assert (told["clients"], told["rounds"], told["peer"], told["ratio_to_peer"]) == (30, 3, None, None)
    assert 4000 < told["payload_bytes"] < 5500
    assert 0 < told["turnout_hz"] <= 4.2
    assert told["cpu_us_per_message"] > 0


@pytest.mark.timeout(300)  # they start servers, and machines are busy
async def test_no_acked_vote_is_lost_or_doubled_when_the_server_is_killed_in_mid_burst() -> None:
    told = await printed("bench.votes", "--votes", "60", "--kill")
    assert set(told) >= VOTES
    assert told["store"] == "sqlite" and told["acked"] == told["votes"] == 60, (
        "everybody has a sound receipt in the end"
    )
    assert (told["lost"], told["lost_in_the_end"], told["doubled"], told["refused"]) == (0, 0, 0, 0)
    assert told["durable"] >= 30


@pytest.mark.cluster
@pytest.mark.timeout(300)  # it starts a server, and machines are busy
async def test_the_commands_bench_finds_every_accepted_request_in_the_journal() -> None:
    told = await printed("bench.commands", "--commands", "30")
    assert (told["commands"], told["accepted"], told["refused"]) == (30, 30, 0)
    assert (told["durable"], told["doubled"]) == (30, 0)
    assert told["loop_cpu_us_per_command"] > 0


@pytest.mark.timeout(120)
async def test_the_board_bench_moves_cards_and_replays_them() -> None:
    told = await printed("bench.board", "--proposals", "200", "--moves", "300")
    assert set(told) >= {"move_us_p50", "move_us_mean", "move_us_p99", "changes_us_mean", "replay_us_per_event"}
    assert (told["proposals"], told["moves"]) == (200, 300)
    assert 0 < told["move_us_p50"] <= told["move_us_p99"]


@pytest.mark.cluster
@pytest.mark.timeout(300)  # it starts a server and a browser, and machines are busy
async def test_the_web_bench_sees_every_update_on_the_page() -> None:
    told = await printed("bench.web", "--cards", "60", "--rate", "20", "--throttle", "1", "--seconds", "2")
    assert (told["cards"], told["unseen"]) == (60, 0)
    assert told["updates"] >= 40
    assert 0 < told["message_to_frame_ms_p50"] <= told["message_to_frame_ms_p95"]
    assert told["message_to_frame_ms_p50"] <= told["command_to_frame_ms_p50"]
