"""Relays for browsers: who gets credentials for them, and what these are good for."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from server.config import Settings
from server.errors import StartupError
from server.turn import Turn, from_settings
from tests.gateway.served import Wire, dialled, serving
from tests.sessions.given import HALL_PEJUANG

URLS = ("turn:relay.example:3478?transport=udp", "turns:relay.example:443?transport=tcp")
NOW = 1_700_000_000_999
TURN = Turn(URLS, "s3cret", lambda: NOW, lasts_ms=600_000)
ASK = {"method": "relays"}


async def asked(wire: Wire) -> dict[str, object]:
    return dict(await wire.call("media", ASK))


async def test_a_hall_is_given_the_relays_with_a_name_that_ends_and_a_password_for_it() -> None:
    async with serving(relays=TURN) as served, dialled(served, "hall-pejuang") as (wire,):
        name = f"1700000600:{HALL_PEJUANG.pass_id}"
        password = base64.b64encode(hmac.new(b"s3cret", name.encode(), hashlib.sha1).digest()).decode()
        relay = {"urls": list(URLS), "username": name, "credential": password}
        assert await asked(wire) == {"ok": True, "relays": [relay], "lasts_ms": 600_000}
        assert {call[0] for call in served.room.calls} <= {"direct"}  # the engine was not asked: it may be busy


@pytest.mark.parametrize("who", ["moderator", "screen", "seat-07"])
async def test_whoever_may_use_media_is_given_relays(who: str) -> None:
    async with serving(relays=TURN) as served, dialled(served, who) as (wire,):
        answer = await wire.call("media", ASK)
        assert answer["relays"][0]["urls"] == list(URLS)


async def test_onlookers_get_no_relays() -> None:
    async with serving(relays=TURN) as served, dialled(served, "public") as (wire,):
        assert (await wire.call("media", ASK))["code"] == "forbidden"


async def test_without_relays_the_list_is_empty_and_need_not_be_asked_for_again_soon() -> None:
    async with serving() as served, dialled(served, "hall-pejuang") as (wire,):
        assert await asked(wire) == {"ok": True, "relays": [], "lasts_ms": 3_600_000}


def test_each_pass_has_credentials_of_its_own() -> None:
    one, other = TURN.access("p1"), TURN.access("p2")
    assert one.username != other.username
    assert one.credential != other.credential


def test_relays_without_their_secret_stop_the_start() -> None:
    with pytest.raises(StartupError) as refused:
        from_settings(Settings(turn=URLS), lambda: NOW)
    assert refused.value.code == "bad_setting"
    assert "PLENO_TURN_SECRET" in str(refused.value)


def test_a_secret_is_not_shown_when_settings_are_printed() -> None:
    assert "s3cret" not in repr(TURN) + repr(Settings(turn=URLS, turn_secret="s3cret"))
